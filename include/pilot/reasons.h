/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * X(name, class, text): every reason for which Pilot refuses something. No include guard: error.h and lib/why.c
 * include this list with different meanings of X. Texts take {a}, {b} (decimal) and {ax}, {bx} (hexadecimal).
 * Add to the end of a section; docs/TROUBLESHOOTING.md explains each.
 */

/* --- bounded reading --- */
X(TRUNCATED, PIL_ETRUNC, "the data ends at byte {a}, but byte {b} is needed")

/* --- ELF (lib/image/elf.c) --- */
X(ELF_SHORT, PIL_ETRUNC, "too short for an ELF header: {a} bytes, {b} needed")
X(ELF_MAGIC, PIL_EFORMAT, "not an ELF file: it begins with {ax}")
X(ELF_CLASS, PIL_EFORMAT, "ELF class {a} is neither 32 (1) nor 64 bit (2)")
X(ELF_DATA, PIL_EUNSUPPORTED, "ELF data encoding {a} is not little endian (1)")
X(ELF_VERSION, PIL_EVERSION, "ELF version {a} is not 1")
X(ELF_EHSIZE, PIL_EFORMAT, "ELF header size is {a}, not {b}")
X(ELF_PHENTSIZE, PIL_EFORMAT, "program header size is {a}, not {b}")
X(ELF_PHNUM, PIL_EFORMAT, "{a} program headers; 1 to {b} are accepted")
X(ELF_PHOFF, PIL_EFORMAT, "program headers at {ax} overlap the ELF header or do not follow it")
X(ELF_PHDR_END, PIL_ETRUNC, "program headers end at {ax}, past the end of the data at {bx}")
X(ELF_SEGMENT_END, PIL_ETRUNC, "segment {a} ends past the end of the file at {bx}")
X(ELF_SEGMENT_WRAP, PIL_EFORMAT, "segment {a}: offset or address {bx} plus size wraps round")
X(ELF_FILESZ, PIL_EFORMAT, "segment {a} has more bytes in the file than in memory ({bx})")

/* --- MBN hash segment (lib/image/mbn*.c) --- */
X(MBN_NO_HASH_SEGMENT, PIL_EFORMAT, "no program header of type hash among {a}")
X(MBN_TWO_HASH_SEGMENTS, PIL_EFORMAT, "program headers {a} and {b} are both of type hash")
X(MBN_PHDR0, PIL_EFORMAT, "program header 0 must carry ELF header and program headers: its size is {ax}, not {bx}")
X(MBN_SHORT, PIL_ETRUNC, "hash segment of {a} bytes is shorter than its header of {b}")
X(MBN_VERSION, PIL_EVERSION, "hash segment version {a} is not known; {b} is the newest known")
X(MBN_PLACEHOLDER, PIL_EAUTH, "the hash segment is all zero: an unsigned placeholder")
X(MBN_HASH_SIZE, PIL_EFORMAT, "hash table of {a} bytes does not fit {b} program headers")
X(MBN_METADATA_SIZE, PIL_EFORMAT, "signing metadata of {a} bytes; 0 or {b} expected")
X(MBN_COMMON_SIZE, PIL_EFORMAT, "common metadata of {a} bytes; {b} expected")
X(MBN_REGIONS, PIL_ETRUNC, "metadata, hashes, signatures and certificates need {a} bytes, the hash segment has {b}")
X(MBN_HASH_ALGORITHM, PIL_EUNSUPPORTED, "hash table algorithm {a} is not known")
X(MBN_FLAGS, PIL_EFORMAT, "binding flags {ax}: the pair for field {b} is invalid")
X(MBN_METADATA_VERSION, PIL_EVERSION, "signing metadata version {a}.{b} is not known")
X(MBN_PHDR0_TYPE, PIL_EFORMAT, "program header 0 must be neither loaded nor of type hash: type {a}, flags {bx}")
X(MBN_PHDR0_OFFSET, PIL_EFORMAT, "program header 0 must begin at file offset 0, not {ax}")
X(MBN_LONG, PIL_EFORMAT, "hash segment of {a} bytes; {b} is the limit")

/* --- load plan (lib/image/plan.c) --- */
X(PLAN_EMPTY, PIL_EFORMAT, "no loadable segment among {a} program headers")
X(PLAN_TOO_MANY, PIL_EFORMAT, "more than {a} loadable segments")
X(PLAN_OUTSIDE, PIL_ERANGE, "segment {a} would end outside the carve-out, at {bx}")
X(PLAN_OVERLAP, PIL_EFORMAT, "segments {a} and {b} overlap in memory")
X(PLAN_ENTRY, PIL_ERANGE, "entry point {ax} lies in no loaded segment")
X(PLAN_HASHED_GAP, PIL_EFORMAT, "segment {a} is loaded but has no entry in the hash table of {b}")
X(PLAN_MEM_SETUP, PIL_ERANGE, "MEM_SETUP gave {ax} bytes, the image needs {bx}")
X(PLAN_MIXED, PIL_EFORMAT, "segment {a} is not relocatable but segment {b} is")

/* --- resource table (lib/image/rsc_table.c) --- */
X(RSC_VERSION, PIL_EVERSION, "resource table version {a} is not 1")
X(RSC_COUNT, PIL_EFORMAT, "resource table with {a} entries; {b} is the limit")
X(RSC_OFFSET, PIL_ETRUNC, "resource table entry {a} lies past the end at {bx}")
X(RSC_RESERVED, PIL_EFORMAT, "reserved field of resource table entry {a} is {bx}, not 0")
X(RSC_BUFFER, PIL_EBUFFER, "buffer of {a} bytes is too small for the resource table of {b}")
X(RSC_32BIT, PIL_ERANGE, "resource {a}: address or length {bx} does not fit 32 bits")
X(RSC_SHORT, PIL_ETRUNC, "resource table of {a} bytes; {b} is the least")
X(RSC_INSIDE, PIL_EFORMAT, "resource table entry {a} at {bx} lies inside the table's own header")
X(RSC_HEADER_RESERVED, PIL_EFORMAT, "reserved words of the resource table's header are {ax} and {bx}, not 0")
X(RSC_EMPTY, PIL_EARG, "resource {a} has length 0")
X(RSC_NAME, PIL_EARG, "name of resource {a} is longer than {b} characters")

/* --- certificates, signature, binding (lib/auth/) --- */
X(CERT_COUNT, PIL_EFORMAT, "{a} certificates in the chain; 2 to {b} are accepted")
X(CERT_DER, PIL_EFORMAT, "certificate {a} is not valid DER at byte {b} of the chain")
X(CERT_TRAILING, PIL_EFORMAT, "byte {ax} at offset {b} after the last certificate is not padding (0xff)")
X(CERT_PARSE, PIL_EFORMAT, "certificate {a} cannot be read")
X(CERT_KEY, PIL_EUNSUPPORTED, "certificate {a} has a public key of a type that is not accepted here")
X(CERT_SIGALG, PIL_EUNSUPPORTED, "certificate {a} is signed with an algorithm that is not accepted here")
X(CERT_ISSUER, PIL_EAUTH, "certificate {a} does not name certificate {b} as its issuer")
X(CERT_NOT_CA, PIL_EAUTH, "certificate {a} signs others but is no certificate authority")
X(CERT_IS_CA, PIL_EAUTH, "the leaf certificate claims to be a certificate authority")
X(CERT_PATHLEN, PIL_EAUTH, "certificate {a} allows a path of {b} below it, the chain is longer")
X(CERT_KEY_USAGE, PIL_EAUTH, "key usage {bx} of certificate {a} does not allow its role")
X(CERT_SIGNATURE, PIL_EAUTH, "signature on certificate {a} does not match the key of certificate {b}")
X(CERT_ROOT, PIL_EAUTH, "root certificate {ax}... is not the root of trust {bx}... of this device")
X(CERT_ROOT_INDEX, PIL_EAUTH, "root certificate index {a}; the chain has {b} roots")
X(SIG_NONE, PIL_EAUTH, "the image is not signed")
X(SIG_FORMAT, PIL_EFORMAT, "signature of {a} bytes is malformed at byte {b}")
X(SIG_MISMATCH, PIL_EAUTH, "signature over {a} bytes of hash segment does not match the leaf certificate's key")
X(SIG_QTI, PIL_EUNSUPPORTED, "countersigned image: a second authority's signature of {a} bytes is not accepted here")
X(HASH_HEADERS, PIL_EAUTH, "digest of ELF and program headers differs from hash table entry {a}")
X(HASH_SEGMENT, PIL_EAUTH, "segment {a}: digest of {b} bytes differs from its hash table entry")
X(HASH_NOT_ZERO, PIL_EFORMAT, "hash table entry {a} must be zero")
X(HASH_ALGORITHM, PIL_EUNSUPPORTED, "hash table with digests of {a} bytes is not accepted here; {b} is")
X(BIND_SOC, PIL_EBINDING, "signed for other SoCs (first {ax}); this is {bx}")
X(BIND_OEM, PIL_EBINDING, "signed for OEM {ax}; this is {bx}")
X(BIND_MODEL, PIL_EBINDING, "signed for product {ax}; this is {bx}")
X(BIND_SW_ID, PIL_EBINDING, "signed as software {ax}; this peripheral takes {bx}")
X(BIND_SERIAL, PIL_EBINDING, "bound to serial numbers; {ax} of this device is not among them")
X(BIND_JTAG, PIL_EBINDING, "signed for chip id {ax}; this is {bx}")
X(BIND_NONE, PIL_EBINDING, "the image is bound to no SoC, which this device does not accept (flags {ax})")
X(ROLLBACK, PIL_EBINDING, "rollback version {a} is older than {b}")

/* --- crypto facade (crypto/) --- */
X(CRYPTO_ALGORITHM, PIL_EUNSUPPORTED, "algorithm {a} is not offered by this crypto back end")
X(CRYPTO_MEMORY, PIL_ENOMEM, "the crypto pool of {a} bytes is used up")
X(CRYPTO_INTERNAL, PIL_EBOARD, "the crypto back end failed with {ax}")

/* --- requests (lib/pas/) --- */
X(PAS_UNKNOWN, PIL_ENOENT, "no peripheral with PAS id {a} on this board")
X(PAS_STATE, PIL_ESTATE, "request {b} is not allowed in state {a}")
X(PAS_BUSY, PIL_EBUSY, "peripheral {a} is busy with another request")
X(PAS_METADATA_RANGE, PIL_ERANGE, "metadata at {ax} (+{bx}) is not in memory that the host may use")
X(PAS_METADATA_SIZE, PIL_ERANGE, "metadata of {a} bytes; {b} is the limit")
X(PAS_MEM_RANGE, PIL_ERANGE, "memory {ax} (+{bx}) is not inside the peripheral's carve-out")
X(PAS_MEM_ALIGN, PIL_ERANGE, "memory {ax} (+{bx}) is not aligned to pages of 4 KiB")
X(PAS_MEM_FIXED, PIL_ESTATE, "the image is not relocatable: MEM_SETUP does not apply")
X(PAS_NOT_PLACED, PIL_ESTATE, "the image is relocatable but MEM_SETUP has not placed it")
X(PAS_BUFFER_RANGE, PIL_ERANGE, "buffer {ax} (+{bx}) is not in memory that the host may use")
X(PAS_CORE_TAKEN, PIL_ESTATE, "core {a} is already running peripheral {b}")
X(PAS_CORE_START, PIL_EBOARD, "core {a} did not start: {b}")
X(PAS_CORE_STOP, PIL_EBOARD, "core {a} did not stop: {b}")
X(PAS_LEDGER, PIL_ERANGE, "memory {ax} (+{bx}) belongs to somebody else")
X(PAS_REMOTE_STATE, PIL_EARG, "remote state {a} is neither suspend (0) nor resume (1)")
X(PAS_LOCK, PIL_EBOARD, "the board could not lock {ax} (+{bx})")

/* --- SCM door (lib/scm/) --- */
X(SCM_UNKNOWN, PIL_EUNSUPPORTED, "function {ax} is not offered")
X(SCM_ARGINFO, PIL_EARG, "argument description is {ax}, not {bx}")
X(SCM_INDIRECT, PIL_ERANGE, "argument page at {ax} (+{bx}) is not in memory that the host may use")
X(SCM_SESSION, PIL_ENOENT, "no interrupted request {ax} to resume")

/* --- streams (lib/iommu/, the shim) --- */
X(SMMU_STE_INVALID, PIL_ERANGE, "stream {ax} has no valid stream table entry")
X(SMMU_STE_CONFIG, PIL_EUNSUPPORTED, "stream {ax} is configured as {b}, not as translating")
X(SMMU_CD_INVALID, PIL_ERANGE, "stream {ax} has no valid context descriptor (at {bx})")
X(SMMU_DISABLED, PIL_ESTATE, "the SMMU is not enabled (CR0 {ax})")
X(SMMU_SID_RANGE, PIL_ERANGE, "stream {ax} is outside the stream table of {bx} entries")
X(MMU_TRANSLATION, PIL_ERANGE, "address {ax} is not mapped (level {b})")
X(MMU_PERMISSION, PIL_ERANGE, "address {ax} is mapped without the needed permission {bx}")
X(MMU_ADDRESS_SIZE, PIL_ERANGE, "address {ax} is larger than the table's {b} bits")
X(MMU_TABLE_FULL, PIL_ENOMEM, "no page left for a translation table ({a} used)")
X(MMU_ALIGN, PIL_EARG, "range {ax} (+{bx}) is not aligned to the translation granule")
X(MMU_READ, PIL_EBOARD, "a table at {ax} cannot be read")
X(STREAM_RANGE, PIL_ERANGE, "address {ax} leads to {bx}, which the stream ledger does not grant")

/* --- fuse block (lib/auth/fuses.c) --- */
X(FUSES_MAGIC, PIL_EFORMAT, "no fuse block here: it begins with {ax}, not {bx}")
X(FUSES_VERSION, PIL_EVERSION, "fuse block version {a} (size {b}) is not known")
X(FUSES_ROOTS, PIL_EFORMAT, "fuse block with {a} root hashes; 1 to {b} are possible")

/* --- the service itself (firmware/service) --- */
X(SERVICE_FAULT, PIL_EBOARD, "the service stopped at {bx} (syndrome {ax}); it refuses every call from now on")

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * X(name, class, text): the part of reasons.h, which includes it, that a secure world without a TEE's doors never says. No include
 * guard, for the same reason.
 */

/* --- OP-TEE container (lib/image/container.c, lib/auth/container.c) --- */
X(CONTAINER_SHORT, PIL_ETRUNC, "too short for a container: {a} bytes, {b} needed")
X(CONTAINER_MAGIC, PIL_EFORMAT, "not a container: it begins with {ax}, not {bx}")
X(CONTAINER_VERSION, PIL_EVERSION, "container version {a} is not {b}")
X(CONTAINER_SIZE, PIL_EFORMAT, "the container's lengths come to {a} bytes, but there are {b}")
X(CONTAINER_TLV_END, PIL_ETRUNC, "the TLV at offset {ax} ends past the end of the TLVs, which have {b} bytes")
X(CONTAINER_TLV_TWICE, PIL_EFORMAT, "TLV {ax} comes a second time at offset {bx}")
X(CONTAINER_TLV_MISSING, PIL_EFORMAT, "TLV {ax} is missing")
X(CONTAINER_TLV_LENGTH, PIL_EFORMAT, "TLV {ax} cannot have {b} bytes here")
X(CONTAINER_PADDING, PIL_EFORMAT, "padding at offset {ax} is {bx}, not 0")
X(CONTAINER_SIGN_TYPE, PIL_EUNSUPPORTED, "signature type {a} is neither RSA (1) nor ECDSA (2)")
X(CONTAINER_SIGN_LENGTH, PIL_EFORMAT, "signature of {a} bytes does not fit signature type {b}")
X(CONTAINER_HASH_TYPE, PIL_EUNSUPPORTED, "hash type {a} is not SHA-256 (1)")
X(CONTAINER_IMAGES, PIL_EFORMAT, "{a} images in the container; 1 to {b} are accepted")
X(CONTAINER_IMAGE_TYPE, PIL_EUNSUPPORTED, "image {a} is of type {b}, not an ELF file (1)")
X(CONTAINER_IMAGE_SIZE, PIL_EFORMAT, "image {a} of {b} bytes: 0, not a multiple of 8, or more than the container has")
X(CONTAINER_TABLE, PIL_EFORMAT, "hash table of {a} bytes; the program headers of all images need {b}")
X(CONTAINER_KEY_NONE, PIL_EAUTH, "there is no public key: none was given, and the container has none")
X(CONTAINER_KEY_HASH, PIL_EAUTH, "public key {ax}... is not the trusted key {bx}...")
X(CONTAINER_KEY_TYPE, PIL_EUNSUPPORTED, "a public key of type {a} does not go with the container's signature type")
X(CONTAINER_SIGNATURE, PIL_EAUTH, "signature over {a} bytes of header and TLVs does not match the key")
X(CONTAINER_LOOSE, PIL_EBINDING, "TLV {ax} is missing: the signature leaves open what a strict device asks for")
X(CONTAINER_PROCESSOR, PIL_EBINDING, "signed for processor {a}; this is {b}")
X(CONTAINER_PHDR, PIL_EAUTH, "image {a}: program header {b} differs from its hash table entry")
X(CONTAINER_ELF_DIGEST, PIL_EAUTH, "image {a}: digest of all its {b} bytes differs from the signed one")
X(CONTAINER_SEGMENT, PIL_EAUTH, "image {a}: digest of segment {b} differs from its hash table entry")

/* --- doors of a TEE (lib/tee/) --- */
X(TEE_LOGIN, PIL_EBINDING, "the client's login is {ax}, not {bx}: only the host's kernel is served")
X(TEE_COMMAND, PIL_EARG, "command {ax} is not offered")
X(TEE_TYPES, PIL_EARG, "parameters of types {ax}, not {bx}, or memory without an address")
X(TEE_UNBOUND, PIL_EBINDING, "the session is bound to no processor, {a} least of all")
X(TEE_SESSION, PIL_EBINDING, "the session is for processor {a}, not for {b}")
X(TEE_USED, PIL_EBUSY, "another session uses processor {a}")
X(TEE_PROCESSOR, PIL_ENOENT, "there is no processor {a}; there are {b}")
X(TEE_OWNERSHIP, PIL_EUNSUPPORTED, "processor {a} is not for this service to manage for a host (ownership {b})")
X(TEE_STAGE, PIL_ENOMEM, "no secure memory for a copy of a container of {a} bytes")
X(TEE_BUFFER, PIL_EBUFFER, "buffer of {a} bytes is too small for an answer of {b}")
X(TEE_PLACE, PIL_EARG, "the image is said to be at {ax}, and MEM_SETUP said {bx}")
X(TEE_INFO, PIL_EARG, "what the PTA says of processor {a} does not fit the board's description (number {b} of the list)")
X(TEE_PTA, PIL_EBOARD, "command {a} of the PTA failed with {bx}")

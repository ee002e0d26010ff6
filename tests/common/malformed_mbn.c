/* SPDX-License-Identifier: BSD-2-Clause */
/* Malformed hash segments of header version 6. */
#include <pilot/image.h>
#include <pilot/wire/elf.h>
#include <pilot/wire/mbn.h>

#include "malformed.h"

/* clang-format off: one line is one input */
#define MBN(field, value)                                                                                              \
	{                                                                                                              \
		AT_HASH, offsetof(struct pil_mbn_v6_wire, field), 4, value                                             \
	}
#define META(place, field, value)                                                                                      \
	{                                                                                                              \
		place, offsetof(struct pil_mbn_v6_metadata_wire, field), 4, value                                      \
	}
#define HASH_FILESZ(value)                                                                                             \
	{                                                                                                              \
		AT_PHDR_HASH, offsetof(struct pil_elf32_phdr_wire, filesz), 4, value                                   \
	}
#define HASH_FILESZ64(value)                                                                                           \
	{                                                                                                              \
		AT_PHDR_HASH, offsetof(struct pil_elf64_phdr_wire, filesz), 8, value                                   \
	}
#define ALL_ZERO                                                                                                       \
	{                                                                                                              \
		AT_HASH_ZERO, 0, 0, 0                                                                                  \
	}
#define LENGTH_LESS(size)                                                                                              \
	{                                                                                                              \
		AT_LENGTH_LESS, size, 0, 0                                                                             \
	}

#define BAD(n, r, ...)                                                                                                 \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .edit = { __VA_ARGS__ }                                              \
	}
#define BAD64(n, r, ...)                                                                                               \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .is64 = true, .edit = { __VA_ARGS__ }                                \
	}
#define BOTH(n, r, ...)                                                                                                \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .both = true, .edit = { __VA_ARGS__ }                                \
	}
#define CUT(n, r, ...)                                                                                                 \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .needs_length = true, .edit = { __VA_ARGS__ }                        \
	}

#define PHNUM	  5u /* of the image that is spoiled */
#define SIGNATURE 104u
#define CERTS	  512u
#define SEGMENT	  (48u + 120u + PHNUM * 48u + SIGNATURE + CERTS)

static const struct malformed inputs[] = {
	BAD("hash-segment-over-limit", MBN_LONG, HASH_FILESZ(PIL_IMAGE_HASH_MAX + 1)),
	BAD("hash-segment-4-gib", MBN_LONG, HASH_FILESZ(UINT32_MAX)),
	BAD64("hash-segment-wraps", MBN_LONG, HASH_FILESZ64(UINT64_MAX)),
	CUT("hash-segment-missing", ELF_SEGMENT_END, LENGTH_LESS(SEGMENT)),
	CUT("hash-segment-cut", ELF_SEGMENT_END, LENGTH_LESS(1)),
	CUT("hash-segment-longer-than-input", ELF_SEGMENT_END, HASH_FILESZ(PIL_IMAGE_HASH_MAX)),
	BAD("hash-segment-empty", MBN_SHORT, HASH_FILESZ(0)),
	BAD("hash-segment-7-bytes", MBN_SHORT, HASH_FILESZ(7)),
	BAD("hash-segment-ends-in-header", MBN_SHORT, HASH_FILESZ(47)),
	BAD("hash-segment-all-zero", MBN_PLACEHOLDER, ALL_ZERO),
	BAD("mbn-version-0", MBN_VERSION, MBN(version, 0)),
	BAD("mbn-version-4", MBN_VERSION, MBN(version, 4)),
	BAD("mbn-version-9", MBN_VERSION, MBN(version, 9)),
	BAD("mbn-version-max", MBN_VERSION, MBN(version, UINT32_MAX)),
	BAD("mbn-version-big-endian", MBN_VERSION, MBN(version, 0x06000000)),
	BAD("hash-table-empty", MBN_HASH_SIZE, MBN(hash_size, 0)),
	BAD("hash-table-one-byte-less", MBN_HASH_SIZE, MBN(hash_size, PHNUM * 48 - 1)),
	BAD("hash-table-one-entry-less", MBN_HASH_SIZE, MBN(hash_size, (PHNUM - 1) * 48)),
	BAD("hash-table-one-entry-more", MBN_HASH_SIZE, MBN(hash_size, (PHNUM + 1) * 48)),
	BAD("hash-table-of-sha512", MBN_HASH_SIZE, MBN(hash_size, PHNUM * 64)),
	BAD("hash-table-max", MBN_HASH_SIZE, MBN(hash_size, UINT32_MAX)),
	BAD("oem-metadata-one-byte-less", MBN_METADATA_SIZE, MBN(oem_metadata_size, 119)),
	BAD("oem-metadata-of-version-7", MBN_METADATA_SIZE, MBN(oem_metadata_size, 224)),
	BAD("oem-metadata-max", MBN_METADATA_SIZE, MBN(oem_metadata_size, UINT32_MAX)),
	BOTH("qti-metadata-one-byte-more", MBN_METADATA_SIZE, MBN(qti_metadata_size, 121)),
	BAD("qti-metadata-without-room", MBN_REGIONS, MBN(qti_metadata_size, 120)),
	BAD("oem-signature-one-byte-more", MBN_REGIONS, MBN(oem_signature_size, SIGNATURE + 1)),
	BAD("oem-signature-max", MBN_REGIONS, MBN(oem_signature_size, UINT32_MAX)),
	BAD("oem-certs-one-byte-more", MBN_REGIONS, MBN(oem_certs_size, CERTS + 1)),
	BAD("oem-certs-max", MBN_REGIONS, MBN(oem_certs_size, UINT32_MAX)),
	BAD("qti-signature-without-room", MBN_REGIONS, MBN(qti_signature_size, SIGNATURE)),
	BOTH("qti-certs-max", MBN_REGIONS, MBN(qti_certs_size, UINT32_MAX)),
	BOTH("sizes-wrap-to-zero", MBN_REGIONS, MBN(qti_signature_size, 0x80000000), MBN(qti_certs_size, 0x80000000)),
	BOTH("sizes-all-max", MBN_REGIONS, MBN(qti_signature_size, UINT32_MAX), MBN(qti_certs_size, UINT32_MAX),
	     MBN(oem_signature_size, UINT32_MAX), MBN(oem_certs_size, UINT32_MAX)),
	BAD("hash-segment-says-one-byte-less", MBN_REGIONS, HASH_FILESZ(SEGMENT - 1)),
	BAD("hash-segment-ends-after-header", MBN_REGIONS, HASH_FILESZ(48)),
	BAD("oem-metadata-version-2", MBN_METADATA_VERSION, META(AT_OEM, major, 2)),
	BAD("oem-metadata-version-max", MBN_METADATA_VERSION, META(AT_OEM, major, UINT32_MAX)),
	BOTH("qti-metadata-version-2", MBN_METADATA_VERSION, META(AT_QTI, major, 2)),
	BAD("oem-flags-root-revoke-3", MBN_FLAGS, META(AT_OEM, flags, 3u << PIL_MBN_V6_ROOT_REVOKE)),
	BAD("oem-flags-key-switch-3", MBN_FLAGS, META(AT_OEM, flags, 3u << PIL_MBN_V6_UIE_KEY)),
	BAD("oem-flags-debug-3", MBN_FLAGS, META(AT_OEM, flags, 3u << PIL_MBN_V6_DEBUG)),
	BOTH("qti-flags-all", MBN_FLAGS, META(AT_QTI, flags, UINT32_MAX)),
};
/* clang-format on */

const struct malformed_table malformed_mbn = { inputs, sizeof(inputs) / sizeof(inputs[0]) };

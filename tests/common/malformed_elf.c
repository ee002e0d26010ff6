/* SPDX-License-Identifier: BSD-2-Clause */
/* Malformed ELF headers, program headers and load plans. */
#include <pilot/elf.h>
#include <pilot/wire/elf.h>

#include "malformed.h"

/* clang-format off: one line is one input */
#define WIDTH(type, field) sizeof(((struct type *)0)->field)
#define EHDR_BITS(bits, field, value)                                                                                  \
	{                                                                                                              \
		AT_EHDR, offsetof(struct pil_elf##bits##_ehdr_wire, field), WIDTH(pil_elf##bits##_ehdr_wire, field),   \
			value                                                                                          \
	}
#define PHDR_BITS(place, bits, field, value)                                                                           \
	{                                                                                                              \
		place, offsetof(struct pil_elf##bits##_phdr_wire, field), WIDTH(pil_elf##bits##_phdr_wire, field),     \
			value                                                                                          \
	}
#define EHDR(field, value)	    EHDR_BITS(32, field, value)
#define EHDR64(field, value)	    EHDR_BITS(64, field, value)
#define PHDR(place, field, value)   PHDR_BITS(place, 32, field, value)
#define PHDR64(place, field, value) PHDR_BITS(place, 64, field, value)
#define IDENT(index, value)                                                                                            \
	{                                                                                                              \
		AT_EHDR, index, 1, value                                                                               \
	}
#define LENGTH(size)                                                                                                   \
	{                                                                                                              \
		AT_LENGTH, size, 0, 0                                                                                  \
	}

#define ELF(n, r, ...)                                                                                                 \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .edit = { __VA_ARGS__ }                                              \
	}
#define ELF64(n, r, ...)                                                                                               \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .is64 = true, .edit = { __VA_ARGS__ }                                \
	}
#define CUT(n, r, ...)                                                                                                 \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .needs_length = true, .edit = { __VA_ARGS__ }                        \
	}
#define CUT64(n, r, ...)                                                                                               \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .needs_length = true, .is64 = true, .edit = { __VA_ARGS__ }          \
	}
#define PLAN(n, r, ...)                                                                                                \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .stage = IN_PLAN, .edit = { __VA_ARGS__ }                            \
	}
#define PLAN64(n, r, ...)                                                                                              \
	{                                                                                                              \
		.name = n, .expected = PIL_R_##r, .stage = IN_PLAN, .is64 = true, .edit = { __VA_ARGS__ }              \
	}

#define HASH_FLAGS 0x02200000u
#define HEADERS32  (52u + 5u * 32u) /* three loadable segments, the hash segment, program header 0 */
#define HEADERS64  (64u + 5u * 56u)

static const struct malformed inputs[] = {
	CUT("elf-one-byte", ELF_SHORT, LENGTH(1)),
	CUT("elf-cut-in-ident", ELF_SHORT, LENGTH(15)),
	CUT("elf32-cut-in-header", ELF_SHORT, LENGTH(51)),
	CUT64("elf64-cut-in-header", ELF_SHORT, LENGTH(63)),
	ELF("elf-magic-first-byte", ELF_MAGIC, IDENT(0, 0)),
	ELF("elf-magic-last-byte", ELF_MAGIC, IDENT(3, 'f')),
	ELF("elf-class-0", ELF_CLASS, IDENT(4, 0)),
	ELF("elf-class-3", ELF_CLASS, IDENT(4, 3)),
	ELF("elf-data-0", ELF_DATA, IDENT(5, 0)),
	ELF("elf-big-endian", ELF_DATA, IDENT(5, 2)),
	ELF("elf-ident-version-0", ELF_VERSION, IDENT(6, 0)),
	ELF("elf-version-2", ELF_VERSION, EHDR(version, 2)),
	ELF64("elf64-version-max", ELF_VERSION, EHDR64(version, UINT32_MAX)),
	ELF("elf-ehsize-0", ELF_EHSIZE, EHDR(ehsize, 0)),
	ELF64("elf64-ehsize-of-32", ELF_EHSIZE, EHDR64(ehsize, 52)),
	ELF("elf32-says-class-64", ELF_EHSIZE, IDENT(4, 2)),
	ELF64("elf64-says-class-32", ELF_EHSIZE, IDENT(4, 1)),
	ELF("elf-phentsize-0", ELF_PHENTSIZE, EHDR(phentsize, 0)),
	ELF("elf32-phentsize-of-64", ELF_PHENTSIZE, EHDR(phentsize, 56)),
	ELF64("elf64-phentsize-of-32", ELF_PHENTSIZE, EHDR64(phentsize, 32)),
	ELF("elf-phnum-0", ELF_PHNUM, EHDR(phnum, 0)),
	ELF("elf-phnum-one-too-many", ELF_PHNUM, EHDR(phnum, PIL_ELF_MAX_PHNUM + 1)),
	ELF("elf-phnum-max", ELF_PHNUM, EHDR(phnum, UINT16_MAX)),
	ELF("elf-phoff-0", ELF_PHOFF, EHDR(phoff, 0)),
	ELF("elf-phoff-inside-header", ELF_PHOFF, EHDR(phoff, 51)),
	ELF("elf-phoff-leaves-gap", ELF_PHOFF, EHDR(phoff, 56)),
	ELF("elf-phoff-past-end", ELF_PHOFF, EHDR(phoff, 0xfffffff0)),
	ELF64("elf64-phoff-wraps", ELF_PHOFF, EHDR64(phoff, UINT64_MAX - 15)),
	CUT("elf32-phdrs-cut", ELF_PHDR_END, LENGTH(HEADERS32 - 1)),
	CUT64("elf64-phdrs-cut", ELF_PHDR_END, LENGTH(HEADERS64 - 1)),
	CUT("elf-phdrs-missing", ELF_PHDR_END, LENGTH(52)),
	CUT("elf-more-phdrs-than-bytes", ELF_PHDR_END, EHDR(phnum, PIL_ELF_MAX_PHNUM)),

	ELF("phdr0-loadable", MBN_PHDR0_TYPE, PHDR(AT_PHDR0, type, PIL_PT_LOAD)),
	ELF("phdr0-of-type-hash", MBN_PHDR0_TYPE, PHDR(AT_PHDR0, flags, HASH_FLAGS)),
	ELF("phdr0-offset-1", MBN_PHDR0_OFFSET, PHDR(AT_PHDR0, offset, 1)),
	ELF64("phdr0-offset-wraps", MBN_PHDR0_OFFSET, PHDR64(AT_PHDR0, offset, UINT64_MAX - 3)),
	ELF("phdr0-empty", MBN_PHDR0, PHDR(AT_PHDR0, filesz, 0)),
	ELF("phdr0-one-byte-less", MBN_PHDR0, PHDR(AT_PHDR0, filesz, HEADERS32 - 1)),
	ELF("phdr0-one-byte-more", MBN_PHDR0, PHDR(AT_PHDR0, filesz, HEADERS32 + 1)),
	ELF("phdr0-4-gib", MBN_PHDR0, PHDR(AT_PHDR0, filesz, UINT32_MAX)),
	ELF64("phdr0-filesz-wraps", MBN_PHDR0, PHDR64(AT_PHDR0, filesz, UINT64_MAX)),
	ELF("phnum-one-less", MBN_PHDR0, EHDR(phnum, 4)),
	ELF("no-hash-segment", MBN_NO_HASH_SEGMENT, PHDR(AT_PHDR_HASH, flags, 0)),
	ELF("only-phdr0", MBN_NO_HASH_SEGMENT, EHDR(phnum, 1), PHDR(AT_PHDR0, filesz, 52 + 32)),
	ELF("two-hash-segments", MBN_TWO_HASH_SEGMENTS, PHDR(AT_PHDR_B, flags, HASH_FLAGS)),

	PLAN("plan-nothing-loadable", PLAN_EMPTY, PHDR(AT_PHDR_A, type, PIL_PT_NULL),
	     PHDR(AT_PHDR_B, type, PIL_PT_NULL), PHDR(AT_PHDR_C, type, PIL_PT_NULL)),
	PLAN("plan-all-empty-in-memory", PLAN_EMPTY, PHDR(AT_PHDR_A, memsz, 0), PHDR(AT_PHDR_B, memsz, 0),
	     PHDR(AT_PHDR_C, memsz, 0)),
	PLAN("plan-same-address", PLAN_OVERLAP, PHDR(AT_PHDR_B, paddr, 0x95c00000)),
	PLAN("plan-overlap-by-one-byte", PLAN_OVERLAP, PHDR(AT_PHDR_A, memsz, 0x1001)),
	PLAN("plan-one-inside-another", PLAN_OVERLAP, PHDR(AT_PHDR_B, paddr, 0x95c02800)),
	PLAN("plan-covers-4-gib", PLAN_OVERLAP, PHDR(AT_PHDR_A, memsz, UINT32_MAX)),
	PLAN("segment-filesz-over-memsz", ELF_FILESZ, PHDR(AT_PHDR_A, memsz, 0x17f)),
	PLAN("segment-filesz-max", ELF_FILESZ, PHDR(AT_PHDR_C, filesz, UINT32_MAX)),
	PLAN64("segment-address-wraps", ELF_SEGMENT_WRAP, PHDR64(AT_PHDR_A, paddr, UINT64_MAX - 15)),
	PLAN64("segment-memsz-wraps", ELF_SEGMENT_WRAP, PHDR64(AT_PHDR_C, memsz, UINT64_MAX)),
	PLAN64("segment-in-the-last-page", ELF_SEGMENT_WRAP, PHDR64(AT_PHDR_A, paddr, UINT64_MAX - 0xfff)),
	PLAN64("segment-offset-wraps", ELF_SEGMENT_WRAP, PHDR64(AT_PHDR_A, offset, UINT64_MAX - 15)),
	{ .name = "plan-one-segment-too-many", .expected = PIL_R_PLAN_TOO_MANY, .stage = IN_PLAN, .loads = 65 },
};
/* clang-format on */

const struct malformed_table malformed_elf = { inputs, sizeof(inputs) / sizeof(inputs[0]) };

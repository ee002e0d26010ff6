/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of ELF files (System V ABI, chapters 4 and 5), as far as Pilot reads them. Little endian only. The structs say
 * where fields are; readers go through pil_cursor, writers through byte stores.
 */
#ifndef PILOT_WIRE_ELF_H
#define PILOT_WIRE_ELF_H

#include <stddef.h>
#include <stdint.h>

#define PIL_ELF_IDENT	   16u
#define PIL_ELF_MAGIC	   0x464c457fu /* 7f 'E' 'L' 'F', read as one little-endian word */
#define PIL_ELF_CLASS32	   1u
#define PIL_ELF_CLASS64	   2u
#define PIL_ELF_DATA_LSB   1u
#define PIL_ELF_EV_CURRENT 1u

/** struct pil_elf32_ehdr_wire - ELF header, class 32 */
struct pil_elf32_ehdr_wire {
	uint8_t ident[PIL_ELF_IDENT]; /* magic 4, class, data, version, padding */
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint32_t entry;
	uint32_t phoff;
	uint32_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

/** struct pil_elf64_ehdr_wire - ELF header, class 64 */
struct pil_elf64_ehdr_wire {
	uint8_t ident[PIL_ELF_IDENT];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

/** struct pil_elf32_phdr_wire - program header, class 32 */
struct pil_elf32_phdr_wire {
	uint32_t type;
	uint32_t offset;
	uint32_t vaddr;
	uint32_t paddr;
	uint32_t filesz;
	uint32_t memsz;
	uint32_t flags;
	uint32_t align;
};

/** struct pil_elf64_phdr_wire - program header, class 64: @flags moved up */
struct pil_elf64_phdr_wire {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

_Static_assert(sizeof(struct pil_elf32_ehdr_wire) == 52, "ELF32 header is 52 bytes");
_Static_assert(sizeof(struct pil_elf64_ehdr_wire) == 64, "ELF64 header is 64 bytes");
_Static_assert(sizeof(struct pil_elf32_phdr_wire) == 32, "ELF32 program header is 32 bytes");
_Static_assert(sizeof(struct pil_elf64_phdr_wire) == 56, "ELF64 program header is 56 bytes");
_Static_assert(offsetof(struct pil_elf32_ehdr_wire, phnum) == 44, "ELF32 e_phnum");
_Static_assert(offsetof(struct pil_elf64_ehdr_wire, phnum) == 56, "ELF64 e_phnum");

#endif

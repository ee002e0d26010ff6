/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reader for ELF32 and ELF64, little endian (System V ABI, chapter 4 and 5). */
#ifndef PILOT_ELF_H
#define PILOT_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/error.h>

#define PIL_ELF_MAX_PHNUM 128u /* the largest of 219 real files has 59 */

/**
 * struct pil_elf - an ELF header and where its program headers are
 * @data:      the bytes that were parsed; not owned
 * @size:      how many
 * @is64:      ELFCLASS64
 * @type:      e_type, any
 * @machine:   e_machine, any (real firmware lies here)
 * @entry:     e_entry
 * @phoff:     file offset of the program headers
 * @phnum:     their number, 1 to PIL_ELF_MAX_PHNUM
 * @phentsize: 32 or 56
 */
struct pil_elf {
	const uint8_t *data;
	size_t size;
	bool is64;
	uint16_t type;
	uint16_t machine;
	uint64_t entry;
	uint64_t phoff;
	unsigned int phnum;
	unsigned int phentsize;
};

/** struct pil_phdr - one program header, 32 and 64 bit alike */
struct pil_phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

#define PIL_PT_NULL 0u
#define PIL_PT_LOAD 1u

/* p_flags as Qualcomm images use them (facts: coreboot's mbn_tools, confirmed on real files) */
#define PIL_PF_RELOCATABLE (1u << 27)
#define PIL_PF_TYPE(flags) (((flags) >> 24) & 7u)
#define PIL_PF_TYPE_HASH   2u
#define PIL_PF_TYPE_PHDR   7u

/**
 * pil_elf_parse() - check an ELF header and the place of its program headers
 * @data: at least the ELF header and all program headers
 * @size: bytes at @data
 * @elf:  result; points into @data
 * @why:  reason of a failure, or NULL
 *
 * Checks the headers only: what the segments claim is the business of pil_elf_phdr() and of the load plan.
 * Program headers must follow the ELF header directly (ELF_PHOFF otherwise). Section headers are not looked at.
 * After a failure @elf is all zero.
 *
 * Return: 0; -PIL_ETRUNC (ELF_SHORT, ELF_PHDR_END); -PIL_EFORMAT (ELF_MAGIC, ELF_CLASS, ELF_EHSIZE, ELF_PHENTSIZE,
 * ELF_PHNUM, ELF_PHOFF); -PIL_EVERSION (ELF_VERSION); -PIL_EUNSUPPORTED (ELF_DATA)
 */
int pil_elf_parse(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why);

/**
 * pil_elf_phdr() - read program header @index
 * @elf:   from pil_elf_parse()
 * @index: less than @elf->phnum, otherwise the result is all zero and -PIL_EARG is returned
 * @phdr:  result
 *
 * Return: 0 or -PIL_EARG
 */
int pil_elf_phdr(const struct pil_elf *elf, unsigned int index, struct pil_phdr *phdr);

/**
 * pil_elf_headers_end() - offset of the first byte after ELF header and program headers
 * @elf: from pil_elf_parse()
 * Return: bytes; at most @elf->size
 */
size_t pil_elf_headers_end(const struct pil_elf *elf);

/**
 * pil_elf_headers_extent() - how many bytes pil_elf_parse() will need, from the ELF header alone
 * @data: the first bytes of the file
 * @size: bytes at @data; 64 are always enough
 * @extent: result: end of the program headers, in bytes
 * @why:  reason of a failure, or NULL
 *
 * For a reader that must copy before it parses and does not know the length (INIT_IMAGE).
 *
 * Return: 0 or as pil_elf_parse(), except ELF_PHDR_END
 */
int pil_elf_headers_extent(const void *data, size_t size, size_t *extent, struct pil_why *why);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF headers as their readers may rely on them: what lib/image/elf.c does by the proof of elf.c, except that any file
 * of at least one byte is accepted or not, with any entry point and any program headers, other ones each time they are
 * read: more than a file that nobody changes can do.
 */
#include <pilot/elf.h>

#include "proof.h"

static size_t headers_end;

int pil_elf_parse(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why)
{
	CLAIM(!size || __CPROVER_r_ok(data, size), "what is parsed can be read");
	*elf = (struct pil_elf){ 0 };
	headers_end = nondet_u16();
	if (!headers_end || headers_end > size)
		return pil_fail(why, PIL_R_ELF_PHDR_END, headers_end, size);
	*elf = (struct pil_elf){ .data = data, .size = size, .is64 = nondet_u16() & 1, .entry = nondet_u64() };
	elf->phnum = nondet_u16() % PIL_ELF_MAX_PHNUM + 1;
	return 0;
}

int pil_elf_phdr(const struct pil_elf *elf, unsigned int index, struct pil_phdr *phdr)
{
	*phdr = (struct pil_phdr){ 0 };
	if (index >= elf->phnum)
		return -PIL_EARG;
	*phdr = (struct pil_phdr){ nondet_u32(), nondet_u32(), nondet_u64(), nondet_u64(),
				   nondet_u64(), nondet_u64(), nondet_u64(), nondet_u64() };
	return 0;
}

size_t pil_elf_headers_end(const struct pil_elf *elf)
{
	(void)elf;
	return headers_end;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF headers as their readers may rely on them: what lib/image/elf.c does by the proof of elf.c, except that any file
 * which has room for its headers is accepted or not, of either class, with any type, machine, entry point (of 64 bits
 * in both classes) and number of program headers, and with any program headers, other ones each time they are read:
 * more than a file that nobody changes can do. Offset and size of program headers are those of the class. Less than
 * elf.c does in one thing: the reason of a refusal is always ELF_PHDR_END.
 */
#include <pilot/elf.h>

#include "proof.h"

int pil_elf_parse(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why)
{
	struct pil_elf made = { 0 };

	CLAIM(!size || __CPROVER_r_ok(data, size), "what is parsed can be read");
	*elf = (struct pil_elf){ 0 };
	made = (struct pil_elf){ .data = data, .size = size, .is64 = nondet_u16() & 1, .entry = nondet_u64() };
	made.type = nondet_u16();
	made.machine = nondet_u16();
	made.phoff = made.is64 ? 64 : 52;
	made.phentsize = made.is64 ? 56 : 32;
	made.phnum = nondet_u16() % PIL_ELF_MAX_PHNUM + 1;
	if (nondet_u16() & 1 || pil_elf_headers_end(&made) > size)
		return pil_fail(why, PIL_R_ELF_PHDR_END, nondet_u64(), size);
	*elf = made;
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
	return (size_t)elf->phoff + (size_t)elf->phnum * elf->phentsize;
}

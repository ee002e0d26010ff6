/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF headers as their readers may rely on them: what lib/image/elf.c does by the proof of elf.c, except that any file
 * of at least one byte is accepted or not, with any entry point and any program headers. These are the same ones each
 * time they are read, as nobody changes a file while it is parsed.
 */
#include "elf_model.h"

static struct pil_phdr table[PIL_ELF_MAX_PHNUM];
static size_t headers_end;

void model_elf_init(void)
{
	__CPROVER_havoc_object(table);
}

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
#ifdef PROOF_ELF_ANY
	model_elf_init();
	*phdr = table[0];
#else
	*phdr = table[index];
#endif
	return 0;
}

size_t pil_elf_headers_end(const struct pil_elf *elf)
{
	(void)elf;
	return headers_end;
}

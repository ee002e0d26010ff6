/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF header and program headers, 32 and 64 bit. elf_model.c is what this proof allows others to rely on. */
#include <pilot/elf.h>

#include "proof.h"

#define SIZE 4294967296 /* 4 GiB */

int main(void)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	unsigned int index = nondet_uint();
	size_t extent = 0;
	uint8_t *data = NULL;
	int ret = 0;

	data = any_bytes(size);
	ret = pil_elf_headers_extent(data, size, &extent, &why);
	claim_result(ret, &why);
	CLAIM(!ret || !extent, "no extent after a failure");
	CLAIM(extent <= 64 + PIL_ELF_MAX_PHNUM * 56, "no extent is longer than the longest headers");

	ret = pil_elf_parse(data, size, &elf, &why);
	claim_result(ret, &why);
	if (ret) {
		CLAIM(!elf.data && !elf.size && !elf.phnum && !elf.phentsize, "a failure leaves nothing behind");
		return 0;
	}
	CLAIM(elf.data == data && elf.size == size, "the input is kept");
	CLAIM(elf.phnum && elf.phnum <= PIL_ELF_MAX_PHNUM, "the number of program headers is limited");
	CLAIM(elf.phoff == (elf.is64 ? 64 : 52), "the program headers follow the ELF header");
	CLAIM(elf.phentsize == (elf.is64 ? 56 : 32), "the size of a program header is that of the class");
	CLAIM(pil_elf_headers_end(&elf) == elf.phoff + elf.phnum * elf.phentsize,
	      "the program headers end the headers");
	CLAIM(pil_elf_headers_end(&elf) <= size, "the headers end in the input");
	ret = pil_elf_phdr(&elf, index, &phdr);
	CLAIM(!ret == (index < elf.phnum), "a program header is there or it is not");
	REACHED("an accepted file");
	return 0;
}

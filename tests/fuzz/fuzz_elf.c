/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF headers and every program header. */
#include <pilot/elf.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pil_why why = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	size_t extent = 0;
	unsigned int i = 0;
	int ret = pil_elf_headers_extent(data, size, &extent, &why);

	fuzz_check_result(ret, &why);
	FUZZ_CHECK(ret ? !extent : extent <= 64 + PIL_ELF_MAX_PHNUM * 56);
	if (pil_elf_parse(data, size, &elf, &why)) {
		FUZZ_CHECK(ret || why.reason == PIL_R_ELF_PHDR_END);
		return 0;
	}
	FUZZ_CHECK(!ret && extent <= size && extent == pil_elf_headers_end(&elf));
	for (i = 0; i < elf.phnum; i++)
		FUZZ_CHECK(!pil_elf_phdr(&elf, i, &phdr));
	FUZZ_CHECK(pil_elf_phdr(&elf, i, &phdr) == -PIL_EARG);
	return 0;
}

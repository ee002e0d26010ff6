/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file is that is to be signed. */
#include <pilot/container.h>

#include "image/pieces.h"
#include "sign/sign.h"

static bool lies_outside(const struct file *file, const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		if (phdr.filesz && (phdr.offset > file->size || phdr.filesz > file->size - phdr.offset))
			return true;
	}
	return false;
}

enum sign_kind sign_kind_of(const struct file *file, struct pil_why *why)
{
	struct pil_elf elf = { 0 };

	if (pil_container_recognize(file->data, file->size))
		return SIGN_CONTAINER;
	if (pil_elf_parse(file->data, file->size, &elf, why))
		return SIGN_OTHER;
	if (!piece_hash_index(&elf))
		return SIGN_PLAIN;
	return piece_is_mdt(file->path) && lies_outside(file, &elf) ? SIGN_SPLIT : SIGN_IMAGE;
}

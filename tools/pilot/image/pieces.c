/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of an image's pieces. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/pieces.h"

char *piece_path(const char *stem, const char *ending)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s", stem, ending) < 0) {
		complain(NULL, "out of memory");
		return NULL;
	}
	return path;
}

char *piece_ending(unsigned int index, char ending[8])
{
	snprintf(ending, 8, ".b%02u", index % 1000);
	return ending;
}

unsigned int piece_hash_index(const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 1; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		if (PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_HASH)
			return i;
	}
	return 0;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_number(const char *ending)
{
	size_t digits = 0;

	if (strncmp(ending, ".b", 2))
		return false;
	for (ending += 2; isdigit((unsigned char)ending[digits]);)
		digits++;
	return digits >= 1 && !ending[digits];
}

bool piece_is_ending(const char *text)
{
	return !strcmp(text, ".mdt") || !strcmp(text, ".rest") || is_number(text);
}

bool piece_of_set(const char *path)
{
	const char *dot = strrchr(base_name(path), '.');
	char *mdt = NULL;
	bool found = false;

	if (!dot || (!is_number(dot) && strcmp(dot, ".rest")))
		return false;
	if (asprintf(&mdt, "%.*s.mdt", (int)(dot - path), path) < 0)
		return false;
	found = !access(mdt, F_OK);
	free(mdt);
	return found;
}

bool piece_is_mdt(const char *path)
{
	const char *dot = strrchr(base_name(path), '.');

	return dot && dot != base_name(path) && !strcmp(dot, ".mdt");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of an image in a directory. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/pieces.h"

static bool add_name(char ***names, size_t *count, const char *name)
{
	char **longer = realloc(*names, (*count + 2) * sizeof(**names));

	if (!longer)
		return false;
	*names = longer;
	longer[*count] = strdup(name);
	longer[*count + 1] = NULL;
	return longer[(*count)++] != NULL;
}

static bool collect(DIR *dir, const char *base, char ***names)
{
	const struct dirent *entry = NULL;
	size_t length = strlen(base);
	size_t count = 0;

	*names = calloc(1, sizeof(**names));
	if (!*names)
		return false;
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, base, length) && piece_is_ending(entry->d_name + length) &&
		    !add_name(names, &count, entry->d_name))
			return false;
	return true;
}

bool pieces_find(const char *stem, char ***names)
{
	const char *base = base_name(stem);
	char *path = base == stem ? strdup(".") : strndup(stem, (size_t)(base - stem));
	DIR *dir = path ? opendir(path) : NULL;
	bool ok = false;

	*names = NULL;
	if (!dir) {
		complain(path, "the directory cannot be read: %s", strerror(errno));
		free(path);
		return false;
	}
	ok = collect(dir, base, names);
	closedir(dir);
	free(path);
	if (!ok) {
		complain(NULL, "out of memory");
		pieces_free(*names);
		*names = NULL;
	}
	return ok;
}

void pieces_free(char **names)
{
	char **name = names;

	for (; name && *name; name++)
		free(*name);
	free(names);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking directories. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/formats.h"
#include "walk.h"

#define DEPTH_MAX 64u /* directories inside directories */

/* takes @path, which is fresh memory or NULL */
static bool add(struct paths *paths, char *path, bool found)
{
	if (path && paths->count == paths->room) {
		size_t room = paths->room ? 2 * paths->room : 64;
		char **more = reallocarray(paths->path, room, sizeof(*more));
		bool *flags = NULL;

		if (more)
			paths->path = more;
		flags = more ? reallocarray(paths->found, room, sizeof(*flags)) : NULL;
		if (flags) {
			paths->found = flags;
			paths->room = room;
		}
	}
	if (!path || paths->count == paths->room) {
		complain(NULL, "out of memory");
		free(path);
		return false;
	}
	paths->path[paths->count] = path;
	paths->found[paths->count++] = found;
	return true;
}

static bool is_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot[1] == 'b' && isdigit((unsigned char)dot[2]) && isdigit((unsigned char)dot[3]) && !dot[4];
}

static bool is_elf(const char *path)
{
	char magic[4] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool elf = fd >= 0 && read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && !memcmp(magic, "\177ELF", 4);

	if (fd >= 0)
		close(fd);
	return elf;
}

static bool walk_directory(struct paths *paths, const char *name, unsigned int depth);

static bool take_entry(struct paths *paths, const char *directory, const char *name, unsigned int depth)
{
	const char *slash = directory[strlen(directory) - 1] == '/' ? "" : "/";
	struct stat st = { 0 };
	char *path = NULL;
	bool ok = true;

	if (asprintf(&path, "%s%s%s", directory, slash, name) < 0)
		path = NULL;
	if (!path || lstat(path, &st)) {
		complain(path ? path : directory, "cannot be looked at: %s", strerror(errno));
		ok = false;
	} else if (S_ISDIR(st.st_mode)) {
		ok = walk_directory(paths, path, depth);
	} else if (S_ISREG(st.st_mode) && !is_part(name) && (is_elf(path) || image_format_of(path))) {
		return add(paths, path, true);
	}
	free(path);
	return ok;
}

static bool walk_directory(struct paths *paths, const char *name, unsigned int depth)
{
	struct dirent **entries = NULL;
	int count = 0;
	bool ok = true;
	int i = 0;

	if (depth == DEPTH_MAX) {
		complain(name, "more than %u directories inside each other", DEPTH_MAX);
		return false;
	}
	count = scandir(name, &entries, NULL, alphasort);
	if (count < 0) {
		complain(name, "the directory cannot be read: %s", strerror(errno));
		return false;
	}
	for (i = 0; i < count; i++) {
		if (ok && strcmp(entries[i]->d_name, ".") && strcmp(entries[i]->d_name, ".."))
			ok = take_entry(paths, name, entries[i]->d_name, depth + 1);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

bool walk(struct paths *paths, const char *name)
{
	struct stat st = { 0 };

	if (*name && !stat(name, &st) && S_ISDIR(st.st_mode))
		return walk_directory(paths, name, 0);
	return add(paths, strdup(name), false);
}

void paths_free(struct paths *paths)
{
	size_t i = 0;

	for (i = 0; i < paths->count; i++)
		free(paths->path[i]);
	free(paths->path);
	free(paths->found);
	*paths = (struct paths){ 0 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats that are recognised by their first bytes. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/formats.h"

#define FIRST_BYTES 64u

static const struct image_format formats[] = {
	{ "optee-container", pil_container_recognize, container_show, container_verify, container_plan },
};

/* the first bytes of a regular file; a pipe is neither waited for nor emptied. 0: none, or it cannot be read */
static size_t read_first(const char *path, uint8_t first[FIRST_BYTES])
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st = { 0 };
	ssize_t size = 0;

	if (fd < 0)
		return 0;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		size = read(fd, first, FIRST_BYTES);
	close(fd);
	return size > 0 ? (size_t)size : 0;
}

const struct image_format *image_format_of(const char *path)
{
	uint8_t first[FIRST_BYTES] = { 0 };
	size_t size = read_first(path, first);
	size_t i = 0;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].recognize(first, size))
			return &formats[i];
	return NULL;
}

int image_format_refuse(const struct image_format *format, const char *path, const char *command)
{
	complain(path, "of format %s, which 'pilot image %s' does not take; 'show', 'verify', 'plan' and 'sign' do",
		 format->name, command);
	return STATUS_TROUBLE;
}

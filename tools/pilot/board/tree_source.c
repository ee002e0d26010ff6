/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources of device trees, through the program dtc. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board/tree.h"
#include "board/tree_merge.h"
#include "pilot.h"

#define NOT_RUN	 127 /* exit status of the child where dtc could not be started */
#define MESSAGES 8u  /* lines of dtc's that are shown */
#define MESSAGE	 300u

/* words behind '#' at the start of a line that only the C preprocessor knows; properties may begin with '#', too */
static const char *const directives[] = { "include", "define", "undef", "if",	  "ifdef", "ifndef",
					  "else",    "elif",   "endif", "pragma", "error" };

static bool is_directive(const char *line, size_t size)
{
	size_t i = 1;
	size_t start = 0;

	if (size < 2 || line[0] != '#')
		return false;
	while (i < size && (line[i] == ' ' || line[i] == '\t'))
		i++;
	for (start = i; i < size && line[i] >= 'a' && line[i] <= 'z'; i++)
		;
	if (i < size && line[i] != ' ' && line[i] != '\t' && line[i] != '<' && line[i] != '"' && line[i] != '\n' &&
	    line[i] != '\r')
		return false;
	for (size_t k = 0; k < sizeof(directives) / sizeof(directives[0]); k++)
		if (i - start == strlen(directives[k]) && !memcmp(line + start, directives[k], i - start))
			return true;
	return false;
}

/* Return: number of the first line that needs the C preprocessor; 0: none */
static unsigned int find_directive(const char *text, size_t size)
{
	unsigned int number = 1;

	for (size_t at = 0; at < size; number++) {
		const char *end = memchr(text + at, '\n', size - at);

		if (is_directive(text + at, size - at))
			return number;
		if (!end)
			break;
		at = (size_t)(end - text) + 1;
	}
	return 0;
}

static void run_dtc(const char *path, int out, int err)
{
	if (dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
		execlp("dtc", "dtc", "-q", "-@", "-I", "dts", "-O", "dtb", "-o", "-", "--", path, (char *)NULL);
	_exit(NOT_RUN);
}

/* Return: exit status; -1 for anything else */
static int wait_for(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void repeat_messages(const char *path, FILE *messages)
{
	char line[MESSAGE] = "";

	rewind(messages);
	for (unsigned int i = 0; i < MESSAGES && fgets(line, sizeof(line), messages); i++) {
		for (char *c = line; *c; c++)
			*c = *c >= 0x20 && *c < 0x7f ? *c : ' ';
		complain(path, "dtc: %s", line);
	}
}

static void *read_result(const char *path, FILE *result)
{
	long size = -1;
	void *fdt = NULL;

	if (!fseek(result, 0, SEEK_END))
		size = ftell(result);
	if (size <= 0 || (unsigned long)size > TREE_SIZE_MAX) {
		complain(path, "dtc made %ld bytes of it: a device tree has at most %u", size, TREE_SIZE_MAX);
		return NULL;
	}
	rewind(result);
	fdt = malloc((size_t)size);
	if (!fdt || fread(fdt, 1, (size_t)size, result) != (size_t)size) {
		complain(path, "cannot read what dtc made of it");
		free(fdt);
		return NULL;
	}
	if (tree_check(path, fdt, (size_t)size) && tree_check_shape(path, fdt))
		return fdt;
	free(fdt);
	return NULL;
}

static void *compile(const char *path, FILE *result, FILE *messages)
{
	pid_t child = fork();
	int status = 0;

	if (!child)
		run_dtc(path, fileno(result), fileno(messages));
	status = child < 0 ? -1 : wait_for(child);
	if (!status)
		return read_result(path, result);
	if (status == NOT_RUN)
		complain(path,
			 "is a source: it takes the program dtc (package device-tree-compiler), which is not here");
	else
		complain(path, "dtc cannot compile it%s", status < 0 ? ": it did not end by itself" : ":");
	if (status > 0 && status != NOT_RUN)
		repeat_messages(path, messages);
	return NULL;
}

void *tree_compile(const char *path, const uint8_t *text, size_t size)
{
	unsigned int line = find_directive((const char *)text, size);
	FILE *result = NULL;
	FILE *messages = NULL;
	void *fdt = NULL;

	if (line) {
		complain(
			path,
			"line %u is for the C preprocessor: compile it first, or take the .dtb that the kernel's build made\n"
			"       cpp -nostdinc -undef -P -x assembler-with-cpp -I INCLUDES %s | dtc -@ -o tree.dtb",
			line, path);
		return NULL;
	}
	result = tmpfile();
	messages = tmpfile();
	if (result && messages)
		fdt = compile(path, result, messages);
	else
		complain(path, "cannot make a temporary file for what dtc says");
	if (result)
		fclose(result);
	if (messages)
		fclose(messages);
	return fdt;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Files in memory and messages to nobody: see fuzz_tool.h. */
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "fuzz_tool.h"

char *fuzz_document;

static struct fuzz_file files[FUZZ_FILES];
static unsigned int count;
static unsigned int complaints;
static int last_fd;

static struct fuzz_file *find(const char *name)
{
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		if (!strcmp(files[i].name, name))
			return &files[i];
	return NULL;
}

static uint8_t *copy_of(const void *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	FUZZ_CHECK(copy);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

bool fuzz_file_put(const char *name, const void *data, size_t size)
{
	struct fuzz_file *file = find(name);

	if (!file && count == FUZZ_FILES)
		return false;
	if (!file) {
		file = &files[count++];
		file->name = strdup(name);
		FUZZ_CHECK(file->name);
	}
	free(file->data);
	file->data = copy_of(data, size);
	file->size = size;
	return true;
}

const struct fuzz_file *fuzz_file_get(const char *name)
{
	return find(name);
}

const struct fuzz_file *fuzz_file_at(unsigned int index)
{
	return index < count ? &files[index] : NULL;
}

void fuzz_file_remove(const char *name)
{
	struct fuzz_file *file = find(name);

	if (!file)
		return;
	free(file->name);
	free(file->data);
	*file = files[--count];
	files[count] = (struct fuzz_file){ 0 };
}

void fuzz_files_remove(void)
{
	while (count)
		fuzz_file_remove(files[0].name);
	last_fd = 0;
}

unsigned int fuzz_complaints(void)
{
	unsigned int since = complaints;

	complaints = 0;
	return since;
}

int fuzz_run(const struct command *command, char **argv)
{
	int argc = 0;
	int status = 0;

	while (argv[argc])
		argc++;
	optind = 0;
	(void)fuzz_complaints();
	status = command->run(command, argc, argv);
	FUZZ_CHECK(status >= STATUS_OK && status <= STATUS_TROUBLE);
	FUZZ_CHECK(!status || fuzz_complaints());
	return status;
}

/* --- what the tool calls --- */

void complain(const char *what, const char *format, ...)
{
	char text[512] = "";
	va_list args;

	FUZZ_CHECK(!what || *what);
	va_start(args, format);
	FUZZ_CHECK(vsnprintf(text, sizeof(text), format, args) > 0);
	va_end(args);
	complaints++;
}

void complain_why(const char *what, const struct pil_why *why)
{
	char text[200] = "";

	FUZZ_CHECK(why->reason > PIL_R_NONE && why->reason < PIL_R_COUNT);
	FUZZ_CHECK(pil_why_text(why, text, sizeof(text)) > 0);
	complain(what, "%s", text);
}

int command_help(const struct command *cmd)
{
	(void)cmd;
	return STATUS_OK;
}

/* no input is a command line */
int command_usage_error(const struct command *cmd, const char *format, ...)
{
	(void)cmd;
	(void)format;
	abort();
}

bool file_map(struct file *file, const char *path)
{
	const struct fuzz_file *found = find(path);

	*file = (struct file){ .path = path };
	if (!found)
		return false;
	file->data = found->data;
	file->size = found->size;
	return true;
}

bool file_open(struct file *file, const char *path)
{
	bool found = file_map(file, path);

	if (!found)
		complain(path, "no such file");
	return found;
}

void file_close(struct file *file)
{
	*file = (struct file){ 0 };
}

/* @fd is the number of a file whose name nobody else has */
bool output_begin(struct output *out, const char *path, unsigned int mode)
{
	char name[32] = "";

	(void)mode;
	*out = (struct output){ .path = path, .fd = ++last_fd };
	snprintf(name, sizeof(name), "?%d", out->fd);
	out->temp = strdup(name);
	FUZZ_CHECK(out->temp);
	if (fuzz_file_put(name, "", 0))
		return true;
	complain(path, "too many files");
	output_abort(out);
	return false;
}

bool output_write(struct output *out, uint64_t offset, const void *data, size_t size)
{
	struct fuzz_file *file = find(out->temp);
	uint8_t *longer = NULL;

	FUZZ_CHECK(file);
	if (offset > FUZZ_WRITTEN || size > FUZZ_WRITTEN - offset) {
		complain(out->path, "cannot write at %llu: disk full", (unsigned long long)offset);
		return false;
	}
	if (size && offset + size > file->size) {
		longer = realloc(file->data, offset + size);
		FUZZ_CHECK(longer);
		memset(longer + file->size, 0, offset + size - file->size);
		file->data = longer;
		file->size = offset + size;
	}
	if (size)
		memcpy(file->data + offset, data, size);
	return true;
}

bool output_finish(struct output *out)
{
	out->fd = -1;
	return true;
}

bool output_rename(struct output *out)
{
	struct fuzz_file *file = NULL;

	fuzz_file_remove(out->path);
	file = find(out->temp);
	FUZZ_CHECK(file);
	free(file->name);
	file->name = strdup(out->path);
	FUZZ_CHECK(file->name);
	free(out->temp);
	out->temp = NULL;
	return true;
}

bool output_commit(struct output *out)
{
	return output_finish(out) && output_rename(out);
}

void output_abort(struct output *out)
{
	if (out->temp)
		fuzz_file_remove(out->temp);
	free(out->temp);
	*out = (struct output){ .path = out->path, .fd = -1 };
}

bool output_whole(const char *path, unsigned int mode, const void *data, size_t size)
{
	struct output out = { .fd = -1 };

	return output_begin(&out, path, mode) && output_write(&out, 0, data, size) && output_commit(&out);
}

void cleanup_hold(sigset_t *before)
{
	(void)before;
}

void cleanup_release(const sigset_t *before)
{
	(void)before;
}

int json_finish(json_t *root, int status)
{
	FUZZ_CHECK(root);
	free(fuzz_document);
	fuzz_document = json_dumps(root, 0);
	FUZZ_CHECK(fuzz_document);
	json_decref(root);
	return status;
}

const char *paint(enum paint paint)
{
	(void)paint;
	return "";
}

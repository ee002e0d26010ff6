/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image sign --recursive: every signed image of a directory is signed again. */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pieces.h"
#include "sign.h"

/** enum kind - what a file of the directory is */
enum kind {
	KIND_SIGNED,
	KIND_SPLIT, /* a .mdt whose segments are in other files */
	KIND_PLAIN, /* an ELF file without hash segment */
	KIND_OTHER,
};

struct tree {
	const struct signing *signing;
	unsigned int done;
	unsigned int refused;
	unsigned int trouble;
	unsigned int skipped;
	json_t *files;
	int status;
};

static enum kind classify(const char *path)
{
	struct file file = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	enum kind kind = KIND_OTHER;
	unsigned int i = 0;

	if (!file_open(&file, path))
		return KIND_OTHER;
	if (!pil_elf_parse(file.data, file.size, &elf, NULL)) {
		kind = sign_has_hash(&elf) ? KIND_SIGNED : KIND_PLAIN;
		for (i = 0; kind == KIND_SIGNED && i < elf.phnum; i++) {
			pil_elf_phdr(&elf, i, &phdr);
			if (phdr.filesz && (phdr.offset > file.size || phdr.filesz > file.size - phdr.offset))
				kind = KIND_SPLIT;
		}
	}
	file_close(&file);
	return kind;
}

static void note(struct tree *t, const char *path, const char *result, const struct sign_report *report)
{
	json_t *item = NULL;

	if (!t->signing->opt->json) {
		printf("%s: %s", path, result);
		if (report)
			printf(", MBN v%u, %s", report->version, scheme_name(report->scheme));
		putchar('\n');
		return;
	}
	item = json_pack("{s:o, s:s}", "file", json_name(path), "result", result);
	if (item && report) {
		json_object_set_new(item, "output", json_name(report->output));
		json_object_set_new(item, "version", json_integer(report->version));
		json_object_set_new(item, "scheme", json_string(scheme_name(report->scheme)));
	}
	json_array_append_new(t->files, item);
}

/* make the directories that @path is in */
static bool make_parents(char *path)
{
	char *slash = path + 1;

	while ((slash = strchr(slash, '/'))) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST) {
			complain(path, "%s", strerror(errno));
			return false;
		}
		*slash++ = '/';
	}
	return true;
}

static int sign_one(struct tree *t, const char *path, const char *relative)
{
	const struct sign_options *opt = t->signing->opt;
	struct sign_report report = { 0 };
	char *output = NULL;
	int status = STATUS_TROUBLE;

	if (asprintf(&output, "%s/%s", opt->output, relative) < 0) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	if (make_parents(output))
		status = sign_again(t->signing, path, output, &report);
	if (!status)
		note(t, path, "signed", &report);
	else
		note(t, path, status == STATUS_REFUSED ? "refused" : "failed", NULL);
	free(output);
	return status;
}

static void take_file(struct tree *t, const char *path, const char *relative)
{
	enum kind kind = piece_is_segment(path) ? KIND_OTHER : classify(path);
	int status = STATUS_OK;

	if (kind == KIND_OTHER || kind == KIND_PLAIN) {
		t->skipped++;
		return;
	}
	if (kind == KIND_SPLIT) {
		complain(path, "an image in pieces: 'pilot image join' it first");
		note(t, path, "refused", NULL);
		status = STATUS_REFUSED;
	} else {
		status = sign_one(t, path, relative);
	}
	t->done += status == STATUS_OK;
	t->refused += status == STATUS_REFUSED;
	t->trouble += status == STATUS_TROUBLE;
	t->status = status > t->status ? status : t->status;
}

static int report(struct tree *t)
{
	if (t->signing->opt->json)
		return json_finish(json_pack("{s:o, s:i, s:i, s:i, s:i, s:o}", "files", t->files, "signed",
					     (int)t->done, "refused", (int)t->refused, "failed", (int)t->trouble,
					     "skipped", (int)t->skipped, "root_hash",
					     json_bytes(t->signing->root_hash, PKI_HASH_SIZE)),
				   t->status);
	printf("%u signed, %u refused, %u failed, %u other files left out\n", t->done, t->refused, t->trouble,
	       t->skipped);
	return t->status;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void walk(struct tree *t, FTS *fts, size_t prefix)
{
	const FTSENT *entry = NULL;

	while ((entry = fts_read(fts))) {
		if (entry->fts_info == FTS_F)
			take_file(t, entry->fts_path, entry->fts_path + prefix);
		if (entry->fts_info != FTS_DNR && entry->fts_info != FTS_ERR && entry->fts_info != FTS_NS)
			continue;
		complain(entry->fts_path, "%s", strerror(entry->fts_errno));
		t->trouble++;
		t->status = STATUS_TROUBLE;
	}
}

int sign_tree(const struct signing *signing)
{
	struct tree t = { .signing = signing, .files = json_array() };
	char *path = strdup(signing->opt->input);
	char *paths[] = { path, NULL };
	size_t length = strlen(signing->opt->input);
	FTS *fts = NULL;
	int status = STATUS_OK;

	while (path && length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	/* links are not followed: what they lead to is signed where it is, or is not part of the directory */
	fts = path ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
	if (!fts) {
		complain(signing->opt->input, "%s", strerror(errno));
		json_decref(t.files);
		free(path);
		return STATUS_TROUBLE;
	}
	walk(&t, fts, length + 1);
	fts_close(fts);
	free(path);
	status = report(&t);
	if (!signing->opt->json)
		json_decref(t.files);
	return status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image sign --recursive: every signed image of a directory is signed again. */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image/pieces.h"
#include "sign/sign.h"

struct tree {
	const struct signing *signing;
	unsigned int done;
	unsigned int refused;
	unsigned int trouble;
	unsigned int skipped;
	json_t *files;
	int status;
};

static void note(struct tree *t, const char *path, const char *result, const struct sign_report *report)
{
	json_t *item = NULL;

	char text[64] = "";

	if (!t->signing->opt->json) {
		printf("%s: %s%s%s\n", path, result, report ? ", " : "", report ? sign_report_text(report, text) : "");
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
			complain(path, "the directory cannot be made: %s", strerror(errno));
			return false;
		}
		*slash++ = '/';
	}
	return true;
}

static int sign_to(struct tree *t, char *path, enum sign_kind kind, const char *output, struct sign_report *report)
{
	const struct signing *signing = t->signing;

	if (kind == SIGN_SPLIT)
		return sign_split(signing, path, output, report);
	if (kind != SIGN_CONTAINER)
		return sign_again(signing, path, output, report);
	if (!signing->container.public) {
		complain(path, "a container: --key FILE is missing");
		return STATUS_REFUSED;
	}
	return sign_container(signing, &path, 1, true, output, report);
}

static int sign_one(struct tree *t, char *path, const char *relative, enum sign_kind kind)
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
		status = sign_to(t, path, kind, output, &report);
	if (!status)
		note(t, path, "signed", &report);
	else
		note(t, path, status == STATUS_REFUSED ? "refused" : "failed", NULL);
	free(output);
	return status;
}

static enum sign_kind classify(const char *path)
{
	enum sign_kind kind = SIGN_OTHER;
	struct file file = { 0 };

	if (file_open(&file, path))
		kind = sign_kind_of(&file, NULL);
	file_close(&file);
	return kind;
}

static void take_file(struct tree *t, char *path, const char *relative)
{
	enum sign_kind kind = SIGN_OTHER;
	int status = STATUS_OK;

	/* signed with its .mdt */
	if (piece_of_set(path))
		return;
	kind = classify(path);
	if (kind == SIGN_OTHER || kind == SIGN_PLAIN) {
		t->skipped++;
		return;
	}
	status = sign_one(t, path, relative, kind);
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
		complain(entry->fts_path, "cannot be read: %s", strerror(entry->fts_errno));
		t->trouble++;
		t->status = STATUS_TROUBLE;
	}
}

int sign_tree(const struct signing *signing)
{
	struct tree t = { .signing = signing, .files = json_array() };
	char *path = strdup(signing->opt->inputs[0]);
	char *paths[] = { path, NULL };
	size_t length = strlen(signing->opt->inputs[0]);
	FTS *fts = NULL;
	int status = STATUS_OK;

	while (path && length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	/* links are not followed: what they lead to is signed where it is, or is not part of the directory */
	fts = path ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name) : NULL;
	if (!fts) {
		complain(signing->opt->inputs[0], "the directory cannot be read: %s", strerror(errno));
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

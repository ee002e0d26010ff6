/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run left: its record and its secure log, which may be anything, become a page whose tags are all the tool's own. An input is a
 * record, a NUL, and a log.
 */
#include <string.h>

#include "../../tools/pilot/report/page.h"
#include "../../tools/pilot/report/timeline.h"
#include "fuzz_markup.h"
#include "fuzz_tool.h"

/* no tree is read: fuzz_tree.c does that, and looks at the pictures */
bool tree_open(struct tree *t, const char *path, const char *const *overlays, unsigned int n)
{
	(void)t;
	(void)path;
	(void)overlays;
	(void)n;
	return false;
}

bool model_read(struct board_model *m, const struct tree *t)
{
	(void)m;
	(void)t;
	return false;
}

void model_free(struct board_model *m)
{
	(void)m;
}

/* images are read by other targets; here an entry of the record is one as it is */
static void take(struct run *run)
{
	const json_t *images = json_object_get(run->result, "images");

	run->images = json_is_array(images) ? json_deep_copy(images) : json_array();
	run->refusals = run_refusals(run);
	run->missing = json_pack("[{s:s, s:s}]", "file", "host.dtb", "why", "not there");
}

static void check_text(const char *text)
{
	for (; *text; text++)
		FUZZ_CHECK(*text >= ' ' && *text <= '~');
}

static void check_refusals(const json_t *list)
{
	size_t i = 0;

	for (i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		FUZZ_CHECK(json_integer_value(json_object_get(entry, "count")) > 0);
		check_text(run_text(entry, "who"));
		check_text(run_text(entry, "request"));
		check_text(run_text(entry, "reason"));
		check_text(run_text(entry, "text"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	size_t record = end ? (size_t)(end - data) : size;
	struct run run = { .directory = "run" };
	struct buffer page = { 0 };

	run.result = json_loadb((const char *)data, record, 0, NULL);
	if (end)
		run.log[RUN_LOG_SECURE] = (struct file){ "secure.log", end + 1, size - record - 1 };
	take(&run);
	check_refusals(run.refusals);
	page_make(&page, &run);
	fuzz_check_markup(&page);
	json_decref(run.result);
	json_decref(run.images);
	json_decref(run.refusals);
	json_decref(run.missing);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux says in its log, explained as "pilot explain" does, which also connects it with the secure log and the board. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "report/run.h"

static void read_log(struct explain *x, const struct run *run, enum run_log log)
{
	const struct file *file = &run->log[log];
	FILE *in = file->size ? fmemopen((void *)(uintptr_t)file->data, file->size, "r") : NULL;

	if (!in)
		return;
	x->source_name[x->sources] = run_log_name(log);
	(void)source_read(x, x->sources++, in);
	fclose(in);
}

/* what is new to the reader: the secure log's own lines are among the refusals, and what follows from something says nothing of its own */
static bool counts(const json_t *fault)
{
	return !strcmp(run_text(fault, "role"), "fault") &&
	       !strcmp(run_text(fault, "log"), run_log_name(RUN_LOG_LINUX));
}

static void take(json_t *list, const json_t *fault)
{
	static const char *const keys[] = {
		"id", "title", "processor", "message", "count", "meaning", "causes", "try"
	};
	json_t *entry = json_object();
	size_t i = 0;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(fault, keys[i]);

		json_object_set_new(entry, keys[i], value ? json_incref(value) : json_null());
	}
	json_array_append_new(list, entry);
}

static void explain_logs(struct explain *x, const struct run *run, json_t *list)
{
	json_t *document = NULL;
	const json_t *faults = NULL;
	size_t i = 0;

	read_log(x, run, RUN_LOG_LINUX);
	read_log(x, run, RUN_LOG_SECURE);
	relate_end(x);
	document = explain_json(x);
	faults = json_object_get(document, "faults");
	for (i = 0; i < json_array_size(faults); i++)
		if (counts(json_array_get(faults, i)))
			take(list, json_array_get(faults, i));
	json_decref(document);
}

json_t *run_explained(const struct run *run)
{
	char *tree = run_path(run, "host.dtb");
	struct explain_board *board = run->has_board ? explain_board_open(tree, NULL, 0) : NULL;
	struct explain x = { .board = board };
	json_t *list = json_array();

	if (explain_begin(&x))
		explain_logs(&x, run, list);
	explain_end(&x);
	explain_board_close(board);
	free(tree);
	return list;
}

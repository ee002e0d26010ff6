/* SPDX-License-Identifier: BSD-2-Clause */
/* A run's directory, as boards/virt/run leaves it: what is there, what is not, and what can be made of it. Everything in it is untrusted. */
#ifndef PILOT_TOOL_REPORT_RUN_H
#define PILOT_TOOL_REPORT_RUN_H

#include <jansson.h>

#include "draw/plan.h"
#include "pilot.h"
#include "trace/trace.h"

/** enum run_log - the logs that a run has */
enum run_log { RUN_LOG_SECURE, RUN_LOG_LINUX, RUN_LOGS };

/**
 * struct run - all of it
 * @directory: its name
 * @result:   result.json, an object; NULL: not there
 * @log:      mapped; @data NULL: not there
 * @has_board: host.dtb was read: then @tree, @model and @plan are filled
 * @has_trace: trace.bin was read
 * @images:   what the run was given, and what the tool finds in it: array of objects, docs/schema/report.json
 * @refusals: what was refused, each once, with how often: likewise
 * @explained: faults in Linux's log, and what they mean: likewise
 * @missing:  what the page has to do without: array of {"file", "why"}
 */
struct run {
	const char *directory;
	json_t *result;
	struct file log[RUN_LOGS];
	char *log_path[RUN_LOGS];
	bool has_board;
	struct tree tree;
	struct board_model model;
	struct plan plan;
	bool has_trace;
	struct trace trace;
	json_t *images;
	json_t *refusals;
	json_t *explained;
	json_t *missing;
};

/** run_read() - read what there is; false after a complaint: it is no directory, or has nothing of a run. run_free() in any case */
bool run_read(struct run *run, const char *directory);
void run_free(struct run *run);

/** run_log_name() - "secure.log", "linux.log" */
const char *run_log_name(enum run_log log);

/** run_path() - DIRECTORY/NAME in fresh memory; ends the program when there is none */
char *run_path(const struct run *run, const char *name);

/** run_lacks() - the page will say that @file is missing, and why that is */
void run_lacks(struct run *run, const char *file, const char *why);

/** run_images() - what the run was given; a new reference */
json_t *run_images(struct run *run);

/** run_refusals() - what its logs say was refused; a new reference */
json_t *run_refusals(const struct run *run);

/** run_explained() - what Linux's log says of remote processors that went wrong; a new reference */
json_t *run_explained(const struct run *run);

/** run_text() - a string of an object, or "" */
const char *run_text(const json_t *object, const char *key);

/** run_steps() - its steps, an array, or NULL; run_passed() - how many of them ended well */
const json_t *run_steps(const struct run *run);
size_t run_passed(const struct run *run);

#endif

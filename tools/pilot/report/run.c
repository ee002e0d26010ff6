/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/run.h"

char *run_path(const struct run *run, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", run->directory, name) < 0) {
		complain(run->directory, "out of memory");
		exit(STATUS_TROUBLE);
	}
	return path;
}

void run_lacks(struct run *run, const char *file, const char *why)
{
	json_array_append_new(run->missing, json_pack("{s:s, s:s}", "file", file, "why", why));
}

/* what the file system says of a file that cannot be used, in words for somebody who reads a page */
static const char *absence(int error)
{
	return error == ENOENT ? "not there" : file_error(error);
}

static void read_result(struct run *run)
{
	char *path = run_path(run, "result.json");
	json_error_t error = { 0 };
	struct file file = { 0 };
	char *why = NULL;

	if (!file_map(&file, path)) {
		run_lacks(run, "result.json", absence(errno));
	} else {
		run->result = json_loadb((const char *)file.data, file.size, 0, &error);
		if (!json_is_object(run->result)) {
			if (asprintf(&why, "not JSON: line %d: %s", error.line, error.text) < 0)
				why = NULL;
			run_lacks(run, "result.json", run->result ? "no object" : why ? why : "not JSON");
			json_decref(run->result);
			run->result = NULL;
			free(why);
		}
		file_close(&file);
	}
	free(path);
}

static void read_logs(struct run *run)
{
	int i = 0;

	for (i = 0; i < RUN_LOGS; i++) {
		run->log_path[i] = run_path(run, run_log_name((enum run_log)i));
		if (!file_map(&run->log[i], run->log_path[i]))
			run_lacks(run, run_log_name((enum run_log)i), absence(errno));
	}
}

static void read_board(struct run *run)
{
	char *path = run_path(run, "host.dtb");

	if (access(path, R_OK)) {
		run_lacks(run, "host.dtb", absence(errno));
	} else if (!tree_open(&run->tree, path, NULL, 0)) {
		run_lacks(run, "host.dtb", "not a device tree that can be read");
	} else if (!model_read(&run->model, &run->tree)) {
		run_lacks(run, "host.dtb", "no board can be made of it");
		tree_close(&run->tree);
	} else {
		plan_make(&run->plan, &run->model);
		run->has_board = true;
	}
	free(path);
}

static void read_trace(struct run *run)
{
	char *path = run_path(run, "trace.bin");

	if (access(path, R_OK))
		run_lacks(run, "trace.bin", absence(errno));
	else if (!(run->has_trace = trace_read(&run->trace, path)))
		run_lacks(run, "trace.bin", "not a trace that can be read");
	free(path);
}

bool run_read(struct run *run, const char *directory)
{
	struct stat st = { 0 };

	*run = (struct run){ .directory = directory, .missing = json_array() };
	if (access(directory, R_OK) || stat(directory, &st)) {
		complain(directory, "cannot be looked at: %s", strerror(errno));
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		complain(directory, "not a directory; 'make run' leaves one, build/run");
		return false;
	}
	if (access(directory, R_OK | X_OK)) {
		complain(directory, "cannot be read: %s", strerror(errno));
		return false;
	}
	read_result(run);
	read_logs(run);
	if (!run->result && !run->log[RUN_LOG_SECURE].data && !run->log[RUN_LOG_LINUX].data) {
		complain(directory, "the directory has neither result.json nor a log: no run has left anything here");
		return false;
	}
	read_board(run);
	read_trace(run);
	run->images = run_images(run);
	run->refusals = run_refusals(run);
	run->explained = run_explained(run);
	return true;
}

void run_free(struct run *run)
{
	int i = 0;

	for (i = 0; i < RUN_LOGS; i++) {
		file_close(&run->log[i]);
		free(run->log_path[i]);
	}
	if (run->has_board) {
		plan_free(&run->plan);
		model_free(&run->model);
		tree_close(&run->tree);
	}
	if (run->has_trace)
		trace_free(&run->trace);
	json_decref(run->result);
	json_decref(run->images);
	json_decref(run->refusals);
	json_decref(run->explained);
	json_decref(run->missing);
	*run = (struct run){ 0 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot report: a run as a page for a browser. */
#include <stdlib.h>
#include <unistd.h>

#include "report/page.h"
#include "report/run.h"

static const char help[] =
	"Makes one HTML page of what a run of 'make run' has left: the steps with their times and what was\n"
	"observed, a timeline from the firmware's trace, every refusal with its reason, what Linux's log\n"
	"says of faults and what that means, the images with their signers and the result of every check,\n"
	"maps of the board's addresses and streams, and the logs. The page needs nothing else: no network,\n"
	"no script, no other file; its own policy forbids them. What a directory lacks is named at the top\n"
	"of the page, and on standard error.\n"
	"\n"
	"options:\n"
	"  -o, --output HTML    file to write; without it the page goes to standard output\n"
	"      --json           print a JSON document with what is on the page; without --output, no page\n"
	"  -h, --help           this text\n"
	"\n"
	"examples:\n"
	"  pilot report build/run -o report.html\n"
	"  pilot report --json build/run | jq '.refusals[].reason'\n"
	"\n"
	"exit status: 0 written; 1 written, but something is missing; 2 usage, no directory of a run, or a\n"
	"file that cannot be written.\n";

static json_t *trace_json(const struct run *run)
{
	if (!run->has_trace)
		return json_null();
	return json_pack("{s:o, s:o}", "events", json_u64(run->trace.count), "lost", json_u64(run->trace.lost));
}

static json_t *board_json(const struct run *run)
{
	const struct board_model *m = &run->model;

	if (!run->has_board)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", m->board, "regions", json_u64(m->region_count), "streams",
			 json_u64(m->stream_count), "iommus", json_u64(m->iommu_count), "peripherals",
			 json_u64(m->peripheral_count));
}

/* what the record says of the machine; null where it is something else than it should be */
static json_t *machine_json(const struct run *run)
{
	static const struct {
		const char *key;
		json_type type;
	} keys[] = {
		{ "arrangement", JSON_STRING }, { "kernel", JSON_STRING }, { "qemu", JSON_STRING },
		{ "cpu", JSON_STRING },		{ "smp", JSON_INTEGER },   { "remote_cores", JSON_INTEGER },
		{ "memory", JSON_INTEGER },
	};
	json_t *machine = json_object();
	size_t i = 0;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(run->result, keys[i].key);

		json_object_set_new(machine, keys[i].key,
				    value && json_typeof(value) == keys[i].type ? json_incref(value) : json_null());
	}
	return machine;
}

/* the keys that a step has, whatever else is in the record */
static json_t *steps_json(const json_t *steps)
{
	json_t *list = json_array();
	size_t i = 0;

	for (i = 0; i < json_array_size(steps); i++) {
		const json_t *step = json_array_get(steps, i);
		double seconds = json_number_value(json_object_get(step, "seconds"));

		json_array_append_new(list,
				      json_pack("{s:s, s:b, s:f, s:s}", "name", run_text(step, "name"), "ok",
						json_is_true(json_object_get(step, "ok")), "seconds",
						seconds > 0 ? seconds : 0.0, "observed", run_text(step, "observed")));
	}
	return list;
}

static json_t *document(const struct run *run, const char *output)
{
	const json_t *steps = run_steps(run);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:O, s:O, s:O, s:o, s:o, s:O}", "directory",
			 json_name(run->directory), "page", output ? json_name(output) : json_null(), "machine",
			 machine_json(run), "steps", steps_json(steps), "passed", json_u64(run_passed(run)), "failed",
			 json_u64(json_array_size(steps) - run_passed(run)), "images", run->images, "refusals",
			 run->refusals, "explained", run->explained, "board", board_json(run), "trace", trace_json(run),
			 "missing", run->missing);
}

static bool store(const struct buffer *page, const char *output)
{
	if (page->failed) {
		complain(output, "out of memory for the page");
		return false;
	}
	if (output)
		return output_whole(output, 0644, page->data, page->size);
	if (fwrite(page->data, 1, page->size, stdout) == page->size)
		return true;
	complain(NULL, "cannot write to standard output");
	return false;
}

static void say_missing(const struct run *run)
{
	size_t i = 0;

	for (i = 0; i < json_array_size(run->missing); i++) {
		const json_t *entry = json_array_get(run->missing, i);

		complain(run->directory, "%s: %s", run_text(entry, "file"), run_text(entry, "why"));
	}
}

static int report(const struct run *run, const char *output, bool json)
{
	int status = json_array_size(run->missing) ? STATUS_REFUSED : STATUS_OK;
	struct buffer page = { 0 };

	say_missing(run);
	if (output || !json) {
		page_make(&page, run);
		if (!store(&page, output))
			status = STATUS_TROUBLE;
		free(page.data);
	}
	return json && status != STATUS_TROUBLE ? json_finish(document(run, output), status) : status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const char *output = NULL;
	struct run of = { 0 };
	int status = STATUS_OK;
	bool json = false;

	if (!command_options(cmd, argc, argv, &output, &json, &status))
		return status;
	if (argc - optind != 1)
		return command_usage_error(cmd, argc == optind
							? "DIR is missing: the directory of a run, such as build/run"
							: "one DIR, please");
	status = run_read(&of, argv[optind]) ? report(&of, output, json) : STATUS_TROUBLE;
	run_free(&of);
	return status;
}

const struct command command_report = {
	"report", "", "make a page of what a run has left", "[-o HTML] [--json] DIR", help, run,
};

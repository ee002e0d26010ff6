/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board streams: the rows, and the command. */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "board/board.h"
#include "board/streams.h"
#include "pilot.h"

static const char help[] =
	"Prints every StreamID of a device tree's IOMMUs: who owns it, by which property, and what becomes\n"
	"of it at boot in each arrangement: owner (the host is at EL2 and owns the IOMMU), guest (Pilot's\n"
	"hypervisor does), tee (the host owns the IOMMU, a service of the TEE its processors).\n"
	"\n"
	"options:\n"
	"      --overlay FILE        lay FILE (.dtbo, .dtso) over the tree first; may be repeated\n"
	"      --inherited FILE      what boot firmware left in stream-match registers; pilot-board(1)\n"
	"                            describes the file\n"
	"      --arrangement NAME    owner, guest or tee alone\n"
	"      --json                print a JSON document; docs/schema/board-streams.json describes it\n"
	"  -h, --help                this text\n"
	"\n"
	"examples:\n"
	"  pilot board streams lemans-evk-el2.dtb --arrangement owner\n"
	"  pilot board streams hamoa-iot-evk-el2.dtb --inherited registers.txt\n"
	"  pilot board streams --json talos.dtb | jq '.streams[] | select(.owner == null)'\n"
	"\n"
	"exit status: 0 shown; 2 usage, no device tree, or a file that cannot be read.\n";

const char *stream_fate_name(enum stream_fate fate)
{
	static const char *const names[STREAM_FATES] = {
		[FATE_ABORT] = "abort",		  [FATE_BYPASS] = "bypass",   [FATE_IDENTITY] = "identity",
		[FATE_TRANSLATED] = "translated", [FATE_REFUSED] = "refused", [FATE_SECURE] = "secure",
		[FATE_UNMANAGED] = "unmanaged",	  [FATE_UNKNOWN] = "unknown",
	};

	return fate < STREAM_FATES ? names[fate] : "unknown";
}

const char *streams_arrangement_name(enum streams_arrangement arrangement)
{
	static const char *const names[STREAMS_ARRANGEMENTS] = {
		[STREAMS_OWNER] = "owner",
		[STREAMS_GUEST] = "guest",
		[STREAMS_TEE] = "tee",
	};

	return arrangement < STREAMS_ARRANGEMENTS ? names[arrangement] : "all";
}

const char *streams_text(struct streams *s, const char *format, ...)
{
	char text[300] = "";
	char *copy = NULL;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = pool_alloc(&s->pool, strlen(text) + 1);
	return strcpy(copy, text);
}

const char *stream_owner_text(struct streams *s, const struct stream *stream)
{
	const struct peripheral *p = NULL;

	if (!stream)
		return "nobody";
	if (stream->peripheral == MODEL_NONE)
		return board_unit_name(stream->path);
	p = &s->model->peripherals[stream->peripheral];
	if (stream->node == p->node)
		return p->name;
	return streams_text(s, "%s: %s", p->name, board_unit_name(stream->path));
}

static struct stream_row *add_row(struct streams *s)
{
	s->rows = pool_grow(&s->pool, s->rows, s->count, sizeof(*s->rows));
	return &s->rows[s->count++];
}

static bool is_same(const struct stream_row *row, const struct inherited_group *g)
{
	return row->iommu == g->iommu && row->sid == g->sid && row->mask == g->mask && row->count == 1;
}

static const struct inherited_group *group_of(const struct streams *s, const struct stream_row *row)
{
	for (unsigned int i = 0; i < s->group_count; i++) {
		const struct inherited_group *g = &s->groups[i];

		if (g->iommu == row->iommu && row->count == 1 && !(row->mask & ~g->mask) &&
		    !((row->sid ^ g->sid) & ~g->mask & 0xffff))
			return g;
	}
	return NULL;
}

/* a row for every register of boot firmware's that is not exactly some node's stream */
static void add_inherited(struct streams *s)
{
	for (unsigned int i = 0; i < s->group_count; i++) {
		const struct inherited_group *g = &s->groups[i];
		bool found = false;

		for (unsigned int k = 0; k < s->count && !found; k++)
			found = is_same(&s->rows[k], g);
		if (!found)
			*add_row(s) = (struct stream_row){
				.iommu = g->iommu, .sid = g->sid, .mask = g->mask, .count = 1, .group = g
			};
	}
}

/* the rows' places in the tree decide what Linux finds first: they are sorted only when that is known */
static int by_sid(const void *a, const void *b)
{
	const struct stream_row *x = a, *y = b;

	if (x->iommu != y->iommu)
		return x->iommu < y->iommu ? -1 : 1;
	if (x->sid != y->sid)
		return x->sid < y->sid ? -1 : 1;
	return (x->mask > y->mask) - (x->mask < y->mask);
}

void streams_work_out(struct streams *s, const struct board_model *m)
{
	s->model = m;
	for (unsigned int i = 0; i < m->stream_count; i++) {
		const struct stream *stream = &m->streams[i];
		struct stream_row *row = add_row(s);

		*row = (struct stream_row){ .iommu = stream->iommu,
					    .sid = stream->sid & ~stream->mask,
					    .mask = stream->mask,
					    .count = stream->count,
					    .stream = stream };
		row->group = group_of(s, row);
	}
	add_inherited(s);
	streams_fate_linux(s, STREAMS_OWNER);
	streams_fate_hypervisor(s);
	streams_fate_linux(s, STREAMS_TEE);
	if (s->count)
		qsort(s->rows, s->count, sizeof(*s->rows), by_sid);
}

void streams_free(struct streams *s)
{
	pool_free(&s->pool);
	*s = (struct streams){ 0 };
}

/** struct options - the command line; @only: STREAMS_ARRANGEMENTS for all */
struct options {
	const char *inherited;
	enum streams_arrangement only;
	bool json;
};

static bool choose_arrangement(const struct command *cmd, const char *name, struct options *o, int *status)
{
	for (o->only = STREAMS_OWNER; o->only < STREAMS_ARRANGEMENTS; o->only++)
		if (!strcmp(name, streams_arrangement_name(o->only)))
			return true;
	*status = command_usage_error(cmd, "arrangement '%s': owner, guest or tee", name);
	return false;
}

static bool read_options(const struct command *cmd, int argc, char **argv, struct board *b, struct options *o,
			 int *status)
{
	static const struct option table[] = {
		{ "overlay", required_argument, NULL, 'O' },
		{ "inherited", required_argument, NULL, 'i' },
		{ "arrangement", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	*status = STATUS_TROUBLE;
	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h' || c == '?') {
			*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
			return false;
		}
		if ((c == 'O' && !board_overlay(b, optarg)) ||
		    (c == 'a' && !choose_arrangement(cmd, optarg, o, status)))
			return false;
		o->inherited = c == 'i' ? optarg : o->inherited;
		o->json |= c == 'j';
	}
	if (argc - optind != 1) {
		*status = command_usage_error(cmd, optind == argc ? "DTB is missing" : "one DTB at a time");
		return false;
	}
	return true;
}

static int show(const struct board *b, const struct options *o)
{
	struct streams s = { 0 };
	int status = STATUS_OK;

	if (o->inherited && !streams_read_inherited(&s, &b->model, o->inherited)) {
		streams_free(&s);
		return STATUS_TROUBLE;
	}
	streams_work_out(&s, &b->model);
	if (o->json)
		status = json_finish(streams_json(&s, o->only), STATUS_OK);
	else
		streams_print(&s, o->only);
	streams_free(&s);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options o = { .only = STREAMS_ARRANGEMENTS };
	struct board b = { 0 };
	int status = STATUS_OK;

	if (!read_options(cmd, argc, argv, &b, &o, &status))
		return status;
	if (!board_load(&b, argv[optind]))
		return STATUS_TROUBLE;
	status = show(&b, &o);
	board_release(&b);
	return status;
}

const struct command command_board_streams = {
	"board",
	"streams",
	"whose the StreamIDs of a device tree are, and what becomes of them",
	"[--overlay FILE]... [--inherited FILE] [--arrangement NAME] [--json] DTB",
	help,
	run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot dump show: what is in the core file of a crashed remote processor. */
#include <getopt.h>

#include "dump/dump.h"

static const char help[] =
	"Says what is in the core file that Linux makes of a crashed remote processor's memory:\n"
	"each region with its address, its size and whether anything is in it; the processor's last\n"
	"words, as far as its memory has them; registers, where the program kept them. Says, too,\n"
	"what a locked carve-out and the debug policy let the host see at all. A file that is cut\n"
	"off, or that lies about itself, is shown as far as it goes.\n"
	"\n"
	"Linux gives such a file where 'enabled' or 'inline' was written to\n"
	"/sys/class/remoteproc/remoteprocN/coredump before the crash, for five minutes, as\n"
	"/sys/class/devcoredump/devcdN/data.\n"
	"\n"
	"options:\n"
	"      --board DTB        name the regions by the reserved memory of this device tree\n"
	"      --overlay DTBO     laid over it; repeatable\n"
	"      --secure-log FILE  show what Pilot's secure log says about the end, beside it\n"
	"      --json             print a JSON document; pilot-dump(1) has its keys\n"
	"  -h, --help             this text\n"
	"\n"
	"examples:\n"
	"  cat /sys/class/devcoredump/devcd1/data >adsp.core\n"
	"  pilot dump show adsp.core --board /sys/firmware/fdt\n"
	"  pilot dump show --json adsp.core | jq -r '.last_words[].text'\n"
	"\n"
	"exit status: 0 shown; 1 shown, and the file is cut off or contradicts itself; 2 usage, no core\n"
	"file, or a file that cannot be read\n";

/** struct options - of the command line */
struct options {
	const char *board;
	const char *overlay[DUMP_OVERLAYS];
	unsigned int overlays;
	const char *log;
	bool json;
};

static void complain_problems(const struct core *core)
{
	unsigned int i = 0;

	for (i = 0; i < core->problems && i < CORE_PROBLEMS; i++)
		complain(core->file.path, "%s", core->problem[i]);
	if (core->problems > CORE_PROBLEMS)
		complain(core->file.path, "and %u more", core->problems - CORE_PROBLEMS);
}

static int report(struct dump *d, bool json)
{
	int status = d->core.problems ? STATUS_REFUSED : STATUS_OK;

	last_words_find(&d->words, &d->core);
	dump_notes_find(d);
	if (json)
		status = json_finish(dump_json(d), status);
	else
		dump_print(d);
	complain_problems(&d->core);
	return status;
}

static int show(const char *path, const struct options *opt)
{
	static struct dump d;
	int status = STATUS_TROUBLE;

	d = (struct dump){ .has_log = false };
	if (!core_open(&d.core, path))
		return STATUS_TROUBLE;
	if ((!opt->board || dump_board_open(&d, opt->board, opt->overlay, opt->overlays)) &&
	    (!opt->log || secure_log_read(&d.log, opt->log))) {
		d.has_log = opt->log != NULL;
		status = report(&d, opt->json);
	}
	dump_board_close(&d);
	core_close(&d.core);
	return status;
}

static bool take(struct options *opt, int c)
{
	switch (c) {
	case 'b':
		opt->board = optarg;
		return true;
	case 'o':
		if (opt->overlays == DUMP_OVERLAYS)
			return false;
		opt->overlay[opt->overlays++] = optarg;
		return true;
	case 'l':
		opt->log = optarg;
		return true;
	default:
		opt->json = true;
		return c == 'j';
	}
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "board", required_argument, NULL, 'b' },
		{ "overlay", required_argument, NULL, 'o' },
		{ "secure-log", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { 0 };
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (c == '?')
			return command_usage_error(cmd, NULL);
		if (!take(&opt, c))
			return command_usage_error(cmd, "more than %u overlays", DUMP_OVERLAYS);
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "CORE is missing" : "one CORE at a time");
	if (opt.overlays && !opt.board)
		return command_usage_error(cmd, "--overlay needs --board");
	return show(argv[optind], &opt);
}

const struct command command_dump_show = {
	"dump",
	"show",
	"say what is in the core file of a crashed remote processor",
	"CORE [--board DTB [--overlay DTBO]...] [--secure-log FILE] [--json]",
	help,
	run,
};

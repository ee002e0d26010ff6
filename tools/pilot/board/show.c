/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board show: remote processors and other users of firmware in a device tree. */
#include <getopt.h>

#include "board/board.h"
#include "pilot.h"

static const char help[] =
	"Prints every remote processor and every other user of signed firmware (video, camera, GPU, IP\n"
	"accelerator, wireless network) of a device tree: who starts it, firmware, PAS ids, carve-outs,\n"
	"IOMMU streams, interrupts, clocks, power domains, mailboxes, resets. DTB is a .dtb, or a .dts\n"
	"that the program dtc can compile.\n"
	"\n"
	"options:\n"
	"      --overlay FILE   lay FILE (.dtbo, .dtso) over the tree first; may be repeated\n"
	"      --all            disabled nodes, too, and all reserved memory\n"
	"      --json           print a JSON document; docs/schema/board-show.json describes it\n"
	"  -h, --help           this text\n"
	"\n"
	"examples:\n"
	"  pilot board show lemans-evk.dtb\n"
	"  pilot board show lemans-evk.dtb --overlay lemans-el2.dtbo\n"
	"  pilot board show --json x1e80100-crd.dtb | jq '.peripherals[] | {name, pas}'\n"
	"\n"
	"exit status: 0 shown; 2 usage, no device tree, or a file that cannot be read.\n";

/** struct options - the command line */
struct options {
	bool all;
	bool json;
};

static bool read_options(const struct command *cmd, int argc, char **argv, struct board *b, struct options *o,
			 int *status)
{
	static const struct option table[] = {
		{ "overlay", required_argument, NULL, 'O' },
		{ "all", no_argument, NULL, 'a' },
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
		if (c == 'O' && !board_overlay(b, optarg))
			return false;
		o->all |= c == 'a';
		o->json |= c == 'j';
	}
	if (argc - optind != 1) {
		*status = command_usage_error(cmd, optind == argc ? "DTB is missing" : "one DTB at a time");
		return false;
	}
	return true;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options o = { 0 };
	struct board b = { 0 };
	int status = STATUS_OK;

	if (!read_options(cmd, argc, argv, &b, &o, &status))
		return status;
	if (!board_load(&b, argv[optind]))
		return STATUS_TROUBLE;
	status = STATUS_OK;
	if (o.json)
		status = json_finish(board_show_json(&b.model, o.all), STATUS_OK);
	else
		board_show_text(&b.model, o.all);
	board_release(&b);
	return status;
}

const struct command command_board_show = {
	"board",
	"show",
	"remote processors of a device tree, and what they use",
	"[--overlay FILE]... [--all] [--json] DTB",
	help,
	run,
};

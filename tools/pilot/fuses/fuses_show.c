/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot fuses show: what a fuse block says. */
#include <getopt.h> /* optind */

#include <pilot/fuses.h>

#include "pilot.h"

static const char help[] = "Prints what a fuse block (from 'pilot fuses new') says.\n"
			   "\n"
			   "options:\n"
			   "      --json  print a JSON document: file, soc, jtag, oem, model, serial, life,\n"
			   "              debug, root_hashes, root_states; container_key and\n"
			   "              loose_containers where there is such a key\n"
			   "  -h, --help  this text\n"
			   "\n"
			   "example:\n"
			   "  pilot fuses show fuses.bin\n"
			   "\n"
			   "exit status: 0 shown; 2 usage, not a fuse block, or a file that cannot be read\n";

static int show(const char *path, bool json)
{
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int failed = 0;

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	failed = pil_fuses_parse(file.data, file.size, &device, &why);
	if (!failed)
		failed = pil_fuses_keys_parse(file.data, file.size, &device, &why);
	file_close(&file);
	if (failed) {
		complain_why(path, &why);
		return STATUS_TROUBLE;
	}
	return fuses_report(path, &device, json);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	bool json = false;
	int status = STATUS_OK;

	if (!command_options(cmd, argc, argv, NULL, &json, &status))
		return status;
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	return show(argv[optind], json);
}

const struct command command_fuses_show = {
	"fuses", "show", "print what a fuse block says", "[--json] FILE", help, run,
};

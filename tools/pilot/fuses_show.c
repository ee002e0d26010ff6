/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot fuses show: what a fuse block says. */
#include <getopt.h>

#include <pilot/fuses.h>

#include "pilot.h"

static const char help[] =
	"Prints what a fuse block (from 'pilot fuses new') says.\n"
	"\n"
	"options:\n"
	"      --json  print a JSON document: file, soc, jtag, oem, model, serial, root_hashes\n"
	"  -h, --help  this text\n"
	"\n"
	"example:\n"
	"  pilot fuses show fuses.bin\n"
	"\n"
	"exit status: 0 shown; 2 usage, not a fuse block, or a file that cannot be read\n";

static void print_text(const char *path, const struct pil_device *device)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";
	unsigned int i = 0;

	printf("%s%s%s: fuse block\n", paint(PAINT_TITLE), path, paint(PAINT_OFF));
	printf("  SoC     0x%x\n  chip    0x%x\n  OEM     0x%x\n  model   0x%x\n  serial  0x%llx\n", device->soc_version,
	       device->jtag_id, device->oem_id, device->model_id, (unsigned long long)device->serial);
	for (i = 0; i < device->root_count; i++)
		printf("  root %u  %s\n", i, hex(digits, device->root_hash[i], PIL_ROOT_HASH_SIZE));
}

static json_t *to_json(const char *path, const struct pil_device *device)
{
	json_t *roots = json_array();
	unsigned int i = 0;

	for (i = 0; i < device->root_count; i++)
		json_array_append_new(roots, json_bytes(device->root_hash[i], PIL_ROOT_HASH_SIZE));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "file", path, "soc", json_hex64(device->soc_version),
			 "jtag", json_hex64(device->jtag_id), "oem", json_hex64(device->oem_id), "model",
			 json_hex64(device->model_id), "serial", json_hex64(device->serial), "root_hashes", roots);
}

int fuses_print(const char *path, const void *data, size_t size, bool json)
{
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };

	if (pil_fuses_parse(data, size, &device, &why)) {
		complain_why(path, &why);
		return STATUS_TROUBLE;
	}
	if (json)
		return json_finish(to_json(path, &device), STATUS_OK);
	print_text(path, &device);
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct file file = { 0 };
	bool json = false;
	int status = STATUS_OK;
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (c != 'j')
			return command_usage_error(cmd, NULL);
		json = true;
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	if (!file_open(&file, argv[optind]))
		return STATUS_TROUBLE;
	status = fuses_print(file.path, file.data, file.size, json);
	file_close(&file);
	return status;
}

const struct command command_fuses_show = {
	"fuses", "show", "print what a fuse block says", "[--json] FILE", help, run,
};

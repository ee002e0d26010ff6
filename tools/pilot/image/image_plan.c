/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image plan: where the segments of an image, or of a container's images, would go in a given carve-out. */
#include <getopt.h>

#include "image/formats.h"
#include "image/load_plan.h"
#include "image/pieces.h"

static const char help[] =
	"Says where the segments of FILE (an image, a .mdt, a container or a plain ELF file) go when it\n"
	"is loaded into a carve-out: which bytes come from the file, which are zeroed, what lies between, what\n"
	"overlaps and what does not fit, by the names of the reasons that the secure world's log\n"
	"has. A relocatable image goes to the start of the carve-out, another one to its own\n"
	"addresses.\n"
	"\n"
	"options:\n"
	"      --carveout ADDR,SIZE  memory that the image gets, for example 0x95c00000,0x1e00000\n"
	"      --json                print a JSON document: file, fits, carveout, relocatable,\n"
	"                            lowest, span, left, entry, segments, problems; of a container\n"
	"                            file, kind, fits, carveout, images, overlaps\n"
	"  -h, --help                this text\n"
	"\n"
	"examples:\n"
	"  pilot image plan adsp.mbn --carveout 0x95c00000,0x1e00000\n"
	"  pilot image plan m4.sign --carveout 0x10000000,0x60000\n"
	"\n"
	"exit status: 0 it fits; 1 it does not; 2 usage, not an ELF file, or a file that cannot be\n"
	"read\n";

static int plan_image(const char *path, struct pil_range where, bool json)
{
	static struct load_plan plan;
	struct file file = { 0 };
	struct pil_why why = { 0 };
	int status = STATUS_OK;

	plan = (struct load_plan){ .where = where, .parts = piece_is_mdt(path) };
	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	if (pil_elf_parse(file.data, file.size, &plan.elf, &why)) {
		complain_why(path, &why);
		file_close(&file);
		return STATUS_TROUBLE;
	}
	load_plan_make(&plan);
	status = plan.fits ? STATUS_OK : STATUS_REFUSED;
	if (json) {
		json_t *found = json_pack("{s:o, s:o}", "file", json_name(path), "carveout", json_range(where));
		json_t *rest = load_plan_json(&plan);

		json_object_update(found, rest);
		json_decref(rest);
		status = json_finish(found, status);
	} else {
		load_plan_print(&plan, path);
	}
	file_close(&file);
	return status;
}

static bool take_carveout(struct pil_range *where)
{
	uint64_t list[2] = { 0 };

	if (parse_list(optarg, UINT64_MAX, list, 2) != 2 || !list[1])
		return false;
	*where = (struct pil_range){ .base = list[0], .size = list[1] };
	return !pil_range_wraps(*where);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "carveout", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const struct image_format *format = NULL;
	struct pil_range where = { 0 };
	bool json = false;
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (c == 'c' && !take_carveout(&where))
			return command_usage_error(cmd, "--carveout takes ADDR,SIZE that do not wrap round, not '%s'",
						   optarg);
		if (c != 'c' && c != 'j')
			return command_usage_error(cmd, NULL);
		json |= c == 'j';
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	if (!where.size)
		return command_usage_error(cmd, "--carveout ADDR,SIZE is missing");
	format = image_format_of(argv[optind]);
	return (format ? format->plan : plan_image)(argv[optind], where, json);
}

const struct command command_image_plan = {
	"image", "plan", "say where an image's segments go in memory", "FILE --carveout ADDR,SIZE [--json]", help, run,
};

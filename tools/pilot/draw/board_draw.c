/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board draw: addresses and streams of a board as a picture. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "draw/draw.h"
#include "pilot.h"

static const char help[] =
	"Draws what a device tree says about memory and DMA: on the left all reserved memory, low\n"
	"addresses first, with who uses each region; on the right every IOMMU with all of its StreamIDs and\n"
	"which node has which. A remote processor has the same colour in both. DTB is a device tree, as .dtb\n"
	"or, through the program dtc, as .dts.\n"
	"\n"
	"The picture is SVG: browsers show it, in light or dark as the screen is, and say more about what\n"
	"the mouse rests on. It needs no font, script or network.\n"
	"\n"
	"options:\n"
	"  -o, --output SVG     file to write; without it the picture goes to standard output\n"
	"      --overlay DTBO   lay this overlay over the tree first; may be repeated\n"
	"      --json           print a JSON document that says what is in the picture; needs --output\n"
	"  -h, --help           this text\n"
	"\n"
	"examples:\n"
	"  pilot board draw lemans-evk-el2.dtb -o map.svg\n"
	"  pilot board draw x1e80100-crd.dtb --overlay x1-el2.dtbo -o map.svg\n"
	"  pilot board draw /sys/firmware/fdt > map.svg\n"
	"\n"
	"exit status: 0 drawn; 2 usage, or a file that is no device tree, or cannot be read or written.\n";

/** struct options - of the command line */
struct options {
	const char *tree;
	const char *output;
	const char *overlays[TREE_OVERLAYS];
	unsigned int overlay_count;
	bool json;
};

static json_t *owner_json(const struct owner *owner)
{
	return json_pack("{s:s, s:s, s:b, s:b, s:o, s:o}", "name", owner->name, "path", owner->path, "peripheral",
			 owner->peripheral != MODEL_NONE, "enabled", owner->enabled, "regions",
			 json_u64(owner->regions), "streams", json_u64(owner->streams));
}

static int report(const struct options *o, const struct plan *p)
{
	const struct board_model *m = p->model;
	json_t *owners = NULL;
	unsigned int i = 0;

	if (!o->json)
		return STATUS_OK;
	owners = json_array();
	for (i = 0; i < p->owner_count; i++)
		json_array_append_new(owners, owner_json(&p->owners[i]));
	return json_finish(json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "file", json_name(o->tree), "picture",
				     json_name(o->output), "board", m->board, "regions", json_u64(m->region_count),
				     "streams", json_u64(m->stream_count), "iommus", json_u64(m->iommu_count), "owners",
				     owners),
			   STATUS_OK);
}

static bool store(const struct options *o, const struct buffer *svg)
{
	if (svg->failed) {
		complain(o->tree, "out of memory for the picture");
		return false;
	}
	if (o->output)
		return output_whole(o->output, 0644, svg->data, svg->size);
	if (fwrite(svg->data, 1, svg->size, stdout) == svg->size)
		return true;
	complain(NULL, "cannot write to standard output");
	return false;
}

static int draw(const struct options *o, const struct board_model *m)
{
	struct buffer svg = { 0 };
	struct plan plan = { 0 };
	int status = STATUS_TROUBLE;

	plan_make(&plan, m);
	draw_board(&svg, &plan, o->tree);
	if (store(o, &svg))
		status = report(o, &plan);
	free(svg.data);
	plan_free(&plan);
	return status;
}

static int draw_file(const struct options *o)
{
	struct board_model model = { 0 };
	struct tree tree = { 0 };
	int status = STATUS_TROUBLE;

	if (!tree_open(&tree, o->tree, o->overlays, o->overlay_count))
		return STATUS_TROUBLE;
	if (model_read(&model, &tree)) {
		status = draw(o, &model);
		model_free(&model);
	}
	tree_close(&tree);
	return status;
}

static bool take_overlay(const struct command *cmd, struct options *o, int *status)
{
	if (o->overlay_count == TREE_OVERLAYS) {
		*status = command_usage_error(cmd, "more than %u overlays", TREE_OVERLAYS);
		return false;
	}
	o->overlays[o->overlay_count++] = optarg;
	return true;
}

static bool take_option(const struct command *cmd, int c, struct options *o, int *status)
{
	switch (c) {
	case 'o':
		o->output = optarg;
		return true;
	case 'j':
		o->json = true;
		return true;
	case 'y':
		return take_overlay(cmd, o, status);
	default:
		*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
		return false;
	}
}

static bool read_options(const struct command *cmd, int argc, char **argv, struct options *o, int *status)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "overlay", required_argument, NULL, 'y' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	while ((c = getopt_long(argc, argv, "o:h", table, NULL)) != -1)
		if (!take_option(cmd, c, o, status))
			return false;
	*status = STATUS_TROUBLE;
	if (argc - optind != 1)
		command_usage_error(cmd, argc == optind ? "DTB is missing" : "one DTB, please");
	else if (o->json && !o->output)
		command_usage_error(cmd, "--json needs --output: both would go to standard output");
	else
		*status = STATUS_OK;
	o->tree = argv[optind];
	return *status == STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options options = { 0 };
	int status = STATUS_OK;

	return read_options(cmd, argc, argv, &options, &status) ? draw_file(&options) : status;
}

const struct command command_board_draw = {
	"board", "draw", "draw the addresses and streams of a device tree", "[-o SVG] [--overlay DTBO]... [--json] DTB",
	help,	 run,
};

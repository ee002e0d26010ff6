/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image split: one file becomes .mdt and .bNN; all of them appear, or none. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "image/formats.h"
#include "image/pieces_split.h"

static const char help[] =
	"Takes FILE apart: NAME.mdt gets ELF header, program headers and hash segment, NAME.bNN the\n"
	"bytes of program header NN, as Linux's mdt_loader reads them. Bytes that belong to no\n"
	"program header (behind the last segment, or between two and not zero) go to NAME.rest, so\n"
	"that 'pilot image join' makes the same file again, byte for byte. All files appear\n"
	"together, or none.\n"
	"\n"
	"options:\n"
	"  -o, --output DIR   directory that the files go to, which must exist (default: here)\n"
	"      --name NAME    what they are called (default: FILE without directory and ending)\n"
	"      --force        replace a set of this name that is there\n"
	"      --json         print a JSON document: file, pieces (name and size of each)\n"
	"  -h, --help         this text\n"
	"\n"
	"examples:\n"
	"  pilot image split adsp.mbn -o /lib/firmware/qcom\n"
	"  pilot image split adsp.mbn --name dsp\n"
	"\n"
	"exit status: 0 written; 1 refused: a segment ends past the end of the file, or there is a\n"
	"set of this name; 2 usage, not an ELF file, or a file that cannot be read or written\n";

struct options {
	const char *input;
	const char *dir;
	const char *name;
	bool force;
	bool json;
};

static bool make_stem(struct split *s, const struct options *opt)
{
	const char *base = base_name(s->input);
	const char *dot = strrchr(base, '.');
	int length = (int)(dot && dot != base ? (size_t)(dot - base) : strlen(base));

	if (opt->name) {
		base = opt->name;
		length = (int)strlen(opt->name);
	}
	if (asprintf(&s->stem, "%s%s%.*s", opt->dir ? opt->dir : "", opt->dir ? "/" : "", length, base) < 0) {
		s->stem = NULL;
		complain(NULL, "out of memory");
	}
	return s->stem != NULL;
}

static int report(const struct split *s, bool json)
{
	json_t *pieces = json_array();
	unsigned int i = 0;

	for (i = 0; i < s->outputs; i++)
		json_array_append_new(
			pieces, json_pack("{s:o, s:o}", "name", json_name(s->path[i]), "size", json_u64(s->size[i])));
	if (json)
		return json_finish(json_pack("{s:o, s:o}", "file", json_name(s->input), "pieces", pieces), STATUS_OK);
	json_decref(pieces);
	printf("%s: %u files written, %s.mdt and its pieces\n", s->input, s->outputs, s->stem);
	return STATUS_OK;
}

static int split(const struct options *opt)
{
	static struct split s;
	int status = STATUS_OK;

	s = (struct split){ .input = opt->input, .force = opt->force };
	if (!file_open(&s.file, opt->input) || !make_stem(&s, opt))
		status = STATUS_TROUBLE;
	if (!status)
		status = pieces_split(&s);
	if (!status)
		status = report(&s, opt->json);
	pieces_split_free(&s);
	return status;
}

static bool take_option(struct options *opt, int c)
{
	switch (c) {
	case 'o':
		opt->dir = optarg;
		return true;
	case 'n':
		opt->name = optarg;
		return true;
	case 'f':
		opt->force = true;
		return true;
	case 'j':
		opt->json = true;
		return true;
	default:
		return false;
	}
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' }, { "name", required_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },	    { "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
	};
	const struct image_format *format = NULL;
	struct options opt = { 0 };
	int c = 0;

	while ((c = getopt_long(argc, argv, "o:h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (!take_option(&opt, c))
			return command_usage_error(cmd, NULL);
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	if (opt.name && (!*opt.name || strchr(opt.name, '/')))
		return command_usage_error(cmd, "--name takes a name without directory, not '%s'", opt.name);
	opt.input = argv[optind];
	format = image_format_of(opt.input);
	return format ? image_format_refuse(format, opt.input, "split") : split(&opt);
}

const struct command command_image_split = {
	"image", "split", "take an image apart into .mdt and .bNN", "FILE [-o DIR] [--name NAME] [--force] [--json]",
	help,	 run,
};

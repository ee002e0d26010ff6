/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image join: .mdt and .bNN become one file again; whatever does not fit together is an error. */
#include <getopt.h> /* optind */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/pieces_join.h"

static const char help[] =
	"Puts NAME.mdt and its NAME.bNN together to one file. Every program header that has bytes\n"
	"needs its .bNN, of exactly its size; the .mdt must hold the same headers and the same hash\n"
	"segment as they do; a .bNN that no program header asks for is refused. NAME.rest, where\n"
	"'pilot image split' left one, brings the bytes that belong to no program header. The file\n"
	"appears under its name only when it is complete.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE  where to\n"
	"      --json         print a JSON document: file, size, pieces (how many were read)\n"
	"  -h, --help         this text\n"
	"\n"
	"example:\n"
	"  pilot image join m3_fw.mdt -o m3_fw.mbn\n"
	"\n"
	"exit status: 0 written; 1 refused: the pieces do not fit together; 2 usage, not a .mdt, or\n"
	"a file that cannot be read or written, or is missing\n";

static int report(const struct join *j, const char *output, bool json)
{
	if (json)
		return json_finish(json_pack("{s:o, s:o, s:i}", "file", json_name(output), "size", json_u64(j->end),
					     "pieces", (int)j->files),
				   STATUS_OK);
	printf("%s: %" PRIu64 " bytes from %s and %u pieces\n", output, j->end, j->input, j->files);
	return STATUS_OK;
}

static int join(struct join *j, const char *output, bool json)
{
	struct output out = { .fd = -1 };
	int status = STATUS_TROUBLE;

	if (output_begin(&out, output, 0644))
		status = pieces_join(j, &out);
	if (!status && !output_commit(&out))
		status = STATUS_TROUBLE;
	if (status)
		output_abort(&out);
	else
		status = report(j, output, json);
	pieces_join_free(j);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static struct join j;
	const char *output = NULL;
	bool json = false;
	int status = STATUS_OK;

	j = (struct join){ 0 };
	if (!command_options(cmd, argc, argv, &output, &json, &status))
		return status;
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "NAME.mdt is missing" : "one set at a time");
	if (!output)
		return command_usage_error(cmd, "-o FILE is missing");
	j.input = argv[optind];
	if (!piece_is_mdt(j.input))
		return command_usage_error(cmd, "the set is named by its .mdt, not by '%s'", j.input);
	return join(&j, output, json);
}

const struct command command_image_join = {
	"image", "join", "put .mdt and .bNN together to one file", "NAME.mdt -o FILE [--json]", help, run,
};

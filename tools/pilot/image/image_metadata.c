/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image metadata: what Linux hands to INIT_IMAGE, as a file. */
#include <getopt.h> /* optind */
#include <inttypes.h>
#include <string.h>

#include <pilot/image.h>

#include "image/formats.h"

static const char help[] =
	"Writes the bytes of FILE that a host hands to the secure world's INIT_IMAGE: ELF header and\n"
	"program headers, directly followed by the hash segment. A .mdt is that already, and comes\n"
	"out as it is.\n"
	"\n"
	"options:\n"
	"  -o, --output MD    where to\n"
	"      --json         print a JSON document: file, size, headers, hash_segment (bytes)\n"
	"  -h, --help         this text\n"
	"\n"
	"example:\n"
	"  pilot image metadata adsp.mbn -o adsp.md\n"
	"\n"
	"exit status: 0 written; 1 refused: the hash segment cannot be read; 2 usage, not an ELF\n"
	"file, or a file that cannot be read or written\n";

struct options {
	const char *input;
	const char *output;
	bool json;
};

/* headers and hash segment of @image, wherever the segment is */
static int write_metadata(const struct options *opt, const struct pil_image *image)
{
	size_t headers = pil_elf_headers_end(&image->elf);
	struct output out = { .fd = -1 };

	if (!output_begin(&out, opt->output, 0644))
		return STATUS_TROUBLE;
	if (!output_write(&out, 0, image->elf.data, headers) ||
	    !output_write(&out, headers, image->mbn.segment.data, image->mbn.segment.size)) {
		output_abort(&out);
		return STATUS_TROUBLE;
	}
	if (!output_commit(&out))
		return STATUS_TROUBLE;
	if (opt->json)
		return json_finish(json_pack("{s:o, s:o, s:o, s:o}", "file", json_name(opt->output), "size",
					     json_u64(headers + image->mbn.segment.size), "headers", json_u64(headers),
					     "hash_segment", json_u64(image->mbn.segment.size)),
				   STATUS_OK);
	printf("%s: %zu bytes, headers %zu and hash segment %zu\n", opt->output, headers + image->mbn.segment.size,
	       headers, image->mbn.segment.size);
	return STATUS_OK;
}

/* a .mdt ends where its hash segment ends; in a whole file other segments follow */
static bool is_metadata(const struct file *file, struct pil_image *image)
{
	return !pil_image_from_metadata(file->data, file->size, image, NULL) &&
	       pil_elf_headers_end(&image->elf) + image->mbn.segment.size == file->size;
}

static int metadata(const struct options *opt)
{
	struct pil_image image = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int status = STATUS_OK;

	if (!file_open(&file, opt->input))
		return STATUS_TROUBLE;
	if (pil_elf_parse(file.data, file.size, &elf, &why))
		status = STATUS_TROUBLE;
	else if (!is_metadata(&file, &image) && pil_image_from_file(file.data, file.size, &image, &why))
		status = STATUS_REFUSED;
	if (status)
		complain_why(opt->input, &why);
	else
		status = write_metadata(opt, &image);
	file_close(&file);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const struct image_format *format = NULL;
	struct options opt = { 0 };
	int status = STATUS_OK;

	if (!command_options(cmd, argc, argv, &opt.output, &opt.json, &status))
		return status;
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s", optind == argc ? "FILE is missing" : "one FILE at a time");
	if (!opt.output)
		return command_usage_error(cmd, "-o MD is missing");
	opt.input = argv[optind];
	format = image_format_of(opt.input);
	return format ? image_format_refuse(format, opt.input, "metadata") : metadata(&opt);
}

const struct command command_image_metadata = {
	"image", "metadata", "write what INIT_IMAGE gets", "FILE -o MD [--json]", help, run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images in pieces, and back. The first byte chooses: 0, the rest is a file that is taken apart and must come back as it
 * was; otherwise the rest is a set of pieces, each with a byte for its name and its length in two bytes, and where they
 * fit together, the file must have all of them in it.
 */
#include <string.h>

#include "../../tools/pilot/bytes.h"
#include "../../tools/pilot/image/formats.h"
#include "../../tools/pilot/image/pieces.h"
#include "fuzz_tool.h"

extern const struct command command_image_split;
extern const struct command command_image_join;

static int split(const char *file, const char *name)
{
	char words[4][16] = { "split", "--json", "--name", "" };
	char input[16] = "";
	char stem[16] = "";
	char *argv[] = { words[0], words[1], words[2], stem, input, NULL };

	snprintf(stem, sizeof(stem), "%s", name);
	snprintf(input, sizeof(input), "%s", file);
	return fuzz_run(&command_image_split, argv);
}

static int join(const char *mdt, const char *file)
{
	char words[3][16] = { "join", "--json", "-o" };
	char input[16] = "";
	char output[16] = "";
	char *argv[] = { words[0], words[1], words[2], output, input, NULL };

	snprintf(input, sizeof(input), "%s", mdt);
	snprintf(output, sizeof(output), "%s", file);
	return fuzz_run(&command_image_join, argv);
}

static void expect_same(const char *a, const char *b)
{
	const struct fuzz_file *x = fuzz_file_get(a);
	const struct fuzz_file *y = fuzz_file_get(b);

	FUZZ_CHECK(x && y && x->size == y->size && !memcmp(x->data, y->data, x->size));
}

static unsigned int count_files(void)
{
	unsigned int count = 0;

	while (fuzz_file_at(count))
		count++;
	return count;
}

static void round_trip(const uint8_t *data, size_t size)
{
	fuzz_file_put("in", data, size);
	if (split("in", "x")) {
		FUZZ_CHECK(count_files() == 1);
		return;
	}
	FUZZ_CHECK(!join("x.mdt", "out"));
	expect_same("in", "out");
}

/* file x.b00, x.b01, ..., x.mdt or x.rest; returns the bytes of @data that were used, 0 at the end */
static size_t put_piece(const uint8_t *data, size_t size)
{
	char name[16] = "x.mdt";
	size_t length = 0;

	if (size < 3)
		return 0;
	length = (size_t)data[1] | (size_t)data[2] << 8;
	length = length < size - 3 ? length : size - 3;
	if (data[0] == 0xfe)
		strcpy(name, "x.rest");
	else if (data[0] != 0xff)
		snprintf(name, sizeof(name), "x.b%02u", data[0]);
	fuzz_file_put(name, data + 3, length);
	return 3 + length;
}

static void join_pieces(const uint8_t *data, size_t size)
{
	unsigned int files = 0;
	unsigned int i = 0;
	size_t used = 0;

	while ((used = put_piece(data, size))) {
		data += used;
		size -= used;
	}
	files = count_files();
	if (join("x.mdt", "out")) {
		FUZZ_CHECK(count_files() == files);
		return;
	}
	FUZZ_CHECK(!split("out", "y"));
	for (i = 0; i < files; i++) {
		const char *name = fuzz_file_at(i)->name;
		char other[16] = "y";

		/* only what is in no segment may be written down in several ways */
		strcpy(other + 1, name + 1);
		if (strcmp(name, "x.rest"))
			expect_same(name, other);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && !data[0])
		round_trip(data + 1, size - 1);
	else if (size)
		join_pieces(data + 1, size - 1);
	fuzz_files_remove();
	free(fuzz_document);
	fuzz_document = NULL;
	return 0;
}

/* take the place of tools/pilot/formats.c: here everything is an MBN image */
const struct image_format *image_format_of(const char *path)
{
	FUZZ_CHECK(path);
	return NULL;
}

int image_format_refuse(const struct image_format *format, const char *path, const char *command)
{
	FUZZ_CHECK(!format && !path && !command);
	return STATUS_TROUBLE;
}

/* takes the place of tools/pilot/pieces_find.c */
bool pieces_find(const char *stem, char ***names)
{
	const struct fuzz_file *file = NULL;
	size_t length = strlen(stem);
	unsigned int found = 0;
	unsigned int i = 0;

	*names = calloc(FUZZ_FILES + 1, sizeof(**names));
	FUZZ_CHECK(*names);
	for (i = 0; (file = fuzz_file_at(i)); i++) {
		if (strncmp(file->name, stem, length) || !piece_is_ending(file->name + length))
			continue;
		(*names)[found] = strdup(file->name);
		FUZZ_CHECK((*names)[found++]);
	}
	return true;
}

void pieces_free(char **names)
{
	unsigned int i = 0;

	for (i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

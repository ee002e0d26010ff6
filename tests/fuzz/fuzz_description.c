/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptions of resource tables, in JSON: what is built from one is in order, and from what `pilot rsc show --json` says
 * of it the same table is built again.
 */
#include <string.h>

#include <pilot/rsc_table.h>

#include "fuzz_tool.h"

extern const struct command command_rsc_build;
extern const struct command command_rsc_show;

static int build(const char *description, const char *file)
{
	char words[3][16] = { "build", "--json", "-o" };
	char input[16] = "";
	char output[16] = "";
	char *argv[] = { words[0], words[1], words[2], output, input, NULL };

	snprintf(input, sizeof(input), "%s", description);
	snprintf(output, sizeof(output), "%s", file);
	return fuzz_run(&command_rsc_build, argv);
}

static int show(const char *file)
{
	char words[2][16] = { "show", "--json" };
	char input[16] = "";
	char *argv[] = { words[0], words[1], input, NULL };

	snprintf(input, sizeof(input), "%s", file);
	return fuzz_run(&command_rsc_show, argv);
}

static void check_built(void)
{
	const struct fuzz_file *one = fuzz_file_get("one");
	const struct fuzz_file *two = NULL;

	FUZZ_CHECK(one && !pil_rsc_check_firmware(one->data, one->size, NULL));
	FUZZ_CHECK(!show("one"));
	fuzz_file_put("again", fuzz_document, strlen(fuzz_document));
	FUZZ_CHECK(!build("again", "two"));
	one = fuzz_file_get("one");
	two = fuzz_file_get("two");
	FUZZ_CHECK(two && one->size == two->size && !memcmp(one->data, two->data, one->size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_file_put("text", data, size);
	if (!build("text", "one"))
		check_built();
	fuzz_files_remove();
	free(fuzz_document);
	fuzz_document = NULL;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Core files of remote processors: whatever is in one, what is shown of it lies in the file, and is printable. */
#include <string.h>

#include "../../tools/pilot/dump/dump.h"
#include "fuzz_tool.h"

extern const struct command command_dump_show;

/* device trees have targets of their own */
bool dump_board_open(struct dump *d, const char *path, const char *const *overlays, unsigned int count)
{
	(void)d;
	(void)path;
	(void)overlays;
	(void)count;
	abort();
}

void dump_board_close(struct dump *d)
{
	(void)d;
}

struct dump_owner dump_owner(const struct dump *d, const struct core_region *region)
{
	(void)d;
	(void)region;
	return (struct dump_owner){ .region = NULL };
}

static void check_text(const char *text)
{
	for (; *text; text++)
		FUZZ_CHECK(*text >= 0x20 && *text < 0x7f);
}

static void check_region(const struct core *core, const struct core_region *r)
{
	FUZZ_CHECK(r->present <= r->size || !r->present);
	FUZZ_CHECK(!r->present || (r->data >= core->file.data && r->present <= core->file.size &&
				   (size_t)(r->data - core->file.data) <= core->file.size - r->present));
	FUZZ_CHECK(r->used <= r->present);
	check_text(r->name);
}

static void check_words(const struct core *core, const struct last_words *words)
{
	unsigned int i = 0;

	FUZZ_CHECK(words->count <= WORDS_MAX && words->lines <= PIL_NOTE_LINES);
	for (i = 0; i < words->count; i++) {
		FUZZ_CHECK(words->words[i].region < core->count);
		check_text(words->words[i].text);
	}
	for (i = 0; i < words->lines; i++)
		check_text(words->line[i]);
}

static void check_log(const uint8_t *data, size_t size)
{
	static struct secure_log log;
	unsigned int i = 0;

	fuzz_file_put("log", data, size);
	FUZZ_CHECK(secure_log_read(&log, "log") && log.lines <= LINES_MAX);
	for (i = 0; i < log.lines; i++)
		check_text(log.line[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct last_words words;
	char argv[3][16] = { "show", "--json", "core" };
	char *args[] = { argv[0], argv[1], argv[2], NULL };
	struct core core = { 0 };
	unsigned int i = 0;

	fuzz_file_put("core", data, size);
	if (core_open(&core, "core")) {
		for (i = 0; i < core.count; i++)
			check_region(&core, &core.region[i]);
		last_words_find(&words, &core);
		check_words(&core, &words);
		core_close(&core);
	}
	(void)fuzz_complaints();
	(void)fuzz_run(&command_dump_show, args);
	check_log(data, size);
	fuzz_files_remove();
	free(fuzz_document);
	fuzz_document = NULL;
	return 0;
}

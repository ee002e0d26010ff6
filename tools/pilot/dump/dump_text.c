/* SPDX-License-Identifier: BSD-2-Clause */
/* "pilot dump show" for people. */
#include <inttypes.h>
#include <string.h>

#include "dump/dump.h"
#include "image/image_info.h"

#define PERCENT 100u

static void print_title(const struct core *core)
{
	static const char *const kinds[] = {
		[CORE_EMPTY] = "no memory",
		[CORE_SEGMENTS] = "program headers",
		[CORE_SECTIONS] = "named sections",
	};
	const char *machine = machine_name(core->machine);
	char number[24] = "";
	char text[200] = "";

	/* 0 is what Linux's driver for the PAS gives */
	snprintf(number, sizeof(number), core->machine ? "machine %u" : "no machine named", core->machine);
	printf("%s%s%s: ", paint(PAINT_TITLE), core->file.path, paint(PAINT_OFF));
	snprintf(text, sizeof(text), "core file, ELF%d, %s, entry 0x%" PRIx64 ", %zu bytes, %u region%s, %s",
		 core->is64 ? 64 : 32, machine ? machine : number, core->entry, core->file.size, core->count,
		 core->count == 1 ? "" : "s", kinds[core->kind]);
	text_wrap_at(stdout, (unsigned int)strlen(core->file.path) + 2, 2, text, strlen(text));
}

static void print_contents(const struct core_region *r)
{
	switch (r->contents) {
	case CONTENTS_NONE:
		printf("%snot in the file%s", paint(PAINT_BAD), paint(PAINT_OFF));
		break;
	case CONTENTS_ZERO:
		printf("%sall zero%s", paint(PAINT_DIM), paint(PAINT_OFF));
		break;
	case CONTENTS_ONES:
		printf("%sall 0xff%s", paint(PAINT_WARN), paint(PAINT_OFF));
		break;
	case CONTENTS_PATTERN:
		printf("%s0x%08" PRIx32 " again and again%s", paint(PAINT_WARN), r->word, paint(PAINT_OFF));
		break;
	default:
		if (r->used >= r->present / PERCENT)
			printf("%" PRIu64 " %% not zero", r->used / (r->present / PERCENT + 1));
		else
			printf("%" PRIu64 " bytes not zero", r->used);
		break;
	}
}

static void print_region(const struct dump *d, const struct core_region *r)
{
	struct dump_owner owner = dump_owner(d, r);

	printf("  %3u  0x%08" PRIx64 "  %10" PRIu64 " bytes  ", r->index, r->address, r->size);
	print_contents(r);
	if (r->present && r->present < r->size)
		printf(", %s%" PRIu64 " bytes are missing%s", paint(PAINT_BAD), r->size - r->present, paint(PAINT_OFF));
	putchar('\n');
	if (*r->name || owner.region)
		printf("       %s%s%s", *r->name ? "\"" : "", r->name, *r->name ? "\"" : "");
	if (owner.region)
		printf("%s%s%s%s%s", *r->name ? "  " : "", owner.path, owner.peripheral ? ", of " : "",
		       owner.peripheral ? owner.peripheral : "", "");
	if (*r->name || owner.region)
		putchar('\n');
}

static void print_where(const struct words *w)
{
	switch (w->source) {
	case WORDS_NOTE:
		printf("the program's note, 0x%" PRIx64 ":\n", w->address);
		break;
	case WORDS_SMEM:
		printf("SMEM item %u, 0x%" PRIx64 ":\n", w->item, w->address);
		break;
	default:
		printf("string at 0x%" PRIx64 ":\n", w->address);
		break;
	}
}

static void print_lines(const char *title, const char *lines, size_t step, unsigned int count)
{
	unsigned int i = 0;

	if (count)
		printf("%s%s%s\n", paint(PAINT_TITLE), title, paint(PAINT_OFF));
	for (i = 0; i < count; i++)
		text_wrap("  ", 6, lines + i * step);
}

static void print_words(const struct last_words *words)
{
	unsigned int i = 0;

	if (words->count)
		printf("%slast words%s\n", paint(PAINT_TITLE), paint(PAINT_OFF));
	for (i = 0; i < words->count; i++) {
		printf("  ");
		print_where(&words->words[i]);
		text_wrap("      ", 6, words->words[i].text);
	}
	if (words->hidden)
		printf("  and %u more\n", words->hidden);
	print_lines("lines that the program logged, newest last", words->line[0], sizeof(words->line[0]), words->lines);
}

static void print_registers(const struct last_words *words)
{
	unsigned int columns = text_width() >= 100 ? 4 : text_width() >= 76 ? 3 : 1;
	unsigned int i = 0;

	if (!words->has_note || words->cause != PIL_NOTE_FATAL)
		return;
	printf("%sregisters%s, as the program kept them\n  pc  %016" PRIx64 "  sp  %016" PRIx64 "\n",
	       paint(PAINT_TITLE), paint(PAINT_OFF), words->pc, words->sp);
	for (i = 0; i < PIL_NOTE_X; i++)
		printf("  x%-2u %016" PRIx64 "%s", i, words->x[i],
		       i % columns == columns - 1 || i + 1 == PIL_NOTE_X ? "\n" : "");
}

void dump_print(const struct dump *d)
{
	unsigned int i = 0;

	print_title(&d->core);
	for (i = 0; i < d->core.count; i++)
		print_region(d, &d->core.region[i]);
	print_words(&d->words);
	print_registers(&d->words);
	if (d->has_log)
		print_lines("from the secure log", d->log.line[0], sizeof(d->log.line[0]), d->log.lines);
	if (d->has_log && !d->log.lines)
		printf("the secure log says nothing about the end of a processor\n");
	if (d->notes)
		printf("%snotes%s\n", paint(PAINT_TITLE), paint(PAINT_OFF));
	for (i = 0; i < d->notes; i++)
		text_wrap("  - ", 4, d->note[i].text);
}

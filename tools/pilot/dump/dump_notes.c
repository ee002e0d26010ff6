/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dump can show and what it cannot: locked carve-outs, the debug policy, minidumps, files that are cut off. */
#include "dump/dump.h"

static void add(struct dump *d, bool when, const char *id, const char *text)
{
	if (when && d->notes < DUMP_NOTES)
		d->note[d->notes++] = (struct dump_note){ id, text };
}

/* how many regions have such contents */
static unsigned int count(const struct core *core, enum contents contents)
{
	unsigned int found = 0;
	unsigned int i = 0;

	for (i = 0; i < core->count; i++)
		found += core->region[i].contents == contents;
	return found;
}

static void add_contents(struct dump *d)
{
	const struct core *core = &d->core;
	unsigned int data = count(core, CONTENTS_DATA);
	unsigned int zero = count(core, CONTENTS_ZERO);

	add(d, zero && !data, "cleared",
	    "Nothing but zeros. Linux reads the memory for a dump after the secure world has stopped the processor, and a secure "
	    "world clears the memory before it gives it back. Pilot's does, unless the debug policy in the device's fuses has "
	    "\"coredump\" (pilot fuses new --debug coredump) and it saw the crash itself, of a program that it had accepted. The "
	    "reason of the crash is in the kernel's log all the same (\"fatal error received\"), and in the secure log.");
	add(d, count(core, CONTENTS_ONES), "not-mapped",
	    "Nothing but 0xff: Linux writes that for memory that it could not reach (\"invalid copy request\" in the kernel's "
	    "log). The address is not in the carve-out that the driver has mapped.");
	add(d, data, "locked",
	    "While the processor runs, its carve-out is locked: a read by the host is refused, or shows what the host itself has "
	    "put there. Where what runs is a copy in secure memory, as on Pilot's board virt, the carve-out never held it; the "
	    "secure world puts the copy there after a crash if the debug policy in the fuses has \"coredump\", and zeros if not. "
	    "What is not zero here is therefore what the host was allowed to see.");
}

void dump_notes_find(struct dump *d)
{
	const struct core *core = &d->core;

	add(d, !core->count && !core->problems, "no-memory",
	    "There is no memory in this file. With a TEE that gives no dump of the processor's own memory, and where nothing is "
	    "shared, nothing is left to show.");
	add(d, core->missing, "cut-off",
	    "The file ends before what its headers promise. Linux drops a dump five minutes after the crash, or when anything is "
	    "written to it: copy /sys/class/devcoredump/devcdN/data at once, and in one go.");
	add_contents(d);
	add(d, core->kind == CORE_SECTIONS, "minidump",
	    "A minidump: only the regions that the table in SMEM (item 602) lists are in it, by the names that are there.");
	add(d, d->words.has_note && d->words.cause == PIL_NOTE_RUNNING, "no-complaint",
	    "The program did not say that anything was wrong: something stopped it, for instance an access that was refused, or "
	    "its watchdog. The secure log (--secure-log) says what.");
	add(d, d->words.count && d->words.words[0].source == WORDS_STRING, "strings",
	    "These strings are in the memory; whether the firmware ever said them is not known.");
	add(d, !d->words.count && !d->words.has_note && count(core, CONTENTS_DATA), "no-words",
	    "No last words were found. The kernel's log has the reason that the processor left in SMEM (\"fatal error "
	    "received\", \"watchdog received\").");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer for people: one block for each fault, the summary last. */
#include <inttypes.h>
#include <string.h>

#include "explain/explain.h"
#include "pilot.h"

#define INDENT 11 /* of what follows "  Why:     " */

/* number of a fault's block; 0: it has none of its own */
static unsigned int block_of(const struct explain *x, uint32_t index)
{
	unsigned int number = 0;
	uint32_t i = 0;

	for (i = 0; i <= index; i++)
		number += fault_stands_alone(x, &x->faults[i]);
	return fault_stands_alone(x, &x->faults[index]) ? number : 0;
}

/* "  Why:     text", the label only at the first of several */
static void print_item(const char *label, const char *text)
{
	char first[INDENT + 1] = "";

	snprintf(first, sizeof(first), "  %-*s", INDENT - 2, label);
	text_wrap(first, INDENT, text);
}

/* the same for text that is meant for a document: without its backquotes */
static void print_plain(const char *label, const char *text)
{
	char plain[800] = "";
	size_t i = 0;

	for (i = 0; text[i] && i + 1 < sizeof(plain); i++)
		plain[i] = text[i] == '`' ? '\'' : text[i];
	print_item(label, plain);
}

static void print_numbered(const char *label, unsigned int number, const char *text)
{
	char first[INDENT + 8] = "";
	int length = snprintf(first, sizeof(first), "  %-*s%u. ", INDENT - 2, label, number);

	text_wrap(first, (unsigned int)length, text);
}

static void print_when(const struct explain *x, const struct fault *f)
{
	char text[400] = "";
	const char *slash = strrchr(x->source_name[f->source], '/');
	const char *name = x->sources < 2 ? NULL : slash ? slash + 1 : x->source_name[f->source];
	bool timed = *f->first.text && *f->last.text;

	if (f->count == 1)
		snprintf(text, sizeof(text), "once%s%s, line %" PRIu64 "%s%s", timed ? " at " : "", f->first.text,
			 f->first_line, name ? " of " : "", name ? name : "");
	else
		snprintf(text, sizeof(text), "%" PRIu64 " times%s%s%s%s, lines %" PRIu64 " to %" PRIu64 "%s%s",
			 f->count, timed ? ", " : "", f->first.text, timed ? " to " : "", f->last.text, f->first_line,
			 f->last_line, name ? " of " : "", name ? name : "");
	print_item("When:", text);
}

static void print_sample(const struct fault *f)
{
	printf("%s", paint(PAINT_DIM));
	text_wrap("  ", 4, f->sample);
	printf("%s", paint(PAINT_OFF));
}

static void print_stream(const struct fault *f)
{
	char text[300] = "";
	int n = snprintf(text, sizeof(text), "stream 0x%" PRIx64, f->sid);

	if (*f->client && n > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " of %s", f->client);
	if (*f->access && n > 0 && (size_t)n < sizeof(text))
		n += snprintf(text + n, sizeof(text) - (size_t)n, "; %s%s", f->access,
			      f->reads && f->writes ? " (reads and writes)" : "");
	if (!strncmp(f->detail, "substream", 9) && n > 0 && (size_t)n < sizeof(text))
		snprintf(text + n, sizeof(text) - (size_t)n, "; %s", f->detail);
	print_item("Who:", text);
}

static void print_address(const struct fault *f)
{
	char text[NAME_LENGTH * (FAULT_REGIONS + 2)] = "";
	unsigned int i = 0;
	int n = f->low == f->high ? snprintf(text, sizeof(text), "0x%" PRIx64, f->low)
				  : snprintf(text, sizeof(text), "0x%" PRIx64 " to 0x%" PRIx64, f->low, f->high);

	for (i = 0; i < f->regions && n > 0; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s", i ? "; " : ", in ", f->region[i]);
	print_item("Address:", text);
}

/* "             TF        translation: the address is not mapped" */
static void print_bit(const struct bit *bit, uint64_t value)
{
	char first[INDENT + 40] = "";
	char text[200] = "";
	int length = 0;

	if (!bit_text(bit, value, text, sizeof(text)))
		return;
	length = snprintf(first, sizeof(first), "%*s%-9s ", INDENT + 2, "", bit->name);
	text_wrap(first, (unsigned int)length, text);
}

static void print_registers(const struct fault *f)
{
	unsigned int i = 0;
	const struct bit *bit = NULL;

	for (i = 0; i < f->registers; i++) {
		printf("  %-*s0x%08" PRIx64 "\n", INDENT - 2, f->reg[i].name, f->reg[i].value);
		for (bit = f->reg[i].bits; bit && bit->mask; bit++)
			print_bit(bit, f->reg[i].value);
	}
}

/* "running again at 4.102688" behind what followed */
static void print_follows(const struct explain *x, const struct fault *f)
{
	char text[1200] = "";
	size_t n = 0;
	unsigned int i = 0;

	for (i = 0; i < f->leads; i++) {
		const struct fault *next = &x->faults[f->leads_to[i]];
		unsigned int block = block_of(x, f->leads_to[i]);
		char number[24] = "";

		if (block)
			snprintf(number, sizeof(number), "%u: ", block);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%s", n ? "; " : "", number,
				      block ? next->entry->title : next->sample);
		if (n >= sizeof(text))
			break;
	}
	if (f->recovered_line > f->last_line && n < sizeof(text))
		snprintf(text + n, sizeof(text) - n, "%srunning again%s%s", n ? "; " : "",
			 *f->recovered.text ? " at " : "", f->recovered.text);
	if (*text)
		print_item("Then:", text);
}

/* numbers of the blocks in which the secure world says why; false: it does not */
static bool print_secure(const struct explain *x, const struct fault *f)
{
	char text[600] = "the secure world says why: ";
	size_t n = strlen(text);
	unsigned int i = 0;

	for (i = 0; i < f->whys && n < sizeof(text); i++) {
		const struct fault *why = &x->faults[f->why[i]];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u (%s)", i ? ", " : "", block_of(x, f->why[i]),
				      why->reason != PIL_R_NONE ? reason_name(why->reason) : why->entry->title);
	}
	if (i)
		print_item("Why:", text);
	return i > 0;
}

static void print_before(const struct explain *x, const struct fault *f)
{
	char text[200] = "";

	if (f->cause == NO_FAULT)
		return;
	snprintf(text, sizeof(text), "%s %u: %s", f->guessed ? "perhaps" : "most likely", block_of(x, f->cause),
		 x->faults[f->cause].entry->title);
	print_item("After:", text);
}

static void print_advice(const struct entry *entry)
{
	unsigned int i = 0;

	for (i = 0; i < EXPLAIN_CAUSES && entry->cause[i]; i++)
		print_numbered(i ? "" : "Why:", i + 1, entry->cause[i]);
	for (i = 0; i < EXPLAIN_REMEDIES && entry->remedy[i]; i++)
		print_numbered(i ? "" : "Try:", i + 1, entry->remedy[i]);
}

/* "2. adsp: what happened [row]" */
static void print_headline(const struct explain *x, uint32_t index)
{
	const struct fault *f = &x->faults[index];
	char number[16] = "";
	char text[320] = "";
	size_t length = 0;

	snprintf(number, sizeof(number), "%u. ", block_of(x, index));
	fault_headline(f, text, sizeof(text));
	length = strlen(text);
	snprintf(text + length, sizeof(text) - length, " [%s]", f->entry->id);
	printf("%s", paint(PAINT_TITLE));
	text_wrap(number, (unsigned int)strlen(number), text);
	printf("%s", paint(PAINT_OFF));
}

static void print_fault(const struct explain *x, uint32_t index)
{
	const struct fault *f = &x->faults[index];
	struct reason_help help = { 0 };
	char text[320] = "";
	bool reasoned = reason_help(f->reason, &help);

	print_headline(x, index);
	print_sample(f);
	print_when(x, f);
	if (f->has_sid)
		print_stream(f);
	if (f->has_address)
		print_address(f);
	print_registers(f);
	if (fault_code_text(f, text, sizeof(text)))
		print_item("Number:", text);
	if (*f->image)
		print_item("Image:", f->image);
	print_plain("Means:", reasoned ? help.meaning : f->entry->meaning);
	print_before(x, f);
	if (!print_secure(x, f) && !reasoned)
		print_advice(f->entry);
	print_follows(x, f);
	putchar('\n');
}

/* all faults of one row in one item */
static void print_harmless_row(const struct explain *x, uint32_t first)
{
	const struct fault *f = &x->faults[first];
	char text[600] = "";
	uint64_t count = 0;
	uint32_t i = 0;

	for (i = 0; i < x->count; i++) {
		if (x->faults[i].entry != f->entry)
			continue;
		if (i < first)
			return;
		count += x->faults[i].count;
	}
	snprintf(text, sizeof(text), "%s%s: %s", f->sample, count > 1 ? " (and the like)" : "", f->entry->meaning);
	text_wrap("  - ", 4, text);
}

static void print_harmless(const struct explain *x)
{
	uint32_t i = 0;
	bool begun = false;

	for (i = 0; i < x->count; i++) {
		if (x->faults[i].entry->kind != KIND_HARMLESS || !x->faults[i].count)
			continue;
		if (!begun)
			printf("%sLooks bad and is not:%s\n", paint(PAINT_TITLE), paint(PAINT_OFF));
		begun = true;
		print_harmless_row(x, i);
	}
	if (begun)
		putchar('\n');
}

void explain_print(const struct explain *x)
{
	char text[240] = "";
	uint32_t i = 0;

	for (i = 0; i < x->count; i++)
		if (fault_stands_alone(x, &x->faults[i]))
			print_fault(x, i);
	print_harmless(x);
	explain_summary(x, text, sizeof(text));
	text_wrap("", 0, text);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel stamps its messages with a clock that begins when it finds its timer. The guest's program trace-clock prints how that clock and
 * the counter belong together (boards/virt/guest/clock); a log may be that of several kernels, one after the other, each with its own.
 */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "pilot.h"
#include "trace/trace_log.h"

#define FIRST_LINE "Booting Linux on physical CPU"
#define CLOCK_LINE "pilot-clock: counter "
#define KERNELS	   64u
#define US_MOST	   (UINT64_MAX / 4000u)
#define NS	   1000000000ull

/** struct kernel - one of the kernels: its clock's 0 in nanoseconds of the counter, and by how much that may be off */
struct kernel {
	bool known;
	uint64_t zero;
	uint64_t within;
};

/** struct reader - where we are */
struct reader {
	struct kernel kernels[KERNELS];
	unsigned int kernel;
	struct buffer lines; /* struct dated */
};

/** struct dated - a message with its kernel's stamp */
struct dated {
	unsigned int kernel;
	uint64_t us;
	const char *text;
	size_t length;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* a number at @*at, which moves behind it */
static bool take_number(const char **at, const char *end, uint64_t most, uint64_t *value)
{
	const char *p = *at;

	*value = 0;
	while (p < end && is_digit(*p)) {
		if (*value > (most - 9) / 10)
			return false;
		*value = *value * 10 + (uint64_t)(*p++ - '0');
	}
	if (p == *at)
		return false;
	*at = p;
	return true;
}

static bool take_word(const char **at, const char *end, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(end - *at) < length || memcmp(*at, word, length))
		return false;
	*at += length;
	return true;
}

/* "[    1.234567] " or with the task behind it, "[    1.234567][    T1] " */
static bool take_stamp(const char **at, const char *end, uint64_t *us)
{
	const char *p = *at, *digits = NULL;
	uint64_t seconds = 0, micro = 0;

	if (!take_word(&p, end, "["))
		return false;
	while (p < end && *p == ' ')
		p++;
	if (!take_number(&p, end, US_MOST / 1000000, &seconds) || !take_word(&p, end, "."))
		return false;
	digits = p;
	if (!take_number(&p, end, 999999 + 9, &micro) || p - digits != 6 || !take_word(&p, end, "]"))
		return false;
	if (p < end && *p == '[') {
		p = memchr(p, ']', (size_t)(end - p));
		if (!p)
			return false;
		p++;
	}
	if (!take_word(&p, end, " "))
		return false;
	*us = seconds * 1000000 + micro;
	*at = p;
	return true;
}

/* a message may break into a line that somebody else prints */
static const char *find_message(const char *line, const char *end, uint64_t *us)
{
	for (const char *p = line; p < end; p++) {
		const char *at = p;

		if (*p == '[' && take_stamp(&at, end, us))
			return at;
	}
	return NULL;
}

static bool to_ns(uint64_t ticks, uint64_t hz, uint64_t *ns)
{
	if (!hz || hz > NS || ticks / hz >= UINT64_MAX / NS / 2)
		return false;
	*ns = ticks / hz * NS + ticks % hz * NS / hz;
	return true;
}

/* "FIRST to LAST at MICROSECONDS us, HZ Hz": the stamp was made between the two, and then cut to microseconds */
static void learn_clock(struct kernel *k, const char *at, const char *end)
{
	uint64_t first = 0, last = 0, us = 0, hz = 0;

	if (!take_word(&at, end, CLOCK_LINE) || !take_number(&at, end, UINT64_MAX, &first) ||
	    !take_word(&at, end, " to ") || !take_number(&at, end, UINT64_MAX, &last) || !take_word(&at, end, " at ") ||
	    !take_number(&at, end, US_MOST, &us) || !take_word(&at, end, " us, ") || !take_number(&at, end, NS, &hz) ||
	    !take_word(&at, end, " Hz"))
		return;
	if (last < first || !to_ns(first, hz, &first) || !to_ns(last, hz, &last))
		return;
	first += (last - first) / 2;
	if (first < us * 1000 + 500)
		return;
	*k = (struct kernel){ .known = true, .zero = first - us * 1000 - 500, .within = last - first + 500 };
}

static void take_line(struct reader *r, const char *line, const char *end)
{
	uint64_t us = 0;
	const char *text = find_message(line, end, &us), *at = text;
	struct dated d = { 0 };

	if (!text)
		return;
	if (take_word(&at, end, FIRST_LINE) && r->lines.size && r->kernel + 1 < KERNELS)
		r->kernel++;
	learn_clock(&r->kernels[r->kernel], text, end);
	d = (struct dated){ .kernel = r->kernel, .us = us, .text = text, .length = (size_t)(end - text) };
	buffer_put(&r->lines, &d, sizeof(d));
}

static void copy_text(char to[KERNEL_TEXT], const struct dated *d)
{
	size_t length = d->length < KERNEL_TEXT - 1 ? d->length : KERNEL_TEXT - 1;

	while (length && d->text[length - 1] == '\r')
		length--;
	for (size_t i = 0; i < length; i++)
		to[i] = d->text[i] >= ' ' && d->text[i] <= '~' ? d->text[i] : '?';
	to[length] = '\0';
}

static int by_time(const void *left, const void *right)
{
	const struct kernel_line *a = left, *b = right;

	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool date(struct kernel_log *log, const struct reader *r)
{
	const struct dated *d = (const struct dated *)(const void *)r->lines.data;
	const size_t count = r->lines.size / sizeof(*d);

	log->lines = calloc(count + 1, sizeof(*log->lines));
	if (!log->lines)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct kernel *k = &r->kernels[d[i].kernel];
		struct kernel_line *line = &log->lines[log->count];

		if (!k->known) {
			log->undated++;
			continue;
		}
		line->ns = k->zero + d[i].us * 1000;
		line->order = i;
		copy_text(line->text, &d[i]);
		log->within = k->within > log->within ? k->within : log->within;
		log->count++;
	}
	qsort(log->lines, log->count, sizeof(*log->lines), by_time);
	return true;
}

bool kernel_log_parse(struct kernel_log *log, const char *data, size_t size)
{
	struct reader r = { 0 };
	const char *end = data + size;
	bool ok = false;

	*log = (struct kernel_log){ 0 };
	for (const char *line = data; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		take_line(&r, line, newline ? newline : end);
		line = newline ? newline + 1 : end;
	}
	ok = !r.lines.failed && date(log, &r);
	free(r.lines.data);
	return ok;
}

bool kernel_log_read(struct kernel_log *log, const char *path)
{
	struct file file = { 0 };
	bool ok = false;

	*log = (struct kernel_log){ 0 };
	if (!file_open(&file, path))
		return false;
	ok = kernel_log_parse(log, (const char *)file.data, file.size);
	if (!ok)
		complain(path, "out of memory");
	file_close(&file);
	return ok;
}

void kernel_log_free(struct kernel_log *log)
{
	free(log->lines);
	*log = (struct kernel_log){ 0 };
}

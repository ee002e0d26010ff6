/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What precedes a message in a log: dmesg's seconds or dates, levels, the prefixes of syslog and journalctl, records of /dev/kmsg.
 * A serial console glues lines together, so a time in square brackets begins a message wherever it stands.
 */
#include <ctype.h>
#include <string.h>

#include "explain/explain.h"

#define TIME_DIGITS 6 /* behind the point of printk's seconds */

/* length of an escape sequence at @text, 0 when there is none (ECMA-48: CSI, OSC, and those of two characters) */
static size_t escape_length(const char *text, size_t length)
{
	size_t i = 2;

	if (length < 2 || text[0] != '\033')
		return 0;
	if (text[1] == '[') {
		while (i < length && (unsigned char)text[i] >= 0x20 && (unsigned char)text[i] < 0x40)
			i++;
		return i < length ? i + 1 : i;
	}
	if (text[1] == ']') {
		while (i < length && text[i] != '\a' && text[i] != '\033')
			i++;
		return i < length && text[i] == '\a' ? i + 1 : i;
	}
	return 2;
}

size_t line_clean(char *line, size_t length)
{
	size_t from = 0;
	size_t to = 0;

	while (from < length) {
		size_t escape = escape_length(line + from, length - from);
		unsigned char c = (unsigned char)line[from];

		if (escape) {
			from += escape;
			continue;
		}
		line[to++] = c < 0x20 || c == 0x7f ? ' ' : c < 0x80 ? (char)c : '?';
		from++;
	}
	return to;
}

static size_t skip_blanks(const char *text, size_t length, size_t i)
{
	while (i < length && text[i] == ' ')
		i++;
	return i;
}

static size_t skip_digits(const char *text, size_t length, size_t i)
{
	while (i < length && isdigit((unsigned char)text[i]))
		i++;
	return i;
}

static void keep_text(struct when *when, const char *text, size_t length)
{
	length = length < sizeof(when->text) ? length : sizeof(when->text) - 1;
	memcpy(when->text, text, length);
	when->text[length] = '\0';
}

/* "[   12.345678]" at @text: its length, 0 when it is something else */
static size_t seconds_length(const char *text, size_t length, struct when *when)
{
	size_t begin = 0;
	size_t point = 0;
	size_t end = 0;
	uint64_t seconds = 0;
	uint64_t fraction = 0;

	if (!length || text[0] != '[')
		return 0;
	begin = skip_blanks(text, length, 1);
	point = skip_digits(text, length, begin);
	if (point == begin || point - begin > 10 || point >= length || text[point] != '.')
		return 0;
	end = skip_digits(text, length, point + 1);
	if (end - point - 1 != TIME_DIGITS || end >= length || text[end] != ']')
		return 0;
	match_number(text + begin, point - begin, 10, &seconds);
	match_number(text + point + 1, TIME_DIGITS, 10, &fraction);
	when->clock = true;
	when->us = seconds * 1000000 + fraction;
	keep_text(when, text + begin, end - begin);
	return end + 1;
}

/* "[Sat Nov 21 09:50:12 2026]", "[Nov21 09:50]", "[  +0.000010]": a bracket with a date or a difference */
static size_t bracket_length(const char *text, size_t length, struct when *when)
{
	size_t i = 1;
	bool digits = false;

	if (!length || text[0] != '[')
		return 0;
	for (; i < length && i < sizeof(when->text) && text[i] != ']'; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr(" :.+-,", text[i]))
			return 0;
		digits = digits || isdigit((unsigned char)text[i]);
	}
	if (!digits || i >= length || text[i] != ']')
		return 0;
	keep_text(when, text + skip_blanks(text, i, 1), i - skip_blanks(text, i, 1));
	return i + 1;
}

/* "[ T123]" or "[C0]": the thread or CPU that said it (printk.caller) */
static size_t caller_length(const char *text, size_t length)
{
	size_t i = 0;
	size_t end = 0;

	if (!length || text[0] != '[')
		return 0;
	i = skip_blanks(text, length, 1);
	if (i >= length || (text[i] != 'T' && text[i] != 'C'))
		return 0;
	end = skip_digits(text, length, i + 1);
	return end > i + 1 && end < length && text[end] == ']' ? end + 1 : 0;
}

/* "<6>" */
static size_t level_length(const char *text, size_t length)
{
	size_t end = length && text[0] == '<' ? skip_digits(text, length, 1) : 0;

	return end > 1 && end < length && text[end] == '>' ? end + 1 : 0;
}

/* "6,1234,12345678,-;": a record of /dev/kmsg; the third number is microseconds */
static size_t record_length(const char *text, size_t length, struct when *when)
{
	size_t i = 0;
	unsigned int number = 0;
	uint64_t us = 0;

	for (number = 0; number < 3; number++) {
		size_t end = skip_digits(text, length, i);

		if (end == i || end >= length || text[end] != ',' ||
		    match_number(text + i, end - i, 10, &us) != end - i)
			return 0;
		i = end + 1;
	}
	while (i < length && text[i] != ';' && text[i] != ' ')
		i++;
	if (i >= length || text[i] != ';')
		return 0;
	when->clock = true;
	when->us = us;
	snprintf(when->text, sizeof(when->text), "%llu.%06llu", (unsigned long long)(us / 1000000),
		 (unsigned long long)(us % 1000000));
	return i + 1;
}

/* what syslog and journalctl write before a message: a date, the machine, and who says it */
static size_t syslog_length(const char *text, size_t length, struct when *when)
{
	static const char by[] = " kernel: ";
	size_t limit = length < 128 ? length : 128;
	size_t i = 0;
	size_t date = 0;

	for (i = 0; i + sizeof(by) - 1 <= limit; i++)
		if (!memcmp(text + i, by, sizeof(by) - 1))
			break;
	if (i + sizeof(by) - 1 > limit)
		return 0;
	/* "Nov 21 09:50:12" has two blanks inside, a date of ISO 8601 has none */
	if (isalpha((unsigned char)text[0]))
		date = i < 15 ? i : 15;
	else
		while (date < i && text[date] != ' ')
			date++;
	keep_text(when, text, date);
	return i + sizeof(by) - 1;
}

/* "2026-11-21T09:50:12,892143+00:00 " as dmesg --time-format iso has it */
static size_t iso_length(const char *text, size_t length, struct when *when)
{
	size_t i = 0;

	if (length < 20 || !isdigit((unsigned char)text[0]) || text[4] != '-' || text[10] != 'T')
		return 0;
	while (i < length && text[i] != ' ')
		i++;
	keep_text(when, text, i);
	return i < length ? i + 1 : i;
}

/* all prefixes of a message, one after the other; the kernel's own clock is the last and counts most */
static size_t prefix_length(const char *text, size_t length, struct when *when)
{
	size_t i = 0;

	for (;;) {
		size_t rest = length - i;
		size_t n = level_length(text + i, rest);

		n = n ? n : seconds_length(text + i, rest, when);
		n = n ? n : caller_length(text + i, rest);
		if (!when->clock) {
			n = n ? n : bracket_length(text + i, rest, when);
			n = n ? n : record_length(text + i, rest, when);
			n = n ? n : syslog_length(text + i, rest, when);
			n = n ? n : iso_length(text + i, rest, when);
		}
		if (!n)
			return skip_blanks(text, length, i);
		i = skip_blanks(text, length, i + n);
	}
}

/* where the next message begins that a time in square brackets stands before; @length: nowhere */
static size_t glued_at(const char *line, size_t length, size_t from)
{
	struct when when = { 0 };
	size_t i = from;

	while (i < length) {
		const char *bracket = memchr(line + i, '[', length - i);

		if (!bracket)
			return length;
		i = (size_t)(bracket - line);
		if (seconds_length(line + i, length - i, &when))
			return i;
		i++;
	}
	return length;
}

bool line_next(const char *line, size_t length, size_t *at, struct message *m)
{
	size_t begin = *at;
	size_t prefix = 0;
	size_t end = 0;

	if (begin >= length)
		return false;
	m->when = (struct when){ 0 };
	prefix = prefix_length(line + begin, length - begin, &m->when);
	end = glued_at(line, length, begin + prefix);
	*at = end;
	while (end > begin + prefix && line[end - 1] == ' ')
		end--;
	m->text = line + begin + prefix;
	m->length = end - begin - prefix;
	return true;
}

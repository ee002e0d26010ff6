/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines on the secure console. A line is put together first and written under a lock, so that lines stay whole. */
#include <stdarg.h>

#include <fw/lock.h>
#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"
#include "platform.h"

struct line {
	char text[PIL_MON_LOG_MAX];
	size_t length;
};

static struct fw_lock console_lock;

static void put(struct line *l, char c)
{
	if (l->length < sizeof(l->text))
		l->text[l->length++] = c;
}

static void put_string(struct line *l, const char *s)
{
	while (*s)
		put(l, *s++);
}

static void put_number(struct line *l, uint64_t value, unsigned int base, unsigned int width, char fill)
{
	char digits[20] = { 0 };
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	for (; width > n; width--)
		put(l, fill);
	while (n)
		put(l, digits[--n]);
}

static void put_time(struct line *l)
{
	uint64_t us = fw_time_us();

	put(l, '[');
	put_number(l, us / 1000000, 10, 5, ' ');
	put(l, '.');
	put_number(l, us % 1000000, 10, 6, '0');
	put_string(l, "] ");
}

/* @text comes from another image: nothing in it may forge a line of its own. It is not copied: no interrupt is taken here */
static void write_line(const struct line *l, const char *text, size_t length)
{
	size_t i = 0;

	fw_lock(&console_lock);
	for (i = 0; i < l->length; i++)
		plat_putc(l->text[i]);
	for (i = 0; i < length; i++)
		plat_putc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
	plat_putc('\r');
	plat_putc('\n');
	fw_unlock(&console_lock);
}

void mon_log(const char *format, ...)
{
	struct line l = { .length = 0 };
	va_list args;

	put_time(&l);
	va_start(args, format);
	for (; *format; format++) {
		if (format[0] != '%' || !format[1]) {
			put(&l, *format);
			continue;
		}
		format++;
		if (*format == 's') {
			put_string(&l, va_arg(args, const char *));
		} else if (*format == 'x') {
			put_string(&l, "0x");
			put_number(&l, va_arg(args, uint64_t), 16, 0, '0');
		} else {
			put_number(&l, va_arg(args, uint64_t), 10, 0, '0');
		}
	}
	va_end(args);
	write_line(&l, NULL, 0);
}

void mon_log_line(const char *text, size_t length)
{
	struct line l = { .length = 0 };

	put_time(&l);
	write_line(&l, text, length);
}

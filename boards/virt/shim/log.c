/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts, and the way of a line to the secure log: through the monitor, which assembles pieces into whole lines. */
#include <pilot/wire/monitor.h>

#include "shim.h"

#define PIECE 48u /* characters that fit six registers */

void text_char(struct text *t, char c)
{
	if (t->len + 1 >= sizeof(t->buf))
		return;
	t->buf[t->len++] = c;
	t->buf[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	while (*s)
		text_char(t, *s++);
}

void text_hex(struct text *t, uint64_t value)
{
	unsigned int shift = 60;

	text_add(t, "0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		text_char(t, "0123456789abcdef"[(value >> shift) & 15]);
		if (!shift)
			return;
	}
}

void text_dec(struct text *t, uint64_t value)
{
	uint64_t unit = 1;

	while (value / unit >= 10)
		unit *= 10;
	for (; unit; unit /= 10)
		text_char(t, (char)('0' + value / unit % 10));
}

void text_core(struct text *t)
{
	text_add(t, "core ");
	text_char(t, (char)('0' + shim_config.core % 10));
	text_add(t, ": ");
}

uint64_t shim_smc(uint64_t fid, const uint64_t args[7])
{
	register uint64_t x0 __asm__("x0") = fid;
	register uint64_t x1 __asm__("x1") = args[0];
	register uint64_t x2 __asm__("x2") = args[1];
	register uint64_t x3 __asm__("x3") = args[2];
	register uint64_t x4 __asm__("x4") = args[3];
	register uint64_t x5 __asm__("x5") = args[4];
	register uint64_t x6 __asm__("x6") = args[5];
	register uint64_t x7 __asm__("x7") = args[6];

	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
			 :
			 : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
	return x0;
}

static void log_piece(const char *s, size_t len)
{
	uint64_t args[7] = { 0 };

	for (size_t i = 0; i < len; i++)
		args[i / 8] |= (uint64_t)(uint8_t)s[i] << i % 8 * 8;
	args[6] = len;
	shim_smc(PIL_MON_SHIM_LOG, args);
}

void shim_log(const struct text *t)
{
	struct text line = { .len = 0 };

	text_add(&line, "shim: ");
	text_add(&line, t->buf);
	for (size_t at = 0; at < line.len; at += PIECE)
		log_piece(line.buf + at, line.len - at < PIECE ? line.len - at : PIECE);
	log_piece("\n", 1);
}

void shim_trace(enum pil_trace_event event, uint64_t a, uint64_t b)
{
	const uint64_t args[7] = { PIL_TRACE_OF(event, PIL_TRACE_NO_ID), a, b };

	shim_smc(PIL_MON_SHIM_TRACE, args);
}

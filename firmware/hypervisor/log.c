/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines on the secure console, by way of the monitor: it puts the pieces of a CPU together, so that lines stay whole. */
#include <stdarg.h>

#include <pilot/wire/monitor.h>

#include "../../lib/text.h"
#include "hypervisor.h"

#define PIECE 48u /* characters that fit six registers */

static void send(const char *s, size_t length)
{
	struct hyp_regs r = { .x = { PIL_MON_SHIM_LOG } };

	for (size_t i = 0; i < length; i++)
		r.x[1 + i / 8] |= (uint64_t)(uint8_t)s[i] << i % 8 * 8;
	r.x[7] = length;
	hyp_smc(&r);
}

void hyp_log(const char *format, ...)
{
	char line[256] = { 0 };
	struct pil_text t = { .buf = line, .size = sizeof(line) };
	size_t length = 0;
	va_list args;

	pil_text_string(&t, "hypervisor: ");
	va_start(args, format);
	for (; *format; format++) {
		if (format[0] != '%' || !format[1]) {
			pil_text_char(&t, *format);
			continue;
		}
		format++;
		if (*format == 's')
			pil_text_string(&t, va_arg(args, const char *));
		else if (*format == 'x')
			pil_text_hex(&t, va_arg(args, uint64_t));
		else
			pil_text_dec(&t, va_arg(args, uint64_t));
	}
	va_end(args);
	length = pil_text_end(&t);
	for (size_t at = 0; at < length; at += PIECE)
		send(line + at, length - at < PIECE ? length - at : PIECE);
	send("\n", 1);
}

void hyp_trace(enum pil_trace_event event, uint32_t id, uint64_t a, uint64_t b)
{
	struct hyp_regs r = { .x = { PIL_MON_SHIM_TRACE, PIL_TRACE_OF(event, id), a, b } };

	hyp_smc(&r);
}

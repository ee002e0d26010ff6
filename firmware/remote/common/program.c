/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <stdint.h>

#include "program.h"

/*
 * Known to this image and whoever has the file, to nobody else; each image has its own. Volatile so that it stays in the image
 * as data.
 */
extern const volatile uint64_t heartbeat_key;
const volatile uint64_t heartbeat_key = HEARTBEAT_KEY;

int64_t call(uint64_t number, uint64_t a, uint64_t b)
{
	register uint64_t x0 __asm__("x0") = number;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;

	__asm__ volatile("hvc #0" : "+r"(x0) : "r"(x1), "r"(x2) : "memory");
	return (int64_t)x0;
}

static size_t length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

void say(const char *s)
{
	call(PIL_REMOTE_LOG, (uint64_t)(uintptr_t)s, length(s));
}

void fail(void)
{
	static const char text[] = "asked to fail";

	call(PIL_REMOTE_FATAL, (uint64_t)(uintptr_t)text, sizeof(text) - 1);
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static volatile uint32_t *request_word(uint64_t ctrl)
{
	return (volatile uint32_t *)(uintptr_t)(ctrl + PIL_CTRL_REQUEST);
}

void begin(uint64_t ctrl)
{
	*request_word(ctrl) = 0;
	*ctrl_word(ctrl, PIL_CTRL_COUNT) = 0;
	*ctrl_word(ctrl, PIL_CTRL_PROOF) = 0;
	*ctrl_word(ctrl, PIL_CTRL_VALUE) = 0;
	barrier();
	*ctrl_word(ctrl, PIL_CTRL_MAGIC) = PIL_CTRL_MAGIC_VALUE;
}

/* no count while the proof changes: who sees the same count before and after has read the proof that belongs to it */
void beat(uint64_t ctrl, uint64_t count)
{
	*ctrl_word(ctrl, PIL_CTRL_COUNT) = 0;
	barrier();
	*ctrl_word(ctrl, PIL_CTRL_PROOF) = mix(count ^ heartbeat_key);
	barrier();
	*ctrl_word(ctrl, PIL_CTRL_COUNT) = count;
}

uint32_t take_request(uint64_t ctrl)
{
	uint32_t request = *request_word(ctrl);

	if (request) {
		*request_word(ctrl) = 0;
		barrier();
	}
	return request;
}

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

/* for whoever looks at a dump; volatile because nobody here reads it */
static volatile struct pil_note_wire note;

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

static void keep(volatile char *to, size_t size, const char *s)
{
	for (size_t i = 0; i < size; i++) {
		to[i] = *s;
		s += *s != 0;
	}
}

void say(const char *s)
{
	keep(note.line[note.lines % PIL_NOTE_LINES], PIL_NOTE_LINE, s);
	note.lines++;
	call(PIL_REMOTE_LOG, (uint64_t)(uintptr_t)s, length(s));
}

/* as they are here; x16 and x17 are used to store the others */
static inline void keep_registers(void)
{
	register volatile uint64_t *to __asm__("x16") = note.x;

	__asm__ volatile("stp x0, x1, [x16, #0]\n"
			 "stp x2, x3, [x16, #16]\n"
			 "stp x4, x5, [x16, #32]\n"
			 "stp x6, x7, [x16, #48]\n"
			 "stp x8, x9, [x16, #64]\n"
			 "stp x10, x11, [x16, #80]\n"
			 "stp x12, x13, [x16, #96]\n"
			 "stp x14, x15, [x16, #112]\n"
			 "stp x16, x17, [x16, #128]\n"
			 "stp x18, x19, [x16, #144]\n"
			 "stp x20, x21, [x16, #160]\n"
			 "stp x22, x23, [x16, #176]\n"
			 "stp x24, x25, [x16, #192]\n"
			 "stp x26, x27, [x16, #208]\n"
			 "stp x28, x29, [x16, #224]\n"
			 "str x30, [x16, #240]\n"
			 "mov x17, sp\n"
			 "str x17, [x16, #248]\n"
			 "adr x17, .\n"
			 "str x17, [x16, #256]\n"
			 : "+r"(to)
			 :
			 : "x17", "memory");
}

void fail(void)
{
	static const char text[] = "asked to fail";

	keep_registers();
	keep(note.text, PIL_REMOTE_TEXT, text);
	note.cause = PIL_NOTE_FATAL;
	barrier();
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
	note.size = sizeof(note);
	note.magic = PIL_NOTE_MAGIC_VALUE;
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

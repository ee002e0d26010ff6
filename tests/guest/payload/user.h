/* SPDX-License-Identifier: BSD-2-Clause */
/* For programs of the guest's Linux that have no C library: system calls, and their end. */
#ifndef GUEST_USER_H
#define GUEST_USER_H

#include <stddef.h>
#include <stdint.h>

/* Linux's include/uapi/asm-generic/unistd.h */
#define NR_write 64
#define NR_exit	 93

static inline int64_t call(int64_t number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
	register int64_t x8 __asm__("x8") = number;
	register int64_t x0 __asm__("x0") = a;
	register int64_t x1 __asm__("x1") = b;
	register int64_t x2 __asm__("x2") = c;
	register int64_t x3 __asm__("x3") = d;
	register int64_t x4 __asm__("x4") = e;
	register int64_t x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

static inline _Noreturn void end(int status)
{
	for (;;)
		call(NR_exit, status, 0, 0, 0, 0, 0);
}

static inline void say(int fd, const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	call(NR_write, fd, (int64_t)text, (int64_t)length, 0, 0, 0);
}

static inline _Noreturn void fail(const char *what)
{
	say(2, what);
	end(1);
}

#endif

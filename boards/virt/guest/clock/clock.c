/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the guest's Linux, without a C library: how the kernel's clock of its messages and the system counter belong together, as
 * one message of the kernel: "pilot-clock: counter FIRST to LAST at MICROSECONDS us, HZ Hz". The kernel stamped a message at
 * MICROSECONDS (cut, not rounded), after the counter had been FIRST and before it was LAST. The closest of some tries counts; these are of a
 * level that no console prints, for a console would take milliseconds. The virtual counter is the physical one: nothing here offsets it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux's include/uapi: asm-generic/unistd.h, asm-generic/fcntl.h */
#define NR_openat 56
#define NR_lseek  62
#define NR_read	  63
#define NR_write  64
#define NR_exit	  93

#define AT_FDCWD   (-100)
#define O_RDWR	   2
#define O_NONBLOCK 04000
#define SEEK_END   2

#define TRIES 5u /* the kernel takes ten messages in five seconds from user space */
#define LOOKS 50u
#define MARK  "<7>pilot-clock\n"

/** struct sample - a message of the kernel's: the counter before and behind it, and its stamp */
struct sample {
	uint64_t first;
	uint64_t last;
	uint64_t us;
};

_Noreturn void clock_main(void);

static int64_t call(int64_t number, int64_t a, int64_t b, int64_t c, int64_t d)
{
	register int64_t x8 __asm__("x8") = number;
	register int64_t x0 __asm__("x0") = a;
	register int64_t x1 __asm__("x1") = b;
	register int64_t x2 __asm__("x2") = c;
	register int64_t x3 __asm__("x3") = d;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}

static _Noreturn void leave(int64_t status)
{
	for (;;)
		call(NR_exit, status, 0, 0, 0);
}

static uint64_t counter(void)
{
	uint64_t value = 0;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(value)::"memory");
	return value;
}

static uint64_t frequency(void)
{
	uint64_t value = 0;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(value));
	return value;
}

/* "PRIORITY,NUMBER,MICROSECONDS,...;TEXT": Return: whether it is this program's, and the stamp */
static bool is_mine(const char *line, int64_t length, uint64_t *us)
{
	const char *mark = MARK + 3;
	unsigned int commas = 0;
	int64_t at = 0;

	*us = 0;
	for (; at < length && line[at] != ';'; at++) {
		commas += line[at] == ',';
		if (commas == 2 && line[at] >= '0' && line[at] <= '9')
			*us = *us * 10 + (uint64_t)(line[at] - '0');
	}
	for (at++; at < length && *mark && line[at] == *mark; at++)
		mark++;
	return !*mark;
}

/* others print, too */
static bool find_stamp(int64_t fd, uint64_t *us)
{
	static char line[8192];

	for (unsigned int look = 0; look < LOOKS; look++) {
		int64_t length = call(NR_read, fd, (int64_t)line, sizeof(line), 0);

		if (length > 0 && is_mine(line, length, us))
			return true;
	}
	return false;
}

static bool try(int64_t fd, struct sample *s)
{
	if (call(NR_lseek, fd, 0, SEEK_END, 0) < 0)
		return false;
	s->first = counter();
	if (call(NR_write, fd, (int64_t)MARK, sizeof(MARK) - 1, 0) < 0)
		return false;
	s->last = counter();
	return find_stamp(fd, &s->us);
}

static char *add(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	return to;
}

static char *add_number(char *to, uint64_t value)
{
	uint64_t unit = 1;

	while (value / unit >= 10)
		unit *= 10;
	for (; unit; unit /= 10)
		*to++ = (char)('0' + value / unit % 10);
	return to;
}

static void tell(int64_t fd, const struct sample *s)
{
	char line[160] = { 0 }, *end = add(line, "<6>pilot-clock: counter ");

	end = add(add_number(end, s->first), " to ");
	end = add(add_number(end, s->last), " at ");
	end = add(add_number(end, s->us), " us, ");
	end = add(add_number(end, frequency()), " Hz\n");
	call(NR_write, fd, (int64_t)line, end - line, 0);
}

void clock_main(void)
{
	struct sample best = { .last = UINT64_MAX };
	int64_t fd = call(NR_openat, AT_FDCWD, (int64_t) "/dev/kmsg", O_RDWR | O_NONBLOCK, 0);

	for (unsigned int i = 0; fd >= 0 && i < TRIES; i++) {
		struct sample now = { 0 };

		if (try(fd, &now) && now.last - now.first < best.last - best.first)
			best = now;
	}
	if (best.last == UINT64_MAX)
		leave(1);
	tell(fd, &best);
	leave(0);
}

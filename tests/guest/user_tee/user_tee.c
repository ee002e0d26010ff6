/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the guest's Linux that opens a session of a TA, as any program that may open /dev/tee0 can. It prints one line: what the
 * system call returned, and what the TA did. It needs no C library.
 */
#include <stddef.h>
#include <stdint.h>

#include "user.h"

/* Linux's include/uapi: asm-generic/unistd.h, linux/tee.h */
#define NR_ioctl     29
#define NR_openat    56
#define AT_FDCWD     (-100)
#define O_RDWR	     2
#define OPEN_SESSION 0x8010a402
#define VALUE_INPUT  1
#define UUID_SIZE    16

/** struct session, struct argument - arguments of TEE_IOC_OPEN_SESSION, with one parameter */
struct session {
	uint8_t uuid[UUID_SIZE];
	uint8_t client[UUID_SIZE];
	uint32_t login, cancel_id, session, result, origin, count;
	uint64_t attribute, a, b, c;
};
struct argument {
	uint64_t at, size;
};

_Static_assert(sizeof(struct session) == 88, "as linux/tee.h lays it out");

_Noreturn void user_main(const uint64_t *stack);

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint64_t number(const char *text)
{
	uint64_t value = 0;

	for (; *text; text++) {
		if (digit(*text) < 0 || value >> 60)
			fail("user-tee: not a hexadecimal number\n");
		value = value << 4 | (uint64_t)digit(*text);
	}
	return value;
}

static void read_uuid(const char *text, uint8_t uuid[UUID_SIZE])
{
	for (size_t i = 0; i < UUID_SIZE; i++) {
		if (*text == '-')
			text++;
		if (digit(text[0]) < 0 || digit(text[1]) < 0)
			fail("user-tee: not a UUID\n");
		uuid[i] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
		text += 2;
	}
	if (*text)
		fail("user-tee: not a UUID\n");
}

static void say_hex(uint64_t value)
{
	char text[17] = "";

	for (int i = 15; i >= 0; i--) {
		text[i] = "0123456789abcdef"[value & 15];
		value >>= 4;
	}
	say(1, text);
}

static int open_session(const char *uuid, uint64_t login, uint64_t processor)
{
	struct session s = { .login = (uint32_t)login, .count = 1, .attribute = VALUE_INPUT, .a = processor };
	const struct argument argument = { .at = (uint64_t)&s, .size = sizeof(s) };
	const int64_t fd = call(NR_openat, AT_FDCWD, (int64_t) "/dev/tee0", O_RDWR, 0, 0, 0);

	if (fd < 0)
		fail("user-tee: /dev/tee0 cannot be opened\n");
	read_uuid(uuid, s.uuid);
	say(1, "call ");
	say_hex((uint64_t)call(NR_ioctl, fd, OPEN_SESSION, (int64_t)&argument, 0, 0, 0));
	say(1, " result ");
	say_hex(s.result);
	say(1, "\n");
	return 0;
}

_Noreturn void user_main(const uint64_t *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);

	if (stack[0] != 4)
		fail("usage: user-tee UUID LOGIN PROCESSOR (numbers are hexadecimal)\n");
	end(open_session(argv[1], number(argv[2]), number(argv[3])));
}

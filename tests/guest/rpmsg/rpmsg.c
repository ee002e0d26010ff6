/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the guest's Linux that talks to an echo of a remote core through Linux's rpmsg_char and rpmsg_ctrl. Every message has a
 * content of its own, and the answers must come in the same order. It needs no C library.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "user.h"

/* Linux's include/uapi: asm-generic/unistd.h, asm-generic/poll.h, linux/rpmsg.h */
#define NR_ioctl  29
#define NR_openat 56
#define NR_read	  63
#define NR_ppoll  73

#define AT_FDCWD	(-100)
#define O_RDWR		2
#define POLLIN		1
#define CREATE_ENDPOINT 0x4028b501
#define END_ENDPOINT	0x0000b502
#define ANY		0xffffffffu
#define NAME		32

#define MOST	496 /* of a buffer of 512 bytes */
#define FLIGHT	16u /* messages that are sent before the first answer is read */
#define SECONDS 120 /* until an answer is missed */

/** struct endpoint, struct watched, struct timespec - arguments of Linux's calls */
struct endpoint {
	char name[NAME];
	uint32_t source, target;
};
struct watched {
	int32_t fd;
	int16_t events, found;
};
struct timespec {
	int64_t seconds, nanoseconds;
};

/** struct exchange - @fd: the endpoint; @sent, @received: messages so far, of all sizes */
struct exchange {
	int64_t fd;
	uint64_t sent, received;
};

_Noreturn void rpmsg_main(const uint64_t *stack);

static int64_t open_device(const char *path)
{
	int64_t fd = call(NR_openat, AT_FDCWD, (int64_t)path, O_RDWR, 0, 0, 0);

	if (fd < 0)
		fail("rpmsg: the device cannot be opened\n");
	return fd;
}

/* what message number @n, of @size bytes, holds */
static void fill(uint8_t *data, size_t size, uint64_t n)
{
	uint64_t x = n * 0x9e3779b97f4a7c15 + size;

	for (size_t i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		data[i] = (uint8_t)(x >> 32);
	}
}

static void send(struct exchange *e, size_t size)
{
	uint8_t data[MOST] = { 0 };

	fill(data, size, e->sent++);
	if (call(NR_write, e->fd, (int64_t)data, (int64_t)size, 0, 0, 0) != (int64_t)size)
		fail("rpmsg: a message was not sent\n");
}

static void await(const struct exchange *e)
{
	struct watched w = { .fd = (int32_t)e->fd, .events = POLLIN };
	const struct timespec limit = { .seconds = SECONDS };

	if (call(NR_ppoll, (int64_t)&w, 1, (int64_t)&limit, 0, 0, 0) != 1 || !(w.found & POLLIN))
		fail("rpmsg: a message was not answered\n");
}

static void receive(struct exchange *e, size_t size)
{
	uint8_t data[MOST + 1] = { 0 };
	uint8_t expected[MOST] = { 0 };
	int64_t got = 0;

	await(e);
	got = call(NR_read, e->fd, (int64_t)data, sizeof(data), 0, 0, 0);
	if (got < 0)
		fail("rpmsg: an answer cannot be read\n");
	fill(expected, size, e->received++);
	if ((size_t)got != size || memcmp(data, expected, size) != 0)
		fail("rpmsg: an answer is not what was sent\n");
}

static void exchange_size(struct exchange *e, size_t size, uint64_t count)
{
	uint64_t sent = 0;
	uint64_t received = 0;

	while (received < count) {
		for (; sent < count && sent - received < FLIGHT; sent++)
			send(e, size);
		receive(e, size);
		received++;
	}
}

static int exchange(const char *device, uint64_t count)
{
	struct exchange e = { .fd = open_device(device) };

	for (size_t size = 0; size <= MOST; size++)
		exchange_size(&e, size, count);
	say(1, "rpmsg: every message of every size came back as it was\n");
	return 0;
}

static int create(const char *control, const char *name, uint64_t target)
{
	struct endpoint e = { .source = ANY, .target = (uint32_t)target };

	for (size_t i = 0; name[i] && i < NAME - 1; i++)
		e.name[i] = name[i];
	if (call(NR_ioctl, open_device(control), CREATE_ENDPOINT, (int64_t)&e, 0, 0, 0) < 0)
		fail("rpmsg: no endpoint\n");
	return 0;
}

static int destroy(const char *device)
{
	if (call(NR_ioctl, open_device(device), END_ENDPOINT, 0, 0, 0, 0) < 0)
		fail("rpmsg: the endpoint stays\n");
	return 0;
}

static uint64_t number(const char *text)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return *text ? 0 : value;
}

static bool is(const char *word, const char *other)
{
	while (*word && *word == *other) {
		word++;
		other++;
	}
	return *word == *other;
}

void rpmsg_main(const uint64_t *stack)
{
	const uint64_t argc = stack[0];
	const char *const *argv = (const char *const *)(stack + 1);

	if (argc == 4 && is(argv[1], "echo") && number(argv[3]))
		end(exchange(argv[2], number(argv[3])));
	if (argc == 5 && is(argv[1], "create") && number(argv[4]))
		end(create(argv[2], argv[3], number(argv[4])));
	if (argc == 3 && is(argv[1], "destroy"))
		end(destroy(argv[2]));
	fail("usage: rpmsg create CONTROL NAME ADDRESS\n       rpmsg echo DEVICE MESSAGES\n       rpmsg destroy DEVICE\n");
}

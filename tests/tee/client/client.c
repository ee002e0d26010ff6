/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of TAs for tests, on the guest's console: one command a line, one line of answer.
 *
 *	NUMBER open SLOT UUID [PARAMETER]...
 *	NUMBER close SLOT
 *	NUMBER [&]call SLOT COMMAND [PARAMETER]...	with & another process does it
 *
 * A parameter is "-" (none), "i:A:B", "o", "x:A:B" (a value: in, out, both), "f:PATH" (memory with a file, in), "z:SIZE" (zeros, in), "r:SIZE"
 * (out), "b:SIZE" (both), "n" (memory at no address, out). The answer is "=NUMBER RESULT" and, for each parameter that comes back, "A:B", or
 * "SIZE" and up to 1024 bytes in hexadecimal. RESULT is OP-TEE's code, or "errno N" when the driver refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/tee.h>

#define SLOTS	   16
#define PARAMETERS 4
#define SHOWN	   1024u

struct parameter {
	struct tee_ioctl_param wire;
	uint8_t *memory;
	size_t size; /* of the mapping */
	int fd;
};

union argument {
	struct tee_ioctl_open_session_arg open;
	struct tee_ioctl_invoke_arg invoke;
	uint8_t bytes[sizeof(struct tee_ioctl_open_session_arg) + PARAMETERS * sizeof(struct tee_ioctl_param)];
};

static int device;
static uint32_t sessions[SLOTS];

static bool share(struct parameter *p, size_t size)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size ? size : 1 };

	p->fd = ioctl(device, TEE_IOC_SHM_ALLOC, &data);
	if (p->fd < 0)
		return false;
	p->size = data.size;
	p->memory = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (p->memory == MAP_FAILED)
		return false;
	memset(p->memory, 0, p->size);
	p->wire.b = size;
	p->wire.c = (uint64_t)data.id;
	return true;
}

static bool take_file(struct parameter *p, const char *path)
{
	struct stat about = { 0 };
	int file = open(path, O_RDONLY);
	bool done = file >= 0 && !fstat(file, &about) && share(p, (size_t)about.st_size) &&
		    read(file, p->memory, (size_t)about.st_size) == about.st_size;

	if (file >= 0)
		close(file);
	return done;
}

static bool take_memory(struct parameter *p, uint64_t attr, const char *size)
{
	p->wire.attr = attr;
	return share(p, strtoull(size, NULL, 0));
}

static void take_value(struct parameter *p, uint64_t attr, char *text)
{
	p->wire.attr = attr;
	p->wire.a = strtoull(text, &text, 0);
	p->wire.b = *text == ':' ? strtoull(text + 1, NULL, 0) : 0;
}

static bool take(struct parameter *p, char *text)
{
	char *rest = text[1] == ':' ? text + 2 : text + 1;

	switch (text[0]) {
	case '-':
		return true;
	case 'i':
		take_value(p, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT, rest);
		return true;
	case 'o':
		take_value(p, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT, rest);
		return true;
	case 'x':
		take_value(p, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT, rest);
		return true;
	case 'f':
		p->wire.attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT;
		return take_file(p, rest);
	case 'z':
		return take_memory(p, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT, rest);
	case 'r':
		return take_memory(p, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT, rest);
	case 'b':
		return take_memory(p, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT, rest);
	case 'n':
		p->wire.attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
		p->wire.c = (uint64_t)TEE_MEMREF_NULL;
		return true;
	default:
		return false;
	}
}

static void drop(struct parameter *p)
{
	if (p->memory && p->memory != MAP_FAILED)
		munmap(p->memory, p->size);
	if (p->fd > 0)
		close(p->fd);
}

static void show(const struct parameter *p)
{
	size_t size = p->wire.b < p->size ? p->wire.b : p->size;

	switch (p->wire.attr) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT:
		printf(" %#" PRIx64 ":%#" PRIx64, (uint64_t)p->wire.a, (uint64_t)p->wire.b);
		return;
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		printf(" %" PRIu64 " ", (uint64_t)p->wire.b);
		for (size_t i = 0; i < size && i < SHOWN; i++)
			printf("%02x", p->memory[i]);
		return;
	default:
		return;
	}
}

static bool take_uuid(uint8_t uuid[16], const char *text)
{
	unsigned int byte = 0;

	for (int i = 0; i < 16; i++, text += 2) {
		text += *text == '-';
		if (sscanf(text, "%2x", &byte) != 1)
			return false;
		uuid[i] = (uint8_t)byte;
	}
	return true;
}

static unsigned int slot(void)
{
	const char *text = strtok(NULL, " \n");

	return text ? (unsigned int)strtoul(text, NULL, 0) % SLOTS : 0;
}

static bool take_all(struct parameter p[PARAMETERS], struct tee_ioctl_param *wire)
{
	char *text = NULL;

	for (unsigned int i = 0; i < PARAMETERS && (text = strtok(NULL, " \n")); i++)
		if (!take(&p[i], text))
			return false;
	for (unsigned int i = 0; i < PARAMETERS; i++)
		wire[i] = p[i].wire;
	return true;
}

static void answer(const char *number, int status, uint32_t result, struct parameter p[PARAMETERS],
		   const struct tee_ioctl_param *wire)
{
	const int error = errno;

	printf("=%s ", number);
	if (status)
		printf("errno %d", error);
	else
		printf("%#x", result);
	for (unsigned int i = 0; i < PARAMETERS; i++) {
		p[i].wire = wire[i];
		if (!status)
			show(&p[i]);
		drop(&p[i]);
	}
	printf("\n");
	fflush(stdout);
}

static void do_open(const char *number)
{
	union argument arg = { 0 };
	struct tee_ioctl_buf_data data = { (uintptr_t)&arg, sizeof(arg.open) + PARAMETERS * sizeof(struct tee_ioctl_param) };
	struct parameter p[PARAMETERS] = { 0 };
	const unsigned int at = slot();
	const char *uuid = strtok(NULL, " \n");
	int status = -1;

	arg.open.num_params = PARAMETERS;
	errno = EINVAL;
	if (uuid && take_uuid(arg.open.uuid, uuid) && take_all(p, arg.open.params))
		status = ioctl(device, TEE_IOC_OPEN_SESSION, &data);
	sessions[at] = arg.open.session;
	answer(number, status, arg.open.ret, p, arg.open.params);
}

static void do_close(const char *number)
{
	struct tee_ioctl_close_session_arg arg = { .session = sessions[slot()] };
	int status = ioctl(device, TEE_IOC_CLOSE_SESSION, &arg);
	struct parameter none[PARAMETERS] = { 0 };
	const struct tee_ioctl_param wire[PARAMETERS] = { 0 };

	answer(number, status, 0, none, wire);
}

static void do_call(const char *number)
{
	union argument arg = { 0 };
	struct tee_ioctl_buf_data data = { (uintptr_t)&arg,
					   sizeof(arg.invoke) + PARAMETERS * sizeof(struct tee_ioctl_param) };
	struct parameter p[PARAMETERS] = { 0 };
	const unsigned int at = slot();
	const char *command = strtok(NULL, " \n");
	int status = -1;

	arg.invoke.session = sessions[at];
	arg.invoke.num_params = PARAMETERS;
	errno = EINVAL;
	if (command && take_all(p, arg.invoke.params)) {
		arg.invoke.func = (uint32_t)strtoul(command, NULL, 0);
		status = ioctl(device, TEE_IOC_INVOKE, &data);
	}
	answer(number, status, arg.invoke.ret, p, arg.invoke.params);
}

static void obey(char *line)
{
	const char *number = strtok(line, " \n");
	const char *verb = strtok(NULL, " \n");

	if (!number || !verb)
		return;
	if (!strcmp(verb, "open")) {
		do_open(number);
	} else if (!strcmp(verb, "close")) {
		do_close(number);
	} else if (!strcmp(verb, "call")) {
		do_call(number);
	} else if (!strcmp(verb, "&call") && !fork()) {
		do_call(number);
		_exit(0);
	}
}

int main(void)
{
	static char line[512];

	device = open("/dev/tee0", O_RDWR);
	if (device < 0) {
		perror("/dev/tee0");
		return 1;
	}
	puts("client: ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "quit\n"))
		obey(line);
	return 0;
}

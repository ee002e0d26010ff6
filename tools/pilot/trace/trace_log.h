/* SPDX-License-Identifier: BSD-2-Clause */
/* A log of the host's kernel, with the time of the system counter for its lines. */
#ifndef PILOT_TRACE_TRACE_LOG_H
#define PILOT_TRACE_TRACE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_TEXT 200u

/** struct kernel_line - a message; @ns: as in struct trace_event; @text: printable */
struct kernel_line {
	uint64_t ns;
	size_t order; /* in the log */
	char text[KERNEL_TEXT];
};

/**
 * struct kernel_log - what could be dated
 * @within:  nanoseconds by which the worst of the kernels' clocks may be off
 * @undated: messages of kernels that did not say how their clock and the counter belong together
 */
struct kernel_log {
	struct kernel_line *lines;
	size_t count;
	uint64_t within;
	size_t undated;
};

/** kernel_log_read() - Return: false: complained. kernel_log_free() afterwards */
bool kernel_log_read(struct kernel_log *log, const char *path);

/** kernel_log_parse() - the same from memory. Return: false: no memory */
bool kernel_log_parse(struct kernel_log *log, const char *data, size_t size);

void kernel_log_free(struct kernel_log *log);

#endif

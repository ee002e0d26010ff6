/* SPDX-License-Identifier: BSD-2-Clause */
/* The same work on many items by several threads, its results taken in order. */
#ifndef PILOT_TOOL_PARALLEL_H
#define PILOT_TOOL_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#define PARALLEL_MAX 64u

/**
 * struct parallel - what is to be done
 * @count:  items
 * @jobs:   threads, 1 to PARALLEL_MAX
 * @unit:   what the progress line calls items: "files"
 * @work:   does item @index; called by any thread
 * @finish: takes its result; called in the order of the items, by the thread that called parallel_run()
 * @arg:    for both
 */
struct parallel {
	size_t count;
	unsigned int jobs;
	const char *unit;
	void (*work)(size_t index, void *arg);
	void (*finish)(size_t index, void *arg);
	void *arg;
};

/**
 * parallel_run() - do it
 * @p: what
 *
 * When it takes more than a second and stderr is a terminal, a line there says how far it is.
 *
 * Return: false after a complaint when no thread could be started
 */
bool parallel_run(const struct parallel *p);

#endif

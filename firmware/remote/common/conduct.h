/* SPDX-License-Identifier: BSD-2-Clause */
/* How a program misbehaves when it is asked to (wire/remote.h), so that each way can be seen to be caught. */
#ifndef REMOTE_CONDUCT_H
#define REMOTE_CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

/** struct conduct - @hung: it must do nothing any more; @ignore_stop: it must not answer the host's request to stop */
struct conduct {
	bool hung;
	bool ignore_stop;
};

/* Do what the request says to the program with its control page at @ctrl; false: it is not one of these requests. */
bool misbehave(struct conduct *c, uint64_t ctrl, uint32_t request);

#endif

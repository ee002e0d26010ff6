/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that talks to Linux by RPMsg: it announces two services, and echoes what it is sent. One is for Linux's sample client, the
 * other for programs in user space.
 */
#include <virt/tee_platform.h>

#include "../common/life.h"
#include "../common/program.h"
#include "../common/rpmsg.h"
#include "table.h"

void remote_main(uint64_t ctrl);

static const struct rpmsg_service services[] = {
	{ .name = "rpmsg-client-sample", .address = 0x400 },
	{ .name = "rpmsg-raw", .address = 0x401 },
};

static void serve_begin(struct rpmsg *r)
{
	const struct rpmsg_setup setup = {
		.memory = (void *)(uintptr_t)VIRT_TEE_DA_IPC,
		.da = VIRT_TEE_DA_IPC,
		.size = VIRT_TEE_IPC_SIZE,
		.vdev = VIRT_TEE_IPC_TABLE + offsetof(struct m33_table, vdev),
		.buffers = VIRT_TEE_IPC_TABLE + offsetof(struct m33_table, buffers),
		.services = services,
		.service_count = sizeof(services) / sizeof(services[0]),
	};

	rpmsg_init(r, &setup);
}

static void tell(enum rpmsg_state before, enum rpmsg_state now)
{
	static const char *const news[] = {
		[RPMSG_DOWN] = "the host has left its rings",
		[RPMSG_UP] = "serves the host's rings",
		[RPMSG_BROKEN] = "the host has broken its rings: not served until it resets them",
	};

	if (now != before)
		say(news[now]);
}

/*
 * Return: look again before going to sleep. Who was rung may have rung back meanwhile, and a ring that came when nobody slept wakes
 * nobody: it would be seen a tick later.
 */
static bool serve(struct rpmsg *r)
{
	const enum rpmsg_state before = r->state;
	const unsigned int wanted = rpmsg_poll(r);

	tell(before, r->state);
	if (wanted & RPMSG_RING_TO_HOST)
		call(PIL_REMOTE_DOORBELL, PIL_DOORBELL_VQ0, 0);
	if (wanted & RPMSG_RING_FROM_HOST)
		call(PIL_REMOTE_DOORBELL, PIL_DOORBELL_VQ1, 0);
	return wanted != 0;
}

/* the rings are looked at whenever the core wakes, so that rings on their channels are no news */
void remote_main(uint64_t ctrl)
{
	struct life life = { 0 };
	struct rpmsg r = { 0 };
	bool busy = false;

	serve_begin(&r);
	life_begin(&life, ctrl, VIRT_TEE_DA_DOORBELL);
	for (;;) {
		life_wait(&life, busy);
		life_turn(&life);
		if (life.stopped || life.conduct.hung) {
			busy = false;
			continue;
		}
		if (life_rung(&life, PIL_DOORBELL_DETACH)) {
			rpmsg_reset(&r);
			call(PIL_REMOTE_DOORBELL, PIL_DOORBELL_DETACH, 0);
		}
		busy = serve(&r);
	}
}

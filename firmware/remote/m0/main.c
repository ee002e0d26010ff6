/* SPDX-License-Identifier: BSD-2-Clause */
/* A program for a small core: it beats, pets its watchdog, and stops when the host rings for it. It shares no memory but two pages. */
#include <virt/tee_platform.h>

#include "../common/life.h"
#include "../common/program.h"

void remote_main(uint64_t ctrl);

void remote_main(uint64_t ctrl)
{
	struct life life = { 0 };

	life_begin(&life, ctrl, VIRT_TEE_DA_DOORBELL);
	for (;;) {
		life_wait(&life, false);
		life_turn(&life);
		if (!life.stopped && life_rung(&life, PIL_DOORBELL_DETACH))
			call(PIL_REMOTE_DOORBELL, PIL_DOORBELL_DETACH, 0);
	}
}

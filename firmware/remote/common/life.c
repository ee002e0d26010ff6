/* SPDX-License-Identifier: BSD-2-Clause */
#include "life.h"

#include "program.h"

bool life_rung(struct life *l, unsigned int channel)
{
	uint32_t now = l->rung[channel];
	bool rung = now != l->seen[channel];

	l->seen[channel] = now;
	/* what the host wrote before it rang */
	barrier();
	return rung;
}

void life_begin(struct life *l, uint64_t ctrl, uint64_t doorbell)
{
	*l = (struct life){
		.ctrl = ctrl,
		.rung = (const volatile uint32_t *)(uintptr_t)(doorbell + PIL_DOORBELL_TO_CORE),
	};
	for (unsigned int i = 0; i < PIL_DOORBELL_CHANNELS; i++)
		(void)life_rung(l, i);
	begin(ctrl);
	say("runs");
	call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
	call(PIL_REMOTE_READY, 0, 0);
}

void life_wait(const struct life *l, bool busy)
{
	if (busy)
		return;
	do
		__asm__ volatile("wfi");
	while (l->stopped || l->conduct.hung);
}

static void look_for_request(struct life *l)
{
	uint32_t request = take_request(l->ctrl);

	if (request && !misbehave(&l->conduct, l->ctrl, request))
		say("does not know that request");
}

static void look_for_stop(struct life *l)
{
	if (!life_rung(l, PIL_DOORBELL_SHUTDOWN) || l->conduct.ignore_stop)
		return;
	l->stopped = true;
	say("stops");
	call(PIL_REMOTE_PET, 0, 0);
	call(PIL_REMOTE_DOORBELL, PIL_DOORBELL_SHUTDOWN, 0);
}

void life_turn(struct life *l)
{
	call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
	beat(l->ctrl, ++l->beats);
	look_for_request(l);
	/* who hangs does nothing more, not even that */
	if (!l->conduct.hung)
		look_for_stop(l);
}

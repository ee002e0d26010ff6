/* SPDX-License-Identifier: BSD-2-Clause */
/* What the remote program asks of its shim (wire/remote.h), and its watchdog. */
#include <virt/platform.h>
#include <virt/smem.h>

#include <pilot/wire/monitor.h>
#include <pilot/wire/remote.h>

#include "shim.h"

static uint64_t watchdog_ms; /* left until it bites; 0: not armed */

static void raise(unsigned int bit)
{
	virt_smp2p_raise((void *)(uintptr_t)VIRT_SMEM, shim_config.smp2p_in, bit);
	gic_ring(shim_config.smp2p_irq);
}

static void ready(void)
{
	const uint64_t args[7] = { 0 };

	/* the secure world first: the host may ask it as soon as it hears */
	shim_trace(PIL_TRACE_READY, 0, 0);
	shim_smc(PIL_MON_SHIM_READY, args);
	if (!shim_is_fixed())
		raise(VIRT_SMP2P_READY);
}

/* the text behind @intro; false when the program named memory that is not its own */
static bool remote_text(struct text *t, const char *intro, uint64_t address, uint64_t length, struct pil_why *why)
{
	t->len = 0;
	text_core(t);
	text_add(t, intro);
	if (length > PIL_REMOTE_TEXT)
		length = PIL_REMOTE_TEXT;
	return stage2_copy_text(address, length, t, why) == 0;
}

/* which way the bit turns means nothing: the host takes either edge */
static void ring(void)
{
	virt_smp2p_turn((void *)(uintptr_t)VIRT_SMEM, shim_config.smp2p_in, VIRT_SMP2P_RING);
	gic_ring(shim_config.smp2p_irq);
}

static uint64_t log_text(uint64_t address, uint64_t length)
{
	struct text t = { .len = 0 };
	struct pil_why why = { 0 };

	while (!remote_text(&t, "program: ", address, length, &why))
		if (!handover_waits(&why))
			return (uint64_t)PIL_REMOTE_RANGE;
	shim_trace(PIL_TRACE_SAYS, length, 0);
	shim_log(&t);
	return PIL_REMOTE_OK;
}

static uint64_t ask_master(uint64_t address, uint64_t write)
{
	enum access access = write ? ACCESS_WRITE : ACCESS_READ;
	struct text t = { .len = 0 };
	struct pil_why why = { 0 };
	char sentence[128] = "";

	if (!shim_config.master_count || write > 1)
		return (uint64_t)PIL_REMOTE_UNKNOWN;
	if (stage2_ask_master(address, access, &why) == 0)
		return PIL_REMOTE_OK;
	pil_why_text(&why, sentence, sizeof(sentence));
	text_core(&t);
	text_add(&t, "DMA master with stream ");
	text_hex(&t, shim_config.master_sid);
	text_add(&t, ", ");
	text_add(&t, access_name(access));
	text_hex(&t, address);
	text_add(&t, ": ");
	text_add(&t, sentence);
	shim_log(&t);
	return (uint64_t)PIL_REMOTE_RANGE;
}

static void __attribute__((noreturn)) fatal(uint64_t address, uint64_t length)
{
	struct text t = { .len = 0 };
	struct pil_why why = { 0 };

	/* with a bad address what could be copied is still the best reason there is */
	remote_text(&t, "fatal error: ", address, length, &why);
	shim_crash(&t);
}

void watchdog_tick(void)
{
	if (!watchdog_ms)
		return;
	if (watchdog_ms <= PIL_REMOTE_TICK_MS)
		shim_watchdog_bite("watchdog: the program has stopped petting it");
	watchdog_ms -= PIL_REMOTE_TICK_MS;
}

/* what is told through smp2p, where there is one */
static uint64_t tell_by_smp2p(uint64_t number)
{
	if (shim_is_fixed())
		return (uint64_t)PIL_REMOTE_UNKNOWN;
	if (number == PIL_REMOTE_RING)
		ring();
	else
		raise(number == PIL_REMOTE_HANDOVER ? VIRT_SMP2P_HANDOVER : VIRT_SMP2P_STOP_ACK);
	return PIL_REMOTE_OK;
}

static uint64_t tell_by_bell(uint64_t channel)
{
	if (!shim_is_fixed())
		return (uint64_t)PIL_REMOTE_UNKNOWN;
	return bell_ring(channel) ? PIL_REMOTE_OK : (uint64_t)PIL_REMOTE_RANGE;
}

void shim_call(struct frame *f)
{
	uint64_t result = PIL_REMOTE_OK;

	switch (f->x[0]) {
	case PIL_REMOTE_READY:
		ready();
		break;
	case PIL_REMOTE_HANDOVER:
	case PIL_REMOTE_STOP_ACK:
	case PIL_REMOTE_RING:
		result = tell_by_smp2p(f->x[0]);
		break;
	case PIL_REMOTE_DOORBELL:
		result = tell_by_bell(f->x[1]);
		break;
	case PIL_REMOTE_FATAL:
		fatal(f->x[1], f->x[2]);
	case PIL_REMOTE_WATCHDOG:
		shim_watchdog_bite("watchdog: raised by the program");
	case PIL_REMOTE_LOG:
		result = log_text(f->x[1], f->x[2]);
		break;
	case PIL_REMOTE_ASK_MASTER:
		result = ask_master(f->x[1], f->x[2]);
		break;
	case PIL_REMOTE_PET:
		watchdog_ms = f->x[1];
		break;
	default:
		result = (uint64_t)PIL_REMOTE_UNKNOWN;
	}
	f->x[0] = result;
}

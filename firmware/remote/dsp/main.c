/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the remote cores of the board virt: the same for each, told by its shim which one it is on. It proves that it runs (a heartbeat that nobody else can make), stops
 * when the host asks, and misbehaves in several ways on request, so that each can be seen to be caught.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <virt/platform.h>
#include <virt/smem.h>

#include "../common/conduct.h"
#include "../common/program.h"

void dsp_main(uint64_t base, uint64_t size, uint64_t ctrl, uint64_t smp2p_out);

/* QEMU's "edu", the DMA master of the core: registers of 64 bits, and its buffer as it calls it itself (docs/specs/edu.rst) */
#define EDU_SOURCE    0x80u
#define EDU_TARGET    0x88u
#define EDU_COUNT     0x90u
#define EDU_COMMAND   0x98u
#define EDU_START     1u
#define EDU_TO_MEMORY 2u
#define EDU_BUFFER    0x40000u

/* a program that copies all the time, as one does that boot firmware has started; the others do it on request */
#ifdef COPY_ALWAYS
#define COPIES true
#else
#define COPIES false
#endif

/* a copy is a read, and then a write */
enum dma {
	DMA_NONE = 0,
	DMA_READING,
	DMA_WAITING, /* for the host's request to stop */
	DMA_WRITING,
};

struct state {
	uint64_t ctrl;
	unsigned int smp2p_out;
	struct conduct conduct;
	bool stopped;
	uint64_t beats;
	enum dma dma;
	bool dma_at_stop;
	bool dma_counted; /* it is a round */
	bool up;
};

static volatile uint64_t *ctrl64(const struct state *s, unsigned int offset)
{
	return ctrl_word(s->ctrl, offset);
}

static void read_device(struct state *s)
{
	say("reads the clock");
	*ctrl64(s, PIL_CTRL_VALUE) = 1ull << 32 | *(volatile uint32_t *)(uintptr_t)VIRT_RTC;
}

static volatile uint64_t *edu(unsigned int offset)
{
	return (volatile uint64_t *)(uintptr_t)(VIRT_MASTER_REGS + offset);
}

static void edu_move(uint64_t from, uint64_t to, uint64_t direction)
{
	barrier();
	*edu(EDU_SOURCE) = from;
	*edu(EDU_TARGET) = to;
	*edu(EDU_COUNT) = PIL_CTRL_DMA_BYTES;
	*edu(EDU_COMMAND) = EDU_START | direction;
}

static void dma_start(struct state *s, uint64_t from)
{
	s->dma = DMA_READING;
	edu_move(from, EDU_BUFFER, 0);
}

static void dma_read(struct state *s, bool at_stop)
{
	say("lets its DMA master copy");
	*ctrl64(s, PIL_CTRL_VALUE) = 0;
	s->dma_at_stop = at_stop;
	dma_start(s, *ctrl64(s, PIL_CTRL_FROM));
}

static volatile uint64_t *word_at(uint64_t address, unsigned int i)
{
	return (volatile uint64_t *)(uintptr_t)(address + i * sizeof(uint64_t));
}

/* what is there before differs from what is to come in every bit */
static void round_start(struct state *s)
{
	for (unsigned int i = 0; i < PIL_CTRL_DMA_BYTES / sizeof(uint64_t); i++)
		*word_at(VIRT_DMA_TARGET, i) = ~*word_at(VIRT_DMA_SOURCE, i);
	s->dma_counted = true;
	dma_start(s, VIRT_DMA_SOURCE);
}

static void round_end(struct state *s)
{
	bool lost = false;

	for (unsigned int i = 0; i < PIL_CTRL_DMA_BYTES / sizeof(uint64_t); i++)
		lost |= *word_at(VIRT_DMA_TARGET, i) != *word_at(VIRT_DMA_SOURCE, i);
	s->dma = DMA_NONE;
	s->dma_counted = false;
	if (lost)
		*ctrl64(s, PIL_CTRL_LOST) += 1;
	barrier();
	*ctrl64(s, PIL_CTRL_ROUNDS) += 1;
}

static void dma_write(struct state *s)
{
	s->dma = DMA_WRITING;
	edu_move(EDU_BUFFER, s->dma_counted ? VIRT_DMA_TARGET : *ctrl64(s, PIL_CTRL_TO), EDU_TO_MEMORY);
}

/* the device says only when it is through, never whether the bytes arrived: the shim knows what the SMMU had to refuse */
static void dma_tell(struct state *s)
{
	uint64_t refused = 0;

	if (call(PIL_REMOTE_ASK_MASTER, *ctrl64(s, PIL_CTRL_FROM), 0) != PIL_REMOTE_OK)
		refused |= 1;
	if (call(PIL_REMOTE_ASK_MASTER, *ctrl64(s, PIL_CTRL_TO), 1) != PIL_REMOTE_OK)
		refused |= 2;
	s->dma = DMA_NONE;
	barrier();
	*ctrl64(s, PIL_CTRL_VALUE) = 1ull << 32 | refused;
}

static void look_for_dma(struct state *s)
{
	if (COPIES && s->dma == DMA_NONE)
		round_start(s);
	if (s->dma == DMA_NONE || s->dma == DMA_WAITING || *edu(EDU_COMMAND) & EDU_START)
		return;
	if (s->dma == DMA_WRITING && s->dma_counted) {
		round_end(s);
	} else if (s->dma == DMA_WRITING) {
		dma_tell(s);
	} else if (s->dma_at_stop) {
		s->dma = DMA_WAITING;
		*ctrl64(s, PIL_CTRL_VALUE) = 1ull << 32;
	} else {
		dma_write(s);
	}
}

static void obey(struct state *s, uint32_t request)
{
	switch (request) {
	case PIL_CTRL_READ_DEVICE:
		read_device(s);
		return;
	case PIL_CTRL_DMA:
	case PIL_CTRL_DMA_AT_STOP:
		if (COPIES)
			say("needs its DMA master itself");
		else
			dma_read(s, request == PIL_CTRL_DMA_AT_STOP);
		return;
	default:
		if (!misbehave(&s->conduct, s->ctrl, request))
			say("does not know that request");
	}
}

static void look_for_request(struct state *s)
{
	uint32_t request = take_request(s->ctrl);

	if (request)
		obey(s, request);
}

static void look_for_stop(struct state *s)
{
	const volatile void *smem = (const volatile void *)(uintptr_t)VIRT_SMEM;

	if (s->conduct.ignore_stop || !(virt_smp2p_value(smem, s->smp2p_out) & 1u << VIRT_SMP2P_STOP))
		return;
	s->stopped = true;
	if (s->dma == DMA_WAITING)
		dma_write(s);
	say("stops");
	call(PIL_REMOTE_PET, 0, 0);
	call(PIL_REMOTE_STOP_ACK, 0, 0);
}

/* who finds it up finds its DMA master at work, too */
static void look_whether_up(struct state *s)
{
	if (s->up || (COPIES && !*ctrl64(s, PIL_CTRL_ROUNDS)))
		return;
	s->up = true;
	call(PIL_REMOTE_READY, 0, 0);
	call(PIL_REMOTE_HANDOVER, 0, 0);
}

void dsp_main(uint64_t base, uint64_t size, uint64_t ctrl, uint64_t smp2p_out)
{
	struct state s = { .ctrl = ctrl, .smp2p_out = (unsigned int)smp2p_out };

	(void)base;
	(void)size;
	*ctrl64(&s, PIL_CTRL_ROUNDS) = 0;
	*ctrl64(&s, PIL_CTRL_LOST) = 0;
	begin(ctrl);
	say("runs");
	call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
	look_whether_up(&s);
	for (;;) {
		__asm__ volatile("wfi");
		if (s.stopped || s.conduct.hung)
			continue;
		call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
		beat(ctrl, ++s.beats);
		look_for_request(&s);
		look_for_dma(&s);
		look_whether_up(&s);
		look_for_stop(&s);
	}
}

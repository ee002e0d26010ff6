/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program of the board virt's video core: takes commands from a queue (wire/video.h), reads and writes frames through the
 * pixel stream and tables through the non-pixel stream, and has a heartbeat like the programs of the DSPs. The driver can write
 * the queue at any time, so each word is read once and bounded before use; what the streams lead to is the IOMMU's business.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/wire/video.h>
#include <virt/platform.h>

#include "../common/program.h"

#define WINDOW(n) ((uint64_t)(n) << PIL_REMOTE_WINDOW_SHIFT)

void remote_main(uint64_t ctrl);

struct state {
	uint64_t ctrl;
	uint64_t beats;
	uint32_t done;
	bool hung;
};

/* one command, copied out of the queue */
struct job {
	uint32_t command;
	uint32_t width;
	uint32_t height;
	uint32_t source;
	uint32_t target;
	uint32_t table;
};

static volatile uint32_t *queue(uint32_t offset)
{
	return (volatile uint32_t *)(uintptr_t)(VIRT_VIDEO_QUEUE + (uint64_t)offset);
}

static volatile uint8_t *window(unsigned int number, uint32_t address)
{
	return (volatile uint8_t *)(uintptr_t)(WINDOW(number) + address);
}

static struct job read_job(uint32_t slot)
{
	return (struct job){
		.command = *queue(slot + PIL_VIDEO_COMMAND),
		.width = *queue(slot + PIL_VIDEO_WIDTH),
		.height = *queue(slot + PIL_VIDEO_HEIGHT),
		.source = *queue(slot + PIL_VIDEO_SOURCE),
		.target = *queue(slot + PIL_VIDEO_TARGET),
		.table = *queue(slot + PIL_VIDEO_TABLE),
	};
}

static uint32_t check_job(const struct job *j)
{
	uint64_t size = (uint64_t)j->width * j->height;

	if (j->command != PIL_VIDEO_MIRROR)
		return PIL_VIDEO_NO_COMMAND;
	if (!size || size > PIL_VIDEO_FRAME_MAX)
		return PIL_VIDEO_BAD_FRAME;
	if (j->source > UINT32_MAX - size || j->target > UINT32_MAX - size ||
	    j->table > UINT32_MAX - PIL_VIDEO_TABLE_SIZE)
		return PIL_VIDEO_BAD_ADDRESS;
	return PIL_VIDEO_OK;
}

static uint32_t mirror_line(const struct job *j, uint32_t line)
{
	volatile uint8_t *from = window(PIL_REMOTE_WINDOW_PIXEL, j->source + line * j->width);
	volatile uint8_t *to = window(PIL_REMOTE_WINDOW_PIXEL, j->target + line * j->width);
	volatile uint8_t *table = window(PIL_REMOTE_WINDOW_NONPIXEL, j->table);
	uint32_t sum = 0;

	for (uint32_t i = 0; i < j->width; i++) {
		uint8_t byte = table[from[j->width - 1 - i]];

		to[i] = byte;
		sum += byte;
	}
	return sum;
}

/* a large frame takes long: the heart goes on, and the watchdog knows */
static uint32_t run_job(struct state *s, const struct job *j)
{
	uint32_t sum = 0;

	for (uint32_t line = 0; line < j->height; line++) {
		sum += mirror_line(j, line);
		call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
		beat(s->ctrl, ++s->beats);
	}
	return sum;
}

static void serve_one(struct state *s)
{
	uint32_t slot = PIL_VIDEO_SLOT0 + s->done % PIL_VIDEO_SLOTS * PIL_VIDEO_SLOT_SIZE;
	struct job job = read_job(slot);
	uint32_t status = check_job(&job);

	*queue(slot + PIL_VIDEO_SUM) = status == PIL_VIDEO_OK ? run_job(s, &job) : 0;
	*queue(slot + PIL_VIDEO_STATUS) = status;
	barrier();
	*queue(PIL_VIDEO_DONE) = ++s->done;
	barrier();
	call(PIL_REMOTE_RING, 0, 0);
}

static void serve(struct state *s)
{
	uint32_t waiting = *queue(PIL_VIDEO_PUT) - s->done;

	if (!waiting || waiting > PIL_VIDEO_SLOTS)
		return;
	barrier();
	serve_one(s);
}

static void look_for_request(struct state *s)
{
	uint32_t request = take_request(s->ctrl);

	if (request == PIL_CTRL_FATAL)
		fail();
	else if (request == PIL_CTRL_HANG)
		s->hung = true;
	else if (request == PIL_CTRL_READ_UNMAPPED)
		(void)*(volatile uint32_t *)(uintptr_t)PIL_CTRL_UNMAPPED;
	else if (request)
		say("does not know that request");
}

static void start(const struct state *s)
{
	begin(s->ctrl);
	*queue(PIL_VIDEO_PUT) = 0;
	*queue(PIL_VIDEO_DONE) = 0;
	barrier();
	*queue(PIL_VIDEO_MAGIC) = PIL_VIDEO_MAGIC_VALUE;
}

void remote_main(uint64_t ctrl)
{
	struct state s = { .ctrl = ctrl };

	start(&s);
	say("runs");
	call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
	call(PIL_REMOTE_READY, 0, 0);
	for (;;) {
		__asm__ volatile("wfi");
		if (s.hung)
			continue;
		call(PIL_REMOTE_PET, WATCHDOG_MS, 0);
		beat(s.ctrl, ++s.beats);
		look_for_request(&s);
		serve(&s);
	}
}

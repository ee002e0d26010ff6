/* SPDX-License-Identifier: BSD-2-Clause */
/* The single calls to the secure world that a request of the host is made of: what goes before each, and what follows from its answer. */
#include <string.h>

#include <pilot/image.h>
#include <pilot/wire/rsc_table.h>
#include <pilot/wire/scm.h>

#include "peripheral.h"
#include "platform.h"

#define METADATA_LEAST 64u /* bytes that the secure world reads before it knows of more */

#define TABLE_AT   HYP_PAGE /* in a buffer; below it the arguments and the host's table */
#define OWN_AT	   256u
#define OWN_SIZE   sizeof(struct pil_rsc_header_wire)
#define TABLE_SIZE HYP_PAGE

/** struct buffer - what the secure world reads and writes for a peripheral: metadata, or the resource table */
struct buffer {
	uint8_t bytes[PIL_IMAGE_METADATA_MAX];
};

_Static_assert(sizeof(struct buffer) % HYP_PAGE == 0 && sizeof(struct buffer) >= TABLE_AT + TABLE_SIZE,
	       "bridges are whole pages");

static struct buffer buffers[PIL_MAX_PERIPHERALS] __attribute__((section(".shared"), aligned(4096)));
static uint8_t table[TABLE_SIZE]; /* a resource table, where nobody changes it */

static struct buffer *buffer_of(const struct hyp_peripheral *p)
{
	return &buffers[hyp_index(p)];
}

static bool bridge_buffer(struct hyp_peripheral *p)
{
	if (!p->buffer_bridge)
		p->buffer_bridge = hyp_bridge((uint64_t)buffer_of(p), sizeof(struct buffer));
	return p->buffer_bridge;
}

/* as much of the host's memory as metadata may have: INIT_IMAGE does not say how much that is */
static uint64_t metadata_size(uint64_t address)
{
	uint64_t size = 0;

	for (uint64_t step = sizeof(struct buffer); step; step /= 2)
		while (size + step <= sizeof(struct buffer) && hyp_host_owns(address, size + step))
			size += step;
	return size;
}

void *hyp_request_own(unsigned int index)
{
	memset(&buffers[index], 0, sizeof(buffers[index]));
	hyp_peripherals[index].own = true;
	return &buffers[index];
}

static bool take_metadata(const struct hyp_peripheral *p)
{
	struct buffer *b = buffer_of(p);
	uint64_t size = metadata_size(p->call.x[3]);

	if (size < METADATA_LEAST)
		return false;
	memcpy(b->bytes, (const void *)p->call.x[3], size);
	memset(b->bytes + size, 0, sizeof(b->bytes) - size);
	return true;
}

static bool prepare_init(struct hyp_peripheral *p, struct hyp_regs *r)
{
	if (!p->own && !take_metadata(p)) {
		hyp_refuse(p, "INIT_IMAGE refused: metadata is not in the host's memory", r, PIL_SCM_EADDR);
		return false;
	}
	if (!bridge_buffer(p)) {
		hyp_refuse(p, "INIT_IMAGE refused: no bridge for metadata", r, PIL_SCM_ENOMEM);
		return false;
	}
	*r = p->call;
	r->x[3] = (uint64_t)buffer_of(p);
	return true;
}

/* the host's own table is one without entries: it counts for nothing anyway */
static bool prepare_table(struct hyp_peripheral *p, struct hyp_regs *r)
{
	struct buffer *b = buffer_of(p);
	uint64_t out = (uint64_t)b + TABLE_AT;
	const uint64_t page[PIL_SCM_INDIRECT_WORDS] = { out, TABLE_SIZE };

	memset(b, 0, TABLE_AT + TABLE_SIZE);
	memcpy(b->bytes, page, sizeof(page));
	if (!bridge_buffer(p)) {
		hyp_refuse(p, "AUTH_AND_RESET refused: no bridge for the resource table", r, PIL_SCM_ENOMEM);
		return false;
	}
	*r = (struct hyp_regs){ .x = { PIL_SCM_STD64(PIL_SCM_PAS_GET_RSCTABLE),
				       PIL_SCM_ARGS(5u, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RW, PIL_SCM_VAL),
				       hyp_desc(p)->pas_id, (uint64_t)b + OWN_AT, OWN_SIZE, (uint64_t)b } };
	return true;
}

static bool prepare_auth(struct hyp_peripheral *p, struct hyp_regs *r)
{
	const struct pil_range *carveout = &hyp_desc(p)->carveout;

	p->carveout_bridge = hyp_bridge(carveout->base, carveout->size);
	if (!p->carveout_bridge) {
		hyp_refuse(p, "AUTH_AND_RESET refused: no bridge for the carve-out", r, PIL_SCM_ENOMEM);
		return false;
	}
	hyp_hold(p);
	/* for a host it is too early: it could leave the call interrupted, and what a manifest takes away in reach */
	if (hyp_is_stage())
		hyp_streams_on(hyp_index(p), false);
	*r = p->call;
	return true;
}

/* DMA masters first: what one of them still writes must be there before the secure world clears the carve-out, or never */
static bool prepare_stop(struct hyp_peripheral *p, struct hyp_regs *r)
{
	if (p->held)
		hyp_streams_off(hyp_index(p), false);
	*r = (struct hyp_regs){ .x = { PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u),
				       hyp_desc(p)->pas_id } };
	return true;
}

bool hyp_prepare(struct hyp_peripheral *p, struct hyp_regs *r)
{
	switch (p->step) {
	case HYP_INIT:
		return prepare_init(p, r);
	case HYP_TABLE:
	case HYP_NARROW:
		return prepare_table(p, r);
	case HYP_AUTH:
		return prepare_auth(p, r);
	case HYP_STOP:
		return prepare_stop(p, r);
	default:
		*r = p->call;
		return true;
	}
}

/* Return: whether the streams' tables are as the secure world has just told */
static bool build_streams(struct hyp_peripheral *p, const struct hyp_regs *r)
{
	struct pil_why why = { 0 };
	uint64_t size = r->x[3] <= sizeof(table) ? r->x[3] : 0;

	if (r->x[0])
		return false;
	memcpy(table, buffer_of(p)->bytes + TABLE_AT, size);
	if (!hyp_streams_build(hyp_index(p), table, size, &why))
		return true;
	hyp_log("%s: resource table: %s: %x, %x", hyp_desc(p)->name, pil_reason_name(why.reason), why.a, why.b);
	return false;
}

static enum hyp_step finish_table(struct hyp_peripheral *p, struct hyp_regs *r)
{
	bool refused = r->x[0];

	if (build_streams(p, r))
		return HYP_AUTH;
	if (refused)
		*r = (struct hyp_regs){ .x = { r->x[0] } };
	else
		hyp_refuse(p, "AUTH_AND_RESET refused: its resource table cannot be mapped", r, PIL_SCM_ERROR);
	return HYP_IDLE;
}

/* the core runs, under a shim that knows of the manifest: now its stream, too, and DMA masters never had more */
static enum hyp_step finish_narrow(struct hyp_peripheral *p, struct hyp_regs *r)
{
	uint64_t before = hyp_streams_ranges(hyp_index(p)), after = 0;

	if (!build_streams(p, r)) {
		hyp_refuse(p, "is stopped: its streams cannot be mapped as its image wants them", r, PIL_SCM_ERROR);
		return HYP_STOP;
	}
	after = hyp_streams_ranges(hyp_index(p));
	if (after != before)
		hyp_log("%s: its image's manifest leaves %u of %u ranges", hyp_desc(p)->name, after, before);
	hyp_streams_on(hyp_index(p), true);
	hyp_streams_on(hyp_index(p), false);
	*r = (struct hyp_regs){ 0 };
	return HYP_IDLE;
}

static enum hyp_step finish_stop(struct hyp_peripheral *p, struct hyp_regs *r)
{
	bool stopped = !r->x[0];

	if (stopped)
		hyp_give_back(p);
	if (hyp_function(&p->call) == PIL_SCM_PAS_AUTH_AND_RESET)
		*r = (struct hyp_regs){ .x = { (uint64_t)(int64_t)PIL_SCM_ERROR } };
	return stopped && hyp_function(&p->call) == PIL_SCM_PAS_INIT_IMAGE ? HYP_INIT : HYP_IDLE;
}

/*
 * Refused: all is as before. But where the board could not do what was asked, nobody knows whether the core is held: then the
 * carve-out stays where it is, until SHUTDOWN.
 */
static enum hyp_step finish_auth(struct hyp_peripheral *p, const struct hyp_regs *r)
{
	if (r->x[0] && (int64_t)r->x[0] != PIL_SCM_ERROR)
		hyp_give_back(p);
	return !r->x[0] && hyp_desc(p)->stream_count ? HYP_NARROW : HYP_IDLE;
}

enum hyp_step hyp_finish(struct hyp_peripheral *p, struct hyp_regs *r)
{
	switch (p->step) {
	case HYP_TABLE:
		return finish_table(p, r);
	case HYP_AUTH:
		return finish_auth(p, r);
	case HYP_NARROW:
		return finish_narrow(p, r);
	case HYP_STOP:
		return finish_stop(p, r);
	default:
		return HYP_IDLE;
	}
}

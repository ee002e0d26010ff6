/* SPDX-License-Identifier: BSD-2-Clause */
/* The board as a TA sees it: everything privileged is done by a PTA (include/pilot/wire/tee_board.h), which trusts no TA further than it must. */
#include <string.h>

#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

#include "internal.h"

#define IN    PIL_TEE_VALUE_INPUT
#define OUT   PIL_TEE_VALUE_OUTPUT
#define FROM  PIL_TEE_MEMREF_INPUT
#define TO    PIL_TEE_MEMREF_OUTPUT
#define NONE  PIL_TEE_NONE
#define FUSES sizeof(struct pil_fuses_all)

_Static_assert(PIL_TEE_BOARD_REGIONS == PIL_MAX_REGIONS, "what the PTA can say fits");
_Static_assert(PIL_TEE_REGION_HOST == PIL_REGION_HOST && PIL_TEE_REGION_SHARED == PIL_REGION_SHARED &&
		       PIL_TEE_REGION_CODE == PIL_REGION_CODE,
	       "flags are passed on as they are");
_Static_assert(sizeof(((struct pil_tee_region *)0)->name) == sizeof(((struct pil_region *)0)->name),
	       "names are passed on as they are");

static struct pil_tee_board *board_of(struct pil_board *b)
{
	return b->ctx;
}

static struct pil_tee_call new_call(uint32_t command, unsigned int processor, uint32_t types)
{
	return (struct pil_tee_call){ .command = command, .types = types, .p[0] = { .a = processor } };
}

/* @why gets @reason with @a and @b when the PTA refuses */
static int ask(struct pil_tee_board *t, struct pil_tee_call *call, struct pil_why *why, enum pil_reason reason,
	       uint64_t a, uint64_t b)
{
	return t->invoke(t->ctx, call) == PIL_TEE_SUCCESS ? 0 : pil_fail(why, reason, a, b);
}

static int ask_plain(struct pil_tee_board *t, struct pil_tee_call *call, struct pil_why *why)
{
	uint32_t status = t->invoke(t->ctx, call);

	return status == PIL_TEE_SUCCESS ? 0 : pil_fail(why, PIL_R_TEE_PTA, call->command, status);
}

/* the only memory of a host that is known here is the present call's */
static void *host_map(struct pil_board *b, struct pil_range r)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_range window = { .base = PIL_TEE_WINDOW, .size = t->window_size };

	if (!t->window || !pil_range_contains(window, r))
		return NULL;
	return (uint8_t *)t->window + (r.base - window.base);
}

static int read_device(struct pil_board *b, struct pil_device *device, struct pil_why *why)
{
	uint8_t fuses[FUSES] = { 0 };
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_FUSES, 0, PIL_TEE_TYPES(TO, NONE, NONE, NONE));
	int err = 0;

	call.p[0] = (struct pil_tee_param){ .buffer = fuses, .size = sizeof(fuses) };
	err = ask_plain(board_of(b), &call, why);
	if (!err)
		err = pil_fuses_parse(fuses, sizeof(fuses), device, why);
	return err ? err : pil_fuses_keys_parse(fuses, sizeof(fuses), device, why);
}

static int counter_read(struct pil_board *b, uint32_t sw_id, uint32_t *version, struct pil_why *why)
{
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_COUNTER_READ, sw_id, PIL_TEE_TYPES(IN, OUT, NONE, NONE));
	int err = ask_plain(board_of(b), &call, why);

	*version = err ? 0 : call.p[1].a;
	return err;
}

static int counter_advance(struct pil_board *b, uint32_t sw_id, uint32_t version, struct pil_why *why)
{
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_COUNTER_ADVANCE, sw_id, TYPES_ID);

	call.p[0].b = version;
	return ask_plain(board_of(b), &call, why);
}

static enum pil_ownership ownership(struct pil_board *b, unsigned int peripheral)
{
	switch (board_of(b)->info[peripheral].processor.ownership) {
	case PIL_TEE_MANAGED:
		return PIL_OWNED_TEE;
	case PIL_TEE_KERNEL:
		return PIL_OWNED_KERNEL;
	case PIL_TEE_SECURE_ONLY:
		return PIL_OWNED_SECURE_ONLY;
	default:
		return PIL_OWNED_NOBODY;
	}
}

/* a TEE copies a TA's memory once more on its way to the PTA: as much as a piece has, and no more */
static size_t next_piece(const struct pil_tee_board *t, size_t left)
{
	return left < t->far.piece_size ? left : t->far.piece_size;
}

static int far_read(struct pil_board *b, unsigned int peripheral, uint64_t da, void *to, size_t size,
		    struct pil_why *why)
{
	struct pil_tee_board *t = board_of(b);
	int err = 0;

	for (size_t done = 0; !err && done < size;) {
		struct pil_tee_call call = new_call(PIL_TEE_BOARD_READ, peripheral, PIL_TEE_TYPES(IN, IN, TO, NONE));
		size_t now = next_piece(t, size - done);

		call.p[0].b = PIL_TEE_READ_COPY;
		pil_tee_put_u64_(&call.p[1], da + done);
		call.p[2] = (struct pil_tee_param){ .buffer = (uint8_t *)to + done, .size = now };
		err = ask(t, &call, why, PIL_R_PAS_FAR, da + done, now);
		done += now;
	}
	return err;
}

static int far_fetch(struct pil_board *b, unsigned int peripheral, uint64_t offset, void *to, size_t size,
		     struct pil_why *why)
{
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_READ, peripheral, PIL_TEE_TYPES(IN, IN, TO, NONE));

	call.p[0].b = PIL_TEE_READ_HOST;
	pil_tee_put_u64_(&call.p[1], offset);
	call.p[2] = (struct pil_tee_param){ .buffer = to, .size = size };
	return ask(board_of(b), &call, why, PIL_R_PAS_FETCH, offset, size);
}

/* the PTA only reads what it is given here: the parameter has no const because it serves outputs too */
static struct pil_tee_param input(const void *from, size_t size)
{
	return (struct pil_tee_param){ .buffer = (void *)(uintptr_t)from, .size = size };
}

static int far_write(struct pil_board *b, unsigned int peripheral, uint64_t da, const void *from, size_t size,
		     struct pil_why *why)
{
	struct pil_tee_board *t = board_of(b);
	int err = 0;

	for (size_t done = 0; !err && done < size;) {
		struct pil_tee_call call = new_call(PIL_TEE_BOARD_WRITE, peripheral, PIL_TEE_TYPES(IN, IN, FROM, NONE));
		size_t now = next_piece(t, size - done);

		pil_tee_put_u64_(&call.p[1], da + done);
		call.p[2] = input((const uint8_t *)from + done, now);
		err = ask(t, &call, why, PIL_R_PAS_FAR, da + done, now);
		done += now;
	}
	return err;
}

static int far_zero(struct pil_board *b, unsigned int peripheral, uint64_t da, uint64_t size, struct pil_why *why)
{
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_ZERO, peripheral, PIL_TEE_TYPES(IN, IN, IN, NONE));

	pil_tee_put_u64_(&call.p[1], da);
	pil_tee_put_u64_(&call.p[2], size);
	return ask(board_of(b), &call, why, PIL_R_PAS_FAR, da, size);
}

static const struct pil_region *far_regions(struct pil_board *b, unsigned int peripheral, unsigned int *count)
{
	*count = board_of(b)->info[peripheral].region_count;
	return board_of(b)->region[peripheral];
}

static int core_claim(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_CLAIM, core, TYPES_ID);
	uint32_t status = t->claimed[core] ? PIL_TEE_SUCCESS : t->invoke(t->ctx, &call);

	if (status == PIL_TEE_BUSY)
		return pil_fail(why, PIL_R_PAS_CORE_CLAIMED, core, 0);
	if (status != PIL_TEE_SUCCESS)
		return pil_fail(why, PIL_R_TEE_PTA, PIL_TEE_BOARD_CLAIM, status);
	t->claimed[core] = true;
	return 0;
}

static void core_unclaim(struct pil_board *b, unsigned int core)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_RELEASE, core, TYPES_ID);

	if (t->claimed[core] && t->invoke(t->ctx, &call) == PIL_TEE_SUCCESS)
		t->claimed[core] = false;
}

static void core_keep(struct pil_board *b, unsigned int core, bool keep)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_KEEP, core, TYPES_ID);

	call.p[0].b = keep;
	(void)t->invoke(t->ctx, &call);
}

static int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_START, core, PIL_TEE_TYPES(IN, IN, IN, NONE));
	uint32_t status = PIL_TEE_SUCCESS;

	pil_tee_put_u64_(&call.p[1], start->entry);
	call.p[2].a = start->host_memory ? PIL_TEE_START_HOST_MEMORY : 0;
	status = t->invoke(t->ctx, &call);
	return status == PIL_TEE_SUCCESS ? 0 : pil_fail(why, PIL_R_PAS_CORE_START, core, status);
}

static int core_stop(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_STOP, core, TYPES_ID);
	uint32_t status = t->invoke(t->ctx, &call);

	return status == PIL_TEE_SUCCESS ? 0 : pil_fail(why, PIL_R_PAS_CORE_STOP, core, status);
}

/* a PTA that does not answer knows of nothing that runs well */
static enum pil_core_state core_state(struct pil_board *b, unsigned int core, bool *ready)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_STATE, core, PIL_TEE_TYPES(IN, OUT, NONE, NONE));

	*ready = false;
	if (t->invoke(t->ctx, &call) != PIL_TEE_SUCCESS)
		return PIL_CORE_CRASHED;
	*ready = call.p[1].b == 1;
	switch (call.p[1].a) {
	case PIL_TEE_CORE_HELD:
		return PIL_CORE_HELD;
	case PIL_TEE_CORE_RUNNING:
		return PIL_CORE_RUNNING;
	default:
		return PIL_CORE_CRASHED;
	}
}

static int core_power(struct pil_board *b, unsigned int core, bool resume, struct pil_why *why)
{
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_POWER, core, PIL_TEE_TYPES(IN, IN, NONE, NONE));

	call.p[1].a = resume;
	return ask(board_of(b), &call, why, PIL_R_PAS_CORE_POWER, core, resume);
}

/* a TA serves one call at a time */
static void enter(struct pil_board *b)
{
	(void)b;
}

static void leave(struct pil_board *b)
{
	(void)b;
}

static void log_line(struct pil_board *b, const char *line)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_LOG, 0, PIL_TEE_TYPES(FROM, NONE, NONE, NONE));
	size_t length = 0;

	while (line[length])
		length++;
	call.p[0] = input(line, length);
	(void)t->invoke(t->ctx, &call);
}

static void trace(struct pil_board *b, uint32_t event, uint64_t first, uint64_t second)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_TRACE, event, PIL_TEE_TYPES(IN, IN, IN, NONE));

	pil_tee_put_u64_(&call.p[1], first);
	pil_tee_put_u64_(&call.p[2], second);
	(void)t->invoke(t->ctx, &call);
}

static uint64_t time_us(struct pil_board *b)
{
	struct pil_tee_board *t = board_of(b);
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_TIME, 0, PIL_TEE_TYPES(OUT, NONE, NONE, NONE));

	return t->invoke(t->ctx, &call) == PIL_TEE_SUCCESS ? pil_tee_u64_(&call.p[0]) : 0;
}

static bool same_name(const char *a, const char *b, size_t size)
{
	size_t i = 0;

	while (i < size && a[i] && a[i] == b[i])
		i++;
	return i < size && !a[i] && !b[i];
}

/* the PTA is trusted, but a PTA and a TA that were built from different descriptions must not meet */
static int check_info(const struct pil_board_desc *desc, unsigned int index, const struct pil_tee_board_info *info,
		      struct pil_why *why)
{
	const struct pil_peripheral_desc *p = &desc->peripherals[index];

	if (p->core != (int)index)
		return pil_fail(why, PIL_R_BOARD_CORE, index, (unsigned int)p->core);
	if (info->processor.id != index)
		return pil_fail(why, PIL_R_TEE_INFO, index, 1);
	if (!same_name(p->name, info->processor.name, sizeof(info->processor.name)))
		return pil_fail(why, PIL_R_TEE_INFO, index, 2);
	if (info->region_count > PIL_TEE_BOARD_REGIONS)
		return pil_fail(why, PIL_R_TEE_INFO, index, 3);
	for (unsigned int i = 0; i < info->region_count; i++) {
		const struct pil_tee_region *r = &info->region[i];

		if (!r->size || r->pa > UINT64_MAX - r->size || r->da > UINT64_MAX - r->size ||
		    r->name[PIL_TEE_REGION_NAME - 1])
			return pil_fail(why, PIL_R_TEE_INFO, index, 4 + i);
	}
	return 0;
}

static int read_info(struct pil_tee_board *t, const struct pil_board_desc *desc, unsigned int index,
		     struct pil_why *why)
{
	struct pil_tee_board_info *info = &t->info[index];
	struct pil_tee_call call = new_call(PIL_TEE_BOARD_INFO, index, PIL_TEE_TYPES(IN, TO, NONE, NONE));
	int err = 0;

	call.p[1] = (struct pil_tee_param){ .buffer = info, .size = sizeof(*info) };
	err = ask_plain(t, &call, why);
	if (!err)
		err = check_info(desc, index, info, why);
	for (unsigned int i = 0; !err && i < info->region_count; i++) {
		struct pil_region *r = &t->region[index][i];

		*r = (struct pil_region){
			.da = info->region[i].da,
			.range = { .base = info->region[i].pa, .size = info->region[i].size },
			.flags = info->region[i].flags,
		};
		memcpy(r->name, info->region[i].name, sizeof(r->name));
	}
	return err;
}

static void fill_functions(struct pil_tee_board *t, const struct pil_board_desc *desc)
{
	t->far.read = far_read;
	t->far.write = far_write;
	t->far.zero = far_zero;
	t->far.fetch = far_fetch;
	t->far.regions = far_regions;
	t->board = (struct pil_board){
		.desc = desc,
		.ctx = t,
		.host_map = host_map,
		.read_device = read_device,
		.counter_read = counter_read,
		.counter_advance = counter_advance,
		.far = &t->far,
		.ownership = ownership,
		.core_claim = core_claim,
		.core_unclaim = core_unclaim,
		.core_keep = core_keep,
		.core_start = core_start,
		.core_stop = core_stop,
		.core_state = core_state,
		.core_power = core_power,
		.enter = enter,
		.leave = leave,
		.log = log_line,
		.trace = trace,
		.time_us = time_us,
	};
}

int pil_tee_board_init(struct pil_tee_board *t, const struct pil_board_desc *desc, void *piece, size_t piece_size,
		       struct pil_why *why)
{
	int err = 0;

	t->far.piece = piece;
	t->far.piece_size = piece_size;
	fill_functions(t, desc);
	if (desc->peripheral_count > PIL_MAX_CORES)
		return pil_fail(why, PIL_R_BOARD_COUNT, desc->peripheral_count, PIL_MAX_CORES);
	for (unsigned int i = 0; !err && i < desc->peripheral_count; i++)
		err = read_info(t, desc, i, why);
	return err;
}

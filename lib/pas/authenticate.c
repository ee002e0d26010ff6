/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock, then verify, then start (docs/DESIGN.md section 5). After the lock nobody but the secure world can change what will
 * run, and only then hashing begins. The lock is the board's firewall round the carve-out, or a copy out of everybody's
 * reach: then what the host wrote is read once, and never looked at again. The decision is taken from counts that are kept twice, in both directions, and is
 * looked at twice, so that no single skipped instruction turns refused into accepted.
 */
#include <string.h>

#include "internal.h"

#define ALL_CHECKS ((1u << PIL_CHECK_COUNT) - 1u)

/*
 * What will run, as the secure world sees it: @range is the carve-out, @bytes the copy at @copy or, with @copy 0, the carve-out
 * itself; @source, where the host has put the image, is NULL then. On a board with far memory @far is the region that has the copy, and
 * nothing is seen of it.
 */
struct window {
	struct pil_range range;
	uint8_t *bytes;
	const uint8_t *source;
	uint64_t copy;
	const struct pil_region *far;
};

/* evidence: volatile, so that each look at it is a look of its own */
struct evidence {
	volatile uint32_t checks;
	volatile unsigned int verified;
	volatile unsigned int left;
};

int pil_core_claim_(struct pil_pas *pas, struct pil_peripheral *p)
{
	if (!pas->board->core_claim)
		return 0;
	return pas->board->core_claim(pas->board, (unsigned int)p->desc->core, &p->why);
}

int pil_core_take_(struct pil_pas *pas, unsigned int index)
{
	struct pil_peripheral *p = &pas->p[index];
	int err = 0;

	if (!pil_has_core_(p))
		return 0;
	err = pil_core_claim_(pas, p);
	if (err)
		return err;
	pas->board->enter(pas->board);
	err = pil_core_take(&pas->cores, (unsigned int)p->desc->core, index, &p->why);
	pas->board->leave(pas->board);
	if (err)
		return err;
	return pas->board->core_stop(pas->board, (unsigned int)p->desc->core, &p->why);
}

/* the carve-out is never believed: what is verified is what was brought from there */
static int find_home(struct pil_pas *pas, unsigned int index, struct window *w)
{
	struct pil_peripheral *p = &pas->p[index];

	w->range = p->desc->carveout;
	w->far = pil_far_home_(pas, index);
	return w->far ? 0 : pil_fail(&p->why, PIL_R_PAS_WINDOW, w->range.base, w->range.size);
}

static int lock(struct pil_pas *pas, unsigned int index, struct window *w)
{
	struct pil_peripheral *p = &pas->p[index];
	struct pil_shelter_ shelter = { 0 };
	int err = pil_memory_assign(&pas->memory, pas->board, index, p->desc->carveout, PIL_OWNER_SECURE, &p->why);

	if (err)
		return err;
	if (pas->board->far)
		return find_home(pas, index, w);
	w->bytes = pil_carveout_window_(pas, index, &w->range, &p->why);
	if (!w->bytes)
		return -(int)pil_reason_class(p->why.reason);
	shelter = pil_shelter_(pas, index);
	if (shelter.bytes) {
		w->source = w->bytes;
		w->bytes = shelter.bytes;
		w->copy = shelter.pa;
	}
	return 0;
}

static int check_plan(struct pil_peripheral *p, const struct window *w)
{
	for (unsigned int i = 0; i < p->plan.count; i++) {
		const struct pil_placement *seg = &p->plan.seg[i];
		struct pil_range memory = { .base = seg->dest, .size = seg->memsz };

		if (!pil_range_contains(w->range, memory) || seg->filesz > seg->memsz)
			return pil_fail(&p->why, PIL_R_PLAN_OUTSIDE, seg->index, seg->dest);
	}
	return 0;
}

/* only what the plan places: nothing else of the host's gets in */
static void copy_segments(const struct pil_plan *plan, const struct window *w)
{
	for (unsigned int i = 0; i < plan->count; i++) {
		uint64_t start = plan->seg[i].dest - w->range.base;

		pil_copy_in_(w->bytes + start, w->source + start, (size_t)plan->seg[i].filesz);
	}
}

static int zero(struct pil_pas *pas, unsigned int index, const struct window *w, uint64_t from, uint64_t to)
{
	if (w->far)
		return pil_far_zero_(pas, index, w->far->da + from, to - from, &pas->p[index].why);
	memset(w->bytes + from, 0, (size_t)(to - from));
	return 0;
}

/* zero what the image leaves out: gaps, the rest behind each segment's file bytes, and what is behind the last */
static int zero_rest(struct pil_pas *pas, unsigned int index, const struct window *w)
{
	const struct pil_plan *plan = &pas->p[index].plan;
	uint64_t done = 0;
	int err = 0;

	for (unsigned int i = 0; !err && i < plan->count; i++) {
		uint64_t start = plan->seg[i].dest - w->range.base;

		err = zero(pas, index, w, done, start);
		done = start + plan->seg[i].filesz;
	}
	return err ? err : zero(pas, index, w, done, w->range.size);
}

/* the lowest version that may run, and who will be counted when it is ready */
static int ask_counter(struct pil_pas *pas, struct pil_peripheral *p, uint32_t *least)
{
	*least = 0;
	if (!pas->board->counter_read)
		return 0;
	return pas->board->counter_read(pas->board, p->desc->sw_id, least, &p->why);
}

static int check_metadata(struct pil_pas *pas, struct pil_peripheral *p, struct evidence *e, struct pil_verified_ *v)
{
	struct pil_auth_policy policy = {
		.device = &pas->device,
		.check_sw_id = true,
		.sw_id = p->desc->sw_id,
	};
	struct pil_auth_result result = { 0 };
	int err = ask_counter(pas, p, &policy.least_rollback);

	if (!err)
		err = pil_auth_check(&p->image, &policy, pas->crypto, &result, &p->why);
	if (err)
		return err;
	p->version = result.binding.anti_rollback;
	p->counted = p->version <= policy.least_rollback;
	e->checks = result.done;
	v->certs = result.certs;
	memcpy(v->root_hash, result.root_hash, sizeof(v->root_hash));
	return 0;
}

static int check_segment(struct pil_pas *pas, unsigned int index, const struct window *w,
			 const struct pil_placement *seg)
{
	struct pil_peripheral *p = &pas->p[index];
	uint64_t start = seg->dest - w->range.base;

	if (w->far)
		return pil_far_segment_(pas, index, seg, start, w->far->da + start);
	return pil_auth_segment(&p->image, seg->index, w->bytes + start, (size_t)seg->filesz, pas->crypto, &p->why);
}

static int check_segments(struct pil_pas *pas, unsigned int index, const struct window *w, struct evidence *e,
			  struct pil_verified_ *v)
{
	struct pil_peripheral *p = &pas->p[index];

	for (unsigned int i = 0; i < p->plan.count; i++) {
		const struct pil_placement *seg = &p->plan.seg[i];
		int err = check_segment(pas, index, w, seg);

		if (err)
			return err;
		e->verified = e->verified + 1;
		e->left = e->left - 1;
		v->bytes += seg->filesz;
	}
	v->segments = e->verified;
	if (e->left == 0)
		e->checks = e->checks | 1u << PIL_CHECK_SEGMENTS;
	return 0;
}

static int wipe(struct pil_pas *pas, unsigned int index, const struct window *w, const struct pil_placement *seg)
{
	uint64_t start = seg->dest - w->range.base;

	if (w->far)
		return pil_far_zero_(pas, index, w->far->da + start, seg->filesz, &pas->p[index].why);
	pil_wipe_(w->bytes + start, (size_t)seg->filesz);
	return 0;
}

/* a manifest is for the secure world alone: the core finds zeros there */
static int read_manifest(struct pil_pas *pas, unsigned int index, const struct window *w,
			 const struct pil_placement *seg, struct pil_verified_ *v)
{
	uint64_t start = seg->dest - w->range.base;
	struct pil_peripheral *p = &pas->p[index];
	uint8_t brought[PIL_MANIFEST_SIZE_MAX] = { 0 };
	const uint8_t *bytes = w->far ? brought : w->bytes + start;
	struct pil_manifest manifest = { 0 };
	int err = 0;

	if (w->far && seg->filesz > sizeof(brought))
		return pil_fail(&p->why, PIL_R_MANIFEST_LONG, seg->filesz, sizeof(brought));
	if (w->far)
		err = pas->board->far->read(pas->board, index, w->far->da + start, brought, (size_t)seg->filesz,
					    &p->why);
	if (!err)
		err = pil_manifest_parse(bytes, (size_t)seg->filesz, &manifest, &p->why);
	if (!err)
		err = pil_streams_narrow(&pas->streams, index, &manifest, p->narrowed, &p->why);
	if (!err)
		err = wipe(pas, index, w, seg);
	if (err)
		return err;
	v->manifest = true;
	v->ranges = manifest.count;
	return 0;
}

/* from the bytes that were verified, where nobody else can change them; only now do they mean anything */
static int apply_manifest(struct pil_pas *pas, unsigned int index, const struct window *w, struct pil_verified_ *v)
{
	struct pil_peripheral *p = &pas->p[index];
	struct pil_phdr phdr = { 0 };
	unsigned int number = 0;
	int err = pil_manifest_find(&p->image.elf, &number, &phdr, &p->why);

	if (err || !number)
		return err;
	for (unsigned int i = 0; i < p->plan.count; i++) {
		const struct pil_placement *seg = &p->plan.seg[i];

		if (seg->index == number)
			return read_manifest(pas, index, w, seg, v);
	}
	return pil_fail(&p->why, PIL_R_PAS_INCOMPLETE, 0, number);
}

static int decide(struct pil_peripheral *p, const struct evidence *e)
{
	const volatile struct pil_why *why = &p->why;

	/* whatever failed has left its reason, even if its status was lost on the way */
	if (e->checks == ALL_CHECKS && e->verified == p->plan.count && e->left == 0 && e->verified != 0 &&
	    why->reason == PIL_R_NONE)
		return 0;
	if (why->reason != PIL_R_NONE)
		return -(int)pil_reason_class(why->reason);
	return pil_fail(&p->why, PIL_R_PAS_INCOMPLETE, e->checks, e->left);
}

static int verify(struct pil_pas *pas, unsigned int index, const struct window *w, struct evidence *e,
		  struct pil_verified_ *v)
{
	struct pil_peripheral *p = &pas->p[index];
	int err = check_plan(p, w);

	if (!err)
		err = check_metadata(pas, p, e, v);
	if (err)
		return err;
	err = zero_rest(pas, index, w);
	if (err)
		return err;
	if (w->source)
		copy_segments(&p->plan, w);
	err = check_segments(pas, index, w, e, v);
	if (!err)
		err = apply_manifest(pas, index, w, v);
	if (!err)
		err = decide(p, e);
	return err;
}

/* asked of the board once more: what starts must be what was verified, and not the carve-out that the host can write */
static int check_copy(struct pil_pas *pas, unsigned int index, const struct window *w, uint64_t copy)
{
	struct pil_shelter_ shelter = pil_shelter_(pas, index);

	if (!w->far != !pas->board->far)
		return pil_fail(&pas->p[index].why, PIL_R_PAS_WINDOW, w->range.base, copy);
	if (shelter.pa == copy && w->copy == copy && !w->source == !copy && (!copy || w->bytes == shelter.bytes))
		return 0;
	return pil_fail(&pas->p[index].why, PIL_R_PAS_WINDOW, w->range.base, copy);
}

/* a manifest that a fault made us pass by has narrowed nothing: then the streams still have the board's grants */
static int check_grants(struct pil_pas *pas, unsigned int index)
{
	struct pil_peripheral *p = &pas->p[index];
	const struct pil_stream_entry *s = NULL;
	struct pil_phdr phdr = { 0 };
	unsigned int number = 0, count = 0;
	int err = pil_manifest_find(&p->image.elf, &number, &phdr, &p->why);

	if (err || !number)
		return err;
	s = pil_streams_of(&pas->streams, index, &count);
	for (unsigned int i = 0; i < count; i++)
		if (s[i].grants < p->narrowed || s[i].grants > p->narrowed + PIL_MANIFEST_MAX)
			return pil_fail(&p->why, PIL_R_PAS_INCOMPLETE, ALL_CHECKS, number);
	return 0;
}

/* before their core, which would have to wait for them; it is held, so none of them does anything yet */
static int start_masters(struct pil_pas *pas, unsigned int index, const struct pil_core_start *how)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < how->stream_count; i++)
		if (how->streams[i].desc->purpose == PIL_STREAM_DMA_MASTER)
			err = pas->board->master_start(pas->board, how->streams[i].desc, &pas->p[index].why);
	return err;
}

static int start(struct pil_pas *pas, unsigned int index, const struct window *w, const struct evidence *e)
{
	struct pil_peripheral *p = &pas->p[index];
	struct pil_core_start how = {
		.entry = p->plan.entry,
		.image = { .base = p->plan.base, .size = p->plan.span },
		.peripheral = p->desc,
		.copy = w->copy,
	};
	int err = pil_memory_assign(&pas->memory, pas->board, index, p->desc->carveout, (int)index, &p->why);

	if (err)
		return err;
	if (w->far) { /* the core sees the copy by its own addresses */
		how.entry = w->far->da + (p->plan.entry - w->range.base);
		how.image.base = w->far->da + (p->plan.base - w->range.base);
	}
	how.streams = pil_streams_of(&pas->streams, index, &how.stream_count);
	err = decide(p, e);
	if (!err)
		err = check_copy(pas, index, w, how.copy);
	if (!err)
		err = check_grants(pas, index);
	if (err)
		return err;
	pil_streams_set(&pas->streams, index, PIL_STREAM_TRANSLATING);
	if (!pil_has_core_(p))
		return 0;
	err = start_masters(pas, index, &how);
	if (err)
		return err;
	return pas->board->core_start(pas->board, (unsigned int)p->desc->core, &how, &p->why);
}

static int lock_traced(struct pil_pas *pas, unsigned int index, struct window *w)
{
	int err = 0;

	pil_trace_(pas, (int)index, PIL_TRACE_LOCK, 0, 0);
	err = lock(pas, index, w);
	pil_trace_(pas, (int)index, PIL_TRACE_LOCKED, 0, pas->p[index].why.reason);
	return err;
}

static int verify_traced(struct pil_pas *pas, unsigned int index, const struct window *w, struct evidence *e,
			 struct pil_verified_ *v)
{
	int err = 0;

	pil_trace_(pas, (int)index, PIL_TRACE_VERIFY, 0, 0);
	err = verify(pas, index, w, e, v);
	pil_trace_(pas, (int)index, PIL_TRACE_VERIFIED, 0, pas->p[index].why.reason);
	return err;
}

int pil_authenticate_(struct pil_pas *pas, unsigned int index, struct pil_verified_ *verified)
{
	struct evidence e = { .left = pas->p[index].plan.count };
	struct window w = { 0 };
	int err = pil_core_take_(pas, index);

	*verified = (struct pil_verified_){ 0 };
	if (!err)
		err = lock_traced(pas, index, &w);
	if (!err)
		err = verify_traced(pas, index, &w, &e, verified);
	if (err)
		return err;
	return start(pas, index, &w, &e);
}

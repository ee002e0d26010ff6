/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From every state that an SMMUv2 can be found in to every plan, one register at a time: three bits of StreamID, two groups found, two
 * streams planned. MODEL_ALL, when set, has all states tried, not each seventeenth.
 */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

#include "smmuv2.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BITS	 3u
#define IDS	 (1u << BITS)
#define PATTERNS 27u /* each bit: 0, 1 or either */

/** struct search - what was tried, and how many times it was not as it must be */
struct search {
	unsigned long found, plans, writes, broken;
};

/* who writes: the plan's order, or one that is wrong */
typedef bool (*next_write)(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
			   struct pil_smmuv2_write *write);

static uint32_t pattern(unsigned int n)
{
	uint32_t id = 0, mask = 0;

	for (unsigned int bit = 0; bit < BITS; bit++, n /= 3) {
		id |= (n % 3 == 1 ? 1u : 0u) << bit;
		mask |= (n % 3 == 2 ? 1u : 0u) << bit;
	}
	return model_v2_smr(id, mask);
}

static uint32_t mask_of(uint32_t smr)
{
	return smr >> 16 & PIL_SMMUV2_ID_BITS;
}

static const struct pil_smmuv2_stream *stream_of(const struct pil_smmuv2_plan *plan, uint32_t sid)
{
	for (unsigned int i = 0; i < plan->count; i++)
		if (!((sid ^ plan->stream[i].sid) & ~plan->stream[i].mask))
			return &plan->stream[i];
	return NULL;
}

static uint64_t planned(const struct pil_smmuv2_plan *plan, uint32_t sid)
{
	const struct pil_smmuv2_stream *s = stream_of(plan, sid);

	return s && s->translates ? MODEL_V2_LEADS(s->bank) : 0;
}

/* a moment: every StreamID has the old treatment or the new one; or none, if it has none before or after, or was announced */
static bool is_right(struct model_v2 *s, const struct pil_smmuv2_plan *plan, const uint64_t *old)
{
	for (uint32_t sid = 0; sid < IDS; sid++) {
		const struct pil_smmuv2_stream *stream = stream_of(plan, sid);
		uint64_t now = model_v2_outcome(s, sid), new = planned(plan, sid);
		bool gap = stream && stream->gap;

		if (now != old[sid] && now != new && (now || !gap))
			return false;
	}
	return true;
}

static void go(struct search *t, const struct model_v2 *found, const struct pil_smmuv2_plan *plan, next_write next)
{
	struct model_v2 s = *found;
	struct pil_smmuv2_write w = { 0 };
	const unsigned int most = 3 * plan->unit->groups + 1;
	struct pil_smmuv2_unit now = *plan->unit;
	uint64_t old[IDS] = { 0 };
	unsigned int writes = 0;
	bool right = true;

	for (uint32_t sid = 0; sid < IDS; sid++)
		old[sid] = model_v2_outcome(&s, sid);
	for (unsigned int i = 0; i < plan->count; i++)
		if (plan->stream[i].translates)
			model_v2_number(&s, plan->stream[i].bank);
	for (; right && writes <= most && next(plan, &now, &w); writes++) {
		model_v2_write(&s, &w);
		now.scr0 = s.scr0;
		memcpy(now.found, s.group, sizeof(s.group));
		right = is_right(&s, plan, old);
	}
	for (uint32_t sid = 0; right && sid < IDS; sid++)
		right = model_v2_outcome(&s, sid) == planned(plan, sid);
	t->plans++;
	t->writes += writes;
	t->broken += !right || writes > most;
}

static void every_plan(struct search *t, const struct model_v2 *found, next_write next)
{
	struct pil_smmuv2_unit unit = model_v2_unit(found);

	unit.groups = 3;
	for (unsigned int n = 0; n < PATTERNS * PATTERNS * 2; n++) {
		uint32_t a = pattern(n / 2 % PATTERNS), b = pattern(n / 2 / PATTERNS);
		struct pil_smmuv2_stream one = { .sid = a & 7, .mask = mask_of(a), .translates = true };
		struct pil_smmuv2_stream two = { .sid = b & 7, .mask = mask_of(b), .translates = n & 1 };
		struct pil_smmuv2_plan plan;

		pil_smmuv2_begin(&plan, &unit);
		assert_int_equal(pil_smmuv2_add(&plan, &one, NULL), 0);
		if (a == b || pil_smmuv2_add(&plan, &two, NULL) || pil_smmuv2_assign(&plan, NULL))
			continue;
		go(t, found, &plan, next);
	}
}

static uint32_t found_s2cr(unsigned int n)
{
	const enum pil_smmuv2_type types[] = { PIL_SMMUV2_BYPASS, PIL_SMMUV2_TRANSLATE, PIL_SMMUV2_FAULT };

	return model_v2_s2cr(types[n], MODEL_V2_OLD);
}

/* @step: try each @step-th state only */
static struct search every_state(unsigned int step, next_write next)
{
	const uint32_t scr0[] = { PIL_SMMUV2_SCR0_USFCFG | PIL_SMMUV2_SCR0_SMCFCFG, 0, PIL_SMMUV2_SCR0_CLIENTPD };
	struct search t = { 0 };

	for (unsigned int n = 0; n < PATTERNS * (PATTERNS + 1) * 9 * COUNT(scr0); n += step) {
		unsigned int rest = n / PATTERNS / (PATTERNS + 1), second = n / PATTERNS % (PATTERNS + 1);
		struct model_v2 s;

		model_v2_reset(&s);
		model_v2_number(&s, MODEL_V2_OLD);
		model_v2_leave(&s, 0, pattern(n % PATTERNS), found_s2cr(rest % 3));
		model_v2_leave(&s, 1, second < PATTERNS ? pattern(second) : 0, found_s2cr(rest / 3 % 3));
		s.scr0 = scr0[rest / 9];
		every_plan(&t, &s, next);
		t.found++;
	}
	return t;
}

static void from_every_state_to_every_plan_nothing_gets_what_it_neither_had_nor_shall_have(void **unused)
{
	struct search t = every_state(getenv("MODEL_ALL") ? 1 : 17, pil_smmuv2_next);

	(void)unused;
	print_message("# %lu states found, %lu changes, %lu writes, %lu broken\n", t.found, t.plans, t.writes,
		      t.broken);
	assert_true(t.plans > 100000);
	assert_int_equal(t.broken, 0);
}

/* wrong: group after group, as a driver that resets does; @first: which register of each */
static bool next_in_turn(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
			 struct pil_smmuv2_write *w, enum pil_smmuv2_register first)
{
	for (unsigned int i = 0; i < plan->unit->groups * 2; i++) {
		enum pil_smmuv2_register reg = i % 2 ? (enum pil_smmuv2_register)(1 - first) : first;
		const struct pil_smmuv2_group *goal = &plan->group[i / 2];
		uint32_t want = reg == PIL_SMMUV2_WRITE_SMR ? goal->smr : goal->s2cr;
		uint32_t have = reg == PIL_SMMUV2_WRITE_SMR ? now->found[i / 2].smr : now->found[i / 2].s2cr;

		*w = (struct pil_smmuv2_write){ reg, i / 2, want };
		if (want != have)
			return true;
	}
	*w = (struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_SCR0, 0, MODEL_V2_LOOKS };
	return now->scr0 != MODEL_V2_LOOKS;
}

static bool smr_first(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now, struct pil_smmuv2_write *w)
{
	return next_in_turn(plan, now, w, PIL_SMMUV2_WRITE_SMR);
}

static bool s2cr_first(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
		       struct pil_smmuv2_write *w)
{
	return next_in_turn(plan, now, w, PIL_SMMUV2_WRITE_S2CR);
}

/* wrong: everything is made invalid before anything is written */
static bool clear_first(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
			struct pil_smmuv2_write *w)
{
	for (unsigned int i = 0; i < plan->unit->groups; i++) {
		*w = (struct pil_smmuv2_write){ PIL_SMMUV2_WRITE_SMR, i, 0 };
		if (now->found[i].smr && now->found[i].smr != plan->group[i].smr)
			return true;
	}
	return s2cr_first(plan, now, w);
}

static void other_orders_do_let_something_through_or_lose_it(void **unused)
{
	const next_write wrong[] = { smr_first, s2cr_first, clear_first };

	(void)unused;
	for (unsigned int i = 0; i < COUNT(wrong); i++) {
		struct search t = every_state(1013, wrong[i]);

		print_message("# wrong order %u: %lu of %lu changes broken\n", i, t.broken, t.plans);
		assert_true(t.broken > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_every_state_to_every_plan_nothing_gets_what_it_neither_had_nor_shall_have),
		cmocka_unit_test(other_orders_do_let_something_through_or_lose_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SMMUv2 that changes hands: what Linux's driver makes of what boot firmware left in it, what Pilot's plan does instead, and what a
 * reset does in each order of its parts.
 */
#include "expect.h"

#include <string.h>

#include "model.h"
#include "smmuv2.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HOST_SECRET (MODEL_RAM_BASE + 0x1000)
#define RW	    (PIL_GRANT_READ | PIL_GRANT_WRITE)
#define AUDIO	    (MODEL_MASTER_SID + 2) /* one of the four that the entry covers */
#define AUDIO_DA    UINT64_C(0x20000000)
#define ADSP	    0x3000u

static void linux_probes(struct model_linux *l, struct model_v2 *s)
{
	for (unsigned int step = 0; step < MODEL_LINUX_STEPS; step++)
		model_linux_probe(l, s, (enum model_linux_step)step);
}

static bool reaches(struct model_v2 *s, uint32_t sid, uint64_t va)
{
	uint64_t pa = 0;

	return model_v2_access(s, sid, va, RW, &pa) == MODEL_V2_REACHES && pa == va;
}

static void fill_bank(struct model_v2 *s, uint32_t bank, const struct pil_stream_entry *e, struct pil_range carveout)
{
	struct model_v2_bank *b = &s->bank[bank];

	*b = (struct model_v2_bank){ .on = true };
	b->map[b->count++] = (struct pil_grant){ .da = carveout.base, .range = carveout, .access = RW };
	for (unsigned int i = 0; i < e->grant_count; i++)
		b->map[b->count++] = e->grants[i];
}

/* the machine's ledger, with the streams of @owners (a bit for each peripheral) translating */
static void ledger_of(struct pil_stream_ledger *ledger, unsigned int owners)
{
	assert_int_equal(pil_streams_init(ledger, &model_desc, NULL), 0);
	for (unsigned int i = 0; i < MODEL_COUNT; i++)
		if (owners & 1u << i)
			pil_streams_set(ledger, i, i == MODEL_SLPI ? PIL_STREAM_INHERITED : PIL_STREAM_TRANSLATING);
}

static void plan_for(struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *unit,
		     const struct pil_stream_ledger *ledger)
{
	pil_smmuv2_begin(plan, unit);
	assert_int_equal(pil_smmuv2_add_ledger(plan, ledger, NULL), 0);
	assert_int_equal(pil_smmuv2_assign(plan, NULL), 0);
}

static void fill_banks(struct model_v2 *s, const struct pil_smmuv2_plan *plan, const struct pil_stream_ledger *ledger)
{
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct pil_smmuv2_stream *stream = &plan->stream[i];
		const struct pil_stream_entry *e = &ledger->entry[stream->entry];

		if (stream->translates)
			fill_bank(s, stream->bank, e, model_desc.peripherals[e->peripheral].carveout);
	}
}

/* Return: false when the groups are as planned */
static bool write_next(struct model_v2 *s, const struct pil_smmuv2_plan *plan)
{
	struct pil_smmuv2_unit now = model_v2_unit(s);
	struct pil_smmuv2_write w = { 0 };

	if (!pil_smmuv2_next(plan, &now, &w))
		return false;
	model_v2_write(s, &w);
	return true;
}

/* Return: writes; PIL_SMMUV2_WRITES + 1 when it would go on for ever */
static unsigned int write_all(struct model_v2 *s, const struct pil_smmuv2_plan *plan)
{
	unsigned int writes = 0;

	while (writes <= PIL_SMMUV2_WRITES && write_next(s, plan))
		writes++;
	return writes;
}

static void pilot_takes(struct model_v2 *s, const struct pil_stream_ledger *ledger)
{
	struct pil_smmuv2_unit unit = model_v2_unit(s);
	struct pil_smmuv2_plan plan;

	plan_for(&plan, &unit, ledger);
	fill_banks(s, &plan, ledger);
	assert_in_range(write_all(s, &plan), 0, PIL_SMMUV2_WRITES);
}

static void linux_keeps_in_bypass_what_it_inherits_and_that_reaches_everything(void **unused)
{
	const enum pil_smmuv2_type left[] = { PIL_SMMUV2_BYPASS, PIL_SMMUV2_TRANSLATE, PIL_SMMUV2_FAULT };
	struct model_linux l;
	struct model_v2 s;

	(void)unused;
	for (unsigned int i = 0; i < COUNT(left); i++) {
		model_v2_reset(&s);
		model_v2_leave(&s, 3, model_v2_smr(MODEL_MASTER_SID, 3), model_v2_s2cr(left[i], 5));
		s.bank[5].on = true;
		s.scr0 = PIL_SMMUV2_SCR0_USFCFG;
		assert_int_equal(reaches(&s, AUDIO, HOST_SECRET), left[i] == PIL_SMMUV2_BYPASS);
		linux_probes(&l, &s);
		/* whatever it was before, confined or refused: now it reaches the host's memory and a live carve-out */
		assert_true(reaches(&s, AUDIO, HOST_SECRET));
		assert_true(reaches(&s, AUDIO, MODEL_ADSP_BASE));
		assert_false(reaches(&s, ADSP, HOST_SECRET));
	}
}

static void linux_gives_a_wide_entry_to_one_device_as_a_whole(void **unused)
{
	struct model_linux l;
	struct model_v2 s;
	uint64_t pa = 0;
	int group = 0;

	(void)unused;
	model_v2_reset(&s);
	model_v2_leave(&s, 0, model_v2_smr(ADSP, 0x1f), model_v2_s2cr(PIL_SMMUV2_BYPASS, 0));
	linux_probes(&l, &s);
	s.bank[1] = (struct model_v2_bank){ true, 1, { { .range = { MODEL_ADSP_BASE, 0x1000 }, .access = RW } } };
	group = model_linux_attach(&l, &s, ADSP, 0, 1);
	assert_int_equal(group, 0);
	/* the DMA master, which nobody attached, has the core's table */
	assert_int_equal(model_v2_access(&s, AUDIO, 0, RW, &pa), MODEL_V2_REACHES);
	assert_int_equal(pa, MODEL_ADSP_BASE);
	assert_true(model_linux_attach(&l, &s, 0x2ff0, 0x1f, 1) >= 0);
	assert_true(model_linux_attach(&l, &s, 0x3010, 0x2f, 1) < 0);
	/* and with its last user the entry goes: what was live in bypass faults */
	model_linux_detach(&l, &s, 0);
	assert_int_equal(model_v2_access(&s, AUDIO, HOST_SECRET, RW, &pa), MODEL_V2_UNMATCHED);
}

static void linux_bypasses_through_a_bank_that_is_off_where_firmware_meddles(void **unused)
{
	struct model_linux l;
	struct model_v2 s;

	(void)unused;
	model_v2_reset(&s);
	s.meddles = true;
	model_v2_leave(&s, 0, model_v2_smr(MODEL_MASTER_SID, 3), model_v2_s2cr(PIL_SMMUV2_TRANSLATE, 2));
	s.bank[2].on = true;
	linux_probes(&l, &s);
	assert_true(l.quirk);
	assert_int_equal(PIL_SMMUV2_S2CR_TYPE(s.group[0].s2cr), PIL_SMMUV2_TRANSLATE);
	assert_true(reaches(&s, AUDIO, HOST_SECRET));
}

static const char *name_of_fault(struct model_v2 *s, const struct pil_stream_ledger *ledger, enum pil_reason reason)
{
	const struct pil_stream_entry *entry = NULL;
	struct pil_why why = { 0 };

	assert_true(pil_smmuv2_fault(ledger, s->gfsr, s->gfsynr1, &entry, &why) < 0);
	assert_string_equal(pil_reason_name(why.reason), pil_reason_name(reason));
	s->gfsr = 0;
	return entry ? entry->desc->name : "nobody's";
}

static void pilot_lets_a_live_stream_reach_its_grants_and_no_more(void **unused)
{
	struct pil_stream_ledger ledger;
	struct model_linux l;
	struct model_v2 s;
	uint64_t pa = 0;

	(void)unused;
	model_v2_reset(&s);
	model_v2_leave(&s, 3, model_v2_smr(MODEL_MASTER_SID, 3), model_v2_s2cr(PIL_SMMUV2_BYPASS, 0));
	linux_probes(&l, &s);
	ledger_of(&ledger, 1u << MODEL_ADSP);
	pilot_takes(&s, &ledger);
	assert_int_equal(model_v2_access(&s, AUDIO, AUDIO_DA, PIL_GRANT_READ, &pa), MODEL_V2_REACHES);
	assert_int_equal(pa, AUDIO_DA);
	assert_int_equal(model_v2_access(&s, AUDIO, AUDIO_DA, PIL_GRANT_WRITE, &pa), MODEL_V2_CONTEXT);
	assert_int_equal(model_v2_access(&s, AUDIO, HOST_SECRET, PIL_GRANT_READ, &pa), MODEL_V2_CONTEXT);
	/* not the plan's alone: what the master may is not what the core may */
	assert_int_equal(model_v2_access(&s, ADSP, MODEL_SMEM_BASE, RW, &pa), MODEL_V2_REACHES);
	assert_int_equal(model_v2_access(&s, AUDIO, MODEL_SMEM_BASE, RW, &pa), MODEL_V2_CONTEXT);
}

static void a_stream_that_nobody_owns_faults_and_is_named(bool meddles)
{
	struct pil_stream_ledger ledger;
	struct model_v2 s;
	uint64_t pa = 0;

	model_v2_reset(&s);
	s.meddles = meddles;
	model_v2_leave(&s, 3, model_v2_smr(MODEL_MASTER_SID, 3), model_v2_s2cr(PIL_SMMUV2_BYPASS, 0));
	s.scr0 = 0;
	ledger_of(&ledger, 0);
	assert_true(reaches(&s, AUDIO, HOST_SECRET));
	pilot_takes(&s, &ledger);
	assert_int_equal(model_v2_access(&s, AUDIO, HOST_SECRET, RW, &pa),
			 meddles ? MODEL_V2_UNMATCHED : MODEL_V2_NOBODY);
	assert_string_equal(name_of_fault(&s, &ledger, meddles ? PIL_R_SMMUV2_UNMATCHED : PIL_R_SMMUV2_NOBODY),
			    "adsp-audio");
	/* nor does one that no description has */
	assert_int_equal(model_v2_access(&s, 0x77, HOST_SECRET, RW, &pa), MODEL_V2_UNMATCHED);
	assert_string_equal(name_of_fault(&s, &ledger, PIL_R_SMMUV2_UNMATCHED), "nobody's");
}

static void unowned_faults_and_is_named(void **unused)
{
	(void)unused;
	a_stream_that_nobody_owns_faults_and_is_named(false);
}

static void unowned_faults_and_is_named_where_firmware_meddles(void **unused)
{
	(void)unused;
	a_stream_that_nobody_owns_faults_and_is_named(true);
}

static void firmware_that_ignores_writes_is_noticed(void **unused)
{
	struct pil_stream_ledger ledger;
	struct pil_smmuv2_unit unit;
	struct pil_smmuv2_plan plan;
	struct model_v2 s;

	(void)unused;
	model_v2_reset(&s);
	s.meddles = true;
	ledger_of(&ledger, 0);
	unit = model_v2_unit(&s);
	unit.fault_is_ignored = false;
	plan_for(&plan, &unit, &ledger);
	assert_int_equal(write_all(&s, &plan), PIL_SMMUV2_WRITES + 1);
	assert_true(s.scr0 & PIL_SMMUV2_SCR0_CLIENTPD); /* and not called done */
}

/* --- every set of owners to every other --- */

#define SETS 24u

/* adsp or its lite image or none; cdsp, video and slpi or not */
static unsigned int owners_of(unsigned int set)
{
	const unsigned int dsp[] = { 0, 1u << MODEL_ADSP, 1u << MODEL_ADSP_LITE };

	return dsp[set % 3] | (set / 3 & 1) << MODEL_CDSP | (set / 6 & 1) << MODEL_VIDEO | (set / 12 & 1) << MODEL_SLPI;
}

static const uint64_t probes[] = { MODEL_ADSP_BASE, 0x90018000, 0x90020000, 0x90030000,
				   HOST_SECRET,	    AUDIO_DA,	0x10000000, MODEL_SMEM_BASE };

/* what the ledger says of a StreamID: the whole of the answer */
static bool ledger_allows(const struct pil_stream_ledger *ledger, uint32_t sid, uint64_t at, unsigned int access)
{
	for (unsigned int i = 0; i < ledger->count; i++) {
		const struct pil_stream_entry *e = &ledger->entry[i];
		struct pil_range r = { at, 1 };

		if (e->disposition != PIL_STREAM_ABORT && !((sid ^ e->desc->sid) & ~e->desc->mask))
			return pil_stream_allows(model_desc.peripherals[e->peripheral].carveout, e, r, access);
	}
	return false;
}

static const uint32_t sids[] = { ADSP, MODEL_MASTER_SID, AUDIO, 0x3014, 0x21c0, 0x25c0, 0x19e2, 0x5a0, 0x77 };

/* what neither ledger allows is not reached; with @exact, what the new one allows is */
static void check_reach(struct model_v2 *s, const struct pil_stream_ledger *before,
			const struct pil_stream_ledger *after, bool exact)
{
	for (unsigned int i = 0; i < COUNT(sids); i++) {
		for (unsigned int j = 0; j < COUNT(probes) * 2; j++) {
			uint64_t at = probes[j / 2], pa = 0;
			unsigned int access = 1u << (j & 1);
			bool old = ledger_allows(before, sids[i], at, access);
			bool new = ledger_allows(after, sids[i], at, access);
			bool is = model_v2_access(s, sids[i], at, access, &pa) == MODEL_V2_REACHES;

			if (is ? !old && !new : (exact ? new : old &&new))
				fail_msg("stream %#x, address %#lx, access %u: %d, old %d, new %d", sids[i],
					 (unsigned long)at, access, is, old, new);
			assert_true(!is || pa == at);
		}
	}
}

static void from_owners_to_owners(struct model_v2 *s, const struct pil_stream_ledger *before,
				  const struct pil_stream_ledger *after)
{
	struct pil_smmuv2_unit unit = model_v2_unit(s);
	struct pil_smmuv2_plan plan;

	plan_for(&plan, &unit, after);
	fill_banks(s, &plan, after);
	while (write_next(s, &plan))
		check_reach(s, before, after, false);
	check_reach(s, before, after, true);
	for (unsigned int i = 0; i < plan.count; i++)
		assert_false(plan.stream[i].gap);
}

static void every_set_of_owners_has_exactly_its_grants_on_the_way_to_every_other(void **unused)
{
	struct pil_stream_ledger before, after;
	struct model_v2 s;

	(void)unused;
	for (unsigned int a = 0; a < SETS; a++) {
		for (unsigned int b = 0; b < SETS; b++) {
			ledger_of(&before, owners_of(a));
			ledger_of(&after, owners_of(b));
			model_v2_reset(&s);
			pilot_takes(&s, &before);
			check_reach(&s, &before, &before, true);
			from_owners_to_owners(&s, &before, &after);
		}
	}
}

/* --- a new owner that resets it: every order of the parts of a reset --- */

enum part { BANKS, S2CRS, SMRS, SCR0, PARTS };

#define ORDERS 24u /* of four parts */

static void order_of(unsigned int n, enum part *order)
{
	bool used[PARTS] = { false };

	for (unsigned int i = 0; i < PARTS; i++) {
		unsigned int skip = n % (PARTS - i), part = 0;

		for (part = 0; used[part] || skip; part++)
			skip -= !used[part];
		n /= PARTS - i;
		used[part] = true;
		order[i] = (enum part)part;
	}
}

/* the new owner wants the master's stream in group 1, with bank 1; a reset leaves nothing of what was there */
static void reset_part(struct model_v2 *s, enum part part)
{
	for (unsigned int i = 0; part == BANKS && i < MODEL_V2_BANKS; i++)
		s->bank[i] = (struct model_v2_bank){ .on = false };
	if (part == BANKS)
		model_v2_number(s, 1);
	for (unsigned int i = 0; part == S2CRS && i < MODEL_V2_GROUPS; i++)
		s->group[i].s2cr = i == 1 ? model_v2_s2cr(PIL_SMMUV2_TRANSLATE, 1) : model_v2_s2cr(PIL_SMMUV2_FAULT, 0);
	for (unsigned int i = 0; part == SMRS && i < MODEL_V2_GROUPS; i++)
		s->group[i].smr = i == 1 ? model_v2_smr(MODEL_MASTER_SID, 3) : 0;
	if (part == SCR0)
		s->scr0 = MODEL_V2_LOOKS;
}

/** struct seen - what became of a live stream during a reset */
struct seen {
	bool everything; /* it reached everything, and had not before, or the unit looks at transactions already */
	bool lost;	 /* a transaction faulted */
};

static struct seen watch_reset(struct model_v2 *s, unsigned int n)
{
	struct seen seen = { false, false };
	uint64_t old = model_v2_outcome(s, AUDIO);
	enum part order[PARTS];

	order_of(n, order);
	for (unsigned int i = 0; i < PARTS; i++) {
		uint64_t now = 0;

		reset_part(s, order[i]);
		now = model_v2_outcome(s, AUDIO);
		seen.lost |= now < MODEL_V2_HERE;
		seen.everything |= now == MODEL_V2_HERE && (old != MODEL_V2_HERE || s->scr0 == MODEL_V2_LOOKS);
	}
	assert_int_equal(model_v2_outcome(s, AUDIO), MODEL_V2_LEADS(1));
	return seen;
}

static unsigned int count_resets(const struct model_v2 *found, unsigned int *everything, unsigned int *lost)
{
	unsigned int good = 0;

	*everything = 0;
	*lost = 0;
	for (unsigned int n = 0; n < ORDERS; n++) {
		struct model_v2 s = *found;
		struct seen seen = watch_reset(&s, n);

		*everything += seen.everything;
		*lost += seen.lost;
		good += !seen.everything && !seen.lost;
	}
	return good;
}

static void a_reset_of_a_unit_that_looks_at_nothing_loses_nothing_if_it_looks_last(void **unused)
{
	unsigned int everything = 0, lost = 0;
	struct model_v2 s;

	(void)unused;
	model_v2_reset(&s);
	model_v2_number(&s, MODEL_V2_OLD);
	assert_int_equal(count_resets(&s, &everything, &lost), 6);
	assert_int_equal(everything, 12);
	assert_int_equal(lost, 12);
}

static void no_order_of_a_reset_keeps_a_live_stream_to_its_old_or_new_grant(void **unused)
{
	unsigned int everything = 0, lost = 0;
	struct model_v2 s;

	(void)unused;
	model_v2_reset(&s);
	model_v2_number(&s, MODEL_V2_OLD);
	model_v2_leave(&s, 0, model_v2_smr(MODEL_MASTER_SID, 3), model_v2_s2cr(PIL_SMMUV2_TRANSLATE, MODEL_V2_OLD));
	s.scr0 = MODEL_V2_LOOKS;
	assert_int_equal(count_resets(&s, &everything, &lost), 0);
	assert_int_equal(everything, 20);
	assert_int_equal(lost, 12);
}

static void the_plan_keeps_it_from_either_start(void **unused)
{
	const uint32_t start[] = { PIL_SMMUV2_SCR0_CLIENTPD, PIL_SMMUV2_SCR0_USFCFG };
	struct pil_smmuv2_stream stream = { .sid = MODEL_MASTER_SID, .mask = 3, .translates = true };
	unsigned int writes = 0;

	(void)unused;
	for (unsigned int i = 0; i < COUNT(start); i++) {
		struct pil_smmuv2_unit unit;
		struct pil_smmuv2_plan plan;
		struct model_v2 s;

		model_v2_reset(&s);
		model_v2_number(&s, MODEL_V2_OLD);
		model_v2_leave(&s, 0, model_v2_smr(MODEL_MASTER_SID, 3),
			       model_v2_s2cr(PIL_SMMUV2_TRANSLATE, MODEL_V2_OLD));
		s.scr0 = start[i];
		unit = model_v2_unit(&s);
		pil_smmuv2_begin(&plan, &unit);
		assert_int_equal(pil_smmuv2_add(&plan, &stream, NULL), 0);
		assert_int_equal(pil_smmuv2_assign(&plan, NULL), 0);
		model_v2_number(&s, plan.stream[0].bank);
		while (write_next(&s, &plan)) {
			uint64_t now = model_v2_outcome(&s, AUDIO);

			writes++;
			assert_true(now == MODEL_V2_LEADS(plan.stream[0].bank) ||
				    now == (i ? MODEL_V2_LEADS(MODEL_V2_OLD) : MODEL_V2_HERE));
		}
		assert_int_equal(model_v2_outcome(&s, AUDIO), MODEL_V2_LEADS(plan.stream[0].bank));
	}
	assert_true(writes > COUNT(start));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_keeps_in_bypass_what_it_inherits_and_that_reaches_everything),
		cmocka_unit_test(linux_gives_a_wide_entry_to_one_device_as_a_whole),
		cmocka_unit_test(linux_bypasses_through_a_bank_that_is_off_where_firmware_meddles),
		cmocka_unit_test(pilot_lets_a_live_stream_reach_its_grants_and_no_more),
		cmocka_unit_test(unowned_faults_and_is_named),
		cmocka_unit_test(unowned_faults_and_is_named_where_firmware_meddles),
		cmocka_unit_test(firmware_that_ignores_writes_is_noticed),
		cmocka_unit_test(every_set_of_owners_has_exactly_its_grants_on_the_way_to_every_other),
		cmocka_unit_test(a_reset_of_a_unit_that_looks_at_nothing_loses_nothing_if_it_looks_last),
		cmocka_unit_test(no_order_of_a_reset_keeps_a_live_stream_to_its_old_or_new_grant),
		cmocka_unit_test(the_plan_keeps_it_from_either_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Plans for an SMMUv2's stream matching. The order of the writes is tested on the model (tests/attack/model/test_smmuv2.c). */
#include "expect.h"

#include <string.h>

#include <pilot/smmuv2.h>

#define SMR(id, mask) (PIL_SMMUV2_SMR_VALID | (uint32_t)(mask) << 16 | (id))
#define BYPASS	      PIL_SMMUV2_S2CR_TYPE_OF(PIL_SMMUV2_BYPASS)
#define FAULT	      PIL_SMMUV2_S2CR_TYPE_OF(PIL_SMMUV2_FAULT)

static struct pil_smmuv2_unit unit;
static struct pil_smmuv2_plan plan;
static struct pil_why why;

static int fresh(void **unused)
{
	(void)unused;
	unit = (struct pil_smmuv2_unit){ .groups = 4, .banks = 4, .id_bits = PIL_SMMUV2_ID_BITS };
	unit.scr0 = PIL_SMMUV2_SCR0_USFCFG;
	why = (struct pil_why){ 0 };
	pil_smmuv2_begin(&plan, &unit);
	return 0;
}

static int add(uint32_t sid, uint32_t mask, bool translates)
{
	const struct pil_smmuv2_stream s = {
		.sid = sid, .mask = mask, .entry = PIL_SMMUV2_OTHER, .translates = translates
	};

	return pil_smmuv2_add(&plan, &s, &why);
}

static void found(unsigned int group, uint32_t smr, uint32_t s2cr)
{
	unit.found[group] = (struct pil_smmuv2_group){ smr, s2cr };
}

static void a_stream_has_one_entry_for_all_its_ids(void **unused)
{
	(void)unused;
	assert_int_equal(add(0x21ff, 0x43f, true), 0);
	assert_int_equal(plan.stream[0].sid, 0x21c0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.group[0].smr, SMR(0x21c0, 0x43f));
	assert_int_equal(plan.group[0].s2cr, 0);
	assert_int_equal(plan.group[1].smr, 0);
}

static void a_stream_that_nobody_owns_has_an_entry_that_faults(void **unused)
{
	(void)unused;
	assert_int_equal(add(0x3010, 3, false), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.group[0].smr, SMR(0x3010, 3));
	assert_int_equal(plan.group[0].s2cr, FAULT);
	assert_int_equal(plan.stream[0].bank, PIL_SMMUV2_NONE);
}

static void where_fault_is_ignored_it_has_none(void **unused)
{
	(void)unused;
	unit.fault_is_ignored = true;
	found(0, SMR(0x3010, 3), BYPASS);
	assert_int_equal(add(0x3010, 3, false), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.group[0].smr, 0);
}

static void the_same_stream_twice_is_one_and_translates_if_either_does(void **unused)
{
	(void)unused;
	assert_int_equal(add(0x3000, 0, false), 0);
	assert_int_equal(add(0x3000, 0, true), 0);
	assert_int_equal(add(0x3000, 0, false), 0);
	assert_int_equal(plan.count, 1);
	assert_true(plan.stream[0].translates);
}

static void streams_that_meet_are_refused_by_name(void **unused)
{
	char text[200] = { 0 };

	(void)unused;
	assert_int_equal(add(0x3010, 3, true), 0);
	expect_why(add(0x3012, 0, true), &why, PIL_R_SMMUV2_OVERLAP, 0x3010, 0x3012);
	expect_why(add(0x3000, 0x1f, false), &why, PIL_R_SMMUV2_OVERLAP, 0x3010, 0x3000);
	(void)pil_why_text(&why, text, sizeof(text));
	assert_string_equal(text, "streams 0x3010 and 0x3000 could match the same StreamID and are not the same");
	assert_int_equal(add(0x3014, 3, true), 0);
	assert_int_equal(plan.count, 2);
}

static void ids_that_the_hardware_does_not_compare_are_refused(void **unused)
{
	(void)unused;
	expect_why(add(0x8000, 0, true), &why, PIL_R_SMMUV2_SID, 0x8000, 0);
	expect_why(add(0, 0x8001, true), &why, PIL_R_SMMUV2_SID, 0, 0x8001);
	unit.id_bits = 0x03ff;
	expect_why(add(0x400, 0, true), &why, PIL_R_SMMUV2_SID, 0x400, 0);
}

static void too_many_streams_are_refused(void **unused)
{
	(void)unused;
	for (uint32_t i = 0; i < PIL_SMMUV2_STREAMS; i++)
		assert_int_equal(add(i, 0, false), 0);
	expect_why(add(PIL_SMMUV2_STREAMS, 0, false), &why, PIL_R_SMMUV2_STREAMS, PIL_SMMUV2_STREAMS, 0);
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_GROUPS, PIL_SMMUV2_STREAMS, 4);
}

static void too_few_banks_are_refused(void **unused)
{
	(void)unused;
	unit.banks = 2;
	found(3, SMR(0x100, 0), 1); /* still in use when the new table is made ready */
	assert_int_equal(add(0x3000, 0, true), 0);
	assert_int_equal(add(0x3010, 3, true), 0);
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_BANKS, 0x3010, 2);
}

static void what_is_no_smmu_is_refused(void **unused)
{
	(void)unused;
	unit.groups = PIL_SMMUV2_GROUPS + 1;
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_UNIT, PIL_SMMUV2_GROUPS + 1, 4);
	unit.groups = PIL_SMMUV2_GROUPS;
	unit.banks = PIL_SMMUV2_BANKS + 1;
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_UNIT, PIL_SMMUV2_GROUPS, PIL_SMMUV2_BANKS + 1);
	unit.banks = PIL_SMMUV2_BANKS;
	unit.scr0 = PIL_SMMUV2_SCR0_EXIDENABLE;
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_EXTENDED, 8, 0);
	unit.scr0 = 0;
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
}

static void found_entries_that_overlap_are_refused_by_number(void **unused)
{
	(void)unused;
	found(1, SMR(0x3000, 0x1f), BYPASS);
	found(3, SMR(0x3010, 3), FAULT);
	expect_why(pil_smmuv2_assign(&plan, &why), &why, PIL_R_SMMUV2_FOUND, 1, 3);
	unit.scr0 = PIL_SMMUV2_SCR0_CLIENTPD; /* they have no effect */
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
}

static void a_stream_takes_over_the_entry_that_matched_it_and_a_bank_nobody_uses(void **unused)
{
	(void)unused;
	found(0, SMR(0x100, 0), 0);
	found(2, SMR(0x3000, 0x3), 1);
	assert_int_equal(add(0x3001, 0, true), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.stream[0].group, 2);
	assert_int_equal(plan.stream[0].bank, 2);
	assert_false(plan.stream[0].gap);
}

static void all_of_a_stream_is_better_than_a_part_of_it(void **unused)
{
	(void)unused;
	found(0, SMR(0x3000, 0), BYPASS);
	found(1, SMR(0x3010, 0), BYPASS);
	found(2, SMR(0x3020, 0xf), BYPASS);
	assert_int_equal(add(0x3020, 3, true), 0);
	assert_int_equal(add(0x3000, 0x11, true), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.stream[0].group, 2);
	assert_false(plan.stream[0].gap);
	/* 0x3010 had an entry of its own, which has to go first */
	assert_int_equal(plan.stream[1].group, 0);
	assert_true(plan.stream[1].gap);
}

static void of_two_streams_in_one_found_entry_the_second_has_a_gap(void **unused)
{
	(void)unused;
	found(0, SMR(0x3000, 0x1f), BYPASS);
	assert_int_equal(add(0x3000, 0, true), 0);
	assert_int_equal(add(0x3010, 3, true), 0);
	assert_int_equal(add(0x3014, 0, false), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_false(plan.stream[0].gap);
	assert_true(plan.stream[1].gap);
	assert_false(plan.stream[2].gap); /* nothing of it is wanted */
}

static void what_matched_nothing_and_passed_keeps_passing_until_it_has_an_entry_of_its_own(void **unused)
{
	(void)unused;
	unit.scr0 = 0;
	found(0, SMR(0x3010, 0), BYPASS);
	assert_int_equal(add(0x3000, 0, true), 0);
	assert_int_equal(add(0x3010, 3, true), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_false(plan.stream[0].gap);
	assert_true(plan.stream[1].gap); /* 0x3011 to 0x3013 */
}

static void a_unit_that_looks_at_nothing_has_nothing_to_inherit(void **unused)
{
	(void)unused;
	unit.scr0 = PIL_SMMUV2_SCR0_CLIENTPD;
	found(2, SMR(0x3000, 0), 0);
	assert_int_equal(add(0x3000, 0, true), 0);
	assert_int_equal(pil_smmuv2_assign(&plan, &why), 0);
	assert_int_equal(plan.stream[0].group, 0);
	assert_int_equal(plan.stream[0].bank, 0);
}

static const struct pil_stream_desc audio = { .name = "audio", .sid = 0x3010, .mask = 3 };
static const struct pil_stream_desc full = { .name = "full", .sid = 0x3000 };
static const struct pil_stream_desc lite = { .name = "lite", .sid = 0x3000 };
static const struct pil_stream_ledger ledger = {
	.count = 3,
	.entry = { { .desc = &audio, .disposition = PIL_STREAM_ABORT },
		   { .desc = &full, .disposition = PIL_STREAM_ABORT },
		   { .desc = &lite, .disposition = PIL_STREAM_INHERITED } },
};

static void the_ledger_says_which_streams_translate(void **unused)
{
	(void)unused;
	assert_int_equal(pil_smmuv2_add_ledger(&plan, &ledger, &why), 0);
	assert_int_equal(plan.count, 2);
	assert_false(plan.stream[0].translates);
	assert_true(plan.stream[1].translates);
	assert_int_equal(plan.stream[1].entry, 2);
}

static void a_fault_is_named(void **unused)
{
	const struct pil_stream_entry *entry = NULL;

	(void)unused;
	assert_int_equal(pil_smmuv2_fault(&ledger, 0, 0x3010, &entry, &why), 0);
	assert_null(entry);
	expect_why(pil_smmuv2_fault(&ledger, PIL_SMMUV2_SGFSR_ICF, 0x3012, &entry, &why), &why, PIL_R_SMMUV2_NOBODY,
		   0x3012, 1);
	assert_string_equal(entry->desc->name, "audio");
	expect_why(pil_smmuv2_fault(&ledger, PIL_SMMUV2_SGFSR_USF, 0x3000, &entry, &why), &why, PIL_R_SMMUV2_UNMATCHED,
		   0x3000, 2);
	assert_string_equal(entry->desc->name, "lite");
	expect_why(pil_smmuv2_fault(&ledger, PIL_SMMUV2_SGFSR_SMCF, 0x77, &entry, &why), &why, PIL_R_SMMUV2_MULTIPLE,
		   0x77, 4);
	assert_null(entry);
	expect_why(pil_smmuv2_fault(&ledger, 1u << 5, 0x3000, &entry, &why), &why, PIL_R_SMMUV2_GLOBAL, 1u << 5,
		   0x3000);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stream_has_one_entry_for_all_its_ids),
		TEST(a_stream_that_nobody_owns_has_an_entry_that_faults),
		TEST(where_fault_is_ignored_it_has_none),
		TEST(the_same_stream_twice_is_one_and_translates_if_either_does),
		TEST(streams_that_meet_are_refused_by_name),
		TEST(ids_that_the_hardware_does_not_compare_are_refused),
		TEST(too_many_streams_are_refused),
		TEST(too_few_banks_are_refused),
		TEST(what_is_no_smmu_is_refused),
		TEST(found_entries_that_overlap_are_refused_by_number),
		TEST(a_stream_takes_over_the_entry_that_matched_it_and_a_bank_nobody_uses),
		TEST(all_of_a_stream_is_better_than_a_part_of_it),
		TEST(of_two_streams_in_one_found_entry_the_second_has_a_gap),
		TEST(what_matched_nothing_and_passed_keeps_passing_until_it_has_an_entry_of_its_own),
		TEST(a_unit_that_looks_at_nothing_has_nothing_to_inherit),
		TEST(the_ledger_says_which_streams_translate),
		TEST(a_fault_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

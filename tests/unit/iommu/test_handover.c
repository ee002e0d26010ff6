/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of a core and of its DMA master while the SMMU changes hands: each rule by itself. All orders: tests/attack/model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pilot/handover.h>
#include <pilot/wire/smmuv3.h>

#define OLD 0x40000000ull
#define NEW 0x50000000ull

static const enum pil_reason no_table[] = {
	PIL_R_SMMU_DISABLED,   PIL_R_SMMU_STE_INVALID, PIL_R_SMMU_STE_CONFIG,
	PIL_R_SMMU_CD_INVALID, PIL_R_SMMU_SID_RANGE,
};
static const enum pil_reason no_page[] = {
	PIL_R_MMU_TRANSLATION, PIL_R_MMU_PERMISSION, PIL_R_MMU_READ, PIL_R_STREAM_RANGE, PIL_R_STREAM_MASTER_HELD,
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct pil_smmu_regs on(uint64_t base)
{
	return (struct pil_smmu_regs){ .cr0 = PIL_SMMU_CR0_SMMUEN, .strtab_base = base, .strtab_cfg = 16 };
}

static struct pil_smmu_regs off(uint64_t base)
{
	return (struct pil_smmu_regs){ .strtab_base = base, .strtab_cfg = 16 };
}

/* a core whose owner mapped all */
static struct pil_handover running(void)
{
	struct pil_handover h = { 0 };
	const struct pil_smmu_regs regs = on(OLD);

	pil_handover_look(&h, &regs);
	assert_int_equal(pil_handover_access(&h, PIL_R_NONE), PIL_GO);
	return h;
}

static struct pil_handover announced(void)
{
	struct pil_handover h = running();
	const struct pil_smmu_regs regs = on(OLD);

	pil_handover_announce(&h, &regs);
	pil_handover_look(&h, &regs);
	return h;
}

static void test_first_access_never_waits(void **unused)
{
	for (size_t i = 0; i < COUNT(no_table); i++) {
		struct pil_handover h = { 0 };

		assert_int_equal(pil_handover_access(&h, no_table[i]), PIL_FAULT);
	}
	for (size_t i = 0; i < COUNT(no_page); i++) {
		struct pil_handover h = { 0 };

		assert_int_equal(pil_handover_access(&h, no_page[i]), PIL_FAULT);
	}
	(void)unused;
}

static void test_owned_core_faults_where_nothing_is_mapped(void **unused)
{
	for (size_t i = 0; i < COUNT(no_page); i++) {
		struct pil_handover h = running();

		assert_int_equal(pil_handover_access(&h, no_page[i]), PIL_FAULT);
	}
	(void)unused;
}

static void test_core_without_table_waits(void **unused)
{
	for (size_t i = 0; i < COUNT(no_table); i++) {
		struct pil_handover h = running();

		assert_int_equal(pil_handover_access(&h, no_table[i]), PIL_WAIT);
		/* and goes on waiting while the new table is filled */
		for (size_t j = 0; j < COUNT(no_page); j++)
			assert_int_equal(pil_handover_access(&h, no_page[j]), PIL_WAIT);
		assert_int_equal(pil_handover_access(&h, PIL_R_NONE), PIL_GO);
	}
	(void)unused;
}

static void test_settled_core_faults_again(void **unused)
{
	struct pil_handover h = running();

	assert_int_equal(pil_handover_access(&h, PIL_R_SMMU_STE_INVALID), PIL_WAIT);
	assert_false(pil_handover_settle(&h, false));
	assert_int_equal(pil_handover_access(&h, PIL_R_MMU_TRANSLATION), PIL_WAIT);
	assert_true(pil_handover_settle(&h, true));
	assert_false(pil_handover_settle(&h, true));
	assert_int_equal(pil_handover_access(&h, PIL_R_MMU_TRANSLATION), PIL_FAULT);
	(void)unused;
}

static void test_smmu_seen_off_is_enough(void **unused)
{
	struct pil_handover h = running();
	const struct pil_smmu_regs regs = off(OLD), later = on(NEW);

	pil_handover_look(&h, &regs);
	pil_handover_look(&h, &later);
	assert_int_equal(pil_handover_access(&h, PIL_R_MMU_TRANSLATION), PIL_WAIT);
	(void)unused;
}

static void test_announced_core_keeps_the_old_table(void **unused)
{
	struct pil_handover h = announced();
	const struct pil_smmu_regs old = on(OLD), next = on(NEW);

	assert_int_equal(pil_handover_access(&h, PIL_R_NONE), PIL_GO);
	/* the old table maps all, but it is not the new owner's: nothing is over yet */
	assert_false(pil_handover_settle(&h, true));
	pil_handover_look(&h, &old);
	assert_false(pil_handover_settle(&h, true));
	pil_handover_look(&h, &next);
	assert_true(pil_handover_settle(&h, true));
	(void)unused;
}

static void test_master_rests_with_the_smmu_off(void **unused)
{
	struct pil_handover h = running();
	const struct pil_smmu_regs old = on(OLD), none = off(OLD);

	assert_false(pil_handover_rests(&h, &old, true));
	pil_handover_look(&h, &none);
	assert_true(pil_handover_rests(&h, &none, false));
	h.master_held = true;
	assert_false(pil_handover_rests(&h, &none, false));
	assert_false(pil_handover_resumes(&h, &none, true));
	(void)unused;
}

/* an owner that gives the core's master no table has its accesses refused and reported: that is no handover */
static void test_unowned_master_is_the_smmus_business(void **unused)
{
	struct pil_handover h = running();
	const struct pil_smmu_regs old = on(OLD);

	assert_false(pil_handover_rests(&h, &old, false));
	assert_int_equal(pil_handover_access(&h, PIL_R_SMMU_STE_INVALID), PIL_WAIT);
	assert_true(pil_handover_rests(&h, &old, false));
	(void)unused;
}

static void test_announced_master_rests_until_the_new_owner_mapped_it(void **unused)
{
	struct pil_handover h = announced();
	const struct pil_smmu_regs old = on(OLD), none = off(OLD), next = on(NEW);

	assert_true(pil_handover_rests(&h, &old, true));
	h.master_held = true;
	pil_handover_look(&h, &old);
	assert_false(pil_handover_resumes(&h, &old, true));
	pil_handover_look(&h, &none);
	assert_false(pil_handover_resumes(&h, &none, true));
	pil_handover_look(&h, &next);
	assert_false(pil_handover_resumes(&h, &next, false));
	assert_true(pil_handover_resumes(&h, &next, true));
	assert_false(pil_handover_settle(&h, true)); /* not before it has the bus again */
	h.master_held = false;
	assert_true(pil_handover_settle(&h, true));
	(void)unused;
}

/* under a hypervisor that learns late what the master may have */
static void test_expected_master_waits_for_its_table(void **unused)
{
	struct pil_handover h = { 0 };
	const struct pil_smmu_regs regs = on(OLD);

	pil_handover_expect_master(&h);
	pil_handover_look(&h, &regs);
	/* the core's own stream is mapped; what is not would be a mistake, if its first access found nothing */
	assert_int_equal(pil_handover_access(&h, PIL_R_MMU_TRANSLATION), PIL_FAULT);
	assert_int_equal(pil_handover_access(&h, PIL_R_NONE), PIL_GO);
	assert_int_equal(pil_handover_access(&h, PIL_R_STREAM_MASTER_HELD), PIL_WAIT);
	assert_false(pil_handover_resumes(&h, &regs, false));
	assert_true(pil_handover_resumes(&h, &regs, true));
	h.master_held = false;
	assert_true(pil_handover_settle(&h, true));
	assert_int_equal(pil_handover_access(&h, PIL_R_MMU_TRANSLATION), PIL_FAULT);
	(void)unused;
}

static void test_any_register_shows_the_new_owner(void **unused)
{
	struct pil_smmu_regs changed[3] = { on(NEW), off(OLD), on(OLD) };

	changed[2].strtab_cfg = 8;
	for (size_t i = 0; i < COUNT(changed); i++) {
		struct pil_handover h = announced();

		pil_handover_look(&h, &changed[i]);
		assert_false(h.expecting);
	}
	(void)unused;
}

/* the queues' enables and the like are no new table */
static void test_queues_are_no_new_owner(void **unused)
{
	struct pil_handover h = announced();
	struct pil_smmu_regs same = on(OLD);

	same.cr0 |= PIL_SMMU_CR0_CMDQEN | PIL_SMMU_CR0_EVENTQEN;
	pil_handover_look(&h, &same);
	assert_true(h.expecting);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_access_never_waits),
		cmocka_unit_test(test_owned_core_faults_where_nothing_is_mapped),
		cmocka_unit_test(test_core_without_table_waits),
		cmocka_unit_test(test_settled_core_faults_again),
		cmocka_unit_test(test_smmu_seen_off_is_enough),
		cmocka_unit_test(test_announced_core_keeps_the_old_table),
		cmocka_unit_test(test_master_rests_with_the_smmu_off),
		cmocka_unit_test(test_unowned_master_is_the_smmus_business),
		cmocka_unit_test(test_announced_master_rests_until_the_new_owner_mapped_it),
		cmocka_unit_test(test_expected_master_waits_for_its_table),
		cmocka_unit_test(test_any_register_shows_the_new_owner),
		cmocka_unit_test(test_queues_are_no_new_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

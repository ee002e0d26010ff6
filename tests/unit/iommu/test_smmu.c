/* SPDX-License-Identifier: BSD-2-Clause */
/* Stream tables: only a stream that somebody translates has a table; everything else is refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

#include "phys.h"

#define SID  0x1234u
#define STE  page_pa(2)
#define CD   page_pa(4)
#define TTB  0x80005000ull
#define MAIR 0xfffffffff404ff44ull

/* as Linux 7.2 programs the virt board's SMMU: two levels, split 8, 16 bits of StreamID */
#define CFG_2LEVEL (1u << 16 | 8u << 6 | 16u)
#define CD0	   0x0002e204c0003510ull /* T0SZ 16, 4 KiB, valid, AArch64, ASID 2 */

struct smmu_test {
	struct phys phys;
	struct pil_smmu_regs regs;
	struct pil_stream_table out;
	struct pil_why why;
};

static uint64_t ste_pa(void)
{
	return STE + (SID & 0xff) * 64;
}

static uint64_t l1std_pa(void)
{
	return PHYS_BASE + (SID >> 8) * 8;
}

static void start(struct smmu_test *t)
{
	*t = (struct smmu_test){ 0 };
	t->regs = (struct pil_smmu_regs){ .cr0 = 0xd, .strtab_base = PHYS_BASE | 1ull << 62, .strtab_cfg = CFG_2LEVEL };
	poke(&t->phys, l1std_pa(), STE | 9);
	poke(&t->phys, ste_pa(), CD | 0xb);
	poke(&t->phys, CD, CD0);
	poke(&t->phys, CD + 8, TTB);
	poke(&t->phys, CD + 24, MAIR);
}

static int look_up(struct smmu_test *t, uint32_t sid)
{
	struct pil_phys phys = phys_of(&t->phys);

	return pil_smmu_stream(&phys, &t->regs, sid, &t->out, &t->why);
}

static void assert_refused(struct smmu_test *t, uint32_t sid, enum pil_reason reason, uint64_t a, uint64_t b)
{
	assert_int_equal(look_up(t, sid), -(int)pil_reason_class(reason));
	assert_string_equal(pil_reason_name(t->why.reason), pil_reason_name(reason));
	assert_int_equal(t->why.a, a);
	assert_int_equal(t->why.b, b);
	assert_int_equal(t->out.ttb, 0);
}

static void linux_two_level_table(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	assert_int_equal(look_up(&t, SID), 0);
	assert_int_equal(t.out.ttb, TTB);
	assert_int_equal(t.out.t0sz, 16);
	assert_int_equal(t.out.mair, MAIR);
	assert_int_equal(t.out.asid, 2);
}

static void linear_table(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	t.regs.strtab_cfg = 6;
	poke(&t.phys, PHYS_BASE + 63 * 64, CD | 0xb);
	assert_int_equal(look_up(&t, 63), 0);
	assert_int_equal(t.out.ttb, TTB);
	assert_refused(&t, 64, PIL_R_SMMU_SID_RANGE, 64, 64);
	assert_refused(&t, UINT32_MAX, PIL_R_SMMU_SID_RANGE, UINT32_MAX, 64);
}

static void disabled_smmu(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	t.regs.cr0 = 0xc;
	assert_refused(&t, SID, PIL_R_SMMU_DISABLED, 0xc, 0);
	assert_int_equal(t.phys.reads, 0);
}

static void stream_outside_the_table(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	assert_refused(&t, 0x10000, PIL_R_SMMU_SID_RANGE, 0x10000, 0x10000);
	/* a second level that is shorter than the split */
	poke(&t.phys, l1std_pa(), STE | 6);
	assert_refused(&t, SID, PIL_R_SMMU_SID_RANGE, SID, 32);
}

static void no_second_level(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	poke(&t.phys, l1std_pa(), STE);
	assert_refused(&t, SID, PIL_R_SMMU_STE_INVALID, SID, 0);
	poke(&t.phys, l1std_pa(), STE | 12); /* reserved span */
	assert_refused(&t, SID, PIL_R_SMMU_STE_INVALID, SID, 0);
}

static void reserved_table_formats(void **state)
{
	static const uint32_t cfg[] = { 2u << 16 | 8u << 6 | 16, 3u << 16 | 8u << 6 | 16, 1u << 16 | 7u << 6 | 16,
					1u << 16 | 16 };
	struct smmu_test t;

	(void)state;
	for (unsigned int i = 0; i < sizeof(cfg) / sizeof(cfg[0]); i++) {
		start(&t);
		t.regs.strtab_cfg = cfg[i];
		assert_refused(&t, SID, PIL_R_SMMU_STE_INVALID, SID, 0);
	}
}

static void only_stage_1_is_a_table(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	poke(&t.phys, ste_pa(), CD | 0xa); /* not valid */
	assert_refused(&t, SID, PIL_R_SMMU_STE_INVALID, SID, 0);
	for (unsigned int config = 0; config < 8; config++) {
		if (config == PIL_SMMU_CONFIG_S1)
			continue;
		poke(&t.phys, ste_pa(), CD | config << 1 | 1);
		assert_refused(&t, SID, PIL_R_SMMU_STE_CONFIG, SID, config);
	}
}

static void several_context_descriptors(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	poke(&t.phys, ste_pa(), CD | 0xb | 1ull << 59);
	assert_refused(&t, SID, PIL_R_SMMU_CD_INVALID, SID, CD);
}

static void unusable_context_descriptors(void **state)
{
	static const uint64_t bad[] = {
		0,
		CD0 & ~PIL_SMMU_CD0_VALID,
		CD0 & ~PIL_SMMU_CD0_AA64,
		CD0 | PIL_SMMU_CD0_EPD0,
		CD0 | PIL_SMMU_CD0_ENDI,
		CD0 | 1u << 6,	       /* 64 KiB granule */
		CD0 | 2u << 6,	       /* 16 KiB granule */
		(CD0 & ~0x3full) | 15, /* 49 bits of input */
		(CD0 & ~0x3full) | 40, /* 24 bits */
	};
	struct smmu_test t;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start(&t);
		poke(&t.phys, CD, bad[i]);
		assert_refused(&t, SID, PIL_R_SMMU_CD_INVALID, SID, CD);
	}
}

static void tables_that_cannot_be_read(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	t.regs.strtab_base = 0x9000000000;
	assert_refused(&t, SID, PIL_R_MMU_READ, 0x9000000000 + (SID >> 8) * 8, 0);
	start(&t);
	poke(&t.phys, l1std_pa(), 0x9000000000 | 9);
	assert_refused(&t, SID, PIL_R_MMU_READ, 0x9000000000 + (SID & 0xff) * 64, 0);
	start(&t);
	poke(&t.phys, ste_pa(), 0x9000000000 | 0xb);
	assert_refused(&t, SID, PIL_R_MMU_READ, 0x9000000000, 0);
}

static void full_width_stream_ids_do_not_wrap(void **state)
{
	struct smmu_test t;

	(void)state;
	start(&t);
	t.regs.strtab_cfg = 32;
	assert_refused(&t, UINT32_MAX, PIL_R_MMU_READ, PHYS_BASE + 64ull * UINT32_MAX, 0);
	t.regs.strtab_cfg = 63;
	assert_refused(&t, UINT32_MAX, PIL_R_MMU_READ, PHYS_BASE + 64ull * UINT32_MAX, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_two_level_table),
		cmocka_unit_test(linear_table),
		cmocka_unit_test(disabled_smmu),
		cmocka_unit_test(stream_outside_the_table),
		cmocka_unit_test(no_second_level),
		cmocka_unit_test(reserved_table_formats),
		cmocka_unit_test(only_stage_1_is_a_table),
		cmocka_unit_test(several_context_descriptors),
		cmocka_unit_test(unusable_context_descriptors),
		cmocka_unit_test(tables_that_cannot_be_read),
		cmocka_unit_test(full_width_stream_ids_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

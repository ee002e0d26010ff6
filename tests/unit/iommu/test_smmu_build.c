/* SPDX-License-Identifier: BSD-2-Clause */
/* Stream tables that are built: what pil_smmu_stream() and an SMMU find in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

#define BASE   0x40000000ull
#define TABLES 3u
#define SID    0x1234u

/** struct memory - as the SMMU sees it from BASE on */
struct memory {
	pil_smmu_l2 l2[TABLES];
	uint64_t l1[PIL_SMMU_L1_COUNT];
	uint64_t cd[2][PIL_SMMU_CD_WORDS];
};

struct build_test {
	struct memory m;
	struct pil_smmu_builder b;
	struct pil_smmu_regs regs;
	struct pil_stream_table out;
	struct pil_why why;
};

static int read64(void *ctx, uint64_t pa, uint64_t *value)
{
	if (pa < BASE || pa - BASE > sizeof(struct memory) - 8 || pa % 8)
		return -1;
	memcpy(value, (const uint8_t *)ctx + (pa - BASE), sizeof(*value));
	return 0;
}

static uint64_t cd_pa(unsigned int i)
{
	return BASE + offsetof(struct memory, cd) + i * sizeof(uint64_t[PIL_SMMU_CD_WORDS]);
}

static void start(struct build_test *t)
{
	memset(t, 0, sizeof(*t));
	memset(&t->m, 0xff, sizeof(t->m));
	pil_smmu_build(&t->b, t->m.l1, t->m.l2, BASE, TABLES);
	t->regs = (struct pil_smmu_regs){ .cr0 = PIL_SMMU_CR0_SMMUEN,
					  .strtab_base = BASE + offsetof(struct memory, l1),
					  .strtab_cfg = PIL_SMMU_BUILT_CFG };
}

static int look_up(struct build_test *t, uint32_t sid)
{
	const struct pil_phys phys = { .read64 = read64, .ctx = &t->m };

	return pil_smmu_stream(&phys, &t->regs, sid, &t->out, &t->why);
}

static uint64_t *entry(struct build_test *t, uint32_t sid)
{
	uint64_t *ste = NULL;

	assert_int_equal(pil_smmu_entry(&t->b, sid, &ste, &t->why), 0);
	assert_non_null(ste);
	return ste;
}

static void translate(struct build_test *t, uint32_t sid, unsigned int cd)
{
	pil_smmu_ste_prepare(entry(t, sid));
	pil_smmu_ste_translate(entry(t, sid), cd_pa(cd));
}

static void assert_why(struct build_test *t, int err, enum pil_reason reason)
{
	assert_int_equal(err, -(int)pil_reason_class(reason));
	assert_string_equal(pil_reason_name(t->why.reason), pil_reason_name(reason));
}

static void a_new_table_has_no_streams(void **state)
{
	struct build_test t;

	(void)state;
	start(&t);
	assert_why(&t, look_up(&t, 0), PIL_R_SMMU_STE_INVALID);
	assert_why(&t, look_up(&t, 0xffff), PIL_R_SMMU_STE_INVALID);
	assert_why(&t, look_up(&t, 0x10000), PIL_R_SMMU_SID_RANGE);
}

static void a_new_entry_and_all_beside_it_abort(void **state)
{
	struct build_test t;

	(void)state;
	start(&t);
	entry(&t, SID);
	for (uint32_t sid = 0x1200; sid < 0x1300; sid++) {
		assert_why(&t, look_up(&t, sid), PIL_R_SMMU_STE_CONFIG);
		assert_int_equal(t.why.b, PIL_SMMU_CONFIG_ABORT);
	}
	assert_why(&t, look_up(&t, 0x1300), PIL_R_SMMU_STE_INVALID);
	assert_int_equal(t.b.used, 1);
}

static void what_is_built_is_what_is_found(void **state)
{
	const struct pil_stream_table table = { .ttb = 0x8000001000, .t0sz = 25, .mair = 0x4404ff, .asid = 0xfedc };
	struct build_test t;

	(void)state;
	start(&t);
	pil_smmu_cd_build(t.m.cd[1], &table);
	translate(&t, SID, 1);
	assert_int_equal(look_up(&t, SID), 0);
	assert_int_equal(t.out.ttb, table.ttb);
	assert_int_equal(t.out.t0sz, table.t0sz);
	assert_int_equal(t.out.mair, table.mair);
	assert_int_equal(t.out.asid, table.asid);
	assert_why(&t, look_up(&t, SID + 1), PIL_R_SMMU_STE_CONFIG);
	pil_smmu_ste_abort(entry(&t, SID));
	assert_why(&t, look_up(&t, SID), PIL_R_SMMU_STE_CONFIG);
}

/* as Linux writes them for the same SMMU, but for S1DSS, which means nothing with one descriptor (5.2, 5.4) */
static void words_are_those_that_the_hardware_wants(void **state)
{
	const struct pil_stream_table table = { .ttb = 0x41000, .t0sz = 25, .mair = 0xfffffffff404ff44, .asid = 2 };
	struct build_test t;

	(void)state;
	start(&t);
	pil_smmu_cd_build(t.m.cd[0], &table);
	translate(&t, SID, 0);
	assert_int_equal(t.m.cd[0][0], 2ull << 48 | 0xe205ull << 32 | 0xc0003500 | 25);
	assert_int_equal(t.m.cd[0][1], 0x41000);
	assert_int_equal(t.m.cd[0][3], 0xfffffffff404ff44);
	assert_int_equal(entry(&t, SID)[0], cd_pa(0) | 0xb);
	assert_int_equal(entry(&t, SID)[1], 0xd4);
	for (unsigned int i = 2; i < PIL_SMMU_STE_WORDS; i++)
		assert_int_equal(entry(&t, SID)[i], 0);
	assert_int_equal(t.m.l1[SID >> 8], BASE | 9);
}

static void streams_that_are_alike_share_a_level(void **state)
{
	const struct pil_stream_table table = { .ttb = 0x8000001000, .t0sz = 25 };
	struct build_test t;

	(void)state;
	start(&t);
	pil_smmu_cd_build(t.m.cd[0], &table);
	translate(&t, 8, 0);
	assert_int_equal(pil_smmu_share(&t.b, 8, 0, 0x1000, &t.why), 0);
	for (uint32_t sid = 8; sid < 0x1000; sid += 0x100)
		assert_int_equal(look_up(&t, sid), 0);
	assert_why(&t, look_up(&t, 0x0f09), PIL_R_SMMU_STE_CONFIG);
	assert_why(&t, look_up(&t, 0x1008), PIL_R_SMMU_STE_INVALID);
	assert_int_equal(t.b.used, 1);
	/* what lies outside gets its own */
	translate(&t, SID, 0);
	assert_int_equal(t.b.used, 2);
}

static void sharing_refuses_what_is_no_level(void **state)
{
	struct build_test t;

	(void)state;
	start(&t);
	assert_why(&t, pil_smmu_share(&t.b, 8, 0, 0x1000, &t.why), PIL_R_SMMU_STE_INVALID);
	entry(&t, 8);
	assert_why(&t, pil_smmu_share(&t.b, 8, 1, 0x1000, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_why(&t, pil_smmu_share(&t.b, 8, 0, 0xfff, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_why(&t, pil_smmu_share(&t.b, 8, 0x1000, 0, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_why(&t, pil_smmu_share(&t.b, 8, 0, 0x10100, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_why(&t, pil_smmu_share(&t.b, 0x10000, 0, 0x100, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_why(&t, look_up(&t, 0x100), PIL_R_SMMU_STE_INVALID);
}

static void levels_run_out(void **state)
{
	struct build_test t;
	uint64_t *ste = NULL;

	(void)state;
	start(&t);
	for (uint32_t sid = 0; sid < TABLES * 0x100; sid += 0x100)
		entry(&t, sid);
	assert_why(&t, pil_smmu_entry(&t.b, TABLES * 0x100, &ste, &t.why), PIL_R_MMU_TABLE_FULL);
	assert_null(ste);
	assert_why(&t, pil_smmu_entry(&t.b, 0x10000, &ste, &t.why), PIL_R_SMMU_SID_RANGE);
	assert_null(ste);
	entry(&t, 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_table_has_no_streams),
		cmocka_unit_test(a_new_entry_and_all_beside_it_abort),
		cmocka_unit_test(what_is_built_is_what_is_found),
		cmocka_unit_test(words_are_those_that_the_hardware_wants),
		cmocka_unit_test(streams_that_are_alike_share_a_level),
		cmocka_unit_test(sharing_refuses_what_is_no_level),
		cmocka_unit_test(levels_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

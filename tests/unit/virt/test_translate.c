/* SPDX-License-Identifier: BSD-2-Clause */
/* One access of a remote core: only what the host's table maps and the orders grant is reached. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pilot/wire/remote.h>
#include <pilot/wire/smmuv3.h>

#include "../../../boards/virt/shim/translate.h"
#include "../iommu/phys.h"

#define SID	  3u
#define CD	  page_pa(1)
#define ROOT	  page_pa(2) /* level 1 */
#define MIDDLE	  page_pa(3) /* level 2 */
#define LAST	  page_pa(4) /* level 3 */
#define CARVEOUT  0xb0000000ull
#define SIZE	  0x400000ull
#define COPY	  0x10000000ull /* where the carve-out's contents really are */
#define SHARED	  0xb8000000ull
#define READ_ONLY 0xb9000000ull
#define IPA	  0x80201000ull /* the page that map_page() maps */
#define BLOCK_IPA 0x80400000ull

/* as Linux maps for a device: unprivileged, inner shareable, write-back */
#define LEAF (PIL_VMSA_VALID | PIL_VMSA_AF | PIL_VMSA_AP_EL0 | PIL_VMSA_SH_INNER)
#define PAGE (LEAF | PIL_VMSA_TABLE)
#define TBL  (PIL_VMSA_VALID | PIL_VMSA_TABLE)
#define MAIR 0x44ff04ffull /* index 0 and 2 write-back, 1 device, 3 not cacheable */

struct remote {
	struct phys phys;
	struct pil_smmu_regs regs;
	struct pil_shim_config config;
	struct translation t;
	struct pil_why why;
};

static void start(struct remote *r)
{
	*r = (struct remote){ 0 };
	r->regs = (struct pil_smmu_regs){ .cr0 = 1, .strtab_base = PHYS_BASE, .strtab_cfg = 4 };
	r->config = (struct pil_shim_config){ .sid = SID, .grant_count = 3 };
	r->config.grant[0] = (struct pil_shim_grant){ CARVEOUT, SIZE, COPY, PIL_SHIM_READ | PIL_SHIM_WRITE, 0 };
	r->config.grant[1] = (struct pil_shim_grant){ SHARED, 0x1000, SHARED, PIL_SHIM_READ | PIL_SHIM_WRITE, 0 };
	r->config.grant[2] = (struct pil_shim_grant){ READ_ONLY, 0x1000, READ_ONLY, PIL_SHIM_READ, 0 };
	poke(&r->phys, PHYS_BASE + SID * PIL_SMMU_STE_SIZE, CD | PIL_SMMU_CONFIG_S1 << 1 | PIL_SMMU_STE0_VALID);
	poke(&r->phys, CD, PIL_SMMU_CD0_VALID | PIL_SMMU_CD0_AA64 | 25);
	poke(&r->phys, CD + 8, ROOT);
	poke(&r->phys, CD + 24, MAIR);
	poke(&r->phys, ROOT + 2 * 8, MIDDLE | TBL);
	poke(&r->phys, MIDDLE + 8, LAST | TBL);
}

static void map_page(struct remote *r, uint64_t desc)
{
	poke(&r->phys, LAST + 8, desc);
}

static int look(struct remote *r, uint64_t ipa, enum access access)
{
	struct pil_phys phys = phys_of(&r->phys);

	return shim_translate(&r->config, &phys, &r->regs, ipa, access, &r->t, &r->why);
}

static void assert_refused(struct remote *r, enum access access, enum pil_reason reason)
{
	assert_int_equal(look(r, IPA + 8, access), -(int)pil_reason_class(reason));
	assert_string_equal(pil_reason_name(r->why.reason), pil_reason_name(reason));
	assert_int_equal(r->why.a, IPA + 8);
}

static void what_both_allow_is_reached_at_the_grants_target(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, (CARVEOUT + 0x5000) | PAGE);
	for (enum access access = ACCESS_READ; access <= ACCESS_EXECUTE; access++) {
		assert_int_equal(look(&r, IPA + 8, access), 0);
		assert_int_equal(r.t.pa, CARVEOUT + 0x5008);
		assert_int_equal(r.t.target, COPY + 0x5008);
		assert_int_equal(r.t.grant, 0);
		assert_int_equal(r.t.attrs,
				 PIL_VMSA_S2ATTR(15) | PIL_VMSA_S2_READ | PIL_VMSA_S2_WRITE | PIL_VMSA_SH_INNER);
	}
}

/* index 3 of MAIR: not cacheable. The secure world's caches hold the copy, so there that would be a lie */
static void copy_is_cached_whatever_the_host_says_and_shared_memory_is_not(void **state)
{
	const uint64_t uncached = PAGE | 3u << 2;
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, CARVEOUT | (uncached & ~PIL_VMSA_SH_INNER));
	assert_int_equal(look(&r, IPA, ACCESS_READ), 0);
	assert_int_equal(r.t.attrs & (PIL_VMSA_S2ATTR(15) | PIL_VMSA_SH_INNER), PIL_VMSA_S2ATTR(15) | PIL_VMSA_SH_INNER);
	map_page(&r, SHARED | uncached);
	assert_int_equal(look(&r, IPA, ACCESS_READ), 0);
	assert_int_equal(r.t.attrs & PIL_VMSA_S2ATTR(15), PIL_VMSA_S2ATTR(5));
}

static void what_the_host_does_not_map_is_not_there(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	assert_refused(&r, ACCESS_READ, PIL_R_MMU_TRANSLATION);
}

static void what_the_host_maps_but_nobody_grants_is_not_there(void **state)
{
	static const uint64_t pages[] = { 0,
					  PHYS_BASE,
					  COPY,
					  CARVEOUT - 0x1000,
					  CARVEOUT + SIZE,
					  SHARED - 0x1000,
					  SHARED + 0x1000,
					  0x0000fffffffff000 };
	struct remote r;

	(void)state;
	start(&r);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		map_page(&r, pages[i] | PAGE);
		assert_refused(&r, ACCESS_READ, PIL_R_STREAM_RANGE);
		assert_int_equal(r.why.b, pages[i] + 8);
	}
}

static void only_the_carveout_can_be_executed(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, SHARED | PAGE);
	assert_int_equal(look(&r, IPA, ACCESS_WRITE), 0);
	assert_true(r.t.attrs & PIL_VMSA_XN);
	assert_refused(&r, ACCESS_EXECUTE, PIL_R_MMU_PERMISSION);
	map_page(&r, CARVEOUT | PAGE | PIL_VMSA_XN);
	assert_refused(&r, ACCESS_EXECUTE, PIL_R_MMU_PERMISSION);
}

static void both_must_allow_a_write(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, READ_ONLY | PAGE);
	assert_int_equal(look(&r, IPA, ACCESS_READ), 0);
	assert_false(r.t.attrs & PIL_VMSA_S2_WRITE);
	assert_refused(&r, ACCESS_WRITE, PIL_R_MMU_PERMISSION);
	map_page(&r, CARVEOUT | PAGE | PIL_VMSA_AP_RO);
	assert_int_equal(look(&r, IPA, ACCESS_READ), 0);
	assert_false(r.t.attrs & PIL_VMSA_S2_WRITE);
	assert_refused(&r, ACCESS_WRITE, PIL_R_MMU_PERMISSION);
}

static void privileged_pages_and_grants_without_read_are_refused(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, (CARVEOUT | PAGE) & ~PIL_VMSA_AP_EL0);
	assert_refused(&r, ACCESS_READ, PIL_R_MMU_PERMISSION);
	map_page(&r, CARVEOUT | PAGE);
	poke(&r.phys, ROOT + 2 * 8, MIDDLE | TBL | 1ull << 61); /* APTable: none of what is below */
	assert_refused(&r, ACCESS_READ, PIL_R_MMU_PERMISSION);
	poke(&r.phys, ROOT + 2 * 8, MIDDLE | TBL);
	r.config.grant[0].access = PIL_SHIM_WRITE;
	assert_refused(&r, ACCESS_READ, PIL_R_MMU_PERMISSION);
	assert_refused(&r, ACCESS_WRITE, PIL_R_MMU_PERMISSION);
}

static void without_a_translating_stream_nothing_is_reached(void **state)
{
	static const struct {
		uint64_t config;
		enum pil_reason reason;
	} streams[] = {
		{ PIL_SMMU_CONFIG_ABORT, PIL_R_SMMU_STE_CONFIG },
		{ PIL_SMMU_CONFIG_BYPASS, PIL_R_SMMU_STE_CONFIG },
		{ PIL_SMMU_CONFIG_S2, PIL_R_SMMU_STE_CONFIG },
		{ PIL_SMMU_CONFIG_NESTED, PIL_R_SMMU_STE_CONFIG },
	};
	struct remote r;

	(void)state;
	start(&r);
	map_page(&r, CARVEOUT | PAGE);
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		poke(&r.phys, PHYS_BASE + SID * PIL_SMMU_STE_SIZE, CD | streams[i].config << 1 | PIL_SMMU_STE0_VALID);
		assert_int_equal(look(&r, IPA, ACCESS_READ), -(int)pil_reason_class(streams[i].reason));
		assert_int_equal(r.why.reason, streams[i].reason);
	}
	r.regs.cr0 = 0;
	assert_int_equal(look(&r, IPA, ACCESS_READ), -PIL_ESTATE);
	assert_int_equal(r.why.reason, PIL_R_SMMU_DISABLED);
}

static void block_is_mapped_whole_only_when_all_of_it_is_granted(void **state)
{
	struct remote r;

	(void)state;
	start(&r);
	poke(&r.phys, MIDDLE + 2 * 8, CARVEOUT | LEAF);
	assert_int_equal(look(&r, BLOCK_IPA + 0x12345, ACCESS_READ), 0);
	assert_int_equal(r.t.target, COPY + 0x12345);
	assert_int_equal(shim_mapping_size(&r.config, BLOCK_IPA + 0x12345, &r.t), 0x200000);
	/* the grant ends, or begins, inside the block */
	r.config.grant[0].size = 0x1ff000;
	assert_int_equal(shim_mapping_size(&r.config, BLOCK_IPA + 0x12345, &r.t), 0x1000);
	r.config.grant[0] = (struct pil_shim_grant){ CARVEOUT + 0x1000, SIZE, COPY + 0x1000, PIL_SHIM_READ, 0 };
	assert_int_equal(look(&r, BLOCK_IPA + 0x12345, ACCESS_READ), 0);
	assert_int_equal(shim_mapping_size(&r.config, BLOCK_IPA + 0x12345, &r.t), 0x1000);
	assert_int_equal(look(&r, BLOCK_IPA, ACCESS_READ), -PIL_ERANGE);
	/* the copy is not aligned like the block */
	r.config.grant[0] = (struct pil_shim_grant){ CARVEOUT, SIZE, COPY + 0x1000, PIL_SHIM_READ, 0 };
	assert_int_equal(look(&r, BLOCK_IPA + 0x12345, ACCESS_READ), 0);
	assert_int_equal(r.t.target, COPY + 0x13345);
	assert_int_equal(shim_mapping_size(&r.config, BLOCK_IPA + 0x12345, &r.t), 0x1000);
}

static void memory_is_not_made_more_cacheable_than_the_host_has_it(void **state)
{
	static const uint64_t types[] = { 15, 1, 15, 5 };
	struct remote r;

	(void)state;
	start(&r);
	for (unsigned int i = 0; i < 4; i++) {
		map_page(&r, SHARED | PAGE | PIL_VMSA_ATTR(i));
		assert_int_equal(look(&r, IPA, ACCESS_READ), 0);
		assert_int_equal(r.t.attrs & PIL_VMSA_S2ATTR(15), PIL_VMSA_S2ATTR(types[i]));
	}
}

#define BUFFERS	 5u /* a second stream, with a table of its own */
#define CD2	 page_pa(5)
#define ROOT2	 page_pa(6)
#define MIDDLE2	 page_pa(7)
#define LAST2	 page_pa(8)
#define WINDOW	 (1ull << PIL_REMOTE_WINDOW_SHIFT)
#define FRAMES	 0xba000000ull

static void start_window(struct remote *r)
{
	start(r);
	r->config.window_count = 1;
	r->config.window_sid[0] = BUFFERS;
	r->config.grant[r->config.grant_count++] =
		(struct pil_shim_grant){ FRAMES, 0x2000, FRAMES, PIL_SHIM_READ | PIL_SHIM_WRITE, 1 };
	poke(&r->phys, PHYS_BASE + BUFFERS * PIL_SMMU_STE_SIZE, CD2 | PIL_SMMU_CONFIG_S1 << 1 | PIL_SMMU_STE0_VALID);
	poke(&r->phys, CD2, PIL_SMMU_CD0_VALID | PIL_SMMU_CD0_AA64 | 25);
	poke(&r->phys, CD2 + 8, ROOT2);
	poke(&r->phys, CD2 + 24, MAIR);
	poke(&r->phys, ROOT2 + 2 * 8, MIDDLE2 | TBL);
	poke(&r->phys, MIDDLE2 + 8, LAST2 | TBL);
	poke(&r->phys, LAST2 + 8, FRAMES | PAGE);
	map_page(r, SHARED | PAGE);
}

/* the same address with and without a window's bits are addresses of two streams */
static void window_is_another_stream(void **state)
{
	struct remote r;

	(void)state;
	start_window(&r);
	assert_int_equal(look(&r, IPA, ACCESS_WRITE), 0);
	assert_int_equal(r.t.target, SHARED);
	assert_int_equal(look(&r, WINDOW + IPA, ACCESS_WRITE), 0);
	assert_int_equal(r.t.target, FRAMES);
	assert_int_equal(look(&r, WINDOW + IPA, ACCESS_EXECUTE), -PIL_ERANGE);
	assert_int_equal(r.why.reason, PIL_R_MMU_PERMISSION);
	assert_int_equal(look(&r, WINDOW + IPA + 0x1000, ACCESS_READ), -PIL_ERANGE);
	assert_int_equal(r.why.reason, PIL_R_MMU_TRANSLATION);
	assert_true(look(&r, 2 * WINDOW + IPA, ACCESS_READ) < 0);
}

/* whatever the host maps, a window leads to its own grants, and the core's own stream to its own */
static void windows_grants_are_its_own(void **state)
{
	struct remote r;

	(void)state;
	start_window(&r);
	map_page(&r, FRAMES | PAGE);
	assert_refused(&r, ACCESS_READ, PIL_R_STREAM_RANGE);
	poke(&r.phys, LAST2 + 8, SHARED | PAGE);
	assert_true(look(&r, WINDOW + IPA, ACCESS_READ) < 0);
	assert_int_equal(r.why.reason, PIL_R_STREAM_RANGE);
	poke(&r.phys, LAST2 + 8, CARVEOUT | PAGE);
	assert_true(look(&r, WINDOW + IPA, ACCESS_READ) < 0);
	assert_int_equal(r.why.reason, PIL_R_STREAM_RANGE);
}

/* no IOMMU: the table that lies there says something else, and nobody asks it */
static void start_fixed(struct remote *r, uint32_t more_flags)
{
	start(r);
	r->config.flags = PIL_SHIM_FIXED | more_flags;
	r->config.core = 1;
	map_page(r, READ_ONLY | PAGE);
}

static void fixed_grants_are_all_there_is(void **state)
{
	struct remote r;

	(void)state;
	start_fixed(&r, 0);
	assert_int_equal(look(&r, CARVEOUT + 0x5008, ACCESS_EXECUTE), 0);
	assert_int_equal(r.t.target, COPY + 0x5008);
	assert_int_equal(r.t.attrs, PIL_VMSA_S2ATTR(15) | PIL_VMSA_S2_READ | PIL_VMSA_S2_WRITE | PIL_VMSA_SH_INNER);
	assert_int_equal(look(&r, CARVEOUT + SIZE - 1, ACCESS_WRITE), 0);
	assert_int_equal(look(&r, IPA, ACCESS_READ), -PIL_ERANGE);
	assert_int_equal(r.why.reason, PIL_R_GRANT_RANGE);
	assert_int_equal(r.why.b, 1);
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t outside[] = { CARVEOUT - 1, CARVEOUT + SIZE, COPY, UINT64_MAX };

		assert_int_equal(look(&r, outside[i], ACCESS_READ), -PIL_ERANGE);
		assert_int_equal(r.why.reason, PIL_R_GRANT_RANGE);
	}
}

static void of_fixed_grants_only_the_first_is_executed_and_cached(void **state)
{
	const uint64_t uncached = PIL_VMSA_S2ATTR(5) | PIL_VMSA_SH_OUTER | PIL_VMSA_XN | PIL_VMSA_S2_READ;
	struct remote r;

	(void)state;
	start_fixed(&r, 0);
	assert_int_equal(look(&r, SHARED, ACCESS_WRITE), 0);
	assert_int_equal(r.t.attrs, uncached | PIL_VMSA_S2_WRITE);
	assert_int_equal(look(&r, READ_ONLY, ACCESS_READ), 0);
	assert_int_equal(r.t.attrs, uncached);
	assert_int_equal(look(&r, READ_ONLY, ACCESS_WRITE), -PIL_ERANGE);
	assert_int_equal(r.why.reason, PIL_R_MMU_PERMISSION);
	assert_int_equal(look(&r, SHARED, ACCESS_EXECUTE), -PIL_ERANGE);
	assert_int_equal(r.why.reason, PIL_R_MMU_PERMISSION);
	start_fixed(&r, PIL_SHIM_HOST_MEMORY);
	assert_int_equal(look(&r, CARVEOUT, ACCESS_EXECUTE), 0);
	assert_int_equal(r.t.attrs, PIL_VMSA_S2ATTR(5) | PIL_VMSA_SH_OUTER | PIL_VMSA_S2_READ | PIL_VMSA_S2_WRITE);
}

static void fixed_grants_are_mapped_in_blocks_where_both_ends_fit(void **state)
{
	struct remote r;

	(void)state;
	start_fixed(&r, 0);
	assert_int_equal(look(&r, CARVEOUT + 0x201000, ACCESS_READ), 0);
	assert_int_equal(shim_mapping_size(&r.config, CARVEOUT + 0x201000, &r.t), 0x200000);
	r.config.grant[0].size = 0x280000;
	assert_int_equal(look(&r, CARVEOUT + 0x201000, ACCESS_READ), 0);
	assert_int_equal(shim_mapping_size(&r.config, CARVEOUT + 0x201000, &r.t), 0x1000);
	assert_int_equal(look(&r, SHARED, ACCESS_READ), 0);
	assert_int_equal(shim_mapping_size(&r.config, SHARED, &r.t), 0x1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_both_allow_is_reached_at_the_grants_target),
		cmocka_unit_test(copy_is_cached_whatever_the_host_says_and_shared_memory_is_not),
		cmocka_unit_test(what_the_host_does_not_map_is_not_there),
		cmocka_unit_test(what_the_host_maps_but_nobody_grants_is_not_there),
		cmocka_unit_test(only_the_carveout_can_be_executed),
		cmocka_unit_test(both_must_allow_a_write),
		cmocka_unit_test(privileged_pages_and_grants_without_read_are_refused),
		cmocka_unit_test(without_a_translating_stream_nothing_is_reached),
		cmocka_unit_test(block_is_mapped_whole_only_when_all_of_it_is_granted),
		cmocka_unit_test(window_is_another_stream),
		cmocka_unit_test(windows_grants_are_its_own),
		cmocka_unit_test(fixed_grants_are_all_there_is),
		cmocka_unit_test(of_fixed_grants_only_the_first_is_executed_and_cached),
		cmocka_unit_test(fixed_grants_are_mapped_in_blocks_where_both_ends_fit),
		cmocka_unit_test(memory_is_not_made_more_cacheable_than_the_host_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

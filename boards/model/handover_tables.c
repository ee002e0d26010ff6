/* SPDX-License-Identifier: BSD-2-Clause */
/* Real tables in a small memory, looked up by the functions that a shim uses; once, since they do not change. */
#include <pilot/ledger.h>
#include <pilot/smmu.h>
#include <pilot/vmsa.h>
#include <pilot/wire/smmuv3.h>

#include "handover_tables.h"

#define PAGE	   0x1000u
#define PAGES_PA   UINT64_C(0x90000000) /* what is mapped: page n of enum model_page */
#define STRTAB_PA  UINT64_C(0x10000000)
#define CD_PA	   UINT64_C(0x10010000)
#define TABLES_PA  UINT64_C(0x10100000)
#define TABLES	   3u /* of each entry: levels 1 to 3 */
#define INPUT_T0SZ 25u
#define OTHER_BASE UINT64_C(0x40000000) /* the second stream table's bytes are at the same place as the first one's */

static uint64_t tables[MODEL_ENTRIES][TABLES][512];
static uint64_t cds[MODEL_ENTRIES][PIL_SMMU_CD_WORDS];
static uint64_t stes[MODEL_ENTRIES][PIL_SMMU_STE_WORDS];
static struct model_answer answers[2][MODEL_ENTRIES][MODEL_PAGES];
static bool has_table[2][MODEL_ENTRIES];

static const struct pil_grant lite_grants[] = {
	{ .range = { PAGES_PA + MODEL_P_SHARED * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
	{ .range = { PAGES_PA + MODEL_P_LITE * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
	{ .range = { PAGES_PA + MODEL_P_REGISTERS * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
};
static const struct pil_grant full_grants[] = {
	{ .range = { PAGES_PA + MODEL_P_SHARED * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
	{ .range = { PAGES_PA + MODEL_P_FULL * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
	{ .range = { PAGES_PA + MODEL_P_REGISTERS * PAGE, PAGE }, .access = PIL_GRANT_READ | PIL_GRANT_WRITE },
};

struct pil_smmu_regs model_regs(bool on, bool base)
{
	return (struct pil_smmu_regs){
		.cr0 = on ? PIL_SMMU_CR0_SMMUEN : 0,
		.strtab_base = STRTAB_PA + (base ? OTHER_BASE : 0),
		.strtab_cfg = 1, /* linear, two streams */
	};
}

/* @ctx: the entry of stream 0 */
static int read64(void *ctx, uint64_t pa, uint64_t *value)
{
	const enum model_entry *entry = ctx;
	uint64_t tables_at = pa - TABLES_PA, cd_at = pa - CD_PA;

	if (pa - STRTAB_PA < PIL_SMMU_STE_SIZE)
		*value = stes[*entry][(pa - STRTAB_PA) / 8];
	else if (cd_at < sizeof(cds))
		*value = cds[cd_at / sizeof(cds[0])][cd_at % sizeof(cds[0]) / 8];
	else if (tables_at < sizeof(tables))
		*value = tables[tables_at / sizeof(tables[0])][tables_at % sizeof(tables[0]) / PAGE]
			       [tables_at % PAGE / 8];
	else
		return -1;
	return 0;
}

/* Return: enum model_page that @page leads to in the table of @entry; MODEL_PAGES: nothing */
static unsigned int leads_to(enum model_entry entry, unsigned int page)
{
	if (entry == MODEL_E_PART && page == MODEL_P_SHARED)
		return page;
	if (entry == MODEL_E_ALL && page != MODEL_P_HOST)
		return page;
	if (entry == MODEL_E_ASTRAY)
		return page == MODEL_P_LITE ? MODEL_P_HOST : page;
	return MODEL_PAGES;
}

static bool build_table(enum model_entry entry)
{
	uint64_t pa = TABLES_PA + entry * sizeof(tables[0]);
	const struct pil_stream_table table = { .ttb = pa, .t0sz = INPUT_T0SZ, .mair = 0xff, .asid = 1 };
	struct pil_vmsa t;

	pil_vmsa_init(&t, tables[entry], pa, TABLES, 1);
	for (unsigned int page = 0; page < MODEL_PAGES; page++) {
		unsigned int to = leads_to(entry, page);

		if (to < MODEL_PAGES && pil_vmsa_map(&t, PAGES_PA + page * PAGE, PAGES_PA + to * PAGE, PAGE,
						     PIL_VMSA_AP_EL0 | PIL_VMSA_SH_INNER, NULL))
			return false;
	}
	pil_smmu_cd_build(cds[entry], &table);
	return true;
}

static void build_entry(enum model_entry entry)
{
	if (entry == MODEL_E_INVALID)
		return;
	pil_smmu_ste_abort(stes[entry]);
	if (entry == MODEL_E_ABORT)
		return;
	pil_smmu_ste_prepare(stes[entry]);
	pil_smmu_ste_translate(stes[entry], CD_PA + entry * sizeof(cds[0]));
}

static struct model_answer look_up(bool on, enum model_entry entry, unsigned int page)
{
	const struct pil_phys phys = { .read64 = read64, .ctx = &entry };
	const struct pil_smmu_regs regs = model_regs(on, false);
	struct pil_stream_table table;
	struct pil_why why = { 0 };
	struct pil_leaf leaf = { 0 };

	if (pil_smmu_stream(&phys, &regs, 0, &table, &why) ||
	    pil_vmsa_walk(&phys, table.ttb, table.t0sz, PAGES_PA + page * PAGE, &leaf, &why))
		return (struct model_answer){ why.reason, MODEL_PAGES };
	return (struct model_answer){ PIL_R_NONE, (uint8_t)((leaf.pa - PAGES_PA) / PAGE) };
}

static bool finds_table(bool on, enum model_entry entry)
{
	const struct pil_phys phys = { .read64 = read64, .ctx = &entry };
	const struct pil_smmu_regs regs = model_regs(on, false);
	struct pil_stream_table table;

	return !pil_smmu_stream(&phys, &regs, 0, &table, NULL);
}

bool model_handover_init(void)
{
	for (unsigned int e = 0; e < MODEL_ENTRIES; e++) {
		if (!build_table((enum model_entry)e))
			return false;
		build_entry((enum model_entry)e);
		for (unsigned int on = 0; on < 2; on++) {
			has_table[on][e] = finds_table(on, (enum model_entry)e);
			for (unsigned int page = 0; page < MODEL_PAGES; page++)
				answers[on][e][page] = look_up(on, (enum model_entry)e, page);
		}
	}
	return true;
}

struct model_answer model_ask(bool on, uint8_t entry, uint8_t page)
{
	return answers[on][entry][page];
}

bool model_has_table(bool on, uint8_t entry)
{
	return has_table[on][entry];
}

/* the registers of the master are the program's, and no place for the master to write */
bool model_is_granted(uint8_t program, bool to_master, uint8_t page)
{
	const struct pil_range r = { PAGES_PA + page * PAGE, PAGE }, no_carveout = { 0, 1 };
	const struct pil_stream_entry stream = {
		.grants = program == MODEL_FULL ? full_grants : lite_grants,
		.grant_count = to_master ? 2 : 3,
	};

	return program != MODEL_NO_PROGRAM && pil_stream_allows(no_carveout, &stream, r, PIL_GRANT_READ);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The remote's view of memory: a shadow of the table that the SMMU's owner installed for its stream, filled page by page as
 * the remote touches them, and cut down to the grants. What the host did not map is not there; what it mapped to memory
 * that is not granted is not there either, and the attempt is a fault.
 */
#include <virt/platform.h>

#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

#include "arch.h"
#include "shim.h"

#define PAGE   0x1000ull
#define BLOCK  0x200000ull
#define TABLES 64u

/* stage 2 memory types (Arm ARM D8.5.5, MemAttr without FEAT_S2FWB) */
#define S2_DEVICE   1u
#define S2_UNCACHED 5u
#define S2_CACHED   15u

#define SH_MASK (3ull << 8)

static uint64_t tables[TABLES][512] __attribute__((aligned(4096)));
static struct pil_vmsa shadow;

static const struct pil_phys host_phys = { .read64 = shim_host_read64 };

/**
 * struct translation - where an address of the remote leads
 * @pa:     what the host's table says
 * @target: what the shim uses instead
 * @leaf:   of the host's table
 * @grant:  index of the grant that covers it
 * @attrs:  lower and upper attributes of a stage 2 leaf
 */
struct translation {
	uint64_t pa;
	uint64_t target;
	struct pil_leaf leaf;
	unsigned int grant;
	uint64_t attrs;
};

void stage2_init(void)
{
	pil_vmsa_init(&shadow, tables, (uint64_t)(uintptr_t)tables, TABLES, 1);
	set_stage2((uint64_t)(uintptr_t)tables);
	tlb_flush_remote();
}

void stage2_drop(void)
{
	pil_vmsa_init(&shadow, tables, (uint64_t)(uintptr_t)tables, TABLES, 1);
	tlb_flush_remote();
}

static int find_table(struct pil_stream_table *table, struct pil_why *why)
{
	struct pil_smmu_regs regs = {
		.cr0 = fw_read32(VIRT_SMMU + PIL_SMMU_CR0),
		.strtab_base = fw_read64(VIRT_SMMU + PIL_SMMU_STRTAB_BASE),
		.strtab_cfg = fw_read32(VIRT_SMMU + PIL_SMMU_STRTAB_BASE_CFG),
	};

	return pil_smmu_stream(&host_phys, &regs, shim_config.sid, table, why);
}

/* the grant that covers all of [pa, pa + size), or NULL; config validation made pa + size of a grant safe */
static const struct pil_shim_grant *find_grant(uint64_t pa, uint64_t size)
{
	for (unsigned int i = 0; i < shim_config.grant_count; i++) {
		const struct pil_shim_grant *g = &shim_config.grant[i];

		if (pa >= g->pa && pa - g->pa < g->size && size <= g->size - (pa - g->pa))
			return g;
	}
	return NULL;
}

/* the host's memory type, from the eight bits that the descriptor selects in its MAIR */
static uint64_t memory_type(uint64_t desc, uint64_t mair)
{
	uint8_t attr = (uint8_t)(mair >> (desc >> 2 & 7) * 8);

	if (!(attr & 0xf0))
		return S2_DEVICE;
	return attr == 0x44 ? S2_UNCACHED : S2_CACHED;
}

static uint64_t stage2_attrs(const struct translation *t, const struct pil_shim_grant *grant, uint64_t mair)
{
	uint64_t attrs = PIL_VMSA_S2ATTR(memory_type(t->leaf.desc, mair)) | (t->leaf.desc & SH_MASK) | PIL_VMSA_S2_READ;

	if (!t->leaf.ro && grant->access & PIL_SHIM_WRITE)
		attrs |= PIL_VMSA_S2_WRITE;
	/* only the carve-out holds what was authenticated; the host can write all the rest */
	if (t->leaf.xn || t->grant != 0)
		attrs |= PIL_VMSA_XN;
	return attrs;
}

static int check_access(const struct translation *t, uint64_t ipa, enum access access, struct pil_why *why)
{
	static const uint64_t needed[] = {
		[ACCESS_READ] = PIL_SHIM_READ,
		[ACCESS_WRITE] = PIL_SHIM_WRITE,
		[ACCESS_EXECUTE] = 4,
	};
	bool ok = shim_config.grant[t->grant].access & PIL_SHIM_READ;

	/* the core's transactions are unprivileged: a page for privileged ones is none for it */
	ok = ok && (t->leaf.desc & PIL_VMSA_AP_EL0);
	if (access == ACCESS_WRITE)
		ok = ok && (t->attrs & PIL_VMSA_S2_WRITE);
	if (access == ACCESS_EXECUTE)
		ok = ok && !(t->attrs & PIL_VMSA_XN);
	return ok ? 0 : pil_fail(why, PIL_R_MMU_PERMISSION, ipa, needed[access]);
}

static int translate(uint64_t ipa, enum access access, struct translation *t, struct pil_why *why)
{
	struct pil_stream_table table = { 0 };
	const struct pil_shim_grant *grant = NULL;
	int err = find_table(&table, why);

	if (!err)
		err = pil_vmsa_walk(&host_phys, table.ttb, table.t0sz, ipa, &t->leaf, why);
	if (err)
		return err;
	t->pa = t->leaf.pa;
	grant = find_grant(t->pa & ~(PAGE - 1), PAGE);
	if (!grant)
		return pil_fail(why, PIL_R_STREAM_RANGE, ipa, t->pa);
	t->grant = (unsigned int)(grant - shim_config.grant);
	t->target = grant->target + (t->pa - grant->pa);
	t->attrs = stage2_attrs(t, grant, table.mair);
	return check_access(t, ipa, access, why);
}

/* a whole block, when the host's leaf, the grant and the target's alignment allow one; else the page */
static uint64_t mapping_size(uint64_t ipa, const struct translation *t)
{
	uint64_t inside = ipa & (BLOCK - 1);
	const struct pil_shim_grant *g = &shim_config.grant[t->grant];

	if (t->leaf.size < BLOCK || (t->target & (BLOCK - 1)) != inside || (t->pa & (BLOCK - 1)) != inside)
		return PAGE;
	return find_grant(t->pa - inside, BLOCK) == g ? BLOCK : PAGE;
}

int stage2_fill(uint64_t ipa, enum access access, struct pil_why *why)
{
	struct translation t = { 0 };
	uint64_t size = 0;
	int err = translate(ipa, access, &t, why);

	if (err)
		return err;
	size = mapping_size(ipa, &t);
	/* a drop first keeps this simple when the table is full: what is still needed comes back by faults */
	if (shadow.used + 2 > shadow.count)
		stage2_drop();
	err = pil_vmsa_map(&shadow, ipa & ~(size - 1), t.target & ~(size - 1), size, t.attrs, why);
	fw_dsb();
	fw_isb();
	return err;
}

/* the program's text is read from its own memory only; what is not printable becomes a point */
int stage2_copy_text(uint64_t ipa, uint64_t len, struct text *to, struct pil_why *why)
{
	struct translation t = { 0 };

	for (uint64_t i = 0; i < len; i++) {
		uint64_t at = ipa + i;
		char c = 0;

		if (i == 0 || !(at & (PAGE - 1))) {
			int err = translate(at & ~(PAGE - 1), ACCESS_READ, &t, why);

			if (!err && t.grant != 0)
				err = pil_fail(why, PIL_R_STREAM_RANGE, at, t.pa);
			if (err)
				return err;
		}
		c = *(const volatile char *)(uintptr_t)(t.target + (at & (PAGE - 1)));
		text_char(to, c >= ' ' && c <= '~' ? c : '.');
	}
	return 0;
}

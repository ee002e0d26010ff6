/* SPDX-License-Identifier: BSD-2-Clause */
/* One access of the remote against the host's table and the grants. No register, no global: see translate.h. */
#include "translate.h"

#include <pilot/wire/remote.h>

#define PAGE  0x1000ull
#define BLOCK 0x200000ull

#define SHARED_WITH_HOST (PIL_VMSA_S2ATTR(S2_UNCACHED) | PIL_VMSA_SH_OUTER)

/* stage 2 memory types (Arm ARM D8.5.5, MemAttr without FEAT_S2FWB) */
#define S2_DEVICE   1u
#define S2_UNCACHED 5u
#define S2_CACHED   15u

#define SH_MASK (3ull << 8)

/* the stream's grant that covers all of [pa, pa + size), or NULL; config validation made pa + size of a grant safe */
static const struct pil_shim_grant *find_grant(const struct pil_shim_config *config, uint32_t window, uint64_t pa,
					       uint64_t size)
{
	for (unsigned int i = 0; i < config->grant_count; i++) {
		const struct pil_shim_grant *g = &config->grant[i];

		if (g->window == window && pa >= g->pa && pa - g->pa < g->size && size <= g->size - (pa - g->pa))
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

/* a copy is the secure world's, whose caches hold it: what the host calls its own memory there does not matter */
static uint64_t memory_attrs(const struct pil_shim_config *config, const struct translation *t,
			     const struct pil_shim_grant *grant, uint64_t mair)
{
	if (config->flags & PIL_SHIM_FIXED && (t->grant != 0 || config->flags & PIL_SHIM_HOST_MEMORY))
		return SHARED_WITH_HOST;
	if (grant->target != grant->pa)
		return PIL_VMSA_S2ATTR(S2_CACHED) | PIL_VMSA_SH_INNER;
	return PIL_VMSA_S2ATTR(memory_type(t->leaf.desc, mair)) | (t->leaf.desc & SH_MASK);
}

static uint64_t stage2_attrs(const struct pil_shim_config *config, const struct translation *t,
			     const struct pil_shim_grant *grant, uint64_t mair)
{
	uint64_t attrs = memory_attrs(config, t, grant, mair) | PIL_VMSA_S2_READ;

	if (!t->leaf.ro && grant->access & PIL_SHIM_WRITE)
		attrs |= PIL_VMSA_S2_WRITE;
	/* only the carve-out holds what was authenticated; the host can write all the rest */
	if (t->leaf.xn || t->grant != 0)
		attrs |= PIL_VMSA_XN;
	return attrs;
}

static int check_access(const struct pil_shim_config *config, const struct translation *t, uint64_t ipa,
			enum access access, struct pil_why *why)
{
	static const uint64_t needed[] = {
		[ACCESS_READ] = PIL_SHIM_READ,
		[ACCESS_WRITE] = PIL_SHIM_WRITE,
		[ACCESS_EXECUTE] = 4,
	};
	bool ok = config->grant[t->grant].access & PIL_SHIM_READ;

	/* the core's transactions are unprivileged: a page for privileged ones is none for it */
	ok = ok && !t->leaf.priv;
	if (access == ACCESS_WRITE)
		ok = ok && (t->attrs & PIL_VMSA_S2_WRITE);
	if (access == ACCESS_EXECUTE)
		ok = ok && !(t->attrs & PIL_VMSA_XN);
	return ok ? 0 : pil_fail(why, PIL_R_MMU_PERMISSION, ipa, needed[access]);
}

/* what is behind the last window is an address of the core's own stream, which has no such one */
static uint32_t window_of(const struct pil_shim_config *config, uint64_t ipa)
{
	uint64_t window = ipa >> PIL_REMOTE_WINDOW_SHIFT;

	return window <= config->window_count ? (uint32_t)window : 0;
}

/* what the IOMMU's owner says of the address; where there is none the core's addresses are the grants' */
static int ask_owner(const struct pil_shim_config *config, const struct pil_phys *phys, const struct pil_smmu_regs *regs,
		     uint64_t ipa, struct translation *t, uint64_t *mair, struct pil_why *why)
{
	struct pil_stream_table table = { 0 };
	uint32_t window = window_of(config, ipa);
	uint32_t sid = window ? config->window_sid[window - 1] : config->sid;
	uint64_t address = ipa - ((uint64_t)window << PIL_REMOTE_WINDOW_SHIFT);
	int err = 0;

	if (config->flags & PIL_SHIM_FIXED) {
		t->leaf = (struct pil_leaf){ .pa = ipa, .size = BLOCK };
		return 0;
	}
	err = pil_smmu_stream(phys, regs, sid, &table, why);
	if (!err)
		err = pil_vmsa_walk(phys, table.ttb, table.t0sz, address, &t->leaf, why);
	*mair = table.mair;
	return err;
}

int shim_translate(const struct pil_shim_config *config, const struct pil_phys *phys, const struct pil_smmu_regs *regs,
		   uint64_t ipa, enum access access, struct translation *t, struct pil_why *why)
{
	const struct pil_shim_grant *grant = NULL;
	uint64_t mair = 0;
	int err = ask_owner(config, phys, regs, ipa, t, &mair, why);

	if (err)
		return err;
	t->pa = t->leaf.pa;
	grant = find_grant(config, window_of(config, ipa), t->pa & ~(PAGE - 1), PAGE);
	if (!grant && config->flags & PIL_SHIM_FIXED)
		return pil_fail(why, PIL_R_GRANT_RANGE, ipa, config->core);
	if (!grant)
		return pil_fail(why, PIL_R_STREAM_RANGE, ipa, t->pa);
	t->grant = (unsigned int)(grant - config->grant);
	t->target = grant->target + (t->pa - grant->pa);
	t->attrs = stage2_attrs(config, t, grant, mair);
	return check_access(config, t, ipa, access, why);
}

/* a whole block, when the host's leaf, the grant and the target's alignment allow one; else the page */
uint64_t shim_mapping_size(const struct pil_shim_config *config, uint64_t ipa, const struct translation *t)
{
	uint64_t inside = ipa & (BLOCK - 1);
	const struct pil_shim_grant *g = &config->grant[t->grant];

	if (t->leaf.size < BLOCK || (t->target & (BLOCK - 1)) != inside || (t->pa & (BLOCK - 1)) != inside)
		return PAGE;
	return find_grant(config, g->window, t->pa - inside, BLOCK) == g ? BLOCK : PAGE;
}

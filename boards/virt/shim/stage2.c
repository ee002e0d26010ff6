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
#include "translate.h"

#define PAGE   0x1000ull
#define TABLES 12u /* 9 MiB in pages, and what is shared with the host */

static uint64_t tables[TABLES][512] __attribute__((aligned(4096)));
static struct pil_vmsa shadow;

static const struct pil_phys host_phys = { .read64 = shim_host_read64 };

void stage2_init(void)
{
	pil_vmsa_init(&shadow, tables, (uint64_t)(uintptr_t)tables, TABLES, 1);
	set_stage2((uint64_t)(uintptr_t)tables, shim_config.flags & PIL_SHIM_HOST_MEMORY);
	tlb_flush_remote();
}

void stage2_drop(void)
{
	pil_vmsa_init(&shadow, tables, (uint64_t)(uintptr_t)tables, TABLES, 1);
	tlb_flush_remote();
}

struct pil_smmu_regs stage2_smmu(void)
{
	return (struct pil_smmu_regs){
		.cr0 = fw_read32(VIRT_SMMU + PIL_SMMU_CR0),
		.strtab_base = fw_read64(VIRT_SMMU + PIL_SMMU_STRTAB_BASE),
		.strtab_cfg = fw_read32(VIRT_SMMU + PIL_SMMU_STRTAB_BASE_CFG),
	};
}

static int translate_for(const struct pil_shim_config *config, uint64_t ipa, enum access access, struct translation *t,
			 struct pil_why *why)
{
	struct pil_smmu_regs regs = { 0 };

	if (!shim_is_fixed())
		regs = stage2_smmu();
	return shim_translate(config, &host_phys, &regs, ipa, access, t, why);
}

static int translate(uint64_t ipa, enum access access, struct translation *t, struct pil_why *why)
{
	return translate_for(&shim_config, ipa, access, t, why);
}

static struct pil_shim_config as_master(void)
{
	struct pil_shim_config config = shim_config;

	config.sid = shim_config.master_sid;
	config.window_count = 0;
	for (unsigned int i = 0; i < config.grant_count; i++)
		config.grant[i].access >>= PIL_SHIM_MASTER_SHIFT;
	return config;
}

/* the master's accesses do not come this way: only the SMMU stops them, and it tells the host. This tells the secure log */
int stage2_ask_master(uint64_t address, enum access access, struct pil_why *why)
{
	const struct pil_shim_config config = as_master();
	struct translation t = { 0 };

	return translate_for(&config, address, access, &t, why);
}

bool stage2_has_master_table(void)
{
	struct pil_smmu_regs regs = stage2_smmu();
	struct pil_stream_table table = { 0 };

	return pil_smmu_stream(&host_phys, &regs, shim_config.master_sid, &table, NULL) == 0;
}

static bool leads_to_itself(const struct pil_shim_config *config, uint64_t address)
{
	struct translation t = { 0 };

	return !translate_for(config, address, ACCESS_READ, &t, NULL) && t.pa == address;
}

/*
 * Both ends of all that the stream is granted; device addresses are physical ones on this board. The carve-out is the core's, and a
 * master has no business there
 */
bool stage2_maps_grants(bool of_master)
{
	const struct pil_shim_config config = of_master ? as_master() : shim_config;

	for (unsigned int i = of_master; i < config.grant_count; i++) {
		const struct pil_shim_grant *g = &config.grant[i];

		if (!g->window && (g->access & PIL_SHIM_READ) &&
		    !(leads_to_itself(&config, g->pa) && leads_to_itself(&config, g->pa + g->size - PAGE)))
			return false;
	}
	return true;
}

int stage2_fill(uint64_t ipa, enum access access, struct pil_why *why)
{
	struct translation t = { 0 };
	uint64_t size = 0;
	int err = translate(ipa, access, &t, why);

	if (!err && handover_holds_master() && t.target - VIRT_MASTER_REGS < VIRT_MASTER_REGS_SIZE)
		err = pil_fail(why, PIL_R_STREAM_MASTER_HELD, ipa, shim_config.master_sid);
	if (err)
		return err;
	handover_goes();
	size = shim_mapping_size(&shim_config, ipa, &t);
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

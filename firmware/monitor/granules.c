/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Granule protection, where the CPU has it (FEAT_RME; Arm ARM D9): a table that every CPU's every access is held against, below all
 * translation tables. It keeps the service and the shims off the monitor, and the host's CPUs off carve-outs while they are
 * locked. Devices are not held against it here: what runs is out of their reach because it is a copy in secure RAM.
 *
 * What the host's caches still hold of a carve-out that has just been locked may reach memory later: that is harmless, nothing of
 * it runs and nothing of it is looked at again but to be overwritten.
 */
#include <stdatomic.h>

#include <fw/lock.h>
#include <fw/sysreg.h>
#include <pilot/gpt.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"
#include "platform.h"

/* 4 GiB of addresses, granules of 64 KiB, tables cached and inner shareable, checks on; above 4 GiB is the host's memory only */
#define GPCCR_VALUE (0u | 1u << 8 | 1u << 10 | 3u << 12 | 1u << 14 | 1u << 16)
#define GPTBR_SHIFT 12

#define SCR_GPF (1ull << 48) /* granule faults come here, and not to the level that caused them */

/* syndrome of a granule protection check (Arm ARM D24.2.40); what a fault is called is in the lowest bits, as in any abort */
#define ISS_CAUSE(esr)	  ((esr) >> 14 & 0x3f)
#define IS_FAULT(cause)	  (((cause)&0x3c) == 0xc) /* the table forbids it; anything else: the table is broken */
#define ISS_STATUS(esr)	  ((esr)&0x3f)
#define ISS_WRITE	  (1ull << 6)
#define ISS_STAGE1_WALK	  (1ull << 7)
#define ISS_CACHE_OP	  (1ull << 8)
#define ISS_INSTRUCTION	  (1ull << 20)
#define ISS_STAGE2_WALK	  (1ull << 21)
#define STATUS_ACCESS	  0x28u /* granule fault of the access itself; below: of a walk */
#define STATUS_WALK	  0x23u /* at level -1 */
#define EXTERNAL_ACCESS	  0x10u
#define EXTERNAL_WALK	  0x13u
#define ESR_IL		  (1ull << 25)
#define CLASS_INSTRUCTION 0x20ull
#define CLASS_DATA	  0x24ull
#define SAME_LEVEL	  1u

#define SPSR_EL(spsr) ((spsr) >> 2 & 3)
#define HCR_TEA	      (1ull << 37) /* EL2 takes the external aborts of EL1 */
#define PAGE_OFFSET   0xfffull
#define MFAR_PAGE     0x000ffffffffff000ull

/* faults of one CPU between two changes that are all logged; then those whose number is a power of two */
#define LOG_ALL 16u

static uint64_t l0[PIL_GPT_L0_WORDS] __attribute__((aligned(PIL_GPT_L0_ALIGN)));
static uint64_t l1[MON_GRANULE_TABLES][PIL_GPT_L1_WORDS] __attribute__((aligned(PIL_GPT_L1_ALIGN)));
static struct pil_gpt table;
static struct fw_lock table_lock;
static _Atomic uint64_t faults[FW_MAX_CPUS]; /* since the last change */

bool mon_has_rme(void)
{
	return fw_read(id_aa64pfr0_el1) >> 52 & 0xf;
}

/* a shim that is not in the Secure state could not reach the memory that is kept from the host */
bool mon_has_granules(void)
{
	return mon_has_rme() && mon_cores_are_secure();
}

uint64_t mon_scr_granules(void)
{
	return mon_has_granules() ? SCR_GPF : 0;
}

void mon_granules_build(void)
{
	const struct plat_granules *g = plat_monitor.granules;
	struct pil_why why = { 0 };
	unsigned int i = 0;

	pil_gpt_init(&table, l0, l1, (uint64_t)l1, MON_GRANULE_TABLES);
	for (i = 0; i < plat_monitor.granule_count; i++) {
		if (!pil_gpt_set(&table, g[i].base, g[i].size, g[i].gpi, &why))
			continue;
		mon_log("monitor: granules of %s: reason %u at %x", g[i].name, (uint64_t)why.reason, g[i].base);
		plat_power_off();
	}
	fw_dsb();
}

/* on every CPU, once the table is there: a CPU that looks for an entry where none is can do nothing any more */
void mon_granules_enable(void)
{
	if (!mon_has_granules())
		return;
	fw_write(GPTBR_EL3, (uint64_t)l0 >> GPTBR_SHIFT);
	fw_isb();
	__asm__ volatile("sys #6, c8, c7, #4\n\tdsb sy\n\tisb" ::: "memory"); /* TLBI PAALL */
	fw_write(GPCCR_EL3, GPCCR_VALUE);
	fw_isb();
}

static bool locks(uint64_t base, uint64_t size)
{
	const struct plat_granules *g = plat_monitor.granules;
	unsigned int i = 0;

	for (i = 0; i < plat_monitor.granule_count; i++)
		if (g[i].locks && g[i].base == base && g[i].size == size)
			return true;
	return false;
}

/* whole carve-outs only: nothing that the service says opens anything else */
int64_t mon_granules_set(uint64_t base, uint64_t size, bool protect)
{
	int err = 0;

	if (!mon_has_granules())
		return PIL_MON_UNKNOWN;
	if (!locks(base, size))
		return PIL_MON_EARG;
	fw_lock(&table_lock);
	err = pil_gpt_set(&table, base, size, protect ? PIL_GPI_SECURE : PIL_GPI_ANYBODY, NULL);
	for (unsigned int i = 0; i < FW_MAX_CPUS; i++)
		atomic_store(&faults[i], 0);
	fw_unlock(&table_lock);
	/* TLBI PAALLOS: no CPU goes on with what it had cached */
	__asm__ volatile("dsb sy\n\tsys #6, c8, c1, #4\n\tdsb sy\n\tisb" ::: "memory");
	return err ? PIL_MON_EARG : 0;
}

static const char *name_of(uint64_t address)
{
	const struct plat_granules *g = plat_monitor.granules;
	unsigned int i = 0;

	for (i = 0; i < plat_monitor.granule_count; i++)
		if (address >= g[i].base && address - g[i].base < g[i].size)
			return g[i].name;
	return "memory";
}

static const char *access_name(uint64_t esr)
{
	if (ISS_STATUS(esr) != STATUS_ACCESS)
		return "table walk";
	if (esr & ISS_INSTRUCTION)
		return "fetch";
	return esr & ISS_WRITE && !(esr & ISS_CACHE_OP) ? "write" : "read";
}

/* a host that does nothing else must not fill the log, nor make others wait for it */
static void log_fault(uint64_t esr)
{
	unsigned int cpu = fw_cpu();
	uint64_t number = atomic_fetch_add(&faults[cpu], 1) + 1, address = fw_read(MFAR_EL3) & MFAR_PAGE;

	if (number > LOG_ALL && number & (number - 1))
		return;
	if (ISS_STATUS(esr) == STATUS_ACCESS)
		address |= fw_read(far_el3) & PAGE_OFFSET;
	mon_log("monitor: CPU %u: %s at %x (%s) refused by granule protection; fault %u", (uint64_t)cpu,
		access_name(esr), address, name_of(address), number);
}

/* the same fault as an external abort, which every host knows */
static uint64_t abort_syndrome(uint64_t esr, bool same_level)
{
	uint64_t class = esr & ISS_INSTRUCTION ? CLASS_INSTRUCTION : CLASS_DATA;
	uint64_t status =
		ISS_STATUS(esr) == STATUS_ACCESS ? EXTERNAL_ACCESS : EXTERNAL_WALK + (ISS_STATUS(esr) - STATUS_WALK);
	uint64_t kept = esr & ISS_INSTRUCTION ? ISS_STAGE1_WALK : ISS_STAGE1_WALK | ISS_WRITE | ISS_CACHE_OP;

	return (class | (same_level ? SAME_LEVEL : 0)) << 26 | ESR_IL | (esr & kept) | status;
}

/* who takes it: a remote core's shim, which makes it the core's crash; the service, whose end it is; or the host */
static bool taken_at_el2(const struct mon_frame *f, uint64_t esr)
{
	if (mon_cpus[fw_cpu()].in_service)
		return false;
	if (mon_is_remote(fw_cpu()) || mon_traps_to_el2(f))
		return true;
	return esr & ISS_STAGE2_WALK || fw_read(hcr_el2) & HCR_TEA;
}

void mon_granule_fault(struct mon_frame *f, uint64_t esr)
{
	bool to_el2 = taken_at_el2(f, esr);

	if (!IS_FAULT(ISS_CAUSE(esr)))
		mon_unexpected(f, 8);
	log_fault(esr);
	if (to_el2)
		fw_write(far_el2, fw_read(far_el3));
	else
		fw_write(far_el1, fw_read(far_el3));
	mon_inject(f, to_el2, abort_syndrome(esr, SPSR_EL(f->spsr) == (to_el2 ? 2u : 1u)));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A host at EL1 against the hypervisor above it: its memory, its registers, its calls. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/vmsa.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "undefined.h"

#define PAGE	 UINT64_C(0x1000)
#define EXTERNAL 0x10u /* status of a synchronous external abort */
#define STOPPED	 "hypervisor: CPU \\d+: access to 0x[0-9a-f]+ stopped"

/* what is the hypervisor's, or is nobody's of the normal world */
static const struct {
	uint64_t base, size;
} others[] = {
	{ VIRT_HYPERVISOR, VIRT_HYPERVISOR_SIZE },
	{ VIRT_SHIM, VIRT_SHIM_SIZE },
	{ VIRT_SMMU, 0x20000 },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

/* addresses that no argument may have: the above and their edges, and carve-outs, held or not */
static const uint64_t places[] = {
	VIRT_HYPERVISOR,
	VIRT_HYPERVISOR - 32u,
	VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - PAGE,
	VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - 8u,
	VIRT_SHIM,
	VIRT_SHIM - 32u,
	VIRT_SHIM + VIRT_SHIM_SIZE - 8u,
	VIRT_SMMU,
	VIRT_ADSP_MEM,
	VIRT_CDSP_MEM + VIRT_CDSP_SIZE - 8u,
	VIRT_VIDEO_MEM,
	VIRT_ZAP_MEM,
	UINT64_C(1) << 63 | VIRT_KERNEL,
	UINT64_C(1) << 40 | VIRT_KERNEL,
	UINT64_MAX - 7,
};

#define PLACES (sizeof(places) / sizeof(places[0]))

/** struct visit - what one CPU could reach, and what was strange about how it was stopped */
struct visit {
	unsigned int reached, strange;
};

static void note(struct visit *v, bool reached)
{
	v->reached += reached;
	v->strange += !reached && (fault_syndrome() & 0x3f) != EXTERNAL;
}

static void visit_all(void *arg)
{
	struct visit *v = arg;
	uint64_t value = 0;

	for (size_t i = 0; i < OTHERS; i++) {
		for (uint64_t at = others[i].base; at < others[i].base + others[i].size; at += PAGE) {
			note(v, try_read(at + (at >> 9 & 0xff8), &value));
			note(v, try_write(at + (at >> 9 & 0xff8), UINT64_MAX));
		}
		note(v, try_call(others[i].base));
		note(v, try_call(others[i].base + others[i].size - 4));
	}
}

static bool memory_from_every_cpu(void)
{
	bool good = true;

	for (unsigned int cpu = 0; cpu < host_cpus(); cpu++) {
		struct visit v = { 0 };

		if (cpu)
			good = cpu_run(cpu, visit_all, &v) && cpu_join(cpu) && good;
		else
			visit_all(&v);
		good = same("accesses that were possible", v.reached, 0) && good;
		good = same("exceptions that were no external aborts", v.strange, 0) && good;
	}
	log_has(STOPPED);
	return good && flow();
}

/* --- the host's own stage 1 --- */

#define TCR_39_BITS (25u | 25u << 16 | 2ull << 30 | 5ull << 32) /* both halves, 4 KiB granule */
#define UPPER_HALF  UINT64_C(0xffffff8000000000)
#define SOMEWHERE   (UPPER_HALF + VIRT_KERNEL) /* through a table as this program's own: its first word */

/* a word at an address whose table of level 1 is at @table; the program itself stays identity mapped. Return: it was possible */
static bool read_through(uint64_t table)
{
	const uint64_t tcr = fw_read(tcr_el1), sctlr = fw_read(sctlr_el1);
	volatile uint64_t *own = (volatile uint64_t *)SCRATCH;
	uint64_t value = 0;
	bool possible = false;

	for (unsigned int i = 0; i < 512; i++)
		own[i] = i < 4 ? (uint64_t)i << 30 | PIL_VMSA_AF | PIL_VMSA_VALID : 0;
	fw_write(mair_el1, 0x44);
	fw_write(ttbr0_el1, SCRATCH);
	fw_write(ttbr1_el1, table);
	fw_write(tcr_el1, TCR_39_BITS);
	__asm__ volatile("dsb sy\n\ttlbi vmalle1\n\tdsb sy\n\tisb" ::: "memory");
	fw_write(sctlr_el1, sctlr | 1u);
	fw_isb();
	possible = try_read(SOMEWHERE, &value);
	fw_write(sctlr_el1, sctlr);
	fw_isb();
	fw_write(tcr_el1, tcr);
	fw_isb();
	return possible;
}

/* the same way works with a table of the host's own: the others are refused for where they are */
static bool own_tables(void)
{
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);

	good = same("a walk of its own table", read_through(SCRATCH), true) && good;
	for (size_t i = 0; i < OTHERS; i++) {
		good = same("a walk there", read_through(others[i].base), false) && good;
		good = same("status", (int64_t)(fault_syndrome() & 0x3f), EXTERNAL) && good;
	}
	return same("a walk of the live carve-out", read_through(VIRT_ADSP_MEM), false) && good;
}

/* --- registers and instructions of EL2 --- */

#define ICH_HCR_EL2  S3_4_C12_C11_0
#define ICH_VMCR_EL2 S3_4_C12_C11_7
#define ICH_LR0_EL2  S3_4_C12_C12_0

static bool registers_of_el2(void)
{
	bool good = true;

	UNDEFINED(hcr_el2);
	UNDEFINED(vttbr_el2);
	UNDEFINED(vtcr_el2);
	UNDEFINED(sctlr_el2);
	UNDEFINED(ttbr0_el2);
	UNDEFINED(tcr_el2);
	UNDEFINED(mair_el2);
	UNDEFINED(vbar_el2);
	UNDEFINED(elr_el2);
	UNDEFINED(spsr_el2);
	UNDEFINED(esr_el2);
	UNDEFINED(far_el2);
	UNDEFINED(hpfar_el2);
	UNDEFINED(tpidr_el2);
	UNDEFINED(cptr_el2);
	UNDEFINED(mdcr_el2);
	UNDEFINED(hstr_el2);
	UNDEFINED(cnthctl_el2);
	UNDEFINED(cntvoff_el2);
	UNDEFINED(cnthp_ctl_el2);
	UNDEFINED(vpidr_el2);
	UNDEFINED(vmpidr_el2);
	UNDEFINED(sp_el1);
	UNDEFINED(ICC_SRE_EL2);
	UNDEFINED(ICH_HCR_EL2);
	UNDEFINED(ICH_VMCR_EL2);
	UNDEFINED(ICH_LR0_EL2);
	return good && flow();
}

#define REFUSED(instruction)                                                                                           \
	do {                                                                                                           \
		fault_arm();                                                                                           \
		__asm__ volatile(instruction ::"r"(VIRT_HYPERVISOR) : "memory");                                       \
		good = same(instruction " is refused", fault_disarm() != 0, true) && good;                             \
	} while (0)

static bool instructions_of_el2(void)
{
	bool good = true;

	REFUSED("tlbi alle1is // %0");
	REFUSED("tlbi alle2is // %0");
	REFUSED("tlbi vmalls12e1is // %0");
	REFUSED("tlbi ipas2e1is, %0");
	REFUSED("tlbi vae2is, %0");
	REFUSED("at s1e2r, %0");
	REFUSED("at s12e1r, %0");
	return good && flow();
}

/* breakpoints and watchpoints at EL2, as far as EL1 can write them down */
static bool breakpoints(void)
{
	const uint64_t breakpoint = 1u | 0xfu << 5 | 1u << 13 | 1u << 14; /* on, all bytes, EL2, Non-secure */
	const uint64_t watchpoint = 1u | 3u << 3 | 0xffu << 5 | 1u << 13 | 1u << 14 | 22u << 24; /* 4 MiB */
	bool good = true;

	fw_write(oslar_el1, 0);
	fw_write(mdscr_el1, 1u << 13 | 1u << 15);
	for (uint64_t at = VIRT_HYPERVISOR; at < VIRT_HYPERVISOR + 0x10000u; at += 0x800) {
		fw_write(dbgbvr0_el1, at);
		fw_write(dbgbcr0_el1, breakpoint);
		fw_write(dbgwvr0_el1, VIRT_HYPERVISOR);
		fw_write(dbgwcr0_el1, watchpoint);
		fw_isb();
		good = same("the door answers", door_answers(), true) && good;
	}
	good = flow() && good;
	fw_write(mdscr_el1, 0);
	fw_write(dbgbcr0_el1, 0);
	fw_write(dbgwcr0_el1, 0);
	fw_isb();
	return good;
}

/* --- calls --- */

static uint64_t hypercall(uint64_t id, uint64_t a, uint64_t b)
{
	register uint64_t x0 __asm__("x0") = id;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2)::"memory");
	return x1 == a && x2 == b ? x0 : 0;
}

static bool hypercalls(void)
{
	static const uint32_t owners[] = { 0x80000000, 0x82000000, 0x84000000, 0x86000000, 0xc2000000, 0xc4000000,
					   0xc6000000, 0x42000200, 0x42000c00, 0xbf000000, 0xff000000, 0 };
	bool good = true;

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		for (uint32_t n = 0; n < 0x40; n++)
			if (hypercall(owners[i] + n, VIRT_HYPERVISOR, VIRT_KERNEL) != UINT64_MAX)
				good = same("a hypercall that is answered", owners[i] + n, -1);
	return good && same("CPU 1 is still off", psci_affinity_info(1), PSCI_OFF) && flow();
}

static int64_t smc(uint64_t id, uint64_t a, uint64_t b, uint64_t c)
{
	struct smc_regs r = { .x = { id, a, b, c } };

	smc_call(&r);
	return (int64_t)r.x[0];
}

#define CPU_ON_32 0x84000003u

static bool cpu_on_in_the_hypervisor(void)
{
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);

	for (size_t i = 0; i < PLACES; i++) {
		if (places[i] == VIRT_HYPERVISOR - 32u || places[i] == VIRT_SHIM - 32u)
			continue; /* the host's own memory */
		good = same("CPU_ON", psci_cpu_on(1, places[i]), PSCI_INVALID_ADDRESS) && good;
		if (places[i] <= UINT32_MAX)
			good = same("CPU_ON, 32 bits", smc(CPU_ON_32, 1, places[i], 0), PSCI_INVALID_ADDRESS) && good;
	}
	good = same("CPU_ON, unaligned", psci_cpu_on(1, VIRT_KERNEL + 2u), PSCI_INVALID_ADDRESS) && good;
	return same("CPU 1 is still off", psci_affinity_info(1), PSCI_OFF) && good;
}

/* CPU_SUSPEND, CPU_DEFAULT_SUSPEND, SYSTEM_SUSPEND, SYSTEM_RESET2, and what reads or writes memory: places where EL3 would go on at EL2 */
static bool power_calls_with_an_entry(void)
{
	static const uint32_t ids[] = { 0x84000001, 0x8400000c, 0x8400000d, 0x8400000e, 0x84000010, 0x84000012,
					0x84000013, 0x84000014, 0x84000015, 0x84000016, 0x84000017 };
	bool good = true;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		for (unsigned int wide = 0; wide < 2; wide++)
			good = same("status", smc(ids[i] | wide << 30, 1u << 16, VIRT_KERNEL, VIRT_KERNEL), -1) && good;
	return good && flow();
}

/* Return: nothing but the function's refusal comes of a pointer to @at */
static bool metadata_is_refused(uint64_t at)
{
	if (same("INIT_IMAGE", pas_init_image(at), PIL_SCM_EADDR))
		return true;
	print("# of address ");
	print_hex(at);
	print("\n");
	return false;
}

static bool metadata_anywhere(void)
{
	bool good = true;

	for (unsigned int held = 0; held < 2; held++)
		for (size_t i = 0; i < PLACES; i++) {
			if (held)
				good = kind_starts(&kind_video) && good;
			good = metadata_is_refused(places[i]) && good;
			good = (!held || kind_ends(&kind_video)) && good;
		}
	log_counts("adsp: INIT_IMAGE refused: metadata is not in the host's memory", 2 * PLACES, 2 * PLACES);
	return good && flow();
}

/* the last byte of the metadata is the last one of the host's: nothing is read behind it */
static bool metadata_at_the_edge(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	uint64_t from = archive_metadata(e, 0), to = VIRT_HYPERVISOR - e->metadata_size;

	memcpy((void *)to, (const void *)from, e->metadata_size);
	return same("INIT_IMAGE", pas_init_image(to), 0) && same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0) &&
	       flow();
}

static bool places_for_images(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	bool good = same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0);

	for (size_t i = 0; i < PLACES; i++)
		if (places[i] != VIRT_ADSP_MEM)
			good = same("MEM_SETUP", pas_mem_setup(places[i], e->span) < 0, true) && good;
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) && good;
}

/* registers behind the described arguments hold addresses: they go nowhere, and a function's description is what it is */
static bool undescribed_arguments(void)
{
	void (*const prepare[])(struct scm_call *) = { prepare_auth, prepare_shutdown };
	bool good = true;

	for (size_t i = 0; i < PLACES; i++) {
		struct scm_call c = { 0 };

		good = place_image(SMALL) && good;
		for (size_t j = 0; j < sizeof(prepare) / sizeof(prepare[0]); j++) {
			prepare[j](&c);
			c.in.x[3] = c.in.x[4] = c.in.x[5] = c.in.x[7] = places[i];
			good = same("status", scm_complete(&c), 0) && good;
			c.in.x[1] = PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u);
			good = same("described as an address", scm_complete(&c), PIL_SCM_EINVAL) && good;
		}
	}
	return good && flow();
}

static bool calls_of_the_hypervisor(void)
{
	static const uint32_t functions[] = { PIL_SCM_PAS_GET_RSCTABLE, PIL_SCM_MP_ASSIGN, PIL_SCM_MP_SHM_BRIDGE_ENABLE,
					      PIL_SCM_MP_SHM_BRIDGE_CREATE, PIL_SCM_MP_SHM_BRIDGE_DELETE };
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0);

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]) * PLACES; i++) {
		uint64_t at = places[i % PLACES];

		for (uint32_t args = 0; args < 11; args++) {
			struct smc_regs r = { .x = { PIL_SCM_STD64(functions[i / PLACES]), args, at, at, at, at, at } };

			smc_call(&r);
			good = same("status", (int64_t)r.x[0], PIL_SCM_ENOTSUPP) && good;
		}
	}
	log_lacks("(SHM_BRIDGE_\\w+|MP_ASSIGN|GET_RSCTABLE) refused");
	return same("SHUTDOWN", pas_shutdown(), 0) && good && flow();
}

/* --- what does not end --- */

/** struct storm - a CPU that does what is refused, until it is told to stop */
struct storm {
	volatile bool stop;
	volatile unsigned int turns, reached;
};

static void storm(void *arg)
{
	struct storm *s = arg;
	uint64_t value = 0;

	while (!s->stop) {
		s->reached += try_read(others[s->turns % OTHERS].base, &value);
		s->turns++;
	}
}

static bool refusals_in_a_storm(void)
{
	struct storm s[2] = { { .stop = false } };
	bool good = cpu_run(1, storm, &s[0]) && cpu_run(2, storm, &s[1]);

	for (unsigned int i = 0; i < 4; i++)
		good = flow() && good;
	s[0].stop = s[1].stop = true;
	fw_dsb();
	good = cpu_join(1) && cpu_join(2) && good;
	log_counts(STOPPED, 32, 200);
	return same("accesses that were possible", s[0].reached + s[1].reached, 0) && good;
}

#define ABORTS "every access is an external abort"

const struct attack guest_attacks[] = {
	{ "hypervisors_memory_and_tables_from_every_cpu", ABORTS ": of its memory, the shims', the SMMU's registers",
	  memory_from_every_cpu, HOST_HYPERVISOR },
	{ "own_tables_in_the_hypervisors_memory", "a walk there is an external abort, as in a live carve-out",
	  own_tables, HOST_HYPERVISOR },
	{ "registers_of_el2", "every access is undefined", registers_of_el2, HOST_HYPERVISOR },
	{ "instructions_of_el2", "each is undefined", instructions_of_el2, HOST_HYPERVISOR },
	{ "breakpoints_in_the_hypervisor", "none fires: debug exceptions are the host's own", breakpoints,
	  HOST_HYPERVISOR },
	{ "hypercalls", "there are none", hypercalls, HOST_HYPERVISOR },
	{ "cpu_on_into_the_hypervisor", "no CPU starts outside of the host's memory, or in a carve-out",
	  cpu_on_in_the_hypervisor, HOST_HYPERVISOR },
	{ "power_calls_that_name_an_entry", "none is forwarded: EL3 would go on there at EL2",
	  power_calls_with_an_entry, HOST_HYPERVISOR },
	{ "metadata_in_the_hypervisors_memory", "INIT_IMAGE is refused before anybody looks there", metadata_anywhere,
	  HOST_HYPERVISOR },
	{ "metadata_at_the_edge_of_the_hypervisors_memory", "it is read up to the edge", metadata_at_the_edge,
	  HOST_HYPERVISOR },
	{ "image_placed_in_the_hypervisors_memory", "MEM_SETUP refuses it", places_for_images, HOST_HYPERVISOR },
	{ "addresses_behind_the_described_arguments", "they go nowhere", undescribed_arguments, HOST_HYPERVISOR },
	{ "calls_of_the_hypervisor_with_any_address", "each is NOT SUPPORTED, and the secure world hears of none",
	  calls_of_the_hypervisor, HOST_HYPERVISOR },
	{ "refused_accesses_in_a_storm", "requests on another CPU go on, and the log has a few lines of it",
	  refusals_in_a_storm, HOST_HYPERVISOR },
	{ NULL, NULL, NULL, 0 },
};

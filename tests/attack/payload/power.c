/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI, and every function id that nobody offers. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define SOON_US 3000u
#define STORM	60u

#define PSCI_ON_PENDING (-5)

/* CPUs of the machine that are not the host's: they are behind its last one */
static unsigned int remote_cpu(void)
{
	return host_cpus();
}

static bool cpu_on_remote(void)
{
	unsigned int cpu = 0;
	bool good = true;

	stream_open();
	good = program_start();
	for (cpu = remote_cpu(); cpu < 16; cpu++)
		good = same("CPU_ON", psci_cpu_on(cpu, VIRT_KERNEL), PSCI_INVALID_PARAMETERS) &&
		       same("AFFINITY_INFO", psci_affinity_info(cpu), PSCI_INVALID_PARAMETERS) && good;
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	return good;
}

/* every way to write the number of a remote core */
static bool other_names_of_remote(void)
{
	static const uint64_t names[] = {
		UINT64_C(1) << 8,  UINT64_C(1) << 16, UINT64_C(1) << 24, UINT64_C(1) << 30,
		UINT64_C(1) << 31, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_C(0xffffff00)
	};
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		good = same("CPU_ON", psci_cpu_on(names[i] | remote_cpu(), VIRT_KERNEL), PSCI_INVALID_PARAMETERS) &&
		       same("AFFINITY_INFO", psci_affinity_info(names[i] | remote_cpu()), PSCI_INVALID_PARAMETERS) &&
		       good;
	return good;
}

static bool entry_in_secure_memory(void)
{
	static const uint64_t entries[] = { 0,
					    VIRT_FLASH_SERVICE,
					    VIRT_MONITOR_RAM,
					    VIRT_SERVICE_RAM,
					    VIRT_SRAM + 0x200000,
					    VIRT_GICD,
					    VIRT_RAM - 4u,
					    VIRT_KERNEL + 1u,
					    VIRT_KERNEL + 2u,
					    UINT64_C(1) << 40,
					    UINT64_MAX - 3,
					    UINT64_C(1) << 63 | VIRT_KERNEL };
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		good = same("CPU_ON", psci_cpu_on(1, entries[i]), PSCI_INVALID_ADDRESS) && good;
	return same("CPU 1 is still off", psci_affinity_info(1), PSCI_OFF) && good;
}

static void nothing(void *arg)
{
	(void)arg;
}

static void on_and_off(void *arg)
{
	unsigned int i = 0;

	(void)arg;
	for (i = 0; i < STORM; i++)
		if (!cpu_run(2, nothing, NULL) || !cpu_join(2))
			return;
}

/* CPU 1 switches CPU 2 on and off while CPU 0 starts and stops the peripheral */
static bool storm(void)
{
	bool good = cpu_run(1, on_and_off, NULL);
	unsigned int rounds = 0;

	while (good && psci_affinity_info(1) != PSCI_OFF) {
		good = flow();
		rounds++;
	}
	print("# ");
	print_dec(rounds);
	print(" starts and stops\n");
	return cpu_join(1) && good;
}

/** struct asker - one of two CPUs that want to start the same CPU */
struct asker {
	volatile uint32_t *go;
	int64_t status;
};

static void ask(void *arg)
{
	struct asker *a = arg;

	while (!*a->go)
		;
	a->status = psci_cpu_on_with(2, (uint64_t)register_dump, SCRATCH);
}

static bool same_cpu_twice(void)
{
	volatile uint32_t go = 0;
	struct asker a = { .go = &go }, b = { .go = &go };
	uint64_t start = time_us();

	if (!cpu_run(1, ask, &a))
		return false;
	wait_us(2000);
	go = 1;
	ask(&b);
	if (!cpu_join(1))
		return false;
	while (psci_affinity_info(2) != PSCI_OFF)
		if (time_us() - start > 10000000)
			return same("CPU 2 ends", 0, 1);
	/* the second may come when the first one's CPU is off again */
	return same("one of them got it", a.status == 0 || b.status == 0, true) &&
	       same("the first one's answer",
		    a.status == 0 || a.status == PSCI_ALREADY_ON || a.status == PSCI_ON_PENDING, true) &&
	       same("the second one's answer",
		    b.status == 0 || b.status == PSCI_ALREADY_ON || b.status == PSCI_ON_PENDING, true);
}

static void suspend_there(void *arg)
{
	struct scm_call *c = arg;

	timer_start(SOON_US);
	scm_issue(c);
	timer_take();
}

/* the CPU that began a call is switched off while the call is suspended */
static bool cpu_off_with_a_call(void)
{
	struct scm_call c = { 0 };

	if (!place_image(SMALL))
		return false;
	prepare_auth(&c);
	return cpu_run(1, suspend_there, &c) && cpu_join(1) &&
	       same("AUTH_AND_RESET on CPU 1", (int64_t)c.out.x[0], PIL_SCM_INTERRUPTED) &&
	       same("it goes on here", (scm_resume(&c, c.out.x[6]), scm_finish(&c)), 0);
}

static bool is_no_end(uint32_t id)
{
	switch (id & ~0x40000000u) {
	case 0x84000002: /* CPU_OFF */
	case 0x84000003: /* CPU_ON: has attacks of its own */
	case 0x84000008: /* SYSTEM_OFF */
	case 0x84000009: /* SYSTEM_RESET */
		return false;
	default:
		return true;
	}
}

static bool every_psci_function(void)
{
	static const uint32_t bases[] = { 0x84000000, 0xc4000000 };
	uint32_t i = 0, j = 0;
	bool good = true;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < 0x40; j++) {
			struct smc_regs r = { .x = { bases[i] + j, VIRT_SERVICE_RAM, VIRT_SERVICE_RAM, remote_cpu() } };

			if (!is_no_end(bases[i] + j))
				continue;
			smc_call(&r);
			good = same("registers that came back changed", (int64_t)r.spoiled, 0) && good;
		}
	}
	return good && flow();
}

/* what service and shim ask of the monitor, and all other owners, whatever the width of the call */
static bool every_owner(void)
{
	static const uint32_t forms[] = { 0, 0x40000000, 0x80000000, 0xc0000000 };
	uint32_t owner = 0, form = 0, function = 0;
	bool good = true;

	for (owner = 0; owner < 64; owner++) {
		if (owner == 2 || owner == 4)
			continue; /* SIP and PSCI */
		for (form = 0; form < 4; form++) {
			for (function = owner ? 0 : 2; function < 0x18; function++) {
				struct smc_regs r = { .x = { forms[form] | owner << 24 | function, 0, VIRT_SERVICE_RAM,
							     64 } };

				smc_call(&r);
				if (r.x[0] != UINT64_MAX && r.x[0] != UINT32_MAX)
					good = same("status", (int64_t)r.x[0], -1);
				good = same("registers that came back changed", (int64_t)r.spoiled, 0) && good;
			}
		}
	}
	return good && flow();
}

static bool calls_of_the_shim(void)
{
	static const uint32_t ids[] = { 0xff000001, 0xff000002, 0xff000003, 0xff000004, 0xff000005,
					0xff000006, 0xff000010, 0xff000011, 0xff000012, 0xff000013, 0xff000014, 0xff000015,
					0xbf000004, 0xbf000005, 0x7f000005, 0x3f000005 };
	bool good = true;
	size_t i = 0;

	stream_open();
	good = program_start();
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct smc_regs r = { .x = { ids[i], 0, VIRT_SERVICE_RAM, 64 } };

		smc_call(&r);
		good = same("status", (int64_t)r.x[0], -1) && good;
	}
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	return good;
}

const struct attack power_attacks[] = {
	{ "cpu_on_and_affinity_info_for_a_running_remote_core",
	  "for PSCI it does not exist, and its program does not notice", cpu_on_remote, 0 },
	{ "other_names_of_a_remote_core", "no other way to write its number finds it", other_names_of_remote, 0 },
	{ "cpu_on_into_secure_memory", "no CPU starts outside of the host's RAM, or unaligned", entry_in_secure_memory,
	  0 },
	{ "cpus_on_and_off_in_a_storm", "requests on another CPU go on meanwhile", storm, 0 },
	{ "one_cpu_started_by_two_at_once", "it starts once at a time; the other hears why not", same_cpu_twice, 0 },
	{ "cpu_off_while_its_call_is_suspended", "the call goes on elsewhere", cpu_off_with_a_call, 0 },
	{ "every_psci_function_with_secure_addresses", "none reads or writes there, and the secure world goes on",
	  every_psci_function, 0 },
	{ "every_owner_of_calls", "what nobody offers is not supported, whatever the width of the call", every_owner,
	  0 },
	{ "calls_of_service_and_shim", "they are not the host's: no core stops, starts or is said to be ready",
	  calls_of_the_shim, 0 },
	{ NULL, NULL, NULL, 0 },
};

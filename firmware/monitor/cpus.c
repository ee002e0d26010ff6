/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is for each CPU, and how the first one lets another in. */
#include <stdatomic.h>

#include <fw/sysreg.h>

#include "monitor.h"
#include "offsets.h"

_Static_assert(sizeof(struct mon_frame) == MON_FRAME_SIZE, "frame as vectors.S saves it");
_Static_assert(offsetof(struct mon_frame, elr) == MON_FRAME_ELR, "frame as vectors.S saves it");
_Static_assert(FW_MAX_CPUS == MON_MAX_CPUS, "one limit of CPUs");
_Static_assert(MON_STACK_STRIDE == 2 * MON_STACK_SIZE, "a guard page below each stack");

/**
 * struct mon_gate - see start.S: words that a warm reset does not clear
 *
 * The other side has its caches off: writing back a line that holds two gates would undo what another CPU has just stored.
 */
struct mon_gate {
	_Alignas(1 << MON_GATE_SHIFT) _Atomic uint32_t here;
	_Atomic uint32_t go;
};

_Static_assert(sizeof(struct mon_gate) == 1 << MON_GATE_SHIFT, "start.S indexes with shifts");

struct mon_cpu mon_cpus[FW_MAX_CPUS];
struct fw_boot_info mon_boot;
struct mon_gate mon_gates[FW_MAX_CPUS] __attribute__((section(".noinit")));
char mon_stacks[FW_MAX_CPUS][MON_STACK_STRIDE] __attribute__((section(".stacks"), aligned(4096)));

/* one at a time: the service sets a CPU up without having to mind the others */
void mon_start_other(unsigned int cpu)
{
	struct mon_gate *gate = &mon_gates[cpu];

	/* the other CPU's MMU is off: it must see and be seen in memory, not in a cache */
	atomic_store(&gate->here, 0);
	atomic_store(&gate->go, 0); /* or the write-back would bring an old "go" back */
	mon_clean_dcache((uint64_t)gate, sizeof(*gate));
	do {
		mon_clean_dcache((uint64_t)gate, sizeof(*gate));
	} while (!atomic_load(&gate->here));
	atomic_store(&gate->go, 1);
	mon_clean_dcache((uint64_t)gate, sizeof(*gate));
	while (!atomic_load(&mon_cpus[cpu].parked))
		;
}

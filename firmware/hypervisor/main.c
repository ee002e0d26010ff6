/* SPDX-License-Identifier: BSD-2-Clause */
/* From the monitor to the host's first instruction, on each CPU. */
#include <fw/sysreg.h>

#include "hypervisor.h"
#include "offsets.h"
#include "platform.h"

_Static_assert(sizeof(struct hyp_frame) == HYP_FRAME_SIZE, "frame as vectors.S saves it");
_Static_assert(offsetof(struct hyp_frame, elr) == HYP_FRAME_ELR, "frame as vectors.S saves it");
_Static_assert(FW_MAX_CPUS == HYP_MAX_CPUS, "one limit of CPUs");

const struct fw_boot_info *hyp_boot;
struct fw_lock hyp_lock;

_Noreturn void hyp_main_first(const struct fw_boot_info *boot);
_Noreturn void hyp_main_other(void);

bool hyp_is_stage(void)
{
	return hyp_boot->flags & FW_BOOT_STAGE;
}

/*
 * The host at EL2 will own everything that the hypervisor would: stage 2, EL2's registers, the ITS, bridges. What a boot stage sets up is
 * the SMMU alone, and of EL2 only what it runs by itself.
 */
static _Noreturn void be_stage(void)
{
	hyp_smmu_init();
	hyp_boot_image();
	hyp_log("boot stage: the SMMU stays on with its tables; EL2 is the host's");
	hyp_leave();
}

void hyp_main_first(const struct fw_boot_info *boot)
{
	const struct plat_hyp *p = &plat_hyp;

	hyp_boot = boot;
	if ((uint64_t)boot != p->ram + p->size - HYP_PAGE || boot->magic != FW_BOOT_MAGIC ||
	    boot->size != sizeof(*boot))
		hyp_stop("the monitor's facts are not where they should be");
	hyp_mmu_build();
	hyp_stage2_build();
	hyp_mmu_enable();
	if (hyp_is_stage())
		be_stage();
	hyp_cpu_init();
	hyp_smmu_init();
	hyp_its_init();
	hyp_request_init();
	hyp_boot_image();
	hyp_log("up: stage 2 and SMMU for %u peripherals and the host; starting the host at EL1",
		(uint64_t)p->desc->peripheral_count);
	hyp_enter(p->host_entry, p->host_arg);
}

void hyp_main_other(void)
{
	hyp_mmu_enable();
	hyp_cpu_init();
	hyp_psci_arrived();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets an SMC (SMC Calling Convention, Arm DEN 0028). */
#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"
#include "platform.h"

#define OWNER(id)  ((id) >> 24 & 0x3f)
#define OWNER_ARCH 0u
#define OWNER_SIP  2u
#define OWNER_STD  4u

#define SMCCC_VERSION	    0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define SMCCC_1_2	    0x10002
#define NOT_SUPPORTED	    (-1)

/* x0 of a host that goes on with an interrupted call: the status that it was given (qcom_scm) */
#define SCM_RESUME 1u

static bool in_service_ram(uint64_t address, uint64_t size)
{
	uint64_t base = plat_monitor.service_ram, end = base + plat_monitor.service_ram_size;

	return address >= base && address < end && size <= end - address;
}

static int64_t service_log(uint64_t address, uint64_t size)
{
	if (size > PIL_MON_LOG_MAX || !in_service_ram(address, size))
		return PIL_MON_EARG;
	mon_log_line((const char *)address, size);
	return 0;
}

static int64_t service_core_start(uint64_t core, uint64_t config, uint64_t size)
{
	if (!in_service_ram(config, size))
		return PIL_MON_EARG;
	return mon_core_start(core, config, size);
}

static void service_smc(struct mon_frame *f)
{
	uint64_t state = 0;

	switch ((uint32_t)f->x[0]) {
	case PIL_MON_READY:
		mon_service_ready(f);
		return;
	case PIL_MON_RETURN:
		mon_service_return(f);
		return;
	case PIL_MON_LOG:
		f->x[0] = (uint64_t)service_log(f->x[1], f->x[2]);
		return;
	case PIL_MON_CORE_START:
		f->x[0] = (uint64_t)service_core_start(f->x[1], f->x[2], f->x[3]);
		return;
	case PIL_MON_CORE_STOP:
		f->x[0] = (uint64_t)mon_core_stop(f->x[1]);
		return;
	case PIL_MON_CORE_STATE:
		f->x[0] = (uint64_t)mon_core_state(f->x[1], &state);
		f->x[1] = state;
		return;
	case PIL_MON_CORE_POWER:
		f->x[0] = (uint64_t)mon_core_power(f->x[1], f->x[2]);
		return;
	case PIL_MON_TRACE:
		f->x[0] = (uint64_t)mon_trace_smc(f, PIL_TRACE_SERVICE);
		return;
	case PIL_MON_PROTECT:
	case PIL_MON_OPEN:
		f->x[0] = (uint64_t)mon_granules_set(f->x[1], f->x[2], (uint32_t)f->x[0] == PIL_MON_PROTECT);
		return;
	default:
		f->x[0] = (uint64_t)PIL_MON_UNKNOWN;
	}
}

static int64_t arch_call(const struct mon_frame *f)
{
	uint32_t feature = (uint32_t)f->x[1];

	switch ((uint32_t)f->x[0]) {
	case SMCCC_VERSION:
		return SMCCC_1_2;
	case SMCCC_ARCH_FEATURES:
		return feature == SMCCC_VERSION || feature == SMCCC_ARCH_FEATURES ? 0 : NOT_SUPPORTED;
	default:
		return NOT_SUPPORTED;
	}
}

/* it speaks as a shim does; a host that owns EL2 has nothing to say here */
static bool hypervisor_smc(struct mon_frame *f)
{
	uint32_t id = (uint32_t)f->x[0];

	if (!MON_SPSR_IS_EL2(f->spsr) || !(mon_boot.flags & (FW_BOOT_HYPERVISOR | FW_BOOT_STAGE)))
		return false;
	if (id == PIL_MON_STAGE_DONE && mon_boot.flags & FW_BOOT_STAGE)
		mon_stage_done();
	if (id == PIL_MON_SHIM_TRACE)
		mon_trace_smc(f, PIL_TRACE_HYPERVISOR);
	else if (id == PIL_MON_SHIM_LOG)
		mon_shim_log(f);
	else
		return false;
	f->x[0] = 0;
	return true;
}

void mon_smc(struct mon_frame *f)
{
	uint32_t id = (uint32_t)f->x[0];

	if (mon_cpus[fw_cpu()].in_service)
		service_smc(f);
	else if (mon_is_remote(fw_cpu()))
		mon_shim_smc(f);
	else if (hypervisor_smc(f))
		return;
	else if (OWNER(id) == OWNER_SIP || id == SCM_RESUME)
		mon_service_call(f);
	else if (OWNER(id) == OWNER_STD)
		f->x[0] = (uint64_t)mon_psci(f);
	else if (OWNER(id) == OWNER_ARCH)
		f->x[0] = (uint64_t)arch_call(f);
	else
		f->x[0] = (uint64_t)(int64_t)NOT_SUPPORTED;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hypervisor keeps its host at EL1 from. The names say the promise; none of this is run where the host is at EL2. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "door.h"

#define SMALL	"small"
#define LARGE	"large"
#define SOON_US 3000u		     /* AUTH has begun, and is far from its end */
#define QUEUE	UINT64_C(0x60200000) /* RAM that nobody uses */
#define TABLE	UINT64_C(0x60300000)
#define FW_CFG	UINT64_C(0x09020000)

#define FAULT_STATUS(syndrome) ((syndrome)&0x3f)
#define EXTERNAL_ABORT	       0x10u

/* of the ITS (Arm IHI 0069, 12.19) */
#define GITS_CTLR    (VIRT_ITS + 0x0000)
#define GITS_CBASER  (VIRT_ITS + 0x0080)
#define GITS_CWRITER (VIRT_ITS + 0x0088)
#define GITS_CREADR  (VIRT_ITS + 0x0090)
#define GITS_BASER0  (VIRT_ITS + 0x0100)
#define VALID	     (UINT64_C(1) << 63)
#define INDIRECT     (UINT64_C(1) << 62)
#define FIXED	     (UINT64_C(7) << 56 | UINT64_C(0x1f) << 48)
#define MAPD	     0x08u
#define SYNC	     0x05u
#define VMAPP	     0x29u

static const struct {
	const char *name;
	uint64_t address;
} others[] = {
	{ "the hypervisor", VIRT_HYPERVISOR },
	{ "the end of the hypervisor", VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - 8u },
	{ "the shims", VIRT_SHIM },
	{ "the end of the shims", VIRT_SHIM + VIRT_SHIM_SIZE - 8u },
	{ "the SMMU", VIRT_SMMU },
	{ "fw_cfg", FW_CFG },
	{ "the monitor", VIRT_MONITOR_RAM },
	{ "the flash", VIRT_FLASH },
};

static bool out_of_reach(const char *name, uint64_t address)
{
	uint64_t value = 0, read = 0, write = 0;

	fault_arm();
	value = *(const volatile uint64_t *)address;
	read = fault_disarm();
	fault_arm();
	*(volatile uint64_t *)address = value;
	write = fault_disarm();
	return same(name, FAULT_STATUS(read), EXTERNAL_ABORT) && same(name, FAULT_STATUS(write), EXTERNAL_ABORT);
}

static bool in_reach(const char *name, uint64_t address)
{
	uint64_t value = 0;

	return same(name, try_read(address, &value) && try_write(address, value), true);
}

static bool memory_of_others(void)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		good = out_of_reach(others[i].name, others[i].address) && good;
	return in_reach("just below the hypervisor", VIRT_HYPERVISOR - 8u) &&
	       in_reach("just behind the hypervisor", VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE) &&
	       in_reach("just behind the shims", VIRT_SHIM + VIRT_SHIM_SIZE) && good;
}

static bool carveout(bool held)
{
	const uint64_t last = VIRT_ADSP_MEM + VIRT_ADSP_SIZE - 8u;
	bool good = in_reach("just below the carve-out", VIRT_ADSP_MEM - 8u) &&
		    in_reach("just behind the carve-out", last + 8u) && in_reach("the cdsp's carve-out", VIRT_CDSP_MEM);

	if (held)
		return out_of_reach("the carve-out", VIRT_ADSP_MEM) && out_of_reach("its end", last) && good;
	return in_reach("the carve-out", VIRT_ADSP_MEM) && in_reach("its end", last) && good;
}

static bool while_it_runs(void)
{
	return carveout(false) && place_image(SMALL) && carveout(false) && same("AUTH_AND_RESET", pas_auth(), 0) &&
	       carveout(true) && same("AUTH_AND_RESET again", pas_auth() != 0, true) && carveout(true) &&
	       same("SHUTDOWN", pas_shutdown(), 0) && carveout(false);
}

static bool init_while_it_runs(void)
{
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) && carveout(true) && place_image(SMALL) &&
	       carveout(false) && same("AUTH_AND_RESET", pas_auth(), 0) && carveout(true);
}

static bool bad_init_while_it_runs(void)
{
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) && carveout(true) &&
	       same("INIT_IMAGE", pas_init_image(VIRT_HYPERVISOR), PIL_SCM_EADDR) && carveout(false);
}

/* AUTH_AND_RESET begins with the resource table, when the carve-out is the host's: go on until it is not */
static bool suspend_verification(struct scm_call *c)
{
	uint64_t value = 0;

	if (!suspend_auth(c, LARGE, SOON_US))
		return false;
	while (try_read(VIRT_ADSP_MEM, &value)) {
		timer_start(SOON_US);
		if (!same("AUTH_AND_RESET", scm_resume(c, c->out.x[6]), PIL_SCM_INTERRUPTED))
			return false;
		timer_take();
	}
	return true;
}

static bool while_it_is_verified(void)
{
	struct scm_call c = { 0 };

	if (!suspend_verification(&c) || !carveout(true))
		return false;
	return same("AUTH_AND_RESET", (scm_resume(&c, c.out.x[6]), scm_finish(&c)), 0) && carveout(true);
}

static bool refused(void)
{
	const struct archive_entry *e = archive_find(LARGE);

	if (!place_image(LARGE))
		return false;
	((volatile uint8_t *)e->place)[e->memory_size / 2] ^= 1;
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) && carveout(false);
}

static bool abandoned(void)
{
	struct scm_call c = { 0 };

	return suspend_verification(&c) && carveout(true) && same("SHUTDOWN", pas_shutdown(), 0) && carveout(false) &&
	       same("going on with it", scm_resume(&c, c.out.x[6]), PIL_SCM_EINVAL);
}

static bool own_calls(void)
{
	static const uint32_t functions[] = { PIL_SCM_PAS_GET_RSCTABLE, PIL_SCM_MP_ASSIGN, PIL_SCM_MP_SHM_BRIDGE_ENABLE,
					      PIL_SCM_MP_SHM_BRIDGE_CREATE, PIL_SCM_MP_SHM_BRIDGE_DELETE };
	bool good = true;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		struct scm_call c = { 0 };

		scm_prepare(&c, PIL_SCM_STD64(functions[i]), PIL_SCM_ARGS_VALUES(4u), VIRT_HYPERVISOR, VIRT_HYPERVISOR,
			    0x1000);
		good = same("the call", scm_issue(&c), PIL_SCM_ENOTSUPP) && good;
		scm_prepare(&c, PIL_SCM_FAST32(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
			    PIL_SCM_OWNER_SIP | functions[i], 0, 0);
		good = same("IS_CALL_AVAIL", scm_issue(&c), 0) && same("its answer", (int64_t)c.out.x[1], 0) && good;
	}
	return good;
}

static bool placed_elsewhere(void)
{
	const struct archive_entry *e = archive_find(SMALL);

	return same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0) &&
	       same("MEM_SETUP in the hypervisor", pas_mem_setup(VIRT_HYPERVISOR, e->span), PIL_SCM_EADDR) &&
	       same("MEM_SETUP in the shims", pas_mem_setup(VIRT_SHIM, e->span), PIL_SCM_EADDR) &&
	       same("MEM_SETUP in another's carve-out", pas_mem_setup(VIRT_CDSP_MEM, e->span), PIL_SCM_EADDR);
}

static bool no_hypercalls(void)
{
	register uint64_t x0 __asm__("x0") = 0x84000000;

	__asm__ volatile("hvc #0" : "+r"(x0)::"memory");
	return same("HVC", (int64_t)x0, -1);
}

/* the queue is the host's memory, and so is what it holds; on return the ITS has taken the command */
static bool its_command(uint64_t word0, uint64_t word1, uint64_t word2)
{
	uint64_t at = fw_read64(GITS_CWRITER);
	volatile uint64_t *command = (volatile uint64_t *)(QUEUE + at);

	command[0] = word0;
	command[1] = word1;
	command[2] = word2;
	command[3] = 0;
	fw_dsb();
	fw_write64(GITS_CWRITER, at + 32);
	return same("CREADR", (int64_t)fw_read64(GITS_CREADR), (int64_t)at + 32);
}

static bool map_device(uint64_t table)
{
	return its_command(UINT64_C(8) << 32 | MAPD, 4, VALID | table);
}

static void its_start(uint64_t queue)
{
	fw_write32(GITS_CTLR, 0);
	fw_write64(GITS_BASER0, (fw_read64(GITS_BASER0) & FIXED) | TABLE | VALID | INDIRECT);
	fw_write64(GITS_CBASER, VALID | queue);
	fw_write64(GITS_CWRITER, 0);
	fw_write32(GITS_CTLR, 1);
}

/* the log says what was refused: tests/guest/door.py looks there */
static bool its_tables(void)
{
	bool good = false;

	its_start(QUEUE);
	good = same("GITS_BASER0", (int64_t)(fw_read64(GITS_BASER0) & (INDIRECT | VALID | TABLE)),
		    (int64_t)(VALID | TABLE)) &&
	       map_device(TABLE) && map_device(VIRT_HYPERVISOR) && map_device(VIRT_SHIM) && map_device(VIRT_ADSP_MEM) &&
	       map_device(VIRT_HYPERVISOR - 0x100) && its_command(VMAPP, 0, VALID | VIRT_HYPERVISOR) &&
	       its_command(SYNC, 0, 0);
	its_start(VIRT_HYPERVISOR);
	fw_write64(GITS_CWRITER, 32);
	good = same("CREADR of a queue in the hypervisor", (int64_t)fw_read64(GITS_CREADR), 0) && good;
	fw_write32(GITS_CTLR, 0);
	return good;
}

const struct door_test hypervisor_tests[] = {
	{ "host_at_el1_reaches_no_memory_of_others", memory_of_others },
	{ "host_at_el1_is_locked_out_of_a_live_carve_out", while_it_runs },
	{ "init_image_gives_a_live_carve_out_back_first", init_while_it_runs },
	{ "init_image_that_is_refused_gives_it_back_too", bad_init_while_it_runs },
	{ "host_at_el1_is_locked_out_while_an_image_is_verified", while_it_is_verified },
	{ "refused_image_gives_the_carve_out_back", refused },
	{ "abandoned_auth_gives_the_carve_out_back", abandoned },
	{ "calls_of_the_hypervisor_are_not_the_hosts", own_calls },
	{ "image_is_placed_in_its_own_carve_out_only", placed_elsewhere },
	{ "host_at_el1_has_no_hypercalls", no_hypercalls },
	{ "its_gets_no_table_outside_of_the_hosts_memory", its_tables },
	{ NULL, NULL },
};

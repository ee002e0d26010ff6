/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hypervisor hides from its host, because it reaches memory past stage 2 or decides who does: SMMU, fw_cfg, virtio-mmio, the
 * DMA master and its bus. And the host's own PCI devices, aimed at what is not the host's.
 */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "edu.h"

#define PAGE	UINT64_C(0x1000)
#define SOON_US 3000u
#define FW_CFG	UINT64_C(0x09020000)
#define MARK	UINT64_C(0xd1d1d1d1d1d1d1d1)
#define EVENT	"hypervisor: SMMU: stream 0x8 \\(a device of the host\\): event 0x10 at "

static bool neither(const char *what, uint64_t address)
{
	uint64_t value = 0;

	return same(what, try_read(address, &value) || try_write(address, 0), false);
}

static bool smmu_registers(void)
{
	bool good = program_start();

	for (uint64_t at = VIRT_SMMU; at < VIRT_SMMU + 0x20000u; at += PAGE) {
		good = neither("the SMMU can be reached", at) && good;
		good = neither("the SMMU can be reached", at + 0x80) && good;
	}
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
}

static bool fw_cfg(void)
{
	bool good = true;

	for (unsigned int i = 0; i < 0x20; i += 8)
		good = neither("fw_cfg can be reached", FW_CFG + i) && good;
	return neither("fw_cfg can be reached", FW_CFG + PAGE - 8) && good && flow();
}

#define VIRTIO_STRIDE 0x200u
#define QUEUE_READY   0x44u
#define QUEUE_PFN     0x40u
#define QUEUE_DESC    0x80u
#define NOTIFY	      0x50u

static bool virtio_mmio(void)
{
	bool good = true;

	for (uint64_t at = VIRT_VIRTIO; at < VIRT_VIRTIO + VIRT_VIRTIO_SIZE; at += VIRTIO_STRIDE) {
		fw_write32(at + QUEUE_DESC, VIRT_HYPERVISOR);
		fw_write32(at + QUEUE_PFN, VIRT_HYPERVISOR >> 12);
		fw_write32(at + QUEUE_READY, 1);
		fw_write32(at + NOTIFY, 0);
		for (unsigned int i = 0; i < VIRTIO_STRIDE; i += 4)
			if (fw_read32(at + i))
				good = same("a word of virtio-mmio", (int64_t)(at + i), 0);
	}
	return good && flow();
}

/* --- the DMA master of the adsp --- */

/* its registers, the port to its bus, its configuration space, and any bus that is not the host's */
static bool master_is_hidden(void)
{
	const uint64_t end = PCI_ECAM + UINT64_C(0x10000000);
	bool good = neither("the port's configuration", VIRT_MASTER_PORT) &&
		    neither("the master's configuration", VIRT_MASTER_CONFIG + PCI_COMMAND - 4u);

	for (uint64_t at = VIRT_MASTER_REGS; at < VIRT_MASTER_REGS + VIRT_MASTER_REGS_SIZE; at += 0x80)
		good = neither("the master's registers", at) && good;
	for (uint64_t at = PCI_ECAM + VIRT_PCI_CONFIG_SIZE; at < end; at += UINT64_C(1) << 20)
		good = neither("a bus that is the firmware's", at) && good;
	return good;
}

static bool master_at_any_time(void)
{
	struct scm_call c = { 0 };
	bool good = master_is_hidden();

	good = place_image(SMALL) && master_is_hidden() && good;
	good = suspend_auth(&c, LARGE, SOON_US) && master_is_hidden() && good;
	scm_resume(&c, c.out.x[6]);
	good = same("AUTH_AND_RESET", scm_finish(&c), 0) && master_is_hidden() && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && master_is_hidden() && good;
	good = program_start() && master_is_hidden() && good;
	return same("SHUTDOWN", pas_shutdown(), 0) && good;
}

/* a device of the host's that answers at the same addresses is not there for the host either, and stops nothing */
static bool device_over_the_master(void)
{
	const uint64_t config = PCI_ECAM + ((uint64_t)PCI_DEVICE << 15);
	bool good = true;

	if (!edu_open())
		return skip(NO_EDU);
	fw_write32(config + PCI_BAR0, VIRT_MASTER_REGS);
	fw_dsb();
	good = master_is_hidden() && program_start();
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && master_is_hidden() && good;
	return edu_open() && edu_works() && good;
}

/* --- a bridge of the host's, whose device would get another's stream --- */

#define PORT		(PCI_ECAM + (UINT64_C(2) << 15))
#define BEHIND		(PCI_ECAM + (UINT64_C(1) << 20)) /* what is there while the bus behind it has number 1 */
#define PORT_WINDOW	UINT64_C(0x11000000)
#define SECONDARY_BUS	0x19u
#define SUBORDINATE_BUS 0x1au
#define NO_PREFETCH	0x0000fff0u
#define BUSES(from, to) ((uint32_t)(to) << 16 | (uint32_t)(from) << 8)
#define BUS_OF(stream)	((uint8_t)((stream) >> 8))

static bool port_open(void)
{
	if ((fw_read32(PORT + PCI_HEADER) >> 16 & 0x7f) != 1)
		return false;
	fw_write32(PORT + PCI_BUSES, BUSES(1, 1));
	fw_write32(PORT + PCI_MEMORY, (uint32_t)(PORT_WINDOW >> 16 << 16 | PORT_WINDOW >> 16));
	fw_write32(PORT + PCI_PREFETCH, NO_PREFETCH);
	fw_write32(PORT + PCI_COMMAND, PCI_MASTER);
	fw_dsb();
	return edu_open_at(BEHIND, PORT_WINDOW);
}

/* by a word, a half and a byte. Return: the bus behind the port has the number that it had */
static bool keeps_its_number(uint8_t bus)
{
	fw_write32(PORT + PCI_BUSES, BUSES(bus, bus));
	*(volatile uint16_t *)(PORT + PCI_BUSES) = (uint16_t)(bus << 8);
	*(volatile uint8_t *)(PORT + SECONDARY_BUS) = bus;
	fw_dsb();
	return same("number of the bus", *(volatile uint8_t *)(PORT + SECONDARY_BUS), 1);
}

static bool bridge_renumbered(void)
{
	static const uint32_t streams[] = { VIRT_ADSP_MASTER_SID, VIRT_ADSP_SID, VIRT_CDSP_SID, VIRT_VIDEO_SID };
	bool good = true;

	if (!port_open())
		return skip("this machine has no PCI device \"edu\" behind a port");
	good = edu_works();
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		good = keeps_its_number(BUS_OF(streams[i])) && edu_works() && good;
	/* to its end: the firmware's bus would be behind it */
	fw_write32(PORT + PCI_BUSES, BUSES(1, 0xff));
	*(volatile uint8_t *)(PORT + SUBORDINATE_BUS) = VIRT_MASTER_BUS + 1;
	fw_dsb();
	good = same("its last bus", *(volatile uint8_t *)(PORT + SUBORDINATE_BUS), 1) && program_start() && good;
	log_counts("hypervisor: CPU 0: PCI: 0x[0-9a-f]+ for the bus numbers of the bridge at 0x4010010000 refused", 14,
		   14);
	return same("SHUTDOWN", pas_shutdown(), 0) && good;
}

/* --- DMA of the host's device --- */

static const struct {
	uint64_t at;
	const char *event;
} closed[] = {
	{ VIRT_HYPERVISOR, EVENT "0xba000000" },  { VIRT_HYPERVISOR + VIRT_HYPERVISOR_SIZE - PAGE, EVENT "0xba3ff000" },
	{ VIRT_SHIM, EVENT "0xb9000000" },	  { VIRT_SMMU, EVENT "0x9050000" },
	{ VIRT_MASTER_REGS, EVENT "0x3e000000" }, { VIRT_SERVICE_RAM, EVENT "0xe040000" },
};

/* Return: what the device brings from there is what it had before; both ways are refused. The next call lets the hypervisor look */
static bool is_closed_to_dma(uint64_t at)
{
	uint64_t *seen = (uint64_t *)SCRATCH2;
	bool good = true;

	edu_fill(SCRATCH, MARK);
	edu_fill(SCRATCH2, 0);
	good = edu_copy(SCRATCH, EDU_BUFFER, EDU_BUFFER_SIZE, 0) && edu_move(at, SCRATCH2);
	for (unsigned int i = 0; i < EDU_BUFFER_SIZE / 8; i++)
		if (seen[i] && seen[i] != MARK)
			return same("a word that came out", (int64_t)seen[i], 0);
	good = edu_copy(EDU_BUFFER, at, EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	return same("the door answers", door_answers(), true) && good;
}

static bool dma_into_the_hypervisor(void)
{
	bool good = true;

	if (!edu_open())
		return skip(NO_EDU);
	good = edu_works();
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		good = is_closed_to_dma(closed[i].at) && good;
		log_has(closed[i].event);
	}
	return good && flow();
}

/* from when the host's CPUs have lost it until SHUTDOWN: at every interruption of AUTH, and while it runs */
static bool dma_into_a_held_carveout(void)
{
	struct scm_call c = { 0 };
	unsigned int looks = 0;
	uint64_t value = 0;
	bool good = true, held = false;

	if (!edu_open())
		return skip(NO_EDU);
	good = edu_works() && suspend_auth(&c, LARGE, SOON_US);
	while (good && c.out.x[0] == PIL_SCM_INTERRUPTED) {
		bool open = try_read(VIRT_ADSP_MEM, &value);

		good = same("it was held, and is open again", held && open, false);
		held = held || !open;
		if (held && looks++ < 3)
			good = is_closed_to_dma(VIRT_ADSP_MEM + PAGE) && good;
		timer_start(SOON_US);
		scm_resume(&c, c.out.x[6]);
		timer_take();
	}
	good = same("AUTH_AND_RESET", (int64_t)c.out.x[0], 0) && same("it was held meanwhile", held, true) && good;
	good = is_closed_to_dma(VIRT_ADSP_MEM + PAGE) && good;
	good = same("SHUTDOWN", pas_shutdown(), 0) && all_zero("the carve-out", VIRT_ADSP_MEM, 0x4000) && good;
	log_has(EVENT "0xb0001000");
	return good && edu_move(SCRATCH, VIRT_ADSP_MEM) &&
	       same("it is the device's again", try_read(VIRT_ADSP_MEM, &value) && value == MARK, true);
}

#define ABORTS "every access is an external abort"

const struct attack hidden_attacks[] = {
	{ "registers_of_the_smmu", ABORTS ", and the program goes on", smmu_registers, HOST_HYPERVISOR },
	{ "registers_of_fw_cfg", ABORTS ": its DMA would pass stage 2 and SMMU by", fw_cfg, HOST_HYPERVISOR },
	{ "queues_of_virtio_mmio", "every register is zero, and stays so", virtio_mmio, HOST_HYPERVISOR },
	{ "dma_master_and_its_bus", ABORTS ", whether its core is up, down, or being verified", master_at_any_time,
	  HOST_HYPERVISOR },
	{ "device_moved_over_the_dma_master", "the host reaches nothing there, and the core starts and stops",
	  device_over_the_master, HOST_HYPERVISOR },
	{ "bridge_renumbered_to_others_streams",
	  "its buses keep their numbers, the device behind it its stream, the firmware its bus", bridge_renumbered,
	  HOST_HYPERVISOR },
	{ "pci_device_aimed_at_the_hypervisor", "nothing comes out or arrives, and each attempt is named",
	  dma_into_the_hypervisor, HOST_HYPERVISOR },
	{ "pci_device_aimed_at_a_held_carveout",
	  "nothing comes out or arrives from verification until SHUTDOWN, and it is named", dma_into_a_held_carveout,
	  HOST_HYPERVISOR },
	{ NULL, NULL, NULL, 0 },
};

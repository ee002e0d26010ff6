/* SPDX-License-Identifier: BSD-2-Clause */
/* DMA into and out of everything protected: by fw_cfg, which no IOMMU sees, and by a PCI device (QEMU's "edu"). */
#include <string.h>

#include <fw/sysreg.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "edu.h"

/* QEMU docs/specs/fw_cfg: big-endian */
#define FW_CFG_DMA    UINT64_C(0x09020010)
#define FW_CFG_ERROR  1u
#define FW_CFG_READ   2u
#define FW_CFG_SELECT 8u
#define FW_CFG_KEY    0u /* four letters, then zeros as far as one reads */
#define FW_CFG_US     1000000u

#define EDU_SOURCE	0x80u
#define EDU_DESTINATION 0x88u
#define EDU_COUNT	0x90u
#define EDU_COMMAND	0x98u
#define EDU_START	1u
#define EDU_US		5000000u

#define MARK UINT64_C(0xd0d0d0d0d0d0d0d0)

static const uint64_t protected[] = { VIRT_MONITOR_RAM,	    VIRT_SERVICE_RAM,	VIRT_SERVICE_RAM + 0x40000,
				      VIRT_SRAM + 0x280000, VIRT_FLASH_SERVICE, VIRT_FLASH_FUSES };

#define PROTECTED (sizeof(protected) / sizeof(protected[0]))

static uint32_t swap32(uint32_t x)
{
	return __builtin_bswap32(x);
}

/* Return: it ended within a second; whether it was an error is all the same */
static bool fw_cfg_to(uint64_t address, uint32_t size)
{
	struct {
		volatile uint32_t control;
		uint32_t length;
		uint64_t address;
	} *order = (void *)SCRATCH;
	uint64_t start = time_us();

	order->control = swap32(FW_CFG_KEY << 16 | FW_CFG_SELECT | FW_CFG_READ);
	order->length = swap32(size);
	order->address = __builtin_bswap64(address);
	fw_dsb();
	fw_write64(FW_CFG_DMA, __builtin_bswap64(SCRATCH));
	while (swap32(order->control) & ~FW_CFG_ERROR)
		if (time_us() - start > FW_CFG_US)
			return same("fw_cfg answers", 0, 1);
	return true;
}

static bool fw_cfg_works(void)
{
	memset((void *)SCRATCH2, 0xff, 64);
	return fw_cfg_to(SCRATCH2, 64) &&
	       same("what it writes where it may", memcmp((void *)SCRATCH2, "QEMU\0\0\0\0", 8), 0);
}

static bool fw_cfg_into_secure_memory(void)
{
	bool good = fw_cfg_works();
	size_t i = 0;

	for (i = 0; i < PROTECTED; i++)
		good = fw_cfg_to(protected[i], 0x10000) && good;
	return good && flow();
}

/* the order itself lies in secure memory: the device would have to read it there */
static bool fw_cfg_order_in_secure_memory(void)
{
	size_t i = 0;

	for (i = 0; i < PROTECTED; i++) {
		fw_write64(FW_CFG_DMA, __builtin_bswap64(protected[i]));
		wait_us(1000);
	}
	return flow();
}

static bool fw_cfg_into_running_image(void)
{
	bool good = true;

	stream_open();
	good = program_start() && fw_cfg_to(VIRT_ADSP_MEM, 0x4000);
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	log_counts("program: I am genuine", 3, 3);
	return good;
}

/* --- the PCI device --- */

static uint64_t registers;

bool edu_open_at(uint64_t config, uint64_t at)
{
	if (fw_read32(config) != EDU_ID)
		return false;
	fw_write32(config + PCI_BAR0, (uint32_t)at);
	fw_write32(config + PCI_COMMAND, PCI_MASTER);
	fw_dsb();
	registers = at;
	return true;
}

bool edu_open(void)
{
	return edu_open_at(PCI_ECAM + ((uint64_t)PCI_DEVICE << 15), PCI_WINDOW);
}

bool edu_copy(uint64_t from, uint64_t to, uint64_t size, uint32_t direction)
{
	uint64_t start = time_us();

	fw_write64(registers + EDU_SOURCE, from);
	fw_write64(registers + EDU_DESTINATION, to);
	fw_write64(registers + EDU_COUNT, size);
	fw_write64(registers + EDU_COMMAND, EDU_START | direction);
	while (fw_read64(registers + EDU_COMMAND) & EDU_START)
		if (time_us() - start > EDU_US)
			return same("the device answers", 0, 1);
	return true;
}

void edu_fill(uint64_t at, uint64_t value)
{
	unsigned int i = 0;

	for (i = 0; i < EDU_BUFFER_SIZE / 8; i++)
		((volatile uint64_t *)at)[i] = value;
}

bool edu_move(uint64_t from, uint64_t to)
{
	return edu_copy(from, EDU_BUFFER, EDU_BUFFER_SIZE, 0) && edu_copy(EDU_BUFFER, to, EDU_BUFFER_SIZE, EDU_TO_RAM);
}

bool edu_works(void)
{
	edu_fill(SCRATCH, MARK);
	edu_fill(SCRATCH2, 0);
	return edu_move(SCRATCH, SCRATCH2) &&
	       same("what it moves where it may", memcmp((void *)SCRATCH, (void *)SCRATCH2, EDU_BUFFER_SIZE), 0);
}

static bool edu_reads_secure_memory(void)
{
	bool good = true;
	size_t i = 0;

	if (!edu_open())
		return skip(NO_EDU);
	stream_open(); /* off, an SMMU may refuse everything */
	good = edu_works();
	for (i = 0; i < PROTECTED; i++) {
		uint64_t at = 0;

		edu_fill(SCRATCH2, MARK);
		good = edu_copy(SCRATCH2, EDU_BUFFER, EDU_BUFFER_SIZE, 0) && edu_move(protected[i], SCRATCH2) && good;
		/* what cannot be read leaves zeros, or what was in the device's buffer */
		for (at = SCRATCH2; at < SCRATCH2 + EDU_BUFFER_SIZE; at += 8) {
			uint64_t word = *(const volatile uint64_t *)at;

			if (word && word != MARK)
				good = same("a word that came out", (int64_t)word, 0);
		}
	}
	stream_close();
	return good;
}

static bool edu_writes_secure_memory(void)
{
	bool good = true;
	size_t i = 0;

	if (!edu_open())
		return skip(NO_EDU);
	stream_open(); /* off, an SMMU may refuse everything */
	good = edu_works();
	for (i = 0; i < PROTECTED; i++)
		good = edu_copy(EDU_BUFFER, protected[i], EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	stream_close();
	return good && flow();
}

/* the program runs under its own stream while the device writes through another one */
static bool edu_writes_running_image(void)
{
	uint64_t value = 0;
	bool good = true;

	if (!edu_open())
		return skip(NO_EDU);
	stream_open();
	good = edu_works();
	good = program_start() && good;
	good = edu_copy(EDU_BUFFER, VIRT_ADSP_MEM, EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	/* where the host's CPUs can look, they see it */
	good = same("it arrives in the carve-out", !try_read(VIRT_ADSP_MEM, &value) || value == MARK, true) && good;
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	log_counts("program: I am genuine", 3, 3);
	return good;
}

static bool edu_writes_shim(void)
{
	bool good = true;

	if (!edu_open())
		return skip(NO_EDU);
	stream_open();
	good = program_start();
	good = edu_copy(EDU_BUFFER, VIRT_SHIM_SECURE, EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	good = edu_copy(EDU_BUFFER, VIRT_COPIES, EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	good = edu_copy(EDU_BUFFER, VIRT_SHIM, EDU_BUFFER_SIZE, EDU_TO_RAM) && good;
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	return good;
}

const struct attack dma_attacks[] = {
	{ "fw_cfg_writes_into_secure_memory", "nothing arrives there: the secure world goes on",
	  fw_cfg_into_secure_memory, HOST_FW_CFG },
	{ "fw_cfg_takes_orders_from_secure_memory", "it reads nothing there, and writes no status",
	  fw_cfg_order_in_secure_memory, HOST_FW_CFG },
	{ "fw_cfg_writes_into_a_running_image", "what runs does not change when the carve-out does",
	  fw_cfg_into_running_image, NEEDS_LOCK | HOST_FW_CFG },
	{ "pci_device_reads_secure_memory", "it gets zeros, or nothing", edu_reads_secure_memory, 0 },
	{ "pci_device_writes_secure_memory", "nothing arrives there: the secure world goes on",
	  edu_writes_secure_memory, 0 },
	{ "pci_device_writes_into_a_running_image", "what runs does not change when the carve-out does",
	  edu_writes_running_image, NEEDS_LOCK },
	{ "pci_device_writes_into_the_shim_and_the_copy", "nothing arrives there: the program goes on", edu_writes_shim,
	  NEEDS_LOCK },
	{ NULL, NULL, NULL, 0 },
};

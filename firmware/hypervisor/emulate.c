/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses of the host to devices that it sees, but does not have: decoded, and handed to whoever stands in for them. */
#include <fw/sysreg.h>

#include "hypervisor.h"
#include "platform.h"

/* syndrome of a data abort (Arm ARM D24.2.40) */
#define ESR_CLASS(esr)	 ((unsigned int)((esr) >> 26) & 0x3f)
#define CLASS_DATA_ABORT 0x24
#define ISS_VALID	 (1ull << 24)
#define ISS_SIZE(e)	 ((unsigned int)((e) >> 22) & 3)
#define ISS_SIGNED	 (1ull << 21)
#define ISS_REGISTER(e)	 ((unsigned int)((e) >> 16) & 0x1f)
#define ISS_64BIT	 (1ull << 15)
#define ISS_WRITE	 (1ull << 6)
#define ZERO_REGISTER	 31u

static bool blank(const struct hyp_access *a)
{
	const struct pil_range r = { a->address, a->size };

	for (unsigned int i = 0; i < plat_hyp.blank_count; i++)
		if (pil_range_contains(plat_hyp.blank[i], r))
			return true;
	return false;
}

static uint64_t low(uint64_t value, unsigned int bytes)
{
	return bytes < 8 ? value & ((1ull << bytes * 8) - 1) : value;
}

/* what a load instruction makes of what was read */
static uint64_t loaded(uint64_t esr, const struct hyp_access *a)
{
	uint64_t value = low(a->value, a->size);

	if (esr & ISS_SIGNED && a->size < 8 && value >> (a->size * 8 - 1))
		value |= ~0ull << a->size * 8;
	return esr & ISS_64BIT ? value : (uint32_t)value;
}

bool hyp_emulate(struct hyp_frame *f, uint64_t esr, uint64_t ipa)
{
	unsigned int reg = ISS_REGISTER(esr);
	struct hyp_access a = {
		.address = ipa,
		.size = 1u << ISS_SIZE(esr),
		.write = esr & ISS_WRITE,
	};

	if (ESR_CLASS(esr) != CLASS_DATA_ABORT || !(esr & ISS_VALID) || ipa % a.size)
		return false;
	if (a.write && reg != ZERO_REGISTER)
		a.value = low(f->x[reg], a.size);
	if (!blank(&a) && !hyp_gic_access(&a) && !hyp_its_access(&a) && !hyp_pci_access(&a))
		return false;
	if (!a.write && reg != ZERO_REGISTER)
		f->x[reg] = loaded(esr, &a);
	f->elr += 4;
	return true;
}

void hyp_pass_on(struct hyp_access *a)
{
	if (a->size == 8 && a->write)
		fw_write64(a->address, a->value);
	else if (a->size == 8)
		a->value = fw_read64(a->address);
	else if (a->size == 4 && a->write)
		fw_write32(a->address, (uint32_t)a->value);
	else if (a->size == 4)
		a->value = fw_read32(a->address);
	else if (a->size == 2 && a->write)
		*(volatile uint16_t *)a->address = (uint16_t)a->value;
	else if (a->size == 2)
		a->value = *(volatile uint16_t *)a->address;
	else if (a->size == 1 && a->write)
		*(volatile uint8_t *)a->address = (uint8_t)a->value;
	else if (a->size == 1)
		a->value = *(volatile uint8_t *)a->address;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses of the host to devices that it sees, but does not have. */
#include <fw/sysreg.h>

#include "hypervisor.h"
#include "platform.h"

/* syndrome of a data abort (Arm ARM D24.2.40) */
#define ESR_CLASS(esr)	 ((unsigned int)((esr) >> 26) & 0x3f)
#define CLASS_DATA_ABORT 0x24
#define ISS_VALID	 (1ull << 24)
#define ISS_REGISTER(e)	 ((unsigned int)((e) >> 16) & 0x1f)
#define ISS_WRITE	 (1ull << 6)
#define ZERO_REGISTER	 31u

static bool is_blank(uint64_t ipa)
{
	const struct pil_range r = { ipa, 1 };

	for (unsigned int i = 0; i < plat_hyp.blank_count; i++)
		if (pil_range_contains(plat_hyp.blank[i], r))
			return true;
	return false;
}

bool hyp_emulate(struct hyp_frame *f, uint64_t esr, uint64_t ipa)
{
	unsigned int reg = ISS_REGISTER(esr);

	if (ESR_CLASS(esr) != CLASS_DATA_ABORT || !(esr & ISS_VALID) || !is_blank(ipa))
		return false;
	if (!(esr & ISS_WRITE) && reg != ZERO_REGISTER)
		f->x[reg] = 0;
	f->elr += 4;
	return true;
}

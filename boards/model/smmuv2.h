/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SMMUv2 in front of streams, for a model (Arm IHI 0062): stream matching, context banks with a small table each, faults;
 * firmware that meddles with writes, as on some Qualcomm boards; and what Linux's arm-smmu driver does with all that.
 */
#ifndef PILOT_MODEL_SMMUV2_H
#define PILOT_MODEL_SMMUV2_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/board.h>
#include <pilot/smmuv2.h>

#define MODEL_V2_GROUPS	  8u
#define MODEL_V2_BANKS	  12u
#define MODEL_V2_MAPPINGS 8u

/** struct model_v2_bank - a context bank; @on: SCTLR.M. One that is off passes what it gets untranslated */
struct model_v2_bank {
	bool on;
	unsigned int count;
	struct pil_grant map[MODEL_V2_MAPPINGS];
};

/** enum model_v2_end - how a transaction ends */
enum model_v2_end {
	MODEL_V2_REACHES = 0,
	MODEL_V2_UNMATCHED, /* unidentified stream fault */
	MODEL_V2_MULTIPLE,  /* stream match conflict fault */
	MODEL_V2_NOBODY,    /* invalid context fault */
	MODEL_V2_CONTEXT,   /* translation or permission fault in its context bank */
	MODEL_V2_UNPREDICTABLE,
};

/**
 * struct model_v2 - the SMMU
 * @scr0, @group: registers
 * @bank:      context banks
 * @meddles:   what is below the writer turns a written S2CR.TYPE bypass into fault, and ignores fault
 * @gfsr, @gfsynr1: the first global fault since they were cleared
 * @context_faults: how many there were
 */
struct model_v2 {
	uint32_t scr0;
	struct pil_smmuv2_group group[PIL_SMMUV2_GROUPS];
	struct model_v2_bank bank[MODEL_V2_BANKS];
	bool meddles;
	uint32_t gfsr, gfsynr1;
	unsigned int context_faults;
};

/** model_v2_reset() - as after power-on: no transaction is looked at. @scr0's reset value is the architecture's. */
void model_v2_reset(struct model_v2 *s);

/** model_v2_write() - write a register, as firmware below lets it through */
void model_v2_write(struct model_v2 *s, const struct pil_smmuv2_write *w);

/**
 * model_v2_access() - a transaction of one byte
 * @pa: where it leads, when it reaches anything
 */
enum model_v2_end model_v2_access(struct model_v2 *s, uint32_t sid, uint64_t va, unsigned int access, uint64_t *pa);

/** model_v2_leave() - what an earlier owner left in a group */
void model_v2_leave(struct model_v2 *s, unsigned int group, uint32_t smr, uint32_t s2cr);

/** model_v2_unit() - it as its new owner finds it */
struct pil_smmuv2_unit model_v2_unit(const struct model_v2 *s);

#define MODEL_V2_HERE  UINT64_C(0x5000)
#define MODEL_V2_OLD   (MODEL_V2_BANKS - 1u)
#define MODEL_V2_LOOKS (PIL_SMMUV2_SCR0_USFCFG | PIL_SMMUV2_SCR0_SMCFCFG)

/** model_v2_number() - give a bank a table that tells which it is: MODEL_V2_HERE leads to MODEL_V2_LEADS(its number) */
void model_v2_number(struct model_v2 *s, uint32_t bank);

#define MODEL_V2_LEADS(bank) ((uint64_t)((bank) + 1) << 16)

/**
 * model_v2_outcome() - what a StreamID's access to MODEL_V2_HERE comes to
 * Return: the address that it leads to; 0: a fault; 1: two groups match, which is never right
 */
uint64_t model_v2_outcome(struct model_v2 *s, uint32_t sid);

/** model_v2_smr(), model_v2_s2cr() - values of the registers */
uint32_t model_v2_smr(uint32_t id, uint32_t mask);
uint32_t model_v2_s2cr(enum pil_smmuv2_type type, uint32_t bank);

/**
 * struct model_linux - what Linux's driver for Qualcomm's SMMUv2 remembers
 * @group:  what it believes that the groups hold
 * @users:  of each group
 * @quirk:  it found out that firmware meddles; then its last bank is off, and stands for bypass
 */
struct model_linux {
	struct pil_smmuv2_group group[MODEL_V2_GROUPS];
	unsigned int users[MODEL_V2_GROUPS];
	bool quirk;
};

/** enum model_linux_step - the parts of the driver's probe, in their order */
enum model_linux_step {
	MODEL_LINUX_INHERIT = 0, /* test for meddling firmware, and remember valid SMRs as bypass (cfg_probe) */
	MODEL_LINUX_GROUPS,	 /* write all groups, S2CR before SMR (device_reset) */
	MODEL_LINUX_BANKS,	 /* all banks off */
	MODEL_LINUX_ON,		 /* sCR0 */
	MODEL_LINUX_STEPS
};

/** model_linux_probe() - one step of it */
void model_linux_probe(struct model_linux *l, struct model_v2 *s, enum model_linux_step step);

/**
 * model_linux_attach() - a device with stream @sid and @mask gets a domain whose table is in bank @bank
 * Return: the group; negative: it overlaps a group that does not cover it, or none is free
 */
int model_linux_attach(struct model_linux *l, struct model_v2 *s, uint32_t sid, uint32_t mask, uint32_t bank);

/** model_linux_detach() - the device of @group goes */
void model_linux_detach(struct model_linux *l, struct model_v2 *s, unsigned int group);

#endif

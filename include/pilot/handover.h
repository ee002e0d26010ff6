/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A remote core that runs while its IOMMU changes hands: from boot firmware to Linux, from one Linux to the next (kexec), or to nobody
 * (a host that switches the IOMMU off and dies). What stands between the core and its memory asks here, at each tick and at
 * each access that has no mapping: does it go on, wait, or end? And may its DMA master have the bus? docs/DESIGN.md, "Handover".
 *
 * The rule: a stream keeps what it was granted until a new owner of the IOMMU has mapped it, and then has that. In between it reaches
 * nothing, and whoever uses it waits. What is not mapped while the IOMMU has an owner is a fault, as ever.
 */
#ifndef PILOT_HANDOVER_H
#define PILOT_HANDOVER_H

#include <stdbool.h>

#include <pilot/error.h>
#include <pilot/smmu.h>

/** enum pil_verdict - what becomes of an access of the core */
enum pil_verdict {
	PIL_GO = 0, /* it is mapped */
	PIL_WAIT,   /* its stream has no owner yet: try again at the next tick */
	PIL_FAULT,  /* its stream's owner did not map it: the core ends here */
};

/**
 * struct pil_handover - of one core that runs; all zero, or pil_handover_expect_master(), when it starts
 * @had_table:   its stream has been mapped since it started; before that nothing waits
 * @between:     its stream lost its owner, and no owner has mapped all of it since
 * @expecting:   a new owner has announced itself, and has not touched the IOMMU since: its registers are still @seen
 * @master_held: its DMA master is off the bus
 * @seen:        registers when the new owner announced itself
 */
struct pil_handover {
	bool had_table;
	bool between;
	bool expecting;
	bool master_held;
	struct pil_smmu_regs seen;
};

/**
 * pil_handover_expect_master() - the core starts before its DMA master's stream is mapped; the caller has taken the bus from the master
 * @h: state of a core that starts
 * Return: nothing
 */
void pil_handover_expect_master(struct pil_handover *h);

/**
 * pil_handover_announce() - a new owner of the IOMMU begins: what the registers say now is not its word yet
 * @h:    state; the DMA master has to rest before the new owner goes on, see pil_handover_rests()
 * @regs: registers
 * Return: nothing
 */
void pil_handover_announce(struct pil_handover *h, const struct pil_smmu_regs *regs);

/**
 * pil_handover_look() - take note of the IOMMU's registers; before each of the questions below
 * @h:    state
 * @regs: registers
 * Return: nothing
 */
void pil_handover_look(struct pil_handover *h, const struct pil_smmu_regs *regs);

/**
 * pil_handover_access() - what becomes of an access of the core
 * @h:      state
 * @reason: PIL_R_NONE: it is mapped; else why it is not, as pil_smmu_stream(), pil_vmsa_walk() or the check of the grants said
 *
 * Whatever the verdict: only what is mapped *and* granted is ever reached.
 *
 * Return: the verdict
 */
enum pil_verdict pil_handover_access(struct pil_handover *h, enum pil_reason reason);

/**
 * pil_handover_rests() - has the DMA master to leave the bus?
 * @h:         state
 * @regs:      registers
 * @has_table: the IOMMU has a table for the master's stream
 *
 * With the IOMMU off the master would reach everything; with a new owner coming its transfers would end in the middle.
 *
 * Return: true: now, and the caller sets @master_held when that is done
 */
bool pil_handover_rests(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table);

/**
 * pil_handover_resumes() - may a master that is held have the bus again?
 * @h:      state
 * @regs:   registers
 * @mapped: all that the master is granted is mapped for its stream
 * Return: true: the caller gives it the bus and clears @master_held
 */
bool pil_handover_resumes(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped);

/**
 * pil_handover_settle() - is the handover over?
 * @h:      state
 * @mapped: all that core and master are granted is mapped for their streams
 * Return: true: it has just ended: from now on what is not mapped is a fault again
 */
bool pil_handover_settle(struct pil_handover *h, bool mapped);

#endif

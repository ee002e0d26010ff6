/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SMMUv2's stream matching, planned (Arm IHI 0062, chapter 2): which pairs of StreamID and mask its registers have to
 * hold so that every stream leads where the stream ledger says, what becomes of what an earlier owner left in them, and in which
 * order they are written so that no moment between lets anything through that neither the old nor the new state did.
 *
 *	pil_smmuv2_begin(&plan, &unit);
 *	pil_smmuv2_add_ledger(&plan, &ledger, &why), pil_smmuv2_add() for streams of the host
 *	pil_smmuv2_assign(&plan, &why)
 *	... the caller pauses streams with .gap, fills and enables the context banks of all that translate, invalidates TLBs ...
 *	while (pil_smmuv2_next(&plan, &now, &write)) ... write one register, read it back into now ...
 */
#ifndef PILOT_SMMUV2_H
#define PILOT_SMMUV2_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/error.h>
#include <pilot/ledger.h>
#include <pilot/wire/smmuv2.h>

#define PIL_SMMUV2_STREAMS (2u * PIL_MAX_STREAMS) /* the ledger's, and as many of the host's */
#define PIL_SMMUV2_OTHER   (-1)			  /* a stream that is not in the ledger */
#define PIL_SMMUV2_NONE	   UINT32_MAX

/**
 * struct pil_smmuv2_group - a stream mapping register group
 * @smr:  SMMU_SMRn: which StreamIDs
 * @s2cr: SMMU_S2CRn: what becomes of them
 */
struct pil_smmuv2_group {
	uint32_t smr;
	uint32_t s2cr;
};

/**
 * struct pil_smmuv2_unit - an SMMUv2 as its new owner finds it
 * @groups:  stream mapping register groups (SMMU_IDR0.NUMSMRG)
 * @banks:   translation context banks that may be used, from number 0 (SMMU_IDR1.NUMCB)
 * @id_bits: bits of a StreamID that are compared: those of PIL_SMMUV2_ID_BITS that an SMR keeps
 * @fault_is_ignored: what is below the caller does not let it write S2CR.TYPE fault, as firmware on some boards does not
 * @scr0:    SMMU_sCR0
 * @found:   the groups, @groups of them
 */
struct pil_smmuv2_unit {
	unsigned int groups;
	unsigned int banks;
	uint32_t id_bits;
	bool fault_is_ignored;
	uint32_t scr0;
	struct pil_smmuv2_group found[PIL_SMMUV2_GROUPS];
};

/**
 * struct pil_smmuv2_stream - StreamIDs that are treated alike
 * @sid, @mask: which: bits of @mask do not matter and are clear in @sid
 * @entry:      place in the stream ledger, or PIL_SMMUV2_OTHER
 * @translates: it leads through a context bank; else its accesses fault
 * @group, @bank: what it got; PIL_SMMUV2_NONE: none
 * @gap:        it translates, and between two writes some of its StreamIDs match no group: stop or pause what issues them
 */
struct pil_smmuv2_stream {
	uint32_t sid;
	uint32_t mask;
	int entry;
	bool translates;
	uint32_t group;
	uint32_t bank;
	bool gap;
};

/**
 * struct pil_smmuv2_plan - what an SMMUv2 shall hold
 * @unit:   how it was found; the caller's, as long as the plan is used
 * @count, @stream: streams
 * @group:  the groups as they shall be; those without a stream are not valid
 */
struct pil_smmuv2_plan {
	const struct pil_smmuv2_unit *unit;
	unsigned int count;
	struct pil_smmuv2_stream stream[PIL_SMMUV2_STREAMS];
	struct pil_smmuv2_group group[PIL_SMMUV2_GROUPS];
};

/** enum pil_smmuv2_register - which register */
enum pil_smmuv2_register {
	PIL_SMMUV2_WRITE_SMR = 0,
	PIL_SMMUV2_WRITE_S2CR,
	PIL_SMMUV2_WRITE_SCR0,
};

/**
 * struct pil_smmuv2_write - one write
 * @reg:   which register
 * @group: of which group, where it is a group's
 * @value: what to write
 */
struct pil_smmuv2_write {
	enum pil_smmuv2_register reg;
	unsigned int group;
	uint32_t value;
};

/**
 * pil_smmuv2_begin() - start a plan without streams: every access faults
 * @plan: filled
 * @unit: the unit as found
 * Return: nothing
 */
void pil_smmuv2_begin(struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *unit);

/**
 * pil_smmuv2_add() - one more stream
 * @plan:  plan
 * @stream: @sid, @mask, @entry and @translates count; bits of @sid under @mask do not
 * @why:   reason of a failure, or NULL
 *
 * The same stream may come twice (a full and a lite image of one core): it translates when either does, and is the entry's
 * that does. Two that are not the same but could match one StreamID are refused: the hardware cannot tell them apart.
 *
 * Return: 0; -PIL_ERANGE (SMMUV2_SID); -PIL_EARG (SMMUV2_OVERLAP); -PIL_ENOMEM (SMMUV2_STREAMS)
 */
int pil_smmuv2_add(struct pil_smmuv2_plan *plan, const struct pil_smmuv2_stream *stream, struct pil_why *why);

/**
 * pil_smmuv2_add_ledger() - all streams of a ledger: those that abort fault, all others translate, none is bypassed
 * @plan:   plan
 * @ledger: stream ledger
 * @why:    reason of a failure, or NULL
 * Return: 0, or errors of pil_smmuv2_add()
 */
int pil_smmuv2_add_ledger(struct pil_smmuv2_plan *plan, const struct pil_stream_ledger *ledger, struct pil_why *why);

/**
 * pil_smmuv2_assign() - give every stream a group, and a context bank when it translates
 * @plan: plan with all its streams
 * @why:  reason of a failure, or NULL
 *
 * A stream that translates takes over the group that matched it, so that one write moves it from the old table, or from bypass, to the
 * new one; and a bank that no group leads to as found, so that the bank can be made ready before. What was found and is no
 * stream's is given up. Groups that were found to overlap each other are refused: what the hardware does with them is
 * unpredictable, and so is any step from there; stop what uses them, and plan with @found all zero.
 *
 * Return: 0; -PIL_ENOMEM (SMMUV2_GROUPS, SMMUV2_BANKS); -PIL_ESTATE (SMMUV2_FOUND); -PIL_EARG (SMMUV2_UNIT); -PIL_EUNSUPPORTED
 * (SMMUV2_EXTENDED)
 */
int pil_smmuv2_assign(struct pil_smmuv2_plan *plan, struct pil_why *why);

/**
 * pil_smmuv2_next() - the next register to write
 * @plan:  plan after pil_smmuv2_assign()
 * @now:   the unit as it is now; its registers count, its numbers are the plan's
 * @write: result
 *
 * Afterwards the unit looks at every transaction, and faults those whose stream matches nothing, or several groups. When
 * it is written depends on what it did before: with SMMU_sCR0.CLIENTPD everything passes, and it is last; with USFCFG clear what
 * matches nothing passes, and would do so as soon as a group is given up, so it comes before that.
 *
 * Nothing is remembered between calls: whoever is interrupted reads the registers and goes on. A register that does not
 * take what is written comes again: after more than PIL_SMMUV2_WRITES writes give up.
 *
 * Return: true; false when all is as planned
 */
bool pil_smmuv2_next(const struct pil_smmuv2_plan *plan, const struct pil_smmuv2_unit *now,
		     struct pil_smmuv2_write *write);

#define PIL_SMMUV2_WRITES (3u * PIL_SMMUV2_GROUPS + 1u)

/**
 * pil_smmuv2_fault() - say what a global fault was, and whose
 * @ledger:  stream ledger
 * @gfsr:    SMMU_sGFSR
 * @gfsynr1: SMMU_sGFSYNR1
 * @entry:   result: the stream's entry in the ledger, for its name; NULL when it is in none. Of several that name the stream, the one
 *           that does not abort.
 * @why:     what it was
 *
 * Return: 0 when there was none; -PIL_ERANGE (SMMUV2_UNMATCHED, SMMUV2_NOBODY); -PIL_ESTATE (SMMUV2_MULTIPLE); -PIL_EBOARD
 * (SMMUV2_GLOBAL: a fault of another kind)
 */
int pil_smmuv2_fault(const struct pil_stream_ledger *ledger, uint32_t gfsr, uint32_t gfsynr1,
		     const struct pil_stream_entry **entry, struct pil_why *why);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What lib/iommu says of the model's stream table entries and of what they lead to. */
#ifndef PILOT_MODEL_HANDOVER_TABLES_H
#define PILOT_MODEL_HANDOVER_TABLES_H

#include "handover.h"

/**
 * struct model_answer - what the table of an entry says of a page
 * @reason: PIL_R_NONE, or why it leads nowhere
 * @page:   enum model_page that it leads to, when it does
 */
struct model_answer {
	enum pil_reason reason;
	uint8_t page;
};

/** model_regs() - the SMMU's registers */
struct pil_smmu_regs model_regs(bool on, bool base);

/** model_ask() - look a page up. The tables must have been built, see model_handover_init(). */
struct model_answer model_ask(bool on, uint8_t entry, uint8_t page);

/** model_has_table() - has the stream a table at all? */
bool model_has_table(bool on, uint8_t entry);

/** model_is_granted() - does the stream ledger grant @page to the core, or to its DMA master? */
bool model_is_granted(uint8_t program, bool to_master, uint8_t page);

#endif

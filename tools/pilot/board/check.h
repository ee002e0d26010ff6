/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pilot board check: rules that a device tree can break, and what was found. A rule is a row in check_rules.c; the code that finds
 * what breaks it is in rules_*.c, by theme. docs/man/pilot-board-check.1 has a paragraph on each, tests/tool/test_board_check.py
 * a tree that breaks it and one that does not.
 */
#ifndef PILOT_TOOL_BOARD_CHECK_H
#define PILOT_TOOL_BOARD_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "board/model.h"
#include "board/pool.h"
#include "pilot.h"

/** enum severity - worst first */
enum severity {
	SEVERITY_ERROR = 0, /* something will not work, or is not safe */
	SEVERITY_WARNING,   /* likely wrong, or works by luck */
	SEVERITY_NOTE,	    /* worth knowing; does not count as a finding in the exit status */
	SEVERITIES
};

/** enum arrangement - who is at EL2; a set of them is a sum */
enum arrangement {
	ARRANGEMENT_OWNER = 1, /* the host itself, which owns the IOMMU */
	ARRANGEMENT_GUEST = 2, /* a hypervisor, which translates the processors' streams */
	ARRANGEMENT_TEE = 4,   /* the processors' service is on the TEE bus */
	ARRANGEMENT_ANY = 7,
};

/** enum rule_number - a rule's place in the table; the order is that of the manual */
enum rule_number {
	RULE_TREE_BROKEN = 0,
	RULE_RESERVED_MEMORY_CELLS,
	RULE_REGION_MISSING,
	RULE_REGION_DANGLING,
	RULE_REGION_NOT_RESERVED,
	RULE_REGION_DISABLED,
	RULE_REGION_EMPTY,
	RULE_REGION_PIECES,
	RULE_CARVEOUT_OVERLAP,
	RULE_REGION_OVERLAP,
	RULE_CARVEOUT_OUTSIDE_MEMORY,
	RULE_CARVEOUT_MAPPED,
	RULE_CARVEOUT_REUSABLE,
	RULE_CARVEOUT_UNALIGNED,
	RULE_CARVEOUT_ABOVE_4G,
	RULE_STREAM_SHARED,
	RULE_STREAM_DOUBLED,
	RULE_STREAM_OVERLAP,
	RULE_STREAM_TOO_WIDE,
	RULE_IOMMU_DISABLED,
	RULE_IOMMU_MAP_LENGTH,
	RULE_IOMMU_MAP_DOUBLED,
	RULE_COMPUTE_CB_NO_STREAM,
	RULE_SMMU_MISSING,
	RULE_PAS_NO_STREAM,
	RULE_VIDEO_NO_FIRMWARE_STREAM,
	RULE_CLIENT_NO_STREAM,
	RULE_FASTRPC_HEAP_UNMAPPED,
	RULE_FASTRPC_HEAP_POOL,
	RULE_DMA_MASTER_UNOWNED,
	RULE_ZAP_AT_EL2,
	RULE_GUEST_OWNS_STREAM,
	RULE_GUEST_OWNS_FIRMWARE_STREAM,
	RULE_SCM_MISSING,
	RULE_SMEM_MISSING,
	RULE_PAS_INTERRUPTS,
	RULE_PAS_CLOCK,
	RULE_PAS_STOP_STATE,
	RULE_PAS_POWER_DOMAINS,
	RULE_FIRMWARE_NAME_MISSING,
	RULE_FIRMWARE_NAME_DEFAULT,
	RULE_CARVEOUT_SHARED,
	RULE_INTERRUPT_SHARED,
	RULE_MAILBOX_SHARED,
	RULE_RESET_SHARED,
	RULE_PAS_ID_SHARED,
	RULE_STOP_STATE_SHARED,
	RULE_TEE_NO_OPTEE,
	RULE_TEE_NO_SERVICE,
	RULE_TEE_NO_PROCESSOR,
	RULE_TEE_WRONG_SERVICE,
	RULE_TEE_ID_MISSING,
	RULE_TEE_ID_SHARED,
	RULE_TEE_SECURE_STATUS,
	RULE_TEE_REGION_NAMES,
	RULE_TEE_REGION_NAME,
	RULE_TEE_VIRTIO_REGIONS,
	RULE_TEE_VIRTIO_MAILBOX,
	RULE_TEE_MAILBOX_NAME,
	RULE_TEE_DMA_RANGES,
	RULE_TEE_DMA_RANGES_32,
	RULE_FIRMWARE_ABSENT,
	RULE_FIRMWARE_COMPRESSED,
	RULE_FIRMWARE_OTHER_FORM,
	RULE_FIRMWARE_BAD,
	RULE_FIRMWARE_PIECES,
	RULE_FIRMWARE_TOO_LARGE,
	RULE_FIRMWARE_REFUSED,
	RULE_FIRMWARE_STREAM,
	RULES
};

/**
 * struct rule - a row of the table
 * @id:           stable name, "carveout-overlap"
 * @severity:     of what breaks it
 * @arrangements: in which it applies, a sum of enum arrangement
 * @firmware:     asked only with --firmware
 * @title:        what is wrong, one line without "."
 * @why:          why it matters, in sentences
 * @fix:          what to change, in sentences
 */
struct rule {
	const char *id;
	enum severity severity;
	unsigned int arrangements;
	bool firmware;
	const char *title;
	const char *why;
	const char *fix;
};

/** rule_at() - a row of the table */
const struct rule *rule_at(enum rule_number number);

/** severity_name() - "error", "warning", "note" */
const char *severity_name(enum severity severity);

/** arrangement_name() - "owner", "guest", "tee" */
const char *arrangement_name(enum arrangement arrangement);

/**
 * struct finding - something that breaks a rule
 * @path:  node that it was found in
 * @value: the value in question, "0x94a00000 + 0x900000"; "" where the sentence says it all
 * @text:  a sentence without "."
 */
struct finding {
	enum rule_number rule;
	const char *path;
	const char *value;
	const char *text;
};

struct questions;
struct pil_crypto;

/**
 * struct check - one device tree against all rules
 * @model, @tree:   what is checked
 * @arrangement:    under which arrangement
 * @firmware:       directory with firmware files, or NULL: then nothing is asked of firmware
 * @questions:      what is asked of the images there beyond their consistency
 * @crypto:         what verifies them
 * @reserved:       node of reserved memory, or TREE_NONE
 * @peripheral_at:  by node: number of the innermost peripheral that it is or that it is within, or MODEL_NONE
 * @count, @findings: what was found, in the order of the rules
 * @pool:           strings
 */
struct check {
	const struct board_model *model;
	const struct tree *tree;
	enum arrangement arrangement;
	const char *firmware;
	const struct questions *questions;
	const struct pil_crypto *crypto;
	int reserved;
	int *peripheral_at;
	unsigned int count;
	struct finding *findings;
	struct pool pool;
};

/** check_board() - ask all rules; model, tree, arrangement and firmware are set; check_free() releases the findings */
void check_board(struct check *c);
void check_free(struct check *c);

/** check_arrangement() - the arrangement that a tree was made for, by what it has; @why: in words */
enum arrangement check_arrangement(const struct board_model *m, const char **why);

/** check_format() - printf() into memory that lives as long as the findings */
const char *check_format(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** check_found() - note a finding, unless the rule does not apply here or it is noted already */
void check_found(struct check *c, enum rule_number rule, const char *path, const char *value, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/** check_full() - no further finding is taken: nobody reads thousands, and a hostile tree could have millions */
bool check_full(const struct check *c);

/** check_count() - findings of a severity */
unsigned int check_count(const struct check *c, enum severity severity);

/** check_print() - for people; check_json() - as docs/schema/board-check.json says. @why: who chose the arrangement */
void check_print(struct check *c, const char *why);
json_t *check_json(const struct check *c, const char *why);

/** check_print_rules() - the table itself, for people; check_rules_json() - for programs */
void check_print_rules(void);
json_t *check_rules_json(void);

/* --- rules_*.c: one theme each --- */
void rules_memory(struct check *c);
void rules_streams(struct check *c);
void rules_arrangement(struct check *c);
void rules_driver(struct check *c);
void rules_clash(struct check *c);
void rules_tee(struct check *c);
void rules_firmware(struct check *c);

/* --- rules_common.c: what several themes ask --- */

/** rules_range() - "0x94a00000 + 0x900000" */
const char *rules_range(struct check *c, uint64_t base, uint64_t size);

/** rules_is_pas() - driven by Linux's driver of PAS remote processors */
bool rules_is_pas(const struct peripheral *p);

/** rules_has_smmu() - the tree has an enabled SMMU that is not the GPU's own */
bool rules_has_smmu(const struct board_model *m);

/** rules_own_domain() - its driver attaches an IOMMU domain of its own to @s, which takes a group of one device */
bool rules_own_domain(const struct check *c, const struct stream *s);

/** rules_carveout() - region that entry @index of a peripheral's memory-region means, if it is a usable one, or NULL */
const struct region *rules_carveout(const struct check *c, const struct peripheral *p, unsigned int index);

/** rules_firmware_maps() - the manifest of @p's firmware says that its streams reach all of @r; false without --firmware */
bool rules_firmware_maps(struct check *c, const struct peripheral *p, const struct region *r);

/** rules_peripheral() - the peripheral whose node this is, or NULL */
const struct peripheral *rules_peripheral(const struct check *c, int node);

/** rules_reference() - entry of a list by name, or NULL */
const struct reference *rules_reference(const struct references *list, const char *name);

#endif

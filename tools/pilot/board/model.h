/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device tree says about remote processors: memory, IOMMUs, streams, peripherals. Made once from a tree; all commands that
 * look at boards use it.
 *
 *	struct tree tree = { 0 };
 *	struct board_model model = { 0 };
 *
 *	if (!tree_open(&tree, path, overlays, n))
 *		return STATUS_TROUBLE;		(it has complained)
 *	if (!model_read(&model, &tree))
 *		...
 *	... model.peripherals[0 .. model.peripheral_count - 1] ...
 *	model_free(&model);
 *	tree_close(&tree);
 *
 * Disabled nodes are in the model, too, with @enabled false. Strings are printable ASCII and live as long as tree and model. What
 * cannot be read (a phandle that leads nowhere, a property that ends early) is left out of the arrays and is in @problems.
 * Everything is in the order of the file. Numbers that name an element of another array are MODEL_NONE where there is none.
 */
#ifndef PILOT_TOOL_BOARD_MODEL_H
#define PILOT_TOOL_BOARD_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "board/compatibles.h"
#include "board/tree.h"

#define MODEL_NONE (-1)

/** struct model_problem - something in the tree that makes no sense; @text: a sentence without "." that follows "NODE: PROPERTY: " */
struct model_problem {
	int node;
	const char *path;
	const char *property;
	const char *text;
};

/**
 * struct region_address - an entry of iommu-addresses: a device sees this memory at these addresses from the first moment
 * @node:  the device
 * @range: addresses of the device
 */
struct region_address {
	int node;
	struct tree_range range;
};

/**
 * struct region - a node in /reserved-memory
 * @name:     of the node, without unit address
 * @base, @size: CPU addresses; where a node has several entries in reg, there is a region for each
 * @entry:    which entry of reg
 * @dynamic:  it has no reg: Linux chooses a place; then @base is 0, and @alignment and @within (alloc-ranges) say where it may be
 * @no_map:   the host's kernel does not map it
 * @reusable: the host may use it meanwhile (CMA)
 * @compatible: "shared-dma-pool", "qcom,smem"; NULL: none
 * @addresses: @address_count entries of iommu-addresses
 */
struct region {
	int node;
	const char *path;
	const char *name;
	uint64_t base;
	uint64_t size;
	unsigned int entry;
	bool dynamic;
	bool no_map;
	bool reusable;
	bool enabled;
	const char *compatible;
	uint32_t phandle;
	uint64_t alignment;
	struct tree_range within;
	bool has_within;
	unsigned int address_count;
	struct region_address *addresses;
};

/** struct memory_bank - normal RAM; boot firmware often fills in the sizes, then @size is 0 in the file. @path: NULL for /memreserve/ */
struct memory_bank {
	int node;
	const char *path;
	uint64_t base;
	uint64_t size;
};

/** enum iommu_kind - what decides the fate of a stream that nobody translates */
enum iommu_kind {
	IOMMU_SMMUV2 = 0,
	IOMMU_SMMUV3,
	IOMMU_OTHER, /* another architecture, or a context-bank view of an SMMU that a hypervisor has (qcom,msm-iommu-v1) */
	IOMMU_KINDS
};

/**
 * struct iommu - a node with #iommu-cells
 * @compatible: the first
 * @cells:   #iommu-cells
 * @qcom:    Linux's driver treats it as Qualcomm's: valid stream-match registers stay, in bypass (and it is no GPU's own)
 * @adreno:  the GPU's own SMMU: Linux's driver does not take over its stream-match registers
 * @match_mask: SMMUv2: property stream-match-mask, 0 if absent
 */
struct iommu {
	int node;
	const char *path;
	const char *compatible;
	enum iommu_kind kind;
	unsigned int cells;
	bool qcom;
	bool adreno;
	bool enabled;
	uint32_t match_mask;
	struct tree_range reg;
	bool has_reg;
	bool coherent;
	uint32_t phandle;
};

/**
 * struct stream - StreamIDs that one entry of a property gives to a node
 * @iommu:    which of the model's IOMMUs
 * @sid:      StreamID; of several (@count > 1, iommu-map) the first
 * @mask:     bits that do not matter (SMMUv2)
 * @count:    how many StreamIDs from @sid; 1 for iommus
 * @cell, @cells: the specifier as it is in the tree
 * @node, @path: who owns it
 * @property: "iommus" or "iommu-map"
 * @index:    which entry of it
 * @function: iommu-map: the first id that leads here: a PCI requester id, or a function number
 * @peripheral: the peripheral to whose node, or to a node within it, the property belongs, or MODEL_NONE
 * @enabled:  the node is, and the IOMMU is
 */
struct stream {
	int iommu;
	uint32_t sid;
	uint32_t mask;
	uint32_t count;
	unsigned int cells;
	uint32_t cell[TREE_ARGS];
	int node;
	const char *path;
	const char *property;
	unsigned int index;
	uint32_t function;
	int peripheral;
	bool enabled;
};

/** struct region_use - entry of memory-region; @region: the first of the node's; MODEL_NONE: the node is not in /reserved-memory */
struct region_use {
	int region;
	int node;
	const char *path;
	const char *name; /* of memory-region-names; NULL: none */
};

/**
 * struct reference - entry of a list such as clocks
 * @name:  from clock-names and so on; NULL: none
 * @node:  the provider; TREE_NONE for an empty entry
 * @path:  its path, "" for an empty entry
 * @arg:   @args cells; never NULL
 */
struct reference {
	const char *name;
	int node;
	const char *path;
	unsigned int args;
	const uint32_t *arg;
};

/** struct references - a list of them; @property: the list's property, NULL when the node has none */
struct references {
	const char *property;
	unsigned int count;
	struct reference *list;
};

/**
 * struct peripheral - a remote processor, or something else that runs signed or loaded firmware
 * @name:       short name: of the table of compatibles, else of the node
 * @what:       in words
 * @vendor:     of the table, else the part of the compatible before the comma
 * @row:        of the table of compatibles; NULL: recognized by generic properties
 * @compatible: the one that the table knows, else the first; "" if it has none (the TEE's processors, a zap-shader)
 * @pas:        @pas_count PAS ids that the stock driver uses
 * @service_node: node of the SCM or of the TEE's service, or TREE_NONE
 * @tee_id:     processor id for the TEE's service, where @has_tee_id
 * @parent:     peripheral within whose node this one's is, or MODEL_NONE
 * @regs:       @reg_count entries of reg, CPU addresses
 * @regions:    memory-region
 * @firmware:   firmware-name
 * @dma_ranges: of @dma_node, which is the node itself, or the nearest one around it that has the property
 * @no_dma:     no dma-ranges anywhere up to the root: device addresses are CPU addresses
 * @has_iommus, @has_iommu_map: it has the property, whatever is in it
 */
struct peripheral {
	int node;
	const char *path;
	enum peripheral_kind kind;
	const char *name;
	const char *what;
	const char *vendor;
	const char *compatible;
	const struct compatible *row;
	bool enabled;
	unsigned int pas_count;
	struct compatible_pas pas[COMPATIBLE_PAS];
	enum peripheral_service service;
	int service_node;
	const char *service_path;
	bool has_tee_id;
	uint32_t tee_id;
	int parent;
	unsigned int reg_count;
	struct tree_range *regs;
	unsigned int region_count;
	struct region_use *regions;
	unsigned int firmware_count;
	const char **firmware;
	struct references interrupts; /* interrupts-extended, or interrupts with the parent filled in */
	struct references clocks;
	struct references power_domains;
	struct references mailboxes;
	struct references resets;
	struct references interconnects;
	struct references states; /* qcom,smem-states */
	struct references hwlocks;
	int dma_node;
	unsigned int dma_count;
	struct tree_dma_range *dma_ranges;
	bool has_iommus;
	bool has_iommu_map;
};

/** struct model_node - what a node is: numbers of a region (the first of its), of an IOMMU, of a peripheral, or MODEL_NONE */
struct model_node {
	int region;
	int iommu;
	int peripheral;
};

/**
 * struct board_model - all of it
 * @tree:   what it was read from
 * @board:  /model; "" if absent
 * @board_compatible: the first of /compatible; "" if absent
 * @scm, @optee: nodes of the SCM and of OP-TEE, whether enabled or not; TREE_NONE: none
 * @tee_service: node of the TEE's remoteproc service, or TREE_NONE
 * @reserves: /memreserve/ entries
 * @at_node:  which region, IOMMU, peripheral each node of the tree is, or MODEL_NONE
 */
struct board_model {
	const struct tree *tree;
	const char *board;
	const char *board_compatible;
	int scm;
	int optee;
	int tee_service;
	unsigned int memory_count;
	struct memory_bank *memory;
	unsigned int reserve_count;
	struct memory_bank *reserves;
	unsigned int region_count;
	struct region *regions;
	unsigned int iommu_count;
	struct iommu *iommus;
	unsigned int stream_count;
	struct stream *streams;
	unsigned int peripheral_count;
	struct peripheral *peripherals;
	unsigned int problem_count;
	struct model_problem *problems;
	struct model_node *at_node;
	struct pool pool;
};

/** model_read() - read a tree, which must stay open as long as the model is used; false after a complaint, then there is nothing to free */
bool model_read(struct board_model *m, const struct tree *t);

/** model_free() - release it; one that is all zero is fine */
void model_free(struct board_model *m);

/** model_region_at() - the enabled region that this CPU address is in, or NULL; of several the smallest */
const struct region *model_region_at(const struct board_model *m, uint64_t address);

/** model_memory_covers() - normal RAM holds all of it; also true when the tree names no RAM, or only of size 0 (boot firmware fills it in) */
bool model_memory_covers(const struct board_model *m, uint64_t base, uint64_t size);

/** model_stream_has() - @sid is among the stream's StreamIDs */
bool model_stream_has(const struct board_model *m, const struct stream *s, uint32_t sid);

/** model_streams_meet() - some StreamID is among those of both, at the same IOMMU */
bool model_streams_meet(const struct board_model *m, const struct stream *a, const struct stream *b);

/**
 * model_stream_of() - the stream with this StreamID at this IOMMU: an enabled one rather than one that is not, one of an exact
 * StreamID rather than a range; NULL: nobody's
 */
const struct stream *model_stream_of(const struct board_model *m, int iommu, uint32_t sid);

/** model_owner_of_stream() - the peripheral that has it, or NULL: nobody's, or a node's that is no peripheral */
const struct peripheral *model_owner_of_stream(const struct board_model *m, int iommu, uint32_t sid);

/** model_peripheral_at() - the peripheral of this node, or NULL */
const struct peripheral *model_peripheral_at(const struct board_model *m, int node);

/** model_peripheral_named() - the first enabled one with this short name or path, else the first of all; NULL: none */
const struct peripheral *model_peripheral_named(const struct board_model *m, const char *name);

/** model_iommu_at() - number of the IOMMU of this node, or whose registers have this CPU address; MODEL_NONE: none */
int model_iommu_at(const struct board_model *m, int node);
int model_iommu_by_address(const struct board_model *m, uint64_t address);

/** model_main_iommu() - the IOMMU that most streams lead to (the SoC's own), or MODEL_NONE */
int model_main_iommu(const struct board_model *m);

/** iommu_kind_name() - "smmu-v2", "smmu-v3", "other": as in JSON documents */
const char *iommu_kind_name(enum iommu_kind kind);

#endif

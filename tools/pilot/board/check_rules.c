/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules for memory and streams: the first half of the table. What Linux does is that of version 7.2. */
#include "board/check_rules.h"

#define ERROR	SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define NOTE	SEVERITY_NOTE

static const struct rule table[RULES_OF_MEMORY] = {
	[RULE_TREE_BROKEN] = {
		"tree-broken", ERROR, ARRANGEMENT_ANY, false,
		"a property that drivers read makes no sense",
		"A phandle leads nowhere, a list ends within an entry, or an address does not fit. The driver's probe "
		"fails, or it silently leaves out what it could not read.",
		"Correct the property. A phandle that leads nowhere often means that an overlay was applied to a tree "
		"built without -@, or to another board's.",
	},
	[RULE_RESERVED_MEMORY_CELLS] = {
		"reserved-memory-cells", ERROR, ARRANGEMENT_ANY, false,
		"/reserved-memory has no ranges, or other cell counts than the root",
		"Linux then ignores the whole node: every carve-out in it is ordinary memory of the kernel.",
		"Give /reserved-memory the root's #address-cells and #size-cells, and an empty ranges.",
	},
	[RULE_REGION_MISSING] = {
		"region-missing", ERROR, ARRANGEMENT_ANY, false,
		"fewer entries in memory-region than the driver takes",
		"The driver takes carve-outs by their place in the list: the image, then the companion device tree, then "
		"memory that it assigns to the processor. Without one of them its probe fails.",
		"Add the missing regions to memory-region, in the order of the binding.",
	},
	[RULE_REGION_DANGLING] = {
		"region-dangling", ERROR, ARRANGEMENT_ANY, false,
		"memory-region leads to no node",
		"Linux finds no memory for the entry, and the probe fails.",
		"Correct the phandle, or add the region below /reserved-memory.",
	},
	[RULE_REGION_NOT_RESERVED] = {
		"region-not-reserved", ERROR, ARRANGEMENT_ANY, false,
		"memory-region leads to a node that is not below /reserved-memory",
		"Linux looks carve-outs up among the children of /reserved-memory only. Memory described elsewhere is not "
		"reserved, so the kernel may be using it.",
		"Move the region below /reserved-memory.",
	},
	[RULE_REGION_DISABLED] = {
		"region-disabled", ERROR, ARRANGEMENT_ANY, false,
		"memory-region leads to a disabled node",
		"Linux does not reserve a disabled region, and says that the peripheral has none.",
		"Enable the region, or disable the peripheral, too.",
	},
	[RULE_REGION_EMPTY] = {
		"region-empty", ERROR, ARRANGEMENT_ANY, false,
		"a carve-out of size 0",
		"Nothing is reserved and no image fits.",
		"Give the region the size that its firmware needs; pilot image plan says how much that is.",
	},
	[RULE_REGION_PIECES] = {
		"region-pieces", WARNING, ARRANGEMENT_ANY, false,
		"a carve-out with several entries in reg",
		"Linux reserves the first entry only and warns. The others stay memory of the kernel.",
		"Make a node of each entry.",
	},
	[RULE_CARVEOUT_OVERLAP] = {
		"carveout-overlap", ERROR, ARRANGEMENT_ANY, false,
		"a carve-out overlaps another region",
		"Two owners have the same bytes: the second image overwrites the first, or the secure world refuses it "
		"because the memory is locked for another processor.",
		"Move one of the regions. pilot board draw shows the map.",
	},
	[RULE_REGION_OVERLAP] = {
		"region-overlap", WARNING, ARRANGEMENT_ANY, false,
		"two reserved regions overlap",
		"No two owners clash: neither is a processor's carve-out, or both are the same processor's. But one of them "
		"is likely meant to be somewhere else, and Linux says \"OVERLAP DETECTED\" at boot.",
		"Move one of the regions, or describe the memory once.",
	},
	[RULE_CARVEOUT_OUTSIDE_MEMORY] = {
		"carveout-outside-memory", WARNING, ARRANGEMENT_ANY, false,
		"a carve-out is not in the memory that the tree has",
		"Where there is no RAM the image cannot be loaded. It is in order when boot firmware adds memory that "
		"the file does not name, or the processor has memory of its own there.",
		"Correct the address, or the memory node.",
	},
	[RULE_CARVEOUT_MAPPED] = {
		"carveout-mapped", ERROR, ARRANGEMENT_ANY, false,
		"a carve-out without no-map",
		"The kernel keeps it in its linear map. Drivers then cannot map it as they need to, and once the secure "
		"world has locked it, a speculative access of any CPU is a bus error.",
		"Add no-map to the region.",
	},
	[RULE_CARVEOUT_REUSABLE] = {
		"carveout-reusable", ERROR, ARRANGEMENT_ANY, false,
		"a carve-out that is reusable",
		"The kernel hands its pages out until a driver allocates from it by the DMA API. These drivers do not: "
		"they use the address. The image would go over pages in use.",
		"Remove reusable and add no-map.",
	},
	[RULE_CARVEOUT_UNALIGNED] = {
		"carveout-unaligned", ERROR, ARRANGEMENT_OWNER | ARRANGEMENT_GUEST, false,
		"a carve-out that is not made of whole pages",
		"Whoever translates the processor's stream maps 4 KiB pages, and locks and SHM bridges have that "
		"granularity, too. Mapping the carve-out fails.",
		"Let address and size be multiples of 0x1000.",
	},
	[RULE_CARVEOUT_ABOVE_4G] = {
		"carveout-above-4g", ERROR, ARRANGEMENT_OWNER | ARRANGEMENT_GUEST, false,
		"a carve-out of a 32-bit core ends above 4 GiB",
		"Addresses in a resource table and in the headers of a 32-bit image have 32 bits, and the stream is "
		"mapped 1:1: nobody can tell the core where its memory is.",
		"Move the carve-out below 4 GiB.",
	},
	[RULE_STREAM_SHARED] = {
		"stream-shared", ERROR, ARRANGEMENT_OWNER, false,
		"a stream that needs a table of its own has another owner, too",
		"Linux puts devices with one stream into one IOMMU group. A driver that attaches a domain of its own, "
		"as remoteproc does, is refused with EINVAL when the group has a second device.",
		"Name the stream in one node only: in that of the processor whose firmware uses it.",
	},
	[RULE_STREAM_DOUBLED] = {
		"stream-doubled", WARNING, ARRANGEMENT_ANY, false,
		"two nodes of a processor's have the same stream",
		"They share one IOMMU group and so one address space: what is mapped for one is in reach of the other. "
		"For compute context banks that ends the separation they are there for.",
		"Give each node the stream that the SoC's documentation has for it.",
	},
	[RULE_STREAM_OVERLAP] = {
		"stream-overlap", ERROR, ARRANGEMENT_ANY, false,
		"two entries have some, but not all, StreamIDs in common",
		"SMMUv2 must never match one StreamID twice. Linux takes an entry that lies entirely within an existing one, "
		"and refuses every other overlap with EINVAL: which device works depends on who comes first.",
		"Narrow one of the masks, or give both entries the same StreamID and mask.",
	},
	[RULE_STREAM_TOO_WIDE] = {
		"stream-too-wide", ERROR, ARRANGEMENT_ANY, false,
		"a StreamID or mask of more than 16 bits at an SMMUv2",
		"The stream matching registers have 15 bits, 16 with extended ids. Linux cuts the number off or refuses "
		"the device.",
		"Correct the number.",
	},
	[RULE_IOMMU_DISABLED] = {
		"iommu-disabled", ERROR, ARRANGEMENT_ANY, false,
		"the IOMMU that a peripheral's stream leads to is disabled",
		"Linux treats the device as one without an IOMMU. A driver that needs a domain fails, and the others give "
		"physical addresses to a device that somebody else may translate.",
		"Enable the IOMMU, or remove the stream.",
	},
	[RULE_IOMMU_MAP_LENGTH] = {
		"iommu-map-length", ERROR, ARRANGEMENT_ANY, false,
		"an entry of iommu-map with two stream cells has a length other than 1",
		"With a mask as second cell the next StreamID cannot be computed. Linux refuses each id of such an entry "
		"with EINVAL.",
		"Write one entry of length 1 for each id.",
	},
	[RULE_IOMMU_MAP_DOUBLED] = {
		"iommu-map-doubled", ERROR, ARRANGEMENT_ANY, false,
		"two entries of one iommu-map have an id in common",
		"Linux takes the first entry that has the id: the second is never used for it.",
		"Give each function or requester id one entry.",
	},
	[RULE_COMPUTE_CB_NO_STREAM] = {
		"compute-cb-no-stream", WARNING, ARRANGEMENT_ANY, false,
		"a compute context bank without iommus",
		"Its buffers would be given to the DSP by physical address, and the DSP's accesses carry a stream that "
		"nobody translates.",
		"Add iommus, or remove the node.",
	},
	[RULE_SMMU_MISSING] = {
		"smmu-missing", WARNING, ARRANGEMENT_OWNER, false,
		"PAS processors, and no enabled SMMU that the host could own",
		"A host at EL2 has to translate the processors' accesses, and this tree gives it nothing to do that with. "
		"If the SoC has an SMMU, nobody translates; if it has none, nothing keeps a processor from the host's memory.",
		"Enable the SMMU in the EL2 overlay. On an SoC without one this arrangement is not for you.",
	},
	[RULE_PAS_NO_STREAM] = {
		"pas-no-stream", ERROR, ARRANGEMENT_OWNER, false,
		"a PAS processor without iommus, and the host owns the IOMMU",
		"Linux's driver takes a node without iommus for one whose stream a hypervisor translates. Here nobody "
		"does: the core's first fetch is aborted, and the start ends in a time-out.",
		"Add the stream of the processor's own fetches to an EL2 overlay, as lemans-el2.dtso does, or disable the "
		"node there.",
	},
	[RULE_VIDEO_NO_FIRMWARE_STREAM] = {
		"video-no-firmware-stream", ERROR, ARRANGEMENT_OWNER, false,
		"a video core whose firmware stream nobody maps",
		"The firmware's own accesses carry another stream than its buffers. Only function 0 of iommu-map, or the "
		"node video-firmware of older parts, tells the driver to map it. Without either it takes the secure "
		"world's word that a hypervisor did, and the core faults.",
		"Add an entry for the firmware to iommu-map (docs/LINUX_CLIENT.md), or disable the node.",
	},
	[RULE_CLIENT_NO_STREAM] = {
		"client-no-stream", WARNING, ARRANGEMENT_OWNER, false,
		"a peripheral with signed firmware without any stream, and the host owns the IOMMU",
		"If its DMA passes the IOMMU at all, nobody translates it.",
		"Add iommus, or make sure that the peripheral is not behind an IOMMU.",
	},
	[RULE_FASTRPC_HEAP_UNMAPPED] = {
		"fastrpc-heap-unmapped", WARNING, ARRANGEMENT_OWNER, false,
		"the heap of fastrpc is in no table that could be seen",
		"The DSP reaches its remote heap through its own stream, not through a context bank. Linux maps the "
		"carve-out there and what the resource table lists; the fastrpc driver maps nothing.",
		"Let the secure world's resource table have a DEVMEM entry for the heap, or drop the heap and what needs "
		"it. With --firmware, a heap that the image's signed manifest names is taken for mapped.",
	},
	[RULE_FASTRPC_HEAP_POOL] = {
		"fastrpc-heap-pool", NOTE, ARRANGEMENT_ANY, false,
		"the heap of fastrpc is no DMA pool",
		"The driver of Linux 7.2 asks for a pool of the device's own. A region that is no shared-dma-pool cannot be "
		"one: the reserved memory lies unused, and the heap comes from the kernel's memory. Later drivers give any "
		"region to the DSP as a whole.",
		"Add compatible = \"shared-dma-pool\" and reusable, or use a later kernel.",
	},
	[RULE_DMA_MASTER_UNOWNED] = {
		"dma-master-unowned", WARNING, ARRANGEMENT_OWNER, false,
		"a DMA master that a remote processor drives has no owner",
		"The processor's firmware uses it, so the node is disabled for Linux or controlled remotely. Its stream is "
		"in no enabled node: with a hypervisor that was the hypervisor's business, here each transfer is aborted.",
		"Add its StreamID to iommus of the processor that drives it, as a second entry.",
	},
	[RULE_ZAP_AT_EL2] = {
		"zap-at-el2", WARNING, ARRANGEMENT_OWNER, false,
		"a GPU's zap-shader is enabled, and the host owns the IOMMU",
		"Linux's GPU driver hands the image over as a guest does, in no SHM bridge; a secure world that insists on "
		"bridges refuses it, and the GPU stays off. Without the node, the driver of recent GPUs leaves "
		"secure mode by a register that EL2 may write.",
		"Disable the zap-shader in the EL2 overlay, as the kernel's own overlays do.",
	},
	[RULE_GUEST_OWNS_STREAM] = {
		"guest-owns-stream", ERROR, ARRANGEMENT_GUEST, false,
		"a PAS processor has iommus, and a hypervisor translates its stream",
		"Linux then fetches a resource table and attaches a table of its own. The hypervisor has the stream already "
		"and does not give it away: the start fails, or two tables contradict each other.",
		"Remove iommus; it belongs into the overlay for EL2.",
	},
	[RULE_GUEST_OWNS_FIRMWARE_STREAM] = {
		"guest-owns-firmware-stream", ERROR, ARRANGEMENT_GUEST, false,
		"the firmware stream of a video core is the host's, and a hypervisor translates it",
		"With the firmware's function in iommu-map, or a node video-firmware, the driver maps the firmware itself "
		"and does not ask the secure world to start it.",
		"Remove the entry or the node; it belongs into the overlay for EL2.",
	},
};

const struct rule *rule_of_memory(unsigned int index)
{
	return &table[index];
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules for drivers, clashes between processors, the TEE and firmware files: the second half of the table. */
#include "board/check_rules.h"

#define ERROR	SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define NOTE	SEVERITY_NOTE
#define SCM	(ARRANGEMENT_OWNER | ARRANGEMENT_GUEST)
#define AT(n)	((n)-RULES_OF_MEMORY)

static const struct rule table[RULES_MORE] = {
	[AT(RULE_SCM_MISSING)] = {
		"scm-missing", ERROR, SCM, false,
		"peripherals that are started by PAS calls, and no enabled SCM node",
		"Their drivers wait for the SCM driver for ever, without a message.",
		"Add /firmware/scm with compatible = \"qcom,scm\" behind the SoC's own.",
	},
	[AT(RULE_SMEM_MISSING)] = {
		"smem-missing", ERROR, SCM, false,
		"PAS processors, and no enabled shared memory node",
		"The stop bit and the ready, fatal and hand-over interrupts go through shared memory (SMEM). Without it "
		"their providers never probe, and the processor's driver waits for them for ever.",
		"Add the node \"qcom,smem\" in /reserved-memory, or enable it.",
	},
	[AT(RULE_PAS_INTERRUPTS)] = {
		"pas-interrupts", ERROR, SCM, false,
		"an interrupt that the driver needs is missing",
		"Linux's driver asks for wdog, fatal, ready, handover and stop-ack by name, and its probe fails when one "
		"is missing. For the older wireless core only wdog and fatal count.",
		"Add the interrupt and its name to interrupts-extended and interrupt-names.",
	},
	[AT(RULE_PAS_CLOCK)] = {
		"pas-clock", ERROR, SCM, false,
		"no clock xo",
		"Linux's driver keeps the crystal's clock running until the processor votes for it itself. Its probe fails "
		"without the clock.",
		"Add clocks and clock-names = \"xo\".",
	},
	[AT(RULE_PAS_STOP_STATE)] = {
		"pas-stop-state", ERROR, SCM, false,
		"no bit by which the processor is asked to stop",
		"Linux's driver takes the state \"stop\" from qcom,smem-states, and its probe fails without.",
		"Add qcom,smem-states and qcom,smem-state-names = \"stop\".",
	},
	[AT(RULE_PAS_POWER_DOMAINS)] = {
		"pas-power-domains", ERROR, SCM, false,
		"a power domain that the driver needs is missing",
		"The driver holds these domains up while the processor starts, by their names, and its probe fails when "
		"one is missing.",
		"Add it to power-domains and power-domain-names.",
	},
	[AT(RULE_FIRMWARE_NAME_MISSING)] = {
		"firmware-name-missing", ERROR, ARRANGEMENT_ANY, false,
		"no firmware-name, and the driver has no name of its own",
		"The driver does not know which file to load.",
		"Add firmware-name.",
	},
	[AT(RULE_FIRMWARE_NAME_DEFAULT)] = {
		"firmware-name-default", NOTE, SCM, false,
		"no firmware-name: the driver's own is used",
		"Images are signed for a product, but the driver's name is the same on all of them, such as adsp.mdt in "
		"the root of the firmware directory. No package installs a file there.",
		"Add firmware-name with the product's directory.",
	},
	[AT(RULE_CARVEOUT_SHARED)] = {
		"carveout-shared", ERROR, ARRANGEMENT_ANY, false,
		"two enabled processors have the same carve-out",
		"The second one that is loaded overwrites the first, or is refused because the memory is locked.",
		"Give each a region of its own, or disable one of them.",
	},
	[AT(RULE_INTERRUPT_SHARED)] = {
		"interrupt-shared", ERROR, ARRANGEMENT_ANY, false,
		"two enabled processors have the same interrupt",
		"Drivers ask for these lines exclusively: the second probe fails. If it did not, each would take the "
		"other's watchdog for its own.",
		"Correct one of the specifiers.",
	},
	[AT(RULE_MAILBOX_SHARED)] = {
		"mailbox-shared", ERROR, ARRANGEMENT_ANY, false,
		"two enabled processors have the same mailbox channel",
		"A channel has one client: the second request fails with EBUSY. Where the controller permits it, "
		"both processors hear each other's messages.",
		"Give each a channel of its own.",
	},
	[AT(RULE_RESET_SHARED)] = {
		"reset-shared", ERROR, ARRANGEMENT_ANY, false,
		"two enabled processors have the same reset line",
		"Drivers take their resets exclusively: the second probe fails. To stop one would reset both.",
		"Correct one of the specifiers.",
	},
	[AT(RULE_PAS_ID_SHARED)] = {
		"pas-id-shared", ERROR, SCM, false,
		"two enabled peripherals have the same PAS id",
		"The secure world knows a peripheral by this number alone: to start the second is to stop the first.",
		"Disable one of them, or correct its compatible.",
	},
	[AT(RULE_STOP_STATE_SHARED)] = {
		"stop-state-shared", ERROR, SCM, false,
		"two enabled processors are stopped by the same bit",
		"A request to stop one of them stops both.",
		"Let qcom,smem-states lead to the processor's own smp2p node.",
	},
	[AT(RULE_TEE_NO_OPTEE)] = {
		"tee-no-optee", ERROR, ARRANGEMENT_TEE, false,
		"no enabled node of OP-TEE",
		"Linux's OP-TEE driver does not probe, so there is no TEE bus and no service on it.",
		"Add /firmware/optee with compatible = \"linaro,optee-tz\" and method, or let OP-TEE add it at boot.",
	},
	[AT(RULE_TEE_NO_SERVICE)] = {
		"tee-no-service", WARNING, ARRANGEMENT_TEE, false,
		"no enabled node of the remoteproc service",
		"The service itself is found on the TEE bus. But mailboxes, shared memory and interrupts of its processors "
		"cannot be asked for: without the node there is no virtio and no watchdog.",
		"Add a node with the service's UUID as compatible below OP-TEE's (linux/bindings/remoteproc).",
	},
	[AT(RULE_TEE_NO_PROCESSOR)] = {
		"tee-no-processor", WARNING, ARRANGEMENT_TEE, false,
		"the service's node has no processors",
		"Neither has it children nor does a node point to it with rproc-tee, so nothing is known of the processors' "
		"mailboxes and memory.",
		"Add the processors.",
	},
	[AT(RULE_TEE_WRONG_SERVICE)] = {
		"tee-wrong-service", ERROR, ARRANGEMENT_TEE, false,
		"rproc-tee leads to something that is not the service",
		"The driver compares the phandle with the service's node and passes over a processor that points elsewhere.",
		"Let rproc-tee lead to the node whose compatible is the service's UUID, and enable that.",
	},
	[AT(RULE_TEE_ID_MISSING)] = {
		"tee-id-missing", ERROR, ARRANGEMENT_TEE, false,
		"a processor without an id",
		"rproc-tee is the service and one cell, the processor's id. Without the cell the driver does not find the "
		"node.",
		"Write rproc-tee = <&service ID>.",
	},
	[AT(RULE_TEE_ID_SHARED)] = {
		"tee-id-shared", ERROR, ARRANGEMENT_TEE, false,
		"two processors with the same id",
		"The driver takes the first node that has the id: mailboxes and memory of the second are never used, or "
		"those of the wrong processor are.",
		"Correct one of the ids; pilot image show says which one an image is for.",
	},
	[AT(RULE_TEE_SECURE_STATUS)] = {
		"tee-secure-status", ERROR, ARRANGEMENT_TEE, false,
		"secure-status is neither okay nor disabled",
		"Both sides decide by it who manages the processor. When they do not agree, the driver leaves it alone.",
		"Write \"okay\" or \"disabled\", or remove the property.",
	},
	[AT(RULE_TEE_REGION_NAMES)] = {
		"tee-region-names", ERROR, ARRANGEMENT_TEE, false,
		"memory-region and memory-region-names do not have the same number of entries",
		"Regions are found by their names. A region without a name is not used, and a name without a region makes "
		"the driver fail.",
		"Give each region a name.",
	},
	[AT(RULE_TEE_REGION_NAME)] = {
		"tee-region-name", ERROR, ARRANGEMENT_TEE, false,
		"a memory-region name that means nothing, or comes twice",
		"remoteproc looks for vdevNvringM and vdevNbuffer, the driver for rsc-table. Memory of any other name is not "
		"used, and vrings come from the kernel's memory, which the processor cannot reach.",
		"Use one of these names, with digits for N and M.",
	},
	[AT(RULE_TEE_VIRTIO_REGIONS)] = {
		"tee-virtio-regions", ERROR, ARRANGEMENT_TEE, false,
		"a virtio device lacks one of its regions",
		"RPMsg needs vdevNvring0, vdevNvring1 and vdevNbuffer, all of them in memory that the processor shares.",
		"Add the missing regions.",
	},
	[AT(RULE_TEE_VIRTIO_MAILBOX)] = {
		"tee-virtio-mailbox", ERROR, ARRANGEMENT_TEE, false,
		"memory for virtio, and no mailbox for its queues",
		"Without the channels vq0 and vq1 neither side hears when the other has put something into a queue.",
		"Add both to mboxes and mbox-names.",
	},
	[AT(RULE_TEE_MAILBOX_NAME)] = {
		"tee-mailbox-name", ERROR, ARRANGEMENT_TEE, false,
		"a mailbox name that means nothing or comes twice, or mboxes and mbox-names of different lengths",
		"The driver asks for vq0, vq1, shutdown and detach by name, and passes over any other.",
		"Use these names, one for each entry of mboxes.",
	},
	[AT(RULE_TEE_DMA_RANGES)] = {
		"tee-dma-ranges", ERROR, ARRANGEMENT_TEE, false,
		"dma-ranges does not cover a region",
		"The processor sees shared memory at an address of its own, which comes from dma-ranges of the node around. "
		"A region outside of it has none: \"is outside of dma-ranges\".",
		"Add the region to dma-ranges.",
	},
	[AT(RULE_TEE_DMA_RANGES_32)] = {
		"tee-dma-ranges-32", ERROR, ARRANGEMENT_TEE, false,
		"the processor would see a region above 4 GiB",
		"Addresses in a resource table have 32 bits: \"is too high for a resource table\".",
		"Choose lower device addresses in dma-ranges, or a lower region.",
	},
	[AT(RULE_FIRMWARE_ABSENT)] = {
		"firmware-absent", ERROR, ARRANGEMENT_ANY, true,
		"the named firmware file does not exist",
		"The driver cannot load it, and the peripheral stays off.",
		"Install the file, or correct firmware-name.",
	},
	[AT(RULE_FIRMWARE_COMPRESSED)] = {
		"firmware-compressed", NOTE, ARRANGEMENT_ANY, true,
		"the firmware exists only compressed, and was not looked at",
		"Linux decompresses .zst and .xz itself. This command does not, so nothing was verified.",
		"Decompress a copy and check that, or use a directory that is not compressed.",
	},
	[AT(RULE_FIRMWARE_OTHER_FORM)] = {
		"firmware-other-form", ERROR, ARRANGEMENT_ANY, true,
		"the firmware exists under the other suffix only",
		"A split image is .mdt with .bNN beside it, the same image in one file is .mbn. Linux opens the name that it "
		"is given.",
		"Change firmware-name, or use pilot image split or join.",
	},
	[AT(RULE_FIRMWARE_BAD)] = {
		"firmware-bad", ERROR, ARRANGEMENT_ANY, true,
		"the firmware cannot be read as an image",
		"The loader or the secure world refuses it.",
		"Replace the file; pilot image show says more about it.",
	},
	[AT(RULE_FIRMWARE_PIECES)] = {
		"firmware-pieces", ERROR, ARRANGEMENT_ANY, true,
		"a piece of a split image is missing or has another size",
		"Linux loads each segment that is not in the .mdt from a file of its own, whose size must be the segment's.",
		"Install all pieces.",
	},
	[AT(RULE_FIRMWARE_TOO_LARGE)] = {
		"firmware-too-large", ERROR, ARRANGEMENT_ANY, true,
		"the image does not fit its carve-out",
		"A segment would lie outside of the carve-out. Loader and secure world refuse the image.",
		"Enlarge or move the carve-out; pilot image plan shows where each segment goes.",
	},
	[AT(RULE_FIRMWARE_REFUSED)] = {
		"firmware-refused", ERROR, ARRANGEMENT_ANY, true,
		"a secure world would refuse the image",
		"It is not signed, its signature or a digest is wrong, or it is signed for another device.",
		"Replace or sign the file; pilot image verify shows every check.",
	},
	[AT(RULE_FIRMWARE_STREAM)] = {
		"firmware-stream", ERROR, ARRANGEMENT_OWNER, true,
		"the image's manifest names a stream that the peripheral does not own",
		"The firmware drives a DMA master with that stream. In no iommus of the peripheral, its transfers are aborted.",
		"Add the StreamID to iommus of the peripheral.",
	},
};

const struct rule *rule_of_drivers(unsigned int index)
{
	return &table[index];
}

const struct rule *rule_at(enum rule_number number)
{
	return number < RULES_OF_MEMORY ? rule_of_memory(number) : rule_of_drivers(number - RULES_OF_MEMORY);
}

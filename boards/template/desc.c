/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board as data: what a PAS id names, where its memory is, which streams it has and what they may reach at most. The secure world
 * believes this and nothing that the host says. pil_pas_init() checks it, and a mistake stops the service with a reason
 * (BOARD_... in docs/TROUBLESHOOTING.md), so that no test of your own is needed for overlaps and the like.
 */
#include <template/desc.h>
#include <template/platform.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BOTH	     (PIL_GRANT_READ | PIL_GRANT_WRITE)

/*
 * What the DSP's own stream may reach besides its carve-out. Ask of each: could the core attack the host through it? Registers get
 * .device = true. A signed manifest in an image may take away from this, and nothing may add to it.
 */
static const struct pil_grant dsp_grants[] = {
	{
		.name = "mailbox",
		.da = TEMPLATE_MAILBOX,
		.range = { .base = TEMPLATE_MAILBOX, .size = TEMPLATE_MAILBOX_SIZE },
		.access = BOTH,
	},
};

/*
 * Every StreamID that the peripheral can put on the bus: its core's, and one entry of purpose PIL_STREAM_DMA_MASTER for each device
 * that its firmware drives. A StreamID that is missing here belongs to nobody, and the IOMMU's owner must abort it.
 */
static const struct pil_stream_desc dsp_streams[] = {
	{
		.name = "dsp",
		.sid = TEMPLATE_DSP_SID,
		.mask = TEMPLATE_DSP_SID_MASK,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = dsp_grants,
		.grant_count = COUNT(dsp_grants),
	},
};

static const struct pil_peripheral_desc peripherals[] = {
	{
		.name = "dsp",
		.pas_id = TEMPLATE_DSP_PAS_ID,
		.core = 0,
		.carveout = { .base = TEMPLATE_DSP_MEM, .size = TEMPLATE_DSP_SIZE },
		.sw_id = TEMPLATE_DSP_SW_ID,
		.streams = dsp_streams,
		.stream_count = COUNT(dsp_streams),
	},
};

const struct pil_board_desc template_desc = {
	.name = "template",
	.peripherals = peripherals,
	.peripheral_count = COUNT(peripherals),
	.core_count = TEMPLATE_CORES,
};

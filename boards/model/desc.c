/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The default machine: a DSP with a companion, a lite variant and that one's companion; a second DSP; a video core; a GPU's zap
 * image; a sensor DSP that boot firmware keeps to itself. Small carve-outs keep tests fast.
 */
#include "model.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct pil_grant smem_grants[] = {
	{
		.name = "smem",
		.da = MODEL_SMEM_BASE,
		.range = { .base = MODEL_SMEM_BASE, .size = MODEL_SMEM_SIZE },
		.access = PIL_GRANT_READ | PIL_GRANT_WRITE,
	},
	{
		.name = "clocks",
		.da = 0x10000000,
		.range = { .base = 0x10000000, .size = 0x1000 },
		.access = PIL_GRANT_READ,
		.device = true,
	},
};

static const struct pil_grant audio_grants[] = {
	{
		.name = "audio",
		.da = 0x20000000,
		.range = { .base = 0x20000000, .size = 0x2000 },
		.access = PIL_GRANT_READ,
	},
};

static const struct pil_stream_desc adsp_streams[] = {
	{
		.name = "adsp",
		.sid = 0x3000,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = smem_grants,
		.grant_count = COUNT(smem_grants),
	},
	{
		.name = "adsp-audio",
		.sid = MODEL_MASTER_SID,
		.mask = 0x3,
		.purpose = PIL_STREAM_DMA_MASTER,
		.grants = audio_grants,
		.grant_count = COUNT(audio_grants),
	},
};

static const struct pil_stream_desc cdsp_streams[] = {
	{
		.name = "cdsp",
		.sid = 0x21c0,
		.mask = 0x400,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = smem_grants,
		.grant_count = 1,
	},
};

static const struct pil_stream_desc video_streams[] = {
	{
		.name = "video",
		.sid = 0x19e2,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = smem_grants,
		.grant_count = 1,
	},
};

static const struct pil_stream_desc slpi_streams[] = {
	{
		.name = "slpi",
		.sid = 0x5a0,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = smem_grants,
		.grant_count = 1,
	},
};

static const struct pil_peripheral_desc peripherals[] = {
	[MODEL_ADSP] = {
		.name = "adsp",
		.pas_id = 1,
		.core = 0,
		.carveout = { .base = MODEL_ADSP_BASE, .size = MODEL_ADSP_SIZE },
		.sw_id = 1,
		.streams = adsp_streams,
		.stream_count = COUNT(adsp_streams),
	},
	[MODEL_ADSP_DTB] = {
		.name = "adsp-dtb",
		.pas_id = 0x24,
		.core = PIL_NO_CORE,
		.carveout = { .base = 0x90010000, .size = 0x8000 },
		.sw_id = 1,
	},
	[MODEL_CDSP] = {
		.name = "cdsp",
		.pas_id = 18,
		.core = 1,
		.carveout = { .base = 0x90018000, .size = 0x8000 },
		.sw_id = 1,
		.streams = cdsp_streams,
		.stream_count = COUNT(cdsp_streams),
	},
	[MODEL_ADSP_LITE] = {
		.name = "adsp-lite",
		.pas_id = 0x1f,
		.core = 0,
		.carveout = { .base = MODEL_ADSP_BASE, .size = MODEL_ADSP_SIZE },
		.sw_id = 1,
		.streams = adsp_streams,
		.stream_count = 1,
	},
	[MODEL_LITE_DTB] = {
		.name = "adsp-lite-dtb",
		.pas_id = 0x29,
		.core = PIL_NO_CORE,
		.carveout = { .base = 0x90010000, .size = 0x8000 },
		.sw_id = 1,
	},
	[MODEL_VIDEO] = {
		.name = "video",
		.pas_id = 9,
		.core = 2,
		.carveout = { .base = 0x90020000, .size = 0x8000 },
		.sw_id = 1,
		.metadata_unbridged = true,
		.streams = video_streams,
		.stream_count = COUNT(video_streams),
	},
	[MODEL_ZAP] = {
		.name = "zap",
		.pas_id = 13,
		.core = PIL_NO_CORE,
		.carveout = { .base = 0x90028000, .size = 0x8000 },
		.sw_id = 1,
		.metadata_unbridged = true,
	},
	[MODEL_SLPI] = {
		.name = "slpi",
		.pas_id = 12,
		.core = 3,
		.carveout = { .base = 0x90030000, .size = 0x8000 },
		.sw_id = 1,
		.loader = PIL_LOADER_BOOT,
		.streams = slpi_streams,
		.stream_count = COUNT(slpi_streams),
	},
};

const struct pil_board_desc model_desc = {
	.name = "model",
	.peripherals = peripherals,
	.peripheral_count = COUNT(peripherals),
	.core_count = 4,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt as data, and what a core's shim is told of it. */
#include <virt/desc.h>
#include <virt/platform.h>

_Static_assert(PIL_GRANT_READ == PIL_SHIM_READ && PIL_GRANT_WRITE == PIL_SHIM_WRITE,
	       "grants are passed on as they are");

static const struct pil_grant adsp_grants[] = {
	{
		.name = "smem",
		.da = VIRT_SMEM,
		.range = { .base = VIRT_SMEM, .size = VIRT_SMEM_SIZE },
		.access = PIL_GRANT_READ | PIL_GRANT_WRITE,
	},
	{
		.name = "ctrl",
		.da = VIRT_CTRL,
		.range = { .base = VIRT_CTRL, .size = VIRT_CTRL_SIZE },
		.access = PIL_GRANT_READ | PIL_GRANT_WRITE,
	},
};

static const struct pil_stream_desc adsp_streams[] = {
	{
		.name = "adsp",
		.sid = VIRT_ADSP_SID,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = adsp_grants,
		.grant_count = sizeof(adsp_grants) / sizeof(adsp_grants[0]),
	},
};

static const struct pil_peripheral_desc peripherals[] = {
	{
		.name = "adsp",
		.pas_id = VIRT_ADSP_PAS_ID,
		.core = 0,
		.carveout = { .base = VIRT_ADSP_MEM, .size = VIRT_ADSP_SIZE },
		.sw_id = VIRT_ADSP_SW_ID,
		.streams = adsp_streams,
		.stream_count = sizeof(adsp_streams) / sizeof(adsp_streams[0]),
	},
};

/* the copy of each carve-out in secure RAM; a lite image has its full one's, as it has its carve-out */
static const struct {
	uint64_t carveout;
	uint64_t size;
	uint64_t copy;
} copies[] = {
	{ VIRT_ADSP_MEM, VIRT_ADSP_SIZE, VIRT_ADSP_COPY },
};

_Static_assert(VIRT_ADSP_COPY + VIRT_ADSP_SIZE <= VIRT_COPIES + VIRT_COPIES_SIZE, "the copies fit secure RAM");

/* wiring of each core */
static const struct {
	uint32_t doorbell;
	uint32_t crash_item;
} cores[] = {
	{ .doorbell = 32 + VIRT_SPI_ADSP_DOORBELL, .crash_item = VIRT_ADSP_CRASH_ITEM },
};

#define CORES (sizeof(cores) / sizeof(cores[0]))

const struct pil_board_desc virt_desc = {
	.name = "virt",
	.peripherals = peripherals,
	.peripheral_count = sizeof(peripherals) / sizeof(peripherals[0]),
	.core_count = CORES,
};

static const struct pil_stream_desc *firmware_stream(const struct pil_peripheral_desc *p)
{
	for (unsigned int i = 0; i < p->stream_count; i++)
		if (p->streams[i].purpose == PIL_STREAM_FIRMWARE)
			return &p->streams[i];
	return NULL;
}

uint64_t virt_copy_of(struct pil_range carveout)
{
	for (unsigned int i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		if (copies[i].carveout == carveout.base && copies[i].size == carveout.size)
			return copies[i].copy;
	return 0;
}

static void add_grant(struct pil_shim_config *config, struct pil_range range, uint64_t target, uint32_t access)
{
	config->grant[config->grant_count++] = (struct pil_shim_grant){
		.pa = range.base,
		.size = range.size,
		.target = target,
		.access = access,
	};
}

int virt_shim_config(unsigned int core, const struct pil_core_start *start, struct pil_shim_config *config,
		     struct pil_why *why)
{
	const struct pil_stream_desc *stream = firmware_stream(start->peripheral);

	if (core >= CORES)
		return pil_fail(why, PIL_R_PAS_CORE_START, core, 1);
	if (!stream)
		return pil_fail(why, PIL_R_PAS_CORE_START, core, 2);
	if (stream->grant_count >= PIL_SHIM_GRANTS)
		return pil_fail(why, PIL_R_PAS_CORE_START, core, 3);
	*config = (struct pil_shim_config){
		.magic = PIL_SHIM_MAGIC,
		.size = sizeof(*config),
		.entry = start->entry,
		.base = start->image.base,
		.image_size = start->image.size,
		.sid = stream->sid,
		.core = core,
		.doorbell = cores[core].doorbell,
		.crash_item = cores[core].crash_item,
	};
	/* the shim takes the first for the carve-out: only there it lets the core execute */
	add_grant(config, start->peripheral->carveout, start->copy ? start->copy : start->peripheral->carveout.base,
		  PIL_SHIM_READ | PIL_SHIM_WRITE);
	for (unsigned int i = 0; i < stream->grant_count; i++)
		add_grant(config, stream->grants[i].range, stream->grants[i].range.base, stream->grants[i].access);
	return 0;
}

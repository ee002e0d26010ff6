/* SPDX-License-Identifier: BSD-2-Clause */
/* The board virt as data, and what a core's shim is told of it. */
#include <pilot/ledger.h>
#include <virt/desc.h>
#include <virt/platform.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BOTH	     (PIL_GRANT_READ | PIL_GRANT_WRITE)

_Static_assert(VIRT_MASTER_REGS == VIRT_PCI_WINDOW + VIRT_PCI_WINDOW_SIZE,
	       "the host's window ends before the master's");
_Static_assert(PIL_GRANT_READ == PIL_SHIM_READ && PIL_GRANT_WRITE == PIL_SHIM_WRITE,
	       "grants are passed on as they are");

#define SMEM_GRANT                                                                                                     \
	{                                                                                                              \
		.name = "smem", .da = VIRT_SMEM, .range = { .base = VIRT_SMEM, .size = VIRT_SMEM_SIZE },               \
		.access = BOTH                                                                                         \
	}
/* the machine's clock, which Linux keeps the time by too: registers, and only to read */
#define RTC_GRANT                                                                                                      \
	{                                                                                                              \
		.name = "rtc", .da = VIRT_RTC, .range = { .base = VIRT_RTC, .size = VIRT_RTC_SIZE },                   \
		.access = PIL_GRANT_READ, .device = true                                                               \
	}
#define CTRL_GRANT(core)                                                                                               \
	{                                                                                                              \
		.name = "ctrl", .da = VIRT_CTRL + (core)*VIRT_CTRL_SIZE,                                               \
		.range = { .base = VIRT_CTRL + (core)*VIRT_CTRL_SIZE, .size = VIRT_CTRL_SIZE }, .access = BOTH         \
	}

/*
 * What the adsp and its DMA master hand each other. Not in the carve-out: there the core sees the copy in secure RAM, and the
 * master, through the SMMU, what the host has.
 */
#define DMA_SOURCE_GRANT                                                                                               \
	{                                                                                                              \
		.name = "dma-source", .da = VIRT_DMA_SOURCE,                                                           \
		.range = { .base = VIRT_DMA_SOURCE, .size = VIRT_DMA_SIZE }, .access = PIL_GRANT_READ                  \
	}
#define DMA_TARGET_GRANT                                                                                               \
	{                                                                                                              \
		.name = "dma-target", .da = VIRT_DMA_TARGET,                                                           \
		.range = { .base = VIRT_DMA_TARGET, .size = VIRT_DMA_SIZE }, .access = BOTH                            \
	}
#define MASTER_REGS_GRANT                                                                                              \
	{                                                                                                              \
		.name = "dma-registers", .da = VIRT_MASTER_REGS,                                                       \
		.range = { .base = VIRT_MASTER_REGS, .size = VIRT_MASTER_REGS_SIZE }, .access = BOTH, .device = true   \
	}

/*
 * The master's too: a host with the stock driver has one table for both streams, and a ledger that promised less for the
 * master would promise what nobody enforces. A manifest may part them, for an owner of the IOMMU who can.
 */
static const struct pil_grant adsp_grants[] = {
	SMEM_GRANT, CTRL_GRANT(VIRT_CORE_ADSP), RTC_GRANT, DMA_SOURCE_GRANT, DMA_TARGET_GRANT, MASTER_REGS_GRANT,
};
static const struct pil_grant cdsp_grants[] = { SMEM_GRANT, CTRL_GRANT(VIRT_CORE_CDSP) };
static const struct pil_grant video_grants[] = {
	SMEM_GRANT,
	CTRL_GRANT(VIRT_CORE_VIDEO),
	{
		.name = "video-queue",
		.da = VIRT_VIDEO_QUEUE,
		.range = { .base = VIRT_VIDEO_QUEUE, .size = VIRT_VIDEO_QUEUE_SIZE },
		.access = BOTH,
	},
};
static const struct pil_grant nonpixel_grants[] = {
	{
		.name = "video-tables",
		.da = VIRT_VIDEO_TABLES,
		.range = { .base = VIRT_VIDEO_TABLES, .size = VIRT_VIDEO_TABLES_SIZE },
		.access = PIL_GRANT_READ,
	},
};
static const struct pil_grant pixel_grants[] = {
	{
		.name = "video-frames",
		.da = VIRT_VIDEO_FRAMES,
		.range = { .base = VIRT_VIDEO_FRAMES, .size = VIRT_VIDEO_FRAMES_SIZE },
		.access = BOTH,
	},
};

/* of each core: the lite variant of the adsp runs with the adsp's */
static const struct pil_stream_desc adsp_streams[] = {
	{
		.name = "adsp",
		.sid = VIRT_ADSP_SID,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = adsp_grants,
		.grant_count = COUNT(adsp_grants),
	},
	{
		.name = "adsp-dma",
		.sid = VIRT_ADSP_MASTER_SID,
		.purpose = PIL_STREAM_DMA_MASTER,
		.grants = adsp_grants,
		.grant_count = COUNT(adsp_grants),
	},
};

static const struct pil_stream_desc cdsp_stream = {
	.name = "cdsp",
	.sid = VIRT_CDSP_SID,
	.purpose = PIL_STREAM_FIRMWARE,
	.grants = cdsp_grants,
	.grant_count = COUNT(cdsp_grants),
};

/* the order of the buffer streams is that of the windows in wire/remote.h */
static const struct pil_stream_desc video_streams[] = {
	{
		.name = "video",
		.sid = VIRT_VIDEO_SID,
		.purpose = PIL_STREAM_FIRMWARE,
		.grants = video_grants,
		.grant_count = COUNT(video_grants),
	},
	{
		.name = "video-nonpixel",
		.sid = VIRT_VIDEO_NONPIXEL_SID,
		.purpose = PIL_STREAM_BUFFERS,
		.grants = nonpixel_grants,
		.grant_count = COUNT(nonpixel_grants),
	},
	{
		.name = "video-pixel",
		.sid = VIRT_VIDEO_PIXEL_SID,
		.purpose = PIL_STREAM_BUFFERS,
		.grants = pixel_grants,
		.grant_count = COUNT(pixel_grants),
	},
};

static const struct pil_peripheral_desc peripherals[] = {
	{
		.name = "adsp",
		.pas_id = VIRT_ADSP_PAS_ID,
		.core = VIRT_CORE_ADSP,
		.carveout = { .base = VIRT_ADSP_MEM, .size = VIRT_ADSP_SIZE },
		.sw_id = VIRT_ADSP_SW_ID,
		.streams = adsp_streams,
		.stream_count = COUNT(adsp_streams),
	},
	{
		.name = "adsp-lite",
		.pas_id = VIRT_ADSP_LITE_PAS_ID,
		.core = VIRT_CORE_ADSP,
		.carveout = { .base = VIRT_ADSP_MEM, .size = VIRT_ADSP_SIZE },
		.sw_id = VIRT_ADSP_LITE_SW_ID,
		.streams = adsp_streams,
		.stream_count = COUNT(adsp_streams),
	},
	{
		.name = "adsp-dtb",
		.pas_id = VIRT_ADSP_DTB_PAS_ID,
		.core = PIL_NO_CORE,
		.carveout = { .base = VIRT_ADSP_DTB_MEM, .size = VIRT_ADSP_DTB_SIZE },
		.sw_id = VIRT_ADSP_DTB_SW_ID,
	},
	{
		.name = "adsp-lite-dtb",
		.pas_id = VIRT_ADSP_LITE_DTB_PAS_ID,
		.core = PIL_NO_CORE,
		.carveout = { .base = VIRT_ADSP_DTB_MEM, .size = VIRT_ADSP_DTB_SIZE },
		.sw_id = VIRT_ADSP_LITE_DTB_SW_ID,
	},
	{
		.name = "cdsp",
		.pas_id = VIRT_CDSP_PAS_ID,
		.core = VIRT_CORE_CDSP,
		.carveout = { .base = VIRT_CDSP_MEM, .size = VIRT_CDSP_SIZE },
		.sw_id = VIRT_CDSP_SW_ID,
		.streams = &cdsp_stream,
		.stream_count = 1,
	},
	{
		.name = "video",
		.pas_id = VIRT_VIDEO_PAS_ID,
		.core = VIRT_CORE_VIDEO,
		.carveout = { .base = VIRT_VIDEO_MEM, .size = VIRT_VIDEO_SIZE },
		.sw_id = VIRT_VIDEO_SW_ID,
		.metadata_unbridged = true,
		.streams = video_streams,
		.stream_count = COUNT(video_streams),
	},
	{
		.name = "zap",
		.pas_id = VIRT_ZAP_PAS_ID,
		.core = PIL_NO_CORE,
		.carveout = { .base = VIRT_ZAP_MEM, .size = VIRT_ZAP_SIZE },
		.sw_id = VIRT_ZAP_SW_ID,
		.metadata_unbridged = true,
	},
};

/* the copy of each carve-out in secure RAM; who has another's carve-out has its copy, too */
static const struct {
	uint64_t carveout;
	uint64_t size;
	uint64_t copy;
} copies[] = {
	{ VIRT_ADSP_MEM, VIRT_ADSP_SIZE, VIRT_ADSP_COPY },
	{ VIRT_CDSP_MEM, VIRT_CDSP_SIZE, VIRT_CDSP_COPY },
	{ VIRT_VIDEO_MEM, VIRT_VIDEO_SIZE, VIRT_VIDEO_COPY },
	{ VIRT_ADSP_DTB_MEM, VIRT_ADSP_DTB_SIZE, VIRT_ADSP_DTB_COPY },
	{ VIRT_ZAP_MEM, VIRT_ZAP_SIZE, VIRT_ZAP_COPY },
};

_Static_assert(VIRT_ADSP_COPY == VIRT_COPIES && VIRT_ADSP_COPY + VIRT_ADSP_SIZE == VIRT_CDSP_COPY &&
		       VIRT_CDSP_COPY + VIRT_CDSP_SIZE == VIRT_VIDEO_COPY &&
		       VIRT_VIDEO_COPY + VIRT_VIDEO_SIZE == VIRT_ADSP_DTB_COPY &&
		       VIRT_ADSP_DTB_COPY + VIRT_ADSP_DTB_SIZE == VIRT_ZAP_COPY &&
		       VIRT_ZAP_COPY + VIRT_ZAP_SIZE <= VIRT_COPIES + VIRT_COPIES_SIZE,
	       "the copies fit secure RAM, one behind the other");

#define SPI(number) (32 + (number))

const struct virt_wiring virt_wiring[VIRT_CORES] = {
	[VIRT_CORE_ADSP] = {
		.doorbell = SPI(VIRT_SPI_ADSP_DOORBELL),
		.smp2p_irq = SPI(VIRT_SPI_ADSP_SMP2P),
		.watchdog_irq = SPI(VIRT_SPI_ADSP_WDOG),
		.crash_item = VIRT_ADSP_CRASH_ITEM,
		.smp2p_in = VIRT_ADSP_SMP2P_IN,
		.smp2p_out = VIRT_ADSP_SMP2P_OUT,
		.smp2p_pid = VIRT_ADSP_SMP2P_PID,
	},
	[VIRT_CORE_CDSP] = {
		.doorbell = SPI(VIRT_SPI_CDSP_DOORBELL),
		.smp2p_irq = SPI(VIRT_SPI_CDSP_SMP2P),
		.watchdog_irq = SPI(VIRT_SPI_CDSP_WDOG),
		.crash_item = VIRT_CDSP_CRASH_ITEM,
		.smp2p_in = VIRT_CDSP_SMP2P_IN,
		.smp2p_out = VIRT_CDSP_SMP2P_OUT,
		.smp2p_pid = VIRT_CDSP_SMP2P_PID,
	},
	[VIRT_CORE_VIDEO] = {
		.doorbell = SPI(VIRT_SPI_VIDEO_DOORBELL),
		.smp2p_irq = SPI(VIRT_SPI_VIDEO_SMP2P),
		.watchdog_irq = SPI(VIRT_SPI_VIDEO_WDOG),
		.crash_item = VIRT_VIDEO_CRASH_ITEM,
		.smp2p_in = VIRT_VIDEO_SMP2P_IN,
		.smp2p_out = VIRT_VIDEO_SMP2P_OUT,
		.smp2p_pid = VIRT_VIDEO_SMP2P_PID,
	},
};

const struct pil_board_desc virt_desc = {
	.name = "virt",
	.peripherals = peripherals,
	.peripheral_count = COUNT(peripherals),
	.core_count = VIRT_CORES,
};

static const struct pil_stream_entry *stream_for(const struct pil_core_start *start, enum pil_stream_purpose purpose)
{
	for (unsigned int i = 0; i < start->stream_count; i++)
		if (start->streams[i].desc->purpose == purpose)
			return &start->streams[i];
	return NULL;
}

uint64_t virt_copy_of(struct pil_range carveout)
{
	for (unsigned int i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		if (copies[i].carveout == carveout.base && copies[i].size == carveout.size)
			return copies[i].copy;
	return 0;
}

static void add_grant(struct pil_shim_config *config, uint32_t window, struct pil_range range, uint64_t target,
		      uint32_t access)
{
	config->grant[config->grant_count++] = (struct pil_shim_grant){
		.pa = range.base,
		.size = range.size,
		.target = target,
		.access = access,
		.window = window,
	};
}

static int add_grants(struct pil_shim_config *config, uint32_t window, const struct pil_stream_entry *stream,
		      struct pil_why *why)
{
	if (stream->grant_count > PIL_SHIM_GRANTS - config->grant_count)
		return pil_fail(why, PIL_R_PAS_CORE_START, config->core, 3);
	for (unsigned int i = 0; i < stream->grant_count; i++)
		add_grant(config, window, stream->grants[i].range, stream->grants[i].range.base,
			  stream->grants[i].access);
	return 0;
}

/* streams of buffers, in their order, are behind windows */
static int add_windows(struct pil_shim_config *config, const struct pil_core_start *start, struct pil_why *why)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < start->stream_count; i++) {
		if (start->streams[i].desc->purpose != PIL_STREAM_BUFFERS)
			continue;
		if (config->window_count == PIL_SHIM_WINDOWS)
			return pil_fail(why, PIL_R_PAS_CORE_START, config->core, 4);
		config->window_sid[config->window_count++] = start->streams[i].desc->sid;
		err = add_grants(config, config->window_count, &start->streams[i], why);
	}
	return err;
}

/* what the shim says of the master, never what it lets the core do */
static void add_master(struct pil_shim_config *config, const struct pil_core_start *start)
{
	const struct pil_stream_entry *master = stream_for(start, PIL_STREAM_DMA_MASTER);

	if (!master)
		return;
	config->master_count = 1;
	config->master_sid = master->desc->sid;
	for (unsigned int i = 0; i < config->grant_count; i++) {
		struct pil_shim_grant *g = &config->grant[i];
		const struct pil_range range = { .base = g->pa, .size = g->size };

		for (unsigned int bit = PIL_GRANT_READ; bit <= PIL_GRANT_WRITE; bit <<= 1)
			if (pil_stream_allows(start->peripheral->carveout, master, range, bit))
				g->access |= bit << PIL_SHIM_MASTER_SHIFT;
	}
}

static void add_wiring(struct pil_shim_config *config, unsigned int core)
{
	const struct virt_wiring *w = &virt_wiring[core];

	config->core = core;
	config->ctrl = VIRT_CTRL + (uint64_t)core * VIRT_CTRL_SIZE;
	config->doorbell = w->doorbell;
	config->smp2p_irq = w->smp2p_irq;
	config->watchdog_irq = w->watchdog_irq;
	config->crash_item = w->crash_item;
	config->smp2p_in = w->smp2p_in;
	config->smp2p_out = w->smp2p_out;
	config->smp2p_pid = w->smp2p_pid;
}

int virt_shim_config(unsigned int core, const struct pil_core_start *start, struct pil_shim_config *config,
		     struct pil_why *why)
{
	const struct pil_stream_entry *stream = stream_for(start, PIL_STREAM_FIRMWARE);
	int err = 0;

	if (core >= VIRT_CORES)
		return pil_fail(why, PIL_R_PAS_CORE_START, core, 1);
	if (!stream)
		return pil_fail(why, PIL_R_PAS_CORE_START, core, 2);
	*config = (struct pil_shim_config){
		.magic = PIL_SHIM_MAGIC,
		.size = sizeof(*config),
		.entry = start->entry,
		.base = start->image.base,
		.image_size = start->image.size,
		.sid = stream->desc->sid,
	};
	add_wiring(config, core);
	/* the shim takes the first for the carve-out: only there it lets the core execute */
	add_grant(config, 0, start->peripheral->carveout, start->copy ? start->copy : start->peripheral->carveout.base,
		  PIL_SHIM_READ | PIL_SHIM_WRITE);
	err = add_grants(config, 0, stream, why);
	if (!err)
		err = add_windows(config, start, why);
	if (!err)
		add_master(config, start);
	return err;
}

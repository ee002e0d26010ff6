/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's description, and the orders that a core's shim gets of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pilot/ledger.h>
#include <pilot/wire/remote.h>
#include <virt/desc.h>
#include <virt/platform.h>

static struct pil_stream_ledger ledger;

/* the orders of a peripheral whose streams have the board's grants */
static struct pil_core_start start_of(uint32_t pas_id)
{
	struct pil_core_start start = { 0 };
	unsigned int i = 0;

	assert_int_equal(pil_streams_init(&ledger, &virt_desc, NULL), 0);
	while (i < virt_desc.peripheral_count && virt_desc.peripherals[i].pas_id != pas_id)
		i++;
	assert_true(i < virt_desc.peripheral_count);
	start.peripheral = &virt_desc.peripherals[i];
	start.streams = pil_streams_of(&ledger, i, &start.stream_count);
	return start;
}

static struct pil_core_start good_start(void)
{
	struct pil_core_start start = start_of(VIRT_ADSP_PAS_ID);

	start.entry = VIRT_ADSP_MEM + 0x100;
	start.image = (struct pil_range){ .base = VIRT_ADSP_MEM, .size = 0x8000 };
	return start;
}

/* each core has its own wiring, control page and stream: no two ring the same bell */
static void cores_share_nothing(void **state)
{
	static const uint32_t ids[VIRT_CORES] = { VIRT_ADSP_PAS_ID, VIRT_CDSP_PAS_ID, VIRT_VIDEO_PAS_ID };
	struct pil_shim_config c[VIRT_CORES] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < VIRT_CORES; i++) {
		struct pil_core_start start = start_of(ids[i]);

		assert_int_equal(start.peripheral->core, i);
		assert_int_equal(virt_shim_config(i, &start, &c[i], NULL), 0);
		assert_int_equal(c[i].core, i);
		assert_int_equal(c[i].grant[2].pa, c[i].ctrl);
		for (unsigned int j = 0; j < i; j++) {
			assert_true(c[i].sid != c[j].sid && c[i].ctrl != c[j].ctrl);
			assert_true(c[i].doorbell != c[j].doorbell && c[i].smp2p_irq != c[j].smp2p_irq);
			assert_true(c[i].watchdog_irq != c[j].watchdog_irq && c[i].crash_item != c[j].crash_item);
			assert_true(c[i].smp2p_in != c[j].smp2p_in && c[i].smp2p_out != c[j].smp2p_out);
			assert_true(c[i].smp2p_pid != c[j].smp2p_pid);
		}
	}
}

/* the lite variant is another image for the same core, at the same place, by the same wires */
static void lite_variant_has_the_cores_wiring(void **state)
{
	struct pil_core_start full = start_of(VIRT_ADSP_PAS_ID);
	struct pil_core_start lite = start_of(VIRT_ADSP_LITE_PAS_ID);
	struct pil_shim_config a, b;

	(void)state;
	assert_int_equal(virt_shim_config(VIRT_CORE_ADSP, &full, &a, NULL), 0);
	assert_int_equal(virt_shim_config(VIRT_CORE_ADSP, &lite, &b, NULL), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_not_equal(full.peripheral->sw_id, lite.peripheral->sw_id);
}

static void orders_grant_the_carve_out_first(void **state)
{
	struct pil_core_start start = good_start();
	struct pil_shim_config config;

	(void)state;
	assert_int_equal(virt_shim_config(0, &start, &config, NULL), 0);
	assert_int_equal(config.magic, PIL_SHIM_MAGIC);
	assert_int_equal(config.size, sizeof(config));
	assert_int_equal(config.entry, VIRT_ADSP_MEM + 0x100);
	assert_int_equal(config.base, VIRT_ADSP_MEM);
	assert_int_equal(config.image_size, 0x8000);
	assert_int_equal(config.sid, VIRT_ADSP_SID);
	assert_int_equal(config.doorbell, 32 + VIRT_SPI_ADSP_DOORBELL);
	assert_int_equal(config.smp2p_irq, 32 + VIRT_SPI_ADSP_SMP2P);
	assert_int_equal(config.watchdog_irq, 32 + VIRT_SPI_ADSP_WDOG);
	assert_int_equal(config.smp2p_in, VIRT_ADSP_SMP2P_IN);
	assert_int_equal(config.smp2p_out, VIRT_ADSP_SMP2P_OUT);
	assert_int_equal(config.grant_count, 7);
	assert_int_equal(config.grant[0].pa, VIRT_ADSP_MEM);
	assert_int_equal(config.grant[0].size, VIRT_ADSP_SIZE);
	assert_int_equal(config.grant[1].pa, VIRT_SMEM);
	assert_int_equal(config.grant[2].pa, VIRT_CTRL);
	assert_int_equal(config.grant[3].pa, VIRT_RTC);
	assert_int_equal(config.grant[4].pa, VIRT_DMA_SOURCE);
	assert_int_equal(config.grant[5].pa, VIRT_DMA_TARGET);
	assert_int_equal(config.grant[6].pa, VIRT_MASTER_REGS);
	for (unsigned int i = 0; i < config.grant_count; i++) {
		uint32_t access = i == 3 || i == 4 ? PIL_SHIM_READ : PIL_SHIM_READ | PIL_SHIM_WRITE;

		assert_int_equal(config.grant[i].target, config.grant[i].pa);
		assert_int_equal(config.grant[i].access, access | access << PIL_SHIM_MASTER_SHIFT);
	}
	assert_int_equal(config.master_count, 1);
	assert_int_equal(config.master_sid, VIRT_ADSP_MASTER_SID);
}

/* a core without one has orders that say nothing of one */
static void other_cores_have_no_master(void **state)
{
	struct pil_core_start start = start_of(VIRT_CDSP_PAS_ID);
	struct pil_shim_config config;

	(void)state;
	assert_int_equal(virt_shim_config(VIRT_CORE_CDSP, &start, &config, NULL), 0);
	assert_int_equal(config.master_count, 0);
	for (unsigned int i = 0; i < config.grant_count; i++)
		assert_int_equal(config.grant[i].access >> PIL_SHIM_MASTER_SHIFT, 0);
}

static void copy_is_where_the_carve_out_leads_and_nothing_else(void **state)
{
	struct pil_core_start start = good_start();
	struct pil_shim_config config;

	(void)state;
	start.copy = virt_copy_of(start.peripheral->carveout);
	assert_int_equal(start.copy, VIRT_ADSP_COPY);
	assert_int_equal(virt_shim_config(0, &start, &config, NULL), 0);
	assert_int_equal(config.grant[0].pa, VIRT_ADSP_MEM);
	assert_int_equal(config.grant[0].target, VIRT_ADSP_COPY);
	assert_int_equal(config.grant[0].size, VIRT_ADSP_SIZE);
	assert_int_equal(config.entry, VIRT_ADSP_MEM + 0x100);
	for (unsigned int i = 1; i < config.grant_count; i++)
		assert_int_equal(config.grant[i].target, config.grant[i].pa);
}

/* all at once, inside secure RAM, and one for each that is not the same memory */
static void every_carve_out_has_a_copy_of_its_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < virt_desc.peripheral_count; i++) {
		struct pil_range r = virt_desc.peripherals[i].carveout;
		struct pil_range copy = { virt_copy_of(r), r.size };

		assert_true(copy.base >= VIRT_COPIES);
		assert_true(copy.base + copy.size <= VIRT_COPIES + VIRT_COPIES_SIZE);
		for (unsigned int j = 0; j < i; j++) {
			struct pil_range s = virt_desc.peripherals[j].carveout;
			struct pil_range other = { virt_copy_of(s), s.size };

			assert_int_equal(pil_range_overlaps(copy, other), r.base == s.base);
		}
	}
	assert_int_equal(virt_copy_of((struct pil_range){ VIRT_ADSP_MEM, VIRT_ADSP_SIZE + 0x1000 }), 0);
	assert_int_equal(virt_copy_of((struct pil_range){ VIRT_ADSP_MEM + 0x1000, VIRT_ADSP_SIZE }), 0);
}

/* QEMU's secure RAM ends where it ends */
static void secure_ram_holds_everything(void **state)
{
	static const struct pil_range r[] = {
		{ VIRT_MONITOR_RAM, VIRT_MONITOR_SIZE },
		{ VIRT_SERVICE_RAM, VIRT_SERVICE_SIZE },
		{ VIRT_SHIM_SECURE, VIRT_COPIES - VIRT_SHIM_SECURE },
		{ VIRT_COPIES, VIRT_COPIES_SIZE },
	};
	uint64_t end = VIRT_SRAM;

	(void)state;
	for (unsigned int i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		assert_true(r[i].base >= end);
		end = r[i].base + r[i].size;
	}
	assert_true(end <= VIRT_SRAM + VIRT_SRAM_SIZE);
	assert_true(virt_desc.core_count * VIRT_SHIM_STRIDE <= VIRT_COPIES - VIRT_SHIM_SECURE);
	assert_true(virt_desc.core_count * VIRT_SHIM_STRIDE <= VIRT_SHIM_SIZE);
}

static void assert_refused(unsigned int core, const struct pil_core_start *start, uint64_t b)
{
	struct pil_shim_config config;
	struct pil_why why = { 0 };

	assert_int_equal(virt_shim_config(core, start, &config, &why), -PIL_EBOARD);
	assert_int_equal(why.reason, PIL_R_PAS_CORE_START);
	assert_int_equal(why.a, core);
	assert_int_equal(why.b, b);
}

static void orders_that_cannot_be_given(void **state)
{
	static const struct pil_grant grants[PIL_SHIM_GRANTS];
	const struct pil_stream_desc core = { .sid = 1 };
	const struct pil_stream_desc helper = { .purpose = PIL_STREAM_DMA_MASTER };
	const struct pil_stream_desc buffers = { .purpose = PIL_STREAM_BUFFERS };
	struct pil_stream_entry many[2 + PIL_SHIM_WINDOWS] = {
		{ .desc = &core }, { .desc = &buffers }, { .desc = &buffers }, { .desc = &buffers }
	};
	struct pil_stream_entry stream = { .desc = &core, .grants = grants, .grant_count = PIL_SHIM_GRANTS };
	struct pil_core_start start = good_start();

	(void)state;
	assert_refused(VIRT_CORES, &start, 1);
	start.streams = &stream;
	start.stream_count = 1;
	assert_refused(0, &start, 3);
	stream.desc = &helper;
	assert_refused(0, &start, 2);
	start.streams = many;
	start.stream_count = 2 + PIL_SHIM_WINDOWS;
	assert_refused(0, &start, 4);
	start.stream_count = 2;
	many[1].grant_count = PIL_SHIM_GRANTS;
	many[1].grants = grants;
	assert_refused(0, &start, 3);
}

/* buffers are behind windows, in the order of wire/remote.h; a stream's grants count for its own window alone */
static void video_core_has_windows(void **state)
{
	struct pil_core_start start = start_of(VIRT_VIDEO_PAS_ID);
	struct pil_shim_config config;

	(void)state;
	assert_int_equal(virt_shim_config(VIRT_CORE_VIDEO, &start, &config, NULL), 0);
	assert_int_equal(config.sid, VIRT_VIDEO_SID);
	assert_int_equal(config.window_count, 2);
	assert_int_equal(config.window_sid[PIL_REMOTE_WINDOW_NONPIXEL - 1], VIRT_VIDEO_NONPIXEL_SID);
	assert_int_equal(config.window_sid[PIL_REMOTE_WINDOW_PIXEL - 1], VIRT_VIDEO_PIXEL_SID);
	assert_int_equal(config.grant_count, 6);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(config.grant[i].window, 0);
	assert_int_equal(config.grant[3].pa, VIRT_VIDEO_QUEUE);
	assert_int_equal(config.grant[4].window, PIL_REMOTE_WINDOW_NONPIXEL);
	assert_int_equal(config.grant[4].pa, VIRT_VIDEO_TABLES);
	assert_int_equal(config.grant[4].access, PIL_SHIM_READ);
	assert_int_equal(config.grant[5].window, PIL_REMOTE_WINDOW_PIXEL);
	assert_int_equal(config.grant[5].pa, VIRT_VIDEO_FRAMES);
}

/* what a manifest took away is not among the orders; what it left is, with the access that it left */
static void manifest_narrows_the_orders(void **state)
{
	const struct pil_manifest manifest = {
		.count = 1,
		.entry = { { .sid = VIRT_ADSP_SID,
			     .access = PIL_MANIFEST_READ,
			     .range = { VIRT_SMEM + 0x1000, 0x2000 } } },
	};
	struct pil_grant grants[PIL_MANIFEST_MAX] = { 0 };
	struct pil_core_start start = good_start();
	struct pil_shim_config config;

	(void)state;
	assert_int_equal(pil_streams_narrow(&ledger, 0, &manifest, grants, NULL), 0);
	assert_int_equal(virt_shim_config(0, &start, &config, NULL), 0);
	assert_int_equal(config.grant_count, 2);
	assert_int_equal(config.grant[0].pa, VIRT_ADSP_MEM);
	assert_int_equal(config.grant[1].pa, VIRT_SMEM + 0x1000);
	assert_int_equal(config.grant[1].size, 0x2000);
	/* which it left to the core alone */
	assert_int_equal(config.grant[1].access, PIL_SHIM_READ);
	pil_streams_restore(&ledger, 0);
	assert_int_equal(virt_shim_config(0, &start, &config, NULL), 0);
	assert_int_equal(config.grant_count, 7);
}

/* nobody's memory lies in somebody else's, and all of it lies where every machine of this board has RAM */
static void regions_do_not_overlap(void **state)
{
	static const struct pil_range r[] = {
		{ VIRT_ADSP_MEM, VIRT_ADSP_SIZE },   { VIRT_CDSP_MEM, VIRT_CDSP_SIZE },
		{ VIRT_VIDEO_MEM, VIRT_VIDEO_SIZE }, { VIRT_ADSP_DTB_MEM, VIRT_ADSP_DTB_SIZE },
		{ VIRT_ZAP_MEM, VIRT_ZAP_SIZE },     { VIRT_SMEM, VIRT_SMEM_SIZE },
		{ VIRT_TCSR, VIRT_TCSR_SIZE },	     { VIRT_CTRL, VIRT_CORES * VIRT_CTRL_SIZE },
		{ VIRT_DMA_SOURCE, VIRT_DMA_SIZE },  { VIRT_DMA_TARGET, VIRT_DMA_SIZE },
		{ VIRT_SHIM, VIRT_SHIM_SIZE },
	};
	const unsigned int count = sizeof(r) / sizeof(r[0]);

	(void)state;
	for (unsigned int i = 0; i < count; i++) {
		assert_true(r[i].base >= VIRT_RAM && r[i].base + r[i].size <= VIRT_RAM + (uint64_t)VIRT_RAM_MIN);
		for (unsigned int j = i + 1; j < count; j++)
			assert_true(r[i].base + r[i].size <= r[j].base || r[j].base + r[j].size <= r[i].base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_grant_the_carve_out_first),
		cmocka_unit_test(other_cores_have_no_master),
		cmocka_unit_test(cores_share_nothing),
		cmocka_unit_test(lite_variant_has_the_cores_wiring),
		cmocka_unit_test(copy_is_where_the_carve_out_leads_and_nothing_else),
		cmocka_unit_test(every_carve_out_has_a_copy_of_its_own),
		cmocka_unit_test(secure_ram_holds_everything),
		cmocka_unit_test(orders_that_cannot_be_given),
		cmocka_unit_test(video_core_has_windows),
		cmocka_unit_test(manifest_narrows_the_orders),
		cmocka_unit_test(regions_do_not_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

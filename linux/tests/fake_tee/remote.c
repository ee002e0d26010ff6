// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the processors would do: a thread answers in their doorbell pages.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/remoteproc.h>
#include <linux/sizes.h>

#include <pilot/wire/doorbell.h>
#include <virt/platform.h>
#include <virt/tee_platform.h>

#include "fake_tee.h"

#define GICD_ISPENDR	0x200
#define FIRST_SPI	32
#define POLL_MS		5
#define VIRTIO_ID_RPMSG	7
#define RINGS		2
#define RING_ENTRIES	256
#define RING_ALIGN	4096
#define ANY_ADDRESS	0xffffffff

static const u64 pages[] = { VIRT_TEE_M33_DOORBELL, VIRT_TEE_M0_DOORBELL };
static const u32 to_linux[] = { VIRT_TEE_SPI_M33_DOORBELL,
				VIRT_TEE_SPI_M0_DOORBELL };
static const u32 wdogs[] = { VIRT_TEE_SPI_M33_WDOG, VIRT_TEE_SPI_M0_WDOG };

static void __iomem *page[FAKE_PROCESSORS];
static void __iomem *pending;
static struct task_struct *thread;

static void raise_spi(u32 spi)
{
	u32 id = spi + FIRST_SPI;

	writel(BIT(id % 32), pending + id / 32 * 4);
}

void fake_remote_wdog(u32 id)
{
	raise_spi(wdogs[id]);
}

/* like a program that answers at once, and tells Linux of a full queue */
static void answer(u32 id, u32 channel)
{
	void __iomem *from = page[id] + PIL_DOORBELL_FROM_CORE + 4 * channel;

	writel(readl(from) + 1, from);
	raise_spi(to_linux[id]);
}

static void look(u32 id)
{
	struct fake_processor *p = &fake.processor[id];
	u32 channel, count;

	for (channel = 0; channel < PIL_DOORBELL_CHANNELS; channel++) {
		count = readl(page[id] + PIL_DOORBELL_TO_CORE + 4 * channel);
		if (count == p->seen[channel])
			continue;
		p->seen[channel] = count;
		if (!p->silent && p->state == PIL_TEE_STATE_RUNNING)
			answer(id, channel);
	}
}

static int remote_fn(void *data)
{
	u32 id;

	while (!kthread_should_stop()) {
		for (id = 0; id < FAKE_PROCESSORS; id++)
			look(id);
		msleep(POLL_MS);
	}
	return 0;
}

/* a word of what Linux has put into memory that was granted */
u32 fake_remote_word(u32 id, u32 offset)
{
	static const u64 memory[] = { VIRT_TEE_M33_NS, VIRT_TEE_M0_NS };
	void *va = memremap(memory[id] + offset, sizeof(u32), MEMREMAP_WC);
	u32 word;

	if (!va)
		return 0;
	word = *(u32 *)va;
	memunmap(va);
	return word;
}

/* one virtio device for RPMsg, with two rings wherever Linux wants them */
void fake_remote_table(void)
{
	struct {
		struct resource_table table;
		u32 offset;
		u32 type;
		struct fw_rsc_vdev vdev;
		struct fw_rsc_vdev_vring ring[RINGS];
	} __packed image = {
		.table = { .ver = 1, .num = 1 },
		.offset = 20,
		.type = RSC_VDEV,
		.vdev = { .id = VIRTIO_ID_RPMSG, .dfeatures = 1,
			  .num_of_vrings = RINGS },
	};
	void *va;
	int i;

	BUILD_BUG_ON(sizeof(image) != FAKE_TABLE_SIZE);
	for (i = 0; i < RINGS; i++) {
		image.ring[i].da = ANY_ADDRESS;
		image.ring[i].align = RING_ALIGN;
		image.ring[i].num = RING_ENTRIES;
	}
	va = memremap(VIRT_TEE_IPC, sizeof(image), MEMREMAP_WC);
	if (!va)
		return;
	memcpy(va, &image, sizeof(image));
	memunmap(va);
}

static void unmap_all(void)
{
	int i;

	for (i = 0; i < FAKE_PROCESSORS; i++)
		if (page[i])
			iounmap(page[i]);
	if (pending)
		iounmap(pending);
}

int fake_remote_init(void)
{
	int i;

	pending = ioremap(VIRT_GICD + GICD_ISPENDR, SZ_128);
	for (i = 0; i < FAKE_PROCESSORS; i++)
		page[i] = ioremap(pages[i], PAGE_SIZE);
	if (!pending || !page[0] || !page[1]) {
		unmap_all();
		return -ENOMEM;
	}
	for (i = 0; i < FAKE_PROCESSORS; i++)
		memset_io(page[i], 0, 2 * 4 * PIL_DOORBELL_CHANNELS);
	thread = kthread_run(remote_fn, NULL, "pilot_fake_cores");
	if (IS_ERR(thread)) {
		unmap_all();
		return PTR_ERR(thread);
	}
	return 0;
}

void fake_remote_exit(void)
{
	kthread_stop(thread);
	unmap_all();
}

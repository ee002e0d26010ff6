// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the remoteproc and the events service answer when all is well. An image
 * is "FAKE", the number of its processor, and anything.
 */
#include <linux/highmem.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/tee_core.h>
#include <linux/vmalloc.h>

#include <virt/tee_platform.h>

#include "fake_tee.h"

#define IMAGE_MAGIC	0x454b4146
#define DUMP_BYTE	0xd5

static u32 first_ownership[FAKE_PROCESSORS] = { PIL_TEE_MANAGED,
						PIL_TEE_MANAGED };
module_param_array_named(ownership, first_ownership, uint, NULL, 0444);
static u32 first_state[FAKE_PROCESSORS];
module_param_array_named(state, first_state, uint, NULL, 0444);
static uint processors = FAKE_PROCESSORS;
module_param(processors, uint, 0444);

void fake_service_init(void)
{
	int i;

	for (i = 0; i < FAKE_PROCESSORS; i++) {
		fake.processor[i].ownership = first_ownership[i];
		fake.processor[i].state = first_state[i];
		if (first_state[i])
			fake_remote_table();
	}
}

/* the whole of what a client has shown, mapped */
static void *map_memory(const struct tee_param *param, void **base)
{
	struct tee_shm *shm = param->u.memref.shm;

	*base = NULL;
	if (shm->kaddr)
		return shm->kaddr + param->u.memref.shm_offs;
	*base = vmap(shm->pages, shm->num_pages, VM_MAP, PAGE_KERNEL);
	return *base ? *base + shm->offset + param->u.memref.shm_offs : NULL;
}

static bool is_memory(const struct tee_param *param, u64 type)
{
	return (param->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) == type &&
	       param->u.memref.shm;
}

static u32 put(struct tee_param *param, const void *data, size_t size)
{
	void *base, *to;

	if (!is_memory(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT))
		return FAKE_BAD_PARAMETERS;
	if (param->u.memref.size < size) {
		param->u.memref.size = size;
		return FAKE_SHORT_BUFFER;
	}
	to = map_memory(param, &base);
	if (!to)
		return FAKE_BAD_PARAMETERS;
	if (data)
		memcpy(to, data, size);
	else
		memset(to, DUMP_BYTE, size);
	vunmap(base);
	param->u.memref.size = size;
	return FAKE_SUCCESS;
}

static u32 get_processors(struct tee_param *param)
{
	static const char * const names[] = { "m33", "m0" };
	struct pil_tee_processor list[FAKE_PROCESSORS] = { };
	int i;

	for (i = 0; i < FAKE_PROCESSORS; i++) {
		list[i].id = cpu_to_le32(i);
		list[i].ownership = cpu_to_le32(fake.processor[i].ownership);
		list[i].state = cpu_to_le32(fake.processor[i].state);
		strscpy(list[i].name, names[i]);
	}
	return put(&param[0], list,
		   min_t(u32, processors, FAKE_PROCESSORS) * sizeof(*list));
}

static void set_region(struct pil_tee_region *region, const char *name, u64 pa,
		       u64 da, u64 size, u32 flags)
{
	strscpy(region->name, name);
	region->pa = cpu_to_le64(pa);
	region->da = cpu_to_le64(da);
	region->size = cpu_to_le64(size);
	region->flags = cpu_to_le32(flags);
}

static u32 get_regions(u32 id, struct tee_param *param)
{
	static const u64 ours[] = { VIRT_TEE_M33_MEM, VIRT_TEE_M0_MEM };
	static const u64 hosts[] = { VIRT_TEE_M33_NS, VIRT_TEE_M0_NS };
	static const u64 sizes[] = { VIRT_TEE_M33_MEM_SIZE,
				     VIRT_TEE_M0_MEM_SIZE };
	bool kernel = fake.processor[id].ownership == PIL_TEE_KERNEL;
	static const u64 bells[] = { VIRT_TEE_M33_DOORBELL,
				     VIRT_TEE_M0_DOORBELL };
	struct pil_tee_region region[3] = { };

	set_region(&region[0], "memory", kernel ? hosts[id] : ours[id],
		   VIRT_TEE_DA_MEM, sizes[id], PIL_TEE_REGION_CODE |
		   (fake.processor[id].granted ? PIL_TEE_REGION_HOST : 0));
	set_region(&region[1], "doorbell", bells[id], VIRT_TEE_DA_DOORBELL,
		   SZ_4K, PIL_TEE_REGION_HOST);
	set_region(&region[2], "ipc", VIRT_TEE_IPC, VIRT_TEE_DA_IPC,
		   VIRT_TEE_IPC_SIZE, PIL_TEE_REGION_HOST |
		   PIL_TEE_REGION_SHARED);
	return put(&param[1], region,
		   (id == VIRT_TEE_M33 ? 3 : 2) * sizeof(*region));
}

static u32 load(u32 id, struct tee_param *param)
{
	const u32 *image;
	u32 word[2] = { };
	void *base;

	if (!is_memory(&param[1], TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT))
		return FAKE_BAD_PARAMETERS;
	if (fake.processor[id].ownership != PIL_TEE_MANAGED)
		return FAKE_ACCESS_DENIED;
	if (fake.processor[id].state == PIL_TEE_STATE_LOADED)
		return FAKE_SUCCESS;
	if (fake.processor[id].state != PIL_TEE_STATE_OFF)
		return FAKE_BAD_STATE;
	image = map_memory(&param[1], &base);
	if (!image)
		return FAKE_BAD_PARAMETERS;
	if (param[1].u.memref.size >= sizeof(word))
		memcpy(word, image, sizeof(word));
	vunmap(base);
	if (word[0] != IMAGE_MAGIC)
		return FAKE_BAD_FORMAT;
	if (word[1] != id)
		return FAKE_SECURITY;
	if (id == VIRT_TEE_M33)
		fake_remote_table();
	fake.processor[id].state = PIL_TEE_STATE_LOADED;
	return FAKE_SUCCESS;
}

static u32 get_table(u32 id, struct tee_param *param)
{
	bool there = id == VIRT_TEE_M33;

	if (fake.processor[id].state == PIL_TEE_STATE_OFF)
		return FAKE_BAD_STATE;
	param[1].u.value.a = there ? VIRT_TEE_IPC : 0;
	param[1].u.value.b = 0;
	param[2].u.value.a = there ? FAKE_TABLE_SIZE : 0;
	param[2].u.value.b = 0;
	return FAKE_SUCCESS;
}

static u32 get_dump(u32 id, struct tee_param *param)
{
	if (!fake_dump)
		return FAKE_ACCESS_DENIED;
	return put(&param[1], NULL, id == VIRT_TEE_M33 ?
		   VIRT_TEE_M33_MEM_SIZE : VIRT_TEE_M0_MEM_SIZE);
}

static u32 change(struct fake_processor *p, u32 from, u32 to)
{
	if (p->state != from)
		return FAKE_BAD_STATE;
	p->state = to;
	return FAKE_SUCCESS;
}

static u32 release(struct fake_processor *p)
{
	if (p->state == PIL_TEE_STATE_RUNNING ||
	    p->state == PIL_TEE_STATE_INHERITED)
		return FAKE_BAD_STATE;
	p->state = PIL_TEE_STATE_OFF;
	p->granted = false;
	return FAKE_SUCCESS;
}

static u32 grant(struct fake_processor *p)
{
	if (p->ownership != PIL_TEE_KERNEL)
		return FAKE_ACCESS_DENIED;
	if (p->state != PIL_TEE_STATE_OFF)
		return FAKE_BAD_STATE;
	p->granted = true;
	return FAKE_SUCCESS;
}

static u32 run(u32 id, struct tee_param *param)
{
	struct fake_processor *p = &fake.processor[id];

	if (!p->granted || p->state != PIL_TEE_STATE_OFF)
		return FAKE_BAD_STATE;
	if (param[1].u.value.b || param[1].u.value.a < VIRT_TEE_DA_MEM ||
	    param[1].u.value.a - VIRT_TEE_DA_MEM >= VIRT_TEE_M0_MEM_SIZE)
		return FAKE_BAD_PARAMETERS;
	p->entry = param[1].u.value.a - VIRT_TEE_DA_MEM;
	pr_info("pilot_fake_tee: processor %u runs %#x\n", id,
		fake_remote_word(id, p->entry));
	p->state = PIL_TEE_STATE_RUNNING;
	return FAKE_SUCCESS;
}

static u32 stop(struct fake_processor *p)
{
	p->state = PIL_TEE_STATE_OFF;
	p->granted = false;
	return FAKE_SUCCESS;
}

static u32 get_state(struct fake_processor *p, struct tee_param *param)
{
	param[1].u.value.a = p->state;
	param[1].u.value.b = 0;
	return FAKE_SUCCESS;
}

static u32 invoke(u32 id, u32 func, struct tee_param *param)
{
	struct fake_processor *p = &fake.processor[id];

	switch (func) {
	case PIL_TEE_RPROC_LOAD:
		return load(id, param);
	case PIL_TEE_RPROC_START:
		return change(p, PIL_TEE_STATE_LOADED, PIL_TEE_STATE_RUNNING);
	case PIL_TEE_RPROC_STOP:
		return stop(p);
	case PIL_TEE_RPROC_GET_RSC_TABLE:
		return get_table(id, param);
	case PIL_TEE_RPROC_GET_COREDUMP:
		return get_dump(id, param);
	case PIL_TEE_RPROC_RELEASE:
		return release(p);
	case PIL_TEE_RPROC_STATE:
		return get_state(p, param);
	case PIL_TEE_RPROC_REGIONS:
		return get_regions(id, param);
	case PIL_TEE_RPROC_ATTACH:
		return change(p, PIL_TEE_STATE_INHERITED,
			      PIL_TEE_STATE_RUNNING);
	case PIL_TEE_RPROC_DETACH:
		return change(p, PIL_TEE_STATE_RUNNING,
			      PIL_TEE_STATE_INHERITED);
	case PIL_TEE_RPROC_GRANT:
		return grant(p);
	case PIL_TEE_RPROC_RUN:
		return run(id, param);
	default:
		return FAKE_BAD_PARAMETERS;
	}
}

u32 fake_invoke(const struct fake_session *session, u32 func,
		struct tee_param *param)
{
	if (fake_upstream && func > PIL_TEE_RPROC_RELEASE)
		return FAKE_BAD_PARAMETERS;
	if (func == PIL_TEE_RPROC_PROCESSORS)
		return get_processors(param);
	if (session->id == FAKE_NO_ID || param[0].u.value.a != session->id)
		return FAKE_ACCESS_DENIED;
	return invoke(session->id, func, param);
}

/* blocks without the lock, as the real one does not keep others away */
u32 fake_wait(const struct fake_session *session, struct tee_param *param)
{
	u64 id = param[0].u.value.a;
	struct fake_processor *p;

	if (id >= FAKE_PROCESSORS)
		return FAKE_BAD_PARAMETERS;
	p = &fake.processor[id];
	wait_event_timeout(fake.changed, READ_ONCE(p->event),
			   msecs_to_jiffies(param[0].u.value.b));
	guard(mutex)(&fake.lock);
	fake.calls[0]++;
	param[1].u.value.a = p->event;
	param[1].u.value.b = p->event_count;
	p->event = PIL_TEE_EVENT_NONE;
	return FAKE_SUCCESS;
}

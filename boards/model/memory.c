/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's memory and its firewall, as the host sees them. */
#include <string.h>

#include "model.h"

uint8_t *model_memory(struct model *m, struct pil_range r)
{
	for (unsigned int i = 0; i < m->regions; i++)
		if (pil_range_contains(m->region[i].range, r))
			return m->region[i].bytes + (r.base - m->region[i].range.base);
	return NULL;
}

bool model_is_locked(const struct model *m, struct pil_range r)
{
	for (unsigned int i = 0; i < PIL_MAX_PERIPHERALS; i++)
		if (m->locked[i].size && pil_range_overlaps(m->locked[i], r))
			return true;
	return false;
}

static uint32_t access_of(const struct model_assigned *a, uint32_t vm)
{
	for (unsigned int i = 0; i < a->count; i++)
		if (a->vm[i].id == vm)
			return a->vm[i].access;
	return 0;
}

/* of a range that is partly assigned every part has to allow it */
bool model_vm_reaches(const struct model *m, uint32_t vm, struct pil_range r, uint32_t access)
{
	bool assigned = false;

	for (unsigned int i = 0; i < MODEL_ASSIGNED; i++) {
		if (!m->assigned[i].range.size || !pil_range_overlaps(m->assigned[i].range, r))
			continue;
		if ((access_of(&m->assigned[i], vm) & access) != access)
			return false;
		assigned = assigned || pil_range_contains(m->assigned[i].range, r);
	}
	return vm == PIL_VM_HOST || assigned;
}

bool model_video_reaches(const struct model *m, uint64_t iova, bool pixel)
{
	struct pil_range r = { .base = iova, .size = 1 };

	return m->video_set && pil_range_contains(pixel ? m->video.pixel : m->video.nonpixel, r);
}

/* the first byte is, and each is like the one before it */
static bool is_zero(const uint8_t *bytes, uint64_t size)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, (size_t)size - 1);
}

bool model_is_zero(struct model *m, struct pil_range r)
{
	const uint8_t *bytes = model_memory(m, r);

	return bytes && is_zero(bytes, r.size);
}

/* peripherals that share a carve-out share its copy: the first of them has it */
static struct model_region *copy_of(struct model *m, unsigned int peripheral)
{
	const struct pil_peripheral_desc *p = m->board.desc->peripherals;

	for (unsigned int i = 0; i <= peripheral; i++)
		if (m->copy[i].bytes && p[i].carveout.base == p[peripheral].carveout.base)
			return &m->copy[i];
	return NULL;
}

uint8_t *model_copy(struct model *m, unsigned int peripheral)
{
	struct model_region *copy = copy_of(m, peripheral);

	return copy ? copy->bytes : NULL;
}

bool model_copy_is_zero(struct model *m, unsigned int peripheral)
{
	const struct model_region *copy = copy_of(m, peripheral);

	return !copy || is_zero(copy->bytes, copy->range.size);
}

const uint8_t *model_core_bytes(struct model *m, unsigned int core)
{
	const struct pil_core_start *start = &m->core[core].start;
	uint64_t offset = 0;

	if (!start->peripheral)
		return NULL;
	offset = start->image.base - start->peripheral->carveout.base;
	for (unsigned int i = 0; i < PIL_MAX_PERIPHERALS; i++)
		if (start->copy && m->copy[i].bytes && m->copy[i].range.base == start->copy)
			return m->copy[i].bytes + offset;
	return start->copy ? NULL : model_memory(m, start->image);
}

bool model_host_write(struct model *m, uint64_t address, const void *data, size_t size)
{
	struct pil_range r = { .base = address, .size = size };
	bool allowed = !model_is_locked(m, r) && model_vm_reaches(m, PIL_VM_HOST, r, PIL_VM_WRITE);
	uint8_t *bytes = allowed ? model_memory(m, r) : NULL;

	if (bytes)
		memcpy(bytes, data, size);
	return bytes != NULL;
}

bool model_host_read(struct model *m, uint64_t address, void *data, size_t size)
{
	struct pil_range r = { .base = address, .size = size };
	bool allowed = !model_is_locked(m, r) && model_vm_reaches(m, PIL_VM_HOST, r, PIL_VM_READ);
	const uint8_t *bytes = allowed ? model_memory(m, r) : NULL;

	if (bytes)
		memcpy(data, bytes, size);
	return bytes != NULL;
}

static bool stream_grants(const struct model_stream *s, struct pil_range r, unsigned int access)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (pil_range_contains(s->grant[i].range, r) && !(access & ~s->grant[i].access))
			return true;
	return false;
}

bool model_stream_reaches(const struct model *m, uint32_t sid, struct pil_range r, unsigned int access)
{
	for (unsigned int i = 0; i < PIL_MAX_CORES; i++) {
		const struct model_core *core = &m->core[i];

		for (unsigned int j = 0; core->state == PIL_CORE_RUNNING && j < core->streams; j++) {
			const struct model_stream *s = &core->stream[j];

			if ((sid ^ s->sid) & ~s->mask)
				continue;
			return stream_grants(s, r, access) || pil_range_contains(core->start.peripheral->carveout, r);
		}
	}
	return false;
}

bool model_master_is_on(const struct model *m, uint32_t sid)
{
	for (unsigned int i = 0; i < MODEL_MASTERS; i++)
		if (m->master[i].sid == sid)
			return m->master[i].on;
	return false;
}

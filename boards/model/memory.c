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

bool model_is_zero(struct model *m, struct pil_range r)
{
	const uint8_t *bytes = model_memory(m, r);

	/* the first byte is, and each is like the one before it */
	return bytes && !bytes[0] && !memcmp(bytes, bytes + 1, (size_t)r.size - 1);
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

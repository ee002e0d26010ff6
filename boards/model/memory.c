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

bool model_is_zero(struct model *m, struct pil_range r)
{
	const uint8_t *bytes = model_memory(m, r);

	/* the first byte is, and each is like the one before it */
	return bytes && !bytes[0] && !memcmp(bytes, bytes + 1, (size_t)r.size - 1);
}

bool model_host_write(struct model *m, uint64_t address, const void *data, size_t size)
{
	struct pil_range r = { .base = address, .size = size };
	uint8_t *bytes = model_is_locked(m, r) ? NULL : model_memory(m, r);

	if (bytes)
		memcpy(bytes, data, size);
	return bytes != NULL;
}

bool model_host_read(struct model *m, uint64_t address, void *data, size_t size)
{
	struct pil_range r = { .base = address, .size = size };
	const uint8_t *bytes = model_is_locked(m, r) ? NULL : model_memory(m, r);

	if (bytes)
		memcpy(data, bytes, size);
	return bytes != NULL;
}

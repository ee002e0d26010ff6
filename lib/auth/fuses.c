/* SPDX-License-Identifier: BSD-2-Clause */
/* The fuse block (include/pilot/wire/fuses.h). */
#include <string.h>

#include <pilot/cursor.h>
#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

_Static_assert(PIL_FUSES_ROOTS == PIL_MAX_ROOTS && PIL_FUSES_HASH == PIL_ROOT_HASH_SIZE, "block and device agree");

static int check_start(struct pil_cursor *c, struct pil_why *why)
{
	uint32_t magic = pil_cursor_u32(c);
	uint32_t version = pil_cursor_u32(c);
	uint32_t size = pil_cursor_u32(c);

	if (magic != PIL_FUSES_MAGIC)
		return pil_fail(why, PIL_R_FUSES_MAGIC, magic, PIL_FUSES_MAGIC);
	if (version != PIL_FUSES_VERSION || size != sizeof(struct pil_fuses))
		return pil_fail(why, PIL_R_FUSES_VERSION, version, size);
	return 0;
}

static void read_fields(struct pil_cursor *c, struct pil_device *device)
{
	device->soc_version = pil_cursor_u32(c);
	device->jtag_id = pil_cursor_u32(c);
	device->oem_id = pil_cursor_u32(c);
	device->model_id = pil_cursor_u32(c);
	device->root_count = pil_cursor_u32(c);
	device->serial = pil_cursor_u64(c);
	pil_cursor_skip(c, sizeof(uint64_t));	/* reserved */
}

int pil_fuses_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	int ret = 0;

	*device = (struct pil_device){ 0 };
	if (size < sizeof(struct pil_fuses))
		return pil_fail(why, PIL_R_TRUNCATED, size, sizeof(struct pil_fuses));
	pil_cursor_init(&c, data, sizeof(struct pil_fuses));
	ret = check_start(&c, why);
	if (ret)
		return ret;
	read_fields(&c, device);
	if (device->root_count < 1 || device->root_count > PIL_MAX_ROOTS) {
		ret = pil_fail(why, PIL_R_FUSES_ROOTS, device->root_count, PIL_MAX_ROOTS);
		*device = (struct pil_device){ 0 };
		return ret;
	}
	memcpy(device->root_hash, (const uint8_t *)data + offsetof(struct pil_fuses, root_hash),
	       sizeof(device->root_hash));
	return 0;
}

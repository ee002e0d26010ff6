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

static const char *const life_names[] = { "?", "open", "secure", "rma" };

_Static_assert(PIL_FUSES_LIFE_OPEN == PIL_LIFE_OPEN && PIL_FUSES_LIFE_SECURE == PIL_LIFE_SECURE &&
		       PIL_FUSES_LIFE_RMA == PIL_LIFE_RMA,
	       "block and device name life cycles alike");
_Static_assert(PIL_FUSES_DEBUG_COREDUMP == PIL_DEBUG_COREDUMP && PIL_FUSES_DEBUG_IMAGE == PIL_DEBUG_IMAGE,
	       "block and device name debug policies alike");

const char *pil_life_name(enum pil_life life)
{
	return life_names[(unsigned int)life <= PIL_LIFE_RMA ? life : 0];
}

static void read_fields(struct pil_cursor *c, struct pil_device *device)
{
	device->soc_version = pil_cursor_u32(c);
	device->jtag_id = pil_cursor_u32(c);
	device->oem_id = pil_cursor_u32(c);
	device->model_id = pil_cursor_u32(c);
	device->root_count = pil_cursor_u32(c);
	device->serial = pil_cursor_u64(c);
	device->life_cycle = (enum pil_life)pil_cursor_u32(c);
	device->debug = pil_cursor_u32(c);
	device->root_active = pil_cursor_u32(c);
	device->root_revoked = pil_cursor_u32(c);
}

static int check_roots(const struct pil_device *device, struct pil_why *why)
{
	const uint32_t none = ~((1u << device->root_count) - 1u);

	if ((device->root_active | device->root_revoked) & none)
		return pil_fail(why, PIL_R_FUSES_ROOT_BITS, device->root_active, device->root_revoked);
	for (unsigned int i = 0; i < PIL_MAX_ROOTS; i++) {
		uint8_t any = 0;

		for (unsigned int at = 0; at < PIL_ROOT_HASH_SIZE; at++)
			any |= device->root_hash[i][at];
		if ((any != 0) != (i < device->root_count))
			return pil_fail(why, PIL_R_FUSES_ROOT_HASH, i, 0);
	}
	return 0;
}

static int check_policy(const struct pil_device *device, struct pil_why *why)
{
	const bool field = device->life_cycle == PIL_LIFE_SECURE;

	if (device->life_cycle < PIL_LIFE_OPEN || device->life_cycle > PIL_LIFE_RMA)
		return pil_fail(why, PIL_R_FUSES_LIFE, device->life_cycle, 0);
	if (device->debug & ~PIL_FUSES_DEBUG_BITS || (field && device->debug & PIL_DEBUG_IMAGE))
		return pil_fail(why, PIL_R_FUSES_DEBUG, device->debug, device->life_cycle);
	return 0;
}

static int read_block(struct pil_cursor *c, const uint8_t *data, struct pil_device *device, struct pil_why *why)
{
	uint64_t reserved = 0;
	int ret = check_start(c, why);

	if (ret)
		return ret;
	read_fields(c, device);
	reserved = pil_cursor_u64(c);
	memcpy(device->root_hash, data + offsetof(struct pil_fuses, root_hash), sizeof(device->root_hash));
	if (device->root_count < 1 || device->root_count > PIL_MAX_ROOTS)
		return pil_fail(why, PIL_R_FUSES_ROOTS, device->root_count, PIL_MAX_ROOTS);
	if (reserved)
		return pil_fail(why, PIL_R_FUSES_RESERVED, reserved, 0);
	ret = check_roots(device, why);
	return ret ? ret : check_policy(device, why);
}

int pil_fuses_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	int ret = 0;

	*device = (struct pil_device){ 0 };
	if (size < sizeof(struct pil_fuses))
		return pil_fail(why, PIL_R_TRUNCATED, size, sizeof(struct pil_fuses));
	pil_cursor_init(&c, data, sizeof(struct pil_fuses));
	ret = read_block(&c, data, device, why);
	if (ret)
		*device = (struct pil_device){ 0 };
	return ret;
}

static bool is_blank(uint32_t word)
{
	return word == 0 || word == UINT32_MAX;
}

static int read_keys(struct pil_cursor *c, const uint8_t *hash, struct pil_device *device, struct pil_why *why)
{
	uint32_t magic = pil_cursor_u32(c);
	uint32_t version = pil_cursor_u32(c);
	uint32_t size = pil_cursor_u32(c);
	uint32_t policy = pil_cursor_u32(c);
	uint8_t any = 0;

	if (is_blank(magic))
		return 0;
	if (magic != PIL_FUSES_KEYS_MAGIC)
		return pil_fail(why, PIL_R_FUSES_MAGIC, magic, PIL_FUSES_KEYS_MAGIC);
	if (version != PIL_FUSES_KEYS_VERSION || size != sizeof(struct pil_fuses_keys))
		return pil_fail(why, PIL_R_FUSES_VERSION, version, size);
	if (policy & ~PIL_FUSES_KEYS_LOOSE)
		return pil_fail(why, PIL_R_FUSES_KEY_POLICY, policy, 0);
	for (unsigned int i = 0; i < PIL_FUSES_HASH; i++)
		any |= hash[i];
	if (!any)
		return pil_fail(why, PIL_R_FUSES_KEY_HASH, 0, 0);
	memcpy(device->key_hash, hash, PIL_FUSES_HASH);
	device->loose_containers = policy & PIL_FUSES_KEYS_LOOSE;
	device->has_key = true;
	return 0;
}

int pil_fuses_keys_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why)
{
	const uint8_t *keys = (const uint8_t *)data + PIL_FUSES_KEYS_OFFSET;
	struct pil_cursor c = { 0 };

	device->has_key = false;
	device->loose_containers = false;
	memset(device->key_hash, 0, sizeof(device->key_hash));
	if (size < PIL_FUSES_KEYS_OFFSET + sizeof(struct pil_fuses_keys))
		return 0;
	pil_cursor_init(&c, keys, sizeof(struct pil_fuses_keys));
	return read_keys(&c, keys + offsetof(struct pil_fuses_keys, container_key), device, why);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuse blocks. */
#include <string.h>

#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

#include "fuzz.h"

static void read_keys(const uint8_t *data, size_t size)
{
	static const uint8_t zero[PIL_ROOT_HASH_SIZE];
	struct pil_device device = { .has_key = true };
	struct pil_why why = { 0 };
	int ret = pil_fuses_keys_parse(data, size, &device, &why);

	fuzz_check_result(ret, &why);
	FUZZ_CHECK(!ret || !device.has_key);
	FUZZ_CHECK(device.has_key == (memcmp(device.key_hash, zero, sizeof(zero)) != 0));
	FUZZ_CHECK(device.has_key || !device.loose_containers);
	FUZZ_CHECK(!device.has_key || size >= sizeof(struct pil_fuses_all));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pil_device zero = { 0 };
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_fuses_parse(data, size, &device, &why);

	fuzz_check_result(ret, &why);
	read_keys(data, size);
	if (ret) {
		FUZZ_CHECK(!memcmp(&device, &zero, sizeof(device)));
		return 0;
	}
	FUZZ_CHECK(size >= sizeof(struct pil_fuses));
	FUZZ_CHECK(device.root_count >= 1 && device.root_count <= PIL_MAX_ROOTS);
	FUZZ_CHECK(!((device.root_active | device.root_revoked) >> device.root_count));
	FUZZ_CHECK(device.life_cycle >= PIL_LIFE_OPEN && device.life_cycle <= PIL_LIFE_RMA);
	FUZZ_CHECK(!memcmp(device.root_hash, data + offsetof(struct pil_fuses, root_hash), sizeof(device.root_hash)));
	return 0;
}

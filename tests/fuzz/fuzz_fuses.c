/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuse blocks. */
#include <string.h>

#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pil_device zero = { 0 };
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_fuses_parse(data, size, &device, &why);

	fuzz_check_result(ret, &why);
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

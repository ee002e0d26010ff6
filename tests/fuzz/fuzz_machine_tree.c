/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree that the machine hands to the monitor. */
#include "../../boards/virt/monitor/machine_tree.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint64_t untouched = UINT64_C(0x5a5a5a5a5a5a5a5a);
	uint64_t base = untouched;
	uint64_t bytes = untouched;
	int ret = machine_tree_memory(data, size, &base, &bytes);

	FUZZ_CHECK(!ret || ret == -1);
	FUZZ_CHECK(!ret || (base == untouched && bytes == untouched));
	return 0;
}

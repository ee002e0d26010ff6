/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory after the host wrote into it: the input lies over the partition, from its header on. Whatever it says, only
 * the item that is meant is written to, and all in the partition.
 */
#include <string.h>

#include <virt/platform.h>
#include <virt/smem.h>

#include "fuzz.h"

#define PART	    0x4000u
#define PART_SIZE   0x180000u
#define FIRST_DATA  (PART + 32u + 16u)
#define SMP2P_SIZE  340u
#define SMP2P_VALUE 36u

static uint8_t *smem;
static uint8_t *before;

/* the item's place; false: there is none */
static bool find(unsigned int item, uint32_t *offset, uint32_t *size)
{
	if (!virt_smem_find(smem, item, offset, size))
		return false;
	FUZZ_CHECK(*offset >= FIRST_DATA && *offset % 8 == 0 && *size % 8 == 0);
	FUZZ_CHECK(*offset <= PART + PART_SIZE && *size <= PART + PART_SIZE - *offset);
	return true;
}

/* nothing but the item has changed since the last look */
static void check_rest(uint32_t offset, uint32_t size)
{
	FUZZ_CHECK(!memcmp(smem, before, offset));
	FUZZ_CHECK(!memcmp(smem + offset + size, before + offset + size, VIRT_SMEM_SIZE - offset - size));
	memcpy(before + offset, smem + offset, size);
}

static void write_text(void)
{
	static const char text[] = "fatal error: a text that may be longer than the item";
	uint32_t offset = 0;
	uint32_t size = 0;
	bool found = find(VIRT_ADSP_CRASH_ITEM, &offset, &size);

	FUZZ_CHECK(virt_smem_text(smem, VIRT_ADSP_CRASH_ITEM, text) == (found && size));
	check_rest(found ? offset : 0, found ? size : 0);
	FUZZ_CHECK(!found || !size || memchr(smem + offset, 0, size));
}

/* the value of processor @item, wherever it is; 0: there is none */
static uint32_t value_of(unsigned int item)
{
	uint32_t offset = 0;
	uint32_t size = 0;
	uint32_t value = 0;

	if (find(item, &offset, &size) && size >= SMP2P_SIZE)
		memcpy(&value, smem + offset + SMP2P_VALUE, sizeof(value));
	return value;
}

static void use_smp2p(unsigned int in, unsigned int out)
{
	uint32_t offset = 0;
	uint32_t size = 0;
	bool found = find(in, &offset, &size) && size >= SMP2P_SIZE;

	if (!found)
		offset = size = 0;
	FUZZ_CHECK(virt_smp2p_value(smem, out) == value_of(out));
	FUZZ_CHECK(virt_smp2p_publish(smem, in, out, 2) == found);
	FUZZ_CHECK(virt_smp2p_raise(smem, in, 2) == found);
	check_rest(offset, size);
	FUZZ_CHECK(!found || value_of(in) & 4);
	FUZZ_CHECK(virt_smp2p_rest(smem, in) == found);
	check_rest(offset, size);
	FUZZ_CHECK(!value_of(in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *fresh;

	if (!fresh) {
		fresh = aligned_alloc(4096, VIRT_SMEM_SIZE);
		smem = aligned_alloc(4096, VIRT_SMEM_SIZE);
		before = aligned_alloc(4096, VIRT_SMEM_SIZE);
		FUZZ_CHECK(fresh && smem && before);
		virt_smem_init(fresh);
	}
	if (size > PART_SIZE)
		return 0;
	memcpy(smem, fresh, VIRT_SMEM_SIZE);
	memcpy(smem + PART, data, size);
	memcpy(before, smem, VIRT_SMEM_SIZE);
	write_text();
	use_smp2p(VIRT_ADSP_SMP2P_IN, VIRT_ADSP_SMP2P_OUT);
	use_smp2p(VIRT_CDSP_SMP2P_IN, VIRT_CDSP_SMP2P_OUT);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host writes stream tables and page tables as it likes. Input: registers, StreamID, address, then the memory that they
 * lead into. A lookup must end after a bounded number of reads, and a leaf must be what its level says.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/smmu.h>
#include <pilot/vmsa.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define READS_MAX 9u /* L1STD, STE, three words of a CD, four levels */

struct image {
	const uint8_t *bytes;
	size_t size;
	unsigned int reads;
};

struct input {
	uint64_t strtab_base;
	uint32_t strtab_cfg;
	uint32_t sid;
	uint64_t va;
};

static int image_read64(void *ctx, uint64_t pa, uint64_t *value)
{
	struct image *image = ctx;

	if (++image->reads > READS_MAX)
		abort();
	if (image->size < 8 || pa > image->size - 8)
		return -1;
	memcpy(value, image->bytes + pa, 8);
	return 0;
}

static void check_leaf(const struct pil_leaf *leaf, uint64_t va)
{
	if (leaf->level < 1 || leaf->level > 3 || leaf->size != 1ull << (39 - 9 * leaf->level))
		abort();
	if ((leaf->pa & (leaf->size - 1)) != (va & (leaf->size - 1)) || leaf->pa >> 48)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { 0 };
	struct image image = { 0 };
	struct pil_phys phys = { .read64 = image_read64, .ctx = &image };
	struct pil_smmu_regs regs = { .cr0 = 1 };
	struct pil_stream_table table = { 0 };
	struct pil_leaf leaf = { 0 };

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	image.bytes = data + sizeof(in);
	image.size = size - sizeof(in);
	regs.strtab_base = in.strtab_base;
	regs.strtab_cfg = in.strtab_cfg;
	if (pil_smmu_stream(&phys, &regs, in.sid, &table, NULL) == 0 &&
	    pil_vmsa_walk(&phys, table.ttb, table.t0sz, in.va, &leaf, NULL) == 0)
		check_leaf(&leaf, in.va);
	/* and the walk alone, which the first rarely reaches */
	image.reads = 0;
	if (pil_vmsa_walk(&phys, in.strtab_base, in.strtab_cfg & 0x3f, in.va, &leaf, NULL) == 0)
		check_leaf(&leaf, in.va);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Lengths that disagree: with each other, with the memory, with what is there. */
#include <string.h>

#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"

#define PAGE  SCRATCH
#define TABLE (SCRATCH + 0x1000)
#define OUT   (SCRATCH + 0x2000)
#define FILL  0x5a

/* ELF32, as in the small image: offsets of fields */
#define E_PHNUM	   44u
#define PHDR_HASH  (52u + 32u)
#define P_FILESZ   16u
#define P_MEMSZ	   20u
#define HASH_TABLE 20u /* of the hash segment: bytes of the table */
#define HASH_CERTS 36u /* bytes of the OEM's certificates */
#define HEADERS	   (52u + 5u * 32u)

static int64_t get_table(uint64_t in_size, uint64_t out_size, struct scm_call *c)
{
	table_page(PAGE, OUT, out_size);
	memset((void *)TABLE, 0, 0x1000);
	memset((void *)OUT, FILL, 0x2000);
	prepare_table(c, PAGE, TABLE, in_size);
	return scm_complete(c);
}

static bool untouched(uint64_t from, uint64_t to)
{
	for (; from < to && *(const volatile uint8_t *)from == FILL; from++)
		;
	return same("the first byte that was written", (int64_t)from, (int64_t)to);
}

static bool small_answer(void)
{
	struct scm_call c = { 0 };
	uint64_t size = 0, needed = 0;

	if (!same("a large buffer", get_table(16, 0x1000, &c), 0))
		return false;
	needed = c.out.x[3];
	for (size = 0; size < needed; size++)
		if (!same("a buffer too small", get_table(16, size, &c), PIL_SCM_EINVAL) ||
		    !same("result 1", (int64_t)c.out.x[2], PIL_SCM_RSCTABLE_BUFFER_NOT_SUFFICIENT) ||
		    !untouched(OUT, OUT + 0x2000))
			return false;
	return same("a buffer that fits", get_table(16, needed, &c), 0) && untouched(OUT + needed, OUT + 0x2000);
}

static bool huge_sizes(void)
{
	static const uint64_t sizes[] = {
		2049,	   0x10000, UINT64_C(1) << 31, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 16, UINT64_C(1) << 63,
		UINT64_MAX
	};
	struct scm_call c = { 0 };
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		good = same("a table of the host's", get_table(sizes[i], 0x1000, &c), PIL_SCM_EADDR) &&
		       untouched(OUT, OUT + 0x2000) && good;
	return same("an empty table", get_table(0, 0x1000, &c) != 0, true) && untouched(OUT, OUT + 0x2000) && good;
}

static bool answer_larger_than_memory(void)
{
	static const uint64_t sizes[] = { UINT64_C(0x80000000), UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX };
	struct scm_call c = { 0 };
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		good = same("a buffer of all memory", get_table(16, sizes[i], &c), PIL_SCM_EADDR) &&
		       untouched(OUT, OUT + 0x2000) && good;
	return good;
}

/* Return: INIT_IMAGE of the small image with @width bytes at @offset changed to @value */
static int64_t changed_image(size_t offset, unsigned int width, uint64_t value)
{
	uint8_t *at = (uint8_t *)archive_metadata(archive_find(SMALL), 0) + offset;

	for (; width; width--, value >>= 8)
		*at++ = (uint8_t)value;
	return pas_init_image(archive_metadata_buffer(0));
}

/* @values of a field of @width bytes; none may be taken */
static bool none_taken(size_t offset, unsigned int width, const uint64_t *values, size_t count)
{
	bool good = true;
	size_t i = 0;

	for (i = 0; i < count; i++)
		good = same("INIT_IMAGE is refused", changed_image(offset, width, values[i]) < 0, true) && good;
	return good;
}

static bool phnum(void)
{
	static const uint64_t values[] = { 0, 1, 129, 0x8000, 0xffff };

	return none_taken(E_PHNUM, 2, values, sizeof(values) / sizeof(values[0]));
}

static bool hash_segment(void)
{
	static const uint64_t values[] = { 0, 7, 47, 0x20000, 0x7fffffff, 0xfffff000, 0xffffffff };

	return none_taken(PHDR_HASH + P_FILESZ, 4, values, sizeof(values) / sizeof(values[0]));
}

static bool inside_hash_segment(void)
{
	static const uint64_t values[] = { 0, 47, 0x10000, 0x7fffffff, 0xffffffd0, 0xffffffff };

	return none_taken(HEADERS + HASH_TABLE, 4, values, sizeof(values) / sizeof(values[0])) &&
	       none_taken(HEADERS + HASH_CERTS, 4, values + 2, 4);
}

static bool place_and_size(void)
{
	static const uint64_t sizes[] = {
		0, 1, 0x3fff, VIRT_ADSP_SIZE + 1u, UINT64_C(1) << 32, UINT64_MAX - 0xfff, UINT64_MAX
	};
	bool good = same("INIT_IMAGE", pas_init_image(archive_metadata(archive_find(SMALL), 0)), 0);
	size_t i = 0;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		good = same("MEM_SETUP is refused", pas_mem_setup(VIRT_ADSP_MEM, sizes[i]) < 0, true) &&
		       same("MEM_SETUP is refused", pas_mem_setup(VIRT_ADSP_MEM + 0x1000u, sizes[i]) < 0, true) && good;
	return same("AUTH_AND_RESET is refused", pas_auth() < 0, true) && good;
}

/* what becomes of a call whose description is wrong; a hypervisor says of its own first that they are not the host's */
static int64_t malformed(uint32_t function)
{
	return is_guest() && function == PIL_SCM_PAS_GET_RSCTABLE ? PIL_SCM_ENOTSUPP : PIL_SCM_EINVAL;
}

static bool argument_descriptions(void)
{
	static const uint32_t functions[] = { PIL_SCM_PAS_INIT_IMAGE, PIL_SCM_PAS_MEM_SETUP, PIL_SCM_PAS_AUTH_AND_RESET,
					      PIL_SCM_PAS_SHUTDOWN, PIL_SCM_PAS_GET_RSCTABLE };
	static const uint32_t descriptions[] = { 0, 0xf, 0x3ff, 0x8000, 0xffffffff };
	struct scm_call c = { 0 };
	bool good = true;
	size_t i = 0, j = 0;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		for (j = 0; j < sizeof(descriptions) / sizeof(descriptions[0]); j++) {
			scm_prepare(&c, PIL_SCM_STD64(functions[i]), descriptions[j], VIRT_ADSP_PAS_ID,
				    VIRT_SERVICE_RAM, VIRT_SERVICE_SIZE);
			c.in.x[5] = VIRT_SERVICE_RAM;
			good = same("status", scm_complete(&c), malformed(functions[i])) && good;
		}
	}
	return good;
}

const struct attack length_attacks[] = {
	{ "answer_buffer_of_every_size_below_the_right_one",
	  "GET_RSCTABLE says how much it needs, writes nothing, and never behind the buffer", small_answer,
	  HOST_CALLS },
	{ "resource_table_longer_than_any", "GET_RSCTABLE refuses it, reads no byte of it and writes none", huge_sizes,
	  HOST_CALLS },
	{ "answer_buffer_larger_than_all_memory", "GET_RSCTABLE refuses it, although its own table would fit",
	  answer_larger_than_memory, HOST_CALLS },
	{ "number_of_program_headers_is_a_lie", "INIT_IMAGE refuses it and copies no more than its own bound", phnum,
	  0 },
	{ "length_of_the_hash_segment_is_a_lie", "INIT_IMAGE refuses it and copies no more than its own bound",
	  hash_segment, 0 },
	{ "lengths_in_the_hash_segment_disagree", "INIT_IMAGE refuses it: the parts do not add up to the whole",
	  inside_hash_segment, 0 },
	{ "place_and_size_disagree", "MEM_SETUP refuses what is too small, too large, or wraps; AUTH has no place then",
	  place_and_size, 0 },
	{ "argument_description_disagrees_with_the_call", "every call is refused as malformed, and nothing is read",
	  argument_descriptions, 0 },
	{ NULL, NULL, NULL, 0 },
};

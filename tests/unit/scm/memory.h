/* SPDX-License-Identifier: BSD-2-Clause */
/* Bridges and assignments as the stock driver asks for them. */
#ifndef TEST_SCM_MEMORY_H
#define TEST_SCM_MEMORY_H

#include "door.h"

#define LISTS (MODEL_RAM_BASE + 0x23000u)
#define GIVEN (MODEL_RAM_BASE + 0x40000u) /* memory to give away */

#define HOST 3u
#define RW   6u
#define RWX  7u

static inline void enable(struct scenario *s)
{
	EXPECT(call(s, 0x42000c1c, 0, 0, 0, 0, 0), 0, 0, 0, 0);
}

/* as qcom_tzmem does it */
static inline struct pil_scm_answer bridge(struct scenario *s, uint64_t base, uint64_t size)
{
	return call(s, 0x42000c1e, 4, base | RW, base | RW, size | 1u << 9, HOST);
}

static inline uint64_t must_bridge(struct scenario *s, uint64_t base, uint64_t size)
{
	struct pil_scm_answer a = bridge(s, base, size);

	assert_int_equal(a.x[0], 0);
	assert_int_equal(a.x[1], 0);
	assert_int_not_equal(a.x[2], 0);
	return a.x[2];
}

static inline struct pil_scm_answer unbridge(struct scenario *s, uint64_t handle)
{
	return call(s, 0x42000c1d, 1, handle, 0, 0, 0);
}

static inline struct pil_scm_answer get_table(struct scenario *s)
{
	uint8_t page[56] = { 0 };

	imagegen_put(page, 8, OUT);
	imagegen_put(page + 8, 8, 0x1000);
	assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
	return call(s, 0x42000221, 0x845, 1, IN, 16, PAGE);
}

static inline bool logged(struct scenario *s, const char *text)
{
	return strstr(model_log_text(s->m), text) != NULL;
}

/* the lists as qcom_scm_assign_mem() lays them out; each at a multiple of 64 */
static inline struct pil_scm_answer assign(struct scenario *s, struct pil_range r, uint32_t from, const struct pil_vm *to,
				    unsigned int count)
{
	uint8_t lists[0x400] = { 0 };
	uint8_t page[56] = { 0 };
	const uint64_t args[7] = { 0, 64, 16, 128, 24u * count, 0, 0 };

	imagegen_put(lists, 4, from);
	imagegen_put(lists + 64, 8, r.base);
	imagegen_put(lists + 72, 8, r.size);
	for (unsigned int i = 0; i < count; i++) {
		imagegen_put(lists + 128 + 24 * i, 4, to[i].id);
		imagegen_put(lists + 132 + 24 * i, 4, to[i].access);
	}
	assert_true(model_host_write(s->m, LISTS, lists, sizeof(lists)));
	imagegen_put(page, 8, 4);
	imagegen_put(page + 8, 8, LISTS + args[3]);
	imagegen_put(page + 16, 8, args[4]);
	assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
	return call(s, 0x42000c16, 0x1117, LISTS + args[1], args[2], LISTS, PAGE);
}

static inline struct pil_scm_answer give(struct scenario *s, uint64_t base, uint64_t size, uint32_t from, uint32_t to,
				  uint32_t access)
{
	struct pil_vm vm = { .id = to, .access = access };

	return assign(s, (struct pil_range){ base, size }, from, &vm, 1);
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The SCM door of a model with a firewall, for tests: one call as it comes from the wire. */
#ifndef TEST_SCM_DOOR_H
#define TEST_SCM_DOOR_H

#include "expect.h"

#include <string.h>

#include <pilot/scm.h>

#include "scenario.h"

#define PAGE	 (MODEL_RAM_BASE + 0x20000u) /* the indirection page */
#define IN	 (MODEL_RAM_BASE + 0x21000u)
#define OUT	 (MODEL_RAM_BASE + 0x22000u)
#define MINUS(n) ((uint64_t) - (int64_t)(n))

/* adsp's resource table: two DEVMEM entries, two streams with two ranges and one: 16 + 2 * (4 + 56) + 2 * (4 + 64) + 3 * 32 */
#define TABLE 368u

static inline struct pil_scm_answer call(struct scenario *s, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
				  uint64_t x5)
{
	struct pil_scm_call c = { .x = { x0, x1, x2, x3, x4, x5, 0, 0 } };
	struct pil_scm_answer a;

	memset(&a, 0xff, sizeof(a));
	pil_scm_handle(&s->pas, &c, &a);
	return a;
}

#define EXPECT(answer, r0, r1, r2, r3)                                                                                 \
	do {                                                                                                           \
		struct pil_scm_answer a_ = (answer);                                                                   \
		assert_int_equal(a_.x[0], r0);                                                                         \
		assert_int_equal(a_.x[1], r1);                                                                         \
		assert_int_equal(a_.x[2], r2);                                                                         \
		assert_int_equal(a_.x[3], r3);                                                                         \
	} while (0)

static inline int setup(void **state)
{
	static struct scenario s;

	scenario_init(&s, MODEL_IN_PLACE);
	*state = &s;
	return 0;
}

static inline int teardown(void **state)
{
	struct scenario *s = *state;
	bool fine = !s->m->violation;

	scenario_done(s);
	return fine ? 0 : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Every malformed input is refused for exactly its own reason, and only because it was spoiled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/image.h>
#include <pilot/plan.h>

#include "expect.h"
#include "imagegen.h"
#include "malformed.h"

/* what the secure world does with metadata before anything cryptographic */
static int read_and_plan(const uint8_t *data, size_t size, enum malformed_stage *stage, struct pil_why *why)
{
	struct pil_image image = { 0 };
	struct pil_plan plan = { 0 };
	int ret = pil_image_from_metadata(data, size, &image, why);

	*stage = IN_IMAGE;
	if (ret)
		return ret;
	*stage = IN_PLAN;
	return pil_plan_measure(&image.elf, &plan, why);
}

/* on the heap and of exactly the right size, so that a read past the end is seen */
static int check_exact(const uint8_t *data, size_t size, enum malformed_stage *stage, struct pil_why *why)
{
	uint8_t *copy = malloc(size);
	int ret = 0;

	assert_non_null(copy);
	memcpy(copy, data, size);
	ret = read_and_plan(copy, size, stage, why);
	free(copy);
	return ret;
}

static void check_one(const struct malformed *m)
{
	static uint8_t buf[MALFORMED_MAX];
	enum malformed_stage stage = IN_IMAGE;
	struct pil_why why = { 0 };
	size_t size = malformed_make(m, buf, sizeof(buf));
	int ret = 0;

	if (!size)
		fail_msg("%s: cannot be made", m->name);
	ret = check_exact(buf, size, &stage, &why);
	if (why.reason != m->expected || ret != -(int)pil_reason_class(m->expected) || stage != m->stage)
		fail_msg("%s: %s (%d) in stage %d, expected %s in stage %d", m->name, pil_reason_name(why.reason), ret,
			 (int)stage, pil_reason_name(m->expected), (int)m->stage);
}

static void every_malformed_image_is_refused_for_its_own_reason(void **state)
{
	const struct malformed *m = NULL;
	unsigned int checked = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; (m = malformed_get(i)); i++) {
		if (m->stage == IN_AUTH)
			continue; /* structure is in order: lib/auth refuses it */
		check_one(m);
		checked++;
	}
	printf("%u malformed inputs\n", checked);
	assert_true(checked >= 60);
}

/* what needs no length to be wrong must be refused for the same reason when much more follows, as at the SCM door */
static void bytes_after_the_input_change_nothing(void **state)
{
	static uint8_t buf[2 * MALFORMED_MAX + PIL_IMAGE_METADATA_MAX];
	enum malformed_stage stage = IN_IMAGE;
	const struct malformed *m = NULL;
	struct pil_why why = { 0 };
	size_t i = 0;

	(void)state;
	for (i = 0; (m = malformed_get(i)); i++) {
		if (m->stage == IN_AUTH || m->needs_length)
			continue;
		memset(buf, 0xa5, sizeof(buf));
		assert_true(malformed_make(m, buf, MALFORMED_MAX) > 0);
		(void)read_and_plan(buf, sizeof(buf), &stage, &why);
		if (why.reason != m->expected)
			fail_msg("%s: %s", m->name, pil_reason_name(why.reason));
	}
}

/* without its edits every input is a good image: the refusal is the edit's doing */
static void the_same_images_unspoiled_are_accepted(void **state)
{
	static uint8_t buf[MALFORMED_MAX];
	enum malformed_stage stage = IN_IMAGE;
	const struct malformed *m = NULL;
	struct malformed good = { 0 };
	size_t size = 0;
	size_t i = 0;

	(void)state;
	for (i = 0; (m = malformed_get(i)); i++) {
		if (m->make || m->loads > PIL_PLAN_MAX)
			continue;
		good = *m;
		memset(good.edit, 0, sizeof(good.edit));
		size = malformed_make(&good, buf, sizeof(buf));
		assert_true(size > 0);
		assert_int_equal(check_exact(buf, size, &stage, NULL), 0);
	}
	good = (struct malformed){ .name = "as many segments as possible", .loads = PIL_PLAN_MAX };
	size = malformed_make(&good, buf, sizeof(buf));
	assert_int_equal(check_exact(buf, size, &stage, NULL), 0);
}

static void names_are_unique(void **state)
{
	const struct malformed *a = NULL;
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; (a = malformed_get(i)); i++) {
		for (k = 0; k < i; k++)
			assert_string_not_equal(a->name, malformed_get(k)->name);
	}
}

static void a_small_buffer_is_not_overrun(void **state)
{
	uint8_t buf[16] = { 0 };
	const struct malformed *m = NULL;
	size_t i = 0;

	(void)state;
	for (i = 0; (m = malformed_get(i)); i++)
		assert_int_equal(malformed_make(m, buf, sizeof(buf)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_malformed_image_is_refused_for_its_own_reason),
		cmocka_unit_test(bytes_after_the_input_change_nothing),
		cmocka_unit_test(the_same_images_unspoiled_are_accepted),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(a_small_buffer_is_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

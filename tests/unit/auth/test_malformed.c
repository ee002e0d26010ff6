/* SPDX-License-Identifier: BSD-2-Clause */
/* Every false certificate, signature, table and binding is refused for its own reason, by both back ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/plan.h>

#include "expect.h"
#include "malformed.h"
#include "pool.h"
#include "signedgen.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

/* structure and load plan must be in order, so that the refusal is that of lib/auth */
static int check(const uint8_t *data, size_t size, const struct pil_crypto *crypto, struct pil_why *why)
{
	struct pil_auth_policy policy = { .check_sw_id = true, .sw_id = 1 };
	struct pil_auth_result result = { 0 };
	struct pil_device device = { 0 };
	struct pil_image image = { 0 };
	struct pil_plan plan = { 0 };

	signedgen_device(&device);
	policy.device = &device;
	if (pil_image_from_metadata(data, size, &image, why) || pil_plan_measure(&image.elf, &plan, why))
		return 0;
	return pil_auth_check(&image, &policy, crypto, &result, why);
}

static void check_one(const struct malformed *m, const struct pil_crypto *crypto)
{
	static uint8_t buf[MALFORMED_MAX];
	struct pil_why why = { 0 };
	size_t size = malformed_make(m, buf, sizeof(buf));
	uint8_t *exact = malloc(size);
	int ret = 0;

	assert_non_null(exact);
	memcpy(exact, buf, size);
	ret = check(exact, size, crypto, &why);
	free(exact);
	if (!size || why.reason != m->expected || ret != -(int)pil_reason_class(m->expected))
		fail_msg("%s with %s: %s (%d), expected %s", m->name, crypto->name, pil_reason_name(why.reason), ret,
			 pil_reason_name(m->expected));
}

static void every_false_image_is_refused_for_its_own_reason(void **state)
{
	const struct pil_pool *pool = pil_mbedtls_current_pool();
	const struct malformed *m = NULL;
	unsigned int checked = 0;
	size_t i = 0;
	size_t k = 0;

	(void)state;
	for (i = 0; (m = malformed_get(i)); i++) {
		if (m->stage != IN_AUTH)
			continue;
		for (k = 0; k < 2; k++)
			check_one(m, backends[k]);
		assert_int_equal(pool->used, 0);
		checked++;
	}
	printf("%u false images\n", checked);
	assert_true(checked >= 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_false_image_is_refused_for_its_own_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

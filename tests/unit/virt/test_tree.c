/* SPDX-License-Identifier: BSD-2-Clause */
/* Who manages a processor, by the device tree: every shape, and trees that are not what they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <libfdt.h>

#include <pilot/wire/tee_rproc.h>

#include "../../../optee/pta/tree.h"

#define SERVICE "80a4c275-0a47-4905-8285-1486a9771a08"
#define PHANDLE 7u
#define OKAY	"okay"

/** struct node - the node of a processor; NULL: it has no such property */
struct node {
	const char *name;
	const char *status;
	const char *secure_status;
	const uint32_t *reg;
	const uint32_t *points_to; /* two numbers */
};

static char blob[4096];

static void put_node(const struct node *n)
{
	assert_int_equal(fdt_begin_node(blob, n->name), 0);
	if (n->status)
		assert_int_equal(fdt_property_string(blob, "status", n->status), 0);
	if (n->secure_status)
		assert_int_equal(fdt_property_string(blob, "secure-status", n->secure_status), 0);
	if (n->reg)
		assert_int_equal(fdt_property_u32(blob, "reg", *n->reg), 0);
	if (n->points_to) {
		const fdt32_t cells[] = { cpu_to_fdt32(n->points_to[0]), cpu_to_fdt32(n->points_to[1]) };

		assert_int_equal(fdt_property(blob, "rproc-tee", cells, sizeof(cells)), 0);
	}
	assert_int_equal(fdt_end_node(blob), 0);
}

/* a service with @status that has @child, and @other elsewhere */
static const void *tree(const char *status, const struct node *child, const struct node *other)
{
	assert_int_equal(fdt_create(blob, sizeof(blob)), 0);
	assert_int_equal(fdt_finish_reservemap(blob), 0);
	assert_int_equal(fdt_begin_node(blob, ""), 0);
	assert_int_equal(fdt_begin_node(blob, "rproc-service"), 0);
	assert_int_equal(fdt_property_string(blob, "compatible", SERVICE), 0);
	assert_int_equal(fdt_property_u32(blob, "phandle", PHANDLE), 0);
	if (status)
		assert_int_equal(fdt_property_string(blob, "status", status), 0);
	if (child)
		put_node(child);
	assert_int_equal(fdt_end_node(blob), 0);
	if (other)
		put_node(other);
	assert_int_equal(fdt_end_node(blob), 0);
	assert_int_equal(fdt_finish(blob), 0);
	return blob;
}

static void both_properties_decide(void **state)
{
	static const struct {
		const char *status, *secure;
		uint32_t ownership;
	} cases[] = {
		{ NULL, NULL, PIL_TEE_MANAGED },	   { OKAY, NULL, PIL_TEE_MANAGED },
		{ OKAY, OKAY, PIL_TEE_MANAGED },	   { NULL, "ok", PIL_TEE_MANAGED },
		{ NULL, "disabled", PIL_TEE_KERNEL },	   { "ok", "disabled", PIL_TEE_KERNEL },
		{ "disabled", OKAY, PIL_TEE_SECURE_ONLY }, { "disabled", NULL, PIL_TEE_DISABLED },
		{ "disabled", "disabled", PIL_TEE_DISABLED }, { "fail", "okay!", PIL_TEE_DISABLED },
		{ "", "", PIL_TEE_DISABLED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct node n = { .name = "m33", .status = cases[i].status, .secure_status = cases[i].secure };

		assert_int_equal(tree_ownership(tree(NULL, &n, NULL), 0, "m33"), cases[i].ownership);
	}
}

static void a_child_is_found_by_number_or_by_name(void **state)
{
	const uint32_t one = 1;
	const struct node named = { .name = "m33" }, unit = { .name = "m33@0" }, longer = { .name = "m33x" };
	const struct node numbered = { .name = "m33", .reg = &one };

	(void)state;
	assert_int_equal(tree_ownership(tree(NULL, &named, NULL), 5, "m33"), PIL_TEE_MANAGED);
	assert_int_equal(tree_ownership(tree(NULL, &unit, NULL), 0, "m33"), PIL_TEE_MANAGED);
	assert_int_equal(tree_ownership(tree(NULL, &longer, NULL), 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree(NULL, &numbered, NULL), 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree(NULL, &numbered, NULL), 1, "m0"), PIL_TEE_MANAGED);
}

static void a_node_elsewhere_points_to_the_service(void **state)
{
	const uint32_t right[] = { PHANDLE, 1 }, other[] = { PHANDLE + 1, 1 };
	const struct node pointing = { .name = "anything", .points_to = right, .secure_status = "disabled" };
	const struct node astray = { .name = "anything", .points_to = other };

	(void)state;
	assert_int_equal(tree_ownership(tree(NULL, NULL, &pointing), 1, "m0"), PIL_TEE_KERNEL);
	assert_int_equal(tree_ownership(tree(NULL, NULL, &pointing), 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree(NULL, NULL, &astray), 1, "m0"), PIL_TEE_DISABLED);
}

static void without_a_node_a_processor_is_disabled(void **state)
{
	const struct node n = { .name = "m33" };

	(void)state;
	assert_int_equal(tree_ownership(NULL, 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree(NULL, NULL, NULL), 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree(NULL, NULL, &n), 0, "m33"), PIL_TEE_DISABLED);
	assert_int_equal(tree_ownership(tree("disabled", &n, NULL), 0, "m33"), PIL_TEE_DISABLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_properties_decide),
		cmocka_unit_test(a_child_is_found_by_number_or_by_name),
		cmocka_unit_test(a_node_elsewhere_points_to_the_service),
		cmocka_unit_test(without_a_node_a_processor_is_disabled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The one fact that the monitor reads from QEMU's device tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../boards/virt/monitor/machine_tree.h"

#define BASE 0x40000000u
#define SIZE 0x80000000u

#define STRINGS 152u /* where the names of properties begin */

/* root, a node before it, and memory@40000000 with a property whose name only begins like the wanted one */
static const uint8_t
	good
		[] = {
			0xd0, 0x0d, 0xfe, 0xed, 0,   0,	  0,   168, 0,	  0,   0,   40,	 0,   0,   0,	152,
			0,    0,    0,	  0, /* magic, size, structure, strings */
			0,    0,    0,	  0,	0,   0,	  0,   0,   0,	  0,   0,   0,	 0,   0,   0,	0,
			0,    0,    0,	  0,	0,   0,	  0,   1,   0,	  0,   0,   0,			   /* root */
			0,    0,    0,	  1,	'p', 's', 'c', 'i', 0,	  0,   0,   0,	 0,   0,   0,	2, /* psci */
			0,    0,    0,	  1,	'm', 'e', 'm', 'o', 'r',  'y', '@', '4', 0,   0,   0,	0,
			0,    0,    0,	  3,	0,   0,	  0,   16,  0,	  0,   0,   4,	 9,   9,   9,	9,
			9,    9,    9,	  9,	9,   9,	  9,   9,   9,	  9,   9,   9, /* reg-names */
			0,    0,    0,	  3,	0,   0,	  0,   16,  0,	  0,   0,   0,	 0,   0,   0,	0,
			0x40, 0,    0,	  0,	0,   0,	  0,   0,   0x80, 0,   0,   0,	 0,   0,   0,	2,
			0,    0,    0,	  2,	0,   0,	  0,   9,   0,	  0,   0,   0,	 'r', 'e', 'g', 0,
			'r',  'e',  'g',  '-',	'n', 'a', 'm', 'e', 's',  0,   0,   0, /* strings */
		};

static void memory_is_found_behind_a_name_that_only_begins_alike(void **state)
{
	uint64_t base = 0, size = 0;

	(void)state;
	assert_int_equal(machine_tree_memory(good, sizeof(good), &base, &size), 0);
	assert_int_equal(base, BASE);
	assert_int_equal(size, SIZE);
}

/* in memory of exactly its length, so that the sanitizer sees the first byte too far */
static int read_copy(const uint8_t *data, size_t length, uint64_t *base, uint64_t *size)
{
	uint8_t *copy = malloc(length ? length : 1);
	int result = 0;

	assert_non_null(copy);
	memcpy(copy, data, length);
	result = machine_tree_memory(copy, length, base, size);
	free(copy);
	return result;
}

static void shortened_tree_is_refused(void **state)
{
	uint8_t tree[sizeof(good)] = { 0 };
	uint64_t base = 0, size = 0;
	size_t length = 0;

	(void)state;
	for (length = 0; length < sizeof(good); length++)
		assert_int_equal(read_copy(good, length, &base, &size), -1);
	/* and one that says that it is no longer than that, up to the end of the property's name */
	memcpy(tree, good, sizeof(good));
	for (length = 8; length < STRINGS + sizeof("reg"); length++) {
		tree[7] = (uint8_t)length;
		assert_int_equal(read_copy(tree, length, &base, &size), -1);
	}
	tree[7] = (uint8_t)length;
	assert_int_equal(read_copy(tree, length, &base, &size), 0);
}

/* whatever a byte is changed to, nothing outside the tree is read, and it ends */
static void altered_tree_stays_inside(void **state)
{
	static const uint8_t values[] = { 0, 1, 3, 9, 0x7f, 0x80, 0xff };
	uint8_t tree[sizeof(good)] = { 0 };
	uint64_t base = 0, size = 0;
	size_t at = 0, i = 0;

	(void)state;
	for (at = 0; at < sizeof(good); at++) {
		for (i = 0; i < sizeof(values); i++) {
			memcpy(tree, good, sizeof(good));
			tree[at] = values[i];
			(void)read_copy(tree, sizeof(tree), &base, &size);
		}
	}
	memcpy(tree, good, sizeof(good));
	tree[0] = 0;
	assert_int_equal(read_copy(tree, sizeof(tree), &base, &size), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_found_behind_a_name_that_only_begins_alike),
		cmocka_unit_test(shortened_tree_is_refused),
		cmocka_unit_test(altered_tree_stays_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state table against the rules of docs/DESIGN.md section 4, written out here once more and in another form, for
 * every state, event, with and without a core, relocatable and not.
 */
#include "expect.h"

#include <pilot/state.h>

struct rule {
	bool allowed;
	enum pil_state to;
	bool clean;
};

/* "INIT_IMAGE comes in any state. In LOCKED, AUTHENTICATED, RUNNING, CRASHED or INHERITED it first does a SHUTDOWN" */
static struct rule init_image(enum pil_state from)
{
	bool quiet = from == PIL_OFF || from == PIL_LOADED || from == PIL_PLACED;

	return (struct rule){ true, PIL_LOADED, !quiet };
}

/* "MEM_SETUP may repeat" */
static struct rule mem_setup(enum pil_state from)
{
	return (struct rule){ from == PIL_LOADED || from == PIL_PLACED, PIL_PLACED, false };
}

/* "not relocatable: AUTH straight from LOADED" */
static struct rule auth(enum pil_state from, bool relocatable)
{
	return (struct rule){ from == PIL_PLACED || (from == PIL_LOADED && !relocatable), PIL_LOCKED, false };
}

static struct rule expected(enum pil_state from, enum pil_event event, bool has_core, bool relocatable)
{
	switch (event) {
	case PIL_EV_INIT:
		return init_image(from);
	case PIL_EV_MEM_SETUP:
		return mem_setup(from);
	case PIL_EV_AUTH:
		return auth(from, relocatable);
	case PIL_EV_GENUINE: /* "RUNNING (or AUTHENTICATED: no core)" */
		return (struct rule){ from == PIL_LOCKED, has_core ? PIL_RUNNING : PIL_AUTHENTICATED, false };
	case PIL_EV_REFUSED: /* "bad: hold, scrub, unlock, forget -> OFF" */
		return (struct rule){ from == PIL_LOCKED, PIL_OFF, true };
	case PIL_EV_CRASH: /* "RUNNING, crash seen -> CRASHED" */
		return (struct rule){ from == PIL_RUNNING, PIL_CRASHED, false };
	case PIL_EV_SHUTDOWN: /* "SHUTDOWN succeeds in every state" */
		return (struct rule){ true, PIL_OFF, from != PIL_OFF };
	default: /* "come in any state" */
		return (struct rule){ true, from, false };
	}
}

static void table_is_what_the_design_says(void **state)
{
	unsigned int compared = 0;

	(void)state;
	for (unsigned int i = 0; i < PIL_STATES * PIL_EVENTS * 4u; i++) {
		enum pil_state from = (enum pil_state)(i / 4u % PIL_STATES);
		enum pil_event event = (enum pil_event)(i / 4u / PIL_STATES);
		struct rule rule = expected(from, event, i & 1u, i & 2u);
		struct pil_transition row = { 0 };

		assert_int_equal(pil_state_step(from, event, i & 1u, i & 2u, &row), rule.allowed);
		compared++;
		if (!rule.allowed)
			continue;
		assert_int_equal(row.to, rule.to);
		assert_int_equal(row.action, rule.clean ? PIL_ACT_CLEAN : PIL_ACT_NONE);
	}
	assert_int_equal(compared, 8 * 11 * 4);
}

static void table_has_no_row_twice(void **state)
{
	size_t count = 0;
	const struct pil_transition *rows = pil_state_table(&count);

	(void)state;
	assert_int_equal(count, 55);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(rows[i].from == rows[j].from && rows[i].event == rows[j].event);
}

static void numbers_that_are_none_do_nothing(void **state)
{
	struct pil_transition row = { 0 };

	(void)state;
	assert_false(pil_state_step(PIL_STATES, PIL_EV_SHUTDOWN, true, true, &row));
	assert_false(pil_state_step(PIL_OFF, PIL_EVENTS, true, true, &row));
	assert_string_equal(pil_state_name(PIL_STATES), "?");
	assert_string_equal(pil_event_name(PIL_EVENTS), "?");
	assert_string_equal(pil_state_name(PIL_INHERITED), "INHERITED");
	assert_string_equal(pil_event_name(PIL_EV_GET_RSC_TABLE), "GET_RSCTABLE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_what_the_design_says),
		cmocka_unit_test(table_has_no_row_twice),
		cmocka_unit_test(numbers_that_are_none_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	bool hold;
};

/* "INIT_IMAGE comes in any state. In LOCKED, AUTHENTICATED, RUNNING, CRASHED or INHERITED it first does a SHUTDOWN" */
static struct rule init_image(enum pil_state from)
{
	bool quiet = from == PIL_OFF || from == PIL_LOADED || from == PIL_PLACED;

	return (struct rule){ true, PIL_LOADED, !quiet, false };
}

/* "MEM_SETUP may repeat" */
static struct rule mem_setup(enum pil_state from)
{
	return (struct rule){ from == PIL_LOADED || from == PIL_PLACED, PIL_PLACED, false, false };
}

/* "not relocatable: AUTH straight from LOADED" */
static struct rule auth(enum pil_state from, bool relocatable)
{
	return (struct rule){ from == PIL_PLACED || (from == PIL_LOADED && !relocatable), PIL_LOCKED, false, false };
}

/* "RUNNING, INHERITED: somebody's program runs" */
static bool runs(enum pil_state from)
{
	return from == PIL_RUNNING || from == PIL_INHERITED;
}

/* "LOAD_FW comes when nothing runs and nothing is left to look into; what was loaded before is cleaned up" */
static struct rule load(enum pil_state from)
{
	bool again = from == PIL_LOCKED || from == PIL_AUTHENTICATED || from == PIL_STOPPED;

	return (struct rule){ from == PIL_OFF || again, PIL_LOCKED, again, false };
}

/* "STOP_FW holds what runs or has crashed; what is off or stopped stays so" */
static struct rule stop(enum pil_state from)
{
	if (from == PIL_OFF || from == PIL_STOPPED)
		return (struct rule){ true, from, false, false };
	return (struct rule){ runs(from) || from == PIL_CRASHED, PIL_STOPPED, false, true };
}

/* "RELEASE_FW cleans up whatever does not run" */
static struct rule release(enum pil_state from)
{
	bool left = from == PIL_LOCKED || from == PIL_AUTHENTICATED || from == PIL_CRASHED || from == PIL_STOPPED ||
		    from == PIL_GRANTED;

	return (struct rule){ from == PIL_OFF || left, PIL_OFF, left, false };
}

/* "ATTACH takes up whatever there is of a container or a grant" */
static struct rule attach(enum pil_state from)
{
	return (struct rule){ from != PIL_OFF && from != PIL_LOADED && from != PIL_PLACED,
			      from == PIL_INHERITED ? PIL_RUNNING : from, false, false };
}

/* the shape of remoteproc */
static struct rule expected_there(enum pil_state from, enum pil_event event, bool has_core)
{
	switch (event) {
	case PIL_EV_LOAD:
		return load(from);
	case PIL_EV_PLACED:
		return (struct rule){ from == PIL_LOCKED, PIL_AUTHENTICATED, false, false };
	case PIL_EV_START: /* "only what has a core; again: nothing to do" */
		return (struct rule){ has_core && (from == PIL_AUTHENTICATED || from == PIL_RUNNING), PIL_RUNNING,
				      false, false };
	case PIL_EV_STOP:
		return stop(from);
	case PIL_EV_FIND_TABLE: /* "while a program is there" */
		return (struct rule){ from == PIL_AUTHENTICATED || runs(from) || from == PIL_CRASHED, from, false,
				      false };
	case PIL_EV_COREDUMP: /* "behind a crash" */
		return (struct rule){ from == PIL_CRASHED || from == PIL_STOPPED, from, false, false };
	case PIL_EV_RELEASE:
		return release(from);
	case PIL_EV_ATTACH:
		return attach(from);
	case PIL_EV_DETACH:
		return (struct rule){ runs(from), PIL_INHERITED, false, false };
	case PIL_EV_GRANT: /* "nothing is loaded" */
		return (struct rule){ from == PIL_OFF || from == PIL_STOPPED || from == PIL_GRANTED, PIL_GRANTED, false,
				      false };
	case PIL_EV_RUN:
		return (struct rule){ from == PIL_GRANTED, PIL_RUNNING, false, false };
	default: /* PIL_EV_GONE: "another service stopped it" */
		return (struct rule){ from == PIL_INHERITED, PIL_OFF, true, false };
	}
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
		return (struct rule){ from == PIL_LOCKED, has_core ? PIL_RUNNING : PIL_AUTHENTICATED, false, false };
	case PIL_EV_REFUSED: /* "bad: hold, scrub, unlock, forget -> OFF"; also of START_FW */
		return (struct rule){ from == PIL_LOCKED || from == PIL_AUTHENTICATED, PIL_OFF, true, false };
	case PIL_EV_CRASH: /* "RUNNING, crash seen -> CRASHED" */
		return (struct rule){ runs(from), PIL_CRASHED, false, false };
	case PIL_EV_SHUTDOWN: /* "SHUTDOWN succeeds in every state" */
		return (struct rule){ true, PIL_OFF, from != PIL_OFF, false };
	case PIL_EV_GET_RSC_TABLE:
	case PIL_EV_IS_SUPPORTED:
	case PIL_EV_CAPABILITIES:
	case PIL_EV_SET_REMOTE_STATE: /* "come in any state" */
		return (struct rule){ true, from, false, false };
	default:
		return expected_there(from, event, has_core);
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
		assert_int_equal(row.action, rule.clean ? PIL_ACT_CLEAN : rule.hold ? PIL_ACT_HOLD : PIL_ACT_NONE);
	}
	assert_int_equal(compared, 10 * 23 * 4);
}

static void table_has_no_row_twice(void **state)
{
	size_t count = 0;
	const struct pil_transition *rows = pil_state_table(&count);

	(void)state;
	assert_int_equal(count, 107);
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
	assert_string_equal(pil_state_name(PIL_GRANTED), "GRANTED");
	assert_string_equal(pil_event_name(PIL_EV_GET_RSC_TABLE), "GET_RSCTABLE");
	assert_string_equal(pil_event_name(PIL_EV_GONE), "GONE");
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

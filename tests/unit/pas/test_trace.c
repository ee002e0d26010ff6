/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the trace: what they tell, in which order, that begins have ends, and that no record has what the host may not know. */
#include "expect.h"

#include <string.h>

#include <pilot/scm.h>
#include <pilot/wire/scm.h>
#include <pilot/wire/trace.h>

#include "scenario.h"

#define RECORDS 256u

/** struct record - one of them */
struct record {
	enum pil_trace_event event;
	uint32_t id;
	uint64_t a, b;
};

static struct record records[RECORDS];
static unsigned int count;
static enum model_lock lock;

static void take(struct pil_board *b, uint32_t event, uint64_t first, uint64_t second)
{
	(void)b;
	assert_true(count < RECORDS);
	records[count++] = (struct record){ (enum pil_trace_event)(event & 0xffff), event >> 16, first, second };
}

static void begin(struct scenario *s)
{
	scenario_init(s, lock);
	s->m->board.trace = take;
	count = 0;
}

/* the events from @at on are these, and all of the peripheral's */
static unsigned int expect(unsigned int at, const enum pil_trace_event *events, unsigned int number)
{
	for (unsigned int i = 0; i < number; i++) {
		assert_true(at + i < count);
		assert_int_equal(records[at + i].event, events[i]);
		assert_int_equal(records[at + i].id, model_desc.peripherals[MODEL_ADSP].pas_id);
	}
	return at + number;
}

#define EXPECT(at, ...)                                                                                                \
	expect(at, (const enum pil_trace_event[]){ __VA_ARGS__ },                                                      \
	       sizeof((enum pil_trace_event[]){ __VA_ARGS__ }) / sizeof(enum pil_trace_event))

static void start_and_stop_are_told_in_order(void **state)
{
	struct scenario s;
	unsigned int at = 0;

	(void)state;
	begin(&s);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	at = EXPECT(at, PIL_TRACE_STATE, PIL_TRACE_STATE, PIL_TRACE_STATE, PIL_TRACE_LOCK, PIL_TRACE_LOCKED,
		    PIL_TRACE_VERIFY, PIL_TRACE_VERIFIED, PIL_TRACE_STATE);
	assert_int_equal(records[0].a, PIL_OFF);
	assert_int_equal(records[0].b, PIL_LOADED);
	assert_int_equal(records[at - 1].b, PIL_RUNNING);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	at = EXPECT(at, PIL_TRACE_UNLOCK, PIL_TRACE_UNLOCKED, PIL_TRACE_STATE);
	assert_int_equal(at, count);
	assert_int_equal(records[at - 1].a, PIL_RUNNING);
	assert_int_equal(records[at - 1].b, PIL_OFF);
	scenario_done(&s);
}

static void a_refusal_is_told_by_its_reason(void **state)
{
	struct scenario s;
	uint8_t *byte = NULL;

	(void)state;
	begin(&s);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	byte = (uint8_t *)s.m->board.host_map(&s.m->board, model_desc.peripherals[MODEL_ADSP].carveout);
	byte[0] ^= 1;
	count = 0;
	assert_int_not_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), 0);
	EXPECT(0, PIL_TRACE_STATE, PIL_TRACE_LOCK, PIL_TRACE_LOCKED, PIL_TRACE_VERIFY, PIL_TRACE_VERIFIED,
	       PIL_TRACE_UNLOCK, PIL_TRACE_UNLOCKED, PIL_TRACE_STATE);
	assert_int_equal(records[2].b, 0);
	assert_int_equal(records[4].b, PIL_R_HASH_SEGMENT);
	assert_int_equal(records[4].a, 0);
	scenario_done(&s);
}

static struct pil_scm_answer call(struct scenario *s, uint64_t function, uint64_t arginfo, uint64_t a, uint64_t b)
{
	const struct pil_scm_call c = { .x = { function, arginfo, a, b } };
	struct pil_scm_answer answer = { 0 };

	pil_scm_handle(&s->pas, &c, &answer);
	return answer;
}

static void a_call_has_a_begin_and_an_end_with_its_reason(void **state)
{
	struct scenario s;

	(void)state;
	begin(&s);
	call(&s, PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u),
	     model_desc.peripherals[MODEL_ADSP].pas_id, 0);
	EXPECT(0, PIL_TRACE_REQUEST, PIL_TRACE_ANSWER);
	assert_int_equal(count, 2);
	assert_int_equal(records[0].a, PIL_SCM_PAS_SHUTDOWN);
	assert_int_equal(records[1].a, PIL_SCM_PAS_SHUTDOWN);
	assert_int_equal(records[1].b, 0);
	count = 0;
	call(&s, PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u),
	     model_desc.peripherals[MODEL_ADSP].pas_id, 0);
	EXPECT(0, PIL_TRACE_REQUEST, PIL_TRACE_ANSWER);
	assert_int_equal(records[1].b, PIL_R_PAS_STATE);
	scenario_done(&s);
}

/* a bridge is nobody's: the record names no peripheral, and of what is refused there is only a class */
static void a_call_about_no_peripheral_has_no_id(void **state)
{
	struct scenario s;

	(void)state;
	begin(&s);
	call(&s, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_DELETE), PIL_SCM_ARGS_VALUES(1u), 0x7777, 0);
	assert_int_equal(count, 2);
	assert_int_equal(records[0].id, PIL_TRACE_NO_ID);
	assert_int_equal(records[1].id, PIL_TRACE_NO_ID);
	assert_true(records[1].b > PIL_TRACE_CLASS);
	scenario_done(&s);
}

/* what a driver probes for is no decision, and is to stay cheap */
static void a_probe_is_not_told(void **state)
{
	struct scenario s;

	(void)state;
	begin(&s);
	call(&s, PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u), PIL_SCM_OWNER_SIP, 0);
	assert_int_equal(count, 0);
	scenario_done(&s);
}

static void a_service_that_starts_names_its_peripherals(void **state)
{
	struct scenario s;
	struct pil_why why = { 0 };

	(void)state;
	scenario_new(&s, lock);
	s.m->board.trace = take;
	count = 0;
	assert_int_equal(pil_pas_init(&s.pas, &s.m->board, &pil_crypto_openssl, &why), 0);
	assert_int_equal(count, model_desc.peripheral_count);
	for (unsigned int i = 0; i < count; i++) {
		char name[17] = "";

		assert_int_equal(records[i].event, PIL_TRACE_NAME);
		for (unsigned int c = 0; c < 16; c++)
			name[c] = (char)((c < 8 ? records[i].a : records[i].b) >> c % 8 * 8 & 0xff);
		assert_int_equal(strncmp(name, model_desc.peripherals[i].name, 16), 0);
	}
	scenario_done(&s);
}

/* where the secure world has its copies is in no record, whatever is refused or goes well */
static void no_record_has_an_address_of_the_secure_worlds(void **state)
{
	struct scenario s;
	uint64_t copy = 0;

	(void)state;
	begin(&s);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	model_core_crash(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	if (s.m->board.shelter)
		(void)s.m->board.shelter(&s.m->board, MODEL_ADSP, &copy);
	for (unsigned int i = 0; i < count; i++) {
		const struct pil_range own = { .base = copy, .size = MODEL_ADSP_SIZE };

		assert_false(copy && (records[i].a - own.base < own.size || records[i].b - own.base < own.size));
		assert_int_not_equal(records[i].a, MODEL_ADSP_BASE);
	}
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_and_stop_are_told_in_order),
		cmocka_unit_test(a_refusal_is_told_by_its_reason),
		cmocka_unit_test(a_call_has_a_begin_and_an_end_with_its_reason),
		cmocka_unit_test(a_call_about_no_peripheral_has_no_id),
		cmocka_unit_test(a_probe_is_not_told),
		cmocka_unit_test(a_service_that_starts_names_its_peripherals),
		cmocka_unit_test(no_record_has_an_address_of_the_secure_worlds),
	};
	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}

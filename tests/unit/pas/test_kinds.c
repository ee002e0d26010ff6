/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kind of peripheral that a board can describe, in every state that it can be in, with every request, beside peripherals
 * that must not notice: with a core, without one, sharing core and carve-out, boot firmware's.
 */
#include "expect.h"

#include <string.h>

#include "scenario.h"

#define BYSTANDERS 2u

/* the way in which the machine keeps the host away: all tests run once for each */
static enum model_lock lock;

/* stop in the middle of AUTH, as a host does that never resumes */
static jmp_buf abandoned;

static void abandon_after_lock(struct model *m, enum model_call call, void *arg)
{
	const unsigned int *looks = arg;

	/* AUTH looks at the carve-out behind the lock, and at nothing of the host's before */
	if (call == MODEL_HOST_MAP && m->calls[MODEL_HOST_MAP] > *looks)
		longjmp(abandoned, 1);
}

static void reach_locked(struct scenario *s, unsigned int index)
{
	static unsigned int looks;

	assert_int_equal(scenario_load(s, index, scenario_good()), 0);
	looks = s->m->calls[MODEL_HOST_MAP];
	s->m->hook = abandon_after_lock;
	s->m->hook_arg = &looks;
	if (!setjmp(abandoned)) {
		(void)pil_pas_auth_and_reset(&s->pas, index);
		fail_msg("AUTH was not stopped");
	}
	s->m->hook = NULL;
	pil_pas_abandon(&s->pas, index);
}

static bool has_core(unsigned int index)
{
	return model_desc.peripherals[index].core != PIL_NO_CORE;
}

/* docs/SPEC.md section 2: which states a kind knows. INHERITED is the first peripheral of a core only */
static bool occurs(unsigned int index, enum pil_state state)
{
	bool boots = model_desc.peripherals[index].loader == PIL_LOADER_BOOT;

	switch (state) {
	case PIL_OFF:
		return true;
	case PIL_AUTHENTICATED:
		return !has_core(index) && !boots;
	case PIL_RUNNING:
	case PIL_CRASHED:
		return has_core(index) && !boots;
	case PIL_INHERITED:
		return has_core(index) && index != MODEL_ADSP_LITE;
	default:
		return !boots;
	}
}

static void start_machine(struct scenario *s, unsigned int index, enum pil_state want)
{
	struct pil_why why = { 0 };

	scenario_new(s, lock);
	if (want == PIL_INHERITED)
		s->m->core[model_desc.peripherals[index].core].state = PIL_CORE_RUNNING;
	assert_int_equal(pil_pas_init(&s->pas, &s->m->board, &pil_crypto_openssl, &why), 0);
}

static void reach(struct scenario *s, unsigned int index, enum pil_state want)
{
	struct pil_range none = { 0 };

	if (want == PIL_LOADED) {
		scenario_put_metadata(s, scenario_good());
		assert_int_equal(pil_pas_init_image(&s->pas, index, SCENARIO_METADATA), 0);
	}
	if (want == PIL_PLACED)
		assert_int_equal(scenario_load(s, index, scenario_good()), 0);
	if (want == PIL_LOCKED)
		reach_locked(s, index);
	if (want == PIL_AUTHENTICATED || want == PIL_RUNNING || want == PIL_CRASHED)
		assert_int_equal(scenario_start(s, index, scenario_good()), 0);
	if (want == PIL_CRASHED) {
		model_core_crash(s->m, (unsigned int)model_desc.peripherals[index].core);
		assert_int_equal(pil_pas_mem_setup(&s->pas, index, none), -PIL_ESTATE);
	}
	scenario_put_metadata(s, scenario_good());
	assert_int_equal(s->pas.p[index].state, want);
}

static bool share(unsigned int a, unsigned int b)
{
	const struct pil_peripheral_desc *p = &model_desc.peripherals[a], *q = &model_desc.peripherals[b];

	return (p->core != PIL_NO_CORE && p->core == q->core) || pil_range_overlaps(p->carveout, q->carveout);
}

/* two others that run, and share nothing with @index */
static void start_bystanders(struct scenario *s, unsigned int index, unsigned int bystander[BYSTANDERS])
{
	static const unsigned int candidates[] = { MODEL_CDSP, MODEL_ZAP, MODEL_ADSP, MODEL_VIDEO };
	unsigned int count = 0;

	for (unsigned int i = 0; count < BYSTANDERS; i++) {
		assert_in_range(i, 0, sizeof(candidates) / sizeof(candidates[0]) - 1);
		if (candidates[i] == index || share(candidates[i], index))
			continue;
		assert_int_equal(scenario_start(s, candidates[i], scenario_good()), 0);
		bystander[count++] = candidates[i];
	}
}

/* what a core executes, or a device reads */
static const uint8_t *what_counts(struct scenario *s, unsigned int index)
{
	return lock & MODEL_BY_COPY ? model_copy(s->m, index)
				    : model_memory(s->m, model_desc.peripherals[index].carveout);
}

static void assert_kept(struct scenario *s, unsigned int index)
{
	struct pil_range carveout = model_desc.peripherals[index].carveout;

	assert_int_equal(pil_memory_owner(&s->pas.memory, carveout.base) == PIL_OWNER_HOST, false);
	assert_int_equal(model_is_locked(s->m, carveout), (lock & MODEL_IN_PLACE) != 0);
}

static void assert_undisturbed(struct scenario *s, unsigned int bystander)
{
	const struct pil_peripheral *p = &s->pas.p[bystander];

	assert_int_equal(p->state, has_core(bystander) ? PIL_RUNNING : PIL_AUTHENTICATED);
	assert_kept(s, bystander);
	assert_int_equal(pil_memory_owner(&s->pas.memory, p->desc->carveout.base), (int)bystander);
	assert_memory_equal(what_counts(s, bystander), scenario_good()->file + scenario_good()->plan.seg[0].offset, 16);
	if (has_core(bystander))
		assert_int_equal(s->m->core[p->desc->core].state, PIL_CORE_RUNNING);
}

/* one request as the host makes it. Return: its result */
static int request(struct scenario *s, unsigned int index, enum pil_event event)
{
	struct pil_range table = { .base = MODEL_RAM_BASE, .size = 16 };
	struct pil_range out = { .base = MODEL_RAM_BASE + 0x40000, .size = 4096 };
	const uint8_t empty[16] = { 1 };
	size_t needed = 0;

	switch (event) {
	case PIL_EV_INIT:
		return pil_pas_init_image(&s->pas, index, SCENARIO_METADATA);
	case PIL_EV_MEM_SETUP:
		return pil_pas_mem_setup(&s->pas, index, scenario_where(s, index, scenario_good()));
	case PIL_EV_AUTH:
		return pil_pas_auth_and_reset(&s->pas, index);
	case PIL_EV_SHUTDOWN:
		return pil_pas_shutdown(&s->pas, index);
	case PIL_EV_GET_RSC_TABLE:
		assert_true(model_host_write(s->m, table.base, empty, sizeof(empty)));
		return pil_pas_get_rsc_table(&s->pas, index, table, out, &needed);
	default:
		fail_msg("no such request");
		return 0;
	}
}

/* what the design says of a request, and the state that must follow */
static int expected(unsigned int index, enum pil_state from, enum pil_event event, enum pil_state *to)
{
	*to = from;
	if (event == PIL_EV_GET_RSC_TABLE)
		return 0;
	if (model_desc.peripherals[index].loader == PIL_LOADER_BOOT)
		return -PIL_EUNSUPPORTED;
	switch (event) {
	case PIL_EV_INIT:
		*to = PIL_LOADED;
		return 0;
	case PIL_EV_SHUTDOWN:
		*to = PIL_OFF;
		return 0;
	case PIL_EV_MEM_SETUP:
		if (from != PIL_LOADED && from != PIL_PLACED)
			return -PIL_ESTATE;
		*to = PIL_PLACED;
		return 0;
	default:
		if (from != PIL_PLACED)
			return -PIL_ESTATE;
		*to = has_core(index) ? PIL_RUNNING : PIL_AUTHENTICATED;
		return 0;
	}
}

static void assert_one(unsigned int index, enum pil_state from, enum pil_event event)
{
	unsigned int bystander[BYSTANDERS] = { 0 };
	enum pil_state to = PIL_OFF;
	int wanted = expected(index, from, event, &to);
	struct scenario s;

	start_machine(&s, index, from);
	start_bystanders(&s, index, bystander);
	reach(&s, index, from);
	assert_int_equal(request(&s, index, event), wanted);
	assert_int_equal(s.pas.p[index].state, to);
	if (wanted == -PIL_EUNSUPPORTED)
		assert_int_equal(s.pas.p[index].why.reason, PIL_R_PAS_LOADER);
	if (to == PIL_OFF)
		assert_null(scenario_is_off(&s, index));
	assert_null(s.m->violation);
	for (unsigned int i = 0; i < BYSTANDERS; i++)
		assert_undisturbed(&s, bystander[i]);
	scenario_done(&s);
}

static void every_kind_in_every_state_with_every_request(void **state)
{
	static const enum pil_event events[] = { PIL_EV_INIT, PIL_EV_MEM_SETUP, PIL_EV_AUTH, PIL_EV_SHUTDOWN,
						 PIL_EV_GET_RSC_TABLE };
	unsigned int tried = 0;

	(void)state;
	for (unsigned int index = 0; index < MODEL_COUNT; index++) {
		for (unsigned int from = 0; from < SCENARIO_STATES; from++) {
			if (!occurs(index, (enum pil_state)from))
				continue;
			for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++, tried++)
				assert_one(index, (enum pil_state)from, events[i]);
		}
	}
	/* states: adsp, cdsp, video 7 each; adsp-lite 6; adsp-dtb, adsp-lite-dtb, zap 5 each; slpi 2 */
	assert_int_equal(tried, (3 * 7 + 6 + 3 * 5 + 2) * 5);
}

/* while the holder is in @held, the other one's AUTH is refused for @reason and the holder does not notice */
static void assert_waits(unsigned int holder, enum pil_state held, unsigned int other, enum pil_reason reason)
{
	struct scenario s;
	struct pil_range carveout = model_desc.peripherals[holder].carveout;
	static uint8_t before[MODEL_ADSP_SIZE];

	start_machine(&s, holder, held);
	scenario_put_metadata(&s, scenario_good());
	assert_int_equal(pil_pas_init_image(&s.pas, other, SCENARIO_METADATA), 0);
	assert_int_equal(pil_pas_mem_setup(&s.pas, other, scenario_where(&s, other, scenario_good())), 0);
	reach(&s, holder, held);
	memcpy(before, what_counts(&s, holder), (size_t)carveout.size);
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, other), -(int)pil_reason_class(reason));
	assert_int_equal(s.pas.p[other].why.reason, reason);
	assert_null(scenario_is_off(&s, other));
	assert_int_equal(s.pas.p[holder].state, held);
	assert_kept(&s, holder);
	assert_memory_equal(before, what_counts(&s, holder), (size_t)carveout.size);
	assert_int_equal(pil_pas_shutdown(&s.pas, other), 0);
	assert_int_equal(s.pas.p[holder].state, held);
	assert_kept(&s, holder);
	/* and when the holder has gone, the other one gets it */
	assert_int_equal(pil_pas_shutdown(&s.pas, holder), 0);
	assert_int_equal(scenario_start(&s, other, scenario_good()), 0);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void what_is_shared_has_one_user_at_a_time(void **state)
{
	static const enum pil_state with_core[] = { PIL_LOCKED, PIL_RUNNING, PIL_CRASHED };
	static const enum pil_state without[] = { PIL_LOCKED, PIL_AUTHENTICATED };

	(void)state;
	for (size_t i = 0; i < sizeof(with_core) / sizeof(with_core[0]); i++) {
		assert_waits(MODEL_ADSP, with_core[i], MODEL_ADSP_LITE, PIL_R_PAS_CORE_TAKEN);
		assert_waits(MODEL_ADSP_LITE, with_core[i], MODEL_ADSP, PIL_R_PAS_CORE_TAKEN);
	}
	assert_waits(MODEL_ADSP, PIL_INHERITED, MODEL_ADSP_LITE, PIL_R_PAS_CORE_TAKEN);
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		assert_waits(MODEL_ADSP_DTB, without[i], MODEL_LITE_DTB, PIL_R_PAS_LEDGER);
		assert_waits(MODEL_LITE_DTB, without[i], MODEL_ADSP_DTB, PIL_R_PAS_LEDGER);
	}
}

/* the order in which Linux starts a DSP with a companion and a lite variant: lite down, companion up, DSP up, and back */
static void companion_and_lite_variant_as_the_driver_has_them(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, lock);
	assert_int_equal(scenario_start(&s, MODEL_LITE_DTB, scenario_good()), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP_LITE, scenario_good()), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP_LITE), 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_LITE_DTB), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP_DTB, scenario_good()), 0);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, scenario_good()), 0);
	assert_int_equal(s.pas.p[MODEL_ADSP_DTB].state, PIL_AUTHENTICATED);
	/* recovery leaves the companion alone; a new start of both cleans it first */
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(s.pas.p[MODEL_ADSP_DTB].state, PIL_AUTHENTICATED);
	scenario_put_metadata(&s, scenario_good());
	assert_int_equal(pil_pas_init_image(&s.pas, MODEL_ADSP_DTB, SCENARIO_METADATA), 0);
	assert_true(model_is_zero(s.m, model_desc.peripherals[MODEL_ADSP_DTB].carveout));
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP_DTB), 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP_DTB));
	assert_null(s.m->violation);
	scenario_done(&s);
}

/* earlier firmware's peripheral goes on whatever the host asks for, and the host learns that it is not its own */
static void boot_firmwares_peripheral_is_not_the_hosts(void **state)
{
	struct scenario s;

	(void)state;
	start_machine(&s, MODEL_SLPI, PIL_INHERITED);
	assert_false(pil_pas_is_supported(&s.pas, model_desc.peripherals[MODEL_SLPI].pas_id));
	assert_true(pil_pas_is_supported(&s.pas, model_desc.peripherals[MODEL_ZAP].pas_id));
	scenario_put_metadata(&s, scenario_good());
	for (unsigned int i = PIL_EV_INIT; i <= PIL_EV_AUTH; i++)
		assert_int_equal(request(&s, MODEL_SLPI, (enum pil_event)i), -PIL_EUNSUPPORTED);
	assert_int_equal(pil_pas_set_remote_state(&s.pas, MODEL_SLPI, 0), -PIL_EUNSUPPORTED);
	assert_int_equal(s.pas.p[MODEL_SLPI].why.reason, PIL_R_PAS_LOADER);
	expect_why(pil_pas_shutdown(&s.pas, MODEL_SLPI), &s.pas.p[MODEL_SLPI].why, PIL_R_PAS_LOADER, 12,
		   PIL_EV_SHUTDOWN);
	assert_int_equal(s.m->core[3].state, PIL_CORE_RUNNING);
	assert_int_equal(s.m->calls[MODEL_CORE_STOP], 0);
	assert_kept(&s, MODEL_SLPI);
	assert_non_null(
		strstr(model_log_text(s.m), "slpi: SHUTDOWN refused: PAS_LOADER: PAS id 12 is for boot firmware"));
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_in_every_state_with_every_request),
		cmocka_unit_test(what_is_shared_has_one_user_at_a_time),
		cmocka_unit_test(companion_and_lite_variant_as_the_driver_has_them),
		cmocka_unit_test(boot_firmwares_peripheral_is_not_the_hosts),
	};

	int failed = 0;

	for (lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++)
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}

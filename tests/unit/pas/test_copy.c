/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock by copy: what runs is what was verified, whatever the host does to the carve-out, and nothing of it is left behind. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

#define AT   0x20u   /* a byte of the first segment */
#define LATE 0x3000u /* a byte that no segment of the image has */

static struct scenario *attacked; /* by the crypto back end below: it knows no board */
static struct pil_crypto spying;
static unsigned int digests;

static void flip(struct scenario *s, uint64_t offset)
{
	uint8_t byte = 0;

	assert_true(model_host_read(s->m, MODEL_ADSP_BASE + offset, &byte, 1));
	byte ^= 1;
	assert_true(model_host_write(s->m, MODEL_ADSP_BASE + offset, &byte, 1));
}

/* the host is quick: it changes a segment whenever something is about to be hashed */
static int flip_and_hash(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	const uint8_t *copy = model_copy(attacked->m, MODEL_ADSP), *bytes = data;

	if (bytes >= copy && bytes < copy + MODEL_ADSP_SIZE) {
		digests++;
		flip(attacked, AT);
	}
	return pil_crypto_openssl.hash_update(hash, data, size, why);
}

static void start_good(struct scenario *s)
{
	scenario_init(s, MODEL_BY_COPY);
	assert_int_equal(scenario_start(s, MODEL_ADSP, scenario_good()), 0);
}

static void host_that_writes_while_the_copy_is_hashed_changes_nothing(void **state)
{
	const struct scenario_image *good = scenario_good();
	unsigned int with_bytes = 0;
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	attacked = &s;
	digests = 0;
	spying = pil_crypto_openssl;
	spying.hash_update = flip_and_hash;
	s.pas.crypto = &spying;
	assert_int_equal(scenario_start(&s, MODEL_ADSP, good), 0);
	/* each segment that has bytes was hashed in the copy, once */
	for (unsigned int i = 0; i < good->plan.count; i++)
		with_bytes += good->plan.seg[i].filesz != 0;
	assert_int_equal(digests, with_bytes);
	assert_memory_equal(model_core_bytes(s.m, 0), good->file + good->plan.seg[0].offset, 0x180);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void host_that_writes_while_the_core_runs_changes_nothing(void **state)
{
	const struct scenario_image *good = scenario_good();
	struct scenario s;

	(void)state;
	start_good(&s);
	flip(&s, AT);
	assert_memory_equal(model_core_bytes(s.m, 0), good->file + good->plan.seg[0].offset, 0x180);
	assert_ptr_equal(model_core_bytes(s.m, 0), model_copy(s.m, MODEL_ADSP));
	scenario_done(&s);
}

/* the test above could fail: without copy the core fetches what the host has written */
static void without_a_copy_the_host_does_change_what_runs(void **state)
{
	const struct scenario_image *good = scenario_good();
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_OPEN);
	assert_int_equal(scenario_start(&s, MODEL_ADSP, good), 0);
	flip(&s, AT);
	assert_memory_not_equal(model_core_bytes(s.m, 0), good->file + good->plan.seg[0].offset, 0x180);
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP) & (PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA), 0);
	scenario_done(&s);
}

static void only_what_the_plan_places_is_copied(void **state)
{
	struct scenario s;

	(void)state;
	start_good(&s);
	/* the host filled the carve-out first */
	assert_int_equal(model_memory(s.m, (struct pil_range){ MODEL_ADSP_BASE + LATE, 1 })[0], SCENARIO_FILL);
	assert_int_equal(model_copy(s.m, MODEL_ADSP)[LATE], 0);
	assert_int_equal(model_copy(s.m, MODEL_ADSP)[MODEL_ADSP_SIZE - 1], 0);
	scenario_done(&s);
}

static void auth_leaves_the_carve_out_and_shutdown_scrubs_it(void **state)
{
	const struct scenario_image *good = scenario_good();
	struct pil_range carveout = model_desc.peripherals[MODEL_ADSP].carveout;
	struct scenario s;

	(void)state;
	start_good(&s);
	assert_memory_equal(model_memory(s.m, carveout), good->file + good->plan.seg[0].offset, 0x180);
	assert_int_equal(model_memory(s.m, carveout)[LATE], SCENARIO_FILL);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_true(model_is_zero(s.m, carveout));
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

static void refused_image_leaves_nothing_in_the_copy(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	flip(&s, AT);
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), -PIL_EAUTH);
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

static jmp_buf abandoned;

/* asked for the second time when everything is verified */
static void abandon_verified(struct model *m, enum model_call call, void *arg)
{
	(void)arg;
	if (call == MODEL_SHELTER && m->calls[MODEL_SHELTER] == 2)
		longjmp(abandoned, 1);
}

static void auth_that_is_never_resumed_leaves_nothing_in_the_copy(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	s.m->hook = abandon_verified;
	if (!setjmp(abandoned)) {
		(void)pil_pas_auth_and_reset(&s.pas, MODEL_ADSP);
		fail_msg("AUTH was not stopped");
	}
	s.m->hook = NULL;
	pil_pas_abandon(&s.pas, MODEL_ADSP);
	assert_false(model_copy_is_zero(s.m, MODEL_ADSP));
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

static int (*real_lock)(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why);

static int lock_and_abandon(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	(void)real_lock(b, peripheral, r, why);
	longjmp(abandoned, 1);
}

/* it was suspended where the board had locked and the service did not yet know */
static void auth_that_is_given_up_inside_the_lock_is_unlocked(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BOTH);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	real_lock = s.m->board.lock;
	s.m->board.lock = lock_and_abandon;
	if (!setjmp(abandoned)) {
		(void)pil_pas_auth_and_reset(&s.pas, MODEL_ADSP);
		fail_msg("AUTH was not stopped");
	}
	s.m->board.lock = real_lock;
	pil_pas_abandon(&s.pas, MODEL_ADSP);
	assert_true(s.m->locked[MODEL_ADSP].size > 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_int_equal(s.m->locked[MODEL_ADSP].size, 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

/* the carve-out cannot be reached, the copy can: it is wiped at once, and the peripheral stays where it is */
static void copy_is_scrubbed_even_when_the_carve_out_cannot_be(void **state)
{
	struct scenario s;

	(void)state;
	start_good(&s);
	model_fail(s.m, 3); /* after the core is held and its DMA master quiet */
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), -PIL_EBOARD);
	assert_int_equal(s.pas.p[MODEL_ADSP].state, PIL_RUNNING);
	assert_true(model_copy_is_zero(s.m, MODEL_ADSP));
	model_fail(s.m, 0);
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

/* a core leaves something in its memory, crashes, and is shut down */
static void crash(struct scenario *s, enum model_lock lock, bool policy)
{
	scenario_init(s, lock);
	s->pas.device.debug = policy ? PIL_DEBUG_COREDUMP : 0;
	s->m->device.debug = policy ? PIL_DEBUG_COREDUMP : 0;
	assert_int_equal(scenario_start(s, MODEL_ADSP, scenario_good()), 0);
	if (lock & MODEL_BY_COPY)
		memcpy(model_copy(s->m, MODEL_ADSP) + LATE, "trace", 5);
	else
		memcpy(model_memory(s->m, (struct pil_range){ MODEL_ADSP_BASE + LATE, 5 }), "trace", 5);
	model_core_crash(s->m, 0);
	assert_int_equal(pil_pas_shutdown(&s->pas, MODEL_ADSP), 0);
	assert_null(scenario_is_off(s, MODEL_ADSP));
}

static void debug_policy_decides_what_the_host_sees_of_a_crash(void **state)
{
	struct pil_range carveout = model_desc.peripherals[MODEL_ADSP].carveout;

	(void)state;
	for (enum model_lock lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++) {
		struct scenario s;
		char seen[5] = { 0 };

		crash(&s, lock, false);
		assert_true(model_is_zero(s.m, carveout));
		scenario_done(&s);
		crash(&s, lock, true);
		assert_true(model_host_read(s.m, MODEL_ADSP_BASE + LATE, seen, sizeof(seen)));
		assert_memory_equal(seen, "trace", sizeof(seen));
		scenario_done(&s);
	}
}

/* nothing crashed: the policy does not matter, nor does it for an image that was refused */
static void debug_policy_opens_nothing_but_crashes(void **state)
{
	struct pil_range carveout = model_desc.peripherals[MODEL_ADSP].carveout;
	struct scenario s;

	(void)state;
	start_good(&s);
	s.pas.device.debug = PIL_DEBUG_COREDUMP;
	assert_int_equal(pil_pas_shutdown(&s.pas, MODEL_ADSP), 0);
	assert_true(model_is_zero(s.m, carveout));
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	flip(&s, AT);
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), -PIL_EAUTH);
	assert_true(model_is_zero(s.m, carveout));
	assert_null(scenario_is_off(&s, MODEL_ADSP));
	scenario_done(&s);
}

/* between the first look at the board and the start something goes wrong: not even then does the carve-out run */
static void *no_longer_there(struct pil_board *b, unsigned int peripheral, uint64_t *pa)
{
	struct model *m = b->ctx;

	(void)peripheral;
	if (m->calls[MODEL_SHELTER]++)
		return NULL;
	*pa = MODEL_SHELTER_BASE;
	return m->copy[0].bytes;
}

static void copy_that_is_not_the_verified_one_does_not_start(void **state)
{
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(scenario_load(&s, MODEL_ADSP, scenario_good()), 0);
	s.m->board.shelter = no_longer_there;
	assert_int_equal(pil_pas_auth_and_reset(&s.pas, MODEL_ADSP), -PIL_EBOARD);
	assert_int_equal(s.pas.p[MODEL_ADSP].why.reason, PIL_R_PAS_WINDOW);
	assert_int_equal(s.m->calls[MODEL_CORE_START], 0);
	scenario_done(&s);
}

static void capabilities_say_that_a_copy_is_locked(void **state)
{
	const uint32_t both = PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA;
	struct scenario s;

	(void)state;
	for (enum model_lock lock = MODEL_IN_PLACE; lock <= MODEL_BOTH; lock++) {
		scenario_init(&s, lock);
		assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP) & both, both);
		scenario_done(&s);
	}
}

/* a firewall that DMA passes is no lock against it; a copy behind such a firewall is */
static void capabilities_of_a_firewall_that_dma_passes(void **state)
{
	const uint32_t bits = PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA | PIL_CAP_FAULTS;
	struct scenario s;

	(void)state;
	scenario_init(&s, MODEL_IN_PLACE);
	s.m->board.lock_leaves_dma = true;
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP) & bits, PIL_CAP_LOCKED_CPU | PIL_CAP_FAULTS);
	scenario_done(&s);
	scenario_init(&s, MODEL_BOTH);
	s.m->board.lock_leaves_dma = true;
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP) & bits, bits);
	scenario_done(&s);
	scenario_init(&s, MODEL_BY_COPY);
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP) & bits, PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA);
	scenario_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_that_writes_while_the_copy_is_hashed_changes_nothing),
		cmocka_unit_test(host_that_writes_while_the_core_runs_changes_nothing),
		cmocka_unit_test(without_a_copy_the_host_does_change_what_runs),
		cmocka_unit_test(only_what_the_plan_places_is_copied),
		cmocka_unit_test(auth_leaves_the_carve_out_and_shutdown_scrubs_it),
		cmocka_unit_test(refused_image_leaves_nothing_in_the_copy),
		cmocka_unit_test(auth_that_is_never_resumed_leaves_nothing_in_the_copy),
		cmocka_unit_test(auth_that_is_given_up_inside_the_lock_is_unlocked),
		cmocka_unit_test(copy_is_scrubbed_even_when_the_carve_out_cannot_be),
		cmocka_unit_test(debug_policy_decides_what_the_host_sees_of_a_crash),
		cmocka_unit_test(debug_policy_opens_nothing_but_crashes),
		cmocka_unit_test(copy_that_is_not_the_verified_one_does_not_start),
		cmocka_unit_test(capabilities_say_that_a_copy_is_locked),
		cmocka_unit_test(capabilities_of_a_firewall_that_dma_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

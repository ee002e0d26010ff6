/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What OP-TEE's own remoteproc TA (4.10.0) lets a host do, tried against Pilot's door: the code of the TA, on a model of the PTA. The
 * letters in front of a test are those of docs/THREATS.md, section on the TEE's doors.
 */
#include "expect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "imagegen.h"
#include "teescenario.h"

#define PHDR_AT(image, n) ((image) + 52u + (n)*32u)

static struct teescenario s;
static struct pil_tee_session m33, m0;
static struct teescenario_container changed;

static int setup(void **state)
{
	(void)state;
	teescenario_init(&s);
	teescenario_open(&s, &m33, MODEL_PTA_M33);
	teescenario_open(&s, &m0, MODEL_PTA_M0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(s.m->refused, 0);
	teescenario_done(&s);
	return 0;
}

static uint32_t word(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* where the program's ELF file begins in a container */
static size_t image_of(const struct teescenario_container *c)
{
	return c->size - word(c->bytes + 16);
}

/* a validly signed container, as the host has it in its own memory. Return: its image */
static uint8_t *have_genuine(void)
{
	changed = *teescenario_good(MODEL_PTA_M33, 3);
	return changed.bytes + image_of(&changed);
}

/* nothing was placed, nothing runs, and the genuine one still works */
static void assert_refused(uint32_t result, enum pil_reason reason)
{
	assert_int_equal(teescenario_load(&s, &m33, &changed), result);
	assert_int_equal(s.rproc.pas.p[0].why.reason, reason);
	assert_int_equal(teescenario_state(&s, &m33), PIL_TEE_STATE_OFF);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_BAD_STATE);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
}

static void m1_a_second_session_is_not_turned_away(void **state)
{
	struct pil_tee_session many[32] = { { 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
		teescenario_open(&s, &many[i], i % 2);
	assert_int_equal(teescenario_load(&s, &many[30], teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &many[31], teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
}

static void m2_a_segment_cannot_be_dropped(void **state)
{
	uint8_t *image = NULL;

	(void)state;
	image = have_genuine();
	imagegen_put(image + 44, 2, 2); /* e_phnum */
	assert_refused(PIL_TEE_BAD_FORMAT, PIL_R_CONTAINER_TABLE);
	image = have_genuine();
	imagegen_put(PHDR_AT(image, 1), 4, 0); /* PT_NULL */
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_PHDR);
}

static void m3_the_resource_table_cannot_be_moved(void **state)
{
	uint8_t *image = have_genuine();
	uint8_t *section = image + word(image + 32) + 2 * 40u;

	(void)state;
	imagegen_put(section + 12, 4, MODEL_PTA_DA_IPC + 0x100); /* sh_addr */
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_ELF_DIGEST);
	(void)have_genuine();
	imagegen_put(section + 16, 4, 0x100); /* sh_offset: code as a table */
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_ELF_DIGEST);
	(void)have_genuine();
	imagegen_put(image + 48, 2, 0); /* e_shnum: no table at all */
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_ELF_DIGEST);
}

static void m4_the_entry_point_cannot_be_changed(void **state)
{
	uint8_t *image = have_genuine();

	(void)state;
	imagegen_put(image + 24, 4, MODEL_PTA_DA + 0x80);
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_ELF_DIGEST);
}

static void m5_a_session_cannot_command_another_processor(void **state)
{
	struct pil_tee_call load = {
		.command = PIL_TEE_RPROC_LOAD,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[0].a = MODEL_PTA_M0,
	};

	(void)state;
	changed = *teescenario_good(MODEL_PTA_M0, 3);
	load.p[1] = (struct pil_tee_param){ .buffer = changed.bytes, .size = changed.size };
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &load), PIL_TEE_ACCESS_DENIED);
	assert_true(model_pta_is_zero(s.m, MODEL_PTA_M0));
	assert_int_equal(teescenario_load(&s, &m0, &changed), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m0, PIL_TEE_RPROC_START, MODEL_PTA_M0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, MODEL_PTA_M0), PIL_TEE_ACCESS_DENIED);
	assert_int_equal(s.m->processor[1].state, PIL_TEE_CORE_RUNNING);
}

static void m6_there_is_no_session_for_a_processor_that_is_not_there(void **state)
{
	struct pil_tee_call open = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0), .p[0].a = 7 };
	struct pil_tee_session session = { 0 };

	(void)state;
	assert_int_equal(pil_tee_rproc_open(&s.door, PIL_TEE_LOGIN_KERNEL, &open, &session), PIL_TEE_ITEM_NOT_FOUND);
}

static void m7_user_space_is_not_served(void **state)
{
	struct pil_tee_call open = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };
	struct pil_tee_session session = { 0 };

	(void)state;
	assert_int_equal(pil_tee_rproc_open(&s.door, 0, &open, &session), PIL_TEE_ACCESS_DENIED); /* TEE_LOGIN_PUBLIC */
	open.types = 0;
	assert_int_equal(pil_tee_rproc_open(&s.door, 0, &open, &session), PIL_TEE_ACCESS_DENIED);
}

/** struct racer - a thread that makes a container's TLVs and its image change lengths, their sum staying the same */
struct racer {
	uint8_t *at;
	_Atomic bool stop;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	uint32_t tlvs = word(r->at + 8), image = word(r->at + 16);

	while (!atomic_load(&r->stop)) {
		imagegen_put(r->at + 8, 4, tlvs + 0x400);
		imagegen_put(r->at + 16, 4, image - 0x400);
		imagegen_put(r->at + 8, 4, tlvs);
		imagegen_put(r->at + 16, 4, image);
	}
	return NULL;
}

/* in memory of exactly its size: a read behind it would be seen */
static void r1_lengths_that_change_while_they_are_read_lead_nowhere(void **state)
{
	const struct teescenario_container *good = teescenario_good(MODEL_PTA_M33, 3);
	uint8_t *shared = malloc(good->size);
	struct racer r = { .at = shared };
	struct pil_tee_call load = {
		.command = PIL_TEE_RPROC_LOAD,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[1] = { .buffer = shared, .size = good->size },
	};
	unsigned int accepted = 0, refused = 0;
	pthread_t thread;

	(void)state;
	assert_non_null(shared);
	memcpy(shared, good->bytes, good->size);
	assert_int_equal(pthread_create(&thread, NULL, race, &r), 0);
	for (unsigned int i = 0; i < 2000; i++) {
		if (pil_tee_rproc_invoke(&s.door, &m33, &load) == PIL_TEE_SUCCESS) {
			accepted++;
			assert_true(teescenario_runs(&s, MODEL_PTA_M33));
			assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
		} else {
			refused++;
			assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
		}
	}
	atomic_store(&r.stop, true);
	pthread_join(thread, NULL);
	free(shared);
	print_message("# %u accepted, %u refused\n", accepted, refused);
	assert_int_equal(accepted + refused, 2000);
}

/* the host changes its memory at every call to the PTA that comes after the copy: what counts is that. A record of the trace is written before */
static void change_all(struct model_pta *m, const struct pil_tee_call *call, void *arg)
{
	struct pil_bytes *client = arg;

	(void)m;
	if (call->command == PIL_TEE_BOARD_TRACE)
		return;
	for (size_t i = 0; i < client->size; i++)
		((uint8_t *)(uintptr_t)client->data)[i] ^= 0xff;
}

static void r1_what_changes_after_the_copy_does_not_count(void **state)
{
	const struct teescenario_container *good = teescenario_good(MODEL_PTA_M33, 3);
	struct pil_bytes client = { .data = changed.bytes, .size = good->size };
	struct pil_tee_call load = {
		.command = PIL_TEE_RPROC_LOAD,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[1] = { .buffer = changed.bytes, .size = good->size },
	};

	(void)state;
	changed = *good;
	s.m->hook = change_all;
	s.m->hook_arg = &client;
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &load), PIL_TEE_SUCCESS);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
}

static void r2_an_image_is_for_one_processor(void **state)
{
	(void)state;
	changed = *teescenario_good(MODEL_PTA_M0, 3);
	assert_refused(PIL_TEE_ACCESS_DENIED, PIL_R_CONTAINER_PROCESSOR);
	changed = *teescenario_good(MODEL_PTA_M33, 3);
	assert_int_equal(teescenario_load(&s, &m0, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_ACCESS_DENIED);
}

static void r2_an_older_image_is_refused(void **state)
{
	struct pil_why why = { 0 };

	(void)state;
	assert_int_equal(pil_counters_advance(&s.m->counters, 1, 3, &why), 0);
	changed = *teescenario_good(MODEL_PTA_M33, 2);
	assert_refused(PIL_TEE_ACCESS_DENIED, PIL_R_ROLLBACK);
}

static void r3_an_entry_of_the_hash_table_is_for_one_segment(void **state)
{
	uint8_t *image = have_genuine();
	uint8_t phdr[32] = { 0 };

	(void)state;
	/* each has an entry with its p_paddr in the table, but not in its place */
	memcpy(phdr, PHDR_AT(image, 0), sizeof(phdr));
	memmove(PHDR_AT(image, 0), PHDR_AT(image, 1), sizeof(phdr));
	memcpy(PHDR_AT(image, 1), phdr, sizeof(phdr));
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_PHDR);
	/* twice the same */
	image = have_genuine();
	memcpy(PHDR_AT(image, 1), PHDR_AT(image, 0), sizeof(phdr));
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_PHDR);
}

static void r4_a_processor_that_runs_keeps_no_other_from_it(void **state)
{
	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &m0, teescenario_good(MODEL_PTA_M0, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m0, PIL_TEE_RPROC_START, 1), PIL_TEE_SUCCESS);
	assert_int_equal(s.m->processor[0].state, PIL_TEE_CORE_RUNNING);
	assert_int_equal(s.m->processor[1].state, PIL_TEE_CORE_RUNNING);
}

static void r5_memory_that_an_image_leaves_out_is_zero(void **state)
{
	(void)state;
	memset(s.m->processor[0].own, 0xff, MODEL_PTA_SIZE(0));
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_true(teescenario_runs(&s, MODEL_PTA_M33));
}

static void a_forged_container_is_refused_at_every_byte(void **state)
{
	const struct teescenario_container *good = teescenario_good(MODEL_PTA_M33, 3);

	(void)state;
	for (size_t at = 0; at < good->size; at += at < 0x200 ? 1 : 7) {
		changed = *good;
		changed.bytes[at] ^= 0x10;
		assert_int_not_equal(teescenario_load(&s, &m33, &changed), PIL_TEE_SUCCESS);
		assert_true(model_pta_is_zero(s.m, MODEL_PTA_M33));
	}
}

static void a_foreign_key_is_refused(void **state)
{
	struct teescenario_program p = teescenario_program(true);
	struct containergen g = { 0 };

	(void)state;
	containergen_init(&g);
	g.processor = MODEL_PTA_M33;
	g.key = CERTGEN_RSA2048;
	teescenario_sign(&changed, &g, &p);
	assert_refused(PIL_TEE_SECURITY, PIL_R_CONTAINER_KEY_HASH);
}

/* as OP-TEE's own script signs, with its option for the key: only where the fuses say so, and it is said in the log */
static void upstreams_containers_need_the_boards_word(void **state)
{
	static const uint32_t own[] = { 0x15001, 0x15002, 0x15003 };
	struct teescenario_program p = teescenario_program(true);
	struct pil_why why = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		struct containergen g = { 0 };

		containergen_init(&g);
		g.processor = MODEL_PTA_M33;
		g.omit = own[i];
		teescenario_sign(&changed, &g, &p);
		assert_refused(PIL_TEE_ACCESS_DENIED, PIL_R_CONTAINER_LOOSE);
		s.rproc.pas.device.loose_containers = true;
		assert_int_equal(teescenario_load(&s, &m33, &changed), PIL_TEE_SUCCESS);
		assert_true(teescenario_runs(&s, MODEL_PTA_M33));
		assert_non_null(strstr(model_pta_log(s.m),
				       "m33: LOAD_FW warning: the container does not say, and the fuses do without: "));
		assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_RELEASE, 0), PIL_TEE_SUCCESS);
		s.rproc.pas.device.loose_containers = false;
	}
	/* what says no version is older than anything that was ever counted */
	assert_int_equal(pil_counters_advance(&s.m->counters, 1, 1, &why), 0);
	s.rproc.pas.device.loose_containers = true;
	{
		struct containergen g = { 0 };

		containergen_init(&g);
		g.processor = MODEL_PTA_M33;
		g.omit = own[1];
		teescenario_sign(&changed, &g, &p);
	}
	assert_refused(PIL_TEE_ACCESS_DENIED, PIL_R_CONTAINER_LOOSE);
	/* and one for another processor is one for another processor */
	changed = *teescenario_good(MODEL_PTA_M0, 3);
	assert_refused(PIL_TEE_ACCESS_DENIED, PIL_R_CONTAINER_PROCESSOR);
}

static void coredump_needs_a_crash_and_the_boards_word(void **state)
{
	static uint8_t dump[MODEL_PTA_SIZE(0)];
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_GET_COREDUMP,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_OUTPUT, 0, 0),
		.p[1] = { .buffer = dump, .size = sizeof(dump) },
	};

	(void)state;
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_BAD_STATE);
	assert_int_equal(call.p[1].size, 0);
	s.m->processor[0].state = PIL_TEE_CORE_CRASHED;
	call.p[1].size = sizeof(dump);
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_ACCESS_DENIED);
	assert_int_equal(call.p[1].size, 0);
	s.rproc.pas.device.debug = PIL_DEBUG_COREDUMP;
	call.p[1].size = sizeof(dump) - 1;
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_SHORT_BUFFER);
	assert_int_equal(call.p[1].size, sizeof(dump));
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_SUCCESS);
	assert_memory_equal(dump, s.m->processor[0].own, sizeof(dump));
	/* nobody crashed: stopped by its host it keeps its secrets */
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_load(&s, &m33, teescenario_good(MODEL_PTA_M33, 3)), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_START, 0), PIL_TEE_SUCCESS);
	assert_int_equal(teescenario_call(&s, &m33, PIL_TEE_RPROC_STOP, 0), PIL_TEE_SUCCESS);
	call.p[1].size = sizeof(dump);
	assert_int_equal(pil_tee_rproc_invoke(&s.door, &m33, &call), PIL_TEE_ACCESS_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(m1_a_second_session_is_not_turned_away, setup, teardown),
		cmocka_unit_test_setup_teardown(m2_a_segment_cannot_be_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(m3_the_resource_table_cannot_be_moved, setup, teardown),
		cmocka_unit_test_setup_teardown(m4_the_entry_point_cannot_be_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(m5_a_session_cannot_command_another_processor, setup, teardown),
		cmocka_unit_test_setup_teardown(m6_there_is_no_session_for_a_processor_that_is_not_there, setup,
						teardown),
		cmocka_unit_test_setup_teardown(m7_user_space_is_not_served, setup, teardown),
		cmocka_unit_test_setup_teardown(r1_lengths_that_change_while_they_are_read_lead_nowhere, setup,
						teardown),
		cmocka_unit_test_setup_teardown(r1_what_changes_after_the_copy_does_not_count, setup, teardown),
		cmocka_unit_test_setup_teardown(r2_an_image_is_for_one_processor, setup, teardown),
		cmocka_unit_test_setup_teardown(r2_an_older_image_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(r3_an_entry_of_the_hash_table_is_for_one_segment, setup, teardown),
		cmocka_unit_test_setup_teardown(r4_a_processor_that_runs_keeps_no_other_from_it, setup, teardown),
		cmocka_unit_test_setup_teardown(r5_memory_that_an_image_leaves_out_is_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(a_forged_container_is_refused_at_every_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(a_foreign_key_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(upstreams_containers_need_the_boards_word, setup, teardown),
		cmocka_unit_test_setup_teardown(coredump_needs_a_crash_and_the_boards_word, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's calls under the hypervisor: what reaches the secure world, in which order carve-out, streams and bridges change around it,
 * and that no interruption changes that order. What they lead to takes notes: notes.h has the letters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pilot/image.h>
#include <pilot/wire/scm.h>
#include <virt/desc.h>
#include <virt/platform.h>

#include "hypervisor.h"
#include "notes.h"

#define METADATA   100u
#define NO_SESSION 0u

#define AUTH_NOTES     "bGnbt+AGn+*d"
#define SHUTDOWN_NOTES "xSx-dg"
#define REFUSED_NOTES  "bGnbt+Ax-dgd"

/* --- a host --- */

static int64_t issue(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, struct hyp_frame *f)
{
	*f = (struct hyp_frame){ .x = { x0, x1, x2, x3, 0x44, 0x55, 0x66, 0x77, 0x88 } };
	hyp_call(f);
	return (int64_t)f->x[0];
}

static int64_t resume(uint64_t session, struct hyp_frame *f)
{
	f->x[0] = PIL_SCM_INTERRUPTED;
	f->x[6] = session;
	hyp_call(f);
	return (int64_t)f->x[0];
}

static int64_t finish(struct hyp_frame *f)
{
	while (f->x[0] == PIL_SCM_INTERRUPTED)
		resume(f->x[6], f);
	return (int64_t)f->x[0];
}

static int64_t begin_auth(uint64_t pas_id, struct hyp_frame *f)
{
	return issue(PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u), pas_id, 0, f);
}

static int64_t auth_of(uint64_t pas_id)
{
	struct hyp_frame f = { 0 };

	begin_auth(pas_id, &f);
	return finish(&f);
}

static int64_t shutdown_of(uint64_t pas_id)
{
	struct hyp_frame f = { 0 };

	issue(PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u), pas_id, 0, &f);
	return finish(&f);
}

static int64_t init_at(uint64_t metadata)
{
	struct hyp_frame f = { 0 };

	issue(PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE), PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u),
	      VIRT_ADSP_PAS_ID, metadata, &f);
	return finish(&f);
}

static int64_t init(void)
{
	return init_at((uint64_t)(uintptr_t)host + METADATA);
}

static void assert_notes(const char *wanted)
{
	assert_string_equal(fake.notes, wanted);
	memset(fake.notes, 0, sizeof(fake.notes));
}

/* all of them are down again between tests */
static int start(void **state)
{
	unsigned int held = fake.held;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	hyp_lock.taken = false;
	fake.held = held;
	for (unsigned int i = 0; i < virt_desc.peripheral_count; i++)
		if (shutdown_of(virt_desc.peripherals[i].pas_id))
			return -1;
	held = fake.held;
	memset(&fake, 0, sizeof(fake));
	return held ? -1 : 0;
}

/* the host at EL2 will make its own bridges; until it has enabled them the secure world wants none */
static void boot_stage_makes_no_bridge(void **state)
{
	(void)state;
	fake.stage = true;
	assert_int_equal(init(), 0);
	assert_notes("I");
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes("Gnt+*AGn+*");
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes("xSx-g");
	assert_int_equal(fake.held, 0);
}

/* what the hypervisor has put into its buffer is what INIT_IMAGE gets, once; where that is no host can say */
static void metadata_of_its_own_is_for_one_call(void **state)
{
	struct hyp_regs r = { .x = { PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE),
				     PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u), VIRT_ADSP_PAS_ID } };
	const unsigned int adsp = 0;
	uint8_t *own = hyp_request_own(adsp);

	(void)state;
	for (size_t i = 0; i < PIL_IMAGE_METADATA_MAX; i++)
		assert_int_equal(own[i], 0);
	memset(own, 0x77, 100);
	fake.interrupts = 1;
	hyp_request(adsp, &r);
	assert_int_equal(r.x[0], PIL_SCM_INTERRUPTED);
	assert_int_equal(fake.last.x[3], (uintptr_t)own);
	assert_true(hyp_resume(&r));
	assert_int_equal(r.x[0], 0);
	assert_int_equal(own[99], 0x77);
	assert_notes("bId");
	fake.interrupts = 0;
	assert_int_equal(init_at((uint64_t)(uintptr_t)own), PIL_SCM_EADDR);
	assert_notes("");
	assert_int_equal(init(), 0);
	assert_int_equal(own[99], host[METADATA + 99]);
	assert_notes("bId");
}

static void auth_takes_maps_and_then_asks(void **state)
{
	(void)state;
	assert_int_equal(init(), 0);
	assert_notes("bId");
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes(AUTH_NOTES);
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes(SHUTDOWN_NOTES);
	assert_int_equal(fake.held, 0);
}

/* whatever is interrupted, and however often */
static void interruptions_change_nothing(void **state)
{
	(void)state;
	for (fake.interrupts = 1; fake.interrupts < 4; fake.interrupts++) {
		assert_int_equal(init(), 0);
		assert_notes("bId");
		assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
		assert_notes(AUTH_NOTES);
		assert_int_equal(init(), 0);
		assert_notes("xSx-dgbId");
		assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
		assert_notes(AUTH_NOTES);
		assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
		assert_notes(SHUTDOWN_NOTES);
	}
}

static void refused_image_leaves_nothing(void **state)
{
	(void)state;
	fake.status['A'] = PIL_SCM_EINVAL;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_EINVAL);
	assert_notes(REFUSED_NOTES);
	assert_int_equal(fake.held, 0);
}

static void board_that_could_not_keeps_the_carveout(void **state)
{
	(void)state;
	fake.status['A'] = PIL_SCM_ERROR;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_ERROR);
	assert_notes("bGnbt+Ad");
	fake.status['S'] = PIL_SCM_ERROR;
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), PIL_SCM_ERROR);
	assert_notes("xS");
	assert_int_equal(fake.held, 1);
	fake.status['S'] = 0;
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes(SHUTDOWN_NOTES);
}

static void second_auth_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes(AUTH_NOTES);
	fake.status['A'] = PIL_SCM_EINVAL;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_EINVAL);
	assert_notes("A");
	assert_int_equal(fake.held, 1);
}

static void no_table_no_start(void **state)
{
	(void)state;
	fake.status['G'] = PIL_SCM_EINVAL;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_EINVAL);
	assert_notes("bGd");
	fake.status['G'] = 0;
	fake.builds_that_fail = 1;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_ERROR);
	assert_notes("bGnd");
	fake.status['b'] = PIL_SCM_ENOMEM;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_ENOMEM);
	assert_notes("b");
	assert_int_equal(init(), PIL_SCM_ENOMEM);
	assert_notes("b");
}

/* the core runs already, and must not go on with more than its image wants */
static void streams_that_cannot_be_narrowed_end_it(void **state)
{
	(void)state;
	fake.builds_that_fail = 2;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), PIL_SCM_ERROR);
	assert_notes("bGnbt+AGnxSx-dgd");
	assert_int_equal(fake.held, 0);
}

static void peripheral_without_streams_is_held_all_the_same(void **state)
{
	(void)state;
	assert_int_equal(auth_of(VIRT_ZAP_PAS_ID), 0);
	assert_notes("bt+A");
	assert_int_equal(shutdown_of(VIRT_ZAP_PAS_ID), 0);
	assert_notes(SHUTDOWN_NOTES);
}

static void shared_carveouts_take_turns(void **state)
{
	(void)state;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
	assert_int_equal(auth_of(VIRT_ADSP_DTB_PAS_ID), 0);
	memset(fake.notes, 0, sizeof(fake.notes));
	assert_int_equal(auth_of(VIRT_ADSP_LITE_PAS_ID), PIL_SCM_EINVAL);
	assert_int_equal(auth_of(VIRT_ADSP_LITE_DTB_PAS_ID), PIL_SCM_EADDR);
	assert_notes("");
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
	assert_int_equal(auth_of(VIRT_ADSP_LITE_PAS_ID), 0);
}

static void suspended_call_blocks_its_peripheral_until_it_is_ended(void **state)
{
	struct hyp_frame f = { 0 }, other = { 0 };

	(void)state;
	for (fake.interrupts = 1; fake.interrupts < 12; fake.interrupts++) {
		assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID, &f), PIL_SCM_INTERRUPTED);
		for (unsigned int i = 1; i < fake.interrupts && f.x[0] == PIL_SCM_INTERRUPTED; i++)
			resume(f.x[6], &f);
		fake.calls = 0;
		assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID, &other), PIL_SCM_EBUSY);
		assert_int_equal(fake.calls, 0);
		assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
		assert_int_equal(fake.held, 0);
		fake.calls = 0;
		assert_int_equal(resume(f.x[6], &f), PIL_SCM_EINVAL);
		assert_int_equal(fake.calls, 0);
		memset(fake.notes, 0, sizeof(fake.notes));
	}
}

/* AUTH_AND_RESET is abandoned after each number of resumptions; nothing is left, at whatever step that was */
static void abandoned_at_every_step(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	for (unsigned int steps = 0; steps < 3; steps++) {
		fake.interrupts = 1;
		assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID, &f), PIL_SCM_INTERRUPTED);
		for (unsigned int i = 0; i < steps; i++)
			assert_int_equal(resume(f.x[6], &f), PIL_SCM_INTERRUPTED);
		assert_int_equal(init(), 0);
		assert_int_equal(fake.held, 0);
		memset(fake.notes, 0, sizeof(fake.notes));
	}
}

static uint64_t session_inside;

static void another_cpu(void)
{
	struct hyp_frame f = { 0 };

	fake.during = NULL;
	assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID, &f), PIL_SCM_EBUSY);
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), PIL_SCM_EBUSY);
	assert_int_equal(init(), PIL_SCM_EBUSY);
	assert_int_equal(resume(session_inside, &f), PIL_SCM_EINVAL);
}

static void one_cpu_is_inside_at_a_time(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	session_inside = NO_SESSION;
	fake.during = another_cpu;
	assert_int_equal(auth_of(VIRT_ADSP_PAS_ID), 0);
	assert_notes(AUTH_NOTES);
	assert_int_equal(shutdown_of(VIRT_ADSP_PAS_ID), 0);
	memset(fake.notes, 0, sizeof(fake.notes));
	fake.interrupts = 1;
	assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID, &f), PIL_SCM_INTERRUPTED);
	session_inside = f.x[6];
	fake.during = another_cpu;
	resume(f.x[6], &f);
	assert_int_equal(finish(&f), 0);
	assert_notes(AUTH_NOTES);
}

/* to its end in the host's memory, then zeros; never less than the secure world reads at once */
static void metadata_is_copied_as_far_as_it_is_the_hosts(void **state)
{
	const uint64_t end = (uint64_t)(uintptr_t)host + sizeof(host);
	const uint8_t *copy = NULL;

	(void)state;
	memset(host, 0xa5, sizeof(host));
	assert_int_equal(init_at(end - 64), 0);
	copy = (const uint8_t *)(uintptr_t)fake.last.x[3];
	assert_notes("bId");
	assert_int_equal(init_at(end - 64), 0);
	assert_int_equal(init_at(end - 63), PIL_SCM_EADDR);
	assert_int_equal(init_at(end), PIL_SCM_EADDR);
	assert_int_equal(init_at((uint64_t)(uintptr_t)host - 1), PIL_SCM_EADDR);
	assert_int_equal(init_at(0), PIL_SCM_EADDR);
	assert_int_equal(init_at(UINT64_MAX - 7), PIL_SCM_EADDR);
	assert_int_equal(init_at((uint64_t)(uintptr_t)copy), PIL_SCM_EADDR);
}

static void the_host_never_names_what_the_secure_world_reads(void **state)
{
	struct hyp_frame f = { 0 };
	uint64_t metadata = (uint64_t)(uintptr_t)host;

	(void)state;
	fake.interrupts = 1;
	issue(PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE), PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u),
	      VIRT_ADSP_PAS_ID, metadata, &f);
	assert_int_equal(f.x[0], PIL_SCM_INTERRUPTED);
	assert_false(hyp_host_owns(fake.last.x[3], 1));
	assert_int_equal(fake.last.x[4] | fake.last.x[5] | fake.last.x[6] | fake.last.x[7], 0);
	assert_int_equal(finish(&f), 0);
}

static void registers_that_carry_nothing_come_back(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	fake.interrupts = 1;
	begin_auth(VIRT_ADSP_PAS_ID, &f);
	assert_int_equal(f.x[0], PIL_SCM_INTERRUPTED);
	assert_int_equal(f.x[1] | f.x[2] | f.x[3], 0);
	assert_int_equal(finish(&f), 0);
	assert_int_equal(f.x[1] | f.x[2] | f.x[3], 0);
	assert_int_equal(f.x[4], 0x44);
	assert_int_equal(f.x[5], 0x55);
	assert_int_equal(f.x[7], 0x77);
	assert_int_equal(f.x[8], 0x88);
}

static bool is_listed(uint32_t function)
{
	static const uint32_t listed[] = { PIL_SCM_PAS_INIT_IMAGE,	  PIL_SCM_PAS_MEM_SETUP,
					   PIL_SCM_PAS_AUTH_AND_RESET,	  PIL_SCM_PAS_SHUTDOWN,
					   PIL_SCM_PAS_IS_SUPPORTED,	  PIL_SCM_INFO_IS_CALL_AVAIL,
					   PIL_SCM_BOOT_SET_REMOTE_STATE, PIL_SCM_MP_VIDEO_VAR };

	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		if (listed[i] == function)
			return true;
	return false;
}

/* every function of the secure world's owner, with every number of arguments, as fast and as yielding call */
static void what_is_not_listed_goes_nowhere(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	for (uint32_t function = 0; function <= UINT16_MAX; function++)
		for (uint64_t count = 0; count <= PIL_SCM_MAX_ARGS; count++) {
			if (is_listed(function))
				continue;
			fake.calls = 0;
			assert_true(issue(PIL_SCM_STD64(function), count, 1, 2, &f) < 0);
			assert_true(issue(PIL_SCM_FAST64(function), count, 1, 2, &f) < 0);
			assert_int_equal(fake.calls, 0);
		}
}

static void other_owners_get_nothing(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	for (uint64_t owner = 0; owner < 64; owner++) {
		if (owner == 0 || owner == 2 || owner == 4)
			continue;
		assert_int_equal(issue(owner << 24 | 0xc0000001u, 0, 0, 0, &f), -1);
		assert_int_equal(issue(owner << 24 | 2u, 0, 0, 0, &f), -1);
	}
	assert_int_equal(fake.calls, 0);
}

static void malformed_calls_go_nowhere(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	assert_int_equal(
		issue(PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(2u), VIRT_ADSP_PAS_ID, 0, &f),
		PIL_SCM_EINVAL);
	assert_int_equal(begin_auth(VIRT_ADSP_PAS_ID | 1ull << 32, &f), PIL_SCM_EINVAL);
	assert_int_equal(begin_auth(255, &f), PIL_SCM_EINVAL);
	assert_int_equal(issue(PIL_SCM_FAST64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u), VIRT_ADSP_PAS_ID, 0, &f),
			 PIL_SCM_ERROR);
	assert_int_equal(issue(PIL_SCM_STD64(PIL_SCM_BOOT_SET_REMOTE_STATE), PIL_SCM_ARGS_VALUES(2u), 0, 1, &f),
			 PIL_SCM_EINVAL);
	assert_int_equal(resume(1234, &f), PIL_SCM_EINVAL);
	assert_int_equal(fake.calls, 0);
}

static void availability_is_asked_but_for_what_is_the_hypervisors(void **state)
{
	struct hyp_frame f = { 0 };

	(void)state;
	assert_int_equal(issue(PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
			       PIL_SCM_OWNER_SIP | PIL_SCM_PAS_SHUTDOWN, 0, &f),
			 0);
	assert_notes("V");
	assert_int_equal(issue(PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
			       PIL_SCM_OWNER_SIP | PIL_SCM_MP_SHM_BRIDGE_ENABLE, 0, &f),
			 0);
	assert_int_equal(f.x[1], 0);
	assert_notes("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(boot_stage_makes_no_bridge, start),
		cmocka_unit_test_setup(metadata_of_its_own_is_for_one_call, start),
		cmocka_unit_test_setup(auth_takes_maps_and_then_asks, start),
		cmocka_unit_test_setup(interruptions_change_nothing, start),
		cmocka_unit_test_setup(refused_image_leaves_nothing, start),
		cmocka_unit_test_setup(board_that_could_not_keeps_the_carveout, start),
		cmocka_unit_test_setup(second_auth_changes_nothing, start),
		cmocka_unit_test_setup(no_table_no_start, start),
		cmocka_unit_test_setup(streams_that_cannot_be_narrowed_end_it, start),
		cmocka_unit_test_setup(peripheral_without_streams_is_held_all_the_same, start),
		cmocka_unit_test_setup(shared_carveouts_take_turns, start),
		cmocka_unit_test_setup(suspended_call_blocks_its_peripheral_until_it_is_ended, start),
		cmocka_unit_test_setup(abandoned_at_every_step, start),
		cmocka_unit_test_setup(one_cpu_is_inside_at_a_time, start),
		cmocka_unit_test_setup(metadata_is_copied_as_far_as_it_is_the_hosts, start),
		cmocka_unit_test_setup(the_host_never_names_what_the_secure_world_reads, start),
		cmocka_unit_test_setup(registers_that_carry_nothing_come_back, start),
		cmocka_unit_test_setup(what_is_not_listed_goes_nowhere, start),
		cmocka_unit_test_setup(other_owners_get_nothing, start),
		cmocka_unit_test_setup(malformed_calls_go_nowhere, start),
		cmocka_unit_test_setup(availability_is_asked_but_for_what_is_the_hypervisors, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Using up what there is only so much of. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"

#define SOON_US 2000u

/* one line for each function is promised, and none for a host that tries all of them */
static bool unknown_functions(void)
{
	struct scm_call c = { 0 };
	uint32_t i = 0;
	bool good = true;

	for (i = 0; i < 3000; i++) {
		scm_prepare(&c, PIL_SCM_STD64(0x5000u + i), PIL_SCM_ARGS_VALUES(1u), i, 0, 0);
		good = same("status", scm_complete(&c), PIL_SCM_ERROR) && good;
	}
	log_counts("SCM_UNKNOWN", 0, 32);
	return good && flow();
}

static bool sessions(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	if (!place_image(SMALL))
		return false;
	prepare_shutdown(&c);
	for (i = 0; i < 3000; i++) {
		timer_start(0);
		if (!same("SHUTDOWN", scm_issue(&c), PIL_SCM_INTERRUPTED))
			return false;
		timer_take();
	}
	return same("the last one goes on", scm_finish(&c), 0) && flow();
}

static bool verifications_thrown_away(void)
{
	struct scm_call c = { 0 };
	unsigned int i = 0;

	for (i = 0; i < 40; i++)
		if (!suspend_auth(&c, SMALL, SOON_US + 517u * i))
			return false;
	return flow();
}

static bool metadata_again_and_again(void)
{
	uint64_t at = archive_metadata(archive_find(LARGE), 0);
	unsigned int i = 0;

	for (i = 0; i < 200; i++)
		if (!same("INIT_IMAGE", pas_init_image(at), 0))
			return false;
	return flow();
}

static bool refusals_again_and_again(void)
{
	unsigned int i = 0;

	for (i = 0; i < 500; i++)
		if (!same("INIT_IMAGE", pas_init_image(VIRT_SERVICE_RAM), PIL_SCM_EADDR))
			return false;
	return flow();
}

static void query(void *arg)
{
	unsigned int *wrong = arg;
	unsigned int i = 0;

	for (i = 0; i < 5000; i++)
		*wrong += !door_answers();
}

/* queries need no gate and no stack of a request: every CPU at once */
static bool queries_from_all_cpus(void)
{
	unsigned int wrong[3] = { 0 };
	bool good = place_image(SMALL) && cpu_run(1, query, &wrong[1]) && cpu_run(2, query, &wrong[2]);

	good = same("AUTH_AND_RESET meanwhile", pas_auth(), 0) && good;
	query(&wrong[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	return same("queries without an answer", wrong[0] + wrong[1] + wrong[2], 0) && good;
}

/* as much as INIT_IMAGE takes: what the signature covers says something else, which AUTH finds */
static bool largest_metadata(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	uint64_t at = archive_metadata(e, 0);
	unsigned int i = 0;

	*(volatile uint32_t *)(at + 52 + 32 + 16) = 0x10000; /* p_filesz of the hash segment */
	*(volatile uint32_t *)(at + 52 + 32 + 20) = 0x10000;
	for (i = 0; i < 5; i++) {
		if (!same("INIT_IMAGE", pas_init_image(at), 0) ||
		    !same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0))
			return false;
		archive_copy_memory(e);
		if (!same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL))
			return false;
	}
	return flow();
}

const struct attack exhaustion_attacks[] = {
	{ "functions_that_nobody_offers", "each is refused, and the secure log has no line for each", unknown_functions,
	  0 },
	{ "three_thousand_interrupted_calls", "numbers do not run out, and the last call goes on", sessions, 0 },
	{ "verifications_thrown_away_at_forty_places", "pool and stack are whole for the next one",
	  verifications_thrown_away, 0 },
	{ "metadata_two_hundred_times", "each replaces the one before", metadata_again_and_again, 0 },
	{ "five_hundred_refusals", "nothing is used up by them", refusals_again_and_again, 0 },
	{ "queries_from_all_cpus_during_a_verification", "all are answered, and the verification ends",
	  queries_from_all_cpus, 0 },
	{ "metadata_as_long_as_it_may_be", "it fits the secure world's memory, and AUTH refuses it", largest_metadata,
	  0 },
	{ NULL, NULL, NULL, 0 },
};

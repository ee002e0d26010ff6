/* SPDX-License-Identifier: BSD-2-Clause */
/* What this board cannot enforce: memory assignments, video windows, power states. It is refused, and not recorded. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PAGE	(SCRATCH)
#define LISTS	(SCRATCH + 0x1000)
#define GIVEN	UINT64_C(0x60f80000)
#define MODEM	15u
#define RWX	7u
#define MANY	400u
#define REFUSED "host: MP_ASSIGN refused: PAS_ASSIGN_NONE"

#define ASSIGN_ARGS PIL_SCM_ARGS(7u, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO)

/** struct assignment - arguments of MP_ASSIGN: addresses and sizes of its lists */
struct assignment {
	uint64_t page;
	uint64_t regions, regions_size, sources, sources_size, destinations, destinations_size;
};

static const struct assignment well_formed = {
	.page = PAGE,
	.regions = LISTS,
	.regions_size = PIL_SCM_ASSIGN_REGION,
	.sources = LISTS + 64,
	.sources_size = PIL_SCM_ASSIGN_SOURCE,
	.destinations = LISTS + 128,
	.destinations_size = PIL_SCM_ASSIGN_DESTINATION,
};

static int64_t assign(const struct assignment *a)
{
	struct scm_call c = { 0 };

	*(volatile uint64_t *)PAGE = a->sources_size;
	*(volatile uint64_t *)(PAGE + 8) = a->destinations;
	*(volatile uint64_t *)(PAGE + 16) = a->destinations_size;
	*(volatile uint64_t *)(PAGE + 24) = 0;
	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_ASSIGN), ASSIGN_ARGS, a->regions, a->regions_size, a->sources);
	c.in.x[5] = a->page;
	return scm_complete(&c);
}

/* the lists: @range, from the host, to @vm */
static int64_t give(uint64_t base, uint64_t size, uint32_t from, uint32_t to, uint32_t access)
{
	memset((void *)LISTS, 0, 256);
	*(volatile uint64_t *)LISTS = base;
	*(volatile uint64_t *)(LISTS + 8) = size;
	*(volatile uint32_t *)(LISTS + 64) = from;
	*(volatile uint32_t *)(LISTS + 128) = to;
	*(volatile uint32_t *)(LISTS + 132) = access;
	return assign(&well_formed);
}

static bool available(uint32_t function)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
		    PIL_SCM_OWNER_SIP | function, 0, 0);
	return scm_complete(&c) == 0 && c.out.x[1] == 1;
}

/* memory that was given away would be no buffer any more */
static bool is_still_a_buffer(uint64_t at)
{
	uint64_t metadata = archive_metadata(archive_find(SMALL), 0);

	memcpy((void *)at, (const void *)metadata, 0x4000);
	return same("INIT_IMAGE from there", pas_init_image(at), 0);
}

static bool assignment_is_refused(void)
{
	bool good = same("it is offered", available(PIL_SCM_MP_ASSIGN), false);

	good = same("MP_ASSIGN", give(GIVEN, 0x10000, PIL_SCM_BRIDGE_HOST_VM, MODEM, RWX), PIL_SCM_ENOTSUPP) && good;
	log_counts(REFUSED, 1, 1);
	return is_still_a_buffer(GIVEN) && good && flow();
}

/* if the board recorded what it refuses, the record would be full, or the last owner would be somebody else */
static bool more_assignments_than_there_are(void)
{
	bool good = true;

	for (unsigned int i = 0; i < MANY; i++)
		good = same("MP_ASSIGN",
			    give(GIVEN + 0x1000 * (i % 64), 0x1000, i % 2 ? MODEM : PIL_SCM_BRIDGE_HOST_VM,
				 i % 2 ? PIL_SCM_BRIDGE_HOST_VM : MODEM, RWX),
			    PIL_SCM_ENOTSUPP) &&
		       good;
	log_counts(REFUSED, MANY, MANY);
	log_lacks("PAS_ASSIGN_FULL|MP_ASSIGN accepted");
	return is_still_a_buffer(GIVEN) && good;
}

static bool protected_memory_to_the_host(void)
{
	static const uint64_t where[] = { VIRT_MONITOR_RAM, VIRT_SERVICE_RAM, VIRT_ADSP_COPY, VIRT_FLASH,
					  VIRT_UART_SECURE, VIRT_ADSP_MEM,    VIRT_SHIM };
	uint64_t value = 0;
	bool good = true;

	for (unsigned int i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		good = same("MP_ASSIGN", give(where[i], 0x1000, PIL_SCM_BRIDGE_HOST_VM, PIL_SCM_BRIDGE_HOST_VM, RWX),
			    PIL_SCM_ENOTSUPP) &&
		       good;
		good = same("MP_ASSIGN from somebody", give(where[i], 0x1000, MODEM, PIL_SCM_BRIDGE_HOST_VM, RWX),
			    PIL_SCM_ENOTSUPP) &&
		       good;
	}
	good = same("the host reads the service", try_read(VIRT_SERVICE_RAM, &value), false) && good;
	return same("the host reads the copy", try_read(VIRT_ADSP_COPY, &value), false) && good && flow();
}

static bool hostile_lists(void)
{
	static const uint64_t where[] = { VIRT_SERVICE_RAM, VIRT_ADSP_MEM,     VIRT_GICD,
					  UINT64_MAX - 7,   UINT64_C(1) << 40, 0 };
	static const uint64_t sizes[] = { 0, 1, 15, 17, 4096, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX };
	bool good = true;

	for (unsigned int i = 0; i < 6 * 8; i++) {
		struct assignment a = well_formed;

		a.regions = where[i % 6];
		a.regions_size = sizes[i / 6];
		good = same("regions", assign(&a), PIL_SCM_ENOTSUPP) && good;
		a = well_formed;
		a.sources = where[i % 6];
		a.sources_size = sizes[i / 6];
		good = same("sources", assign(&a), PIL_SCM_ENOTSUPP) && good;
		a = well_formed;
		a.destinations = where[i % 6];
		a.destinations_size = sizes[i / 6];
		good = same("destinations", assign(&a), PIL_SCM_ENOTSUPP) && good;
		a = well_formed;
		a.page = where[i % 6] | 8;
		good = same("argument page", assign(&a), PIL_SCM_EADDR) && good;
	}
	return good && flow();
}

static void assigns(void *arg)
{
	unsigned int *wrong = arg;

	for (unsigned int i = 0; i < MANY; i++)
		*wrong += assign(&well_formed) != PIL_SCM_ENOTSUPP;
}

/* one look at the host's memory at a time: the others may hear that it is taken */
static bool assignments_from_all_cpus(void)
{
	unsigned int wrong[3] = { 0 };
	bool good = cpu_run(1, assigns, &wrong[1]) && cpu_run(2, assigns, &wrong[2]);

	assigns(&wrong[0]);
	good = cpu_join(1) && cpu_join(2) && good;
	good = same("answers other than ENOTSUPP", wrong[0] + wrong[1] + wrong[2], 0) && good;
	log_lacks("MP_ASSIGN accepted");
	return good && flow();
}

static int64_t protect(uint64_t pixel, uint64_t pixel_size, uint64_t other, uint64_t other_size)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_VIDEO_VAR), PIL_SCM_ARGS_VALUES(4u), pixel, pixel_size, other);
	c.in.x[5] = other_size;
	return scm_complete(&c);
}

static bool video_windows(void)
{
	static const uint64_t numbers[] = { 0,
					    0x1000000,
					    VIRT_ADSP_MEM,
					    VIRT_SERVICE_RAM,
					    0xffffffff,
					    UINT64_C(0x100000000),
					    UINT64_C(1) << 63,
					    UINT64_MAX };
	bool good = same("it is offered", available(PIL_SCM_MP_VIDEO_VAR), false);

	for (unsigned int i = 0; i < 8 * 8; i++) {
		good = same("pixel data", protect(numbers[i % 8], numbers[i / 8], 0, 0x1000), PIL_SCM_ENOTSUPP) && good;
		good = same("other data", protect(0, 0x1000, numbers[i % 8], numbers[i / 8]), PIL_SCM_ENOTSUPP) && good;
	}
	log_lacks("MP_VIDEO_VAR accepted");
	return good && flow();
}

/* windows over what the video core was granted must not widen what it reaches while it runs */
static bool video_windows_while_it_runs(void)
{
	bool good = true;

	stream_open();
	good = remote_start(&remote_video);
	good = same("MP_VIDEO_VAR", protect(VIRT_ADSP_MEM, 0x10000000, 0, 0xffffffff), PIL_SCM_ENOTSUPP) && good;
	good = remote_map(&remote_video, UINT64_C(0x50000000), VIRT_ADSP_MEM, 0x1000) && good;
	remote_tell(&remote_video, PROGRAM_READ, UINT64_C(0x50000000));
	remote_wait_crash(&remote_video);
	good = same("it read there", *remote_control(&remote_video, PROGRAM_DONE) != 0, false) && good;
	good = kind_ends(&kind_video) && good;
	stream_close();
	log_has("core 2: read of 0x50000000 ");
	return good;
}

static int64_t power(uint64_t state, uint64_t number)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_BOOT_SET_REMOTE_STATE), PIL_SCM_ARGS_VALUES(2u), state, number, 0);
	return scm_complete(&c);
}

static bool power_states(void)
{
	static const uint64_t numbers[] = {
		0, 1, 2, 9, 255, UINT64_C(1) << 31, UINT64_C(1) << 32, UINT64_MAX, UINT64_MAX - 1
	};
	bool good = true;

	stream_open();
	good = remote_start(&remote_video) && same("it is offered", available(PIL_SCM_BOOT_SET_REMOTE_STATE), true);
	for (unsigned int i = 0; i < 9 * 9; i++) {
		bool sane = numbers[i % 9] < 2 && numbers[i / 9] == PIL_SCM_REMOTE_VIDEO;

		good = same("SET_REMOTE_STATE", power(numbers[i % 9], numbers[i / 9]), sane ? 0 : PIL_SCM_EINVAL) &&
		       good;
	}
	good = same("the program obeys", remote_order(&remote_video, PROGRAM_SAY, 0, NULL), true) && good;
	good = kind_ends(&kind_video) && good;
	good = same("of a core that is held", power(1, PIL_SCM_REMOTE_VIDEO), PIL_SCM_EINVAL) && good;
	stream_close();
	return good;
}

#define NOT_RECORDED "the board cannot enforce it: it is refused, not recorded, and nothing changes"

const struct attack memory_attacks[] = {
	{ "memory_assigned_to_another_machine", NOT_RECORDED, assignment_is_refused, HOST_CALLS },
	{ "assignments_until_a_record_would_be_full", NOT_RECORDED, more_assignments_than_there_are, HOST_CALLS },
	{ "protected_memory_assigned_to_the_host", NOT_RECORDED, protected_memory_to_the_host, HOST_CALLS },
	{ "lists_of_an_assignment_anywhere_and_of_any_length", "it is refused before any list is read", hostile_lists,
	  HOST_CALLS },
	{ "assignments_from_all_cpus", NOT_RECORDED, assignments_from_all_cpus, HOST_CALLS },
	{ "video_windows_of_any_place_and_length", NOT_RECORDED, video_windows, 0 },
	{ "video_windows_while_the_video_core_runs", "it reaches what it was granted, and no more",
	  video_windows_while_it_runs, HOST_SMMU },
	{ "power_states_of_any_core", "only the video core's two are taken, and it goes on", power_states, 0 },
	{ NULL, NULL, NULL, 0 },
};

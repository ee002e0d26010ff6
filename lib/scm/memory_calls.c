/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of the memory protection service: SHM bridges, assignments, video windows. None of them names a peripheral, so none
 * passes a gate or is interrupted; what they read from memory is small and bounded.
 */
#include <pilot/cursor.h>

#include "../pas/internal.h"

#include "internal.h"

static int refuse(struct pil_pas *pas, const char *name, int err, const struct pil_why *why)
{
	pil_scm_log_refused_(pas, name, why);
	return err;
}

int pil_scm_bridge_enable_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	(void)args;
	(void)answer;
	pil_pas_bridge_enable(pas);
	return 0;
}

int pil_scm_bridge_create_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	const uint64_t access = PIL_SCM_BRIDGE_ACCESS, flags = PIL_SCM_BRIDGE_FLAGS;
	uint64_t host = args->value[0], secure = args->value[1], size = args->value[2];
	struct pil_bridge_wish wish = {
		.range = { .base = host & ~access, .size = size & ~flags },
		.host_access = host & access,
		.secure_access = secure & access,
	};
	struct pil_why why = { 0 };

	/* the secure world knows no addresses of machines, only physical ones: the two are the same memory or a mistake */
	if ((host ^ secure) & ~access)
		return refuse(pas, "SHM_BRIDGE_CREATE", pil_fail(&why, PIL_R_SCM_BRIDGE_ADDRESS, host, secure), &why);
	if ((size & flags) != PIL_SCM_BRIDGE_ONE_VM || args->value[3] != PIL_SCM_BRIDGE_HOST_VM)
		return refuse(pas, "SHM_BRIDGE_CREATE", pil_fail(&why, PIL_R_SCM_BRIDGE, size, args->value[3]), &why);
	return pil_pas_bridge_create(pas, &wish, &answer->x[2]);
}

int pil_scm_bridge_delete_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	(void)answer;
	return pil_pas_bridge_delete(pas, args->value[0]);
}

int pil_scm_video_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	struct pil_video_windows v = {
		.pixel = { .base = args->value[0], .size = args->value[1] },
		.nonpixel = { .base = args->value[2], .size = args->value[3] },
	};

	(void)answer;
	return pil_pas_video_protect(pas, &v);
}

/* a list of the call, copied once; NULL bytes: @why says why not */
static int read_list(struct pil_pas *pas, uint64_t address, void *to, uint64_t size, struct pil_why *why)
{
	struct pil_look_ look = {
		.user = PIL_LOOK_NOBODYS,
		.range = { .base = address, .size = size },
		.access = PIL_GRANT_READ,
		.reason = PIL_R_SCM_BUFFER,
	};

	return pil_host_read_(pas, &look, to, why);
}

static int check_sizes(const uint64_t *value, struct pil_why *why)
{
	uint64_t regions = value[1], sources = value[3], destinations = value[5];

	if (regions != PIL_SCM_ASSIGN_REGION)
		return pil_fail(why, PIL_R_SCM_ASSIGN_SIZE, regions, PIL_SCM_ASSIGN_REGION);
	if (!sources || sources % PIL_SCM_ASSIGN_SOURCE || sources > PIL_MAX_VMS * PIL_SCM_ASSIGN_SOURCE)
		return pil_fail(why, PIL_R_SCM_ASSIGN_SIZE, sources, PIL_SCM_ASSIGN_SOURCE);
	if (!destinations || destinations % PIL_SCM_ASSIGN_DESTINATION ||
	    destinations > PIL_MAX_VMS * PIL_SCM_ASSIGN_DESTINATION)
		return pil_fail(why, PIL_R_SCM_ASSIGN_SIZE, destinations, PIL_SCM_ASSIGN_DESTINATION);
	return 0;
}

static void read_region(struct pil_assign *a, const uint8_t *bytes, size_t size)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, bytes, size);
	a->range.base = pil_cursor_u64(&c);
	a->range.size = pil_cursor_u64(&c);
}

static void read_sources(struct pil_assign *a, const uint8_t *bytes, size_t size)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, bytes, size);
	a->from_count = (unsigned int)(size / PIL_SCM_ASSIGN_SOURCE);
	for (unsigned int i = 0; i < a->from_count; i++)
		a->from[i] = pil_cursor_u32(&c);
}

/* a context is for hypervisors that keep one; it changes nothing about who has the memory */
static void read_destinations(struct pil_assign *a, const uint8_t *bytes, size_t size)
{
	struct pil_cursor c = { 0 };

	pil_cursor_init(&c, bytes, size);
	a->to_count = (unsigned int)(size / PIL_SCM_ASSIGN_DESTINATION);
	for (unsigned int i = 0; i < a->to_count; i++) {
		a->to[i].id = pil_cursor_u32(&c);
		a->to[i].access = pil_cursor_u32(&c);
		(void)pil_cursor_u64(&c);
		(void)pil_cursor_u64(&c);
	}
}

static int read_assignment(struct pil_pas *pas, const uint64_t *value, struct pil_assign *a, struct pil_why *why)
{
	uint8_t bytes[PIL_MAX_VMS * PIL_SCM_ASSIGN_DESTINATION] = { 0 };
	int err = check_sizes(value, why);

	if (!err)
		err = read_list(pas, value[0], bytes, value[1], why);
	if (err)
		return err;
	read_region(a, bytes, (size_t)value[1]);
	err = read_list(pas, value[2], bytes, value[3], why);
	if (err)
		return err;
	read_sources(a, bytes, (size_t)value[3]);
	err = read_list(pas, value[4], bytes, value[5], why);
	if (!err)
		read_destinations(a, bytes, (size_t)value[5]);
	return err;
}

int pil_scm_assign_(struct pil_pas *pas, const struct pil_scm_args_ *args, struct pil_scm_answer *answer)
{
	struct pil_assign a = { 0 };
	struct pil_why why = { 0 };
	int err = 0;

	(void)answer;
	/* a board that cannot assign says so before anything else: nothing is read for nothing */
	if (pas->board->assign)
		err = read_assignment(pas, args->value, &a, &why);
	if (err)
		return refuse(pas, "MP_ASSIGN", err, &why);
	return pil_pas_assign(pas, &a);
}

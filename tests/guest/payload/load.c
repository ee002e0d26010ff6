/* SPDX-License-Identifier: BSD-2-Clause */
/* What every program begins with, and the first steps of most tests. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "payload.h"

bool same(const char *what, int64_t seen, int64_t wanted)
{
	if (seen == wanted)
		return true;
	print("# ");
	print(what);
	print(": ");
	print_dec(seen);
	print(" instead of ");
	print_dec(wanted);
	print("\n");
	return false;
}

bool started_as_a_host(uint64_t tree)
{
	print("exception level ");
	print_dec(payload_level());
	print("\n");
	return same("device tree in x0", (int64_t)tree, VIRT_DTB) && same("archive", archive_open() != NULL, true);
}

bool place_image(const char *name)
{
	const struct archive_entry *e = archive_find(name);

	if (!same("image in the archive", e != NULL, true) ||
	    !same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0) ||
	    !same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0))
		return false;
	archive_copy_memory(e);
	return true;
}

bool suspend_auth(struct scm_call *c, const char *name, uint64_t us)
{
	if (!place_image(name))
		return false;
	prepare_auth(c);
	timer_start(us);
	return same("AUTH_AND_RESET", scm_issue(c), PIL_SCM_INTERRUPTED) &&
	       same("pending interrupt", (int64_t)timer_take(), timer_intid());
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Every image of the archive through all requests, as far as they let it; one line for each image. */
#include "door.h"

static void print_status(const char *call, int64_t status)
{
	print(call);
	print_dec(status);
}

/* MEM_SETUP, the copy that the driver makes, AUTH_AND_RESET */
static void authenticate(const struct archive_entry *e)
{
	int64_t status = 0;

	if (!(e->flags & ARCHIVE_FIXED)) {
		status = pas_mem_setup(e->place, e->span);
		print_status(" MEM_SETUP ", status);
	}
	if (status)
		return;
	archive_copy_memory(e);
	print_status(" AUTH_AND_RESET ", pas_auth());
}

static void run_image(const struct archive_entry *e)
{
	int64_t status = pas_init_image(archive_metadata(e, 0));

	print("image ");
	print(e->name);
	print_status(" INIT_IMAGE ", status);
	if (!status)
		authenticate(e);
	print_status(" SHUTDOWN ", pas_shutdown());
	print(door_answers() ? " answers yes\n" : " answers no\n");
}

void images_run(void)
{
	unsigned int i = 0;

	for (i = 0; i < archive_open()->count; i++)
		if (!(archive_entry(i)->flags & ARCHIVE_FOR_TEST))
			run_image(archive_entry(i));
}

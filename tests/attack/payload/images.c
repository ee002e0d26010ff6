/* SPDX-License-Identifier: BSD-2-Clause */
/* Images that are not for this device, this peripheral, this place; and genuine parts in the wrong company. */
#include <string.h>

#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define REFUSED(call, reason) "adsp: " call " refused: " reason ": "

/* Return: @name comes as far as AUTH, and no further */
static bool refused_by_auth(const char *name)
{
	return place_image(name) && same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) &&
	       all_zero("the carve-out", VIRT_ADSP_MEM, 0x4000) &&
	       same("nothing is left to place", pas_mem_setup(VIRT_ADSP_MEM, 0x4000), PIL_SCM_EINVAL);
}

static bool refused_by_init(const char *name)
{
	const struct archive_entry *e = archive_find(name);

	return same("image in the archive", e != NULL, true) &&
	       same("INIT_IMAGE is refused", pas_init_image(archive_metadata(e, 0)) < 0, true) &&
	       same("nothing is there to place", pas_mem_setup(VIRT_ADSP_MEM, 0x4000), PIL_SCM_EINVAL);
}

/* name of the entry, reason */
#define BY_AUTH(F)                                                                                                     \
	F(bound_to_other_soc, "BIND_SOC")                                                                              \
	F(bound_to_other_oem, "BIND_OEM")                                                                              \
	F(bound_to_other_model, "BIND_MODEL")                                                                          \
	F(bound_to_other_serial, "BIND_SERIAL")                                                                        \
	F(bound_to_nothing, "BIND_NONE")                                                                               \
	F(other_software, "BIND_SW_ID")                                                                                \
	F(foreign_root, "CERT_ROOT")                                                                                   \
	F(no_signature, "SIG_NONE")                                                                                    \
	F(signature_of_other, "SIG_MISMATCH")                                                                          \
	F(table_changed, "SIG_MISMATCH")                                                                               \
	F(headers_digest, "HASH_HEADERS")

#define BY_INIT(F)                                                                                                     \
	F(plan_overlap_by_one_byte, "plan-overlap-by-one-byte", "PLAN_")                                               \
	F(plan_one_inside_another, "plan-one-inside-another", "PLAN_")                                                 \
	F(plan_same_address, "plan-same-address", "PLAN_")                                                             \
	F(plan_covers_4_gib, "plan-covers-4-gib", "")                                                                  \
	F(segment_address_wraps, "segment-address-wraps", "")                                                          \
	F(segment_memsz_wraps, "segment-memsz-wraps", "")                                                              \
	F(segment_filesz_over_memsz, "segment-filesz-over-memsz", "")                                                  \
	F(fixed_in_host_memory, "fixed-in-host-memory", "PLAN_OUTSIDE")                                                \
	F(fixed_in_secure_memory, "fixed-in-secure-memory", "PLAN_OUTSIDE")                                            \
	F(entry_behind_last_segment, "entry-behind-last-segment", "PLAN_ENTRY")

#define AUTH_FUNCTION(name, reason)                                                                                    \
	static bool name(void)                                                                                         \
	{                                                                                                              \
		log_has(REFUSED("AUTH_AND_RESET", reason));                                                            \
		return refused_by_auth(#name);                                                                         \
	}
#define INIT_FUNCTION(name, entry, reason)                                                                             \
	static bool name(void)                                                                                         \
	{                                                                                                              \
		log_has("adsp: INIT_IMAGE refused: " reason);                                                          \
		return refused_by_init(entry);                                                                         \
	}

BY_AUTH(AUTH_FUNCTION)
BY_INIT(INIT_FUNCTION)

static bool metadata_of_one_segments_of_another(void)
{
	const struct archive_entry *other = archive_find("other");

	if (!place_image(SMALL))
		return false;
	archive_copy_memory(other);
	*(volatile uint8_t *)VIRT_ADSP_MEM ^=
		1; /* the two have the same code: a changed one stands for a new version */
	log_has(REFUSED("AUTH_AND_RESET", "HASH_SEGMENT"));
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL);
}

static bool program_under_metadata_of_another(void)
{
	if (!place_image(SMALL))
		return false;
	archive_copy_memory(archive_find(PROGRAM));
	log_has(REFUSED("AUTH_AND_RESET", "HASH_SEGMENT"));
	return same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL);
}

static bool metadata_replayed_after_shutdown(void)
{
	bool good = place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) && same("SHUTDOWN", pas_shutdown(), 0);

	/* what was genuine a moment ago is not remembered */
	archive_copy_memory(archive_find(SMALL));
	return same("AUTH_AND_RESET without INIT_IMAGE", pas_auth(), PIL_SCM_EINVAL) &&
	       same("MEM_SETUP without INIT_IMAGE", pas_mem_setup(VIRT_ADSP_MEM, 0x4000), PIL_SCM_EINVAL) && good;
}

static bool place_of_another_image(void)
{
	const struct archive_entry *e = archive_find(LARGE);

	if (!place_image(SMALL) || !same("INIT_IMAGE of a larger one", pas_init_image(archive_metadata(e, 0)), 0))
		return false;
	return same("AUTH_AND_RESET in the place of the smaller one", pas_auth(), PIL_SCM_EINVAL) &&
	       same("MEM_SETUP with its size", pas_mem_setup(VIRT_ADSP_MEM, archive_find(SMALL)->span) < 0, true);
}

static bool placed_elsewhere_than_copied(void)
{
	const struct archive_entry *e = archive_find(SMALL);

	if (!place_image(SMALL))
		return false;
	log_has(REFUSED("AUTH_AND_RESET", "HASH_SEGMENT"));
	return same("MEM_SETUP elsewhere", pas_mem_setup(e->place + 0x10000, e->span), 0) &&
	       same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) &&
	       all_zero("the whole carve-out", VIRT_ADSP_MEM, 0x20000);
}

/* code of the attacker's in every gap: behind segments, in zero-fill, in the rest of the carve-out */
static bool gaps_hold_code(void)
{
	static const uint64_t offsets[] = { 0x800, 0x1080, 0x2000, 0x3ff8, 0x4000, 0x100000, VIRT_ADSP_SIZE - 8u };
	const struct archive_entry *e = archive_find(PROGRAM);
	bool good = true;
	size_t i = 0;

	stream_open();
	good = same("INIT_IMAGE", pas_init_image(archive_metadata(e, 0)), 0) &&
	       same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0);
	memset((void *)VIRT_ADSP_MEM, 0x5a, VIRT_ADSP_SIZE);
	archive_copy_memory(e);
	good = good && same("AUTH_AND_RESET", pas_auth(), 0);
	for (i = 0; good && i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		uint64_t value = 1;

		good = same("the program obeys", program_order(PROGRAM_READ, VIRT_ADSP_MEM + offsets[i], &value),
			    true) &&
		       same("what it reads in a gap", (int64_t)value, 0);
	}
	stream_close();
	return good;
}

#define AUTH_ATTACK(name, reason)                                                                                      \
	{ "image_" #name, "AUTH refuses it as " reason ", scrubs the carve-out and forgets everything", name, 0 },
#define INIT_ATTACK(name, entry, reason) { "image_" #name, "INIT_IMAGE refuses it: nothing is loaded", name, 0 },

const struct attack image_attacks[] = {
	BY_AUTH(AUTH_ATTACK)
		BY_INIT(INIT_ATTACK){ "metadata_of_one_image_segments_of_another",
				      "AUTH refuses it: each segment counts", metadata_of_one_segments_of_another, 0 },
	{ "program_under_metadata_of_another_image", "AUTH refuses it: each segment counts",
	  program_under_metadata_of_another, 0 },
	{ "metadata_replayed_after_shutdown", "SHUTDOWN forgets it: AUTH and MEM_SETUP are refused",
	  metadata_replayed_after_shutdown, 0 },
	{ "place_of_one_image_for_another", "INIT_IMAGE forgets the place: AUTH is refused without a new one",
	  place_of_another_image, 0 },
	{ "image_placed_elsewhere_than_it_was_copied", "AUTH looks where it will run, and scrubs all of the carve-out",
	  placed_elsewhere_than_copied, 0 },
	{ "attackers_code_in_gaps_and_zero_fill", "what the image leaves out is zero for the core", gaps_hold_code, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking lib/auth everything about one image, and going on after a refusal: a person wants all the answers. */
#ifndef PILOT_TOOL_VERIFY_H
#define PILOT_TOOL_VERIFY_H

#include <stdbool.h>

#include <pilot/auth.h>

#include "image/image_info.h"

/** enum outcome - what became of one check */
enum outcome {
	OUTCOME_NOT_REACHED, /* an earlier check failed, and this one makes no sense without it */
	OUTCOME_NOT_ASKED,
	OUTCOME_OK,
	OUTCOME_FAILED,
};

/**
 * struct questions - what is asked of an image beyond its own consistency
 * @root:   must end in one of @device's root hashes
 * @soc, @oem, @model, @serial, @jtag: that field of @device must be allowed
 * @sw_id:  software id must be @software
 * @device: the values
 */
struct questions {
	bool root, soc, oem, model, serial, jtag, sw_id;
	uint32_t software;
	struct pil_device device;
};

/**
 * struct table_answers - one hash table
 * @entries:  entries that were looked at, by what they are
 * @checked:  all of them
 * @segments: segments with bytes that were compared
 * @bytes:    their bytes
 * @failed:   reasons of those that did not pass; a refused one's program header is its first number
 * @failures: how many
 */
struct table_answers {
	unsigned int entries[PIL_ENTRY_WHOLE_IMAGE + 1];
	unsigned int checked;
	unsigned int segments;
	uint64_t bytes;
	struct pil_why failed[PIL_ELF_MAX_PHNUM];
	unsigned int failures;
};

/**
 * struct answers - what was found
 * @outcome, @why: by enum pil_check
 * @table:   the hash table
 * @outer:   that of the wrapper, with INFO_WRAPPED
 * @result:  of the last run of pil_auth_check()
 * @second:  what became of the QTI signature of an image that the OEM signed, too
 * @second_why, @second_result: its reason, and what was found
 */
struct answers {
	enum outcome outcome[PIL_CHECK_COUNT];
	struct pil_why why[PIL_CHECK_COUNT];
	struct table_answers table;
	struct table_answers outer;
	struct pil_auth_result result;
	enum outcome second;
	struct pil_why second_why;
	struct pil_auth_result second_result;
};

/* ask everything; @info must be INFO_SIGNED; true when no check failed */
bool verify_image(const struct image_info *info, const struct questions *q, const struct pil_crypto *crypto,
		  struct answers *answers);

/* is it refused for nothing but that nobody signed it? */
bool verify_unsigned(const struct answers *answers);

#endif

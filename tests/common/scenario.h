/* SPDX-License-Identifier: BSD-2-Clause */
/* A model board, the service on it, and a host that loads images as Linux's mdt_loader does. */
#ifndef PILOT_TESTS_SCENARIO_H
#define PILOT_TESTS_SCENARIO_H

#include <pilot/pas.h>

#include "model.h"
#include "signedgen.h"

#define SCENARIO_METADATA (MODEL_RAM_BASE + 0x1000u) /* where the host puts metadata */
#define SCENARIO_FILE_MAX 65536u
#define SCENARIO_STATES                                                                                                \
	(PIL_INHERITED + 1u) /* the first so many: those of the PAS requests; the others are remoteproc's */
#define SCENARIO_FILL 0xa5   /* what is in a carve-out before anything is loaded */

/** struct scenario_image - a signed file, and what the host makes of it */
struct scenario_image {
	uint8_t file[SCENARIO_FILE_MAX];
	size_t size;
	struct pil_image image;
	struct pil_plan plan;
	uint8_t metadata[SCENARIO_FILE_MAX];
	size_t metadata_size;
};

/** struct scenario - one machine */
struct scenario {
	struct model *m;
	struct pil_pas pas;
};

/** scenario_image() - make a file from a description; aborts when it cannot be made */
void scenario_image(struct scenario_image *i, struct signedgen *g);

/** scenario_good() - a good relocatable image, made once. scenario_fixed() - one at fixed addresses in adsp's carve-out */
const struct scenario_image *scenario_good(void);
const struct scenario_image *scenario_fixed(void);

/** scenario_new() - build a machine without starting the service; aborts on failure */
void scenario_new(struct scenario *s, enum model_lock lock);

/** scenario_init() - build a machine and start the service; aborts on failure */
void scenario_init(struct scenario *s, enum model_lock lock);

/** scenario_init_core() - as above, but earlier firmware has started a core: adsp is INHERITED */
void scenario_init_core(struct scenario *s, enum model_lock lock);

/** scenario_done() - throw the machine away */
void scenario_done(struct scenario *s);

/** scenario_where() - where the host places images: the start of the carve-out, as much as the image needs */
struct pil_range scenario_where(const struct scenario *s, unsigned int index, const struct scenario_image *i);

/** scenario_put_metadata() - write it where the host has it */
void scenario_put_metadata(struct scenario *s, const struct scenario_image *i);

/** scenario_copy() - copy segments into the carve-out, which gets SCENARIO_FILL first. Return: false: locked */
bool scenario_copy(struct scenario *s, unsigned int index, const struct scenario_image *i);

/** scenario_load() - INIT_IMAGE, MEM_SETUP if relocatable, copy. Return: 0 or the first error */
int scenario_load(struct scenario *s, unsigned int index, const struct scenario_image *i);

/** scenario_start() - scenario_load() and AUTH_AND_RESET. Return: 0 or the first error */
int scenario_start(struct scenario *s, unsigned int index, const struct scenario_image *i);

/** scenario_is_kept() - is what a peripheral's core runs, and what AUTH looks at, out of the host's reach? */
bool scenario_is_kept(const struct scenario *s, unsigned int index);

/**
 * scenario_is_off() - is nothing left of a peripheral?
 * Return: NULL when it is OFF, its core held, its streams aborting, its metadata wiped, its carve-out unlocked and the
 * host's, and its copy zero; otherwise what is not so
 */
const char *scenario_is_off(struct scenario *s, unsigned int index);

#endif

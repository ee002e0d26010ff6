/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vector registers in their full length. The service borrows some of them for its digests: the host gets them back as they were, at
 * every interruption and at the end, whether it uses them as ordinary or as streaming vectors.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>

#include "attack.h"

#define ZCR_EL1	    S3_0_C1_C2_0
#define SMCR_EL1    S3_0_C1_C2_6
#define ZCR_EL2	    S3_4_C1_C2_0
#define SMCR_EL2    S3_4_C1_C2_6
#define NO_TRAPS    0x22ffu    /* CPTR_EL2: the bits that are always 1 */
#define ALL_ENABLED 0x3330000u /* CPACR_EL1: SMEN, FPEN, ZEN */
#define FULL_LENGTH 0xfu
#define ROOM	    8704u /* 32 vectors of 256 bytes, 16 predicates of 32 */
#define PERIOD_US   2000u

void long_vectors_fill(void);
uint64_t long_vectors_store(uint8_t *where);
void streaming_begin(void);
void streaming_end(void);

static uint8_t before[ROOM] __attribute__((aligned(16))), after[ROOM] __attribute__((aligned(16)));

void vectors_on(void)
{
	if (is_guest())
		fw_write(cpacr_el1, ALL_ENABLED);
	else
		fw_write(cptr_el2, NO_TRAPS);
	fw_isb();
}

static bool came_back(uint64_t length)
{
	return same("length of all vectors", (int64_t)long_vectors_store(after), (int64_t)length) &&
	       same("vectors are what they were", !memcmp(before, after, length), true);
}

/* an AUTH_AND_RESET that is interrupted again and again; looks at the registers each time */
static bool authenticate(void)
{
	struct scm_call c = { 0 };
	bool good = true;
	uint64_t length = 0;

	prepare_auth(&c);
	long_vectors_fill();
	length = long_vectors_store(before);
	timer_start(PERIOD_US);
	scm_issue(&c);
	good = came_back(length);
	while (good && c.out.x[0] == PIL_SCM_INTERRUPTED) {
		timer_take();
		timer_start(PERIOD_US);
		scm_resume(&c, c.out.x[6]);
		good = came_back(length);
	}
	timer_take();
	return good && same("AUTH_AND_RESET", (int64_t)c.out.x[0], 0) &&
	       same("it was interrupted", c.interruptions > 0, true);
}

bool long_vectors(void)
{
	if (!(fw_read(id_aa64pfr0_el1) >> 32 & 0xf))
		return skip("this CPU has no scalable vectors");
	vectors_on();
	if (is_guest())
		fw_write(ZCR_EL1, FULL_LENGTH);
	else
		fw_write(ZCR_EL2, FULL_LENGTH);
	fw_isb();
	return place_image(LARGE) && authenticate();
}

bool streaming_vectors(void)
{
	bool good = false;

	if (!(fw_read(id_aa64pfr1_el1) >> 24 & 0xf))
		return skip("this CPU has no streaming mode");
	vectors_on();
	if (is_guest())
		fw_write(SMCR_EL1, FULL_LENGTH);
	else
		fw_write(SMCR_EL2, FULL_LENGTH);
	fw_isb();
	if (!place_image(LARGE))
		return false;
	streaming_begin();
	good = authenticate();
	streaming_end();
	return good;
}

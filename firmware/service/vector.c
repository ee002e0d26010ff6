/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Digests by the processor's own instructions. The vector registers are the host's, always: they are borrowed for some blocks at a time
 * with interrupts masked, and hold what the host had there before the interrupts are open again. So nothing of them
 * changes hands when worlds are switched, and neither world sees the other's.
 */
#include <stdbool.h>

#include <fw/sysreg.h>

#include "service.h"
#include "sha.h"
#include "unit.h"

#define SLICE	   512u /* bytes: the host's interrupts wait for so many */
#define BLOCK_256  64u
#define BLOCK_512  128u
#define VECTOR_MAX 256u /* bytes of the longest vector that the architecture has */

/* CPACR_EL1: no traps of vector, scalable vector and matrix instructions */
#define CPACR_FPEN (3u << 20)
#define CPACR_ZEN  (3u << 16)
#define CPACR_SMEN (3u << 24)
#define SVCR_SM	   1u
#define LENGTH_MAX 0xfu /* ZCR_EL1, SMCR_EL1: a shorter vector would cut off the host's */

typedef void sha_kernel(void *state, const uint8_t *data, size_t blocks);

/* in vector.S: let @kernel run between saving and loading the registers that it changes; @wide: all of the longer ones */
void service_vector_run(sha_kernel *kernel, void *state, const uint8_t *data, size_t blocks, void *room, uint64_t wide);

/* the same on all CPUs */
static bool has_sha256, has_sha512, has_sve, has_sme;

void service_vector_init(void)
{
	uint64_t sha2 = fw_read(id_aa64isar0_el1) >> 12 & 0xf;

	has_sha256 = sha2 >= 1;
	has_sha512 = sha2 >= 2;
	has_sve = fw_read(id_aa64pfr0_el1) >> 32 & 0xf;
	has_sme = fw_read(id_aa64pfr1_el1) >> 24 & 0xf;
}

/* on each CPU: what the monitor keeps apart for each world is set up */
void service_vector_enable(void)
{
	fw_write(cpacr_el1, CPACR_FPEN | (has_sve ? CPACR_ZEN : 0) | (has_sme ? CPACR_SMEN : 0));
	fw_isb();
	if (has_sve)
		fw_write(ZCR_EL1, LENGTH_MAX);
	if (has_sme)
		fw_write(SMCR_EL1, LENGTH_MAX);
	fw_isb();
}

/* a host in streaming mode has other registers under the same names, and these instructions may not exist there */
static bool run_slice(sha_kernel *kernel, void *state, const uint8_t *data, size_t blocks)
{
	uint8_t room[PIL_ARMV8_SHA_VECTORS * VECTOR_MAX] __attribute__((aligned(16)));
	uint64_t daif = fw_read(daif);
	bool streaming = false;

	__asm__ volatile("msr daifset, #1" ::: "memory");
	streaming = has_sme && fw_read(SVCR) & SVCR_SM;
	if (!streaming)
		service_vector_run(kernel, state, data, blocks, room, has_sve);
	fw_write(daif, daif);
	return !streaming;
}

static size_t run(sha_kernel *kernel, void *state, const uint8_t *data, size_t blocks, size_t block)
{
	size_t done = 0;

	while (done < blocks) {
		size_t now = blocks - done < SLICE / block ? blocks - done : SLICE / block;

		if (!run_slice(kernel, state, data + done * block, now))
			break;
		done += now;
	}
	return done;
}

static void sha256(void *state, const uint8_t *data, size_t blocks)
{
	pil_armv8_sha256(state, data, blocks);
}

static void sha512(void *state, const uint8_t *data, size_t blocks)
{
	pil_armv8_sha512(state, data, blocks);
}

size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	return has_sha256 ? run(sha256, state, data, blocks, BLOCK_256) : 0;
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	return has_sha512 ? run(sha512, state, data, blocks, BLOCK_512) : 0;
}

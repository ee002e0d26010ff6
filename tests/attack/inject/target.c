/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program under fault injection: lib/pas, lib/auth and the crypto back end as the service has them, the same objects, on a board of
 * plain memory. One peripheral is loaded and authenticated. Where the faults begin and end is said in the header.
 */
#include <string.h>

#include <mbedtls/pk.h>
#include <pilot/fuses.h>
#include <pilot/pas.h>
#include <pilot/wire/fuses.h>

#include "layout.h"
#include "pool.h"
#include "unit.h"

#define POOL_SIZE (40u * 1024u)

extern char inject_entry[], inject_done[];

int inject_main(void);
int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why);
int pil_clean_(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why);

static const struct inject_header header __attribute__((section(".header"), used)) = {
	.magic = INJECT_MAGIC,
	.entry = (uint64_t)inject_entry,
	.done = (uint64_t)inject_done,
	.verify = (uint64_t)mbedtls_pk_verify,
	.hash = (uint64_t)pil_hash_once,
	.clean = (uint64_t)pil_clean_,
	.start = (uint64_t)core_start,
};

static const struct pil_peripheral_desc peripheral = {
	.name = "adsp",
	.pas_id = 1,
	.core = 0,
	.carveout = { .base = INJECT_CARVEOUT, .size = INJECT_CARVEOUT_SIZE },
	.sw_id = 1,
};

static const struct pil_board_desc desc = {
	.name = "memory",
	.peripherals = &peripheral,
	.peripheral_count = 1,
	.core_count = 1,
};

static struct pil_pool pool;
static uint8_t pool_memory[POOL_SIZE] __attribute__((aligned(16)));
static struct pil_pas pas;

struct pil_pool *pil_mbedtls_current_pool(void)
{
	return &pool;
}

/* faults go into the portable code */
size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	(void)state;
	(void)data;
	(void)blocks;
	return 0;
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	(void)state;
	(void)data;
	(void)blocks;
	return 0;
}

static void *host_map(struct pil_board *b, struct pil_range r)
{
	(void)b;
	return (void *)r.base;
}

static int read_device(struct pil_board *b, struct pil_device *device, struct pil_why *why)
{
	(void)b;
	return pil_fuses_parse((const void *)INJECT_FUSES, sizeof(struct pil_fuses), device, why);
}

static int lock(struct pil_board *b, unsigned int index, struct pil_range r, struct pil_why *why)
{
	(void)b;
	(void)index;
	(void)r;
	(void)why;
	return 0;
}

/* whoever injects the faults sees that it is called */
int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why)
{
	(void)b;
	(void)core;
	(void)start;
	(void)why;
	return 0;
}

static int core_stop(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	(void)b;
	(void)core;
	(void)why;
	return 0;
}

static enum pil_core_state core_state(struct pil_board *b, unsigned int core, bool *ready)
{
	(void)b;
	(void)core;
	*ready = false;
	return PIL_CORE_HELD;
}

static void section(struct pil_board *b)
{
	(void)b;
}

static void write_log(struct pil_board *b, const char *line)
{
	(void)b;
	(void)line;
}

static uint64_t time_us(struct pil_board *b)
{
	(void)b;
	return 0;
}

static struct pil_board board = {
	.desc = &desc,
	.host_map = host_map,
	.read_device = read_device,
	.lock = lock,
	.unlock = lock,
	.core_start = core_start,
	.core_stop = core_stop,
	.core_state = core_state,
	.enter = section,
	.leave = section,
	.log = write_log,
	.time_us = time_us,
};

int inject_main(void)
{
	struct pil_why why = { 0 };
	const struct pil_range where = { .base = INJECT_CARVEOUT, .size = INJECT_CARVEOUT_SIZE };
	int err = pil_pas_init(&pas, &board, &pil_crypto_mbedtls, &why);

	pil_pool_init(&pool, pool_memory, sizeof(pool_memory));
	if (!err)
		err = pil_pas_init_image(&pas, 0, INJECT_METADATA);
	if (!err)
		err = pil_pas_mem_setup(&pas, 0, where);
	return err ? err : pil_pas_auth_and_reset(&pas, 0);
}

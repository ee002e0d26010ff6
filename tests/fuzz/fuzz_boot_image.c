/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image that the hypervisor starts before the host: whatever lies there, the loader reads nothing outside of that place, writes
 * nothing outside of the carve-out, writes there only while it may, and makes a host's calls in a host's order.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/image.h>
#include <pilot/wire/scm.h>

#include "fuzz.h"
#include "hypervisor.h"
#include "platform.h"

#define PLACE	 0x4000u
#define CARVEOUT 0x6000u
#define PAS_ID	 31u
#define UNTOUCHED 0x5a

/* the sanitizer has its zones around each */
static uint8_t lying[PLACE] __attribute__((aligned(4096)));
static uint8_t carveout[CARVEOUT] __attribute__((aligned(4096)));
static uint8_t metadata[PIL_IMAGE_METADATA_MAX];

static const struct pil_peripheral_desc peripherals[] = {
	{ .name = "lite", .pas_id = PAS_ID, .carveout = { (uintptr_t)carveout, CARVEOUT } },
};
static const struct pil_board_desc desc = { .peripherals = peripherals, .peripheral_count = 1 };

const struct plat_hyp plat_hyp = {
	.desc = &desc,
	.boot_image = (uintptr_t)lying,
	.boot_image_size = PLACE,
	.boot_pas_id = PAS_ID,
};

static struct {
	bool open, placed, authenticated;
	unsigned int calls, lines;
	uint32_t last;
	uint32_t refused; /* the call that is refused; 0: none */
} fake;

void hyp_log(const char *format, ...)
{
	(void)format;
	fake.lines++;
}

void hyp_stop(const char *why)
{
	(void)why;
	abort();
}

bool hyp_host_owns(uint64_t base, uint64_t size)
{
	return base == (uintptr_t)lying && size == PLACE;
}

void hyp_mmu_open(struct pil_range r, bool open)
{
	FUZZ_CHECK(r.base == (uintptr_t)carveout && r.size == CARVEOUT && open != fake.open && fake.placed);
	fake.open = open;
}

void *hyp_request_own(unsigned int index)
{
	FUZZ_CHECK(index == 0 && !fake.calls);
	memset(metadata, 0, sizeof(metadata));
	return metadata;
}

uint64_t fw_time_us(void)
{
	static uint64_t now;

	return now += 1000000;
}

bool plat_boot_ready(void)
{
	FUZZ_CHECK(fake.authenticated);
	return false;
}

static void check_setup(const struct hyp_regs *r)
{
	FUZZ_CHECK(fake.last == PIL_SCM_PAS_INIT_IMAGE);
	FUZZ_CHECK(r->x[3] == (uintptr_t)carveout && r->x[4] && r->x[4] <= CARVEOUT);
	fake.placed = true;
}

void hyp_request(unsigned int index, struct hyp_regs *r)
{
	uint32_t function = (uint32_t)r->x[0] & PIL_SCM_FUNC;

	FUZZ_CHECK(index == 0 && r->x[2] == PAS_ID && !fake.open);
	if (function == PIL_SCM_PAS_INIT_IMAGE)
		FUZZ_CHECK(!fake.calls);
	else if (function == PIL_SCM_PAS_MEM_SETUP)
		check_setup(r);
	else if (function == PIL_SCM_PAS_AUTH_AND_RESET)
		FUZZ_CHECK(fake.last == PIL_SCM_PAS_MEM_SETUP);
	else
		FUZZ_CHECK(function == PIL_SCM_PAS_SHUTDOWN && fake.last == fake.refused);
	fake.authenticated = function == PIL_SCM_PAS_AUTH_AND_RESET;
	fake.calls++;
	fake.last = function;
	*r = (struct hyp_regs){ .x = { function == fake.refused ? (uint64_t)(int64_t)PIL_SCM_ERROR : 0 } };
}

bool hyp_resume(struct hyp_regs *r)
{
	(void)r;
	abort();
}

static bool untouched(void)
{
	for (size_t i = 0; i < sizeof(carveout); i++)
		if (carveout[i] != UNTOUCHED)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t refusals[] = { 0, PIL_SCM_PAS_INIT_IMAGE, PIL_SCM_PAS_MEM_SETUP, PIL_SCM_PAS_AUTH_AND_RESET };
	size_t used = size < PLACE ? size : PLACE;

	memset(&fake, 0, sizeof(fake));
	fake.refused = refusals[size % 4];
	memset(lying, 0, sizeof(lying));
	memcpy(lying, data, used);
	memset(carveout, UNTOUCHED, sizeof(carveout));
	hyp_boot_image();
	FUZZ_CHECK(!fake.open && fake.lines <= 2);
	FUZZ_CHECK(fake.placed || untouched());
	FUZZ_CHECK(!fake.calls || fake.lines);
	/* what was placed is accepted, or shut down again */
	FUZZ_CHECK(!fake.calls || fake.last == PIL_SCM_PAS_SHUTDOWN || fake.last == PIL_SCM_PAS_AUTH_AND_RESET);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Older images against the rollback counters. They are cdsp's: its software id is used by no other family, and images of version
 * 0 do not start after these. A reset takes back what the host was told, never what was counted.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define SILENT		  "cdsp-9-silent"
#define READY_US	  100000u
#define SMEM_USED	  0x10000u
#define GICD_ISPENDR(spi) (VIRT_GICD + UINT64_C(0x200) + (32u + (spi)) / 32 * 4)
#define BIT_OF(spi)	  (1u << (spi) % 32)

#define CUT_FIRST 4u /* the version that is counted, or not, in the first cut */
#define CUTS	  (COUNTERS_LAST - CUT_FIRST + 1u)

/* cdsp's program in @version, 0 to COUNTERS_LAST */
static struct remote in_version(unsigned int version)
{
	static const char *const names[COUNTERS_LAST + 1] = { "program-cdsp", "cdsp-1", "cdsp-2", "cdsp-3", "cdsp-4",
							      "cdsp-5",	      "cdsp-6", "cdsp-7", "cdsp-8" };
	struct remote r = remote_cdsp;

	r.kind.image = names[version];
	return r;
}

/* Return: it ran, and the request that stopped it has seen that it was ready */
static bool is_counted(unsigned int version)
{
	struct remote r = in_version(version);

	return remote_start(&r) && kind_ends(&r.kind);
}

static int64_t status_of(const char *image)
{
	struct remote r = remote_cdsp;
	int64_t status = 0;

	r.kind.image = image;
	status = kind_load(&r.kind, image, 0);
	if (!status)
		status = kind_auth(&r.kind);
	return same("SHUTDOWN", kind_shutdown(&r.kind), 0) ? status : INT64_MAX;
}

static bool refuses(unsigned int version)
{
	return same("AUTH_AND_RESET of an older one", status_of(in_version(version).kind.image), PIL_SCM_EINVAL);
}

static bool accepts(unsigned int version)
{
	return same("AUTH_AND_RESET", status_of(in_version(version).kind.image), 0);
}

static bool older_after_newer(void)
{
	bool good = true;

	stream_open();
	good = is_counted(1) && is_counted(2);
	good = refuses(1) && refuses(0) && good;
	good = accepts(2) && refuses(1) && good;
	stream_close();
	log_has("cdsp: rollback counter of software 0x17 advanced to 2");
	log_counts("cdsp: AUTH_AND_RESET refused: ROLLBACK", 3, 3);
	return good;
}

static void fake_smc(void)
{
	static const uint32_t ids[] = { PIL_MON_SHIM_READY, PIL_MON_READY, PIL_MON_CORE_STATE };

	for (unsigned int i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct smc_regs r = { .x = { ids[i], VIRT_CORE_CDSP } };

		smc_call(&r);
	}
}

static void fake_on_another_cpu(void *arg)
{
	(void)arg;
	fake_smc();
}

/* everything that the host sees of a program that is ready, and can write itself */
static bool ready_faked(void)
{
	struct remote r = remote_cdsp;
	bool good = true;

	r.kind.image = SILENT;
	stream_open();
	memcpy((void *)SCRATCH2, (const void *)VIRT_SMEM, SMEM_USED);
	good = same("it loads", kind_load(&r.kind, SILENT, 0), 0) && same("AUTH_AND_RESET", kind_auth(&r.kind), 0);
	wait_us(READY_US);
	fake_smc();
	good = cpu_run(1, fake_on_another_cpu, NULL) && cpu_join(1) && good;
	memset((void *)VIRT_SMEM, 0xff, SMEM_USED);
	for (unsigned int i = 0; i < 64; i++)
		*remote_control(&r, 8 * i) = ~UINT64_C(0);
	fw_write32(GICD_ISPENDR(VIRT_SPI_CDSP_SMP2P), BIT_OF(VIRT_SPI_CDSP_SMP2P));
	fw_write32(GICD_ISPENDR(VIRT_SPI_CDSP_DOORBELL), BIT_OF(VIRT_SPI_CDSP_DOORBELL));
	wait_us(READY_US);
	good = same("SHUTDOWN", kind_shutdown(&r.kind), 0) && good;
	memcpy((void *)VIRT_SMEM, (const void *)SCRATCH2, SMEM_USED);
	for (unsigned int i = 0; i < 64; i++)
		*remote_control(&r, 8 * i) = 0;
	good = accepts(2) && good;
	stream_close();
	log_lacks("software 0x17 advanced to 9");
	return good;
}

/* the host stops it at once, again and again: accepted is not counted */
static bool accepted_but_never_ready(void)
{
	bool good = true;

	for (unsigned int i = 0; i < 10; i++)
		good = same("AUTH_AND_RESET", status_of(SILENT), 0) && good;
	log_lacks("software 0x17 advanced to 9");
	return accepts(2) && good;
}

static bool replayed_after_reset(void)
{
	bool good = true;

	stream_open();
	if (phase() == 0) {
		if (!is_counted(3) || !refuses(2))
			return false;
		reset_machine();
	}
	good = refuses(2) && refuses(1) && refuses(0) && accepts(3);
	stream_close();
	log_has("cdsp: rollback counter of software 0x17 advanced to 3");
	log_lacks("COUNTERS_");
	return good;
}

/* it ran, but no request came that could see that it was ready: an older one may run, but none that was refused before */
static bool reset_before_it_is_counted(void)
{
	struct remote r = in_version(CUT_FIRST);
	bool good = true;

	stream_open();
	if (phase() == 0) {
		if (!remote_start(&r))
			return false;
		reset_machine();
	}
	good = refuses(2) && accepts(3);
	stream_close();
	log_lacks("COUNTERS_|advanced");
	return good;
}

/** struct cut - the CPU that stops the program, which counts it */
struct cut {
	struct kind kind;
	volatile bool begins;
};

static void stop_it(void *arg)
{
	struct cut *c = arg;

	c->begins = true;
	fw_dsb();
	(void)kind_shutdown(&c->kind);
}

/* each boot looks at what the cut before it left, then makes the next one a little later */
static bool cut_while_it_counts(void)
{
	static const unsigned int after_us[CUTS] = { 0, 30, 150, 700, 3000 };
	static struct cut c;
	unsigned int cuts = phase(), version = CUT_FIRST + cuts;
	struct remote r = in_version(cuts < CUTS ? version : COUNTERS_LAST);
	bool good = true;

	stream_open();
	if (cuts) {
		good = accepts(version - 1) && refuses(version - 3);
		good = is_counted(version - 1) && refuses(version - 2) && good;
	} else {
		good = refuses(2);
	}
	if (good && cuts < CUTS) {
		c.kind = r.kind;
		good = remote_start(&r) && cpu_run(1, stop_it, &c);
		while (good && !c.begins)
			;
		wait_us(after_us[cuts]);
		if (good)
			reset_machine();
	}
	stream_close();
	log_lacks("COUNTERS_");
	return good;
}

const struct attack counter_attacks[] = {
	{ "older_image_after_a_newer_was_ready", "AUTH refuses it, and the newer one starts", older_after_newer, 0 },
	{ "ready_faked_by_the_host", "only the core itself says so: nothing is counted", ready_faked, 0 },
	{ "newer_image_that_is_never_ready", "nothing is counted: the older one starts", accepted_but_never_ready, 0 },
	{ "older_image_right_after_a_reset", "what was counted outlives it: AUTH refuses the older one",
	  replayed_after_reset, 0 },
	{ "reset_before_it_is_counted", "the counter is where it was", reset_before_it_is_counted, 0 },
	{ "reset_while_the_counter_advances", "the counter has its old or its new value, and is not lost",
	  cut_while_it_counts, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* SCM calls as Linux's qcom_scm issues them, each step by itself. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "payload.h"
#include "stacks.h"

#define BUSY_RETRIES 21u /* as qcom_scm has it */
#define BUSY_WAIT_US 30000u

#define LOWEST_STATUS  (-12)
#define LARGEST_RESULT 4096u
#define LARGEST_HANDLE UINT32_MAX

void scm_prepare(struct scm_call *c, uint32_t id, uint32_t arginfo, uint64_t a0, uint64_t a1, uint64_t a2)
{
	*c = (struct scm_call){ .in = { .x = { id, arginfo, a0, a1, a2 } } };
}

static struct scm_watch watches[PAYLOAD_CPUS];

/* status and results are small numbers; every other register comes back as it was */
static bool says_too_much(const struct scm_call *c, uint64_t x6)
{
	const uint64_t *x = c->out.x;
	bool interrupted = x[0] == PIL_SCM_INTERRUPTED;

	if (c->out.spoiled || x[4] != c->in.x[4] || x[5] != c->in.x[5] || x[7] != c->in.x[7])
		return true;
	if (!interrupted && (x[6] != x6 || (int64_t)x[0] > 0 || (int64_t)x[0] < LOWEST_STATUS))
		return true;
	/* the handle of a bridge is a number that counts up */
	if ((uint32_t)c->in.x[0] == PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_CREATE))
		return x[1] || x[2] > LARGEST_HANDLE || x[3];
	return x[1] > LARGEST_RESULT || x[2] > LARGEST_RESULT || x[3] > LARGEST_RESULT ||
	       (interrupted && (x[1] || x[2] || x[3]));
}

static void watch(const struct scm_call *c, uint64_t x6)
{
	struct scm_watch *w = &watches[fw_cpu()];

	w->calls++;
	w->accepted += !c->out.x[0] && (uint32_t)c->in.x[0] == PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET);
	if (says_too_much(c, x6) && !w->leaks++)
		w->first = c->out;
}

struct scm_watch scm_watch_sum(void)
{
	struct scm_watch sum = { 0 };
	unsigned int i = 0;

	for (i = 0; i < PAYLOAD_CPUS; i++) {
		if (watches[i].leaks)
			sum.first = watches[i].first;
		sum.calls += watches[i].calls;
		sum.accepted += watches[i].accepted;
		sum.leaks += watches[i].leaks;
	}
	return sum;
}

static int64_t smc(struct scm_call *c, uint64_t x0, uint64_t x6)
{
	c->out = c->in;
	c->out.x[0] = x0;
	c->out.x[6] = x6;
	smc_call(&c->out);
	watch(c, x6);
	if (c->out.x[0] == PIL_SCM_INTERRUPTED)
		c->interruptions++;
	return (int64_t)c->out.x[0];
}

int64_t scm_issue(struct scm_call *c)
{
	return smc(c, c->in.x[0], 0);
}

int64_t scm_resume(struct scm_call *c, uint64_t session)
{
	return smc(c, PIL_SCM_INTERRUPTED, session);
}

int64_t scm_finish(struct scm_call *c)
{
	while (c->out.x[0] == PIL_SCM_INTERRUPTED) {
		timer_take();
		scm_resume(c, c->out.x[6]);
	}
	return (int64_t)c->out.x[0];
}

int64_t scm_complete(struct scm_call *c)
{
	unsigned int tries = 0;

	do {
		if (tries)
			wait_us(BUSY_WAIT_US);
		scm_issue(c);
	} while (scm_finish(c) == PIL_SCM_EBUSY && tries++ < BUSY_RETRIES);
	return (int64_t)c->out.x[0];
}

void prepare_init_image(struct scm_call *c, uint64_t metadata)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE), PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u),
		    VIRT_ADSP_PAS_ID, metadata, 0);
}

void prepare_mem_setup(struct scm_call *c, uint64_t base, uint64_t size)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_MEM_SETUP), PIL_SCM_ARGS_VALUES(3u), VIRT_ADSP_PAS_ID, base, size);
}

void prepare_auth(struct scm_call *c)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u), VIRT_ADSP_PAS_ID, 0, 0);
}

void prepare_shutdown(struct scm_call *c)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u), VIRT_ADSP_PAS_ID, 0, 0);
}

void prepare_table(struct scm_call *c, uint64_t page, uint64_t in, uint64_t in_size)
{
	scm_prepare(c, PIL_SCM_STD64(PIL_SCM_PAS_GET_RSCTABLE),
		    PIL_SCM_ARGS(5u, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RW, PIL_SCM_VAL), VIRT_ADSP_PAS_ID,
		    in, in_size);
	c->in.x[5] = page;
}

void table_page(uint64_t page, uint64_t out, uint64_t out_size)
{
	const uint64_t words[PIL_SCM_INDIRECT_WORDS] = { out, out_size };

	memcpy((void *)page, words, sizeof(words));
}

int64_t pas_init_image(uint64_t metadata)
{
	struct scm_call c = { 0 };

	prepare_init_image(&c, metadata);
	return scm_complete(&c);
}

int64_t pas_mem_setup(uint64_t base, uint64_t size)
{
	struct scm_call c = { 0 };

	prepare_mem_setup(&c, base, size);
	return scm_complete(&c);
}

int64_t pas_auth(void)
{
	struct scm_call c = { 0 };

	prepare_auth(&c);
	return scm_complete(&c);
}

int64_t pas_shutdown(void)
{
	struct scm_call c = { 0 };

	prepare_shutdown(&c);
	return scm_complete(&c);
}

void prepare_get_table(struct scm_call *c, uint64_t scratch)
{
	const uint32_t table[] = { 1, 0, 0, 0 };

	table_page(scratch, scratch + 0x2000, 0x1000);
	memcpy((void *)(scratch + 0x1000), table, sizeof(table));
	prepare_table(c, scratch, scratch + 0x1000, sizeof(table));
}

bool door_answers(void)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_INFO_IS_CALL_AVAIL), PIL_SCM_ARGS_VALUES(1u),
		    PIL_SCM_OWNER_SIP | PIL_SCM_PAS_AUTH_AND_RESET, 0, 0);
	return scm_issue(&c) == 0 && c.out.x[1] == 1 && !c.out.spoiled;
}

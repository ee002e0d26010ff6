/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hypervisor's calls are made of besides, and the secure world: they take notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pilot/wire/scm.h>
#include <virt/desc.h>

#include "notes.h"
#include "platform.h"

const struct plat_hyp plat_hyp = { .desc = &virt_desc };
struct fw_lock hyp_lock;
struct fake fake;
uint8_t host[2 * PIL_IMAGE_METADATA_MAX];

static void note(char letter)
{
	size_t length = strlen(fake.notes);

	assert_true(length + 1 < sizeof(fake.notes));
	fake.notes[length] = letter;
}

/* --- what the hypervisor is made of besides --- */

void hyp_log(const char *format, ...)
{
	(void)format;
}

/* a record is about what has happened: the trace must not be ahead of the tables */
void hyp_trace(enum pil_trace_event event, uint32_t id, uint64_t a, uint64_t b)
{
	(void)id;
	(void)a;
	(void)b;
	if (event == PIL_TRACE_TAKEN)
		assert_non_null(strchr(fake.notes, 't'));
	if (event == PIL_TRACE_GIVEN)
		assert_non_null(strchr(fake.notes, 'g'));
}

void hyp_stop(const char *why)
{
	fail_msg("the hypervisor stops: %s", why);
	for (;;)
		;
}

bool hyp_is_stage(void)
{
	return fake.stage;
}

void hyp_psci(struct hyp_frame *f)
{
	f->x[0] = 0;
}

bool hyp_host_owns(uint64_t base, uint64_t size)
{
	uint64_t start = (uint64_t)(uintptr_t)host;

	return size && base >= start && size <= sizeof(host) && base - start <= sizeof(host) - size;
}

int hyp_stage2_take(struct pil_range r, struct pil_why *why)
{
	(void)r;
	(void)why;
	note('t');
	fake.held++;
	return 0;
}

int hyp_stage2_give(struct pil_range r, struct pil_why *why)
{
	(void)r;
	(void)why;
	note('g');
	assert_int_not_equal(fake.held, 0);
	fake.held--;
	return 0;
}

int hyp_streams_build(unsigned int index, const void *table, size_t size, struct pil_why *why)
{
	(void)index;
	(void)table;
	assert_int_equal(size, TABLE_SIZE);
	note('n');
	return fake.builds_that_fail-- == 1 ? pil_fail(why, PIL_R_STREAM_RANGE, 0, 0) : 0;
}

void hyp_streams_on(unsigned int index, bool firmware)
{
	(void)index;
	note(firmware ? '+' : '*');
}

void hyp_streams_off(unsigned int index, bool firmware)
{
	(void)index;
	note(firmware ? '-' : 'x');
}

unsigned int hyp_streams_ranges(unsigned int index)
{
	(void)index;
	return 1;
}

/* --- the secure world --- */

static char letter_of(uint64_t function)
{
	switch (function & PIL_SCM_FUNC) {
	case PIL_SCM_PAS_INIT_IMAGE:
		return 'I';
	case PIL_SCM_PAS_MEM_SETUP:
		return 'M';
	case PIL_SCM_PAS_AUTH_AND_RESET:
		return 'A';
	case PIL_SCM_PAS_SHUTDOWN:
		return 'S';
	case PIL_SCM_PAS_GET_RSCTABLE:
		return 'G';
	case PIL_SCM_MP_SHM_BRIDGE_CREATE:
		return 'b';
	case PIL_SCM_MP_SHM_BRIDGE_DELETE:
		return 'd';
	default:
		return 'V';
	}
}

static void answer_call(struct hyp_regs *r, char letter)
{
	uint64_t status = (uint64_t)fake.status[(unsigned char)letter];

	*r = (struct hyp_regs){ .x = { status, 0, letter == 'b' ? 77 : 0, letter == 'G' ? TABLE_SIZE : 0 } };
}

static void interrupt(struct hyp_regs *r)
{
	fake.left--;
	*r = (struct hyp_regs){ .x = { [0] = PIL_SCM_INTERRUPTED, [6] = ++fake.session } };
}

/* bridges are short and made under the lock; whatever may last must not hold it */
static bool may_last(char letter)
{
	bool lasts = strchr("IMASG", letter);

	if (lasts)
		assert_false(hyp_lock.taken);
	return lasts;
}

void hyp_smc(struct hyp_regs *r)
{
	bool resumed = r->x[0] == PIL_SCM_INTERRUPTED;
	char letter = 0;

	fake.calls++;
	if (resumed) {
		assert_int_equal(r->x[6], fake.session);
	} else {
		fake.last = *r;
		fake.suspended = *r;
		fake.left = fake.interrupts;
	}
	letter = letter_of(fake.suspended.x[0]);
	if (may_last(letter) && fake.during)
		fake.during();
	if (may_last(letter) && fake.left) {
		interrupt(r);
		return;
	}
	note(letter);
	answer_call(r, letter);
}

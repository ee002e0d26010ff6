/* SPDX-License-Identifier: BSD-2-Clause */
/* The three ledgers, and the check of the board's description. */
#include "expect.h"

#include <string.h>

#include "scenario.h"

#define ADSP ((struct pil_range){ .base = MODEL_ADSP_BASE, .size = MODEL_ADSP_SIZE })

static int assign(struct scenario *s, unsigned int index, struct pil_range r, int to, struct pil_why *why)
{
	return pil_memory_assign(&s->pas.memory, &s->m->board, index, r, to, why);
}

static void ranges_that_cannot_be_trusted_are_refused(void **state)
{
	static const struct {
		struct pil_range range;
		enum pil_reason reason;
	} bad[] = {
		{ { MODEL_ADSP_BASE, 0 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE, UINT64_MAX }, PIL_R_PAS_MEM_RANGE },
		{ { UINT64_MAX - 0xfff, 0x2000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE, MODEL_ADSP_SIZE + 0x1000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE - 0x1000, 0x2000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_RAM_BASE, 0x1000 }, PIL_R_PAS_MEM_RANGE },
		{ { MODEL_ADSP_BASE + 1, 0x1000 }, PIL_R_PAS_MEM_ALIGN },
		{ { MODEL_ADSP_BASE, 0x1001 }, PIL_R_PAS_MEM_ALIGN },
	};
	struct scenario s;
	struct pil_why why = { 0 };

	(void)state;
	scenario_init(&s, MODEL_IN_PLACE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_reason(assign(&s, MODEL_ADSP, bad[i].range, PIL_OWNER_SECURE, &why), &why, bad[i].reason);
	expect_reason(assign(&s, MODEL_ADSP, ADSP, (int)MODEL_CDSP, &why), &why, PIL_R_PAS_LEDGER);
	expect_reason(assign(&s, 99, ADSP, PIL_OWNER_SECURE, &why), &why, PIL_R_PAS_LEDGER);
	assert_int_equal(s.m->calls[MODEL_LOCK], 0);
	scenario_done(&s);
}

static void memory_takes_no_short_cut(void **state)
{
	struct scenario s;
	struct pil_why why = { 0 };
	struct pil_range part = { .base = MODEL_ADSP_BASE, .size = 0x1000 };

	(void)state;
	scenario_init(&s, MODEL_IN_PLACE);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_HOST, &why), 0);
	expect_reason(assign(&s, MODEL_ADSP, ADSP, (int)MODEL_ADSP, &why), &why, PIL_R_PAS_LEDGER);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_SECURE, &why), 0);
	assert_true(model_is_locked(s.m, ADSP));
	expect_reason(assign(&s, MODEL_ADSP, part, PIL_OWNER_HOST, &why), &why, PIL_R_PAS_LEDGER);
	expect_reason(assign(&s, MODEL_ADSP_LITE, ADSP, PIL_OWNER_SECURE, &why), &why, PIL_R_PAS_LEDGER);
	expect_reason(assign(&s, MODEL_ADSP_LITE, ADSP, PIL_OWNER_HOST, &why), &why, PIL_R_PAS_LEDGER);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, (int)MODEL_ADSP, &why), 0);
	expect_reason(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_HOST, &why), &why, PIL_R_PAS_LEDGER);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE + MODEL_ADSP_SIZE - 1), MODEL_ADSP);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE + MODEL_ADSP_SIZE), PIL_OWNER_HOST);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE - 1), PIL_OWNER_HOST);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_SECURE, &why), 0);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_HOST, &why), 0);
	assert_false(model_is_locked(s.m, ADSP));
	assert_int_equal(s.m->calls[MODEL_LOCK], 1);
	assert_int_equal(s.m->calls[MODEL_UNLOCK], 1);
	assert_null(s.m->violation);
	scenario_done(&s);
}

static void firewall_that_fails_changes_no_owner(void **state)
{
	struct scenario s;
	struct pil_why why = { 0 };

	(void)state;
	scenario_init(&s, MODEL_IN_PLACE);
	model_fail(s.m, 1);
	expect_reason(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_SECURE, &why), &why, PIL_R_PAS_LOCK);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE), PIL_OWNER_HOST);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_SECURE, &why), 0);
	assert_true(s.pas.memory.entry[MODEL_ADSP].enforced);
	model_fail(s.m, 1);
	expect_reason(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_HOST, &why), &why, PIL_R_PAS_UNLOCK);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE), PIL_OWNER_SECURE);
	scenario_done(&s);
}

static void board_without_firewall_says_so(void **state)
{
	struct scenario s;
	struct pil_why why = { 0 };

	(void)state;
	scenario_init(&s, MODEL_OPEN);
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP),
			 PIL_CAP_CORE | PIL_CAP_RSC_TABLE | PIL_CAP_ROLLBACK | PIL_CAP_POWER_STATES);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_SECURE, &why), 0);
	assert_int_equal(pil_memory_owner(&s.pas.memory, MODEL_ADSP_BASE), PIL_OWNER_SECURE);
	assert_false(s.pas.memory.entry[MODEL_ADSP].enforced);
	assert_int_equal(assign(&s, MODEL_ADSP, ADSP, PIL_OWNER_HOST, &why), 0);
	scenario_done(&s);
	scenario_init(&s, MODEL_IN_PLACE);
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_ADSP_DTB), PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA |
									       PIL_CAP_ROLLBACK | PIL_CAP_ASSIGN |
									       PIL_CAP_VIDEO | PIL_CAP_FAULTS);
	assert_int_equal(pil_pas_capabilities(&s.pas, MODEL_COUNT), 0);
	scenario_done(&s);
}

static void core_has_one_holder(void **state)
{
	struct pil_core_ledger cores;
	struct pil_why why = { 0 };

	(void)state;
	pil_cores_init(&cores);
	assert_int_equal(pil_core_take(&cores, 0, 3, &why), 0);
	assert_int_equal(pil_core_take(&cores, 0, 3, &why), 0);
	expect_why(pil_core_take(&cores, 0, 1, &why), &why, PIL_R_PAS_CORE_TAKEN, 0, 3);
	pil_core_give(&cores, 0, 1);
	assert_int_equal(cores.holder[0], 3);
	pil_core_give(&cores, 0, 3);
	assert_int_equal(cores.holder[0], -1);
	expect_why(pil_core_take(&cores, PIL_MAX_CORES, 1, &why), &why, PIL_R_BOARD_CORE, 1, PIL_MAX_CORES);
}

static void streams_reach_only_what_is_granted(void **state)
{
	struct pil_range smem = { .base = MODEL_SMEM_BASE, .size = MODEL_SMEM_SIZE };
	struct pil_range clocks = { .base = 0x10000800, .size = 0x800 };
	struct pil_range wraps = { .base = UINT64_MAX - 0xff, .size = 0x1000 };
	unsigned int both = PIL_GRANT_READ | PIL_GRANT_WRITE;
	struct pil_stream_ledger streams = { 0 };
	const struct pil_stream_entry *adsp = NULL;
	unsigned int count = 0;

	(void)state;
	assert_int_equal(pil_streams_init(&streams, &model_desc, NULL), 0);
	adsp = pil_streams_of(&streams, MODEL_ADSP, &count);
	assert_int_equal(count, 2);
	assert_true(pil_stream_allows(ADSP, adsp, ADSP, both));
	assert_false(pil_stream_allows(ADSP, adsp, ADSP, both | 4u));
	assert_true(pil_stream_allows(ADSP, adsp, smem, both));
	assert_true(pil_stream_allows(ADSP, adsp, clocks, PIL_GRANT_READ));
	assert_false(pil_stream_allows(ADSP, adsp, clocks, both));
	smem.size++;
	assert_false(pil_stream_allows(ADSP, adsp, smem, PIL_GRANT_READ));
	clocks.size++;
	assert_false(pil_stream_allows(ADSP, adsp, clocks, PIL_GRANT_READ));
	/* each stream for itself: what the other one has does not count */
	assert_true(pil_stream_allows(ADSP, adsp + 1, (struct pil_range){ 0x20000000, 0x2000 }, PIL_GRANT_READ));
	assert_false(pil_stream_allows(ADSP, adsp, (struct pil_range){ 0x20000000, 0x2000 }, PIL_GRANT_READ));
	assert_false(pil_stream_allows(ADSP, adsp, wraps, PIL_GRANT_READ));
	assert_false(pil_stream_allows(ADSP, adsp, (struct pil_range){ MODEL_ADSP_BASE, 0 }, PIL_GRANT_READ));
}

static void stream_ledger_lists_all_streams_aborting(void **state)
{
	struct scenario s;
	struct pil_peripheral_desc many = model_desc.peripherals[MODEL_ADSP];
	struct pil_board_desc desc = { .peripherals = &many, .peripheral_count = 1 };
	struct pil_why why = { 0 };

	(void)state;
	scenario_init(&s, MODEL_IN_PLACE);
	assert_int_equal(s.pas.streams.count, 6);
	for (unsigned int i = 0; i < s.pas.streams.count; i++)
		assert_int_equal(s.pas.streams.entry[i].disposition, PIL_STREAM_ABORT);
	many.stream_count = PIL_MAX_STREAMS + 1;
	expect_reason(pil_streams_init(&s.pas.streams, &desc, &why), &why, PIL_R_BOARD_STREAMS);
	scenario_done(&s);
}

/* a board description with one thing wrong */
struct wrong {
	struct pil_peripheral_desc p[2];
	struct pil_stream_desc stream, other;
	struct pil_grant grant;
	struct pil_board_desc desc;
};

static void make_good(struct wrong *w)
{
	memcpy(w->p, model_desc.peripherals, sizeof(w->p));
	w->grant = w->p[0].streams[0].grants[0];
	w->stream = w->p[0].streams[0];
	w->stream.grants = &w->grant;
	w->stream.grant_count = 1;
	w->other = w->stream;
	w->p[0].streams = &w->stream;
	w->p[0].stream_count = 1;
	w->desc = model_desc;
	w->desc.peripherals = w->p;
	w->desc.peripheral_count = 2;
}

static enum pil_reason init_with(struct wrong *w)
{
	static struct pil_pas pas;
	struct pil_why why = { 0 };
	struct pil_device device = { 0 };
	struct model *m = model_new(NULL, &device, MODEL_IN_PLACE);
	int err = 0;

	assert_non_null(m);
	m->board.desc = &w->desc;
	memset(&pas, 0, sizeof(pas));
	err = pil_pas_init(&pas, &m->board, &pil_crypto_openssl, &why);
	assert_int_equal(err, -(int)pil_reason_class(why.reason));
	model_free(m);
	return why.reason;
}

#define WRONG(change, expected)                                                                                        \
	do {                                                                                                           \
		make_good(&w);                                                                                         \
		change;                                                                                                \
		assert_int_equal(init_with(&w), (int)(expected));                                                      \
	} while (0)

static void wrong_description_does_not_start(void **state)
{
	struct wrong w;

	(void)state;
	WRONG((void)0, PIL_R_NONE);
	WRONG(w.desc.peripherals = NULL, PIL_R_BOARD_COUNT);
	WRONG(w.desc.peripheral_count = 0, PIL_R_BOARD_COUNT);
	WRONG(w.desc.peripheral_count = PIL_MAX_PERIPHERALS + 1, PIL_R_BOARD_COUNT);
	WRONG(w.desc.core_count = PIL_MAX_CORES + 1, PIL_R_BOARD_COUNT);
	WRONG(w.p[0].name = NULL, PIL_R_BOARD_PERIPHERAL);
	WRONG(w.p[0].carveout.size = 0, PIL_R_BOARD_PERIPHERAL);
	WRONG(w.p[0].carveout.size -= 1, PIL_R_BOARD_PERIPHERAL);
	WRONG(w.p[0].carveout.base += 1, PIL_R_BOARD_PERIPHERAL);
	WRONG(w.p[0].carveout.base = UINT64_MAX - 0xfff, PIL_R_BOARD_PERIPHERAL);
	WRONG(w.p[0].carveout.size += 0x1000, PIL_R_BOARD_OVERLAP);
	WRONG(w.p[1].pas_id = w.p[0].pas_id, PIL_R_BOARD_PAS_ID);
	WRONG(w.p[0].core = PIL_MAX_CORES, PIL_R_BOARD_CORE);
	WRONG(w.p[0].core = -2, PIL_R_BOARD_CORE);
	/* a stream belongs to the peripherals of one core */
	WRONG((w.p[1].streams = &w.stream, w.p[1].stream_count = 1), PIL_R_BOARD_SID);
	WRONG((w.p[1].streams = &w.stream, w.p[1].stream_count = 1, w.p[1].core = 1), PIL_R_BOARD_SID);
	WRONG((w.p[1].streams = &w.stream, w.p[1].stream_count = 1, w.p[1].core = 0), PIL_R_NONE);
	WRONG((w.p[1].streams = &w.other, w.p[1].stream_count = 1, w.other.sid ^= 0x10), PIL_R_NONE);
	WRONG((w.p[1].streams = &w.other, w.p[1].stream_count = 1, w.other.sid ^= 0x10, w.other.mask = 0x30),
	      PIL_R_BOARD_SID);
	WRONG((w.p[1].streams = &w.other, w.p[1].stream_count = 1, w.other.sid ^= 0x10, w.stream.mask = 0x10),
	      PIL_R_BOARD_SID);
	WRONG(w.grant.range.size = 0, PIL_R_BOARD_GRANT);
	WRONG(w.grant.range.base = UINT64_MAX - 1, PIL_R_BOARD_GRANT);
	WRONG(w.grant.range.base = w.p[1].carveout.base, PIL_R_BOARD_GRANT);
}

static void board_without_needed_functions_does_not_start(void **state)
{
	static struct pil_pas pas;
	struct pil_device device = { 0 };
	struct model *m = model_new(NULL, &device, MODEL_IN_PLACE);
	struct pil_why why = { 0 };
	struct pil_board good;

	(void)state;
	assert_non_null(m);
	good = m->board;
#define LACKS(member)                                                                                                  \
	do {                                                                                                           \
		m->board = good;                                                                                       \
		m->board.member = NULL;                                                                                \
		expect_reason(pil_pas_init(&pas, &m->board, &pil_crypto_openssl, &why), &why, PIL_R_BOARD_FUNCTION);   \
	} while (0)
	LACKS(desc);
	LACKS(host_map);
	LACKS(read_device);
	LACKS(lock);
	LACKS(unlock);
	LACKS(enter);
	LACKS(leave);
	LACKS(log);
	LACKS(time_us);
	LACKS(core_start);
	LACKS(core_stop);
	LACKS(core_state);
	LACKS(master_start);
	LACKS(master_stop);
	/* who lists masters must be able to stop them */
	m->board.master_start = NULL;
	expect_reason(pil_pas_init(&pas, &m->board, &pil_crypto_openssl, &why), &why, PIL_R_BOARD_FUNCTION);
	m->board = good;
	m->board.core_held = NULL;
	assert_int_equal(pil_pas_init(&pas, &m->board, &pil_crypto_openssl, &why), 0);
	model_fail(m, 1);
	expect_reason(pil_pas_init(&pas, &m->board, &pil_crypto_openssl, &why), &why, PIL_R_FUSES_MAGIC);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_that_cannot_be_trusted_are_refused),
		cmocka_unit_test(memory_takes_no_short_cut),
		cmocka_unit_test(firewall_that_fails_changes_no_owner),
		cmocka_unit_test(board_without_firewall_says_so),
		cmocka_unit_test(core_has_one_holder),
		cmocka_unit_test(streams_reach_only_what_is_granted),
		cmocka_unit_test(stream_ledger_lists_all_streams_aborting),
		cmocka_unit_test(wrong_description_does_not_start),
		cmocka_unit_test(board_without_needed_functions_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

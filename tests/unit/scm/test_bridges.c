/* SPDX-License-Identifier: BSD-2-Clause */
/* SHM bridges at the SCM door, with the numbers that the driver sends. */
#include "memory.h"

static void without_enable_there_are_no_bridges(void **state)
{
	struct scenario *s = *state;

	EXPECT(bridge(s, PAGE, 0x1000), MINUS(2), 0, 0, 0);
	assert_true(logged(s, "host: SHM_BRIDGE_CREATE refused: PAS_BRIDGE_OFF: SHM bridge 0x80020000 (+0x1000): "));
	EXPECT(unbridge(s, 0), MINUS(2), 0, 0, 0);
	/* and nothing has to be in one */
	EXPECT(get_table(s), 0, 0, 0, TABLE);
}

static void enabled_bridges_bound_every_look(void **state)
{
	struct scenario *s = *state;
	uint64_t page = 0, in = 0, out = 0;

	enable(s);
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	assert_true(
		logged(s, "scm: GET_RSCTABLE refused: PAS_NO_BRIDGE: buffer 0x80020000 (+0x38) is in no SHM bridge"));
	page = must_bridge(s, PAGE, 0x1000);
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	assert_true(logged(s, "adsp: GET_RSCTABLE refused: PAS_NO_BRIDGE: buffer 0x80021000 (+0x10)"));
	in = must_bridge(s, IN, 0x1000);
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	assert_true(model_is_zero(s->m, (struct pil_range){ OUT, 0x1000 }));
	out = must_bridge(s, OUT, 0x1000);
	EXPECT(get_table(s), 0, 0, 0, TABLE);
	EXPECT(unbridge(s, out), 0, 0, 0, 0);
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	EXPECT(unbridge(s, in), 0, 0, 0, 0);
	EXPECT(unbridge(s, page), 0, 0, 0, 0);
	/* what lies in two bridges lies in neither */
	(void)must_bridge(s, PAGE, 0x2000);
	(void)must_bridge(s, OUT, 0x1000);
	EXPECT(call(s, 0x42000221, 0x845, 1, OUT - 8, 16, PAGE), MINUS(3), 0, 0, 0);
	EXPECT(get_table(s), 0, 0, 0, TABLE);
}

static void metadata_must_be_bridged_unless_the_board_exempts_it(void **state)
{
	static const struct pil_peripheral_desc *desc;
	struct pil_peripheral_desc exempt = { 0 };
	struct scenario *s = *state;

	scenario_put_metadata(s, scenario_good());
	enable(s);
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), MINUS(3), 0, 0, 0);
	assert_true(logged(s, "adsp: INIT_IMAGE refused: PAS_NO_BRIDGE"));
	desc = s->pas.p[MODEL_ADSP].desc;
	exempt = *desc;
	exempt.metadata_unbridged = true;
	s->pas.p[MODEL_ADSP].desc = &exempt;
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), 0, 0, 0, 0);
	assert_true(logged(s, ", metadata in no bridge\n"));
	/* exempt from bridges, not from being ordinary RAM of the host */
	EXPECT(call(s, 0x42000201, 0x82, 1, MODEL_ADSP_BASE, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000201, 0x82, 1, 0x1000, 0, 0), MINUS(3), 0, 0, 0);
	/* and its other buffers are not exempt */
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, SCENARIO_METADATA & ~UINT64_C(0xfff), 0x10000);
	for (unsigned int i = 0; i < 2; i++) {
		s->pas.p[MODEL_ADSP].desc = i ? desc : &exempt;
		EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), 0, 0, 0, 0);
		assert_false(s->pas.p[MODEL_ADSP].unbridged);
	}
}

/* qcom_scm_pas_prepare_and_auth_reset(): a bridge over the carve-out for the length of AUTH_AND_RESET */
static void carveout_is_bridged_round_auth(void **state)
{
	struct scenario *s = *state;
	uint64_t handle = 0;

	enable(s);
	(void)must_bridge(s, MODEL_RAM_BASE, 0x20000);
	assert_int_equal(scenario_load(s, MODEL_ADSP, scenario_good()), 0);
	handle = must_bridge(s, MODEL_ADSP_BASE, MODEL_ADSP_SIZE);
	EXPECT(call(s, 0x42000205, 1, 1, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(unbridge(s, handle), 0, 0, 0, 0);
	assert_int_equal(s->m->core[0].state, PIL_CORE_RUNNING);
	/* what is not the host's now cannot be bridged, and a bridge makes no buffer of a carve-out */
	EXPECT(bridge(s, MODEL_ADSP_BASE, 0x1000), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, 0x90018000, 0x8000);
	EXPECT(call(s, 0x42000201, 0x82, 18, 0x90018000, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000206, 1, 1, 0, 0, 0), 0, 0, 0, 0);
}

static void bridges_that_cannot_be_are_refused(void **state)
{
	static const struct {
		uint64_t host, secure, size, vms;
		uint64_t status;
	} bad[] = {
		{ 0x80030006, 0x80030006, 0x200, 3, MINUS(3) },	 /* empty */
		{ 0x80030806, 0x80030806, 0x1200, 3, MINUS(3) }, /* not aligned */
		{ 0x80030006, 0x80031006, 0x1200, 3, MINUS(2) }, /* two addresses */
		{ 0x80030006, 0x80030006, 0x1000, 3, MINUS(4) }, /* no machine */
		{ 0x80030006, 0x80030006, 0x1400, 3, MINUS(4) }, /* two machines */
		{ 0x80030006, 0x80030006, 0x1202, 3, MINUS(4) }, /* flags */
		{ 0x80030006, 0x80030006, 0x1200, 4, MINUS(4) }, /* another machine */
		{ 0x80030006, 0x80030006, 0x1200, 0x30003, MINUS(4) },
		{ 0x80030004, 0x80030006, 0x1200, 3, MINUS(4) }, /* host read-only */
		{ 0x80030007, 0x80030006, 0x1200, 3, MINUS(4) }, /* execute */
		{ 0x80030006, 0x80030007, 0x1200, 3, MINUS(4) },
		{ 0x80030006, 0x80030000, 0x1200, 3, MINUS(4) },		 /* nothing */
		{ 0x00000006, 0x00000006, 0x1200, 3, MINUS(3) },		 /* not there */
		{ 0x800ff006, 0x800ff006, 0x2200, 3, MINUS(3) },		 /* past the end of RAM */
		{ 0x80030006, 0x80030006, 0xfffffffffffff200, 3, MINUS(3) },	 /* wraps */
		{ 0xfffffffffffff006, 0xfffffffffffff006, 0x1200, 3, MINUS(3) }, /* ends at the very end */
		{ 0xfffffffffffff006, 0xfffffffffffff006, 0x2200, 3, MINUS(3) },
		{ 0x9000f006, 0x9000f006, 0x2200, 3, MINUS(3) }, /* two carve-outs */
		{ 0x80010006, 0x80010006, 0x1200, 3, MINUS(3) }, /* overlaps at its start, ... */
		{ 0x80012006, 0x80012006, 0x2200, 3, MINUS(3) }, /* its end, ... */
		{ 0x8000f006, 0x8000f006, 0x5200, 3, MINUS(3) }, /* all of it, */
		{ 0x8000f006, 0x8000f006, 0x2200, 3, MINUS(3) }, /* from before */
	};
	struct scenario *s = *state;

	enable(s);
	(void)must_bridge(s, 0x80010000, 0x3000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT(call(s, 0x42000c1e, 4, bad[i].host, bad[i].secure, bad[i].size, bad[i].vms), bad[i].status, 0, 0,
		       0);
	/* next to it is not over it */
	(void)must_bridge(s, 0x8000f000, 0x1000);
	(void)must_bridge(s, 0x80013000, 0x1000);
}

static void access_of_a_bridge_counts(void **state)
{
	struct scenario *s = *state;

	enable(s);
	EXPECT(call(s, 0x42000c1e, 4, PAGE | RW, PAGE | 4, 0x1200, HOST), 0, 0, 0x100, 0);
	EXPECT(call(s, 0x42000c1e, 4, IN | RW, IN | 4, 0x1200, HOST), 0, 0, 0x201, 0);
	EXPECT(call(s, 0x42000c1e, 4, OUT | RW, OUT | 4, 0x1200, HOST), 0, 0, 0x302, 0);
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	EXPECT(unbridge(s, 0x302), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000c1e, 4, OUT | RW, OUT | 2, 0x1200, HOST), 0, 0, 0x402, 0);
	EXPECT(get_table(s), 0, 0, 0, TABLE);
	EXPECT(call(s, 0x42000221, 0x845, 1, OUT, 16, PAGE), MINUS(3), 0, 0, 0);
}

static void handles_name_one_bridge_once(void **state)
{
	struct scenario *s = *state;
	uint64_t first = 0, second = 0;

	enable(s);
	first = must_bridge(s, PAGE, 0x1000);
	EXPECT(unbridge(s, first), 0, 0, 0, 0);
	second = must_bridge(s, PAGE, 0x1000);
	assert_int_not_equal(first, second);
	EXPECT(unbridge(s, first), MINUS(2), 0, 0, 0);
	for (unsigned int bit = 0; bit < 64; bit++)
		EXPECT(unbridge(s, second ^ UINT64_C(1) << bit), MINUS(2), 0, 0, 0);
	EXPECT(unbridge(s, 0), MINUS(2), 0, 0, 0);
	EXPECT(unbridge(s, UINT64_MAX), MINUS(2), 0, 0, 0);
	EXPECT(unbridge(s, second), 0, 0, 0, 0);
	EXPECT(unbridge(s, second), MINUS(2), 0, 0, 0);
	assert_true(logged(s, "host: SHM_BRIDGE_DELETE refused: PAS_BRIDGE_HANDLE: no SHM bridge has the handle "));
}

static void bridges_run_out_and_come_back(void **state)
{
	struct scenario *s = *state;
	uint64_t handle[PIL_MAX_BRIDGES] = { 0 };

	enable(s);
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++)
		handle[i] = must_bridge(s, MODEL_RAM_BASE + i * UINT64_C(0x1000), 0x1000);
	EXPECT(bridge(s, MODEL_RAM_BASE + PIL_MAX_BRIDGES * UINT64_C(0x1000), 0x1000), MINUS(5), 0, 0, 0);
	EXPECT(unbridge(s, handle[17]), 0, 0, 0, 0);
	handle[17] = must_bridge(s, MODEL_RAM_BASE + PIL_MAX_BRIDGES * UINT64_C(0x1000), 0x1000);
	for (unsigned int i = 0; i < PIL_MAX_BRIDGES; i++)
		EXPECT(unbridge(s, handle[i]), 0, 0, 0, 0);
	assert_false(logged(s, "SHM_BRIDGE_DELETE refused"));
}

static void a_new_host_finds_no_old_bridges(void **state)
{
	struct scenario *s = *state;
	uint64_t old = 0;

	enable(s);
	old = must_bridge(s, PAGE, 0x3000);
	EXPECT(get_table(s), 0, 0, 0, TABLE);
	enable(s);
	assert_true(logged(s, "host: SHM_BRIDGE_ENABLE accepted: 1 bridges of an earlier host dropped\n"));
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	EXPECT(unbridge(s, old), MINUS(2), 0, 0, 0);
	(void)must_bridge(s, PAGE, 0x3000);
	EXPECT(get_table(s), 0, 0, 0, TABLE);
}

/* another CPU of the host, whenever the service asks for memory: deletes the bridge, assigns the memory */
struct meddler {
	struct scenario *s;
	uint64_t handle;
	unsigned int tries;
	uint64_t status[2];
};

static void meddle(struct model *m, enum model_call what, void *arg)
{
	struct meddler *meddler = arg;
	struct pil_scm_answer a = { { 0 } };
	struct pil_assign give = { .range = { OUT, 0x1000 }, .from_count = 1, .from = { HOST }, .to_count = 1 };

	if (what != MODEL_HOST_MAP || m->calls[MODEL_HOST_MAP] != 3 || meddler->tries)
		return;
	meddler->tries++;
	m->hook = NULL;
	if (meddler->handle) {
		a = unbridge(meddler->s, meddler->handle);
		meddler->status[0] = a.x[0];
	}
	give.to[0] = (struct pil_vm){ .id = MODEL_VM_ADSP, .access = RW };
	meddler->status[1] = (uint64_t)pil_scm_status(pil_pas_assign(&meddler->s->pas, &give));
}

static void bridge_in_use_stays_until_the_look_is_over(void **state)
{
	struct scenario *s = *state;
	struct meddler meddler = { .s = s };

	enable(s);
	(void)must_bridge(s, PAGE, 0x2000);
	meddler.handle = must_bridge(s, OUT, 0x1000);
	s->m->calls[MODEL_HOST_MAP] = 0;
	s->m->hook = meddle;
	s->m->hook_arg = &meddler;
	EXPECT(get_table(s), 0, 0, 0, TABLE);
	assert_int_equal(meddler.tries, 1);
	assert_int_equal(meddler.status[0], MINUS(12));
	assert_int_equal(meddler.status[1], MINUS(12));
	EXPECT(unbridge(s, meddler.handle), 0, 0, 0, 0);
}

static void memory_in_use_is_not_assigned(void **state)
{
	struct scenario *s = *state;
	struct meddler meddler = { .s = s };

	s->m->hook = meddle;
	s->m->hook_arg = &meddler;
	EXPECT(get_table(s), 0, 0, 0, TABLE);
	assert_int_equal(meddler.tries, 1);
	assert_int_equal(meddler.status[1], MINUS(12));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_enable_there_are_no_bridges),
		TEST(enabled_bridges_bound_every_look),
		TEST(metadata_must_be_bridged_unless_the_board_exempts_it),
		TEST(carveout_is_bridged_round_auth),
		TEST(bridges_that_cannot_be_are_refused),
		TEST(access_of_a_bridge_counts),
		TEST(handles_name_one_bridge_once),
		TEST(bridges_run_out_and_come_back),
		TEST(a_new_host_finds_no_old_bridges),
		TEST(bridge_in_use_stays_until_the_look_is_over),
		TEST(memory_in_use_is_not_assigned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

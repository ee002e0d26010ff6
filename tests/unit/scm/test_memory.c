/* SPDX-License-Identifier: BSD-2-Clause */
/* SHM bridges, memory assignment, video windows and power states at the SCM door, with the numbers that the driver sends. */
#include "expect.h"

#include <string.h>

#include <pilot/scm.h>

#include "scenario.h"

#define PAGE	 (MODEL_RAM_BASE + 0x20000u)
#define IN	 (MODEL_RAM_BASE + 0x21000u)
#define OUT	 (MODEL_RAM_BASE + 0x22000u)
#define LISTS	 (MODEL_RAM_BASE + 0x23000u)
#define GIVEN	 (MODEL_RAM_BASE + 0x40000u) /* memory to give away */
#define MINUS(n) ((uint64_t) - (int64_t)(n))

#define HOST  3u
#define RW    6u
#define RWX   7u
#define TABLE 136u /* adsp's resource table */

static struct pil_scm_answer call(struct scenario *s, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
				  uint64_t x5)
{
	struct pil_scm_call c = { .x = { x0, x1, x2, x3, x4, x5, 0, 0 } };
	struct pil_scm_answer a;

	memset(&a, 0xff, sizeof(a));
	pil_scm_handle(&s->pas, &c, &a);
	return a;
}

#define EXPECT(answer, r0, r1, r2, r3)                                                                                 \
	do {                                                                                                           \
		struct pil_scm_answer a_ = (answer);                                                                   \
		assert_int_equal(a_.x[0], r0);                                                                         \
		assert_int_equal(a_.x[1], r1);                                                                         \
		assert_int_equal(a_.x[2], r2);                                                                         \
		assert_int_equal(a_.x[3], r3);                                                                         \
	} while (0)

static int setup(void **state)
{
	static struct scenario s;

	scenario_init(&s, true);
	*state = &s;
	return 0;
}

static int teardown(void **state)
{
	struct scenario *s = *state;
	bool fine = !s->m->violation;

	scenario_done(s);
	return fine ? 0 : -1;
}

static void enable(struct scenario *s)
{
	EXPECT(call(s, 0x42000c1c, 0, 0, 0, 0, 0), 0, 0, 0, 0);
}

/* as qcom_tzmem does it */
static struct pil_scm_answer bridge(struct scenario *s, uint64_t base, uint64_t size)
{
	return call(s, 0x42000c1e, 4, base | RW, base | RW, size | 1u << 9, HOST);
}

static uint64_t must_bridge(struct scenario *s, uint64_t base, uint64_t size)
{
	struct pil_scm_answer a = bridge(s, base, size);

	assert_int_equal(a.x[0], 0);
	assert_int_equal(a.x[1], 0);
	assert_int_not_equal(a.x[2], 0);
	return a.x[2];
}

static struct pil_scm_answer unbridge(struct scenario *s, uint64_t handle)
{
	return call(s, 0x42000c1d, 1, handle, 0, 0, 0);
}

static struct pil_scm_answer get_table(struct scenario *s)
{
	uint8_t page[56] = { 0 };

	imagegen_put(page, 8, OUT);
	imagegen_put(page + 8, 8, 0x1000);
	assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
	return call(s, 0x42000221, 0x845, 1, IN, 16, PAGE);
}

static bool logged(struct scenario *s, const char *text)
{
	return strstr(model_log_text(s->m), text) != NULL;
}

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
	/* exempt from bridges, not from being ordinary RAM of the host */
	EXPECT(call(s, 0x42000201, 0x82, 1, MODEL_ADSP_BASE, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000201, 0x82, 1, 0x1000, 0, 0), MINUS(3), 0, 0, 0);
	/* and its other buffers are not exempt */
	EXPECT(get_table(s), MINUS(3), 0, 0, 0);
	s->pas.p[MODEL_ADSP].desc = desc;
	(void)must_bridge(s, SCENARIO_METADATA & ~UINT64_C(0xfff), 0x10000);
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), 0, 0, 0, 0);
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

/* the lists as qcom_scm_assign_mem() lays them out; each at a multiple of 64 */
static struct pil_scm_answer assign(struct scenario *s, struct pil_range r, uint32_t from, const struct pil_vm *to,
				    unsigned int count)
{
	uint8_t lists[0x400] = { 0 };
	uint8_t page[56] = { 0 };
	const uint64_t args[7] = { 0, 64, 16, 128, 24u * count, 0, 0 };

	imagegen_put(lists, 4, from);
	imagegen_put(lists + 64, 8, r.base);
	imagegen_put(lists + 72, 8, r.size);
	for (unsigned int i = 0; i < count; i++) {
		imagegen_put(lists + 128 + 24 * i, 4, to[i].id);
		imagegen_put(lists + 132 + 24 * i, 4, to[i].access);
	}
	assert_true(model_host_write(s->m, LISTS, lists, sizeof(lists)));
	imagegen_put(page, 8, 4);
	imagegen_put(page + 8, 8, LISTS + args[3]);
	imagegen_put(page + 16, 8, args[4]);
	assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
	return call(s, 0x42000c16, 0x1117, LISTS + args[1], args[2], LISTS, PAGE);
}

static struct pil_scm_answer give(struct scenario *s, uint64_t base, uint64_t size, uint32_t from, uint32_t to,
				  uint32_t access)
{
	struct pil_vm vm = { .id = to, .access = access };

	return assign(s, (struct pil_range){ base, size }, from, &vm, 1);
}

static void assigned_memory_is_out_of_the_hosts_reach(void **state)
{
	const struct pil_range r = { GIVEN, 0x2000 };
	struct scenario *s = *state;
	uint8_t byte = 0x5a;

	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
	EXPECT(give(s, GIVEN, 0x2000, HOST, MODEL_VM_CDSP, RW), 0, 0, 0, 0);
	assert_true(logged(s, "host: MP_ASSIGN accepted: 0x80040000 (+0x2000) to VMID 30 access 0x6\n"));
	assert_false(model_host_write(s->m, GIVEN + 0x1fff, &byte, 1));
	assert_false(model_host_read(s->m, GIVEN, &byte, 1));
	assert_true(model_vm_reaches(s->m, MODEL_VM_CDSP, r, RW));
	assert_false(model_vm_reaches(s->m, MODEL_VM_CDSP, r, RWX));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	/* nor does the secure world take it for a buffer of the host */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
	assert_true(logged(s, "adsp: INIT_IMAGE refused: PAS_ASSIGNED: buffer 0x80040000 (+0x40) is in memory"));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN - 8, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x2000, MODEL_VM_CDSP, HOST, RWX), 0, 0, 0, 0);
	assert_true(model_host_read(s->m, GIVEN, &byte, 1));
	assert_int_equal(byte, 0x5a); /* moved, not cleared */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
}

static void memory_can_be_shared_and_passed_on(void **state)
{
	const struct pil_vm both[] = { { HOST, RW }, { MODEL_VM_ADSP, 4 } };
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;
	struct pil_assign back = { .range = r, .from_count = 2, .from = { MODEL_VM_ADSP, HOST }, .to_count = 1 };
	uint8_t byte = 1;

	EXPECT(assign(s, r, HOST, both, 2), 0, 0, 0, 0);
	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
	assert_true(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 2));
	/* shared is not the host's alone: no buffer */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
	/* one of two owners is not the owner */
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_CDSP, RW), MINUS(3), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_CDSP, HOST, RWX), MINUS(3), 0, 0, 0);
	back.to[0] = (struct pil_vm){ .id = MODEL_VM_CDSP, .access = RW };
	assert_int_equal(pil_pas_assign(&s->pas, &back), 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_CDSP, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX), 0, 0, 0, 0);
	/* the host again, and not all of it: that is an assignment still */
	EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, 4), 0, 0, 0, 0);
	assert_false(model_host_write(s->m, GIVEN, &byte, 1));
	EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, RWX), 0, 0, 0, 0);
	assert_true(model_host_write(s->m, GIVEN, &byte, 1));
}

static void assignments_that_cannot_be_are_refused(void **state)
{
	static const struct {
		uint64_t base, size;
		uint32_t from, to, access;
		uint64_t status;
	} bad[] = {
		{ GIVEN, 0, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN + 0x800, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0x800, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0xfffffffffffff000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ 0xfffffffffffff000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ MODEL_ADSP_BASE, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) }, /* carve-outs are the requests' own */
		{ 0x800ff000, 0x2000, HOST, MODEL_VM_ADSP, RW, MINUS(3) },
		{ GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX, MINUS(3) }, /* not its owner */
		{ GIVEN, 0x1000, 1, HOST, RWX, MINUS(3) },
		{ GIVEN, 0x1000, HOST, 22, RW, MINUS(4) }, /* a machine that the board does not have */
		{ GIVEN, 0x1000, HOST, MODEL_VM_ADSP, 0, MINUS(4) },
		{ GIVEN, 0x1000, HOST, MODEL_VM_ADSP, 8, MINUS(4) },
		{ GIVEN + 0x10000, 0x1000, HOST, MODEL_VM_ADSP, RW, MINUS(3) }, /* a part of what is given */
		{ GIVEN + 0x10000, 0x3000, MODEL_VM_CDSP, HOST, RWX, MINUS(3) },
		{ GIVEN + 0x11000, 0x1000, MODEL_VM_CDSP, HOST, RWX, MINUS(3) },
	};
	struct scenario *s = *state;

	EXPECT(give(s, GIVEN + 0x10000, 0x2000, HOST, MODEL_VM_CDSP, RW), 0, 0, 0, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT(give(s, bad[i].base, bad[i].size, bad[i].from, bad[i].to, bad[i].access), bad[i].status, 0, 0,
		       0);
		assert_true(model_vm_reaches(s->m, HOST, (struct pil_range){ GIVEN, 0x1000 }, RWX));
	}
	EXPECT(give(s, GIVEN + 0x10000, 0x2000, MODEL_VM_CDSP, HOST, RWX), 0, 0, 0, 0);
}

static void machines_named_twice_are_refused(void **state)
{
	const struct pil_vm twice[] = { { MODEL_VM_ADSP, RW }, { MODEL_VM_ADSP, 4 } };
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;
	struct pil_assign a = { .range = r, .from_count = 2, .from = { HOST, HOST }, .to_count = 1 };

	EXPECT(assign(s, r, HOST, twice, 2), MINUS(4), 0, 0, 0);
	a.to[0] = twice[0];
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EUNSUPPORTED);
	a.from_count = 0;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.from_count = PIL_MAX_VMS + 1;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.from_count = 1;
	a.to_count = 0;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	a.to_count = PIL_MAX_VMS + 1;
	assert_int_equal(pil_pas_assign(&s->pas, &a), -PIL_EARG);
	assert_int_equal(s->m->calls[MODEL_ASSIGN], 0);
}

static void lists_of_an_assignment_are_bounded(void **state)
{
	static const struct {
		uint64_t regions, region_size, sources, source_size, destinations, destination_size;
		uint64_t status;
	} bad[] = {
		{ LISTS + 64, 0, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 15, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 32, LISTS, 4, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 0, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 6, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 36, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, UINT64_MAX - 3, LISTS + 128, 24, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 0, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 23, MINUS(2) },
		{ LISTS + 64, 16, LISTS, 4, LISTS + 128, 216, MINUS(2) },
		{ 0, 16, LISTS, 4, LISTS + 128, 24, MINUS(3) },
		{ LISTS + 64, 16, UINT64_MAX - 3, 4, LISTS + 128, 24, MINUS(3) },
		{ LISTS + 64, 16, LISTS, 4, MODEL_ADSP_BASE, 24, MINUS(3) },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t page[56] = { 0 };

		EXPECT(give(s, GIVEN, 0x1000, HOST, HOST, RWX), 0, 0, 0, 0);
		imagegen_put(page, 8, bad[i].source_size);
		imagegen_put(page + 8, 8, bad[i].destinations);
		imagegen_put(page + 16, 8, bad[i].destination_size);
		assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
		EXPECT(call(s, 0x42000c16, 0x1117, bad[i].regions, bad[i].region_size, bad[i].sources, PAGE),
		       bad[i].status, 0, 0, 0);
	}
	assert_true(logged(s, "scm: MP_ASSIGN refused: SCM_BUFFER: buffer 0x0 (+0x10) is not in memory"));
	/* the lists must be bridged, too */
	enable(s);
	(void)must_bridge(s, PAGE, 0x1000);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, LISTS, 0x1000);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void what_is_bridged_is_not_given_away_and_the_other_way_round(void **state)
{
	struct scenario *s = *state;
	uint64_t handle = 0;

	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	enable(s);
	EXPECT(bridge(s, GIVEN, 0x1000), MINUS(3), 0, 0, 0);
	(void)must_bridge(s, PAGE, 0x1000);
	(void)must_bridge(s, LISTS, 0x1000);
	handle = must_bridge(s, GIVEN + 0x1000, 0x1000);
	EXPECT(give(s, GIVEN + 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(3), 0, 0, 0);
	EXPECT(unbridge(s, handle), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x1000, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void assignments_run_out_and_come_back(void **state)
{
	struct scenario *s = *state;

	for (unsigned int i = 0; i < PIL_MAX_ASSIGNED; i++)
		EXPECT(give(s, GIVEN + i * UINT64_C(0x1000), 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x80000, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(5), 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x3000, 0x1000, MODEL_VM_ADSP, HOST, RWX), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN + 0x80000, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
}

static void board_that_fails_to_assign_changes_nothing(void **state)
{
	const struct pil_range r = { GIVEN, 0x1000 };
	struct scenario *s = *state;

	model_fail(s->m, 6); /* host_map of page, three lists and memory, then assign */
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(1), 0, 0, 0);
	assert_int_equal(s->m->failed, 1);
	assert_true(model_vm_reaches(s->m, HOST, r, RWX));
	assert_false(model_vm_reaches(s->m, MODEL_VM_ADSP, r, 4));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), 0, 0, 0, 0);
	model_fail(s->m, 6);
	EXPECT(give(s, GIVEN, 0x1000, MODEL_VM_ADSP, HOST, RWX), MINUS(1), 0, 0, 0);
	assert_true(model_vm_reaches(s->m, MODEL_VM_ADSP, r, RW));
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(3), 0, 0, 0);
}

static void a_board_without_a_firewall_refuses_assignments(void **state)
{
	struct scenario *s = *state;

	s->m->board.assign = NULL;
	EXPECT(call(s, 0x42000601, 1, 0x02000c16, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(give(s, GIVEN, 0x1000, HOST, MODEL_VM_ADSP, RW), MINUS(4), 0, 0, 0);
	assert_true(logged(
		s, "host: MP_ASSIGN refused: PAS_ASSIGN_NONE: this board has no firewall to assign memory with"));
	/* refused, not recorded */
	EXPECT(call(s, 0x42000201, 0x82, 1, GIVEN, 0, 0), MINUS(2), 0, 0, 0);
}

static void video_windows_are_set_or_refused(void **state)
{
	struct scenario *s = *state;

	EXPECT(call(s, 0x42000c08, 4, 0, 0x25800000, 0x01000000, 0x24800000), 0, 0, 0, 0);
	assert_true(model_video_reaches(s->m, 0, true));
	assert_true(model_video_reaches(s->m, 0x257fffff, true));
	assert_false(model_video_reaches(s->m, 0x25800000, true));
	assert_false(model_video_reaches(s->m, 0x00ffffff, false));
	assert_true(model_video_reaches(s->m, 0x01000000, false));
	EXPECT(call(s, 0x42000c08, 4, 0, 0x100000000, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 1, 0x100000000, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 0, 0, UINT64_MAX, 1), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000c08, 4, 0x1000, UINT64_MAX - 0xfff, 0, 0), MINUS(3), 0, 0, 0);
	model_fail(s->m, 1);
	EXPECT(call(s, 0x42000c08, 4, 0, 0x1000, 0, 0x1000), MINUS(1), 0, 0, 0);
	s->m->board.video_protect = NULL;
	EXPECT(call(s, 0x42000c08, 4, 0, 0x1000, 0, 0x1000), MINUS(4), 0, 0, 0);
	EXPECT(call(s, 0x42000601, 1, 0x02000c08, 0, 0, 0), 0, 0, 0, 0);
	assert_true(logged(s, "host: MP_VIDEO_VAR refused: PAS_VIDEO_NONE"));
}

static const struct pil_peripheral_desc video_only[] = {
	{
		.name = "video",
		.pas_id = 9,
		.core = 1,
		.carveout = { .base = MODEL_ADSP_BASE, .size = MODEL_ADSP_SIZE },
		.sw_id = 1,
	},
};

static const struct pil_board_desc video_desc = {
	.name = "model",
	.peripherals = video_only,
	.peripheral_count = 1,
	.core_count = 2,
};

static int setup_video(void **state)
{
	static struct scenario s;
	struct pil_device device = { 0 };
	struct pil_why why = { 0 };

	signedgen_device(&device);
	s = (struct scenario){ .m = model_new(&video_desc, &device, MODEL_IN_PLACE) };
	*state = &s;
	return s.m ? pil_pas_init(&s.pas, &s.m->board, &pil_crypto_openssl, &why) : -1;
}

static void remote_state_is_the_video_cores(void **state)
{
	struct scenario *s = *state;
	struct pil_scm_call c = { .x = { 0x4200010a, 2, 1, 0 } };

	assert_int_equal(pil_scm_peripheral(&s->pas, &c), 0);
	c.x[3] = 9;
	assert_int_equal(pil_scm_peripheral(&s->pas, &c), PIL_SCM_NO_PERIPHERAL);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0); /* not running */
	assert_int_equal(scenario_start(s, 0, scenario_good()), 0);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), 0, 0, 0, 0);
	assert_true(s->m->core[1].suspended);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), 0, 0, 0, 0);
	assert_false(s->m->core[1].suspended);
	assert_true(logged(s, "video: SET_REMOTE_STATE accepted: resume\n"));
	EXPECT(call(s, 0x4200010a, 2, 2, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 0x100000001, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 1, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 0x100000000, 0, 0), MINUS(2), 0, 0, 0);
	assert_true(logged(s, "scm: SET_REMOTE_STATE refused: SCM_REMOTE_ID: no remote processor has the number 1"));
	model_fail(s->m, 1);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), MINUS(1), 0, 0, 0);
	model_core_crash(s->m, 1);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
}

/* the video driver goes on when resume fails with exactly this */
static void without_power_states_the_driver_gets_einval(void **state)
{
	struct scenario *s = *state;

	s->m->board.core_power = NULL;
	EXPECT(call(s, 0x42000601, 1, 0x0200010a, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x4200010a, 2, 0, 0, 0, 0), MINUS(2), 0, 0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
		TEST(assigned_memory_is_out_of_the_hosts_reach),
		TEST(memory_can_be_shared_and_passed_on),
		TEST(assignments_that_cannot_be_are_refused),
		TEST(machines_named_twice_are_refused),
		TEST(lists_of_an_assignment_are_bounded),
		TEST(what_is_bridged_is_not_given_away_and_the_other_way_round),
		TEST(assignments_run_out_and_come_back),
		TEST(board_that_fails_to_assign_changes_nothing),
		TEST(a_board_without_a_firewall_refuses_assignments),
		TEST(video_windows_are_set_or_refused),
		cmocka_unit_test_setup_teardown(remote_state_is_the_video_cores, setup_video, teardown),
		cmocka_unit_test_setup_teardown(without_power_states_the_driver_gets_einval, setup_video, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

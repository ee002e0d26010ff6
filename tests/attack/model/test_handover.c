/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core and its DMA master run while the SMMU changes hands: every order of events. The machine's states are few enough to try all
 * events in all of them, which is all orders of any length; the machine itself says what must never happen (boards/model/handover.c). And
 * wrong copies of what the shim asks, each of which has to be found out.
 */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

#include "handover.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST	     (1u << 20) /* states */
#define SLOTS	     (MOST * 2)
#define LONGEST	     64u /* events in an order that is told */

/** struct node - a state, and how it was come to */
struct node {
	struct model_handover s;
	uint32_t from;
	uint32_t depth;
	enum model_event event;
};

/** struct slot - a state's key, and its node + 1; 0: free */
struct slot {
	uint64_t key;
	uint32_t node;
};

/**
 * struct search - all states that can be reached
 * @rules:   what the shim asks
 * @allowed: which of the events that can happen do, or NULL: all
 * @judge:   what else must never happen in a step
 */
struct search {
	const struct model_rules *rules;
	bool (*allowed)(const struct model_handover *s, enum model_event event);
	const char *(*judge)(const struct model_handover *before, enum model_event event,
			     const struct model_handover *after);
	uint32_t states;
	uint32_t depth;
	unsigned long steps;
	uint32_t at; /* where it was found broken, and by which event */
	enum model_event by;
	unsigned long crashes, waits, resumed, passed, vanished, refused;
};

static struct node *nodes;
static struct slot *slots;

static int allocate(void **unused)
{
	(void)unused;
	nodes = calloc(MOST, sizeof(*nodes));
	slots = calloc(SLOTS, sizeof(*slots));
	return nodes && slots && model_handover_init() ? 0 : -1;
}

static int release(void **unused)
{
	(void)unused;
	free(nodes);
	free(slots);
	return 0;
}

static void add_state(struct search *t, const struct model_handover *s, uint32_t from, enum model_event event)
{
	uint64_t key = model_handover_key(s);
	uint32_t i = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) % SLOTS;

	for (; slots[i].node; i = (i + 1) % SLOTS)
		if (slots[i].key == key)
			return;
	if (t->states == MOST)
		fail_msg("more than %u states", MOST);
	nodes[t->states] = (struct node){ *s, from, t->states ? nodes[from].depth + 1 : 0, event };
	slots[i] = (struct slot){ key, ++t->states };
	t->depth = nodes[t->states - 1].depth;
}

static void count(struct search *t, const struct model_handover *before, const struct model_handover *after)
{
	t->steps++;
	t->crashes += after->crashed && !before->crashed;
	t->waits += after->waits && !before->waits;
	t->resumed += before->waits && !after->waits && !after->crashed && after->program;
	t->passed += after->passed;
	t->vanished += after->vanished;
	t->refused += after->refused;
}

static const char *try_all(struct search *t, uint32_t at)
{
	for (unsigned int e = 0; e < MODEL_EVENTS; e++) {
		const struct model_handover before = nodes[at].s;
		struct model_handover s = before;
		const char *broken = NULL;

		if (!model_handover_can(&s, (enum model_event)e) ||
		    (t->allowed && !t->allowed(&s, (enum model_event)e)))
			continue;
		broken = model_handover_step(&s, (enum model_event)e, t->rules);
		if (!broken && t->judge)
			broken = t->judge(&before, (enum model_event)e, &s);
		if (broken) {
			t->at = at;
			t->by = (enum model_event)e;
			return broken;
		}
		count(t, &before, &s);
		add_state(t, &s, at, (enum model_event)e);
	}
	return NULL;
}

/* Return: NULL, or what was broken first */
static const char *search(struct search *t, const struct model_handover *start)
{
	const char *broken = NULL;

	memset(slots, 0, SLOTS * sizeof(*slots));
	add_state(t, start, 0, MODEL_EVENTS);
	for (uint32_t at = 0; !broken && at < t->states; at++)
		broken = try_all(t, at);
	return broken;
}

static void tell_order(const struct search *t)
{
	uint32_t order[LONGEST], n = 0;

	for (uint32_t at = t->at; at && n < LONGEST; at = nodes[at].from)
		order[n++] = at;
	while (n--)
		print_message("#   %s\n", model_event_name(nodes[order[n]].event));
	print_message("#   %s\n", model_event_name(t->by));
}

static void expect_holds(struct search *t, const struct model_handover *start)
{
	const char *broken = search(t, start);

	if (broken) {
		tell_order(t);
		fail_msg("%s", broken);
	}
	print_message(
		"# %u states, the farthest after %u events; %lu steps: %lu waits, %lu went on, %lu crashes, %lu transfers "
		"refused, %lu vanished, %lu passed unchecked\n",
		t->states, t->depth, t->steps, t->waits, t->resumed, t->crashes, t->refused, t->vanished, t->passed);
}

/* --- any host --- */

static void every_order_of_what_any_host_does(bool aborts)
{
	const struct model_handover nothing = { .aborts = aborts };
	struct search t = { .rules = &model_rules };

	expect_holds(&t, &nothing);
	assert_true(t.steps > 100000);
	assert_true(t.waits > 0 && t.resumed > 0 && t.crashes > 0 && t.refused > 0);
	assert_int_equal(t.passed > 0, !aborts);
}

static void every_order_of_what_any_host_does_holds(void **unused)
{
	(void)unused;
	every_order_of_what_any_host_does(false);
}

static void every_order_of_what_any_host_does_holds_where_an_smmu_that_is_off_aborts(void **unused)
{
	(void)unused;
	every_order_of_what_any_host_does(true);
}

/* --- a host that does as Linux does --- */

/* lite runs, and its streams have the whole of their grants: from the boot stage, or from the Linux before this one */
static struct model_handover lite_runs(void)
{
	return (struct model_handover){
		.on = true,
		.aborts = true,
		.core = MODEL_E_ALL,
		.master = MODEL_E_ALL,
		.program = MODEL_LITE,
		.bus = true,
		.reached = true,
		.h = { .had_table = true },
		.lately = 0xf,
	};
}

/*
 * It switches the SMMU off when it goes, without a word; and when it comes it announces itself, and does nothing before it is
 * answered. Then it switches it off and on with a new table, whose entries only ever get better. It starts a program when all is mapped, and
 * the program keeps to its grants.
 */
static bool is_orderly(const struct model_handover *s, enum model_event event)
{
	bool has_set_up = !s->between && !s->announced;

	if (event == MODEL_ON_SAME || event == MODEL_TRANSFER_HOST || event == MODEL_ACCESS + MODEL_P_HOST)
		return false;
	if (event == MODEL_ACCESS + MODEL_P_LITE)
		return s->program == MODEL_LITE;
	if (event == MODEL_ACCESS + MODEL_P_FULL)
		return s->program == MODEL_FULL;
	if (event < MODEL_TICK && s->announced)
		return false;
	if (event == MODEL_ON_NEW)
		return !s->program || (s->lost && !s->surprise);
	if (event >= MODEL_SET_CORE && event < MODEL_SHUTDOWN)
		return s->on && (!s->program || s->lost) && has_set_up &&
		       (event < MODEL_SET_MASTER
				? event - MODEL_SET_CORE > s->core && event != MODEL_SET_CORE + MODEL_E_ASTRAY
				: event - MODEL_SET_MASTER > s->master);
	if (event == MODEL_START_LITE || event == MODEL_START_FULL)
		return s->on && s->core == MODEL_E_ALL && s->master == MODEL_E_ALL;
	return true;
}

static const char *no_harm(const struct model_handover *before, enum model_event event,
			   const struct model_handover *after)
{
	(void)event;
	/* before its first access it has had no owner: docs/DESIGN.md, "Handover" */
	if (after->crashed && before->reached)
		return "a core was crashed that kept to its grants, and whose host kept to the rules";
	if (after->refused)
		return "a transfer within the grants was refused: an event";
	/* the window: the SMMU was switched off without a word, and there was no tick since */
	if ((after->vanished || after->passed) && (before->on || !before->surprise))
		return "a transfer was lost outside of the window";
	return NULL;
}

static void linux_that_comes_and_goes_harms_nothing(bool aborts)
{
	struct model_handover start = lite_runs();
	struct search t = { .rules = &model_rules, .allowed = is_orderly, .judge = no_harm };

	start.aborts = aborts;
	expect_holds(&t, &start);
	assert_true(t.waits > 0 && t.resumed > 0);
	assert_true(aborts ? t.vanished > 0 && !t.passed : t.passed > 0 && !t.vanished);
}

static void linux_that_comes_and_goes_harms_nothing_holds(void **unused)
{
	(void)unused;
	linux_that_comes_and_goes_harms_nothing(false);
	linux_that_comes_and_goes_harms_nothing(true);
}

/* it only ever comes after having been announced: a first start, or a kexec whose old kernel left the SMMU on */
static bool is_announced(const struct model_handover *s, enum model_event event)
{
	return is_orderly(s, event) && (event != MODEL_OFF || (s->lost && !s->surprise));
}

static const char *no_loss(const struct model_handover *before, enum model_event event,
			   const struct model_handover *after)
{
	const char *harm = no_harm(before, event, after);

	if (!harm && (after->vanished || after->passed))
		harm = "a transfer was lost although the new owner had announced itself";
	return harm;
}

static void a_host_that_announces_itself_cuts_no_transfer(void **unused)
{
	const struct model_handover start = lite_runs();
	struct search t = { .rules = &model_rules, .allowed = is_announced, .judge = no_loss };

	(void)unused;
	expect_holds(&t, &start);
	assert_true(t.waits > 0 && t.resumed > 0);
}

/* --- a host that dies: from every state, nothing more of it --- */

static bool is_not_the_hosts(const struct model_handover *s, enum model_event event)
{
	(void)s;
	return event >= MODEL_TICK;
}

static void a_host_that_dies_changes_nothing(void **unused)
{
	const struct model_handover start = lite_runs();
	struct search t = { .rules = &model_rules, .allowed = is_not_the_hosts };

	(void)unused;
	expect_holds(&t, &start);
	assert_int_equal(t.waits, 0);
	assert_int_equal(t.refused + t.passed + t.vanished, 0);
}

static void a_host_that_dies_in_a_handover_leaves_the_core_waiting(void **unused)
{
	struct model_handover start = lite_runs();
	struct search t = { .rules = &model_rules, .allowed = is_not_the_hosts };

	(void)unused;
	start.on = false;
	start.surprise = true;
	expect_holds(&t, &start);
	assert_true(t.waits > 0);
	assert_int_equal(t.resumed + t.crashes, 0);
}

/* --- one order in full, as a person would write it down --- */

static void happens(struct model_handover *s, enum model_event event)
{
	const char *broken = NULL;

	assert_true(model_handover_can(s, event));
	broken = model_handover_step(s, event, &model_rules);
	if (broken)
		fail_msg("%s: %s", model_event_name(event), broken);
}

static void a_transfer_that_was_cut_off_is_begun_anew(void **unused)
{
	struct model_handover s = lite_runs();

	(void)unused;
	happens(&s, MODEL_TRANSFER_OWN);
	happens(&s, MODEL_OFF);
	happens(&s, MODEL_TICK);
	assert_false(s.bus);
	happens(&s, MODEL_TRANSFER_ENDS);
	assert_int_equal(s.cut, MODEL_TO_OWN);
	happens(&s, MODEL_ACCESS + MODEL_P_LITE);
	assert_int_equal(s.waits, MODEL_P_LITE + 1);
	happens(&s, MODEL_ON_NEW);
	happens(&s, MODEL_TICK);
	happens(&s, MODEL_SET_CORE + MODEL_E_ALL);
	happens(&s, MODEL_TICK); /* the core goes on with its own memory, and its master's registers are not there */
	assert_int_equal(s.waits, 0);
	happens(&s, MODEL_ACCESS + MODEL_P_REGISTERS);
	assert_int_equal(s.waits, MODEL_P_REGISTERS + 1);
	happens(&s, MODEL_SET_MASTER + MODEL_E_ALL);
	happens(&s, MODEL_TICK);
	assert_int_equal(s.waits, 0);
	assert_true(s.bus);
	assert_int_equal(s.transfer, MODEL_TO_OWN);
	happens(&s, MODEL_TRANSFER_ENDS);
	assert_false(s.vanished || s.refused || s.passed);
	happens(&s, MODEL_ACCESS + MODEL_P_HOST);
	assert_true(s.crashed); /* it has an owner again */
}

/* --- wrong copies --- */

static void announce_unheard(struct pil_handover *h, const struct pil_smmu_regs *regs)
{
	(void)h;
	(void)regs;
}

static void look_away(struct pil_handover *h, const struct pil_smmu_regs *regs)
{
	(void)h;
	(void)regs;
}

static enum pil_verdict never_wait(struct pil_handover *h, enum pil_reason reason)
{
	return pil_handover_access(h, reason) == PIL_GO ? PIL_GO : PIL_FAULT;
}

static enum pil_verdict always_wait(struct pil_handover *h, enum pil_reason reason)
{
	bool had_table = h->had_table;
	enum pil_verdict verdict = pil_handover_access(h, reason);

	return had_table && verdict == PIL_FAULT ? PIL_WAIT : verdict;
}

static enum pil_verdict wait_for_the_first(struct pil_handover *h, enum pil_reason reason)
{
	h->had_table = true;
	return pil_handover_access(h, reason);
}

static enum pil_verdict abort_is_a_table(struct pil_handover *h, enum pil_reason reason)
{
	return pil_handover_access(h, reason == PIL_R_SMMU_STE_CONFIG ? PIL_R_MMU_TRANSLATION : reason);
}

static bool never_rest(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table)
{
	(void)h;
	(void)regs;
	(void)has_table;
	return false;
}

static bool rest_only_when_off(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table)
{
	(void)has_table;
	return !h->master_held && !(regs->cr0 & 1);
}

static bool rest_only_without_table(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool has_table)
{
	(void)regs;
	return !h->master_held && regs->cr0 & 1 && h->between && !has_table;
}

static bool resume_unmapped(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped)
{
	(void)mapped;
	return pil_handover_resumes(h, regs, true);
}

static bool resume_with_the_old_table(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped)
{
	return h->master_held && regs->cr0 & 1 && mapped;
}

static bool never_resume(const struct pil_handover *h, const struct pil_smmu_regs *regs, bool mapped)
{
	(void)h;
	(void)regs;
	(void)mapped;
	return false;
}

static bool settle_unmapped(struct pil_handover *h, bool mapped)
{
	(void)mapped;
	return pil_handover_settle(h, true);
}

static bool never_settle(struct pil_handover *h, bool mapped)
{
	(void)h;
	(void)mapped;
	return false;
}

/** struct wrong - a copy with one mistake (members that are NULL are right), and what the search has to say to it */
struct wrong {
	const char *mistake;
	struct model_rules rules;
	const char *found;
};

static const struct wrong wrongs[] = {
	{ "an announcement is not heard",
	  { .announce = announce_unheard },
	  "the new owner was told to go on while the master has the bus" },
	{ "registers are not looked at",
	  { .look = look_away },
	  "the master has the bus while the SMMU is off, after a tick" },
	{ "the core never waits", { .access = never_wait }, "a core was crashed while its stream had no table" },
	{ "the core always waits", { .access = always_wait }, "a core waits whose stream has an owner: for ever" },
	{ "the core waits for its first table",
	  { .access = wait_for_the_first },
	  "a core waits that was never mapped: its owner's mistake stays hidden" },
	{ "an entry that aborts counts as a table",
	  { .access = abort_is_a_table },
	  "a core was crashed while its stream had no table" },
	{ "the master never rests",
	  { .rests = never_rest },
	  "the master has the bus while the SMMU is off, after a tick" },
	{ "the master rests only with the SMMU off",
	  { .rests = rest_only_when_off },
	  "the new owner was told to go on while the master has the bus" },
	{ "the master rests only without a table",
	  { .rests = rest_only_without_table },
	  "the master has the bus while the SMMU is off, after a tick" },
	{ "the master resumes before it is mapped",
	  { .resumes = resume_unmapped },
	  "the master has the bus before the new owner has mapped its grants" },
	{ "the master resumes with the old table",
	  { .resumes = resume_with_the_old_table },
	  "the master has the bus before the new owner has set the SMMU up" },
	{ "the master never resumes", { .resumes = never_resume }, "a core waits whose stream has an owner: for ever" },
	{ "a handover ends before all is mapped",
	  { .settle = settle_unmapped },
	  "the master has the bus in a handover, after a tick, and its stream no table" },
	{ "a handover never ends", { .settle = never_settle }, "a core waits whose stream has an owner: for ever" },
	{ "the shim does not forget at a tick",
	  { .keeps_shadow = true },
	  "the core reached a page that was unmapped before the last tick" },
	{ "the master's registers stay while it rests",
	  { .keeps_registers = true },
	  "a transfer was begun while the master rests: it would be lost" },
	{ "a transfer that was cut off is not begun anew",
	  { .forgets_transfer = true },
	  "a transfer under way when the master had to rest is lost" },
	{ "a core that crashes leaves its master the bus",
	  { .leaves_bus = true },
	  "the master of a core that crashed has the bus, and nobody ticks" },
	{ "grants are not looked at", { .ignores_grants = true }, "the core reached what it was never granted" },
	{ "a transfer is let end whatever happens",
	  { .looks_away = true },
	  "a transfer ended with the SMMU off, and that since before the last tick" },
};

static struct model_rules complete(struct model_rules r)
{
	r.announce = r.announce ? r.announce : pil_handover_announce;
	r.look = r.look ? r.look : pil_handover_look;
	r.access = r.access ? r.access : pil_handover_access;
	r.rests = r.rests ? r.rests : pil_handover_rests;
	r.resumes = r.resumes ? r.resumes : pil_handover_resumes;
	r.settle = r.settle ? r.settle : pil_handover_settle;
	return r;
}

static void every_mistake_is_found(void **unused)
{
	const struct model_handover nothing = { .aborts = false };

	(void)unused;
	for (unsigned int i = 0; i < COUNT(wrongs); i++) {
		const struct model_rules rules = complete(wrongs[i].rules);
		struct search t = { .rules = &rules };
		const char *broken = search(&t, &nothing);

		if (!broken)
			fail_msg("%s: not found in %u states", wrongs[i].mistake, t.states);
		print_message("# %s: found after %u events\n", wrongs[i].mistake, nodes[t.at].depth + 1);
		assert_string_equal(broken, wrongs[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_of_what_any_host_does_holds),
		cmocka_unit_test(every_order_of_what_any_host_does_holds_where_an_smmu_that_is_off_aborts),
		cmocka_unit_test(linux_that_comes_and_goes_harms_nothing_holds),
		cmocka_unit_test(a_host_that_announces_itself_cuts_no_transfer),
		cmocka_unit_test(a_host_that_dies_changes_nothing),
		cmocka_unit_test(a_host_that_dies_in_a_handover_leaves_the_core_waiting),
		cmocka_unit_test(a_transfer_that_was_cut_off_is_begun_anew),
		cmocka_unit_test(every_mistake_is_found),
	};

	return cmocka_run_group_tests(tests, allocate, release);
}

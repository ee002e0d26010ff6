/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine: what each event does, and what it must not do. The shim's part follows boards/virt/shim/handover.c. */
#include "handover.h"

#include "handover_tables.h"

const struct model_rules model_rules = {
	.announce = pil_handover_announce,
	.look = pil_handover_look,
	.access = pil_handover_access,
	.rests = pil_handover_rests,
	.resumes = pil_handover_resumes,
	.settle = pil_handover_settle,
};

/** struct step - a state, on its way to the next one */
struct step {
	struct model_handover *s;
	const struct model_rules *rules;
	const char *violation;
};

static void never(struct step *t, bool happened, const char *what)
{
	if (happened && !t->violation)
		t->violation = what;
}

static uint8_t bit(unsigned int page)
{
	return (uint8_t)(1u << page);
}

static uint8_t own_page(const struct model_handover *s)
{
	return s->program == MODEL_FULL ? MODEL_P_FULL : MODEL_P_LITE;
}

/* as a shim asks it: all that is granted, each page to itself */
static bool maps_grants(const struct model_handover *s, bool of_master)
{
	uint8_t entry = of_master ? s->master : s->core;

	for (uint8_t page = 0; page < MODEL_PAGES; page++) {
		struct model_answer a = model_ask(s->on, entry, page);

		if (model_is_granted(s->program, of_master, page) && (a.reason != PIL_R_NONE || a.page != page))
			return false;
	}
	return true;
}

static bool maps_all(const struct model_handover *s)
{
	return maps_grants(s, false) && maps_grants(s, true);
}

static uint8_t mapped_pages(const struct model_handover *s)
{
	uint8_t pages = 0;

	for (uint8_t page = 0; page < MODEL_PAGES; page++)
		if (model_ask(s->on, s->core, page).reason == PIL_R_NONE)
			pages |= bit(page);
	return pages;
}

/* the end of the program; the shim does not tick any more, so its master must be off the bus now */
static void crash(struct step *t)
{
	struct model_handover *s = t->s;

	s->crashed = true;
	s->announced = false;
	s->ending = false;
	s->waits = 0;
	s->starts = MODEL_NO_TRANSFER;
	s->shadow = 0;
	if (t->rules->leaves_bus)
		return;
	s->bus = false;
	s->transfer = MODEL_NO_TRANSFER;
	s->cut = MODEL_NO_TRANSFER;
}

static void begin_transfer(struct step *t, uint8_t transfer)
{
	never(t, !t->s->bus, "a transfer was begun while the master rests: it would be lost");
	if (!t->s->transfer)
		t->s->transfer = transfer;
}

/* why the page is not the core's; PIL_R_NONE: it is */
static enum pil_reason find(const struct step *t, uint8_t page, uint8_t *to)
{
	const struct model_handover *s = t->s;
	struct model_answer a = model_ask(s->on, s->core, page);

	*to = a.page;
	if (a.reason != PIL_R_NONE)
		return a.reason;
	if (!t->rules->ignores_grants && !model_is_granted(s->program, false, a.page))
		return PIL_R_STREAM_RANGE;
	if (page == MODEL_P_REGISTERS && s->h.master_held && !t->rules->keeps_registers)
		return PIL_R_STREAM_MASTER_HELD;
	return PIL_R_NONE;
}

static void core_reaches(struct step *t, uint8_t page, uint8_t to)
{
	struct model_handover *s = t->s;

	(void)t->rules->access(&s->h, PIL_R_NONE);
	never(t, !model_is_granted(s->program, false, to), "the core reached what it was never granted");
	s->reached = true;
	s->shadow |= bit(page);
}

static void judge_wait(struct step *t)
{
	struct model_handover *s = t->s;

	never(t, !s->reached, "a core waits that was never mapped: its owner's mistake stays hidden");
	never(t, !s->lost, "a core waits whose stream has an owner: for ever");
}

static void judge_fault(struct step *t)
{
	struct model_handover *s = t->s;

	never(t, s->reached && !model_has_table(s->on, s->core), "a core was crashed while its stream had no table");
	never(t, s->reached && s->lost, "a core was crashed in the middle of a handover");
}

/* Return: whether the program goes on */
static bool access(struct step *t, uint8_t page, uint8_t starts)
{
	struct model_handover *s = t->s;
	uint8_t to = 0;
	enum pil_reason reason = PIL_R_NONE;

	never(t, s->shadow & bit(page) & ~s->lately, "the core reached a page that was unmapped before the last tick");
	if (!(s->shadow & bit(page)))
		reason = find(t, page, &to);
	if (reason == PIL_R_NONE) {
		if (!(s->shadow & bit(page)))
			core_reaches(t, page, to);
		if (starts)
			begin_transfer(t, starts);
		return true;
	}
	if (s->reached && !model_has_table(s->on, s->core))
		s->lost = true;
	if (t->rules->access(&s->h, reason) == PIL_WAIT) {
		judge_wait(t);
		s->waits = (uint8_t)(page + 1);
		s->starts = starts;
		return false;
	}
	judge_fault(t);
	crash(t);
	return false;
}

static void let_master_rest(struct step *t)
{
	struct model_handover *s = t->s;

	s->cut = t->rules->forgets_transfer ? (uint8_t)MODEL_NO_TRANSFER : s->transfer;
	s->bus = false;
	s->h.master_held = true;
	s->shadow = 0;
}

/* what was cut off has run to its end by then, with nothing moved */
static void give_master_the_bus(struct step *t)
{
	struct model_handover *s = t->s;

	s->h.master_held = false;
	s->bus = true;
	s->transfer = s->cut;
	s->cut = MODEL_NO_TRANSFER;
}

static void judge_tick(struct step *t, bool announced)
{
	struct model_handover *s = t->s;

	never(t, s->bus && !s->on, "the master has the bus while the SMMU is off, after a tick");
	never(t, s->bus && announced, "the new owner was told to go on while the master has the bus");
	never(t, s->bus && s->between, "the master has the bus before the new owner has set the SMMU up");
	never(t, s->bus && s->lost && !model_has_table(s->on, s->master),
	      "the master has the bus in a handover, after a tick, and its stream no table");
}

static void end_tick(struct step *t)
{
	struct model_handover *s = t->s;
	bool announced = s->announced;
	bool complete = s->on && !s->between && maps_all(s);
	uint8_t waits = s->waits, starts = s->starts;

	s->announced = false;
	if (s->h.between && !s->h.expecting && !s->h.master_held)
		(void)t->rules->settle(&s->h, maps_all(s));
	judge_tick(t, announced);
	s->surprise = false;
	s->lost = s->lost && !complete;
	s->lately = mapped_pages(s);
	if (!waits)
		return;
	s->waits = 0;
	s->starts = MODEL_NO_TRANSFER;
	(void)access(t, (uint8_t)(waits - 1), starts);
	never(t, s->waits && complete, "a core still waits after a tick that found everything mapped");
}

static void note_owner(struct model_handover *s)
{
	if (s->announced) {
		s->between = true;
		s->seen_on = s->on;
		s->seen_base = s->base;
	}
	if (s->between && (s->seen_on != s->on || s->seen_base != s->base))
		s->between = false;
	if (s->announced || !s->on)
		s->lost = true;
}

/* a transfer is let end: but not when another of the host's CPUs switches the SMMU off meanwhile */
static void look_on(struct step *t)
{
	struct model_handover *s = t->s;

	if (s->on || t->rules->looks_away) {
		s->surprise = s->surprise && s->on;
		return;
	}
	s->ending = false;
	let_master_rest(t);
	end_tick(t);
}

static void tick(struct step *t)
{
	struct model_handover *s = t->s;
	const struct pil_smmu_regs regs = model_regs(s->on, s->base);

	if (s->ending) {
		look_on(t);
		return;
	}
	if (!t->rules->keeps_shadow)
		s->shadow = 0;
	note_owner(s);
	if (s->announced)
		t->rules->announce(&s->h, &regs);
	t->rules->look(&s->h, &regs);
	if (s->h.between && t->rules->rests(&s->h, &regs, model_has_table(s->on, s->master))) {
		s->ending = s->announced && s->on && s->transfer;
		if (s->ending)
			return; /* until the transfer has ended */
		let_master_rest(t);
	} else if (s->h.between && s->h.master_held && t->rules->resumes(&s->h, &regs, maps_grants(s, true))) {
		never(t, !s->on || !maps_grants(s, true),
		      "the master has the bus before the new owner has mapped its grants");
		give_master_the_bus(t);
	}
	end_tick(t);
}

static void arrive(struct step *t, uint8_t transfer)
{
	struct model_handover *s = t->s;
	uint8_t page = transfer == MODEL_TO_OWN ? own_page(s) : (uint8_t)MODEL_P_HOST;
	struct model_answer a = model_ask(s->on, s->master, page);

	if (!s->bus)
		return; /* it is begun anew, see model_handover_step() */
	if (!s->on) {
		never(t, !s->surprise, "a transfer ended with the SMMU off, and that since before the last tick");
		s->passed = !s->aborts;
		s->vanished = s->aborts && transfer == MODEL_TO_OWN;
		return;
	}
	if (a.reason == PIL_R_NONE) {
		never(t, !model_is_granted(s->program, true, a.page), "the master reached what it was never granted");
		return;
	}
	if (transfer != MODEL_TO_OWN)
		return;
	s->refused = true;
	s->vanished = true;
}

static void transfer_ends(struct step *t)
{
	struct model_handover *s = t->s;
	uint8_t transfer = s->transfer;

	s->transfer = MODEL_NO_TRANSFER;
	arrive(t, transfer);
	if (!s->ending)
		return;
	s->ending = false;
	let_master_rest(t);
	end_tick(t);
}

/* the service has held the core and stopped the master: nothing of what was under way lands any more */
static void shut_down(struct model_handover *s)
{
	*s = (struct model_handover){
		.on = s->on, .base = s->base, .aborts = s->aborts, .core = s->core, .master = s->master
	};
}

static void start(struct model_handover *s, enum model_program program)
{
	s->program = (uint8_t)program;
	s->bus = true;
	s->surprise = true; /* there was no tick yet */
	s->lately = mapped_pages(s);
}

static void host_acts(struct model_handover *s, enum model_event event)
{
	if (event == MODEL_OFF || event == MODEL_ON_SAME)
		s->on = event == MODEL_ON_SAME;
	if (event == MODEL_ON_NEW) {
		s->on = true;
		s->base = !s->base;
		s->core = MODEL_E_INVALID;
		s->master = MODEL_E_INVALID;
	}
	if (event >= MODEL_SET_CORE && event < MODEL_SET_MASTER)
		s->core = (uint8_t)(event - MODEL_SET_CORE);
	if (event >= MODEL_SET_MASTER)
		s->master = (uint8_t)(event - MODEL_SET_MASTER);
	if (!s->program)
		return;
	s->surprise = true;
	s->lately |= mapped_pages(s);
}

static void happen(struct step *t, enum model_event event)
{
	struct model_handover *s = t->s;

	if (event == MODEL_ANNOUNCE)
		s->announced = true;
	else if (event < MODEL_SHUTDOWN)
		host_acts(s, event);
	else if (event == MODEL_SHUTDOWN)
		shut_down(s);
	else if (event <= MODEL_START_FULL)
		start(s, event == MODEL_START_FULL ? MODEL_FULL : MODEL_LITE);
	else if (event == MODEL_TICK)
		tick(t);
	else if (event < MODEL_TRANSFER_OWN)
		(void)access(t, (uint8_t)(event - MODEL_ACCESS), MODEL_NO_TRANSFER);
	else if (event <= MODEL_TRANSFER_HOST)
		(void)access(t, MODEL_P_REGISTERS, event == MODEL_TRANSFER_OWN ? MODEL_TO_OWN : MODEL_TO_HOST);
	else
		transfer_ends(t);
}

const char *model_handover_step(struct model_handover *s, enum model_event event, const struct model_rules *rules)
{
	struct step t = { s, rules, NULL };

	s->refused = false;
	s->passed = false;
	s->vanished = false;
	happen(&t, event);
	never(&t, s->transfer && !s->bus && s->cut != s->transfer,
	      "a transfer under way when the master had to rest is lost");
	never(&t, s->crashed && s->bus, "the master of a core that crashed has the bus, and nobody ticks");
	return t.violation;
}

bool model_handover_can(const struct model_handover *s, enum model_event event)
{
	bool runs = s->program && !s->crashed && !s->ending;

	switch (event) {
	case MODEL_ANNOUNCE:
		return s->program && !s->crashed && !s->announced;
	case MODEL_OFF:
		return s->on;
	case MODEL_ON_SAME:
	case MODEL_ON_NEW:
		return !s->on;
	case MODEL_SHUTDOWN:
		return s->program;
	case MODEL_START_LITE:
	case MODEL_START_FULL:
		return !s->program;
	case MODEL_TICK:
		return s->program && !s->crashed;
	case MODEL_TRANSFER_ENDS:
		return s->transfer;
	default:
		break;
	}
	if (event < MODEL_SET_MASTER)
		return s->core != event - MODEL_SET_CORE;
	/* the master's own table is its owner's word alone: no shim looks at where it leads */
	if (event < MODEL_SHUTDOWN)
		return s->master != event - MODEL_SET_MASTER && event != MODEL_SET_MASTER + MODEL_E_ASTRAY;
	return runs && !s->waits;
}

static uint64_t add(uint64_t key, uint64_t value, unsigned int bits)
{
	return key << bits | value;
}

/* two tables differ only in not being the same: which one is in use says nothing by itself */
uint64_t model_handover_key(const struct model_handover *s)
{
	const bool seen_same = s->h.seen.strtab_base == model_regs(true, s->base).strtab_base;
	uint64_t key = 0;

	key = add(key, s->on | s->aborts << 1 | s->crashed << 2 | s->announced << 3 | s->ending << 4 | s->bus << 5, 6);
	key = add(key, s->core | s->master << 3 | s->program << 6, 8);
	key = add(key, s->waits | s->starts << 3, 5);
	key = add(key, s->shadow | s->lately << 5, 10);
	key = add(key, s->transfer | s->cut << 2, 4);
	key = add(key, s->h.had_table | s->h.between << 1 | s->h.expecting << 2 | s->h.master_held << 3, 4);
	key = add(key, s->h.expecting ? (s->h.seen.cr0 & 1) | (unsigned int)seen_same << 1 : 0, 2);
	key = add(key, s->reached | s->lost << 1 | s->between << 2 | s->surprise << 3, 4);
	return add(key, s->between ? s->seen_on | (unsigned int)(s->seen_base == s->base) << 1 : 0, 2);
}

const char *model_event_name(enum model_event event)
{
	static const char *const names[MODEL_EVENTS] = {
		"the host announces itself",
		"SMMU off",
		"SMMU on again",
		"SMMU on with a new table",
		"core's entry invalid",
		"core's entry aborts",
		"core's table empty",
		"core's table maps a part",
		"core's table maps all",
		"core's table leads astray",
		"master's entry invalid",
		"master's entry aborts",
		"master's table empty",
		"master's table maps a part",
		"master's table maps all",
		"master's table leads astray",
		"SHUTDOWN",
		"start of lite",
		"start of full",
		"tick",
		"access to what both are granted",
		"access to what lite is granted",
		"access to what full is granted",
		"access to the master's registers",
		"access to the host's memory",
		"transfer begins",
		"transfer to the host's memory begins",
		"transfer ends",
	};

	return (unsigned int)event < MODEL_EVENTS ? names[event] : "?";
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* All attacks, one after the other; the machine is switched off at the end. */
#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"
#include "stacks.h"

/* no address: a call with it is refused, and its number is on the secure log */
#define MARK UINT64_C(0xa77ac00000000000)

/* nothing is there on this machine: an access of a hypervisor's host is stopped, and its address is on the secure log */
#define MARK_HOLE UINT64_C(0x0c000000)

static const struct attack_family families[] = {
	{ "pointers", pointer_attacks },
	{ "lengths", length_attacks },
	{ "races", race_attacks },
	{ "sessions", session_attacks },
	{ "states", state_attacks },
	{ "images", image_attacks },
	{ "secrets", secret_attacks },
	{ "power", power_attacks },
	{ "interrupts", interrupt_attacks },
	{ "dma", dma_attacks },
	{ "streams", stream_attacks },
	{ "sysregs", sysreg_attacks },
	{ "exhaustion", exhaustion_attacks },
	{ "peripherals", peripheral_attacks },
	{ "el1", el1_attacks },
	{ "memory", memory_attacks },
	{ "granules", granule_attacks },
	{ "units", unit_attacks },
	{ "confined", confined_attacks },
	{ "handover", handover_attacks },
	{ "bridges", bridge_attacks },
	{ "counters", counter_attacks },
	{ "trace", trace_attacks },
	{ "guest", guest_attacks },
	{ "hidden", hidden_attacks },
	{ "guest-gic", gic_attacks },
};

/** struct lack - what this host does not have, and so cannot attack with */
static const struct lack {
	unsigned int what;
	bool in_guest;
	const char *reason;
} lacks[] = {
	{ HOST_SMMU, true, "the SMMU is the hypervisor's: this host has no tables to lead a core astray with" },
	{ HOST_CALLS, true, "its calls are the hypervisor's own: NOT SUPPORTED for this host" },
	{ HOST_EL2, true, "it is made with what EL2 has, and this host is at EL1" },
	{ HOST_FW_CFG, true, "fw_cfg is not on the list of what this host has" },
	{ HOST_HYPERVISOR, false, "nobody is above this host" },
};

#define PROGRESS_MAGIC UINT64_C(0x6e65787470686173)

#define FAMILIES (sizeof(families) / sizeof(families[0]))

static const char *skipped;

/**
 * struct progress - where the attacks are, in memory that outlives a reset of the machine; zero when it is switched on
 * @magic:  PROGRESS_MAGIC while an attack waits for the machine to come back
 * @number: which
 * @phase:  resets since it began
 */
struct progress {
	uint64_t magic, number, phase;
};

static volatile struct progress *const progress = (volatile struct progress *)ATTACK_PROGRESS;
static struct progress now;
static unsigned int accepted_before;

/* Return: why the attack is left out where this host is, or NULL */
static const char *left_out(const struct attack *a)
{
	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (a->needs & lacks[i].what && lacks[i].in_guest == is_guest())
			return lacks[i].reason;
	return NULL;
}

static void say(const char *first, const char *second)
{
	print(first);
	print(second);
	print("\n");
}

void log_counts(const char *expression, unsigned int least, unsigned int most)
{
	print("log ");
	print_dec(least);
	print(" ");
	print_dec(most);
	say(" ", expression);
}

void log_has(const char *expression)
{
	log_counts(expression, 1, INT32_MAX);
}

void log_lacks(const char *expression)
{
	log_counts(expression, 0, 0);
}

bool skip(const char *reason)
{
	skipped = reason;
	return true;
}

unsigned int host_cpus(void)
{
	unsigned int n = 1;

	while (n < PAYLOAD_CPUS && psci_affinity_info(n) != PSCI_INVALID_PARAMETERS)
		n++;
	return n;
}

bool all_zero(const char *what, uint64_t from, uint64_t size)
{
	uint64_t at = 0;

	for (at = from; at < from + size; at += 8)
		if (*(const volatile uint64_t *)at)
			break;
	return same(what, (int64_t)at, (int64_t)(from + size));
}

bool flow(void)
{
	return place_image(SMALL) && same("AUTH_AND_RESET", pas_auth(), 0) && same("SHUTDOWN", pas_shutdown(), 0);
}

static bool mark(uint64_t number)
{
	struct scm_call c = { 0 };
	uint64_t value = 0;

	if (is_guest())
		return same("the mark on the secure log", try_read(MARK_HOLE + 8 * number, &value), false);
	prepare_table(&c, MARK + 8 * number, 0, 0);
	return same("the mark on the secure log", scm_complete(&c), PIL_SCM_EADDR);
}

/* whatever an attack leaves behind must not reach the next one, and the secure world goes on */
static bool put_to_rest(void)
{
	unsigned int i = 0;
	bool good = true;

	timer_take();
	for (i = 1; i < host_cpus(); i++)
		good = same("a CPU that was switched off", psci_affinity_info(i), PSCI_OFF) && good;
	good = same("SHUTDOWN after the attack", pas_shutdown(), 0) && good;
	return same("the door answers after the attack", door_answers(), true) && good;
}

static bool nothing_leaked(void)
{
	static unsigned int before;
	struct scm_watch w = scm_watch_sum();
	bool good = same("answers that say too much", w.leaks, before);
	unsigned int i = 0;

	for (i = 0; !good && i < 8; i++) {
		print("# a register: ");
		print_hex(w.first.x[i]);
		print("\n");
	}
	before = w.leaks;
	return good;
}

unsigned int phase(void)
{
	return (unsigned int)now.phase;
}

static void say_accepted(void)
{
	print("accepted ");
	print_dec(scm_watch_sum().accepted - accepted_before);
	print("\n");
}

void reset_machine(void)
{
	if (nothing_leaked())
		say_accepted();
	progress->number = now.number;
	progress->phase = now.phase + 1;
	progress->magic = PROGRESS_MAGIC;
	psci_system_reset();
}

static bool announce(const struct attack_family *family, const struct attack *a)
{
	print("attack ");
	print(family->name);
	say(" ", a->name);
	say("must ", a->must);
	if (a->needs & NEEDS_LOCK)
		print("needs LOCK\n");
	if (a->needs & NEEDS_FAULTS)
		print("needs FAULTS\n");
	if (a->needs & NEEDS_SECURE)
		print("needs SECURE\n");
	return mark(2 * now.number);
}

static void run(const struct attack_family *family, const struct attack *a)
{
	bool good = true;

	accepted_before = scm_watch_sum().accepted;
	skipped = NULL;
	if (!now.phase)
		good = announce(family, a);
	good = a->run() && good;
	good = put_to_rest() && good;
	good = nothing_leaked() && good;
	good = mark(2 * now.number + 1) && good;
	say_accepted();
	say("end ", !good ? "failed" : skipped ? "skipped" : "passed");
	if (skipped)
		say("reason ", skipped);
}

static bool chosen(size_t family)
{
	uint32_t set = *(const volatile uint32_t *)ATTACK_FAMILIES;

	return !set || set & 1u << family;
}

static void list_one(const struct attack_family *family, const struct attack *a)
{
	const char *reason = left_out(a);

	print(reason ? "left " : "list ");
	if (reason) {
		print(family->name);
		print(" ");
	}
	print(a->name);
	say(reason ? " " : "", reason ? reason : "");
}

/* what the program does not come to is missed */
static void list_all(void)
{
	const struct attack *a = NULL;
	size_t i = 0;

	for (i = 0; i < FAMILIES; i++) {
		say("family ", families[i].name);
		for (a = families[i].attacks; chosen(i) && a->name; a++)
			list_one(&families[i], a);
	}
}

/* from the one that waited for a reset on, if there is one */
static void run_all(void)
{
	struct progress left = *progress;
	const struct attack *a = NULL;
	uint64_t number = 0;
	size_t i = 0;

	if (left.magic != PROGRESS_MAGIC) {
		left = (struct progress){ 0 };
		list_all();
	}
	progress->magic = 0;
	for (i = 0; i < FAMILIES; i++) {
		for (a = families[i].attacks; chosen(i) && a->name; a++) {
			if (left_out(a) || number++ < left.number)
				continue;
			now = (struct progress){ .number = number - 1 };
			now.phase = now.number == left.number ? left.phase : 0;
			run(&families[i], a);
		}
	}
}

void payload_main(uint64_t tree)
{
	uart_init();
	timer_init();
	if (started_as_a_host(tree)) {
		run_all();
		print("attack: done\n");
	}
	psci_system_off();
}

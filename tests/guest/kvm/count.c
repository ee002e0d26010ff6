/* SPDX-License-Identifier: BSD-2-Clause */
/* The counting program (start.S) in a virtual machine: every word that it reports is checked. */
#include "kvm.h"
#include "user.h"

/* Linux's include/uapi/asm-generic/unistd.h */
#define NR_faccessat 48
#define AT_FDCWD     (-100)

#define MEMORY	    0x10000u
#define CURRENT_EL1 4u

extern const uint8_t counting[], counting_end[];

/* the same as the machine's program does */
static uint64_t after_a_round(uint64_t x)
{
	for (unsigned int i = 0; i < KVM_PATIENCE; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static bool reports(const struct machine *m, uint64_t word)
{
	struct kvm_exit e = machine_run(m);

	return e.kind == KVM_WRITES && e.address == KVM_REPORT && e.length == 8 && e.value == word;
}

/* the machine asks whether there is to be another round */
static bool goes_on(const struct machine *m, const char *until)
{
	struct kvm_exit e = machine_run(m);
	bool more = call(NR_faccessat, AT_FDCWD, (int64_t)until, 0, 0, 0, 0) < 0;

	if (e.kind != KVM_READS || e.address != KVM_REPORT)
		fail("kvm: the machine does not ask for another round\n");
	machine_answer(m, more);
	return more;
}

static void check_round(const struct machine *m, uint64_t *expected)
{
	*expected = after_a_round(*expected);
	if (!reports(m, *expected))
		fail("kvm: the machine reports a wrong word\n");
}

int count_rounds(uint64_t rounds, const char *until)
{
	struct machine m = machine_new(MEMORY);
	uint64_t expected = KVM_SEED;

	for (size_t i = 0; i < (size_t)(counting_end - counting); i++)
		((volatile uint8_t *)m.bytes)[i] = counting[i];
	machine_start(&m, rounds);
	if (!reports(&m, CURRENT_EL1))
		fail("kvm: the machine is not at EL1\n");
	for (uint64_t i = 0; i < rounds; i++)
		check_round(&m, &expected);
	while (goes_on(&m, until))
		check_round(&m, &expected);
	if (machine_run(&m).kind != KVM_SHUTDOWN)
		fail("kvm: the machine does not switch itself off\n");
	say(1, "kvm: every word was right, and the machine switched itself off\n");
	return 0;
}

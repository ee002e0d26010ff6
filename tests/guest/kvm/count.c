/* SPDX-License-Identifier: BSD-2-Clause */
/* The counting program (start.S) in a virtual machine: every word that it reports is checked. */
#include "kvm.h"
#include "user.h"

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

int count_rounds(uint64_t rounds)
{
	struct machine m = machine_new(MEMORY);
	uint64_t expected = KVM_SEED;

	for (size_t i = 0; i < (size_t)(counting_end - counting); i++)
		((volatile uint8_t *)m.bytes)[i] = counting[i];
	machine_start(&m, rounds);
	if (!reports(&m, CURRENT_EL1))
		fail("kvm: the machine is not at EL1\n");
	for (uint64_t i = 0; i < rounds; i++) {
		expected = after_a_round(expected);
		if (!reports(&m, expected))
			fail("kvm: the machine reports a wrong word\n");
	}
	if (machine_run(&m).kind != KVM_SHUTDOWN)
		fail("kvm: the machine does not switch itself off\n");
	say(1, "kvm: every word was right, and the machine switched itself off\n");
	return 0;
}

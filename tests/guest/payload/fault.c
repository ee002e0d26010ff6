/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions: an attempt that was announced goes on behind the instruction, anything else is the program's end. */
#include <fw/sysreg.h>

#include "payload.h"
#include "stacks.h"

/** struct attempt - of one CPU; @syndrome: 0 while no exception came */
struct attempt {
	bool armed;
	uint64_t syndrome;
};

static volatile struct attempt attempts[PAYLOAD_CPUS];

uint64_t payload_exception(uint64_t syndrome, uint64_t at, uint64_t address);

/* Return: where to go on */
uint64_t payload_exception(uint64_t syndrome, uint64_t at, uint64_t address)
{
	volatile struct attempt *a = &attempts[fw_cpu()];

	if (a->armed) {
		a->syndrome = syndrome;
		return at + 4;
	}
	print("payload: unexpected exception, syndrome ");
	print_hex(syndrome);
	print(" at ");
	print_hex(at);
	print(" address ");
	print_hex(address);
	print("\n");
	psci_system_off();
}

void fault_arm(void)
{
	volatile struct attempt *a = &attempts[fw_cpu()];

	a->syndrome = 0;
	a->armed = true;
}

uint64_t fault_disarm(void)
{
	volatile struct attempt *a = &attempts[fw_cpu()];

	fw_dsb();
	fw_isb();
	a->armed = false;
	return a->syndrome;
}

bool try_read(uint64_t address, uint64_t *value)
{
	uint64_t word = 0;

	fault_arm();
	__asm__ volatile("ldr %0, [%1]" : "+r"(word) : "r"(address) : "memory");
	*value = word;
	return !fault_disarm();
}

bool try_write(uint64_t address, uint64_t value)
{
	fault_arm();
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(address) : "memory");
	return !fault_disarm();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions: an attempt that was announced goes on behind the instruction, anything else is the program's end. */
#include <fw/sysreg.h>

#include "payload.h"
#include "stacks.h"

/**
 * struct attempt - of one CPU
 * @landing:  where to go on after an exception; 0: behind the instruction
 * @syndrome: 0 while no exception came
 */
struct attempt {
	bool armed;
	uint64_t landing;
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
		return a->landing ? a->landing : at + 4;
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
	a->landing = 0;
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

uint64_t fault_syndrome(void)
{
	return attempts[fw_cpu()].syndrome;
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

/* it ends at the first exception: what lies beyond is not copied */
bool try_copy(uint64_t to, uint64_t from, uint64_t size)
{
	volatile struct attempt *a = &attempts[fw_cpu()];
	uint64_t words = (to | from) & 7 ? 0 : size / 8, bytes = size - 8 * words;

	fault_arm();
	__asm__ volatile("adr x16, 3f\n\tstr x16, [%4]\n"
			 "1:\tcbz %2, 2f\n\tldr x16, [%1], #8\n\tstr x16, [%0], #8\n\tsub %2, %2, #1\n\tb 1b\n"
			 "2:\tcbz %3, 3f\n\tldrb w16, [%1], #1\n\tstrb w16, [%0], #1\n\tsub %3, %3, #1\n\tb 2b\n"
			 "3:"
			 : "+r"(to), "+r"(from), "+r"(words), "+r"(bytes)
			 : "r"(&a->landing)
			 : "x16", "memory");
	return !fault_disarm();
}

/* where the jump leads nothing can be skipped: it goes on behind the jump */
bool try_call(uint64_t address)
{
	volatile struct attempt *a = &attempts[fw_cpu()];

	fault_arm();
	__asm__ volatile("adr x16, 1f\n\tstr x16, [%0]\n\tblr %1\n1:" ::"r"(&a->landing), "r"(address)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			   "x14", "x15", "x16", "x17", "x18", "x30", "cc", "memory");
	return !fault_disarm();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's serial line (PL011). */
#include <fw/sysreg.h>
#include <virt/platform.h>

#include "payload.h"

#define PL011_DR   0x00u
#define PL011_FR   0x18u
#define PL011_CR   0x30u
#define PL011_FULL 0x20u
#define PL011_ON   0x301u

void uart_init(void)
{
	fw_write32(VIRT_UART + PL011_CR, PL011_ON);
}

static void put(char c)
{
	while (fw_read32(VIRT_UART + PL011_FR) & PL011_FULL)
		;
	fw_write32(VIRT_UART + PL011_DR, (uint8_t)c);
}

void print(const char *text)
{
	for (; *text; text++)
		put(*text);
}

static void print_number(uint64_t value, unsigned int base)
{
	char digits[20] = { 0 };
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put(digits[--n]);
}

void print_dec(int64_t value)
{
	if (value < 0)
		put('-');
	print_number(value < 0 ? 0u - (uint64_t)value : (uint64_t)value, 10);
}

void print_hex(uint64_t value)
{
	print("0x");
	print_number(value, 16);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded text under construction. */
#include "text.h"

static const char hex_digits[] = "0123456789abcdef";

void pil_text_char(struct pil_text *t, char c)
{
	if (t->len + 1 < t->size)
		t->buf[t->len++] = c;
}

void pil_text_string(struct pil_text *t, const char *s)
{
	while (*s)
		pil_text_char(t, *s++);
}

static void put_number(struct pil_text *t, uint64_t value, unsigned int base)
{
	char digits[20] = { 0 };
	unsigned int n = 0;

	do {
		digits[n++] = hex_digits[value % base];
		value /= base;
	} while (value);
	while (n)
		pil_text_char(t, digits[--n]);
}

void pil_text_dec(struct pil_text *t, uint64_t value)
{
	put_number(t, value, 10);
}

void pil_text_hex(struct pil_text *t, uint64_t value)
{
	pil_text_string(t, "0x");
	put_number(t, value, 16);
}

void pil_text_bytes(struct pil_text *t, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		pil_text_char(t, hex_digits[data[i] >> 4]);
		pil_text_char(t, hex_digits[data[i] & 0xf]);
	}
}

size_t pil_text_end(struct pil_text *t)
{
	t->buf[t->len] = '\0';
	return t->len;
}

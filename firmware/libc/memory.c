/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memcpy and its relatives. Whole words are used only where both sides are aligned to them: with the MMU off, or on
 * device memory, an unaligned access would fault.
 */
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word;

#define WORD sizeof(word)

static int aligned(const void *p)
{
	return ((uintptr_t)p & (WORD - 1)) == 0;
}

/* can both pointers be aligned to words by the same number of bytes? */
static int alike(const void *a, const void *b)
{
	return (((uintptr_t)a ^ (uintptr_t)b) & (WORD - 1)) == 0;
}

static void copy_up(uint8_t *to, const uint8_t *from, size_t size)
{
	if (alike(to, from)) {
		for (; size && !aligned(to); size--)
			*to++ = *from++;
		for (; size >= 4 * WORD; size -= 4 * WORD, to += 4 * WORD, from += 4 * WORD) {
			const word *f = (const word *)(const void *)from;
			word *t = (word *)(void *)to;
			word a = f[0], b = f[1], c = f[2], d = f[3];

			t[0] = a;
			t[1] = b;
			t[2] = c;
			t[3] = d;
		}
		for (; size >= WORD; size -= WORD, to += WORD, from += WORD)
			*(word *)(void *)to = *(const word *)(const void *)from;
	}
	while (size--)
		*to++ = *from++;
}

static void copy_down(uint8_t *to, const uint8_t *from, size_t size)
{
	to += size;
	from += size;
	if (alike(to, from)) {
		for (; size && !aligned(to); size--)
			*--to = *--from;
		for (; size >= WORD; size -= WORD) {
			to -= WORD;
			from -= WORD;
			*(word *)(void *)to = *(const word *)(const void *)from;
		}
	}
	while (size--)
		*--to = *--from;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	copy_up(to, from, size);
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	if ((uintptr_t)to - (uintptr_t)from >= size)
		copy_up(to, from, size);
	else
		copy_down(to, from, size);
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	uint8_t *t = to;
	word value = (uint8_t)byte * UINT64_C(0x0101010101010101);

	for (; size && !aligned(t); size--)
		*t++ = (uint8_t)byte;
	for (; size >= 4 * WORD; size -= 4 * WORD, t += 4 * WORD) {
		word *w = (word *)(void *)t;

		w[0] = value;
		w[1] = value;
		w[2] = value;
		w[3] = value;
	}
	for (; size >= WORD; size -= WORD, t += WORD)
		*(word *)(void *)t = value;
	while (size--)
		*t++ = (uint8_t)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *x = a;
	const uint8_t *y = b;

	if (alike(x, y) && aligned(x))
		for (; size >= WORD; size -= WORD, x += WORD, y += WORD)
			if (*(const word *)(const void *)x != *(const word *)(const void *)y)
				break;
	for (; size; size--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

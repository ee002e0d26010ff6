/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded text under construction: sentences for people, log lines. For libpilot and the firmware. */
#ifndef PILOT_LIB_TEXT_H
#define PILOT_LIB_TEXT_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct pil_text - a text under construction; what does not fit is cut
 * @buf:  where it goes
 * @size: bytes at @buf, at least 1
 * @len:  characters so far; never exceeds @size - 1
 */
struct pil_text {
	char *buf;
	size_t size;
	size_t len;
};

/** pil_text_char() - append a character */
void pil_text_char(struct pil_text *t, char c);

/** pil_text_string() - append a string */
void pil_text_string(struct pil_text *t, const char *s);

/** pil_text_dec() - append a number in decimal */
void pil_text_dec(struct pil_text *t, uint64_t value);

/** pil_text_hex() - append a number in hexadecimal, with 0x */
void pil_text_hex(struct pil_text *t, uint64_t value);

/** pil_text_bytes() - append bytes as pairs of hexadecimal digits, without 0x */
void pil_text_bytes(struct pil_text *t, const uint8_t *data, size_t size);

/** pil_text_end() - terminate the text. Return: its length */
size_t pil_text_end(struct pil_text *t);

#endif

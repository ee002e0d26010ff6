/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/markup.h"

#define ELLIPSIS "\xe2\x80\xa6"

void markup(struct buffer *b, const char *format, ...)
{
	va_list args;
	int length = 0;
	char *at = NULL;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	at = length > 0 ? (char *)buffer_grow(b, (size_t)length + 1) : NULL;
	if (!at)
		return;
	va_start(args, format);
	vsnprintf(at, (size_t)length + 1, format, args);
	va_end(args);
	/* without the NUL */
	b->size--;
}

/* length of the UTF-8 sequence at @s of a character that XML allows, or 0 (RFC 3629 section 4) */
static size_t sequence(const unsigned char *s, size_t size)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t value = s[0] & (0xffu >> (length + 1));
	size_t i = 0;

	if (s[0] < 0xc2 || s[0] > 0xf4 || length > size)
		return 0;
	for (i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	/* no surrogates; C1 control characters and the last two of a plane print as nothing */
	if (value < least[length] || value < 0xa0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ||
	    (value & 0xfffe) == 0xfffe)
		return 0;
	return length;
}

static const char *entity(unsigned char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? "?" : NULL;
	}
}

void markup_bytes(struct buffer *b, const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t done = 0;
	size_t at = 0;

	/* what needs no care goes in one piece */
	while (at < size) {
		size_t length = s[at] < 0x80 ? 1 : sequence(s + at, size - at);
		const char *instead = length == 1 ? entity(s[at]) : length ? NULL : "?";

		if (instead) {
			buffer_put(b, text + done, at - done);
			buffer_put(b, instead, strlen(instead));
			done = at + 1;
		}
		at += length ? length : 1;
	}
	buffer_put(b, text + done, size - done);
}

void markup_text(struct buffer *b, const char *text)
{
	markup_bytes(b, text, strlen(text));
}

void markup_append(struct buffer *b, struct buffer *other)
{
	buffer_put(b, other->data, other->size);
	b->failed |= other->failed;
	free(other->data);
	*other = (struct buffer){ 0 };
}

#define FIRST 32u
#define LAST  126u
#define FIXED 62u  /* the widest of the common fonts with one width */
#define OTHER 100u /* anything but ASCII */

/* hundredths of the size, of Bitstream Vera and its relatives: the widest that browsers take for sans-serif */
static const uint8_t plain_widths[LAST - FIRST + 1] = {
	32, 41, 46, 84, 64, 96, 78, 28, 40,  40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
	64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79,
	61, 79, 70, 64, 62, 74, 69, 99, 69,  62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64,
	64, 28, 28, 58, 28, 98, 64, 62, 64,  64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
};
static const uint8_t bold_widths[LAST - FIRST + 1] = {
	35, 46, 53, 84, 70, 101, 88, 31,  46,  46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70,  70, 70,
	70, 70, 40, 40, 84, 84,	 84, 59,  100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86,
	74, 86, 78, 73, 69, 82,	 78, 111, 78,  73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72, 68,  44, 72,
	72, 35, 35, 67, 35, 105, 72, 69,  72,  72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72,  84,
};

/* of one character, which is a whole one unless it is a byte within a UTF-8 sequence, which has no width of its own */
static unsigned int width_of(unsigned char c, enum font font)
{
	if ((c & 0xc0) == 0x80)
		return 0;
	if (font == FONT_FIXED)
		return FIXED;
	if (c < FIRST || c > LAST)
		return OTHER;
	return font == FONT_BOLD ? bold_widths[c - FIRST] : plain_widths[c - FIRST];
}

/* bytes of @text that fit into @room hundredths, whole characters only; @taken: how many hundredths they are */
static size_t fitting(const char *text, enum font font, size_t room, size_t *taken)
{
	size_t i = 0;

	*taken = 0;
	for (i = 0; text[i]; i++) {
		unsigned int width = width_of((unsigned char)text[i], font);

		if (*taken + width > room)
			break;
		*taken += width;
	}
	return i;
}

unsigned int text_pixels(const char *text, enum font font, unsigned int size)
{
	size_t taken = 0;

	fitting(text, font, UINT32_MAX, &taken);
	return (unsigned int)((taken * size + 99) / 100);
}

static void begin_text(struct buffer *b, const struct label *label)
{
	static const char *const fonts[] = { [FONT_PLAIN] = "", [FONT_BOLD] = "pm-b ", [FONT_FIXED] = "pm-m " };

	markup(b, "<text x=\"%d\" y=\"%d\" font-size=\"%u\" class=\"%s%s\"%s>", label->x, label->y, label->size,
	       fonts[label->font], label->class, label->right ? " text-anchor=\"end\"" : "");
}

unsigned int svg_text(struct buffer *b, const struct label *label, const char *text)
{
	size_t room = label->room ? (size_t)label->room * 100 / label->size : UINT32_MAX;
	size_t taken = 0;
	size_t length = fitting(text, label->font, room, &taken);

	begin_text(b, label);
	if (text[length]) {
		/* the tooltip has to be the first child */
		markup(b, "<title>");
		markup_text(b, text);
		markup(b, "</title>");
		length = fitting(text, label->font, room > OTHER ? room - OTHER : 0, &taken);
		markup_bytes(b, text, length);
		markup(b, ELLIPSIS);
		taken += OTHER;
	} else {
		markup_bytes(b, text, length);
	}
	markup(b, "</text>\n");
	return (unsigned int)((taken * label->size + 99) / 100);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text with tags, SVG and HTML, into a buffer that grows. Text from outside goes through markup_text() or svg_text(), which escape it;
 * what markup() is given as a string goes in as it is.
 */
#ifndef PILOT_TOOL_DRAW_MARKUP_H
#define PILOT_TOOL_DRAW_MARKUP_H

#include "buffer.h"

/** markup() - add Pilot's own text by a format, as printf() does */
void markup(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * markup_text() - add text from outside, with < > & " ' escaped. Control characters other than line ends and tabs, and bytes that are not
 * UTF-8, become '?': XML allows none of them.
 */
void markup_text(struct buffer *b, const char *text);

/** markup_bytes() - the same for @size bytes, which may hold NULs */
void markup_bytes(struct buffer *b, const char *text, size_t size);

/** markup_append() - add what another buffer has, and release that */
void markup_append(struct buffer *b, struct buffer *other);

/** enum font - what text is set in; widths are those of the widest fonts that browsers take, so that text fits in any */
enum font {
	FONT_PLAIN,
	FONT_BOLD,
	FONT_FIXED,
};

/** text_pixels() - how wide @text is at most, set in @size pixels */
unsigned int text_pixels(const char *text, enum font font, unsigned int size);

/**
 * struct label - a line of text in a picture
 * @x, @y:   where its baseline begins, or ends where @right
 * @room:    pixels that it may take; a longer text is cut and ends in an ellipsis, the whole of it is in its tooltip; 0: no limit
 * @class:   further CSS classes, "" for none
 */
struct label {
	int x;
	int y;
	unsigned int room;
	unsigned int size;
	enum font font;
	const char *class;
	bool right;
};

/** svg_text() - a <text> element; returns how wide the text is at most */
unsigned int svg_text(struct buffer *b, const struct label *label, const char *text);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pictures of a board: its addresses, and its streams. Each is a complete <svg> element that stands by itself, or in a page: no script,
 * no font or image from elsewhere, light or dark as the reader's screen is. CSS classes begin with "pm-".
 */
#ifndef PILOT_TOOL_DRAW_H
#define PILOT_TOOL_DRAW_H

#include "board/board.h"
#include "draw/plan.h"

/** draw_style() - rules for the classes that the pictures use, without <style>; a page needs them once */
void draw_style(struct buffer *b);

/** draw_board() - both maps side by side under a title with a legend, as a document with its own style; @file: named in it */
void draw_board(struct buffer *b, const struct plan *p, const char *file);

/** draw_legend_svg(), draw_addresses_svg(), draw_streams_svg() - one of them, for a page that has the style */
void draw_legend_svg(struct buffer *b, const struct plan *p);
void draw_addresses_svg(struct buffer *b, const struct plan *p);
void draw_streams_svg(struct buffer *b, const struct plan *p);

/* --- parts of a picture, for the files of this folder --- */

#define MAP_WIDTH 740u /* pixels of either map */

/** draw_addresses(), draw_streams() - elements with their upper left corner at 0, 0; return their height */
unsigned int draw_addresses(struct buffer *b, const struct plan *p);
unsigned int draw_streams(struct buffer *b, const struct plan *p);

/** draw_chip() - an owner's colour and name, at most @room pixels; returns how wide it is at most */
unsigned int draw_chip(struct buffer *b, const struct owner *owner, int x, int y, unsigned int room);

/** draw_heading() - title of a map and a line below it; returns the height */
unsigned int draw_heading(struct buffer *b, const char *title, const char *subtitle);

#endif

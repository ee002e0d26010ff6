/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: HTML that needs nothing from anywhere. */
#ifndef PILOT_TOOL_REPORT_PAGE_H
#define PILOT_TOOL_REPORT_PAGE_H

#include "buffer.h"
#include "report/run.h"

/** page_make() - the whole document */
void page_make(struct buffer *b, const struct run *run);

/* --- parts of it, for the files of this folder --- */

void page_style(struct buffer *b);
void page_steps(struct buffer *b, const struct run *run);
void page_timeline(struct buffer *b, const struct run *run);
void page_explained(struct buffer *b, const struct run *run);
void page_images(struct buffer *b, const struct run *run);
void page_refusals(struct buffer *b, const struct run *run);
void page_board(struct buffer *b, const struct run *run);
void page_logs(struct buffer *b, const struct run *run);

/** page_section() - begins a section with a heading; @id for links. page_section_end() ends it */
void page_section(struct buffer *b, const char *id, const char *title);
void page_section_end(struct buffer *b);

/** page_element() - <TAG class="CLASS">TEXT</TAG> with @text escaped; nothing where it is empty */
void page_element(struct buffer *b, const char *tag, const char *class, const char *text);

#endif

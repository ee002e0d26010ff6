/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per version of the hash segment's header: what differs between them. Private to lib/image. */
#ifndef PILOT_LIB_MBN_FORMAT_H
#define PILOT_LIB_MBN_FORMAT_H

#include <pilot/cursor.h>
#include <pilot/mbn.h>

#define PIL_MBN_BLANK_WORDS 2u

/**
 * struct pil_mbn_format - a header version
 * @version:     its number
 * @header_size: bytes of the header
 * @blank:       by signer: header offsets, ascending, of the words that count as zero in what it signs (the sizes of
 *               the other authority's signature and certificates); 0: none. The other's metadata counts as zero too.
 * @read:        fills everything in @mbn but version, header_size and segment. @c stands at the segment's first byte
 *               and has at least @header_size bytes.
 */
struct pil_mbn_format {
	uint32_t version;
	size_t header_size;
	size_t blank[PIL_AUTHORITIES][PIL_MBN_BLANK_WORDS];
	int (*read)(struct pil_cursor *c, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why);
};

extern const struct pil_mbn_format pil_mbn_format_v6;

#endif

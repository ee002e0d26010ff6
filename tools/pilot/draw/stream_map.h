/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that draw the map of streams share. */
#ifndef PILOT_TOOL_DRAW_STREAM_MAP_H
#define PILOT_TOOL_DRAW_STREAM_MAP_H

#include "draw/draw.h"

/** struct grouped_stream - a stream and who has it; @rival: somebody else who has some of its StreamIDs, too, or NULL */
struct grouped_stream {
	const struct stream *stream;
	const struct owner *owner;
	const struct owner *rival;
};

/** struct stream_group - @count streams of one IOMMU, those of an owner side by side */
struct stream_group {
	const struct iommu *iommu;
	const struct grouped_stream *streams;
	unsigned int count;
};

/** draw_strip() - with its upper left corner at 0, 0; returns the height */
unsigned int draw_strip(struct buffer *b, const struct stream_group *g);

#endif

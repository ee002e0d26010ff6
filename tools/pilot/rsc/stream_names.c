/* SPDX-License-Identifier: BSD-2-Clause */
/* Words for what a stream is for. */
#include <pilot/wire/rsc_table.h>

#include "rsc/stream_names.h"

_Static_assert(STREAM_PURPOSES == PIL_RSC_PURPOSES, "each purpose has a word");

const char *const stream_purpose_names[STREAM_PURPOSES] = {
	[PIL_RSC_PURPOSE_FIRMWARE] = "firmware",
	[PIL_RSC_PURPOSE_DMA_MASTER] = "dma-master",
	[PIL_RSC_PURPOSE_BUFFERS] = "buffers",
};

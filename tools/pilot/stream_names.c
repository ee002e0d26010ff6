/* SPDX-License-Identifier: BSD-2-Clause */
/* Words for what a stream is for. */
#include <pilot/wire/rsc_table.h>

#include "stream_names.h"

const char *const stream_purpose_names[STREAM_PURPOSES] = {
	[PIL_RSC_PURPOSE_FIRMWARE] = "firmware",
	[PIL_RSC_PURPOSE_DMA_MASTER] = "dma-master",
};

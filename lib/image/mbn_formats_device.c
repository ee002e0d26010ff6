/* SPDX-License-Identifier: BSD-2-Clause */
/* The versions that a device reads: those with signing metadata. The others' readers are not linked. */
#include "mbn_format.h"

const struct pil_mbn_format *const pil_mbn_formats[] = {
	&pil_mbn_format_v6,
	&pil_mbn_format_v7,
	&pil_mbn_format_v8,
	NULL,
};

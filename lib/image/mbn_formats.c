/* SPDX-License-Identifier: BSD-2-Clause */
/* Every version that libpilot reads. In a file of its own: a program that takes fewer has its own list. */
#include "mbn_format.h"

const struct pil_mbn_format *const pil_mbn_formats[] = {
	&pil_mbn_format_v3, &pil_mbn_format_v5, &pil_mbn_format_v6, &pil_mbn_format_v7, &pil_mbn_format_v8, NULL,
};

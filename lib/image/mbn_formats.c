/* SPDX-License-Identifier: BSD-2-Clause */
/* Every version that libpilot reads. What runs on a device links mbn_formats_device.c instead. */
#include "mbn_format.h"

const struct pil_mbn_format *const pil_mbn_formats[] = {
	&pil_mbn_format_v3, &pil_mbn_format_v5, &pil_mbn_format_v6, &pil_mbn_format_v7, &pil_mbn_format_v8, NULL,
};

/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DOOR_ARCHIVE_H
#define DOOR_ARCHIVE_H

#include "archive.h"

/** extra_images() - genuine images, and those that only complete requests can show to be bad */
void extra_images(void);

#endif

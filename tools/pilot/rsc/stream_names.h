/* SPDX-License-Identifier: BSD-2-Clause */
/* Words for what a stream is for, in resource tables and manifests. */
#ifndef PILOT_TOOL_STREAM_NAMES_H
#define PILOT_TOOL_STREAM_NAMES_H

#define STREAM_PURPOSES 3u /* PIL_RSC_PURPOSES */

extern const char *const stream_purpose_names[STREAM_PURPOSES]; /* by PIL_RSC_PURPOSE_... */

#endif

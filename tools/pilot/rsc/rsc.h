/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource tables as text: words of the JSON documents that "pilot rsc show" prints and "pilot rsc build" takes. */
#ifndef PILOT_TOOL_RSC_H
#define PILOT_TOOL_RSC_H

#include <stdint.h>

#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#define RSC_ANY_WORD "any" /* PIL_RSC_ANY */
#define RSC_FLAGS    6u
#define RSC_TYPES    4u

extern const char *const rsc_type_names[RSC_TYPES]; /* by type */
extern const char *const rsc_flag_names[RSC_FLAGS]; /* by bit */

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the table of compatibles. A new part is named here and in compatibles.c's list of parts. */
#ifndef PILOT_TOOL_BOARD_COMPATIBLES_TABLE_H
#define PILOT_TOOL_BOARD_COMPATIBLES_TABLE_H

#include "board/compatibles.h"

extern const struct compatible compatibles_qcom[];
extern const unsigned int compatibles_qcom_count;
extern const struct compatible compatibles_others[];
extern const unsigned int compatibles_others_count;

#endif

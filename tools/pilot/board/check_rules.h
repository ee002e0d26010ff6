/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of rules is in two files; rule_at() joins them. */
#ifndef PILOT_TOOL_BOARD_CHECK_RULES_H
#define PILOT_TOOL_BOARD_CHECK_RULES_H

#include "board/check.h"

/* rules in check_rules.c: up to the streams; those in check_rules_more.c: drivers, clashes, the TEE, firmware */
#define RULES_OF_MEMORY RULE_SCM_MISSING
#define RULES_MORE	(RULES - RULES_OF_MEMORY)

/* rule number @index */
const struct rule *rule_of_memory(unsigned int index);

/* rule number RULES_OF_MEMORY + @index */
const struct rule *rule_of_drivers(unsigned int index);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Power domains that a driver asks for. */
#ifndef PILOT_TOOL_BOARD_RULES_DOMAINS_H
#define PILOT_TOOL_BOARD_RULES_DOMAINS_H

#define RULES_DOMAINS 3u

/** struct rules_domains - @name: up to RULES_DOMAINS names, NULL behind the last */
struct rules_domains {
	const char *compatible;
	const char *name[RULES_DOMAINS];
};

/** rules_domains_of() - the row of a compatible, or NULL: its driver asks for none */
const struct rules_domains *rules_domains_of(const char *compatible);

#endif

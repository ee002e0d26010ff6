/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program under fault injection and the one that injects the faults agree about. */
#ifndef ATTACK_INJECT_LAYOUT_H
#define ATTACK_INJECT_LAYOUT_H

#define INJECT_CODE	     0x40000000 /* header, code, constants */
#define INJECT_CODE_SIZE     0x00100000
#define INJECT_DATA	     0x40100000 /* data and stack: all that is restored before each fault */
#define INJECT_DATA_SIZE     0x00100000
#define INJECT_FUSES	     0x41000000
#define INJECT_METADATA	     0x41010000
#define INJECT_CARVEOUT	     0x42000000
#define INJECT_CARVEOUT_SIZE 0x8000
#define INJECT_MAGIC	     0x544a4e49 /* "INJT" */

#ifndef __ASSEMBLER__
#include <stdint.h>

/**
 * struct inject_header - at INJECT_CODE: addresses
 * @entry:  first instruction
 * @done:   where it ends; x0: status of AUTH_AND_RESET
 * @verify: the crypto library's verification of a signature
 * @hash:   digest of one piece of memory
 * @clean:  where a refusal ends: the complete shutdown
 * @start:  the board's core_start
 */
struct inject_header {
	uint64_t magic;
	uint64_t entry, done;
	uint64_t verify, hash, clean, start;
};
#endif

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Code at EL1 of the normal world, for C and assembly. */
#ifndef ATTACK_EL1_H
#define ATTACK_EL1_H

#define EL1_TRAPPED 0x8000000000000000 /* an exception that EL2 got ended it; the other bits are its syndrome */
#define EL1_CAUGHT  0x4000000000000000 /* one that EL1 got */

#ifndef __ASSEMBLER__
#include <stdint.h>

/**
 * el1_run() - call @function with @arg at EL1. It may not print: @arg says what came of it
 * @hcr: bits for HCR_EL2: what a hypervisor would trap
 * Return: what @function returned, or EL1_...
 */
uint64_t el1_run(uint64_t (*function)(void *arg), void *arg, uint64_t hcr);
#endif

#endif

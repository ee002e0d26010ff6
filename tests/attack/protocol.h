/* SPDX-License-Identifier: BSD-2-Clause */
/* Orders of the attacker to the genuine program that runs on a remote core: words of the control page. Numbers for C and assembly. */
#ifndef ATTACK_PROTOCOL_H
#define ATTACK_PROTOCOL_H

#define PROGRAM_ORDER	0x40 /* PROGRAM_...; zeroed when it begins to obey */
#define PROGRAM_ADDRESS 0x48
#define PROGRAM_VALUE	0x50 /* what to write, or what was read */
#define PROGRAM_DONE	0x58 /* orders obeyed since it started */

#define PROGRAM_SAY   1 /* the text that it said at its start, again */
#define PROGRAM_READ  2
#define PROGRAM_WRITE 3
#define PROGRAM_RUN   4 /* jump to PROGRAM_ADDRESS */

#endif

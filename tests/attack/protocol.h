/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that the attacker shares with others, for C, assembly and Python. */
#ifndef ATTACK_PROTOCOL_H
#define ATTACK_PROTOCOL_H

/* where attack.py leaves a set of families to run; 0: all */
#define ATTACK_FAMILIES 0x60f00000

/* where the program keeps what a reset of the machine must not take from it; zero at first */
#define ATTACK_PROGRESS 0x60f01000

/* orders to the genuine program that runs on a remote core: words of the control page */
#define PROGRAM_ORDER	0x40 /* PROGRAM_...; zeroed when it begins to obey */
#define PROGRAM_ADDRESS 0x48
#define PROGRAM_VALUE	0x50 /* what to write, or what was read */
#define PROGRAM_DONE	0x58 /* orders obeyed since it started */

#define PROGRAM_SAY   1 /* the text that it said at its start, again */
#define PROGRAM_READ  2
#define PROGRAM_WRITE 3
#define PROGRAM_RUN   4 /* jump to PROGRAM_ADDRESS */
#define PROGRAM_WATCH 5 /* read it on and on, and count: the program obeys nothing more */

#endif

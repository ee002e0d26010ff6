/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that the host that dies shares with tests/attack/dying.py. */
#ifndef DYING_ORDERS_H
#define DYING_ORDERS_H

/* memory of the host that nothing is loaded to: it keeps its contents over a reset of the machine */
#define DYING_BOOTS  0x60f00000 /* 64 bits: how often it has booted */
#define DYING_ORDER  0x60f00008 /* 64 bits: phase | way << 8; zeroed when it is obeyed */
#define DYING_IMAGES 64		/* as many versions: a boot each */

/* ways to die */
#define DYING_WAY_WORK	1 /* go on working until it happens */
#define DYING_WAY_RESET 2 /* ask for a reset of the machine */
#define DYING_WAY_OFF	3 /* switch off every CPU of the host */
#define DYING_WAY_OTHER 4 /* another host begins on the same CPU, and knows nothing */
#define DYING_WAY_END	5 /* that was all */

/* phases, in which everything but DYING_WAY_WORK happens */
#define DYING_PHASE_TABLE_SUSPENDED    0
#define DYING_PHASE_INIT_SUSPENDED     1
#define DYING_PHASE_LOADED	       2
#define DYING_PHASE_PLACED	       3
#define DYING_PHASE_AUTH_SUSPENDED     4
#define DYING_PHASE_RUNNING	       5
#define DYING_PHASE_CRASHED	       6
#define DYING_PHASE_SHUTDOWN_SUSPENDED 7
#define DYING_PHASE_BRIDGES	       8
#define DYING_PHASES		       9

#endif

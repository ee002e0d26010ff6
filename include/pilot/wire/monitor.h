/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls between the EL3 monitor and the S-EL1 service, and between the monitor and a remote core's shim or a boot stage. Another EL3
 * firmware that offers them can take the monitor's place; docs/SPEC.md section 6.
 *
 * All are SMC64 fast calls of owner 63 (Trusted OS range, never accepted from the normal world). x0 holds the function id;
 * results are in x0 (0, or a negative number) and x1.
 */
#ifndef PILOT_WIRE_MONITOR_H
#define PILOT_WIRE_MONITOR_H

/* service -> monitor */
#define PIL_MON_READY	   0xff000001 /* CPU is set up; x1: entry for calls (first CPU), does not return */
#define PIL_MON_RETURN	   0xff000002 /* to the host: x1..x4 -> its x0..x3, x5 -> its x6; does not return */
#define PIL_MON_LOG	   0xff000003 /* x1: address of a line in the service's memory, x2: its length */
#define PIL_MON_CORE_START 0xff000004 /* x1: core, x2: struct pil_shim_config in the service, x3: size; EAGAIN: not yet */
#define PIL_MON_CORE_STOP  0xff000005 /* x1: core; x0 = 0 when it is parked, EAGAIN while it is not */
#define PIL_MON_CORE_STATE 0xff000006 /* x1: core; x1 = PIL_MON_CORE_... bits */
#define PIL_MON_PROTECT	   0xff000007 /* x1: address, x2: size of a carve-out: out of reach of the normal world's CPUs */
#define PIL_MON_OPEN	   0xff000008 /* x1, x2: as above: within everybody's reach again */
#define PIL_MON_CORE_POWER 0xff000009 /* x1: core, x2: 1 to go on, 0 to stand still with all it has; EAGAIN: not yet */
#define PIL_MON_TRACE	   0xff00000a /* x1: PIL_TRACE_OF() of wire/trace.h, x2, x3: a and b of the record */

/* shim -> monitor, on the core's own CPU */
#define PIL_MON_SHIM_LOG   0xff000010 /* x1..x6: up to 48 characters, x7: number of them; a newline ends the line */
#define PIL_MON_SHIM_READY 0xff000011 /* the remote program says that it is up */
#define PIL_MON_SHIM_CRASH 0xff000012 /* a fault (x1: 0) or its watchdog (1) has ended the program; said before the host knows */
#define PIL_MON_SHIM_PARK  0xff000013 /* the shim is done too; the CPU parks until CORE_STOP, does not return */
#define PIL_MON_SHIM_OWNER 0xff000015 /* x1: 0: does a new owner of the SMMU begin? 1: yes; x1: 1: it may, this core's masters rest */
#define PIL_MON_SHIM_TRACE 0xff000016 /* as PIL_MON_TRACE; a hypervisor and a boot stage have it, too */

/* boot stage -> monitor, from EL2 of the host's first CPU, before the host runs */
#define PIL_MON_STAGE_DONE 0xff000014 /* EL2 is the host's: it starts on this CPU, does not return */

#define PIL_MON_LOG_MAX 400 /* longest line, in bytes */

/* what CORE_STATE answers in x1 */
#define PIL_MON_CORE_ON	     0x1
#define PIL_MON_CORE_READY   0x2
#define PIL_MON_CORE_CRASHED 0x4

/*
 * Errors in x0. EAGAIN: a part of the work is done, issue the same call again. No interrupt is taken inside of a call, so what takes
 * longer comes in parts, and the service lets the host's interrupts in between them.
 */
#define PIL_MON_EARG	(-2)
#define PIL_MON_ESTATE	(-3)
#define PIL_MON_EAGAIN	(-4)
#define PIL_MON_UNKNOWN (-1)

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The remoteproc service of a TEE, as its clients see it: commands 1 to 6 are those of OP-TEE's ta_remoteproc.h, the ones from 0x100 on
 * are Pilot's. Parameter 0 of each is a value whose a is the processor's id, unless told otherwise. docs/SPEC.md section 11.
 */
#ifndef PILOT_WIRE_TEE_RPROC_H
#define PILOT_WIRE_TEE_RPROC_H

/* OP-TEE's core calls itself a kernel, too: its build defines PIL_OPTEE_CORE for Pilot's files */
#if defined(__KERNEL__) && !defined(PIL_OPTEE_CORE)
#define PIL_TEE_LINUX
#endif

#ifdef PIL_TEE_LINUX
#include <linux/types.h>
#else
#include <stdint.h>
#endif

/* OpenSession: a value with the processor's id binds the session to it; no parameters: a session that may only ask for PROCESSORS */
#define PIL_TEE_RPROC_LOAD	    0x1 /* p1: memory, a container */
#define PIL_TEE_RPROC_START	    0x2
#define PIL_TEE_RPROC_STOP	    0x3
#define PIL_TEE_RPROC_GET_RSC_TABLE 0x4 /* out: p1: physical address, p2: size; a: low, b: high word; both 0: none */
#define PIL_TEE_RPROC_GET_COREDUMP  0x5 /* p1: memory, out: the processor's memory, where the debug policy allows it */
#define PIL_TEE_RPROC_RELEASE	    0x6

#define PIL_TEE_RPROC_PROCESSORS 0x100 /* p0: memory, out: struct pil_tee_processor each */
#define PIL_TEE_RPROC_STATE	 0x101 /* out: p1: a: PIL_TEE_STATE_..., b: PIL_TEE_STATE_IS_... bits */
#define PIL_TEE_RPROC_REGIONS	 0x102 /* p1: memory, out: struct pil_tee_region each */
#define PIL_TEE_RPROC_ATTACH	 0x103 /* a processor that runs already is this session's */
#define PIL_TEE_RPROC_DETACH	 0x104 /* it is nobody's again, and goes on running */
#define PIL_TEE_RPROC_GRANT	 0x105 /* kernel-managed: held, and its memory is the host's to write */
#define PIL_TEE_RPROC_RUN	 0x106 /* kernel-managed: p1: a, b: entry point, as the processor sees it */

/* who manages a processor */
#define PIL_TEE_DISABLED    0
#define PIL_TEE_MANAGED	    1 /* by the TEE: signed images only */
#define PIL_TEE_KERNEL	    2 /* by the host, in memory that is the host's */
#define PIL_TEE_SECURE_ONLY 3 /* by the TEE, for itself: the host may only see that it is there */

#define PIL_TEE_STATE_OFF	0
#define PIL_TEE_STATE_LOADED	1
#define PIL_TEE_STATE_RUNNING	2
#define PIL_TEE_STATE_CRASHED	3
#define PIL_TEE_STATE_INHERITED 4 /* runs since before this host, or was detached */

#define PIL_TEE_STATE_IS_READY 0x1

/* flags of a region */
#define PIL_TEE_REGION_HOST   0x1 /* the host may access it now */
#define PIL_TEE_REGION_SHARED 0x2 /* for communication: the host may split it */
#define PIL_TEE_REGION_CODE   0x4 /* the processor may execute it */

#define PIL_TEE_NAME	    16
#define PIL_TEE_REGION_NAME 24

/**
 * struct pil_tee_processor - a processor that the service has
 * @id:        in all commands
 * @ownership: PIL_TEE_DISABLED ... PIL_TEE_SECURE_ONLY
 * @state:     PIL_TEE_STATE_...
 * @flags:     PIL_TEE_STATE_IS_... bits
 * @name:      ends with a zero
 */
struct pil_tee_processor {
#ifdef PIL_TEE_LINUX
	__le32 id, ownership, state, flags;
#else
	uint32_t id, ownership, state, flags;
#endif
	char name[PIL_TEE_NAME];
};

/**
 * struct pil_tee_region - memory of a processor
 * @name:  ends with a zero
 * @pa:    physical address
 * @da:    address that the processor sees
 * @size:  bytes
 * @flags: PIL_TEE_REGION_... bits
 * @reserved: 0
 */
struct pil_tee_region {
	char name[PIL_TEE_REGION_NAME];
#ifdef PIL_TEE_LINUX
	__le64 pa, da, size;
	__le32 flags, reserved;
#else
	uint64_t pa, da, size;
	uint32_t flags, reserved;
#endif
};

/* the events service: may block as long as the caller wants */
#define PIL_TEE_EVENTS_WAIT 0x1 /* p0: b: time-out in ms, 0: none; out: p1: a: PIL_TEE_EVENT_..., b: how many in all */

#define PIL_TEE_EVENT_NONE     0
#define PIL_TEE_EVENT_CRASHED  1
#define PIL_TEE_EVENT_WATCHDOG 2

#endif

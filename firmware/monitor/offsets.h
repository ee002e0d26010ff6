/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that assembly and C share; main.c asserts that they agree. */
#ifndef MONITOR_OFFSETS_H
#define MONITOR_OFFSETS_H

#define MON_MAX_CPUS	 12
#define MON_STACK_STRIDE 8192 /* guard page and stack */
#define MON_GATE_SHIFT	 7    /* 128 bytes for each gate: no cache line holds two */
#define MON_FRAME_SIZE	 272
#define MON_FRAME_ELR	 248

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that assembly, linker script and C share; main.c asserts that they agree. */
#ifndef HYPERVISOR_OFFSETS_H
#define HYPERVISOR_OFFSETS_H

#define HYP_STACK_STRIDE 8192 /* guard page and stack */
#define HYP_STACK_SIZE	 4096
#define HYP_MAX_CPUS	 12
#define HYP_FRAME_SIZE	 272
#define HYP_FRAME_ELR	 248

#endif

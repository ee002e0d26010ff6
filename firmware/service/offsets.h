/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that assembly, linker script and C share. */
#ifndef SERVICE_OFFSETS_H
#define SERVICE_OFFSETS_H

#define SERVICE_MAX_CPUS      12
#define SERVICE_GUARD	      4096
#define SERVICE_CPU_STACK     8192
#define SERVICE_THREAD_STACK  16384
#define SERVICE_CPU_STRIDE    (SERVICE_GUARD + SERVICE_CPU_STACK)
#define SERVICE_THREAD_STRIDE (SERVICE_GUARD + SERVICE_THREAD_STACK)
#define SERVICE_FRAME_SIZE    272

#endif

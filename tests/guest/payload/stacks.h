/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers for assembly and C. */
#ifndef PAYLOAD_STACKS_H
#define PAYLOAD_STACKS_H

#define PAYLOAD_CPUS  8
#define PAYLOAD_STACK 16384

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers for assembly and C. */
#ifndef DOOR_STACKS_H
#define DOOR_STACKS_H

#define DOOR_CPUS  8
#define DOOR_STACK 16384

#endif

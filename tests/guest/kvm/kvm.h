/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program for Linux and the program in its virtual machine agree on; for assembly, too. */
#ifndef GUEST_KVM_H
#define GUEST_KVM_H

#define KVM_MEMORY	0x80000000 /* the machine's memory, where its program begins */
#define KVM_MEMORY_SIZE 0x10000
#define KVM_REPORT	0x09000000 /* nothing is there: every word that is written to it ends KVM_RUN */
#define KVM_PATIENCE	100000	   /* turns of the machine's program between two words */
#define KVM_SEED	0x2545

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program for Linux and the programs in its virtual machine agree on; for assembly, too. */
#ifndef GUEST_KVM_H
#define GUEST_KVM_H

#define KVM_MEMORY 0x80000000 /* the machine's memory, where its program begins */
#define KVM_REPORT                                                                                                     \
	0x09000000	    /* the counting program's words go here, and Linux's characters: data register of a PL011 */
#define KVM_PATIENCE 100000 /* turns of the counting program between two words */
#define KVM_SEED     0x2545

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct kvm_exit - why the machine has stopped running */
struct kvm_exit {
	enum { KVM_WRITES, KVM_READS, KVM_SHUTDOWN, KVM_RESET } kind;
	uint64_t address; /* of an access */
	unsigned int length;
	uint64_t value; /* what is written */
};

/** struct machine - a virtual machine with one CPU; @bytes: its memory, as this program sees it */
struct machine {
	int64_t vm, vcpu;
	uint8_t *bytes;
	size_t size;
	volatile struct run *run;
};

/*
 * kvm.c: all of them end the program when KVM refuses something. machine_new(): @size bytes of memory, and a CPU;
 * machine_add_gic(): an interrupt controller, for a kernel; machine_start(): where the CPU begins, with what in x0;
 * machine_run(): until the next exit that is not answered in the kernel. Reads get 0, or
 * what machine_answer() says before the next run
 */
struct machine machine_new(size_t size);
void machine_add_gic(const struct machine *m);
void machine_start(const struct machine *m, uint64_t x0);
struct kvm_exit machine_run(const struct machine *m);
void machine_answer(const struct machine *m, uint8_t value);

/* count.c, boot.c: Return: status of the program. It counts @rounds, and goes on until there is a file @until */
int count_rounds(uint64_t rounds, const char *until);
int boot_linux(const char *image, const char *tree);

#endif

#endif

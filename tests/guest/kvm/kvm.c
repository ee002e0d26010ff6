/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the guest's Linux: makes a virtual machine with KVM, lets a small program run in it for argv[1] rounds, and checks every
 * word that it reports. It needs no C library.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm.h"
#include "user.h"

/* Linux's include/uapi: asm-generic/unistd.h, linux/kvm.h, asm/kvm.h of arm64 */
#define NR_ioctl  29
#define NR_openat 56
#define NR_mmap	  222

#define AT_FDCWD	  (-100)
#define O_RDWR		  2
#define PROT_READ_WRITE	  3
#define MAP_SHARED	  1
#define MAP_ANON_PRIVATE  0x22
#define KVM_API		  12
#define KVM_GET_API	  0xae00
#define KVM_CREATE_VM	  0xae01
#define KVM_GET_RUN_SIZE  0xae04
#define KVM_CREATE_VCPU	  0xae41
#define KVM_SET_MEMORY	  0x4020ae46
#define KVM_RUN		  0xae80
#define KVM_VCPU_INIT	  0x4020aeae
#define KVM_TARGET	  0x8020aeaf
#define KVM_SET_REG	  0x4010aeac
#define KVM_FEATURE_PSCI  (1u << 2)
#define KVM_REG_CORE	  UINT64_C(0x6030000000100000) /* 64 bit; number: offset in struct kvm_regs, in words of 32 bits */
#define KVM_REG_X0	  (KVM_REG_CORE | 0)
#define KVM_REG_PC	  (KVM_REG_CORE | 2 * 32)
#define KVM_REG_PSTATE	  (KVM_REG_CORE | 2 * 33)
#define PSTATE_EL1H	  UINT64_C(0x3c5)
#define EXIT_MMIO	  6
#define EXIT_SYSTEM_EVENT 24
#define EVENT_SHUTDOWN	  1
#define EINTR		  4

#define CURRENT_EL1 4u

/** struct memory_slot, struct vcpu_target, struct one_reg - arguments of KVM's calls */
struct memory_slot {
	uint32_t slot, flags;
	uint64_t place, size, user;
};
struct vcpu_target {
	uint32_t target, features[7];
};
struct one_reg {
	uint64_t id, value;
};

/** struct run - the beginning of struct kvm_run, as far as it is read here */
struct run {
	uint8_t request[8];
	uint32_t exit;
	uint8_t state[20];
	union {
		struct {
			uint64_t address;
			uint8_t data[8];
			uint32_t length;
			uint8_t is_write;
		} mmio;
		uint32_t event;
	};
};

_Static_assert(offsetof(struct run, mmio) == 32, "struct kvm_run");

extern const uint8_t machine[], machine_end[];

_Noreturn void kvm_main(const uint64_t *stack);

static int64_t control(int64_t fd, uint64_t request, uint64_t argument, const char *what)
{
	int64_t result = call(NR_ioctl, fd, (int64_t)request, (int64_t)argument, 0, 0, 0);

	if (result < 0)
		fail(what);
	return result;
}

static void set_register(int64_t vcpu, uint64_t id, uint64_t value)
{
	struct one_reg reg = { id, (uint64_t)&value };

	control(vcpu, KVM_SET_REG, (uint64_t)&reg, "kvm: a register cannot be set\n");
}

static void add_memory(int64_t vm)
{
	int64_t at = call(NR_mmap, 0, KVM_MEMORY_SIZE, PROT_READ_WRITE, MAP_ANON_PRIVATE, -1, 0);
	struct memory_slot slot = { 0, 0, KVM_MEMORY, KVM_MEMORY_SIZE, (uint64_t)at };
	volatile uint8_t *bytes = (volatile uint8_t *)at;

	if (at < 0)
		fail("kvm: no memory\n");
	for (size_t i = 0; i < (size_t)(machine_end - machine); i++)
		bytes[i] = machine[i];
	/* that the machine fetches what was written here is KVM's business */
	control(vm, KVM_SET_MEMORY, (uint64_t)&slot, "kvm: the machine's memory is refused\n");
}

static volatile struct run *add_vcpu(int64_t kvm, int64_t vm, uint64_t rounds, int64_t *vcpu)
{
	int64_t size = control(kvm, KVM_GET_RUN_SIZE, 0, "kvm: size of the shared page\n"), at = 0;
	struct vcpu_target target = { 0 };

	control(vm, KVM_TARGET, (uint64_t)&target, "kvm: no CPU is preferred\n");
	target.features[0] |= KVM_FEATURE_PSCI;
	*vcpu = control(vm, KVM_CREATE_VCPU, 0, "kvm: no CPU\n");
	control(*vcpu, KVM_VCPU_INIT, (uint64_t)&target, "kvm: the CPU is refused\n");
	set_register(*vcpu, KVM_REG_X0, rounds);
	set_register(*vcpu, KVM_REG_PC, KVM_MEMORY);
	set_register(*vcpu, KVM_REG_PSTATE, PSTATE_EL1H);
	at = call(NR_mmap, 0, size, PROT_READ_WRITE, MAP_SHARED, *vcpu, 0);
	if (at < 0)
		fail("kvm: the shared page cannot be mapped\n");
	return (volatile struct run *)at;
}

/* the same as the machine's program does */
static uint64_t after_a_round(uint64_t x)
{
	for (unsigned int i = 0; i < KVM_PATIENCE; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

/* the next word that the machine reports; false: it has switched itself off */
static bool next_word(int64_t vcpu, volatile struct run *run, uint64_t *word)
{
	int64_t result = 0;

	do
		result = call(NR_ioctl, vcpu, KVM_RUN, 0, 0, 0, 0);
	while (result == -EINTR);
	if (result < 0)
		fail("kvm: the machine does not run\n");
	if (run->exit == EXIT_SYSTEM_EVENT && run->event == EVENT_SHUTDOWN)
		return false;
	if (run->exit != EXIT_MMIO || !run->mmio.is_write || run->mmio.length != 8 || run->mmio.address != KVM_REPORT)
		fail("kvm: the machine ended in a way that its program does not know\n");
	*word = *(const volatile uint64_t *)run->mmio.data;
	return true;
}

static uint64_t number(const char *text)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return *text ? 0 : value;
}

void kvm_main(const uint64_t *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	uint64_t rounds = stack[0] == 2 ? number(argv[1]) : 0, expected = KVM_SEED, word = 0;
	int64_t kvm = call(NR_openat, AT_FDCWD, (int64_t) "/dev/kvm", O_RDWR, 0, 0, 0), vm = 0, vcpu = 0;
	volatile struct run *run = NULL;

	if (!rounds)
		fail("usage: kvm ROUNDS\n");
	if (kvm < 0 || call(NR_ioctl, kvm, KVM_GET_API, 0, 0, 0, 0) != KVM_API)
		fail("kvm: /dev/kvm cannot be opened, or is none\n");
	vm = control(kvm, KVM_CREATE_VM, 0, "kvm: no machine\n");
	add_memory(vm);
	run = add_vcpu(kvm, vm, rounds, &vcpu);
	if (!next_word(vcpu, run, &word) || word != CURRENT_EL1)
		fail("kvm: the machine is not at EL1\n");
	for (uint64_t i = 0; i < rounds; i++) {
		expected = after_a_round(expected);
		if (!next_word(vcpu, run, &word) || word != expected)
			fail("kvm: the machine reports a wrong word\n");
	}
	if (next_word(vcpu, run, &word))
		fail("kvm: the machine goes on\n");
	say(1, "kvm: every word was right, and the machine switched itself off\n");
	end(0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A program for the guest's Linux that makes a virtual machine with KVM and lets something run in it. It needs no C library. */
#include "kvm.h"
#include "user.h"

/* Linux's include/uapi: asm-generic/unistd.h, linux/kvm.h, asm/kvm.h of arm64 */
#define NR_ioctl  29
#define NR_openat 56
#define NR_mmap	  222

#define AT_FDCWD	 (-100)
#define O_RDWR		 2
#define PROT_READ_WRITE	 3
#define MAP_SHARED	 1
#define MAP_ANON_PRIVATE 0x22
#define KVM_API		 12
#define KVM_GET_API	 0xae00
#define KVM_CREATE_VM	 0xae01
#define KVM_GET_RUN_SIZE 0xae04
#define KVM_CREATE_VCPU	 0xae41
#define KVM_SET_MEMORY	 0x4020ae46
#define KVM_RUN		 0xae80
#define KVM_SET_REG	 0x4010aeac
#define KVM_VCPU_INIT	 0x4020aeae
#define KVM_TARGET	 0x8020aeaf
#define KVM_NEW_DEVICE	 0xc00caee0
#define KVM_SET_ATTR	 0x4018aee1
#define KVM_FEATURE_PSCI (1u << 2)
#define KVM_REG_CORE	 UINT64_C(0x6030000000100000) /* of 64 bits; plus: offset in struct kvm_regs, in words of 32 bits */
#define KVM_REG_X0	 (KVM_REG_CORE | 0)
#define KVM_REG_PC	 (KVM_REG_CORE | 2 * 32)
#define KVM_REG_PSTATE	 (KVM_REG_CORE | 2 * 33)
#define PSTATE_EL1H	 UINT64_C(0x3c5)
#define EXIT_MMIO	 6
#define EXIT_EVENT	 24
#define EVENT_SHUTDOWN	 1
#define EVENT_RESET	 2
#define EINTR		 4

/* the interrupt controller: device, groups and attributes, and where machine.dts has it */
#define GIC_V3	      7
#define GIC_ADDRESS   0
#define GIC_CONTROL   4
#define GIC_DIST      2
#define GIC_REDIST    3
#define GIC_INIT      0
#define GIC_DIST_AT   UINT64_C(0x08000000)
#define GIC_REDIST_AT UINT64_C(0x080a0000)

/** struct memory_slot, struct vcpu_target, struct one_reg, struct new_device, struct attribute - arguments of KVM's calls */
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
struct new_device {
	uint32_t type, fd, flags;
};
struct attribute {
	uint32_t flags, group;
	uint64_t number, value;
};

/** struct run - the beginning of struct kvm_run, as far as it is used here */
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

_Noreturn void kvm_main(const uint64_t *stack);

static int64_t control(int64_t fd, uint64_t request, uint64_t argument, const char *what)
{
	int64_t result = call(NR_ioctl, fd, (int64_t)request, (int64_t)argument, 0, 0, 0);

	if (result < 0)
		fail(what);
	return result;
}

static int64_t map(int64_t size, int64_t flags, int64_t fd)
{
	int64_t at = call(NR_mmap, 0, size, PROT_READ_WRITE, flags, fd, 0);

	if (at < 0)
		fail("kvm: memory cannot be mapped\n");
	return at;
}

static void set_register(int64_t vcpu, uint64_t id, uint64_t value)
{
	struct one_reg reg = { id, (uint64_t)&value };

	control(vcpu, KVM_SET_REG, (uint64_t)&reg, "kvm: a register cannot be set\n");
}

static void add_memory(struct machine *m, size_t size)
{
	struct memory_slot slot = { 0, 0, KVM_MEMORY, size, 0 };

	m->bytes = (uint8_t *)map((int64_t)size, MAP_ANON_PRIVATE, -1);
	m->size = size;
	slot.user = (uint64_t)m->bytes;
	control(m->vm, KVM_SET_MEMORY, (uint64_t)&slot, "kvm: the machine's memory is refused\n");
}

struct machine machine_new(size_t size)
{
	int64_t kvm = call(NR_openat, AT_FDCWD, (int64_t) "/dev/kvm", O_RDWR, 0, 0, 0);
	struct vcpu_target target = { 0 };
	struct machine m = { 0 };

	if (kvm < 0 || call(NR_ioctl, kvm, KVM_GET_API, 0, 0, 0, 0) != KVM_API)
		fail("kvm: /dev/kvm cannot be opened, or is none\n");
	m.vm = control(kvm, KVM_CREATE_VM, 0, "kvm: no machine\n");
	add_memory(&m, size);
	control(m.vm, KVM_TARGET, (uint64_t)&target, "kvm: no CPU is preferred\n");
	target.features[0] |= KVM_FEATURE_PSCI;
	m.vcpu = control(m.vm, KVM_CREATE_VCPU, 0, "kvm: no CPU\n");
	control(m.vcpu, KVM_VCPU_INIT, (uint64_t)&target, "kvm: the CPU is refused\n");
	m.run = (volatile struct run *)map(control(kvm, KVM_GET_RUN_SIZE, 0, "kvm: size of the shared page\n"),
					   MAP_SHARED, m.vcpu);
	return m;
}

static void set_attribute(int64_t device, uint32_t group, uint64_t number, const uint64_t *value)
{
	struct attribute a = { 0, group, number, (uint64_t)value };

	control(device, KVM_SET_ATTR, (uint64_t)&a, "kvm: the interrupt controller is refused\n");
}

void machine_add_gic(const struct machine *m)
{
	const uint64_t dist = GIC_DIST_AT, redist = GIC_REDIST_AT;
	struct new_device d = { GIC_V3, 0, 0 };

	control(m->vm, KVM_NEW_DEVICE, (uint64_t)&d, "kvm: no interrupt controller\n");
	set_attribute(d.fd, GIC_ADDRESS, GIC_DIST, &dist);
	set_attribute(d.fd, GIC_ADDRESS, GIC_REDIST, &redist);
	set_attribute(d.fd, GIC_CONTROL, GIC_INIT, NULL);
}

void machine_start(const struct machine *m, uint64_t x0)
{
	set_register(m->vcpu, KVM_REG_X0, x0);
	set_register(m->vcpu, KVM_REG_PC, KVM_MEMORY);
	set_register(m->vcpu, KVM_REG_PSTATE, PSTATE_EL1H);
}

static struct kvm_exit access_of(volatile struct run *run)
{
	struct kvm_exit e = { .kind = run->mmio.is_write ? KVM_WRITES : KVM_READS };

	e.address = run->mmio.address;
	e.length = run->mmio.length;
	for (unsigned int i = 0; i < 8; i++) {
		if (e.kind == KVM_READS)
			run->mmio.data[i] = 0;
		else if (i < e.length)
			e.value |= (uint64_t)run->mmio.data[i] << 8 * i;
	}
	return e;
}

/* @what and a number of up to three digits */
static _Noreturn void fail_with(const char *what, uint64_t number)
{
	const char digits[] = { (char)('0' + number / 100 % 10), (char)('0' + number / 10 % 10),
				(char)('0' + number % 10), '\n', 0 };

	say(2, what);
	fail(digits);
}

struct kvm_exit machine_run(const struct machine *m)
{
	int64_t result = 0;

	do
		result = call(NR_ioctl, m->vcpu, KVM_RUN, 0, 0, 0, 0);
	while (result == -EINTR);
	if (result < 0)
		fail_with("kvm: the machine does not run: error ", (uint64_t)-result);
	if (m->run->exit == EXIT_MMIO)
		return access_of(m->run);
	if (m->run->exit != EXIT_EVENT || (m->run->event != EVENT_SHUTDOWN && m->run->event != EVENT_RESET))
		fail("kvm: the machine ended in a way that nobody knows\n");
	return (struct kvm_exit){ .kind = m->run->event == EVENT_RESET ? KVM_RESET : KVM_SHUTDOWN };
}

void machine_answer(const struct machine *m, uint8_t value)
{
	m->run->mmio.data[0] = value;
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

	if (stack[0] != 3)
		fail("usage: kvm ROUNDS UNTIL\n       kvm IMAGE TREE\n");
	if (number(argv[1]))
		end(count_rounds(number(argv[1]), argv[2]));
	end(boot_linux(argv[1], argv[2]));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A Linux in a virtual machine, until it resets itself; what it prints goes to standard output. */
#include "kvm.h"
#include "user.h"

#define NR_openat 56
#define NR_read	  63
#define AT_FDCWD  (-100)

#define MEMORY	 0x10000000u /* as machine.dts has it */
#define TREE	 0x08000000u /* behind the kernel */
#define UART_END (KVM_REPORT + UINT64_C(0x1000))

static void load(const struct machine *m, const char *path, size_t at, size_t room)
{
	int64_t fd = call(NR_openat, AT_FDCWD, (int64_t)path, 0, 0, 0, 0), got = 1;

	if (fd < 0)
		fail("kvm: a file cannot be opened\n");
	while (got > 0 && room) {
		got = call(NR_read, fd, (int64_t)(m->bytes + at), (int64_t)room, 0, 0, 0);
		at += got > 0 ? (size_t)got : 0;
		room -= got > 0 ? (size_t)got : 0;
	}
	if (got)
		fail("kvm: a file cannot be read, or is too long\n");
}

/* whole lines, so that nobody cuts one */
static void print(char c)
{
	static char line[512];
	static size_t length;

	line[length++] = c;
	if (c != '\n' && length < sizeof(line))
		return;
	call(NR_write, 1, (int64_t)line, (int64_t)length, 0, 0, 0);
	length = 0;
}

int boot_linux(const char *image, const char *tree)
{
	struct machine m = machine_new(MEMORY);
	struct kvm_exit e = { 0 };

	load(&m, image, 0, TREE);
	load(&m, tree, TREE, MEMORY - TREE);
	machine_add_gic(&m);
	machine_start(&m, (uint64_t)KVM_MEMORY + TREE);
	for (;;) {
		e = machine_run(&m);
		if (e.kind == KVM_RESET)
			break;
		if (e.kind == KVM_SHUTDOWN || e.address < KVM_REPORT || e.address >= UART_END)
			fail("kvm: Linux does what it should not\n");
		if (e.kind == KVM_WRITES && e.address == KVM_REPORT)
			print((char)e.value);
	}
	say(1, "kvm: Linux has reset its machine\n");
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program for the guest's Linux: loads another kernel, its device tree and its first file system for the places that QEMU's loader
 * uses (argv: the three files), or starts what was loaded (no arguments). It needs no C library.
 */
#include <stddef.h>
#include <stdint.h>

#include <virt/platform.h>

#include "user.h"

/* Linux's include/uapi: asm-generic/unistd.h, linux/kexec.h, linux/reboot.h */
#define NR_openat     56
#define NR_lseek      62
#define NR_kexec_load 104
#define NR_reboot     142
#define NR_mmap	      222

#define AT_FDCWD	 (-100)
#define SEEK_END	 2
#define PROT_READ	 1
#define MAP_PRIVATE	 2
#define KEXEC_ARCH_ARM64 (183u << 16)
#define REBOOT_MAGIC1	 0xfee1dead
#define REBOOT_MAGIC2	 672274793
#define REBOOT_KEXEC	 0x45584543

#define JUMP_PLACE (VIRT_DTB + 0x200000) /* behind the longest device tree */
#define PAGE	   4096u
#define IMAGE_SIZE                                                                                                     \
	16 /* in the head of an Image: bytes that it takes in memory (Documentation/arch/arm64/booting.rst) */

/** struct segment - of kexec_load(2) */
struct segment {
	const void *bytes;
	size_t size;
	uint64_t place;
	size_t room;
};

extern const char jump[], jump_end[];

_Noreturn void kexec_main(const uint64_t *stack);

static struct segment file(const char *path, uint64_t place)
{
	struct segment s = { .place = place };
	int64_t fd = call(NR_openat, AT_FDCWD, (int64_t)path, 0, 0, 0, 0), size = 0, at = 0;

	size = fd < 0 ? 0 : call(NR_lseek, fd, 0, SEEK_END, 0, 0, 0);
	if (size <= 0)
		fail("kexec: a file cannot be opened, or is empty\n");
	at = call(NR_mmap, 0, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at < 0)
		fail("kexec: a file cannot be mapped\n");
	s.bytes = (const void *)at;
	s.size = (size_t)size;
	s.room = (s.size + PAGE - 1) & ~(size_t)(PAGE - 1);
	return s;
}

static _Noreturn void load(const char *image, const char *tree, const char *initrd)
{
	struct segment s[4] = { { 0 } };
	uint64_t runs = 0;

	s[0] = file(image, VIRT_KERNEL);
	s[1] = file(tree, VIRT_DTB);
	s[2] = file(initrd, VIRT_INITRD);
	s[3] = (struct segment){ jump, (size_t)(jump_end - jump), JUMP_PLACE, PAGE };
	if (s[0].size < PAGE)
		fail("kexec: that is no Image\n");
	runs = *(const uint64_t *)((const char *)s[0].bytes + IMAGE_SIZE);
	if (runs > s[0].room)
		s[0].room = (runs + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	if (call(NR_kexec_load, JUMP_PLACE, 4, (int64_t)s, KEXEC_ARCH_ARM64, 0, 0))
		fail("kexec: the kernel does not take it\n");
	end(0);
}

void kexec_main(const uint64_t *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);

	if (stack[0] == 4)
		load(argv[1], argv[2], argv[3]);
	if (stack[0] != 1)
		fail("usage: kexec [IMAGE TREE INITRD]\n");
	call(NR_reboot, REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT_KEXEC, 0, 0, 0);
	fail("kexec: no kernel was loaded\n");
}

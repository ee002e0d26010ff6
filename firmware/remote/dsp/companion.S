/* SPDX-License-Identifier: BSD-2-Clause */
/* The companion of a remote program: a compiled device tree as an ELF file, data only. TREE names it. */
	.section .rodata.tree, "a"
	.balign	8
	.global	tree
tree:
	.incbin	TREE
	.size	tree, . - tree
	.type	tree, %object

/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRT_MACHINE_TREE_H
#define VIRT_MACHINE_TREE_H

#include <stddef.h>
#include <stdint.h>

/**
 * machine_tree_memory() - the first memory bank that a flattened device tree names (Devicetree Specification 0.4, chapter 5)
 * @tree: the tree; read within @max bytes, whatever it says of itself
 * @max:  bytes that may be read
 * @base: result
 * @size: result, in bytes
 *
 * Looks for `reg` in the node `memory@...` below the root, with two cells for address and size.
 *
 * Return: 0, or -1 when there is no such tree or no such node
 */
int machine_tree_memory(const void *tree, size_t max, uint64_t *base, uint64_t *size);

#endif

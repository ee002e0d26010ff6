/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PTA_TREE_H
#define PTA_TREE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Who manages the processor @id, named @name, by the tree @fdt, or NULL when there is none: PIL_TEE_DISABLED ... PIL_TEE_SECURE_ONLY. A
 * processor without a node is disabled.
 */
uint32_t tree_ownership(const void *fdt, uint32_t id, const char *name);

#endif

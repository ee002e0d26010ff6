/* SPDX-License-Identifier: BSD-2-Clause */
/* What the shim believes of its orders: data in, data out, so that it is the same in the shim and in a test. */
#ifndef SHIM_ORDERS_H
#define SHIM_ORDERS_H

#include <stdbool.h>

#include <pilot/wire/shim.h>

/**
 * shim_orders_fault() - what is wrong with the orders
 * @c:      the orders; they come from the secure world, so this finds its mistakes
 * @secure: the shim runs in the Secure state
 *
 * Return: NULL, or a few words that name what is wrong
 */
const char *shim_orders_fault(const struct pil_shim_config *c, bool secure);

#endif

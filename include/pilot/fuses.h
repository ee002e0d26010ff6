/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PILOT_FUSES_H
#define PILOT_FUSES_H

#include <stddef.h>

#include <pilot/auth.h>

/**
 * pil_fuses_parse() - read a fuse block (include/pilot/wire/fuses.h)
 * @data:   its bytes
 * @size:   how many; more than the block is fine
 * @device: result
 * @why:    reason of a failure, or NULL
 *
 * Return: 0; -PIL_ETRUNC (TRUNCATED); -PIL_EFORMAT (FUSES_MAGIC, FUSES_ROOTS); -PIL_EVERSION (FUSES_VERSION)
 */
int pil_fuses_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why);

#endif

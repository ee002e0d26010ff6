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
 * The block is checked strictly: root hashes that count are not zero and the others are, the bits of roots name only those
 * that are there, life cycle and debug policy are known and go together, reserved words are 0.
 *
 * Return: 0; -PIL_ETRUNC (TRUNCATED); -PIL_EFORMAT (FUSES_MAGIC, FUSES_ROOTS, FUSES_ROOT_BITS, FUSES_ROOT_HASH, FUSES_LIFE,
 * FUSES_DEBUG, FUSES_RESERVED); -PIL_EVERSION (FUSES_VERSION). On failure @device is all zero.
 */
int pil_fuses_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why);

/**
 * pil_fuses_keys_parse() - read which key signs containers, from behind the fuse block (struct pil_fuses_keys)
 * @data:   the fuse block and what follows it
 * @size:   how many bytes; with fewer than both have there are no keys
 * @device: filled by pil_fuses_parse(); its @has_key, @key_hash and @loose_containers are set here
 * @why:    reason of a failure, or NULL
 *
 * Return: 0, also when there are none; -PIL_EFORMAT (FUSES_MAGIC, FUSES_KEY_HASH, FUSES_KEY_POLICY), -PIL_EVERSION (FUSES_VERSION):
 * @device has no key
 */
int pil_fuses_keys_parse(const void *data, size_t size, struct pil_device *device, struct pil_why *why);

/** pil_life_name() - name of a life cycle. Return: "open", "secure" or "rma"; "?" for a number that is none */
const char *pil_life_name(enum pil_life life);

#endif

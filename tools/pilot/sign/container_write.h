/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing OP-TEE's remote-processor containers. */
#ifndef PILOT_TOOL_CONTAINER_WRITE_H
#define PILOT_TOOL_CONTAINER_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include <pilot/container.h>
#include <pilot/wire/container.h>

#include "sign/signer.h"

/**
 * struct container_key - who signs containers
 * @signer: private key, or a command that has it
 * @public: public key, RSA with 2048 to 4096 bits or EC on P-256; what @signer has is the same key where it has one
 * @scheme: what follows from the key
 */
struct container_key {
	struct signer signer;
	EVP_PKEY *public;
	enum scheme scheme;
};

/**
 * struct container_plan - what a container is to hold
 * @key:     who signs
 * @image:   ELF files
 * @count:   how many
 * @processor, @version: see struct pil_container
 * @old:     header and TLVs of the container that this one replaces; its TLVs of types that mean nothing here are kept
 */
struct container_plan {
	const struct container_key *key;
	const struct pil_bytes *image;
	unsigned int count;
	uint32_t processor, version;
	struct pil_bytes old;
};

/* make a container in fresh memory; returns an enum status, after a complaint unless it is STATUS_OK */
int container_write(const struct container_plan *plan, uint8_t **data, size_t *size);

#endif

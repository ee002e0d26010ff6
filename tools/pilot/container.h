/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE's remote-processor containers: show, verify, write. */
#ifndef PILOT_TOOL_CONTAINER_H
#define PILOT_TOOL_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include <pilot/container.h>

#include "pilot.h"
#include "verify_report.h"

/**
 * struct container_questions - what "pilot image verify" is to ask of a container
 * @key, @key_size: trusted public key, SubjectPublicKeyInfo in DER, to be released with OPENSSL_free(); NULL: none
 * @use_key_hash, @key_hash: SHA-384 of the trusted public key
 * @processor, @version, @strict: as in struct pil_container_policy
 * @processor_id, @least_version: their numbers
 */
struct container_questions {
	uint8_t *key;
	size_t key_size;
	bool use_key_hash;
	bool processor, version, strict;
	uint8_t key_hash[PIL_KEY_HASH_SIZE];
	uint32_t processor_id, least_version;
};

struct format_report;

/* struct image_format */
int container_show(const char *path, json_t *images);
enum verdict container_verify(const char *path, const struct container_questions *q, const struct pil_crypto *crypto,
			      struct format_report *to);

/* "RSA with 2048 bits, PKCS#1 v1.5 with SHA-256", ...; fills @text, which has at least 64 characters */
const char *container_scheme(const struct pil_container *c, const struct pil_cert *key, char *text);

/* read a public key, PEM or DER, or that of a certificate or private key in PEM; DER in fresh memory, NULL after a
 * complaint */
uint8_t *public_key_read(const char *path, size_t *size);

/**
 * struct container_plan - what a container is to hold
 * @key:     private key: RSA with 2048 to 4096 bits, or EC on P-256
 * @images:  ELF32 files
 * @count:   how many
 * @processor, @version: see struct pil_container
 */
struct container_plan {
	EVP_PKEY *key;
	const struct file *images;
	unsigned int count;
	uint32_t processor, version;
};

/* make a container in fresh memory of *@size bytes; NULL after a complaint */
uint8_t *container_write(const struct container_plan *plan, size_t *size);

#endif

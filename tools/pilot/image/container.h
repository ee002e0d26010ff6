/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE's remote-processor containers: show, verify. */
#ifndef PILOT_TOOL_CONTAINER_H
#define PILOT_TOOL_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/container.h>
#include <pilot/plan.h>

#include "pilot.h"
#include "image/verify_report.h"

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

int container_plan(const char *path, struct pil_range where, bool json);

/* "RSA with 2048 bits, PKCS#1 v1.5 with SHA-256", ...; fills @text, which has at least 64 characters */
const char *container_scheme(const struct pil_container *c, const struct pil_cert *key, char *text);

#endif

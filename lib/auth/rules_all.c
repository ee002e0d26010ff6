/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that the field uses, for looking at images offline (docs/SPEC.md section 3.4). */
#include <string.h>

#include "auth.h"

#define ID_SIZE	  8u
#define HASH_SIZE 32u

/* RSA: as many bytes as the modulus has */
static size_t cut_rsa(struct pil_bytes field, const struct pil_cert *leaf)
{
	const size_t size = (leaf->key_bits + 7u) / 8u;

	return field.size < size ? 0 : size;
}

/* SHA-256 over an id, most significant byte first, each xored with @pad, and the digest that it wraps */
static int wrap(const struct pil_crypto *crypto, uint64_t id, uint8_t pad, uint8_t *digest, struct pil_why *why)
{
	uint8_t block[ID_SIZE + HASH_SIZE] = { 0 };
	unsigned int i = 0;

	for (i = 0; i < ID_SIZE; i++)
		block[i] = (uint8_t)(id >> (8 * (ID_SIZE - 1 - i))) ^ pad;
	memcpy(block + ID_SIZE, digest, HASH_SIZE);
	return pil_hash_once(crypto, PIL_SHA256, block, sizeof(block), digest, why);
}

/* The ids of the leaf are hashed around the digest, in the shape of an HMAC whose key they are. */
static int bind_ids(const struct pil_cert *leaf, const struct pil_crypto *crypto, uint8_t *digest, struct pil_why *why)
{
	struct pil_mbn_binding b = { 0 };
	int ret = pil_auth_leaf_binding(leaf, &b, why);

	if (ret)
		return ret;
	if (!b.leaf_has_sw_id || !b.leaf_has_hw_id)
		return pil_fail(why, PIL_R_LEAF_FIELD, b.leaf_has_sw_id ? 2 : 1, 0);
	ret = wrap(crypto, b.leaf_sw_id, 0x36, digest, why);
	return ret ? ret : wrap(crypto, b.leaf_hw_id, 0x5c, digest, why);
}

static const struct pil_scheme_row rows[] = {
	{ PIL_KEY_EC_P384, PIL_SIG_ECDSA_SHA384, PIL_SIG_ECDSA_SHA384, PIL_SHA384, pil_scheme_cut_der, NULL },
	{ PIL_KEY_EC_P256, PIL_SIG_ECDSA_SHA256, PIL_SIG_ECDSA_SHA256, PIL_SHA256, pil_scheme_cut_der, NULL },
	{ PIL_KEY_RSA, PIL_SIG_RSA_PSS_SHA256, PIL_SIG_RSA_PSS_SHA256, PIL_SHA256, cut_rsa, NULL },
	{ PIL_KEY_RSA, PIL_SIG_RSA_PKCS1_SHA256, PIL_SIG_RSA_RAW, PIL_SHA256, cut_rsa, bind_ids },
};

static const struct pil_auth_schemes schemes = {
	.row = rows,
	.rows = sizeof(rows) / sizeof(rows[0]),
	.cert_algs = 1u << PIL_SIG_ECDSA_SHA384 | 1u << PIL_SIG_ECDSA_SHA256 | 1u << PIL_SIG_RSA_PSS_SHA256 |
		     1u << PIL_SIG_RSA_PSS_SHA384 | 1u << PIL_SIG_RSA_PKCS1_SHA256,
	.keys = 1u << PIL_KEY_EC_P384 | 1u << PIL_KEY_EC_P256 | 1u << PIL_KEY_RSA,
};

const struct pil_auth_rules pil_auth_rules_all = {
	.schemes = &schemes,
	.leaf_binding = pil_auth_leaf_binding,
	.least_version = 3,
	.least_digest = PIL_SHA256,
	.max_roots = PIL_MAX_ROOTS,
	.countersigned = true,
	.any_key_usage = true,
	.empty_entries = true,
};

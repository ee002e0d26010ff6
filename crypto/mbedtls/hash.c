/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests with Mbed TLS, and the back end's table. A digest needs no memory but struct pil_hash. */
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "mbedtls.h"

union state {
	uint64_t words[sizeof(((struct pil_hash *)0)->opaque) / sizeof(uint64_t)];
	mbedtls_sha256_context sha256;
	mbedtls_sha512_context sha512;
};

_Static_assert(sizeof(union state) == sizeof(((struct pil_hash *)0)->opaque), "a digest's state fits");

static union state *state_of(struct pil_hash *hash)
{
	return (union state *)(void *)hash->opaque;
}

static int check(int ret, struct pil_why *why)
{
	return ret == 0 ? 0 : pil_fail(why, PIL_R_CRYPTO_INTERNAL, (uint64_t)-(int64_t)ret, 0);
}

static int hash_init(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why)
{
	union state *state = state_of(hash);

	*hash = (struct pil_hash){ .alg = alg };
	switch (alg) {
	case PIL_SHA256:
		mbedtls_sha256_init(&state->sha256);
		return check(mbedtls_sha256_starts(&state->sha256, 0), why);
	case PIL_SHA384:
	case PIL_SHA512:
		mbedtls_sha512_init(&state->sha512);
		return check(mbedtls_sha512_starts(&state->sha512, alg == PIL_SHA384), why);
	case PIL_HASH_NONE:
		break;
	}
	return pil_fail(why, PIL_R_CRYPTO_ALGORITHM, (uint64_t)alg, 0);
}

static int hash_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	union state *state = state_of(hash);

	if (hash->alg == PIL_SHA256)
		return check(mbedtls_sha256_update(&state->sha256, data, size), why);
	return check(mbedtls_sha512_update(&state->sha512, data, size), why);
}

static int hash_final(struct pil_hash *hash, uint8_t *out, struct pil_why *why)
{
	union state *state = state_of(hash);
	int ret = 0;

	if (hash->alg == PIL_SHA256) {
		ret = out ? mbedtls_sha256_finish(&state->sha256, out) : 0;
		mbedtls_sha256_free(&state->sha256);
	} else {
		ret = out ? mbedtls_sha512_finish(&state->sha512, out) : 0;
		mbedtls_sha512_free(&state->sha512);
	}
	*hash = (struct pil_hash){ 0 };
	return check(ret, why);
}

const struct pil_crypto pil_crypto_mbedtls = {
	.name = "mbedtls",
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
	.cert_read = pil_mbed_cert_read,
	.key_read = pil_mbed_key_read,
	.verify = pil_mbed_verify,
};

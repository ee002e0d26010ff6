/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests with Mbed TLS, and the back end's table. A digest needs no memory but struct pil_hash. */
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "mbedtls.h"
#include "unit.h"

#define BLOCK_256 64u
#define BLOCK_512 128u

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

/* bytes until the library's buffer is empty again, of those that come */
static size_t head_of(uint64_t total, size_t block, size_t size)
{
	size_t head = (block - (size_t)(total % block)) % block;

	return head < size ? head : size;
}

/* the unit gets the whole blocks between what the library buffers before and behind them */
static int update_256(mbedtls_sha256_context *c, const uint8_t *data, size_t size)
{
	uint32_t *total = c->MBEDTLS_PRIVATE(total);
	size_t head = head_of(total[0], BLOCK_256, size), done = 0;
	int ret = mbedtls_sha256_update(c, data, head);
	uint64_t sum = 0;

	if (ret)
		return ret;
	done = head + BLOCK_256 * pil_mbedtls_sha256_unit(c->MBEDTLS_PRIVATE(state), data + head,
							  (size - head) / BLOCK_256);
	sum = ((uint64_t)total[1] << 32 | total[0]) + (done - head);
	total[0] = (uint32_t)sum;
	total[1] = (uint32_t)(sum >> 32);
	return mbedtls_sha256_update(c, data + done, size - done);
}

static int update_512(mbedtls_sha512_context *c, const uint8_t *data, size_t size)
{
	uint64_t *total = c->MBEDTLS_PRIVATE(total);
	size_t head = head_of(total[0], BLOCK_512, size), done = 0;
	int ret = mbedtls_sha512_update(c, data, head);

	if (ret)
		return ret;
	done = head + BLOCK_512 * pil_mbedtls_sha512_unit(c->MBEDTLS_PRIVATE(state), data + head,
							  (size - head) / BLOCK_512);
	total[0] += done - head;
	total[1] += total[0] < done - head;
	return mbedtls_sha512_update(c, data + done, size - done);
}

static int hash_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	union state *state = state_of(hash);

	if (hash->alg == PIL_SHA256)
		return check(update_256(&state->sha256, data, size), why);
	return check(update_512(&state->sha512, data, size), why);
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

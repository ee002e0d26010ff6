/* SPDX-License-Identifier: BSD-2-Clause */
/* RSA-PSS signatures that come out the same every time (RFC 8017 sections 8.1.1, 9.1.1 and B.2.1). */
#include <string.h>

#include <openssl/rsa.h>

#include "sign/signer.h"

#define HASH_SIZE 32u

static bool sha256(uint8_t out[HASH_SIZE], const void *data, size_t size)
{
	return EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL) == 1;
}

/* exclusive-or @mask with MGF1 of @seed */
static bool mask_with(uint8_t *mask, size_t size, const uint8_t seed[HASH_SIZE])
{
	uint8_t input[HASH_SIZE + 4] = { 0 };
	uint8_t block[HASH_SIZE] = { 0 };
	size_t i = 0;

	memcpy(input, seed, HASH_SIZE);
	for (i = 0; i < size; i++) {
		if (i % HASH_SIZE == 0) {
			input[HASH_SIZE + 2] = (uint8_t)(i / HASH_SIZE >> 8);
			input[HASH_SIZE + 3] = (uint8_t)(i / HASH_SIZE);
			if (!sha256(block, input, sizeof(input)))
				return false;
		}
		mask[i] ^= block[i % HASH_SIZE];
	}
	return true;
}

static bool make_salt(uint8_t salt[HASH_SIZE], const uint8_t digest[HASH_SIZE])
{
	uint8_t input[9 + HASH_SIZE] = "pilot pss";

	memcpy(input + 9, digest, HASH_SIZE);
	return sha256(salt, input, sizeof(input));
}

/* EMSA-PSS encoding for a modulus whose bits are a multiple of 8: @size bytes at @em */
static bool encode(uint8_t *em, size_t size, const uint8_t digest[HASH_SIZE])
{
	uint8_t message[8 + 2 * HASH_SIZE] = { 0 };
	size_t db_size = size - HASH_SIZE - 1;
	uint8_t *hash = em + db_size;

	memcpy(message + 8, digest, HASH_SIZE);
	if (!make_salt(message + 8 + HASH_SIZE, digest) || !sha256(hash, message, sizeof(message)))
		return false;
	memset(em, 0, db_size);
	em[db_size - HASH_SIZE - 1] = 1;
	memcpy(em + db_size - HASH_SIZE, message + 8 + HASH_SIZE, HASH_SIZE);
	if (!mask_with(em, db_size, hash))
		return false;
	em[0] &= 0x7f;
	em[size - 1] = 0xbc;
	return true;
}

bool pss_sign(EVP_PKEY *key, const uint8_t digest[32], uint8_t sig[PKI_SIG_MAX], size_t *size)
{
	uint8_t em[PKI_SIG_MAX] = { 0 };
	size_t length = (size_t)EVP_PKEY_get_size(key);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = false;

	*size = PKI_SIG_MAX;
	ok = ctx && length <= sizeof(em) && EVP_PKEY_get_bits(key) == (int)(8 * length) && encode(em, length, digest) &&
	     EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	     EVP_PKEY_sign(ctx, sig, size, em, length) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

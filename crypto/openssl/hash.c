/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests with OpenSSL 3, and the back end's table. */
#include <string.h>

#include <openssl/err.h>

#include "openssl.h"

static const EVP_MD *digest_of(enum pil_hash_alg alg)
{
	switch (alg) {
	case PIL_SHA256:
		return EVP_sha256();
	case PIL_SHA384:
		return EVP_sha384();
	case PIL_SHA512:
		return EVP_sha512();
	case PIL_HASH_NONE:
		break;
	}
	return NULL;
}

int pil_ossl_fail(struct pil_why *why)
{
	unsigned long code = ERR_peek_last_error();

	ERR_clear_error();
	if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
		return pil_fail(why, PIL_R_CRYPTO_MEMORY, 0, 0);
	return pil_fail(why, PIL_R_CRYPTO_INTERNAL, code, 0);
}

/* the context is pointed to from the first of the opaque words */
static EVP_MD_CTX *context(const struct pil_hash *hash)
{
	EVP_MD_CTX *ctx = NULL;

	memcpy(&ctx, hash->opaque, sizeof(ctx));
	return ctx;
}

int pil_ossl_hash_init(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why)
{
	const EVP_MD *md = digest_of(alg);
	EVP_MD_CTX *ctx = NULL;

	*hash = (struct pil_hash){ .alg = alg };
	if (!md)
		return pil_fail(why, PIL_R_CRYPTO_ALGORITHM, (uint64_t)alg, 0);
	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return pil_fail(why, PIL_R_CRYPTO_MEMORY, 0, 0);
	if (EVP_DigestInit_ex(ctx, md, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		return pil_ossl_fail(why);
	}
	memcpy(hash->opaque, &ctx, sizeof(ctx));
	return 0;
}

int pil_ossl_hash_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	return EVP_DigestUpdate(context(hash), data, size) == 1 ? 0 : pil_ossl_fail(why);
}

int pil_ossl_hash_final(struct pil_hash *hash, uint8_t *out, struct pil_why *why)
{
	EVP_MD_CTX *ctx = context(hash);
	int ok = 1;

	if (out)
		ok = EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
	*hash = (struct pil_hash){ 0 };
	return ok == 1 ? 0 : pil_ossl_fail(why);
}

const struct pil_crypto pil_crypto_openssl = {
	.name = "openssl",
	.hash_init = pil_ossl_hash_init,
	.hash_update = pil_ossl_hash_update,
	.hash_final = pil_ossl_hash_final,
	.cert_read = pil_ossl_cert_read,
	.key_read = pil_ossl_key_read,
	.verify = pil_ossl_verify,
};

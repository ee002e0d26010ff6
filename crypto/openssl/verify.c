/* SPDX-License-Identifier: BSD-2-Clause */
/* Does a signature fit a key? With OpenSSL 3. */
#include <limits.h>

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "../der.h"
#include "../scheme.h"
#include "openssl.h"

static int set_parameters(EVP_PKEY_CTX *ctx, const struct pil_scheme *scheme)
{
	const EVP_MD *md = scheme->hash == PIL_SHA384 ? EVP_sha384() : EVP_sha256();

	if (scheme->family == PIL_RSA_RAW)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING);
	if (EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return 0;
	if (scheme->family == PIL_ECDSA)
		return 1;
	if (scheme->family == PIL_RSA_PKCS1)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING);
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

/* 1 fits, 0 does not, negative: the library failed */
static int recover_and_compare(EVP_PKEY_CTX *ctx, struct pil_bytes digest, struct pil_bytes sig)
{
	uint8_t block[PIL_RSA_BITS_MAX / 8] = { 0 };
	size_t size = sizeof(block);

	if (EVP_PKEY_verify_recover(ctx, block, &size, sig.data, sig.size) != 1)
		return 0;
	return pil_raw_digest(block, size, digest.data, digest.size);
}

static int fits(EVP_PKEY *key, const struct pil_scheme *scheme, struct pil_bytes digest, struct pil_bytes sig)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool raw = scheme->family == PIL_RSA_RAW;
	int ret = -1;

	if (!ctx)
		return -1;
	if ((raw ? EVP_PKEY_verify_recover_init(ctx) : EVP_PKEY_verify_init(ctx)) != 1)
		goto out;
	if (set_parameters(ctx, scheme) != 1)
		goto out;
	if (raw)
		ret = recover_and_compare(ctx, digest, sig);
	else
		/* negative here means a malformed signature, which does not fit either */
		ret = EVP_PKEY_verify(ctx, sig.data, sig.size, digest.data, digest.size) == 1;
out:
	EVP_PKEY_CTX_free(ctx);
	return ret;
}

int pil_ossl_verify(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		    const uint8_t *sig, size_t sig_size, struct pil_why *why)
{
	const unsigned char *spki = signer->spki.data;
	const struct pil_scheme *scheme = NULL;
	EVP_PKEY *key = NULL;
	int ret = pil_scheme_check(signer, alg, digest_size, (struct pil_bytes){ sig, sig_size }, &scheme, why);

	if (ret)
		return ret;
	if (signer->spki.size > LONG_MAX)
		return pil_fail(why, PIL_R_CRYPTO_ALGORITHM, (uint64_t)alg, 0);
	key = d2i_PUBKEY(NULL, &spki, (long)signer->spki.size);
	if (!key)
		return pil_ossl_fail(why);
	ret = fits(key, scheme, (struct pil_bytes){ digest, digest_size }, (struct pil_bytes){ sig, sig_size });
	EVP_PKEY_free(key);
	if (ret < 0)
		return pil_ossl_fail(why);
	ERR_clear_error();
	return ret == 1 ? 0 : pil_fail(why, PIL_R_SIG_MISMATCH, digest_size, 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Schemes, and signing with a key that is here. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "pilot.h"
#include "sign/signer.h"

#define P256_FIELD 72u	/* longest DER form of a P-256 signature */
#define P384_FIELD 104u /* of a P-384 one */

enum scheme scheme_of(X509 *leaf)
{
	const struct pki_type *type = pki_type_of(X509_get0_pubkey(leaf));

	if (type && type->curve)
		return type->bits == 384 ? SCHEME_ECDSA_SHA384 : SCHEME_ECDSA_SHA256;
	return X509_get_signature_nid(leaf) == NID_sha256WithRSAEncryption ? SCHEME_RSA_RAW : SCHEME_RSA_PSS_SHA256;
}

const char *scheme_name(enum scheme scheme)
{
	static const char *const names[] = {
		[SCHEME_ECDSA_SHA384] = "ecdsa-sha384",		[SCHEME_ECDSA_SHA256] = "ecdsa-sha256",
		[SCHEME_RSA_PSS_SHA256] = "rsa-pss-sha256",	[SCHEME_RSA_RAW] = "rsa-raw",
		[SCHEME_RSA_PKCS1_SHA256] = "rsa-pkcs1-sha256",
	};

	return names[scheme];
}

bool scheme_is_ecdsa(enum scheme scheme)
{
	return scheme == SCHEME_ECDSA_SHA384 || scheme == SCHEME_ECDSA_SHA256;
}

enum pil_hash_alg scheme_hash(enum scheme scheme)
{
	return scheme == SCHEME_ECDSA_SHA384 ? PIL_SHA384 : PIL_SHA256;
}

size_t scheme_field(enum scheme scheme, EVP_PKEY *key)
{
	if (scheme == SCHEME_ECDSA_SHA384)
		return P384_FIELD;
	return scheme == SCHEME_ECDSA_SHA256 ? P256_FIELD : (size_t)EVP_PKEY_get_size(key);
}

/* a context that signs or verifies a digest as @scheme wants it */
static bool prepare(EVP_PKEY_CTX *ctx, enum scheme scheme)
{
	const EVP_MD *md = scheme_hash(scheme) == PIL_SHA384 ? EVP_sha384() : EVP_sha256();

	if (scheme == SCHEME_RSA_RAW)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	if (EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return false;
	/* PKCS#1 v1.5 is the library's default padding */
	if (scheme != SCHEME_RSA_PSS_SHA256)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

#ifdef OSSL_SIGNATURE_PARAM_NONCE_TYPE
/* RFC 6979: OpenSSL has it since 3.2 */
static bool make_deterministic(EVP_PKEY_CTX *ctx, enum scheme scheme)
{
	unsigned int type = 1;
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_uint(OSSL_SIGNATURE_PARAM_NONCE_TYPE, &type),
				      OSSL_PARAM_construct_end() };

	return !scheme_is_ecdsa(scheme) || EVP_PKEY_CTX_set_params(ctx, params) == 1;
}
#else
static bool make_deterministic(EVP_PKEY_CTX *ctx, enum scheme scheme)
{
	(void)ctx;
	(void)scheme;
	return true;
}
#endif

static bool sign_here(EVP_PKEY *key, enum scheme scheme, const uint8_t *digest, uint8_t *sig, size_t *size)
{
	EVP_PKEY_CTX *ctx = NULL;
	bool ok = false;

	if (scheme == SCHEME_RSA_PSS_SHA256)
		return pss_sign(key, digest, sig, size);
	ctx = EVP_PKEY_CTX_new(key, NULL);
	*size = PKI_SIG_MAX;
	ok = ctx && EVP_PKEY_sign_init(ctx) == 1 && prepare(ctx, scheme) && make_deterministic(ctx, scheme) &&
	     EVP_PKEY_sign(ctx, sig, size, digest, pil_hash_size(scheme_hash(scheme))) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool fits(EVP_PKEY *public, enum scheme scheme, const uint8_t *digest, const uint8_t *sig, size_t size)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(public, NULL);
	bool ok = ctx && EVP_PKEY_verify_init(ctx) == 1 && prepare(ctx, scheme) &&
		  EVP_PKEY_verify(ctx, sig, size, digest, pil_hash_size(scheme_hash(scheme))) == 1;

	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

int signer_sign(const struct signer *signer, EVP_PKEY *public, enum scheme scheme, const uint8_t *digest,
		uint8_t sig[PKI_SIG_MAX], size_t *size)
{
	const char *who = signer->command ? signer->command : signer->dir;
	int status = STATUS_OK;

	if (signer->command)
		status =
			sign_by_command(signer->command, scheme, digest, pil_hash_size(scheme_hash(scheme)), sig, size);
	else if (!sign_here(signer->key, scheme, digest, sig, size)) {
		pki_complain(signer->dir, "cannot sign");
		status = STATUS_TROUBLE;
	}
	if (status)
		return status;
	if (*size > scheme_field(scheme, public) || !fits(public, scheme, digest, sig, *size)) {
		complain(who, "the signature (%s, %zu bytes) does not fit the key of %s", scheme_name(scheme), *size,
			 signer->whose);
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates and signatures for tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "certgen.h"

static EVP_PKEY *keys[CERTGEN_KEYS];
static struct pil_bytes given_root;

static EVP_PKEY *make_key(enum certgen_key which)
{
	switch (which) {
	case CERTGEN_P256:
		return EVP_EC_gen("P-256");
	case CERTGEN_P521:
		return EVP_EC_gen("P-521");
	case CERTGEN_RSA1024:
		return EVP_RSA_gen(1024);
	case CERTGEN_RSA2048:
		return EVP_RSA_gen(2048);
	case CERTGEN_RSA3072:
		return EVP_RSA_gen(3072);
	case CERTGEN_RSA4096:
		return EVP_RSA_gen(4096);
	default:
		return EVP_EC_gen("P-384");
	}
}

EVP_PKEY *certgen_key(enum certgen_key which)
{
	if (!keys[which])
		keys[which] = make_key(which);
	if (!keys[which]) {
		fprintf(stderr, "certgen: key %d cannot be made\n", (int)which);
		abort();
	}
	return keys[which];
}

void certgen_use_root(EVP_PKEY *key, struct pil_bytes der)
{
	if (key) {
		EVP_PKEY_free(keys[CERTGEN_ROOT]);
		keys[CERTGEN_ROOT] = key;
	}
	given_root = der;
}

void certgen_init(struct certgen_chain *chain)
{
	static const struct certgen_cert good = {
		.digest = "SHA384",
		.version = 2,
		.basic = true,
		.path_len = -1,
		.not_before = "20200101000000Z",
		.not_after = "20500101000000Z",
	};
	struct certgen_cert *c = chain->cert;

	*chain = (struct certgen_chain){ .cert = { good, good, good, good }, .count = 3 };
	c[0].subject = "Test image";
	c[0].issuer = c[1].subject = "Test authority";
	c[1].issuer = c[2].subject = c[2].issuer = "Test root";
	c[3].subject = c[3].issuer = "Test surplus";
	c[0].key = CERTGEN_LEAF;
	c[0].signer = c[1].key = CERTGEN_CA;
	c[1].signer = c[2].key = c[2].signer = c[3].key = c[3].signer = CERTGEN_ROOT;
	c[1].ca = c[2].ca = c[3].ca = true;
	/* as most real leaves have it, against RFC 5280 4.2.1.9 */
	c[0].path_len = 0;
	c[1].path_len = 0;
	c[0].key_usage = 0x80;
	c[1].key_usage = c[2].key_usage = c[3].key_usage = 0x06;
}

static bool set_name(X509_NAME *name, const char *text)
{
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Pilot tests", -1, -1, 0) &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)text, -1, -1, 0);
}

/* the name of a root that was given is that root's own */
static bool put_name(const char *text, bool issuer, X509 *x)
{
	const unsigned char *der = given_root.data;
	X509_NAME *name = issuer ? X509_get_issuer_name(x) : X509_get_subject_name(x);
	X509 *root = NULL;
	bool ok = false;

	if (!given_root.size || strcmp(text, "Test root") != 0)
		return set_name(name, text);
	root = d2i_X509(NULL, &der, (long)given_root.size);
	if (root)
		ok = issuer ? X509_set_issuer_name(x, X509_get_subject_name(root)) :
			      X509_set_subject_name(x, X509_get_subject_name(root));
	X509_free(root);
	return ok;
}

static bool put_units(const char *const *units, X509_NAME *name)
{
	bool ok = true;

	for (; ok && units && *units; units++)
		ok = X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_ASC, (const unsigned char *)*units, -1, -1, 0) == 1;
	return ok;
}

static bool put_basic(const struct certgen_cert *cert, X509 *x)
{
	BASIC_CONSTRAINTS *basic = BASIC_CONSTRAINTS_new();
	bool ok = basic != NULL;

	if (ok)
		basic->ca = cert->ca ? 0xff : 0;
	if (ok && cert->path_len >= 0) {
		basic->pathlen = ASN1_INTEGER_new();
		ok = basic->pathlen && ASN1_INTEGER_set(basic->pathlen, cert->path_len);
	}
	ok = ok && X509_add1_ext_i2d(x, NID_basic_constraints, basic, 1, X509V3_ADD_APPEND) == 1;
	BASIC_CONSTRAINTS_free(basic);
	return ok;
}

static bool put_key_usage(const struct certgen_cert *cert, X509 *x)
{
	unsigned char bits = (unsigned char)cert->key_usage;
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	bool ok = usage && ASN1_BIT_STRING_set(usage, &bits, 1) &&
		  X509_add1_ext_i2d(x, NID_key_usage, usage, 1, X509V3_ADD_APPEND) == 1;

	ASN1_BIT_STRING_free(usage);
	return ok;
}

static bool put_unknown(X509 *x)
{
	static unsigned char null[] = { 5, 0 };
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
	X509_EXTENSION *ext = NULL;
	bool ok = value && oid && ASN1_OCTET_STRING_set(value, null, sizeof(null));

	if (ok)
		ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	ok = ext && X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
	return ok;
}

static bool put_fields(const struct certgen_cert *cert, X509 *x)
{
	return X509_set_version(x, cert->version) && ASN1_INTEGER_set(X509_get_serialNumber(x), 1) &&
	       put_name(cert->subject, false, x) &&
	       put_units(cert->units, X509_get_subject_name(x)) && put_name(cert->issuer, true, x) &&
	       ASN1_TIME_set_string(X509_getm_notBefore(x), cert->not_before) &&
	       ASN1_TIME_set_string(X509_getm_notAfter(x), cert->not_after) &&
	       X509_set_pubkey(x, certgen_key(cert->key)) == 1;
}

static bool put_extensions(const struct certgen_cert *cert, X509 *x)
{
	return (!cert->basic || put_basic(cert, x)) && (cert->key_usage < 0 || put_key_usage(cert, x)) &&
	       (!cert->twice || put_key_usage(cert, x)) && (!cert->unknown_critical || put_unknown(x));
}

static bool sign_cert(const struct certgen_cert *cert, X509 *x)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	int salt = cert->scheme == CERTGEN_PSS_LONG_SALT ? 20 : RSA_PSS_SALTLEN_DIGEST;
	bool ok = ctx && EVP_DigestSignInit(ctx, &pctx, EVP_get_digestbyname(cert->digest), NULL,
					    certgen_key(cert->signer)) == 1;

	if (ok && cert->scheme != CERTGEN_PLAIN)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, salt) == 1;
	ok = ok && X509_sign_ctx(x, ctx) > 0;
	EVP_MD_CTX_free(ctx);
	return ok;
}

/*
 * OpenSSL 3.4 and later make a certificate with extensions version 3 when they sign it, whatever it was told. So for any
 * other version the signed part is written and signed once more, and only the signature is replaced.
 */
static bool sign_old_version(const struct certgen_cert *cert, X509 *x)
{
	const ASN1_BIT_STRING *field = NULL;
	ASN1_BIT_STRING *writable = NULL;
	unsigned char *tbs = NULL;
	unsigned char sig[1024] = { 0 };
	size_t size = sizeof(sig);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int length = X509_set_version(x, cert->version) ? i2d_re_X509_tbs(x, &tbs) : -1;
	bool ok = ctx && length > 0 &&
		  EVP_DigestSignInit(ctx, NULL, EVP_get_digestbyname(cert->digest), NULL, certgen_key(cert->signer)) == 1 &&
		  EVP_DigestSign(ctx, sig, &size, tbs, (size_t)length) == 1;

	X509_get0_signature(&field, NULL, x);
	memcpy(&writable, &field, sizeof(writable));
	ok = ok && ASN1_STRING_set(writable, sig, (int)size) == 1;
	OPENSSL_free(tbs);
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool is_good_root(const struct certgen_cert *cert)
{
	struct certgen_chain good = { 0 };

	certgen_init(&good);
	return memcmp(cert, &good.cert[2], sizeof(*cert)) == 0;
}

size_t certgen_cert(const struct certgen_cert *cert, uint8_t *buf, size_t max)
{
	unsigned char *end = buf;
	X509 *x = NULL;
	int length = 0;

	if (given_root.size && is_good_root(cert)) {
		if (given_root.size > max)
			return 0;
		memcpy(buf, given_root.data, given_root.size);
		return given_root.size;
	}
	x = X509_new();
	if (x && put_fields(cert, x) && put_extensions(cert, x) && sign_cert(cert, x) &&
	    (cert->version == X509_VERSION_3 || sign_old_version(cert, x)))
		length = i2d_X509(x, NULL);
	if (length > 0 && (size_t)length <= max)
		length = i2d_X509(x, &end);
	else
		length = 0;
	X509_free(x);
	return (size_t)length;
}

size_t certgen_chain(const struct certgen_chain *chain, uint8_t *buf, size_t max, size_t *offset)
{
	size_t size = 0;
	unsigned int i = 0;

	for (i = 0; i < chain->count; i++) {
		size_t length = certgen_cert(&chain->cert[i], buf + size, max - size);

		if (!length)
			return 0;
		if (offset)
			offset[i] = size;
		size += length;
	}
	if (offset)
		offset[i] = size;
	return size;
}

static const EVP_MD *digest_of(size_t size)
{
	if (size == 32)
		return EVP_sha256();
	return size == 48 ? EVP_sha384() : EVP_sha512();
}

static bool set_padding(EVP_PKEY_CTX *ctx, enum certgen_padding padding, const EVP_MD *md)
{
	if (EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return false;
	if (padding == CERTGEN_PKCS1_PADDING)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	if (padding == CERTGEN_PSS_PADDING)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	return true;
}

size_t certgen_sign(enum certgen_key key, enum certgen_padding padding, struct pil_bytes digest, uint8_t *sig,
		    size_t max)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(certgen_key(key), NULL);
	size_t size = max;
	bool ok = ctx && EVP_PKEY_sign_init(ctx) == 1;

	/* without a digest's name the library pads as PKCS#1 says, but writes no DigestInfo */
	if (ok && padding == CERTGEN_RAW_PADDING)
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	else if (ok)
		ok = set_padding(ctx, padding, digest_of(digest.size));
	ok = ok && EVP_PKEY_sign(ctx, sig, &size, digest.data, digest.size) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok ? size : 0;
}

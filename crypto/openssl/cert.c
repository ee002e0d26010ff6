/* SPDX-License-Identifier: BSD-2-Clause */
/* What a certificate says, according to OpenSSL 3. */
#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "../der.h"
#include "openssl.h"

static enum pil_sig_alg signature_of(X509 *x)
{
	static const struct {
		int md, pk;
		uint32_t flags;
		enum pil_sig_alg alg;
	} known[] = {
		{ NID_sha256, NID_X9_62_id_ecPublicKey, 0, PIL_SIG_ECDSA_SHA256 },
		{ NID_sha384, NID_X9_62_id_ecPublicKey, 0, PIL_SIG_ECDSA_SHA384 },
		{ NID_sha256, NID_rsaEncryption, 0, PIL_SIG_RSA_PKCS1_SHA256 },
		/* OpenSSL sets this flag only when MGF1 has the same digest and the salt is as long as it */
		{ NID_sha256, NID_rsassaPss, X509_SIG_INFO_TLS, PIL_SIG_RSA_PSS_SHA256 },
		{ NID_sha384, NID_rsassaPss, X509_SIG_INFO_TLS, PIL_SIG_RSA_PSS_SHA384 },
	};
	uint32_t flags = 0;
	int md = 0;
	int pk = 0;
	size_t i = 0;

	if (X509_get_signature_info(x, &md, &pk, NULL, &flags) != 1)
		return PIL_SIG_UNKNOWN;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].md == md && known[i].pk == pk && (flags & known[i].flags) == known[i].flags)
			return known[i].alg;
	return PIL_SIG_UNKNOWN;
}

static enum pil_key_type ec_key_type(EVP_PKEY *key, struct pil_bytes spki)
{
	char name[32] = { 0 };
	size_t length = 0;

	if (!pil_der_ec_point_plain(spki) || EVP_PKEY_get_group_name(key, name, sizeof(name), &length) != 1)
		return PIL_KEY_UNKNOWN;
	switch (OBJ_txt2nid(name)) {
	case NID_X9_62_prime256v1:
		return PIL_KEY_EC_P256;
	case NID_secp384r1:
		return PIL_KEY_EC_P384;
	default:
		return PIL_KEY_UNKNOWN;
	}
}

/* type and size of @key, which may be NULL; @cert has its SubjectPublicKeyInfo already */
static void read_key(EVP_PKEY *key, struct pil_cert *cert)
{
	int bits = key ? EVP_PKEY_get_bits(key) : 0;

	if (bits <= 0)
		return;
	cert->key_bits = (unsigned int)bits;
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		cert->key = ec_key_type(key, cert->spki);
	else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= PIL_RSA_BITS_MIN && bits <= PIL_RSA_BITS_MAX &&
		 pil_der_rsa_plain(cert->spki))
		cert->key = PIL_KEY_RSA;
}

/* *@ext is NULL when the extension is absent; false when it is there but cannot be read */
static bool get_extension(X509 *x, int nid, void **ext)
{
	int critical = 0;

	*ext = X509_get_ext_d2i(x, nid, &critical, NULL);
	return *ext || critical == -1;
}

static bool read_basic(X509 *x, struct pil_cert *cert)
{
	BASIC_CONSTRAINTS *basic = NULL;
	void *ext = NULL;
	int64_t length = -1;
	bool ok = true;

	if (!get_extension(x, NID_basic_constraints, &ext))
		return false;
	basic = ext;
	if (!basic)
		return true;
	cert->has_basic = true;
	cert->is_ca = basic->ca != 0;
	if (basic->pathlen) {
		ok = ASN1_INTEGER_get_int64(&length, basic->pathlen) == 1 && length >= 0 && length < INT_MAX;
		cert->path_len = ok && cert->is_ca ? (int)length : -1;
	}
	BASIC_CONSTRAINTS_free(basic);
	return ok;
}

static bool read_key_usage(X509 *x, struct pil_cert *cert)
{
	ASN1_BIT_STRING *usage = NULL;
	void *ext = NULL;

	if (!get_extension(x, NID_key_usage, &ext))
		return false;
	usage = ext;
	if (!usage)
		return true;
	cert->has_key_usage = true;
	if (ASN1_BIT_STRING_get_bit(usage, 0))
		cert->key_usage |= PIL_KU_DIGITAL_SIGNATURE;
	if (ASN1_BIT_STRING_get_bit(usage, 5))
		cert->key_usage |= PIL_KU_KEY_CERT_SIGN;
	ASN1_BIT_STRING_free(usage);
	return true;
}

static bool read_date(const ASN1_TIME *time, uint64_t *date)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*date = (uint64_t)tm.tm_year + 1900u;
	*date = *date * 100 + (uint64_t)tm.tm_mon + 1u;
	*date = *date * 100 + (uint64_t)tm.tm_mday;
	*date = *date * 100 + (uint64_t)tm.tm_hour;
	*date = *date * 100 + (uint64_t)tm.tm_min;
	*date = *date * 100 + (uint64_t)tm.tm_sec;
	return true;
}

static int read_facts(X509 *x, struct pil_cert *cert, struct pil_why *why)
{
	cert->sig_alg = signature_of(x);
	if (cert->sig_alg == PIL_SIG_UNKNOWN)
		return pil_fail(why, PIL_R_CERT_SIGALG, 0, 0);
	if (!read_date(X509_get0_notBefore(x), &cert->not_before) ||
	    !read_date(X509_get0_notAfter(x), &cert->not_after))
		return pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
	read_key(X509_get0_pubkey(x), cert);
	if (cert->key == PIL_KEY_UNKNOWN)
		return pil_fail(why, PIL_R_CERT_KEY, 0, 0);
	if (!read_basic(x, cert) || !read_key_usage(x, cert))
		return pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
	return 0;
}

int pil_ossl_cert_read(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why)
{
	const unsigned char *end = der;
	X509 *x = NULL;
	int ret = 0;

	if (!pil_der_cert(der, size, cert) || size > LONG_MAX)
		return pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
	x = d2i_X509(NULL, &end, (long)size);
	if (x && end == cert->der.data + size)
		ret = read_facts(x, cert, why);
	else
		ret = pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
	X509_free(x);
	ERR_clear_error();
	return ret;
}

int pil_ossl_key_read(const void *der, size_t size, struct pil_cert *key, struct pil_why *why)
{
	const unsigned char *end = der;
	EVP_PKEY *pkey = NULL;

	*key = (struct pil_cert){ .spki = { der, size } };
	if (!pil_der_spki(der, size) || size > LONG_MAX)
		return pil_fail(why, PIL_R_KEY_PARSE, size, 0);
	if (pil_der_rsa_plain(key->spki) || pil_der_ec_point_plain(key->spki))
		pkey = d2i_PUBKEY(NULL, &end, (long)size);
	read_key(pkey, key);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return key->key == PIL_KEY_UNKNOWN ? pil_fail(why, PIL_R_KEY_TYPE, 0, 0) : 0;
}

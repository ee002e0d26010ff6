/* SPDX-License-Identifier: BSD-2-Clause */
/* What a certificate says, according to Mbed TLS. */
#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "../der.h"
#include "mbedtls.h"

/* salt and MGF1 digest of RSASSA-PSS have no accessor in the library */
static bool pss_plain(const mbedtls_x509_crt *crt, size_t digest_size)
{
	const mbedtls_pk_rsassa_pss_options *pss = crt->MBEDTLS_PRIVATE(sig_opts);

	return pss && pss->mgf1_hash_id == crt->MBEDTLS_PRIVATE(sig_md) && pss->expected_salt_len >= 0 &&
	       (size_t)pss->expected_salt_len == digest_size;
}

static enum pil_sig_alg signature_of(const mbedtls_x509_crt *crt)
{
	bool sha256 = crt->MBEDTLS_PRIVATE(sig_md) == MBEDTLS_MD_SHA256;
	bool sha384 = crt->MBEDTLS_PRIVATE(sig_md) == MBEDTLS_MD_SHA384;

	if (!sha256 && !sha384)
		return PIL_SIG_UNKNOWN;
	switch (crt->MBEDTLS_PRIVATE(sig_pk)) {
	case MBEDTLS_PK_ECDSA:
		return sha256 ? PIL_SIG_ECDSA_SHA256 : PIL_SIG_ECDSA_SHA384;
	case MBEDTLS_PK_RSA:
		return sha256 ? PIL_SIG_RSA_PKCS1_SHA256 : PIL_SIG_UNKNOWN;
	case MBEDTLS_PK_RSASSA_PSS:
		if (!pss_plain(crt, sha256 ? 32 : 48))
			return PIL_SIG_UNKNOWN;
		return sha256 ? PIL_SIG_RSA_PSS_SHA256 : PIL_SIG_RSA_PSS_SHA384;
	default:
		return PIL_SIG_UNKNOWN;
	}
}

static enum pil_key_type key_of(const mbedtls_pk_context *pk, struct pil_bytes spki)
{
	size_t bits = mbedtls_pk_get_bitlen(pk);

	if (mbedtls_pk_get_type(pk) == MBEDTLS_PK_RSA && pil_der_rsa_plain(spki))
		return bits >= PIL_RSA_BITS_MIN && bits <= PIL_RSA_BITS_MAX ? PIL_KEY_RSA : PIL_KEY_UNKNOWN;
	if (mbedtls_pk_get_type(pk) != MBEDTLS_PK_ECKEY || !pil_der_ec_point_plain(spki))
		return PIL_KEY_UNKNOWN;
	switch (mbedtls_ecp_keypair_get_group_id(mbedtls_pk_ec(*pk))) {
	case MBEDTLS_ECP_DP_SECP256R1:
		return PIL_KEY_EC_P256;
	case MBEDTLS_ECP_DP_SECP384R1:
		return PIL_KEY_EC_P384;
	default:
		return PIL_KEY_UNKNOWN;
	}
}

static void read_extensions(const mbedtls_x509_crt *crt, struct pil_cert *cert)
{
	unsigned int usage = crt->MBEDTLS_PRIVATE(key_usage);

	cert->has_basic = mbedtls_x509_crt_has_ext_type(crt, MBEDTLS_X509_EXT_BASIC_CONSTRAINTS) != 0;
	cert->is_ca = cert->has_basic && crt->MBEDTLS_PRIVATE(ca_istrue);
	/* the library stores the path length plus 1, and 0 when there is none */
	if (cert->is_ca)
		cert->path_len = crt->MBEDTLS_PRIVATE(max_pathlen) - 1;
	cert->has_key_usage = mbedtls_x509_crt_has_ext_type(crt, MBEDTLS_X509_EXT_KEY_USAGE) != 0;
	if (cert->has_key_usage && (usage & MBEDTLS_X509_KU_DIGITAL_SIGNATURE))
		cert->key_usage |= PIL_KU_DIGITAL_SIGNATURE;
	if (cert->has_key_usage && (usage & MBEDTLS_X509_KU_KEY_CERT_SIGN))
		cert->key_usage |= PIL_KU_KEY_CERT_SIGN;
}

static uint64_t date_of(const mbedtls_x509_time *t)
{
	uint64_t date = (uint64_t)t->year;

	date = date * 100 + (uint64_t)t->mon;
	date = date * 100 + (uint64_t)t->day;
	date = date * 100 + (uint64_t)t->hour;
	date = date * 100 + (uint64_t)t->min;
	return date * 100 + (uint64_t)t->sec;
}

static int read_facts(const mbedtls_x509_crt *crt, struct pil_cert *cert, struct pil_why *why)
{
	cert->sig_alg = signature_of(crt);
	if (cert->sig_alg == PIL_SIG_UNKNOWN)
		return pil_fail(why, PIL_R_CERT_SIGALG, 0, 0);
	cert->not_before = date_of(&crt->valid_from);
	cert->not_after = date_of(&crt->valid_to);
	cert->key = key_of(&crt->pk, cert->spki);
	cert->key_bits = (unsigned int)mbedtls_pk_get_bitlen(&crt->pk);
	if (cert->key == PIL_KEY_UNKNOWN)
		return pil_fail(why, PIL_R_CERT_KEY, 0, 0);
	read_extensions(crt, cert);
	return 0;
}

/* the library refuses unknown keys and algorithms while it parses */
static int explain(int error, struct pil_why *why)
{
	/* the high part of an error says which module failed, the low part why (mbedtls/error.h) */
	int high = -(-error & 0xff80);

	if (high == MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG || high == MBEDTLS_ERR_X509_INVALID_ALG ||
	    high == MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE)
		return pil_fail(why, PIL_R_CERT_SIGALG, 0, 0);
	if ((high <= MBEDTLS_ERR_PK_SIG_LEN_MISMATCH && high >= MBEDTLS_ERR_PK_ALLOC_FAILED) ||
	    (high <= MBEDTLS_ERR_ECP_IN_PROGRESS && high >= MBEDTLS_ERR_ECP_BAD_INPUT_DATA))
		return pil_fail(why, PIL_R_CERT_KEY, 0, 0);
	return pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
}

int pil_mbed_cert_read(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why)
{
	unsigned int failed = pil_mbed_failures();
	mbedtls_x509_crt crt = { 0 };
	int error = 0;
	int memory = 0;
	int ret = 0;

	if (!pil_der_cert(der, size, cert))
		return pil_fail(why, PIL_R_CERT_PARSE, 0, 0);
	mbedtls_x509_crt_init(&crt);
	error = mbedtls_x509_crt_parse_der_nocopy(&crt, der, size);
	ret = error ? explain(error, why) : read_facts(&crt, cert, why);
	mbedtls_x509_crt_free(&crt);
	memory = pil_mbed_out_of_memory(failed, why);
	return memory ? memory : ret;
}

int pil_mbed_key_read(const void *der, size_t size, struct pil_cert *key, struct pil_why *why)
{
	/* the library moves the pointer on and does not write through it, but takes it without const */
	unsigned char *spki = (unsigned char *)(uintptr_t)der;
	unsigned int failed = pil_mbed_failures();
	mbedtls_pk_context pk = { 0 };
	int memory = 0;

	*key = (struct pil_cert){ .spki = { der, size } };
	if (!pil_der_spki(der, size))
		return pil_fail(why, PIL_R_KEY_PARSE, size, 0);
	mbedtls_pk_init(&pk);
	if ((pil_der_rsa_plain(key->spki) || pil_der_ec_point_plain(key->spki)) &&
	    !mbedtls_pk_parse_subpubkey(&spki, (const unsigned char *)der + size, &pk)) {
		key->key = key_of(&pk, key->spki);
		key->key_bits = (unsigned int)mbedtls_pk_get_bitlen(&pk);
	}
	mbedtls_pk_free(&pk);
	memory = pil_mbed_out_of_memory(failed, why);
	if (memory)
		return memory;
	return key->key == PIL_KEY_UNKNOWN ? pil_fail(why, PIL_R_KEY_TYPE, 0, 0) : 0;
}

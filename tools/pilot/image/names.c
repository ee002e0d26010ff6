/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and DER as words. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "image/image_info.h"

char *cert_name(struct pil_bytes name)
{
	const unsigned char *cursor = name.data;
	X509_NAME *parsed = d2i_X509_NAME(NULL, &cursor, (long)name.size);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *data = NULL;
	long size = 0;

	/* escapes whatever is not printable ASCII: a name in a file must not drive the terminal */
	if (parsed && bio && X509_NAME_print_ex(bio, parsed, 0, XN_FLAG_ONELINE) >= 0) {
		size = BIO_get_mem_data(bio, &data);
		text = size > 0 ? strndup(data, (size_t)size) : NULL;
	}
	X509_NAME_free(parsed);
	BIO_free(bio);
	ERR_clear_error();
	return text ? text : strdup("(unreadable name)");
}

const char *authority_name(enum pil_authority who)
{
	return who == PIL_OEM ? "OEM" : "QTI";
}

const char *key_type_name(const struct pil_cert *cert)
{
	switch (cert->key) {
	case PIL_KEY_EC_P256:
		return "EC P-256";
	case PIL_KEY_EC_P384:
		return "EC P-384";
	case PIL_KEY_RSA:
		return "RSA";
	default:
		return "unknown key";
	}
}

const char *sig_alg_name(enum pil_sig_alg alg)
{
	switch (alg) {
	case PIL_SIG_ECDSA_SHA256:
		return "ECDSA with SHA-256";
	case PIL_SIG_ECDSA_SHA384:
		return "ECDSA with SHA-384";
	case PIL_SIG_RSA_PKCS1_SHA256:
		return "RSA PKCS#1 v1.5 with SHA-256";
	case PIL_SIG_RSA_PSS_SHA256:
		return "RSA-PSS with SHA-256";
	case PIL_SIG_RSA_PSS_SHA384:
		return "RSA-PSS with SHA-384";
	case PIL_SIG_RSA_RAW:
		return "RSA PKCS#1 v1.5 raw";
	default:
		return "unknown algorithm";
	}
}

const char *hash_alg_name(enum pil_hash_alg alg)
{
	switch (alg) {
	case PIL_SHA256:
		return "SHA-256";
	case PIL_SHA384:
		return "SHA-384";
	case PIL_SHA512:
		return "SHA-512";
	default:
		return "unknown digest";
	}
}

const char *machine_name(unsigned int machine)
{
	switch (machine) {
	case 40:
		return "Arm";
	case 94:
		return "Xtensa";
	case 164:
		return "Hexagon";
	case 183:
		return "AArch64";
	case 243:
		return "RISC-V";
	default:
		return NULL;
	}
}

const char *date_text(uint64_t time, char *text)
{
	unsigned int day = (unsigned int)(time / 1000000 % 100);
	unsigned int month = (unsigned int)(time / 100000000 % 100);
	unsigned int year = (unsigned int)(time / 10000000000 % 10000);

	snprintf(text, 24, "%04u-%02u-%02u", year, month, day);
	return text;
}

const struct pil_crypto *crypto_by_name(const char *name)
{
	static const struct pil_crypto *const all[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };
	size_t i = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
}

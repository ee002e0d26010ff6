/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and certificates as the tool reads them, PEM or DER. OpenSSL does the reading: what is looked at is what the tool
 * makes of its answers, and that both back ends say the same of a public key.
 */
#include <openssl/x509.h>

#include <pilot/crypto.h>

#include "../../crypto/mbedtls/pool.h"
#include "../../tools/pilot/keys/key_read.h"
#include "../../tools/pilot/keys/pki.h"
#include "fuzz_tool.h"

#define NAME "key"

static void read_private(void)
{
	EVP_PKEY *key = key_read(NAME, NULL);

	FUZZ_CHECK(!key == !!fuzz_complaints());
	(void)pki_type_of(key);
	EVP_PKEY_free(key);
}

static void read_cert(void)
{
	uint8_t hash[PKI_HASH_SIZE] = { 0 };
	X509 *cert = pki_read_cert(NAME);
	uint8_t *der = NULL;
	size_t size = 0;

	FUZZ_CHECK(!cert == !!fuzz_complaints());
	if (!cert)
		return;
	(void)pki_type_of(X509_get0_pubkey(cert));
	der = pki_der(cert, &size);
	FUZZ_CHECK(!der || size);
	FUZZ_CHECK(!der || pki_cert_hash(cert, hash));
	OPENSSL_free(der);
	X509_free(cert);
}

static void read_public(void)
{
	static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };
	struct pil_cert key[2] = { 0 };
	struct pil_why why[2] = { 0 };
	EVP_PKEY *pkey = public_key_read(NAME);
	uint8_t *der = NULL;
	int size = pkey ? i2d_PUBKEY(pkey, &der) : 0;
	int ret[2] = { 0 };
	size_t k = 0;

	FUZZ_CHECK(!pkey == !!fuzz_complaints());
	EVP_PKEY_free(pkey);
	if (size <= 0)
		return;
	for (k = 0; k < 2; k++) {
		ret[k] = backends[k]->key_read(der, (size_t)size, &key[k], &why[k]);
		fuzz_check_result(ret[k], &why[k]);
		FUZZ_CHECK(pil_mbedtls_current_pool()->used == 0);
	}
	FUZZ_CHECK(ret[0] == ret[1] && why[0].reason == why[1].reason);
	FUZZ_CHECK(ret[0] || (key[0].key == key[1].key && key[0].key_bits == key[1].key_bits));
	OPENSSL_free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_file_put(NAME, data, size);
	(void)fuzz_complaints();
	read_private();
	read_cert();
	read_public();
	fuzz_files_remove();
	return 0;
}

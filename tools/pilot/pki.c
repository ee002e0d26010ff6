/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and certificates: reading them, seeing that they fit together, signing. */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "pilot.h"
#include "pki.h"

const char *pki_role_name(enum pki_role role)
{
	static const char *const names[PKI_ROLES] = { [PKI_LEAF] = "leaf", [PKI_CA] = "ca", [PKI_ROOT] = "root" };

	return names[role];
}

void pki_free(struct pki_chain *chain)
{
	unsigned int role = 0;

	for (role = 0; role < PKI_ROLES; role++) {
		X509_free(chain->cert[role]);
		EVP_PKEY_free(chain->key[role]);
	}
	*chain = (struct pki_chain){ 0 };
}

void pki_complain(const char *what, const char *failed)
{
	unsigned long error = ERR_get_error();
	const char *reason = error ? ERR_reason_error_string(error) : NULL;

	complain(what, "%s%s%s%s", failed, reason ? " (OpenSSL: " : "", reason ? reason : "", reason ? ")" : "");
	ERR_clear_error();
}

/* for PEM_read_...(): never ask on the terminal, an encrypted key is an error of its own */
static int no_password(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static X509 *decode_cert(const struct file *file)
{
	const unsigned char *cursor = file->data;
	X509 *cert = NULL;
	BIO *bio = NULL;

	if (file->size > 1024 * 1024)
		return NULL;
	cert = d2i_X509(NULL, &cursor, (long)file->size);
	if (cert && cursor == file->data + file->size)
		return cert;
	X509_free(cert);
	bio = BIO_new_mem_buf(file->data, (int)file->size);
	cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return cert;
}

X509 *pki_read_cert(const char *path)
{
	struct file file = { 0 };
	X509 *cert = NULL;

	if (!file_open(&file, path))
		return NULL;
	cert = decode_cert(&file);
	ERR_clear_error();
	if (!cert)
		complain(path, "no X.509 certificate, neither PEM nor DER (%zu bytes)", file.size);
	file_close(&file);
	return cert;
}

static EVP_PKEY *read_key(const char *path)
{
	struct file file = { 0 };
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;
	bool asked = false;

	if (!file_open(&file, path))
		return NULL;
	if (file.size <= 1024 * 1024)
		bio = BIO_new_mem_buf(file.data, (int)file.size);
	key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, &asked) : NULL;
	ERR_clear_error();
	if (!key)
		complain(path, asked ? "the key is encrypted; this version takes keys without password only"
				     : "no private key in PEM form");
	BIO_free(bio);
	file_close(&file);
	return key;
}

static bool is_p384(EVP_PKEY *key)
{
	char group[32] = "";

	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, "secp384r1");
}

static bool signed_by(X509 *cert, X509 *issuer)
{
	bool ok = X509_verify(cert, X509_get0_pubkey(issuer)) == 1 &&
		  !X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(issuer));

	ERR_clear_error();
	return ok;
}

/* refuse what no device would accept, before anything is written */
static bool fits_together(const struct pki_chain *chain, const char *dir)
{
	static const enum pki_role issuer[PKI_ROLES] = { PKI_CA, PKI_ROOT, PKI_ROOT };
	int role = 0;

	for (role = PKI_LEAF; role < PKI_ROLES; role++) {
		EVP_PKEY *key = X509_get0_pubkey(chain->cert[role]);
		const char *above = pki_role_name(issuer[role]);

		if (!key || !is_p384(key)) {
			complain(dir, "%s.crt: its key is not EC P-384, the only kind that this version signs with",
				 pki_role_name((enum pki_role)role));
			return false;
		}
		if (!signed_by(chain->cert[role], chain->cert[issuer[role]])) {
			complain(dir, "%s.crt is not signed by the key of %s.crt", pki_role_name((enum pki_role)role),
				 above);
			return false;
		}
	}
	if (X509_check_private_key(chain->cert[PKI_LEAF], chain->key[PKI_LEAF]) != 1) {
		ERR_clear_error();
		complain(dir, "leaf.key does not fit leaf.crt");
		return false;
	}
	return true;
}

static bool role_path(char *path, size_t size, const char *dir, enum pki_role role, const char *ending)
{
	int length = snprintf(path, size, "%s/%s.%s", dir, pki_role_name(role), ending);

	if (length < 0 || (size_t)length >= size) {
		complain(dir, "name too long");
		return false;
	}
	return true;
}

bool pki_load(struct pki_chain *chain, const char *dir, bool *refused)
{
	char path[4096] = "";
	int role = 0;

	*refused = false;
	for (role = PKI_LEAF; role < PKI_ROLES; role++) {
		if (!role_path(path, sizeof(path), dir, (enum pki_role)role, "crt"))
			return false;
		chain->cert[role] = pki_read_cert(path);
		if (!chain->cert[role])
			return false;
	}
	if (!role_path(path, sizeof(path), dir, PKI_LEAF, "key"))
		return false;
	chain->key[PKI_LEAF] = read_key(path);
	if (!chain->key[PKI_LEAF])
		return false;
	*refused = !fits_together(chain, dir);
	return !*refused;
}

uint8_t *pki_der(X509 *cert, size_t *size)
{
	unsigned char *der = NULL;
	int length = i2d_X509(cert, &der);

	if (length <= 0)
		return NULL;
	*size = (size_t)length;
	return der;
}

bool pki_cert_hash(X509 *cert, uint8_t hash[PKI_HASH_SIZE])
{
	return X509_digest(cert, EVP_sha384(), hash, NULL) == 1;
}

bool pki_sign(EVP_PKEY *key, const void *data, size_t data_size, uint8_t sig[PKI_SIG_MAX], size_t *size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = false;

	*size = PKI_SIG_MAX;
	ok = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, key) == 1 &&
	     EVP_DigestSign(ctx, sig, size, data, data_size) == 1;
	EVP_MD_CTX_free(ctx);
	if (!ok)
		pki_complain("leaf.key", "cannot sign");
	return ok;
}

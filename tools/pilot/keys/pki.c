/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and certificates: reading them, seeing that they fit together. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "keys/key_read.h"
#include "pilot.h"
#include "keys/pki.h"

const char *pki_role_name(unsigned int role)
{
	static const char *const names[PKI_ROLES] = { "leaf", "ca", "root", "root1", "root2", "root3" };

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
	cert = bio ? PEM_read_bio_X509(bio, NULL, key_no_passphrase, NULL) : NULL;
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

static const struct pki_type types[] = {
	{ "ec-p384", "EC P-384", "secp384r1", 384 }, { "ec-p256", "EC P-256", "prime256v1", 256 },
	{ "rsa2048", "RSA-2048", NULL, 2048 },	     { "rsa3072", "RSA-3072", NULL, 3072 },
	{ "rsa4096", "RSA-4096", NULL, 4096 },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

const struct pki_type *pki_type_find(const char *name)
{
	size_t i = 0;

	for (i = 0; i < TYPES; i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}

static bool is_type(EVP_PKEY *key, const struct pki_type *type)
{
	char group[32] = "";

	if (!type->curve)
		return EVP_PKEY_is_a(key, "RSA") && (unsigned int)EVP_PKEY_get_bits(key) == type->bits;
	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, type->curve);
}

const struct pki_type *pki_type_of(EVP_PKEY *key)
{
	size_t i = 0;

	for (i = 0; key && i < TYPES; i++)
		if (is_type(key, &types[i]))
			return &types[i];
	return NULL;
}

static bool signed_by(X509 *cert, X509 *issuer)
{
	bool ok = X509_verify(cert, X509_get0_pubkey(issuer)) == 1 &&
		  !X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(issuer));

	ERR_clear_error();
	return ok;
}

/* the root that signed the CA is found by trying */
static bool find_root(struct pki_chain *chain)
{
	for (chain->root = PKI_ROOT; chain->root < chain->certs; chain->root++)
		if (signed_by(chain->cert[PKI_CA], chain->cert[chain->root]))
			return true;
	return false;
}

/* refuse what no device would accept, before anything is written */
static bool fits_together(struct pki_chain *chain, const char *dir)
{
	unsigned int role = 0;

	for (role = 0; role < chain->certs; role++) {
		if (!pki_type_of(X509_get0_pubkey(chain->cert[role]))) {
			complain(dir, "%s.crt: its key is none of EC P-384, EC P-256, RSA of 2048, 3072 or 4096 bits",
				 pki_role_name(role));
			return false;
		}
		if (role >= PKI_ROOT && !signed_by(chain->cert[role], chain->cert[role])) {
			complain(dir, "%s.crt does not sign itself", pki_role_name(role));
			return false;
		}
	}
	if (!signed_by(chain->cert[PKI_LEAF], chain->cert[PKI_CA])) {
		complain(dir, "leaf.crt is not signed by the key of ca.crt");
		return false;
	}
	if (!find_root(chain)) {
		complain(dir, "ca.crt is not signed by the key of root.crt%s",
			 chain->certs > PKI_ROOT + 1 ? ", nor by another root's" : "");
		return false;
	}
	return true;
}

static bool role_path(char *path, size_t size, const char *dir, unsigned int role, const char *ending)
{
	int length = snprintf(path, size, "%s/%s.%s", dir, pki_role_name(role), ending);

	if (length < 0 || (size_t)length >= size) {
		complain(dir, "name too long");
		return false;
	}
	return true;
}

int pki_load_certs(struct pki_chain *chain, const char *dir)
{
	char path[4096] = "";

	for (chain->certs = 0; chain->certs < PKI_ROLES; chain->certs++) {
		if (!role_path(path, sizeof(path), dir, chain->certs, "crt"))
			return STATUS_TROUBLE;
		/* one root there must be */
		if (chain->certs > PKI_ROOT && access(path, F_OK))
			break;
		chain->cert[chain->certs] = pki_read_cert(path);
		if (!chain->cert[chain->certs])
			return STATUS_TROUBLE;
	}
	return fits_together(chain, dir) ? STATUS_OK : STATUS_REFUSED;
}

bool pki_has_key(const char *dir, unsigned int role)
{
	char path[4096] = "";

	return role_path(path, sizeof(path), dir, role, "key") && !access(path, F_OK);
}

int pki_load_key(struct pki_chain *chain, const char *dir, unsigned int role, const char *passphrase_file)
{
	char path[4096] = "";

	if (!role_path(path, sizeof(path), dir, role, "key"))
		return STATUS_TROUBLE;
	chain->key[role] = key_read(path, passphrase_file);
	if (!chain->key[role])
		return STATUS_TROUBLE;
	if (X509_check_private_key(chain->cert[role], chain->key[role]) == 1)
		return STATUS_OK;
	ERR_clear_error();
	complain(dir, "%s.key does not fit %s.crt", pki_role_name(role), pki_role_name(role));
	return STATUS_REFUSED;
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

/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and certificates with OpenSSL: a chain of three, leaf first, as images carry it. */
#ifndef PILOT_TOOL_PKI_H
#define PILOT_TOOL_PKI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/** enum pki_role - places in the chain, in the order in which an image carries them */
enum pki_role {
	PKI_LEAF,
	PKI_CA,
	PKI_ROOT, /* more roots may follow it */
	PKI_ROLES = PKI_ROOT + 4,
};

#define PKI_ROOTS_MAX ((unsigned int)(PKI_ROLES - PKI_ROOT))
#define PKI_HASH_SIZE 48u  /* SHA-384 */
#define PKI_SIG_MAX   512u /* RSA-4096 */

/** struct pki_type - a kind of key; @curve is NULL for RSA */
struct pki_type {
	const char *name;  /* "ec-p384" */
	const char *title; /* "EC P-384" */
	const char *curve;
	unsigned int bits;
};

/**
 * struct pki_chain - what is needed to sign; absent things are NULL
 * @cert, @key: by role
 * @certs:      certificates, 3 or more
 * @root:       role of the root that signed the CA
 */
struct pki_chain {
	X509 *cert[PKI_ROLES];
	EVP_PKEY *key[PKI_ROLES];
	unsigned int certs;
	unsigned int root;
};

/**
 * struct pki_wish - what pki_create() shall make
 * @name:  what all names begin with
 * @type:  kind of all keys
 * @roots: how many roots, 1 to PKI_ROOTS_MAX
 * @root_index: which of them signs the CA
 * @pkcs1: RSA only: sign certificates with PKCS#1 v1.5 instead of PSS
 */
struct pki_wish {
	const char *name;
	const struct pki_type *type;
	unsigned int roots;
	unsigned int root_index;
	bool pkcs1;
};

/* "leaf", "ca", "root", "root1", ...: file names without their ending */
const char *pki_role_name(unsigned int role);

/* kind of key called @name, or NULL */
const struct pki_type *pki_type_find(const char *name);

/* kind of @key, or NULL when it is none of them */
const struct pki_type *pki_type_of(EVP_PKEY *key);

/* release everything in @chain */
void pki_free(struct pki_chain *chain);

/* complain about what OpenSSL put into its error queue, and empty it */
void pki_complain(const char *what, const char *failed);

/* make keys and certificates; false after a complaint */
bool pki_create(struct pki_chain *chain, const struct pki_wish *wish);

/* how @type signs certificates: with SHA-384 or SHA-256; RSA with PSS (salt as long as the digest) unless @pkcs1 */
bool pki_sign_cert(X509 *cert, EVP_PKEY *key, bool pkcs1);

/**
 * pki_load_certs() - read leaf.crt, ca.crt, root.crt, root1.crt ... of @dir, and see that they are a chain
 * Certificates may be PEM or DER inside.
 * Return: an enum status, after a complaint unless it is STATUS_OK
 */
int pki_load_certs(struct pki_chain *chain, const char *dir);

/**
 * pki_load_key() - read the key of @role, which must fit its certificate
 * @passphrase_file: what opens it when it is encrypted; NULL: PILOT_PASSPHRASE of the environment, or the terminal
 * Return: an enum status, after a complaint unless it is STATUS_OK
 */
int pki_load_key(struct pki_chain *chain, const char *dir, unsigned int role, const char *passphrase_file);

/* is there a key file of @role in @dir? */
bool pki_has_key(const char *dir, unsigned int role);

/* read one certificate, PEM or DER; NULL after a complaint */
X509 *pki_read_cert(const char *path);

/* DER form in fresh memory of *@size bytes, to be released with OPENSSL_free(); NULL on failure */
uint8_t *pki_der(X509 *cert, size_t *size);

/* SHA-384 of the DER form: what devices hold of a root */
bool pki_cert_hash(X509 *cert, uint8_t hash[PKI_HASH_SIZE]);

#endif

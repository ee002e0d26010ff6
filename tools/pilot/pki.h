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
	PKI_ROOT,
	PKI_ROLES,
};

#define PKI_HASH_SIZE 48u  /* SHA-384 */
#define PKI_SIG_MAX   104u /* longest DER form of an ECDSA P-384 signature */

/** struct pki_chain - what is needed to sign; absent things are NULL */
struct pki_chain {
	X509 *cert[PKI_ROLES];
	EVP_PKEY *key[PKI_ROLES];
};

/* "leaf", "ca" or "root": file names without their ending */
const char *pki_role_name(enum pki_role role);

/* release everything in @chain */
void pki_free(struct pki_chain *chain);

/* complain about what OpenSSL put into its error queue, and empty it */
void pki_complain(const char *what, const char *failed);

/* make three keys and certificates whose names begin with @name; false after a complaint */
bool pki_create(struct pki_chain *chain, const char *name);

/**
 * pki_load() - read leaf.key, leaf.crt, ca.crt and root.crt of @dir, and see that they fit together
 * Certificates may be PEM or DER inside. Keys of CA and root are not needed, and not read.
 * Return: false after a complaint; *@refused tells a set of keys that is no good from one that cannot be read
 */
bool pki_load(struct pki_chain *chain, const char *dir, bool *refused);

/* read one certificate, PEM or DER; NULL after a complaint */
X509 *pki_read_cert(const char *path);

/* DER form in fresh memory of *@size bytes, to be released with OPENSSL_free(); NULL on failure */
uint8_t *pki_der(X509 *cert, size_t *size);

/* SHA-384 of the DER form: what devices hold of a root */
bool pki_cert_hash(X509 *cert, uint8_t hash[PKI_HASH_SIZE]);

/* ECDSA with SHA-384 over @data, DER form; *@size is set; false after a complaint */
bool pki_sign(EVP_PKEY *key, const void *data, size_t data_size, uint8_t sig[PKI_SIG_MAX], size_t *size);

#endif

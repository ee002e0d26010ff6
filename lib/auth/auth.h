/* SPDX-License-Identifier: BSD-2-Clause */
/* The single checks behind pil_auth_check(). Private to lib/auth. */
#ifndef PILOT_LIB_AUTH_H
#define PILOT_LIB_AUTH_H

#include <pilot/auth.h>

/**
 * struct pil_scheme_row - what a leaf certificate must look like so that its signature on an image is accepted
 * @key:       type of its public key
 * @cert_alg:  how certificates of the chain are signed
 * @image_alg: how the image is then signed
 * @image_hash: digest of the signed bytes
 * @cut:       length of the signature at the start of its field; 0 when there is none. What follows must be zero.
 */
struct pil_scheme_row {
	enum pil_key_type key;
	enum pil_sig_alg cert_alg;
	enum pil_sig_alg image_alg;
	enum pil_hash_alg image_hash;
	size_t (*cut)(struct pil_bytes field);
};

/**
 * pil_scheme_accepts_key() - is a key of this type accepted anywhere in a chain?
 * @key: key type
 */
bool pil_scheme_accepts_key(enum pil_key_type key);

/**
 * pil_scheme_accepts_cert() - is a certificate signed this way accepted anywhere in a chain?
 * @alg:  scheme
 * @hash: result: digest of the signed part
 */
bool pil_scheme_accepts_cert(enum pil_sig_alg alg, enum pil_hash_alg *hash);

/**
 * pil_auth_chain() - read the certificates and check that they are a chain (PIL_CHECK_CHAIN)
 * @certs:  the whole field of the hash segment, with padding
 * @crypto: back end
 * @result: @certs, @cert are filled
 * @why:    reason of a refusal, or NULL
 * Return: 0; CERT_... except CERT_ROOT and CERT_ROOT_INDEX; -PIL_ENOMEM
 */
int pil_auth_chain(struct pil_bytes certs, const struct pil_crypto *crypto, struct pil_auth_result *result,
		   struct pil_why *why);

/**
 * pil_auth_root() - digest of the root certificate, and whether the device trusts it (PIL_CHECK_ROOT)
 * @root_index: which root the signing metadata asks for
 * @device:     the device; NULL: only the digest
 * @crypto:     back end
 * @result:     chain in, @root_hash out
 * @why:        reason of a refusal, or NULL
 * Return: 0; -PIL_EAUTH (CERT_ROOT, CERT_ROOT_INDEX)
 */
int pil_auth_root(uint32_t root_index, const struct pil_device *device, const struct pil_crypto *crypto,
		  struct pil_auth_result *result, struct pil_why *why);

/**
 * pil_auth_signature() - the leaf's signature over header, metadata and hash table (PIL_CHECK_SIGNATURE)
 * @mbn:    hash segment
 * @crypto: back end
 * @result: chain in, @sig_alg out
 * @why:    reason of a refusal, or NULL
 * Return: 0; -PIL_EAUTH (SIG_MISMATCH); -PIL_EFORMAT (SIG_FORMAT); -PIL_EUNSUPPORTED (CERT_KEY)
 */
int pil_auth_signature(const struct pil_mbn *mbn, const struct pil_crypto *crypto, struct pil_auth_result *result,
		       struct pil_why *why);

/**
 * pil_auth_binding() - is the image for this device? (PIL_CHECK_BINDING)
 * @binding: what the signing metadata says
 * @device:  the device
 * @why:     reason of a refusal, or NULL
 * Return: 0 or -PIL_EBINDING (BIND_...)
 */
int pil_auth_binding(const struct pil_mbn_binding *binding, const struct pil_device *device, struct pil_why *why);

/**
 * pil_auth_headers() - hash table: its algorithm, entries that must be zero, digest of the headers (PIL_CHECK_HEADERS)
 * @image:  the image
 * @crypto: back end
 * @why:    reason of a refusal, or NULL
 * Return: 0; -PIL_EUNSUPPORTED (HASH_ALGORITHM); -PIL_EFORMAT (HASH_NOT_ZERO); -PIL_EAUTH (HASH_HEADERS)
 */
int pil_auth_headers(const struct pil_image *image, const struct pil_crypto *crypto, struct pil_why *why);

#endif

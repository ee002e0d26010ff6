/* SPDX-License-Identifier: BSD-2-Clause */
/* The single checks behind pil_auth_check(). Private to lib/auth. */
#ifndef PILOT_LIB_AUTH_H
#define PILOT_LIB_AUTH_H

#include <pilot/auth.h>

/**
 * struct pil_scheme_row - what a leaf certificate must look like so that its signature on an image is accepted
 * @key:       type of its public key
 * @cert_alg:  how it is itself signed
 * @image_alg: how the image is then signed
 * @image_hash: digest that is signed
 * @cut:       length of the signature at the start of its field; 0 when there is none. What follows must be zero.
 * @bind:      NULL; or makes of the digest of the signed bytes the one that is signed, in place
 */
struct pil_scheme_row {
	enum pil_key_type key;
	enum pil_sig_alg cert_alg;
	enum pil_sig_alg image_alg;
	enum pil_hash_alg image_hash;
	size_t (*cut)(struct pil_bytes field, const struct pil_cert *leaf);
	int (*bind)(const struct pil_cert *leaf, const struct pil_crypto *crypto, uint8_t *digest, struct pil_why *why);
};

/**
 * struct pil_auth_schemes - what is accepted
 * @row, @rows: by leaf
 * @cert_algs:  bit per enum pil_sig_alg: how certificates of the chain may be signed
 * @keys:       bit per enum pil_key_type: keys that they may have
 */
struct pil_auth_schemes {
	const struct pil_scheme_row *row;
	size_t rows;
	uint32_t cert_algs;
	uint32_t keys;
};

/** struct pil_auth_run - one check under way; rules are never NULL */
struct pil_auth_run {
	const struct pil_image *image;
	const struct pil_auth_policy *policy;
	const struct pil_auth_rules *rules;
	const struct pil_mbn_signer *signer;
	const struct pil_crypto *crypto;
	struct pil_auth_result *result;
	struct pil_why *why;
};

/** pil_scheme_cut_der() - ECDSA: a DER SEQUENCE at the start of a field of fixed length */
size_t pil_scheme_cut_der(struct pil_bytes field, const struct pil_cert *leaf);

/**
 * pil_der_tlv_() - take one DER element off the front of @rest
 * @rest:  bytes; moved on behind the element
 * @tag:   result: identifier octet
 * @value: result: contents
 * Return: false when there is no element with a definite length of at most 3 octets that ends inside @rest
 */
bool pil_der_tlv_(struct pil_bytes *rest, uint8_t *tag, struct pil_bytes *value);

/**
 * pil_auth_chain() - read the certificates and check that they are a chain (PIL_CHECK_CHAIN)
 * @run: signer's certificates in, result's chain out
 * Return: 0; CERT_... except CERT_ROOT and CERT_ROOT_INDEX; -PIL_ENOMEM
 */
int pil_auth_chain(const struct pil_auth_run *run);

/**
 * pil_auth_root() - digest of the root certificate, and whether the device trusts it (PIL_CHECK_ROOT)
 * @run: chain in, root_hash out
 * Return: 0; -PIL_EAUTH (CERT_ROOT, CERT_ROOT_INDEX, CERT_ROOT_REVOKED, CERT_ROOT_INACTIVE)
 */
int pil_auth_root(const struct pil_auth_run *run);

/**
 * pil_auth_signature() - the leaf's signature over header, metadata and hash table (PIL_CHECK_SIGNATURE)
 * @run: chain in, sig_alg out
 * Return: 0; -PIL_EAUTH (SIG_MISMATCH); -PIL_EFORMAT (SIG_FORMAT, LEAF_FIELD); -PIL_EUNSUPPORTED (CERT_KEY)
 */
int pil_auth_signature(const struct pil_auth_run *run);

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
 * @run: image and rules
 * Return: 0; -PIL_EUNSUPPORTED (HASH_ALGORITHM); -PIL_EFORMAT (HASH_NOT_ZERO); -PIL_EAUTH (HASH_HEADERS)
 */
int pil_auth_headers(const struct pil_auth_run *run);

/** pil_auth_zero_entry_() - entry @index must be zero. Return: 0; -PIL_EFORMAT (PLAN_HASHED_GAP, HASH_NOT_ZERO) */
int pil_auth_zero_entry_(const struct pil_image *image, unsigned int index, struct pil_why *why);

#endif

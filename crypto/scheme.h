/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature schemes as a table, and what can be said about a signature without a library. */
#ifndef PILOT_SCHEME_H
#define PILOT_SCHEME_H

#include <pilot/crypto.h>

/** enum pil_family - how a scheme turns digest and key into a signature */
enum pil_family {
	PIL_ECDSA,
	PIL_RSA_PKCS1,
	PIL_RSA_PSS,	/* MGF1 with the same digest, salt as long as the digest */
	PIL_RSA_RAW,
};

/**
 * struct pil_scheme - one scheme
 * @alg:    its number in the facade
 * @family: its family
 * @hash:   its digest; PIL_HASH_NONE: any
 */
struct pil_scheme {
	enum pil_sig_alg alg;
	enum pil_family family;
	enum pil_hash_alg hash;
};

/**
 * pil_scheme_check() - what both back ends check alike before they ask their library
 * @signer:      certificate with the key
 * @alg:         scheme
 * @digest_size: length of the digest
 * @sig:         signature
 * @scheme:      result: the scheme's row
 * @why:         reason, or NULL
 * Return: 0; -PIL_EUNSUPPORTED (CRYPTO_ALGORITHM) no such scheme, not for this key or digest; -PIL_EAUTH
 * (SIG_MISMATCH) the signature cannot fit: an RSA signature not as long as the modulus, or no ECDSA signature in DER
 */
int pil_scheme_check(const struct pil_cert *signer, enum pil_sig_alg alg, size_t digest_size, struct pil_bytes sig,
		     const struct pil_scheme **scheme, struct pil_why *why);

#endif

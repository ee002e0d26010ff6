/* SPDX-License-Identifier: BSD-2-Clause */
#include "scheme.h"

#include "der.h"

static const struct pil_scheme schemes[] = {
	{ PIL_SIG_ECDSA_SHA256, PIL_ECDSA, PIL_SHA256 },
	{ PIL_SIG_ECDSA_SHA384, PIL_ECDSA, PIL_SHA384 },
	{ PIL_SIG_RSA_PKCS1_SHA256, PIL_RSA_PKCS1, PIL_SHA256 },
	{ PIL_SIG_RSA_PSS_SHA256, PIL_RSA_PSS, PIL_SHA256 },
	{ PIL_SIG_RSA_PSS_SHA384, PIL_RSA_PSS, PIL_SHA384 },
	{ PIL_SIG_RSA_RAW, PIL_RSA_RAW, PIL_HASH_NONE },
};

static const struct pil_scheme *find(enum pil_sig_alg alg)
{
	size_t i = 0;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (schemes[i].alg == alg)
			return &schemes[i];
	return NULL;
}

static bool key_fits(enum pil_key_type key, enum pil_family family)
{
	if (family == PIL_ECDSA)
		return key == PIL_KEY_EC_P256 || key == PIL_KEY_EC_P384;
	return key == PIL_KEY_RSA;
}

static bool digest_fits(const struct pil_scheme *scheme, size_t size)
{
	if (scheme->hash == PIL_HASH_NONE)
		return size > 0 && size <= PIL_DIGEST_MAX;
	return size == pil_hash_size(scheme->hash);
}

int pil_scheme_check(const struct pil_cert *signer, enum pil_sig_alg alg, size_t digest_size, struct pil_bytes sig,
		     const struct pil_scheme **scheme, struct pil_why *why)
{
	size_t number = (signer->key_bits + 7u) / 8u;
	bool good = false;

	*scheme = find(alg);
	if (!*scheme || !key_fits(signer->key, (*scheme)->family) || !digest_fits(*scheme, digest_size))
		return pil_fail(why, PIL_R_CRYPTO_ALGORITHM, (uint64_t)alg, 0);
	if ((*scheme)->family == PIL_ECDSA)
		good = pil_der_ecdsa(sig.data, sig.size, number);
	else
		good = sig.size == number;
	return good ? 0 : pil_fail(why, PIL_R_SIG_MISMATCH, digest_size, 0);
}

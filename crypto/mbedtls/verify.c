/* SPDX-License-Identifier: BSD-2-Clause */
/* Does a signature fit a key? With Mbed TLS. */
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include "../der.h"
#include "../scheme.h"
#include "mbedtls.h"

#define NO_VERDICT (-1)

static bool recover_and_compare(mbedtls_pk_context *pk, struct pil_bytes digest, struct pil_bytes sig)
{
	uint8_t block[PIL_RSA_BITS_MAX / 8] = { 0 };

	return mbedtls_rsa_public(mbedtls_pk_rsa(*pk), sig.data, block) == 0 &&
	       pil_raw_digest(block, sig.size, digest.data, digest.size);
}

/* @verdict: 0 when it fits; the library's answer goes there on its shortest way */
static void judge(mbedtls_pk_context *pk, const struct pil_scheme *scheme, struct pil_bytes digest,
		  struct pil_bytes sig, volatile int *verdict)
{
	mbedtls_md_type_t md = scheme->hash == PIL_SHA384 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA256;
	mbedtls_pk_rsassa_pss_options pss = { .mgf1_hash_id = md, .expected_salt_len = (int)digest.size };

	switch (scheme->family) {
	case PIL_ECDSA:
	case PIL_RSA_PKCS1:
		*verdict = mbedtls_pk_verify(pk, md, digest.data, digest.size, sig.data, sig.size);
		break;
	case PIL_RSA_PSS:
		*verdict = mbedtls_pk_verify_ext(MBEDTLS_PK_RSASSA_PSS, &pss, pk, md, digest.data, digest.size,
						 sig.data, sig.size);
		break;
	case PIL_RSA_RAW:
		*verdict = recover_and_compare(pk, digest, sig) ? 0 : NO_VERDICT;
		break;
	}
}

int pil_mbed_verify(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		    const uint8_t *sig, size_t sig_size, struct pil_why *why)
{
	struct pil_bytes signature = { sig, sig_size };
	const struct pil_scheme *scheme = NULL;
	unsigned int failed = pil_mbed_failures();
	mbedtls_pk_context pk = { 0 };
	unsigned char *spki = NULL;
	volatile int verdict = NO_VERDICT;
	int error = 0;
	int ret = pil_scheme_check(signer, alg, digest_size, signature, &scheme, why);

	if (ret)
		return ret;
	/* the library moves the pointer on and does not write through it, but takes it without const */
	spki = (unsigned char *)(uintptr_t)signer->spki.data;
	mbedtls_pk_init(&pk);
	error = mbedtls_pk_parse_subpubkey(&spki, signer->spki.data + signer->spki.size, &pk);
	if (!error)
		judge(&pk, scheme, (struct pil_bytes){ digest, digest_size }, signature, &verdict);
	mbedtls_pk_free(&pk);
	ret = pil_mbed_out_of_memory(failed, why);
	if (ret)
		return ret;
	if (error)
		return pil_fail(why, PIL_R_CRYPTO_INTERNAL, (uint64_t) - (int64_t)error, 0);
	/* looked at twice: no single instruction that the processor skips may make it fit */
	if (verdict != 0)
		return pil_fail(why, PIL_R_SIG_MISMATCH, digest_size, 0);
	if (verdict != 0)
		return pil_fail(why, PIL_R_SIG_MISMATCH, digest_size, 0);
	return 0;
}

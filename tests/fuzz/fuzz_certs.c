/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A certificate field of an image, judged with both back ends: they must agree, certificate by certificate and on the
 * chain; nothing may be left in the pool.
 */
#include <pilot/auth.h>

#include "fuzz.h"
#include "../../crypto/mbedtls/pool.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

static void compare_certs(const struct pil_cert *a, const struct pil_cert *b)
{
	FUZZ_CHECK(a->sig_alg == b->sig_alg);
	FUZZ_CHECK(a->key == b->key && a->key_bits == b->key_bits);
	FUZZ_CHECK(a->has_basic == b->has_basic && a->is_ca == b->is_ca && a->path_len == b->path_len);
	FUZZ_CHECK(a->has_key_usage == b->has_key_usage && a->key_usage == b->key_usage);
	FUZZ_CHECK(a->not_before == b->not_before && a->not_after == b->not_after);
}

/* what one can read the other can, and it says the same; with two faults in one, they may name different ones */
static void each_cert(const uint8_t *data, size_t size)
{
	while (size) {
		struct pil_cert cert[2] = { 0 };
		struct pil_why why[2] = { 0 };
		size_t length = pil_cert_split(data, size);
		int ret[2] = { 0 };
		size_t k = 0;

		if (!length)
			return;
		for (k = 0; k < 2; k++) {
			ret[k] = backends[k]->cert_read(data, length, &cert[k], &why[k]);
			fuzz_check_result(ret[k], &why[k]);
			FUZZ_CHECK(pil_mbedtls_current_pool()->used == 0);
		}
		FUZZ_CHECK(!ret[0] == !ret[1]);
		if (!ret[0])
			compare_certs(&cert[0], &cert[1]);
		data += length;
		size -= length;
	}
}

static void whole_chain(const uint8_t *data, size_t size)
{
	static const uint8_t signature[] = { 0x30, 6, 2, 1, 1, 2, 1, 1 };
	static const uint8_t header[48];	/* of a hash segment, version 6 */
	const struct pil_auth_policy policy = { 0 };
	struct pil_auth_result result[2] = { 0 };
	struct pil_image image = { 0 };
	size_t k = 0;

	image.mbn.version = 6;
	image.mbn.signed_part = (struct pil_bytes){ header, sizeof(header) };
	image.mbn.signer[PIL_OEM].signature = (struct pil_bytes){ signature, sizeof(signature) };
	image.mbn.signer[PIL_OEM].certs = (struct pil_bytes){ data, size };
	for (k = 0; k < 2; k++) {
		struct pil_why why = { 0 };
		int ret = pil_auth_check(&image, &policy, backends[k], &result[k], &why);

		/* the image's signature is none of any key, so nothing gets further than the chain */
		FUZZ_CHECK(ret);
		fuzz_check_result(ret, &why);
		FUZZ_CHECK(pil_mbedtls_current_pool()->used == 0 && !pil_mbedtls_current_pool()->damaged);
	}
	FUZZ_CHECK(result[0].done == result[1].done);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	each_cert(data, size);
	whole_chain(data, size);
	return 0;
}

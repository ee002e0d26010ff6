/* SPDX-License-Identifier: BSD-2-Clause */
/* Small helpers on digests that need no back end, or any. */
#include <pilot/crypto.h>

size_t pil_hash_size(enum pil_hash_alg alg)
{
	switch (alg) {
	case PIL_SHA256:
		return 32;
	case PIL_SHA384:
		return 48;
	case PIL_SHA512:
		return 64;
	case PIL_HASH_NONE:
		break;
	}
	return 0;
}

int pil_hash_once(const struct pil_crypto *crypto, enum pil_hash_alg alg, const void *data, size_t size, uint8_t *out,
		  struct pil_why *why)
{
	struct pil_hash hash = { 0 };
	int ret = crypto->hash_init(&hash, alg, why);

	if (ret)
		return ret;
	ret = crypto->hash_update(&hash, data, size, why);
	if (ret) {
		/* abandon it; the reason that counts is the first one */
		(void)crypto->hash_final(&hash, NULL, NULL);
		return ret;
	}
	return crypto->hash_final(&hash, out, why);
}

bool pil_equal_consttime(const void *a, const void *b, size_t size)
{
	/* volatile: the compiler must not find out that the loop could stop early */
	const volatile uint8_t *x = a;
	const volatile uint8_t *y = b;
	uint8_t different = 0;
	size_t i = 0;

	for (i = 0; i < size; i++)
		different |= (uint8_t)(x[i] ^ y[i]);
	return different == 0;
}

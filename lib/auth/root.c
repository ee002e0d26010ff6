/* SPDX-License-Identifier: BSD-2-Clause */
/* Root of trust: the digest of the root certificate against the fuses. */
#include "auth.h"

/* the first bytes of a digest as people write them down */
static uint64_t beginning(const uint8_t *digest)
{
	uint64_t value = 0;
	unsigned int i = 0;

	for (i = 0; i < 8; i++)
		value = value << 8 | digest[i];
	return value;
}

static bool is_trusted(const struct pil_device *device, const uint8_t *hash)
{
	bool found = false;
	unsigned int i = 0;

	/* no early end: how long it takes must not tell which root it was */
	for (i = 0; i < PIL_MAX_ROOTS; i++)
		found |= i < device->root_count && pil_equal_consttime(device->root_hash[i], hash, PIL_ROOT_HASH_SIZE);
	return found;
}

int pil_auth_root(uint32_t root_index, const struct pil_device *device, const struct pil_crypto *crypto,
		  struct pil_auth_result *result, struct pil_why *why)
{
	const struct pil_bytes root = result->cert[result->certs - 1].der;
	int ret = pil_hash_once(crypto, PIL_SHA384, root.data, root.size, result->root_hash, why);

	if (ret)
		return ret;
	if (root_index)
		return pil_fail(why, PIL_R_CERT_ROOT_INDEX, root_index, 1);
	if (device && !is_trusted(device, result->root_hash))
		return pil_fail(why, PIL_R_CERT_ROOT, beginning(result->root_hash), beginning(device->root_hash[0]));
	return 0;
}

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

static bool is_sha256(const struct pil_device *device, unsigned int i)
{
	return device->root_alg[i] == PIL_SHA256;
}

/* bit per place of the fuses that has the selected root's hash */
static uint32_t places_of(const struct pil_device *device, const struct pil_auth_result *r)
{
	uint32_t places = 0;
	unsigned int i = 0;

	/* no early end: how long it takes must not tell which root it was */
	for (i = 0; i < PIL_MAX_ROOTS; i++) {
		const uint8_t *hash = is_sha256(device, i) ? r->root_hash256 : r->root_hash;
		const size_t size = is_sha256(device, i) ? sizeof(r->root_hash256) : sizeof(r->root_hash);

		if (i < device->root_count && pil_equal_consttime(device->root_hash[i], hash, size))
			places |= 1u << i;
	}
	return places;
}

static unsigned int lowest(uint32_t bits)
{
	unsigned int i = 0;

	while (i < PIL_MAX_ROOTS && !(bits >> i & 1u))
		i++;
	return i;
}

static uint64_t beginning_of_root(const struct pil_device *device, const struct pil_auth_result *r)
{
	return beginning(is_sha256(device, 0) ? r->root_hash256 : r->root_hash);
}

/* a revoked place wins over an activated one with the same hash: revocation is the later word */
static int check_trust(const struct pil_device *device, const struct pil_auth_result *r, struct pil_why *why)
{
	const uint32_t places = places_of(device, r);
	const uint32_t revoked = places & device->root_revoked;

	if (!places)
		return pil_fail(why, PIL_R_CERT_ROOT, beginning_of_root(device, r), beginning(device->root_hash[0]));
	if (revoked)
		return pil_fail(why, PIL_R_CERT_ROOT_REVOKED, beginning_of_root(device, r), lowest(revoked));
	if (!(places & device->root_active))
		return pil_fail(why, PIL_R_CERT_ROOT_INACTIVE, beginning_of_root(device, r), lowest(places));
	return 0;
}

static int make_hashes(const struct pil_auth_run *run)
{
	const struct pil_device *device = run->policy->device;
	const struct pil_bytes root = run->result->cert[run->result->root].der;
	bool old = false;
	unsigned int i = 0;
	int ret = pil_hash_once(run->crypto, PIL_SHA384, root.data, root.size, run->result->root_hash, run->why);

	for (i = 0; device && i < PIL_MAX_ROOTS; i++)
		old |= is_sha256(device, i);
	if (!ret && old)
		ret = pil_hash_once(run->crypto, PIL_SHA256, root.data, root.size, run->result->root_hash256, run->why);
	return ret;
}

int pil_auth_root(const struct pil_auth_run *run)
{
	const struct pil_device *device = run->policy->device;
	const struct pil_auth_result *r = run->result;
	const uint32_t index = run->signer->binding.root_index;
	int ret = make_hashes(run);

	if (ret)
		return ret;
	if (index >= r->roots)
		return pil_fail(run->why, PIL_R_CERT_ROOT_INDEX, index, r->roots);
	return device ? check_trust(device, r, run->why) : 0;
}

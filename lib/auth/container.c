/* SPDX-License-Identifier: BSD-2-Clause */
/* Is a container genuine, and is it for this processor? (docs/SPEC.md section 9.3) */
#include <string.h>

#include <pilot/container.h>
#include <pilot/wire/container.h>

#define DIGEST	PIL_CONTAINER_DIGEST
#define SIG_MAX (2u + 2u * (2u + 1u + DIGEST)) /* SEQUENCE of two INTEGERs, each with a sign octet */

struct check {
	const struct pil_container *c;
	const struct pil_container_policy *policy;
	const struct pil_crypto *crypto;
	struct pil_container_result *result;
	struct pil_why *why;
};

/* first bytes of a hash, as a message shows it */
static uint64_t shown(const uint8_t *hash)
{
	uint64_t value = 0;
	unsigned int i = 0;

	for (i = 0; i < 8; i++)
		value = value << 8 | hash[i];
	return value;
}

static void done(const struct check *k, enum pil_container_check check)
{
	k->result->done |= 1u << (unsigned int)check;
}

/* The container lacks the TLV that @check would look at. A question that was @asked cannot stay without an answer. */
static int missing(const struct check *k, enum pil_container_check check, uint32_t tlv, bool asked)
{
	if (k->policy->strict || asked)
		return pil_fail(k->why, PIL_R_CONTAINER_LOOSE, tlv, 0);
	k->result->missing |= 1u << (unsigned int)check;
	return 0;
}

static int check_key(const struct check *k)
{
	struct pil_bytes spki = k->policy->key.size ? k->policy->key : k->c->key_info;
	int ret = 0;

	if (!spki.size)
		return pil_fail(k->why, PIL_R_CONTAINER_KEY_NONE, 0, 0);
	ret = k->crypto->key_read(spki.data, spki.size, &k->result->key, k->why);
	if (!ret)
		ret = pil_hash_once(k->crypto, PIL_SHA384, spki.data, spki.size, k->result->key_hash, k->why);
	if (ret) {
		k->result->key = (struct pil_cert){ 0 };
		return ret;
	}
	if (k->policy->key_hash && !pil_equal_consttime(k->result->key_hash, k->policy->key_hash, PIL_KEY_HASH_SIZE))
		return pil_fail(k->why, PIL_R_CONTAINER_KEY_HASH, shown(k->result->key_hash),
				shown(k->policy->key_hash));
	if (k->policy->key.size || k->policy->key_hash)
		done(k, PIL_CONTAINER_KEY);
	return 0;
}

/* One number of 32 bytes, big endian, as a DER INTEGER. Return: bytes at @out */
static size_t put_integer(uint8_t *out, const uint8_t *number)
{
	size_t skip = 0;
	size_t sign = 0;

	while (skip < DIGEST - 1 && !number[skip])
		skip++;
	sign = number[skip] >> 7;
	out[0] = 0x02;
	out[1] = (uint8_t)(sign + DIGEST - skip);
	out[2] = 0;
	memcpy(out + 2 + sign, number + skip, DIGEST - skip);
	return 2 + sign + DIGEST - skip;
}

/* The facade takes ECDSA signatures in DER; the container has r and s. */
static struct pil_bytes signature_der(struct pil_bytes raw, uint8_t out[SIG_MAX])
{
	size_t size = 2;

	size += put_integer(out + size, raw.data);
	size += put_integer(out + size, raw.data + DIGEST);
	out[0] = 0x30;
	out[1] = (uint8_t)(size - 2);
	return (struct pil_bytes){ out, size };
}

static int check_signature(const struct check *k)
{
	const struct pil_cert *key = &k->result->key;
	struct pil_bytes sig = k->c->signature;
	bool ecdsa = k->c->sig_alg == PIL_SIG_ECDSA_SHA256;
	uint8_t der[SIG_MAX] = { 0 };
	uint8_t digest[DIGEST] = { 0 };
	int ret = 0;

	if (key->key != (ecdsa ? PIL_KEY_EC_P256 : PIL_KEY_RSA))
		return pil_fail(k->why, PIL_R_CONTAINER_KEY_TYPE, (uint64_t)key->key, 0);
	ret = pil_hash_once(k->crypto, PIL_SHA256, k->c->signed_part.data, k->c->signed_part.size, digest, k->why);
	if (ret)
		return ret;
	if (ecdsa)
		sig = signature_der(sig, der);
	ret = k->crypto->verify(key, k->c->sig_alg, digest, sizeof(digest), sig.data, sig.size, k->why);
	if (ret == -PIL_EAUTH)
		return pil_fail(k->why, PIL_R_CONTAINER_SIGNATURE, k->c->signed_part.size, 0);
	if (!ret)
		done(k, PIL_CONTAINER_SIGNATURE);
	return ret;
}

static int check_processor(const struct check *k)
{
	if (!k->c->has_processor)
		return missing(k, PIL_CONTAINER_PROCESSOR, PIL_CONTAINER_TLV_PROCESSOR, k->policy->check_processor);
	if (!k->policy->check_processor)
		return 0;
	if (k->c->processor != k->policy->processor)
		return pil_fail(k->why, PIL_R_CONTAINER_PROCESSOR, k->c->processor, k->policy->processor);
	done(k, PIL_CONTAINER_PROCESSOR);
	return 0;
}

static int check_rollback(const struct check *k)
{
	if (!k->c->has_version)
		return missing(k, PIL_CONTAINER_ROLLBACK, PIL_CONTAINER_TLV_VERSION, k->policy->check_version);
	if (!k->policy->check_version)
		return 0;
	if (k->c->version < k->policy->least_version)
		return pil_fail(k->why, PIL_R_ROLLBACK, k->c->version, k->policy->least_version);
	done(k, PIL_CONTAINER_ROLLBACK);
	return 0;
}

/*
 * Entry n of the table is program header n. The loader upstream looks for any entry with the same p_paddr and compares
 * three fields; that lets segments disappear.
 */
static int check_headers(const struct check *k)
{
	const struct pil_elf *elf = NULL;
	unsigned int image = 0;
	unsigned int i = 0;

	for (image = 0; image < k->c->images; image++) {
		elf = &k->c->elf[image];
		for (i = 0; i < elf->phnum; i++)
			if (memcmp(elf->data + elf->phoff + (size_t)i * elf->phentsize,
				   pil_container_entry(k->c, image, i), elf->phentsize))
				return pil_fail(k->why, PIL_R_CONTAINER_PHDR, image, i);
	}
	done(k, PIL_CONTAINER_HEADERS);
	return 0;
}

static int check_whole(const struct check *k)
{
	uint8_t digest[DIGEST] = { 0 };
	unsigned int i = 0;
	int ret = 0;

	if (!k->c->digests.size)
		return missing(k, PIL_CONTAINER_WHOLE, PIL_CONTAINER_TLV_ELF_DIGEST, false);
	for (i = 0; i < k->c->images; i++) {
		struct pil_bytes image = k->c->image[i];

		ret = pil_hash_once(k->crypto, PIL_SHA256, image.data, image.size, digest, k->why);
		if (ret)
			return ret;
		if (!pil_equal_consttime(digest, k->c->digests.data + (size_t)i * DIGEST, DIGEST))
			return pil_fail(k->why, PIL_R_CONTAINER_ELF_DIGEST, i, image.size);
	}
	done(k, PIL_CONTAINER_WHOLE);
	return 0;
}

static int check_segment(const struct check *k, unsigned int image, unsigned int index)
{
	const struct pil_elf *elf = &k->c->elf[image];
	struct pil_phdr phdr = { 0 };
	uint8_t digest[DIGEST] = { 0 };
	const uint8_t *data = NULL;
	int ret = 0;

	(void)pil_elf_phdr(elf, index, &phdr);
	/* p_offset of a segment without bytes may lie anywhere */
	data = elf->data + (phdr.filesz ? (size_t)phdr.offset : 0);
	ret = pil_hash_once(k->crypto, PIL_SHA256, data, (size_t)phdr.filesz, digest, k->why);
	if (ret)
		return ret;
	if (!pil_equal_consttime(digest, pil_container_digest(k->c, image, index), DIGEST))
		return pil_fail(k->why, PIL_R_CONTAINER_SEGMENT, image, index);
	return 0;
}

static int check_segments(const struct check *k)
{
	unsigned int image = 0;
	unsigned int i = 0;
	int ret = 0;

	for (image = 0; image < k->c->images; image++)
		for (i = 0; !ret && i < k->c->elf[image].phnum; i++)
			ret = check_segment(k, image, i);
	if (!ret)
		done(k, PIL_CONTAINER_SEGMENTS);
	return ret;
}

static const struct {
	const char *name;
	int (*make)(const struct check *k);
} checks[PIL_CONTAINER_CHECKS] = {
	[PIL_CONTAINER_KEY] = { "key", check_key },
	[PIL_CONTAINER_SIGNATURE] = { "signature", check_signature },
	[PIL_CONTAINER_PROCESSOR] = { "processor", check_processor },
	[PIL_CONTAINER_ROLLBACK] = { "rollback", check_rollback },
	[PIL_CONTAINER_HEADERS] = { "headers", check_headers },
	[PIL_CONTAINER_WHOLE] = { "whole", check_whole },
	[PIL_CONTAINER_SEGMENTS] = { "segments", check_segments },
};

const char *pil_container_check_name(enum pil_container_check check)
{
	return (unsigned int)check < PIL_CONTAINER_CHECKS ? checks[check].name : "?";
}

int pil_container_check(const struct pil_container *c, enum pil_container_check check,
			const struct pil_container_policy *policy, const struct pil_crypto *crypto,
			struct pil_container_result *result, struct pil_why *why)
{
	const struct check k = { c, policy, crypto, result, why };

	return checks[check].make(&k);
}

int pil_container_auth(const struct pil_container *c, const struct pil_container_policy *policy,
		       const struct pil_crypto *crypto, struct pil_container_result *result, struct pil_why *why)
{
	int check = 0;
	int ret = 0;

	*result = (struct pil_container_result){ 0 };
	for (check = 0; !ret && check < PIL_CONTAINER_CHECKS; check++)
		ret = pil_container_check(c, (enum pil_container_check)check, policy, crypto, result, why);
	return ret;
}

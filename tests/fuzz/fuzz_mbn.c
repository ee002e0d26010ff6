/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hash segment: the first byte of the input is the number of program headers, the rest the segment. A target that is
 * built for one version (FUZZ_VERSION) writes it into the header, so that every input is one of that version.
 */
#include <string.h>

#include <pilot/mbn.h>

#include "fuzz.h"

static void check_regions(const struct pil_mbn *mbn)
{
	unsigned int i = 0;

	fuzz_check_inside(mbn->hashes, mbn->segment);
	fuzz_check_inside(mbn->signed_part, mbn->segment);
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		fuzz_check_inside(mbn->signer[i].metadata, mbn->signed_part);
		fuzz_check_inside(mbn->signer[i].signature, mbn->segment);
		fuzz_check_inside(mbn->signer[i].certs, mbn->segment);
	}
	FUZZ_CHECK(mbn->hashes.size == mbn->hash_count * pil_hash_size(mbn->hash_alg));
	for (i = 0; i < mbn->hash_count; i++)
		fuzz_check_inside((struct pil_bytes){ pil_mbn_entry(mbn, i), pil_hash_size(mbn->hash_alg) },
				  mbn->hashes);
	FUZZ_CHECK(!pil_mbn_entry(mbn, i));
	FUZZ_CHECK(mbn->end <= mbn->segment.size);
}

/* Return: the input with the target's version in it */
static const uint8_t *with_version(const uint8_t *data, size_t size)
{
#ifdef FUZZ_VERSION
	static uint8_t copy[16384];
	const uint8_t version[] = { FUZZ_VERSION, 0, 0, 0 };

	if (size < 9 || size > sizeof(copy))
		return data;
	memcpy(copy, data, size);
	memcpy(copy + 5, version, sizeof(version));
	return copy;
#else
	(void)size;
	return data;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	int ret = 0;

	if (!size)
		return 0;
	data = with_version(data, size);
	ret = pil_mbn_parse(data + 1, size - 1, data[0], &mbn, &why);
	fuzz_check_result(ret, &why);
	if (ret)
		return 0;
	check_regions(&mbn);
	FUZZ_CHECK(!pil_mbn_hash_signed(&mbn, PIL_OEM, &pil_crypto_openssl, PIL_SHA384, digest, &why));
	FUZZ_CHECK(!pil_mbn_hash_signed(&mbn, PIL_QTI, &pil_crypto_openssl, PIL_SHA256, digest, &why));
	return 0;
}

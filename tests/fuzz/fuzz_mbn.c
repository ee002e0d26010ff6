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

static void check_segment(const uint8_t *segment, size_t size, unsigned int phnum)
{
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };
	int ret = pil_mbn_parse(segment, size, phnum, &mbn, &why);

	fuzz_check_result(ret, &why);
	if (ret)
		return;
	check_regions(&mbn);
	FUZZ_CHECK(!pil_mbn_hash_signed(&mbn, PIL_OEM, &pil_crypto_openssl, PIL_SHA384, digest, &why));
	FUZZ_CHECK(!pil_mbn_hash_signed(&mbn, PIL_QTI, &pil_crypto_openssl, PIL_SHA256, digest, &why));
}

#ifdef FUZZ_VERSION
/* a copy of exactly the segment's size, so that the sanitizer sees every byte read behind it */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t version[] = { FUZZ_VERSION, 0, 0, 0 };
	uint8_t *copy = NULL;

	if (size < 9)
		return 0;
	copy = malloc(size - 1);
	FUZZ_CHECK(copy);
	memcpy(copy, data + 1, size - 1);
	memcpy(copy + 4, version, sizeof(version));
	check_segment(copy, size - 1, data[0]);
	free(copy);
	return 0;
}
#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size)
		check_segment(data + 1, size - 1, data[0]);
	return 0;
}
#endif

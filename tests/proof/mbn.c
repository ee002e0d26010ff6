/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hash segment: its reader, the entries of its table and which bytes are hashed for each authority's signature.
 * PROOF_VERSION says which of the readers. Indexes of entries go up to twice the number of entries.
 */
#include <pilot/mbn.h>

#include "mbn_format.h"
#include "proof.h"

#define SIZE  65536u /* PIL_IMAGE_HASH_MAX: no caller passes on more */
#define PHNUM 128u   /* PIL_ELF_MAX_PHNUM */

/* one reader at a time: the others would only take time */
#define FORMAT_NAME(version) pil_mbn_format_v##version
#define FORMAT(version)	     FORMAT_NAME(version)
const struct pil_mbn_format *const pil_mbn_formats[] = { &FORMAT(PROOF_VERSION), NULL };

static int hash_init(struct pil_hash *hash, enum pil_hash_alg alg, struct pil_why *why)
{
	(void)hash;
	(void)alg;
	(void)why;
	return 0;
}

static int hash_update(struct pil_hash *hash, const void *data, size_t size, struct pil_why *why)
{
	(void)hash;
	(void)why;
	CLAIM(__CPROVER_r_ok(data, size), "what is hashed can be read");
	return 0;
}

static int hash_final(struct pil_hash *hash, uint8_t *out, struct pil_why *why)
{
	(void)hash;
	(void)out;
	(void)why;
	return 0;
}

static const struct pil_crypto crypto = {
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
};

static void claim_regions(const struct pil_mbn *mbn, struct pil_bytes segment)
{
	unsigned int i = 0;

	claim_inside(mbn->hashes, segment);
	claim_inside(mbn->signed_part, segment);
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		claim_inside(mbn->signer[i].metadata, mbn->signed_part);
		claim_inside(mbn->signer[i].signature, segment);
		claim_inside(mbn->signer[i].certs, segment);
	}
}

static void claim_entries(const struct pil_mbn *mbn)
{
	unsigned int index = nondet_u16() % (2 * PHNUM);
	const uint8_t *entry = pil_mbn_entry(mbn, index);

	CLAIM(!entry == (index >= mbn->hash_count), "an entry is there or it is not");
	if (entry)
		claim_inside((struct pil_bytes){ entry, pil_hash_size(mbn->hash_alg) }, mbn->hashes);
}

int main(void)
{
	struct pil_mbn mbn = { 0 };
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	unsigned int phnum = (unsigned int)any_size(PHNUM);
	uint8_t *data = NULL;
	int ret = 0;

	data = any_bytes(size);
	ret = pil_mbn_parse(data, size, phnum, &mbn, &why);
	claim_result(ret, &why);
	if (ret) {
		CLAIM(!mbn.segment.data && !mbn.hash_count && !mbn.signed_part.size, "a failure leaves nothing behind");
		return 0;
	}
	claim_regions(&mbn, (struct pil_bytes){ data, size });
	claim_entries(&mbn);
	(void)pil_mbn_hash_signed(&mbn, nondet_u16() & 1 ? PIL_OEM : PIL_QTI, &crypto, PIL_SHA384, NULL, &why);
	REACHED("an accepted segment");
	return 0;
}

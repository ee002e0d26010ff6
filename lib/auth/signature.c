/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature on the hash segment (docs/SPEC.md section 3.4). */
#include "auth.h"

/* the leaf's key and the way its own certificate is signed select the scheme, as in all real images */
static const struct pil_scheme_row *find(const struct pil_auth_schemes *schemes, const struct pil_cert *leaf)
{
	size_t i = 0;

	for (i = 0; i < schemes->rows; i++)
		if (schemes->row[i].key == leaf->key && schemes->row[i].cert_alg == leaf->sig_alg)
			return &schemes->row[i];
	return NULL;
}

static int cut(const struct pil_scheme_row *row, const struct pil_cert *leaf, struct pil_bytes *field,
	       struct pil_why *why)
{
	size_t length = row->cut(*field, leaf);
	size_t i = 0;

	if (!length)
		return pil_fail(why, PIL_R_SIG_FORMAT, field->size, 0);
	for (i = length; i < field->size; i++)
		if (field->data[i])
			return pil_fail(why, PIL_R_SIG_FORMAT, field->size, i);
	field->size = length;
	return 0;
}

int pil_auth_signature(const struct pil_auth_run *run)
{
	const struct pil_mbn *mbn = &run->image->mbn;
	const struct pil_cert *leaf = &run->result->cert[0];
	const struct pil_scheme_row *row = find(run->rules->schemes, leaf);
	struct pil_bytes sig = run->signer->signature;
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = 0;

	if (!row)
		return pil_fail(run->why, PIL_R_CERT_KEY, 0, 0);
	run->result->sig_alg = row->image_alg;
	ret = cut(row, leaf, &sig, run->why);
	if (!ret)
		ret = pil_mbn_hash_signed(mbn, run->policy->authority, run->crypto, row->image_hash, digest, run->why);
	if (!ret && row->bind)
		ret = row->bind(leaf, run->crypto, digest, run->why);
	if (ret)
		return ret;
	ret = run->crypto->verify(leaf, row->image_alg, digest, pil_hash_size(row->image_hash), sig.data, sig.size,
				  run->why);
	if (ret == -PIL_EAUTH)
		return pil_fail(run->why, PIL_R_SIG_MISMATCH, mbn->signed_part.size, 0);
	return ret;
}

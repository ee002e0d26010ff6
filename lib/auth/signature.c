/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature on the hash segment (docs/SPEC.md section 3.4). */
#include "auth.h"

/* ECDSA: a DER SEQUENCE at the start of a field of fixed length */
static size_t cut_der(struct pil_bytes field)
{
	return pil_cert_split(field.data, field.size);
}

/* the leaf's key and the way its own certificate is signed select the scheme, as in all real images */
static const struct pil_scheme_row rows[] = {
	{ PIL_KEY_EC_P384, PIL_SIG_ECDSA_SHA384, PIL_SIG_ECDSA_SHA384, PIL_SHA384, cut_der },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

bool pil_scheme_accepts_key(enum pil_key_type key)
{
	size_t i = 0;

	for (i = 0; i < ROWS; i++)
		if (rows[i].key == key)
			return true;
	return false;
}

bool pil_scheme_accepts_cert(enum pil_sig_alg alg, enum pil_hash_alg *hash)
{
	size_t i = 0;

	for (i = 0; i < ROWS; i++) {
		if (rows[i].cert_alg == alg) {
			*hash = rows[i].image_hash;
			return true;
		}
	}
	return false;
}

static const struct pil_scheme_row *find(const struct pil_cert *leaf)
{
	size_t i = 0;

	for (i = 0; i < ROWS; i++)
		if (rows[i].key == leaf->key && rows[i].cert_alg == leaf->sig_alg)
			return &rows[i];
	return NULL;
}

static int cut(const struct pil_scheme_row *row, struct pil_bytes *field, struct pil_why *why)
{
	size_t length = row->cut(*field);
	size_t i = 0;

	if (!length)
		return pil_fail(why, PIL_R_SIG_FORMAT, field->size, 0);
	for (i = length; i < field->size; i++)
		if (field->data[i])
			return pil_fail(why, PIL_R_SIG_FORMAT, field->size, i);
	field->size = length;
	return 0;
}

int pil_auth_signature(const struct pil_mbn *mbn, const struct pil_crypto *crypto, struct pil_auth_result *result,
		       struct pil_why *why)
{
	struct pil_bytes sig = mbn->signer[PIL_OEM].signature;
	const struct pil_cert *leaf = &result->cert[0];
	const struct pil_scheme_row *row = find(leaf);
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = 0;

	if (!row)
		return pil_fail(why, PIL_R_CERT_KEY, 0, 0);
	result->sig_alg = row->image_alg;
	ret = cut(row, &sig, why);
	if (!ret)
		ret = pil_mbn_hash_signed(mbn, PIL_OEM, crypto, row->image_hash, digest, why);
	if (ret)
		return ret;
	ret = crypto->verify(leaf, row->image_alg, digest, pil_hash_size(row->image_hash), sig.data, sig.size, why);
	if (ret == -PIL_EAUTH)
		return pil_fail(why, PIL_R_SIG_MISMATCH, mbn->signed_part.size, 0);
	return ret;
}

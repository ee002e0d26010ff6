/* SPDX-License-Identifier: BSD-2-Clause */
/* A hash segment under construction: sizes, header, metadata, table, signature, certificates. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/auth.h>

#include "sign/sign.h"

#define SW_ID 1u
#define HW_ID 2u

/* lengths of certificate fields in the field's images */
static const uint32_t fields[] = { 3360, 6144, 12288, 24576 };

static size_t table_size(const struct sealed *seal)
{
	return (size_t)seal->entries * pil_hash_size(seal->alg);
}

static size_t qti_size(const struct sealed *seal)
{
	return seal->old ? seal->old->signer[PIL_QTI].signature.size + seal->old->signer[PIL_QTI].certs.size : 0;
}

bool seal_digest(struct sealed *seal, unsigned int index, const void *data, size_t size)
{
	struct pil_why why = { 0 };

	if (!pil_hash_once(&pil_crypto_openssl, seal->alg, data, size,
			   seal->table + (size_t)index * pil_hash_size(seal->alg), &why))
		return true;
	complain_why(seal->path, &why);
	return false;
}

/* versions 3 and 5 need a leaf certificate for every image */
static int make_leaf(struct sealed *seal, const struct signing *signing)
{
	const struct pki_chain *chain = &signing->chain;

	seal->leaf = chain->cert[PKI_LEAF];
	if (seal->writer->metadata_size) {
		X509_up_ref(seal->leaf);
		return STATUS_OK;
	}
	if (!chain->key[PKI_CA]) {
		seal->leaf = NULL;
		complain(seal->path,
			 "an image of version %u is bound by its leaf certificate: ca.key is needed to make one",
			 seal->writer->version);
		return STATUS_REFUSED;
	}
	if (!leaf_units_set(&seal->units, &seal->want, seal->signed_size, seal->path)) {
		seal->leaf = NULL;
		return STATUS_REFUSED;
	}
	seal->leaf = leaf_new(chain, &seal->units, scheme_of(chain->cert[PKI_LEAF]) == SCHEME_RSA_RAW);
	return seal->leaf ? STATUS_OK : STATUS_TROUBLE;
}

static int check_scheme(const struct sealed *seal, const struct signing *signing)
{
	if (seal->scheme == SCHEME_RSA_RAW && seal->writer->version != 3) {
		complain(signing->opt->keys,
			 "leaf.crt is signed with PKCS#1 v1.5, which only version 3 has; version %u takes RSA-PSS",
			 seal->writer->version);
		return STATUS_REFUSED;
	}
	if (scheme_is_ecdsa(seal->scheme) && seal->writer->version < 6) {
		complain(signing->opt->keys, "version %u is signed with RSA; leaf.crt has an EC key",
			 seal->writer->version);
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

/* leaf, CA and roots behind one another */
static int join_certs(struct sealed *seal, const struct signing *signing)
{
	unsigned int role = 0;

	for (role = 0; role < signing->chain.certs; role++) {
		size_t size = 0;
		uint8_t *der = pki_der(role == PKI_LEAF ? seal->leaf : signing->chain.cert[role], &size);
		uint8_t *longer = der ? realloc(seal->certs, seal->certs_size + size) : NULL;

		if (!longer) {
			OPENSSL_free(der);
			complain(NULL, "out of memory");
			return STATUS_TROUBLE;
		}
		seal->certs = longer;
		memcpy(seal->certs + seal->certs_size, der, size);
		seal->certs_size += size;
		OPENSSL_free(der);
	}
	return STATUS_OK;
}

static int choose_sizes(struct sealed *seal, const struct signing *signing)
{
	size_t i = 0;

	while (i < sizeof(fields) / sizeof(fields[0]) && fields[i] < seal->certs_size)
		i++;
	if (i == sizeof(fields) / sizeof(fields[0])) {
		complain(signing->opt->keys, "the certificates have %zu bytes together; %u is the limit",
			 seal->certs_size, fields[i - 1]);
		return STATUS_REFUSED;
	}
	seal->layout.hashes = (uint32_t)table_size(seal);
	seal->layout.signature = (uint32_t)scheme_field(seal->scheme, X509_get0_pubkey(seal->leaf));
	seal->layout.certs = fields[i];
	seal->layout.address = seal->address;
	seal->layout.signed_by_two = seal->old && seal->old->signer[PIL_QTI].signature.size;
	seal->layout.segment =
		(uint32_t)(seal->signed_size + qti_size(seal)) + seal->layout.signature + seal->layout.certs;
	return STATUS_OK;
}

/*
 * The hash of the OEM's root in the metadata: of the root that signs now, with the algorithm that is there already. An
 * image that is bound to a root stays so.
 */
static int bind_root(struct sealed *seal, const struct signing *signing)
{
	const struct pil_mbn_binding *old = seal->old ? &seal->old->signer[PIL_OEM].binding : NULL;
	struct pil_mbn_binding *b = &seal->want.binding;
	struct pil_why why = { 0 };
	uint8_t *der = NULL;
	size_t size = 0;
	int failed = 0;

	if (!seal->want.oem_root && old && old->use_oem_root) {
		seal->want.oem_root = true;
		b->use_oem_root = true;
		b->oem_root_alg = old->oem_root_alg;
	}
	if (!seal->want.oem_root || !b->use_oem_root)
		return STATUS_OK;
	b->oem_root_alg = b->oem_root_alg ? b->oem_root_alg : PIL_SHA384;
	if (b->oem_root_alg != PIL_SHA256 && b->oem_root_alg != PIL_SHA384) {
		complain(seal->path,
			 "is bound to its root by algorithm %" PRIu32 ", which is not known; --oem-root any",
			 b->oem_root_alg);
		return STATUS_REFUSED;
	}
	memset(b->oem_root_hash, 0, sizeof(b->oem_root_hash));
	der = pki_der(signing->chain.cert[signing->chain.root], &size);
	failed = !der || pil_hash_once(&pil_crypto_openssl, (enum pil_hash_alg)b->oem_root_alg, der, size,
				       b->oem_root_hash, &why);
	OPENSSL_free(der);
	if (failed)
		pki_complain(signing->opt->keys, "the root's hash cannot be made");
	return failed ? STATUS_TROUBLE : STATUS_OK;
}

int seal_prepare(struct sealed *seal, const struct signing *signing)
{
	int status = STATUS_OK;

	if (signing->chain.root != PKI_ROOT && !seal->writer->metadata_size) {
		complain(signing->opt->keys, "versions 3 and 5 have one root; ca.crt is signed by root %u",
			 signing->chain.root - PKI_ROOT);
		return STATUS_REFUSED;
	}
	if (mbn_writer_lacks(seal->writer, &seal->want)) {
		complain(seal->path, "version %u has no place for %s", seal->writer->version,
			 mbn_writer_lacks(seal->writer, &seal->want));
		return STATUS_REFUSED;
	}
	status = bind_root(seal, signing);
	if (status)
		return status;
	seal->want.root_index = true;
	seal->want.binding.root_index = signing->chain.root - PKI_ROOT;
	seal->signed_size = seal->old ? seal->old->signed_part.size
				      : seal->writer->header_size + seal->writer->common_size +
						seal->writer->metadata_size + table_size(seal);
	status = make_leaf(seal, signing);
	if (status)
		return status;
	seal->scheme = scheme_of(seal->leaf);
	status = check_scheme(seal, signing);
	if (!status)
		status = join_certs(seal, signing);
	return status ? status : choose_sizes(seal, signing);
}

void seal_free(struct sealed *seal)
{
	X509_free(seal->leaf);
	free(seal->certs);
	seal->leaf = NULL;
	seal->certs = NULL;
}

/* a new header and new metadata */
static void begin_new(const struct sealed *seal, uint8_t *p)
{
	const struct mbn_writer *w = seal->writer;

	memset(p, 0, seal->signed_size);
	w->header(p);
	w->sizes(&seal->layout, p);
	if (w->common)
		w->common(&seal->want, seal->alg, p + w->header_size);
	if (w->metadata)
		w->metadata(&seal->want, p + w->header_size + w->common_size);
	memcpy(p + seal->signed_size - table_size(seal), seal->table, table_size(seal));
}

/* what is there already stays, but for what was asked */
static void begin_again(const struct sealed *seal, uint8_t *p)
{
	const struct pil_mbn *old = seal->old;
	const struct mbn_writer *w = seal->writer;
	struct pil_bytes metadata = old->signer[PIL_OEM].metadata;

	memcpy(p, old->signed_part.data, old->signed_part.size);
	w->sizes(&seal->layout, p);
	if (w->common)
		w->common(&seal->want, seal->alg, p + w->header_size);
	if (w->metadata && metadata.size)
		w->metadata(&seal->want, p + (metadata.data - old->segment.data));
	memcpy(p + (old->hashes.data - old->segment.data), seal->table, table_size(seal));
	p += old->signed_part.size;
	/* signature and certificates follow each other */
	if (qti_size(seal))
		memcpy(p, old->signer[PIL_QTI].signature.data, qti_size(seal));
}

/* the raw scheme of version 3 signs a digest into which SW_ID and HW_ID are mixed as in HMAC (SPEC.md section 3.4) */
static bool mix(const struct sealed *seal, uint8_t digest[32])
{
	static const struct {
		unsigned int unit;
		uint8_t pad;
	} rounds[] = { { SW_ID, 0x36 }, { HW_ID, 0x5c } };
	uint8_t input[8 + 32] = { 0 };
	size_t i = 0;
	unsigned int k = 0;

	for (i = 0; i < 2; i++) {
		uint64_t id = leaf_units_number(&seal->units, rounds[i].unit);

		for (k = 0; k < 8; k++)
			input[k] = (uint8_t)(id >> (56 - 8 * k)) ^ rounds[i].pad;
		memcpy(input + 8, digest, 32);
		if (EVP_Digest(input, sizeof(input), digest, NULL, EVP_sha256(), NULL) != 1)
			return false;
	}
	return true;
}

static int digest_signed(const struct sealed *seal, const uint8_t *segment, size_t size, uint8_t *digest)
{
	struct pil_why why = { 0 };
	struct pil_mbn mbn = { 0 };

	if (pil_mbn_parse(segment, size, seal->entries, &mbn, &why) ||
	    pil_mbn_hash_signed(&mbn, PIL_OEM, &pil_crypto_openssl, scheme_hash(seal->scheme), digest, &why)) {
		complain_why(seal->path, &why);
		return STATUS_REFUSED;
	}
	if (seal->scheme == SCHEME_RSA_RAW && !mix(seal, digest)) {
		pki_complain(seal->path, "SHA-256 failed");
		return STATUS_TROUBLE;
	}
	return STATUS_OK;
}

int seal_write(struct sealed *seal, const struct signing *signing, uint8_t *segment, size_t size)
{
	uint8_t *sig = segment + seal->signed_size + qti_size(seal);
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	uint8_t bytes[PKI_SIG_MAX] = { 0 };
	size_t length = 0;
	int status = STATUS_OK;

	/* in place of a longer segment the rest is padding, as in the field's images */
	memset(segment, 0xff, size);
	seal->layout.segment = (uint32_t)size;
	if (seal->old)
		begin_again(seal, segment);
	else
		begin_new(seal, segment);
	memset(sig, 0, seal->layout.signature);
	memcpy(sig + seal->layout.signature, seal->certs, seal->certs_size);
	status = digest_signed(seal, segment, size, digest);
	if (!status)
		status = signer_sign(&signing->signer, X509_get0_pubkey(seal->leaf), seal->scheme, digest, bytes,
				     &length);
	if (!status)
		memcpy(sig, bytes, length);
	return status;
}

int seal_check(const struct sealed *seal, const uint8_t *metadata, size_t size)
{
	struct pil_auth_policy policy = { .rules = &pil_auth_rules_all };
	struct pil_auth_result result = { 0 };
	struct pil_image image = { 0 };
	struct pil_why why = { 0 };
	char text[200] = "";

	if (!pil_image_from_metadata(metadata, size, &image, &why) &&
	    !pil_auth_check(&image, &policy, &pil_crypto_openssl, &result, &why))
		return STATUS_OK;
	pil_why_text(&why, text, sizeof(text));
	complain(seal->path, "no device would accept the result: %s (%s)", text, pil_reason_name(why.reason));
	return STATUS_REFUSED;
}

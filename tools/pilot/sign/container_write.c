/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a container: TLVs, signature, images (include/pilot/wire/container.h). */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "buffer.h"
#include "bytes.h"
#include "sign/container_write.h"
#include "pilot.h"

#define DIGEST PIL_CONTAINER_DIGEST

static size_t padded(size_t size)
{
	return (size + PIL_CONTAINER_ALIGN - 1) & ~(size_t)(PIL_CONTAINER_ALIGN - 1);
}

/* head of a TLV; returns where its @size bytes of value go */
static uint8_t *put_tlv(struct buffer *b, uint32_t type, size_t size)
{
	uint8_t *at = buffer_grow(b, sizeof(struct pil_container_tlv_wire) + padded(size));

	if (!at)
		return NULL;
	put_le32(at, type);
	put_le32(at + 4, (uint32_t)size);
	return at + sizeof(struct pil_container_tlv_wire);
}

static void put_u8(struct buffer *b, uint32_t type, uint8_t value)
{
	uint8_t *at = put_tlv(b, type, 1);

	if (at)
		*at = value;
}

static void put_u32(struct buffer *b, uint32_t type, uint32_t value)
{
	uint8_t *at = put_tlv(b, type, sizeof(value));

	if (at)
		put_le32(at, value);
}

static bool sha256(const void *data, size_t size, uint8_t out[DIGEST])
{
	return EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL) == 1;
}

static void put_image_tlvs(struct buffer *b, const struct container_plan *plan)
{
	uint8_t *types = NULL;
	uint8_t *sizes = NULL;
	unsigned int i = 0;

	put_u8(b, PIL_CONTAINER_TLV_NUM_IMG, (uint8_t)plan->count);
	types = put_tlv(b, PIL_CONTAINER_TLV_IMGTYPE, plan->count);
	if (types)
		memset(types, PIL_CONTAINER_IMAGE_ELF, plan->count);
	sizes = put_tlv(b, PIL_CONTAINER_TLV_IMGSIZE, plan->count * sizeof(uint32_t));
	for (i = 0; sizes && i < plan->count; i++)
		put_le32(sizes + i * sizeof(uint32_t), (uint32_t)padded(plan->image[i].size));
}

/* program header and digest of every segment of one image, whose form was checked by the command */
static bool put_entries(struct buffer *table, struct pil_bytes image)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	uint8_t *at = NULL;
	unsigned int i = 0;

	if (pil_elf_parse(image.data, image.size, &elf, NULL))
		return false;
	for (i = 0; i < elf.phnum; i++) {
		pil_elf_phdr(&elf, i, &phdr);
		at = buffer_grow(table, (size_t)elf.phentsize + DIGEST);
		if (!at)
			return false;
		memcpy(at, image.data + elf.phoff + (size_t)i * elf.phentsize, elf.phentsize);
		if (!sha256(image.data + (phdr.filesz ? phdr.offset : 0), (size_t)phdr.filesz, at + elf.phentsize))
			return false;
	}
	return true;
}

static bool put_table(struct buffer *b, const struct container_plan *plan)
{
	struct buffer table = { 0 };
	uint8_t *at = NULL;
	unsigned int i = 0;
	bool ok = true;

	for (i = 0; ok && i < plan->count; i++)
		ok = put_entries(&table, plan->image[i]);
	at = ok ? put_tlv(b, PIL_CONTAINER_TLV_HASHTABLE, table.size) : NULL;
	if (at)
		memcpy(at, table.data, table.size);
	free(table.data);
	return at != NULL;
}

/* digest of an image with its padding, as a loader finds it */
static bool digest_image(struct pil_bytes image, uint8_t out[DIGEST])
{
	static const uint8_t zeros[PIL_CONTAINER_ALIGN];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(ctx, image.data, image.size) == 1 &&
		  EVP_DigestUpdate(ctx, zeros, padded(image.size) - image.size) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool put_own_tlvs(struct buffer *b, const struct container_plan *plan)
{
	uint8_t *at = NULL;
	unsigned int i = 0;
	bool ok = true;

	put_u32(b, PIL_CONTAINER_TLV_PROCESSOR, plan->processor);
	put_u32(b, PIL_CONTAINER_TLV_VERSION, plan->version);
	at = put_tlv(b, PIL_CONTAINER_TLV_ELF_DIGEST, (size_t)plan->count * DIGEST);
	for (i = 0; at && ok && i < plan->count; i++)
		ok = digest_image(plan->image[i], at + (size_t)i * DIGEST);
	return at && ok;
}

static bool put_key(struct buffer *b, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key, &der);
	uint8_t *at = size > 0 ? put_tlv(b, PIL_CONTAINER_TLV_PKEYINFO, (size_t)size) : NULL;

	if (at)
		memcpy(at, der, (size_t)size);
	OPENSSL_free(der);
	return at != NULL;
}

/* DER form of an ECDSA signature to r and s */
static bool to_raw(const uint8_t *der, size_t der_size, uint8_t raw[2 * DIGEST])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)der_size);
	bool ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, DIGEST) == DIGEST &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + DIGEST, DIGEST) == DIGEST;

	ECDSA_SIG_free(sig);
	return ok;
}

/* TLVs that a platform has added to the container that is replaced; its reader has seen that they are well formed */
static void put_others(struct buffer *b, struct pil_bytes old)
{
	size_t at = sizeof(struct pil_container_header_wire);
	const size_t head = sizeof(struct pil_container_tlv_wire);

	while (at < old.size && old.size - at >= head) {
		const uint32_t type = get_le32(old.data + at);
		const uint32_t size = get_le32(old.data + at + 4);

		if ((!type && !size) || padded(size) > old.size - at - head)
			return;
		if (!pil_container_knows(type))
			buffer_put(b, old.data + at, head + padded(size));
		at += head + padded(size);
	}
}

/* the signature field: RSA as it is, ECDSA as r and s */
static int sign(const struct container_key *key, const struct buffer *b, uint8_t *field, size_t size)
{
	uint8_t digest[DIGEST] = { 0 };
	uint8_t sig[PKI_SIG_MAX] = { 0 };
	size_t sig_size = 0;
	int status = STATUS_TROUBLE;

	if (!sha256(b->data, b->size, digest)) {
		pki_complain(NULL, "SHA-256 failed");
		return STATUS_TROUBLE;
	}
	status = signer_sign(&key->signer, key->public, key->scheme, digest, sig, &sig_size);
	if (status)
		return status;
	if (scheme_is_ecdsa(key->scheme) ? to_raw(sig, sig_size, field) : sig_size == size) {
		if (!scheme_is_ecdsa(key->scheme))
			memcpy(field, sig, size);
		return STATUS_OK;
	}
	pki_complain(key->signer.dir, "the signature has a form that does not go into a container");
	return STATUS_REFUSED;
}

static bool put_tlvs(struct buffer *b, const struct container_plan *plan)
{
	bool rsa = !scheme_is_ecdsa(plan->key->scheme);

	(void)buffer_grow(b, sizeof(struct pil_container_header_wire));
	put_u8(b, PIL_CONTAINER_TLV_SIGNTYPE, rsa ? PIL_CONTAINER_SIGN_RSA : PIL_CONTAINER_SIGN_ECDSA);
	put_image_tlvs(b, plan);
	put_u8(b, PIL_CONTAINER_TLV_HASHTYPE, PIL_CONTAINER_HASH_SHA256);
	if (!put_table(b, plan) || !put_key(b, plan->key->public) || !put_own_tlvs(b, plan))
		return false;
	put_others(b, plan->old);
	return !b->failed;
}

static void put_header(struct buffer *b, const struct container_plan *plan, size_t sig_size)
{
	size_t img_len = 0;
	unsigned int i = 0;

	for (i = 0; i < plan->count; i++)
		img_len += padded(plan->image[i].size);
	put_le32(b->data, PIL_CONTAINER_MAGIC);
	put_le32(b->data + 4, PIL_CONTAINER_VERSION);
	put_le32(b->data + 8, (uint32_t)(b->size - sizeof(struct pil_container_header_wire)));
	put_le32(b->data + 12, (uint32_t)sig_size);
	put_le32(b->data + 16, (uint32_t)img_len);
}

static void put_padded(struct buffer *b, const uint8_t *data, size_t size)
{
	buffer_put(b, data, size);
	(void)buffer_grow(b, padded(size) - size);
}

static int build(struct buffer *b, const struct container_plan *plan)
{
	const struct container_key *key = plan->key;
	size_t sig_size = scheme_is_ecdsa(key->scheme) ? 2 * (size_t)DIGEST : (size_t)EVP_PKEY_get_size(key->public);
	uint8_t sig[PKI_SIG_MAX] = { 0 };
	int status = STATUS_OK;
	unsigned int i = 0;

	if (!put_tlvs(b, plan)) {
		pki_complain(NULL, b->failed ? "out of memory" : "cannot make the container");
		return STATUS_TROUBLE;
	}
	put_header(b, plan, sig_size);
	status = sign(key, b, sig, sig_size);
	if (status)
		return status;
	put_padded(b, sig, sig_size);
	for (i = 0; i < plan->count; i++)
		put_padded(b, plan->image[i].data, plan->image[i].size);
	if (!b->failed)
		return STATUS_OK;
	complain(NULL, "out of memory");
	return STATUS_TROUBLE;
}

int container_write(const struct container_plan *plan, uint8_t **data, size_t *size)
{
	struct buffer b = { 0 };
	int status = build(&b, plan);

	if (status) {
		free(b.data);
		return status;
	}
	*data = b.data;
	*size = b.size;
	return STATUS_OK;
}

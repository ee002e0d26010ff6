/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a container: TLVs, signature, images (include/pilot/wire/container.h). */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <pilot/wire/container.h>

#include "buffer.h"
#include "bytes.h"
#include "container.h"
#include "pki.h"

#define DIGEST	PIL_CONTAINER_DIGEST
#define DER_MAX 80u /* longest DER form of an ECDSA P-256 signature is 72 bytes */

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
		put_le32(sizes + i * sizeof(uint32_t), (uint32_t)padded(plan->images[i].size));
}

/* program header and digest of every segment of one image, whose form was checked by the command */
static bool put_entries(struct buffer *table, const struct file *image)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	uint8_t *at = NULL;
	unsigned int i = 0;

	if (pil_elf_parse(image->data, image->size, &elf, NULL))
		return false;
	for (i = 0; i < elf.phnum; i++) {
		pil_elf_phdr(&elf, i, &phdr);
		at = buffer_grow(table, sizeof(struct pil_container_entry_wire));
		if (!at)
			return false;
		memcpy(at, image->data + elf.phoff + (size_t)i * elf.phentsize, elf.phentsize);
		if (!sha256(image->data + (phdr.filesz ? phdr.offset : 0), (size_t)phdr.filesz, at + elf.phentsize))
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
		ok = put_entries(&table, &plan->images[i]);
	at = ok ? put_tlv(b, PIL_CONTAINER_TLV_HASHTABLE, table.size) : NULL;
	if (at)
		memcpy(at, table.data, table.size);
	free(table.data);
	return at != NULL;
}

/* digest of an image with its padding, as a loader finds it */
static bool digest_image(const struct file *image, uint8_t out[DIGEST])
{
	static const uint8_t zeros[PIL_CONTAINER_ALIGN];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(ctx, image->data, image->size) == 1 &&
		  EVP_DigestUpdate(ctx, zeros, padded(image->size) - image->size) == 1 &&
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
		ok = digest_image(&plan->images[i], at + (size_t)i * DIGEST);
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

static bool sign(EVP_PKEY *key, const struct buffer *b, uint8_t *sig, size_t sig_size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool rsa = EVP_PKEY_is_a(key, "RSA");
	uint8_t der[DER_MAX] = { 0 };
	size_t size = rsa ? sig_size : sizeof(der);
	/* RSA: PKCS#1 v1.5 is the library's default padding */
	bool ok = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestSign(ctx, rsa ? sig : der, &size, b->data, b->size) == 1;

	EVP_MD_CTX_free(ctx);
	if (ok && rsa)
		return size == sig_size;
	return ok && to_raw(der, size, sig);
}

static bool put_tlvs(struct buffer *b, const struct container_plan *plan)
{
	bool rsa = EVP_PKEY_is_a(plan->key, "RSA");

	put_u8(b, PIL_CONTAINER_TLV_SIGNTYPE, rsa ? PIL_CONTAINER_SIGN_RSA : PIL_CONTAINER_SIGN_ECDSA);
	put_image_tlvs(b, plan);
	put_u8(b, PIL_CONTAINER_TLV_HASHTYPE, PIL_CONTAINER_HASH_SHA256);
	return put_table(b, plan) && put_key(b, plan->key) && put_own_tlvs(b, plan);
}

static bool build(struct buffer *b, const struct container_plan *plan)
{
	const size_t header = sizeof(struct pil_container_header_wire);
	bool rsa = EVP_PKEY_is_a(plan->key, "RSA");
	size_t sig_size = rsa ? (size_t)EVP_PKEY_get_size(plan->key) : 2 * (size_t)DIGEST;
	uint8_t sig[PIL_RSA_BITS_MAX / 8] = { 0 };
	size_t img_len = 0;
	unsigned int i = 0;

	(void)buffer_grow(b, header);
	if (!put_tlvs(b, plan) || b->failed)
		return false;
	for (i = 0; i < plan->count; i++)
		img_len += padded(plan->images[i].size);
	put_le32(b->data, PIL_CONTAINER_MAGIC);
	put_le32(b->data + 4, PIL_CONTAINER_VERSION);
	put_le32(b->data + 8, (uint32_t)(b->size - header));
	put_le32(b->data + 12, (uint32_t)sig_size);
	put_le32(b->data + 16, (uint32_t)img_len);
	if (!sign(plan->key, b, sig, sig_size))
		return false;
	buffer_put(b, sig, sig_size);
	(void)buffer_grow(b, padded(sig_size) - sig_size);
	for (i = 0; i < plan->count; i++) {
		buffer_put(b, plan->images[i].data, plan->images[i].size);
		(void)buffer_grow(b, padded(plan->images[i].size) - plan->images[i].size);
	}
	return !b->failed;
}

uint8_t *container_write(const struct container_plan *plan, size_t *size)
{
	struct buffer b = { 0 };

	if (!build(&b, plan)) {
		pki_complain(NULL, b.failed ? "out of memory" : "cannot make the container");
		free(b.data);
		return NULL;
	}
	*size = b.size;
	return b.data;
}

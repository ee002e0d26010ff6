/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <pilot/elf.h>

#include "containergen.h"
#include "imagegen.h"

#define HEADER 20u
#define DATA   116u /* offset of a segment's bytes in an ELF32 image */
#define DATA64 176u /* in an ELF64 image */

struct writer {
	const struct containergen *g;
	uint8_t *buf;
	size_t max;
	size_t size;
	bool full;
};

/* @size more bytes of zero; where they are. Without room they go to the start, and the result is thrown away. */
static uint8_t *add(struct writer *w, size_t size)
{
	uint8_t *at = w->buf + w->size;

	w->full = w->full || size > w->max - w->size;
	if (w->full)
		return w->buf;
	memset(at, 0, size);
	w->size += size;
	return at;
}

static size_t padded(size_t size)
{
	return (size + 7) / 8 * 8;
}

static void add_tlv(struct writer *w, uint32_t type, const void *value, size_t size)
{
	unsigned int times = type == w->g->omit ? 0 : type == w->g->twice ? 2 : 1;

	while (times--) {
		uint8_t *at = add(w, 8 + padded(size));

		if (w->full)
			return;
		imagegen_put(at, 4, type);
		imagegen_put(at + 4, 4, size);
		memcpy(at + 8, value, size);
	}
}

static void add_u32(struct writer *w, uint32_t type, uint32_t value)
{
	uint8_t bytes[4] = { 0 };

	imagegen_put(bytes, 4, value);
	add_tlv(w, type, bytes, 4);
}

static bool is64(const struct containergen *g, unsigned int index)
{
	return g->elf64 >> index & 1u;
}

static size_t image_size(const struct containergen *g, unsigned int index)
{
	if (g->elf)
		return g->elf[index].size;
	return is64(g, index) ? CONTAINERGEN_IMAGE64 : CONTAINERGEN_IMAGE;
}

/* the segments' bytes */
static void fill(uint8_t *image, unsigned int index, size_t from, size_t to)
{
	for (; from < to; from++)
		image[from] = (uint8_t)(from * 7 + index);
}

/* an ELF64 file for AArch64 with the segments of an ELF32 one, 4 GiB higher */
static void make_image64(uint8_t image[CONTAINERGEN_IMAGE64], unsigned int index)
{
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
	const uint64_t base = 0x110000000 + (uint64_t)index * 0x100000;
	const uint64_t phdr[CONTAINERGEN_PHDRS][7] = {
		{ 1 | UINT64_C(5) << 32, DATA64, base, base, 100, 100, 4 },
		{ 1 | UINT64_C(6) << 32, 0xfffffffffffffff0, base + 0x1000, base + 0x1000, 0, 64, 4 },
	};
	unsigned int i = 0;
	unsigned int k = 0;

	memset(image, 0, CONTAINERGEN_IMAGE64);
	memcpy(image, ident, sizeof(ident));
	imagegen_put(image + 16, 2, 2);
	imagegen_put(image + 18, 2, 183);
	imagegen_put(image + 20, 4, 1);
	imagegen_put(image + 24, 8, base);
	imagegen_put(image + 32, 8, 64);
	imagegen_put(image + 52, 2, 64);
	imagegen_put(image + 54, 2, 56);
	imagegen_put(image + 56, 2, CONTAINERGEN_PHDRS);
	for (i = 0; i < CONTAINERGEN_PHDRS; i++)
		for (k = 0; k < 7; k++)
			imagegen_put(image + 64 + i * 56 + k * 8, 8, phdr[i][k]);
	fill(image, index, DATA64, CONTAINERGEN_IMAGE64);
}

/* an ELF32 file for ARM with two segments of type PT_LOAD */
static void make_image32(uint8_t image[CONTAINERGEN_IMAGE], unsigned int index)
{
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	const uint32_t base = 0x10000000 + index * 0x100000;
	const uint32_t phdr[CONTAINERGEN_PHDRS][8] = {
		{ 1, DATA, base, base, 100, 100, 5, 4 },
		{ 1, 0xfffffff0, base + 0x1000, base + 0x1000, 0, 64, 6, 4 },
	};
	unsigned int i = 0;
	unsigned int k = 0;

	memset(image, 0, CONTAINERGEN_IMAGE);
	memcpy(image, ident, sizeof(ident));
	imagegen_put(image + 16, 2, 2);
	imagegen_put(image + 18, 2, 40);
	imagegen_put(image + 20, 4, 1);
	imagegen_put(image + 24, 4, base);
	imagegen_put(image + 28, 4, 52);
	imagegen_put(image + 40, 2, 52);
	imagegen_put(image + 42, 2, 32);
	imagegen_put(image + 44, 2, CONTAINERGEN_PHDRS);
	for (i = 0; i < CONTAINERGEN_PHDRS; i++)
		for (k = 0; k < 8; k++)
			imagegen_put(image + 52 + i * 32 + k * 4, 4, phdr[i][k]);
	fill(image, index, DATA, CONTAINERGEN_IMAGE);
}

static void make_image(const struct containergen *g, uint8_t *image, unsigned int index)
{
	if (g->elf)
		memcpy(image, g->elf[index].data, g->elf[index].size);
	else if (is64(g, index))
		make_image64(image, index);
	else
		make_image32(image, index);
}

static void sha256(const void *data, size_t size, uint8_t out[32])
{
	if (EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

/* of images that the caller has; where the next entry goes */
static uint8_t *put_entries(uint8_t *at, struct pil_bytes image)
{
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };

	if (pil_elf_parse(image.data, image.size, &elf, NULL))
		abort();
	for (unsigned int i = 0; i < elf.phnum; i++) {
		(void)pil_elf_phdr(&elf, i, &phdr);
		memcpy(at, image.data + elf.phoff + (size_t)i * elf.phentsize, elf.phentsize);
		sha256(image.data + (phdr.filesz ? phdr.offset : 0), (size_t)phdr.filesz, at + elf.phentsize);
		at += elf.phentsize + 32;
	}
	return at;
}

static void add_table(struct writer *w)
{
	uint8_t table[4 * CONTAINERGEN_PHDRS_MAX * 88] = { 0 };
	uint8_t image[CONTAINERGEN_IMAGE64] = { 0 };
	uint8_t *at = table;
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; w->g->elf && i < w->g->images; i++)
		at = put_entries(at, w->g->elf[i]);
	for (i = 0; !w->g->elf && i < w->g->images; i++) {
		const size_t ehdr = is64(w->g, i) ? 64 : 52;
		const size_t phdr = is64(w->g, i) ? 56 : 32;

		make_image(w->g, image, i);
		for (k = 0; k < CONTAINERGEN_PHDRS; k++, at += phdr + 32) {
			memcpy(at, image + ehdr + k * phdr, phdr);
			sha256(image + (is64(w->g, i) ? DATA64 : DATA), k ? 0 : 100, at + phdr);
		}
	}
	add_tlv(w, 0x10, table, (size_t)(at - table));
}

static void add_own_tlvs(struct writer *w)
{
	uint8_t key[1024] = { 0 };
	uint8_t digests[4 * 32] = { 0 };
	uint8_t image[CONTAINERGEN_IMAGE64] = { 0 };
	unsigned int i = 0;

	for (i = 0; i < w->g->images; i++) {
		if (!w->g->elf)
			make_image(w->g, image, i);
		sha256(w->g->elf ? w->g->elf[i].data : image, image_size(w->g, i), digests + (size_t)i * 32);
	}
	add_tlv(w, 0x11, key, containergen_key(w->g->key, key, sizeof(key)));
	add_u32(w, 0x15001, w->g->processor);
	add_u32(w, 0x15002, w->g->version);
	add_tlv(w, 0x15003, digests, (size_t)w->g->images * 32);
}

static void add_tlvs(struct writer *w, bool rsa)
{
	static const uint8_t one[4] = { 1, 1, 1, 1 };
	const uint8_t type = rsa ? 1 : 2;
	const uint8_t images = (uint8_t)w->g->images;
	uint8_t sizes[16] = { 0 };
	unsigned int i = 0;

	for (i = 0; i < images; i++)
		imagegen_put(sizes + (size_t)i * 4, 4, image_size(w->g, i));
	add_tlv(w, 1, &type, 1);
	add_tlv(w, 3, &images, 1);
	add_tlv(w, 4, one, images);
	add_tlv(w, 5, sizes, (size_t)images * 4);
	add_tlv(w, 2, one, 1);
	add_table(w);
	if (w->g->upstream)
		(void)add(w, 8);
	else
		add_own_tlvs(w);
}

/* ECDSA in the container's form. Return: length */
static size_t to_raw(const uint8_t *der, size_t size, uint8_t raw[64])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)size);

	if (!sig || BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 32) != 32 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 32, 32) != 32)
		abort();
	ECDSA_SIG_free(sig);
	return 64;
}

static void add_signature(struct writer *w, bool rsa, size_t expected)
{
	uint8_t sig[512] = { 0 };
	uint8_t raw[64] = { 0 };
	uint8_t digest[32] = { 0 };
	size_t size = 0;
	uint8_t *at = NULL;

	sha256(w->buf, w->size, digest);
	size = certgen_sign(w->g->key, rsa ? CERTGEN_PKCS1_PADDING : CERTGEN_NO_PADDING,
			    (struct pil_bytes){ digest, 32 }, sig, sizeof(sig));
	if (!rsa)
		size = to_raw(sig, size, raw);
	if (size != expected)
		abort();
	at = add(w, padded(size));
	if (!w->full)
		memcpy(at, rsa ? sig : raw, size);
}

void containergen_init(struct containergen *g)
{
	*g = (struct containergen){ .key = CERTGEN_P256, .images = 1, .processor = 3, .version = 7 };
}

size_t containergen_make(const struct containergen *g, uint8_t *buf, size_t max)
{
	struct writer w = { .g = g, .buf = buf, .max = max };
	bool rsa = EVP_PKEY_is_a(certgen_key(g->key), "RSA");
	size_t sig_size = rsa ? (size_t)EVP_PKEY_get_size(certgen_key(g->key)) : 64;
	size_t all = 0;
	unsigned int i = 0;

	for (i = 0; i < g->images; i++)
		all += image_size(g, i);
	(void)add(&w, HEADER);
	add_tlvs(&w, rsa);
	if (w.full)
		return 0;
	imagegen_put(buf, 4, 0x3543a468);
	imagegen_put(buf + 4, 4, 1);
	imagegen_put(buf + 8, 4, w.size - HEADER);
	imagegen_put(buf + 12, 4, sig_size);
	imagegen_put(buf + 16, 4, all);
	if (g->spoil)
		g->spoil(buf, g->arg);
	add_signature(&w, rsa, sig_size);
	for (i = 0; i < g->images; i++) {
		uint8_t *at = add(&w, image_size(g, i));

		if (!w.full)
			make_image(g, at, i);
	}
	return w.full ? 0 : w.size;
}

static uint32_t get_u32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

size_t containergen_value(const uint8_t *container, uint32_t type)
{
	size_t end = HEADER + get_u32(container + 8);
	size_t at = HEADER;

	while (at + 8 <= end) {
		if (get_u32(container + at) == type)
			return at + 8;
		at += 8 + padded(get_u32(container + at + 4));
	}
	abort();
}

size_t containergen_signature(const uint8_t *container)
{
	return HEADER + get_u32(container + 8);
}

size_t containergen_key(enum certgen_key key, uint8_t *buf, size_t max)
{
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(certgen_key(key), &der);

	if (size > 0 && (size_t)size <= max)
		memcpy(buf, der, (size_t)size);
	else
		size = 0;
	OPENSSL_free(der);
	return (size_t)size;
}

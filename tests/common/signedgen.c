/* SPDX-License-Identifier: BSD-2-Clause */
/* Images with chain and signature. */
#include <string.h>

#include "signedgen.h"

/* an ECDSA signature is different every time, so the root is made once, unless one was given to certgen_use_root() */
static struct pil_bytes fixed_root(void)
{
	static uint8_t root[CERTGEN_CERT_MAX];
	static size_t size;
	struct certgen_chain chain = { 0 };

	if (!size) {
		certgen_init(&chain);
		size = certgen_cert(&chain.cert[2], root, sizeof(root));
		certgen_use_root(NULL, (struct pil_bytes){ root, size });
	}
	return (struct pil_bytes){ root, size };
}

void signedgen_init(struct signedgen *s, bool is64)
{
	(void)fixed_root();
	*s = (struct signedgen){ .signer = CERTGEN_LEAF, .field_size = SIGNEDGEN_CERTS };
	imagegen_init(&s->image, &pil_crypto_openssl, is64);
	certgen_init(&s->chain);
}

static const char *const leaf_units[] = {
	"01 0000000300000001 SW_ID", "02 0A1B2C3D00010002 HW_ID", "04 0001 OEM_ID", "06 0002 MODEL_ID",
	"11 6018 6019 0000 SOC_VERS", "13 0001 IN_USE_SOC_HW_VERSION", "General Use Test Key", NULL,
};

void signedgen_use(struct signedgen *s, enum signedgen_scheme scheme, enum certgen_key key)
{
	unsigned int i = 0;

	s->scheme = scheme;
	s->signer = key;
	for (i = 0; i < 4; i++) {
		struct certgen_cert *cert = &s->chain.cert[i];

		cert->digest = scheme == SIGNEDGEN_P384 ? "SHA384" : "SHA256";
		cert->scheme = scheme == SIGNEDGEN_PSS ? CERTGEN_PSS : CERTGEN_PLAIN;
		cert->key = cert->signer = key;
	}
	if (s->image.version < 6 || scheme == SIGNEDGEN_RAW)
		s->chain.cert[0].units = leaf_units;
}

static size_t signature_size(const struct signedgen *s)
{
	if (s->scheme == SIGNEDGEN_P384 || s->scheme == SIGNEDGEN_P256)
		return CERTGEN_ECDSA;
	return (size_t)EVP_PKEY_get_size(certgen_key(s->signer));
}

/* offset of the size of a signature in the header; the size of the certificates follows, after a pointer up to version 6 */
static size_t size_word(const struct signedgen *s, enum pil_authority who)
{
	static const size_t old[] = { [PIL_OEM] = 28, [PIL_QTI] = 8 };
	static const size_t v7[] = { [PIL_OEM] = 32, [PIL_QTI] = 24 };

	if (s->image.version < 7)
		return old[who];
	return s->image.version == 8 && who == PIL_OEM ? 40 : v7[who];
}

/* the rule in other words than lib/image has: overwrite what the other authority would have written */
static void blank(const struct signedgen *s, const struct imagegen_layout *l, enum pil_authority who, uint8_t *copy)
{
	const enum pil_authority other = who == PIL_OEM ? PIL_QTI : PIL_OEM;
	const size_t at = size_word(s, other);
	const size_t metadata = s->image.version == 6 ? 120 : 224;

	if (s->image.version == 3 || (s->image.version == 5 && who == PIL_OEM))
		return;
	memset(copy + at, 0, 4);
	memset(copy + at + (s->image.version < 7 && other == PIL_OEM ? 8 : 4), 0, 4);
	if (s->image.version > 5 && s->image.has_metadata[other])
		memset(copy + l->metadata[other], 0, metadata);
}

static void put_id(uint8_t *at, uint64_t id, uint8_t pad)
{
	unsigned int i = 0;

	for (i = 0; i < 8; i++)
		at[i] = (uint8_t)(id >> (56 - 8 * i)) ^ pad;
}

static int wrap(const struct signedgen *s, uint8_t *digest)
{
	uint8_t block[40] = { 0 };

	put_id(block, SIGNEDGEN_SW_ID, 0x36);
	memcpy(block + 8, digest, 32);
	if (pil_hash_once(s->image.crypto, PIL_SHA256, block, sizeof(block), digest, NULL))
		return -1;
	put_id(block, SIGNEDGEN_HW_ID, 0x5c);
	memcpy(block + 8, digest, 32);
	return pil_hash_once(s->image.crypto, PIL_SHA256, block, sizeof(block), digest, NULL);
}

static bool make_signature(const struct signedgen *s, uint8_t *digest, uint8_t *sig)
{
	static const enum certgen_padding paddings[SIGNEDGEN_SCHEMES] = {
		[SIGNEDGEN_P384] = CERTGEN_NO_PADDING,
		[SIGNEDGEN_P256] = CERTGEN_NO_PADDING,
		[SIGNEDGEN_PSS] = CERTGEN_PSS_PADDING,
		[SIGNEDGEN_RAW] = CERTGEN_RAW_PADDING,
	};
	const size_t size = s->scheme == SIGNEDGEN_P384 ? 48 : 32;

	return certgen_sign(s->signer, paddings[s->scheme], (struct pil_bytes){ digest, size }, sig, signature_size(s));
}

/* header, metadata and hash table: up to the first signature */
static void sign(const struct signedgen *s, uint8_t *segment, const struct imagegen_layout *l, enum pil_authority who)
{
	static uint8_t copy[SIGNEDGEN_MAX];
	const enum pil_hash_alg alg = s->scheme == SIGNEDGEN_P384 ? PIL_SHA384 : PIL_SHA256;
	const bool ec = s->scheme == SIGNEDGEN_P384 || s->scheme == SIGNEDGEN_P256;
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	uint8_t *sig = segment + l->signature[who];
	size_t size = l->signature[PIL_QTI];

	if (size > sizeof(copy))
		return;
	memcpy(copy, segment, size);
	blank(s, l, who, copy);
	if (pil_hash_once(s->image.crypto, alg, copy, size, digest, NULL))
		return;
	if (s->scheme == SIGNEDGEN_RAW && wrap(s, digest))
		return;
	/* until at least one byte of padding is left in the field, as spoilers of the padding rely on */
	do {
		memset(sig, 0, signature_size(s));
		if (!make_signature(s, digest, sig))
			return;
	} while (ec && sig[1] + 2u >= CERTGEN_ECDSA);
}

static void complete(uint8_t *segment, const struct imagegen_layout *l, const void *arg)
{
	const struct signedgen *s = arg;

	if (s->before)
		s->before(segment, l, s);
	if (!s->no_signature)
		sign(s, segment, l, PIL_OEM);
	if (s->both)
		sign(s, segment, l, PIL_QTI);
	if (s->after)
		s->after(segment, l, s);
}

static size_t make(struct signedgen *s, uint8_t *buf, size_t max,
		   size_t (*write)(const struct imagegen *g, uint8_t *buf, size_t max))
{
	static uint8_t field[SIGNEDGEN_CERTS];
	static const uint8_t space[SIGNEDGEN_SIGNATURE];
	size_t size = 0;

	memset(field, 0xff, sizeof(field));
	if (!s->no_certs)
		size = certgen_chain(&s->chain, field, sizeof(field), s->cert_at);
	if (!s->no_certs && s->chain.count && !size)
		return 0;
	if (s->certs)
		s->certs(field, NULL, s);
	if (s->field_size && !s->no_certs)
		size = s->field_size;
	s->image.certs[PIL_OEM] = (struct pil_bytes){ field, size };
	s->image.signature[PIL_OEM] = (struct pil_bytes){ space, s->no_signature ? 0 : signature_size(s) };
	if (s->both) {
		s->image.certs[PIL_QTI] = s->image.certs[PIL_OEM];
		s->image.signature[PIL_QTI] = s->image.signature[PIL_OEM];
		s->image.has_metadata[PIL_QTI] = s->image.version > 5;
	}
	s->image.spoil_hash = complete;
	s->image.arg = s;
	return write(&s->image, buf, max);
}

size_t signedgen_metadata(struct signedgen *s, uint8_t *buf, size_t max)
{
	return make(s, buf, max, imagegen_metadata);
}

size_t signedgen_file(struct signedgen *s, uint8_t *buf, size_t max)
{
	return make(s, buf, max, imagegen_file);
}

void signedgen_device(struct pil_device *device)
{
	struct pil_bytes root = fixed_root();

	*device = (struct pil_device){
		.soc_version = 0x6019,
		.jtag_id = 0x0a1b2c3d,
		.oem_id = 1,
		.model_id = 2,
		.serial = 0x12345678,
		.root_count = 1,
		.root_active = 1,
		.life_cycle = PIL_LIFE_SECURE,
	};
	(void)pil_hash_once(&pil_crypto_openssl, PIL_SHA384, root.data, root.size, device->root_hash[0], NULL);
}

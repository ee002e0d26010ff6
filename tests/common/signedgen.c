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

/* header, metadata and hash table: up to the first signature */
static void sign(const struct signedgen *s, uint8_t *segment, const struct imagegen_layout *l)
{
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	uint8_t *sig = segment + l->signature[PIL_OEM];
	size_t size = l->signature[PIL_QTI];

	if (pil_hash_once(s->image.crypto, PIL_SHA384, segment, size, digest, NULL))
		return;
	/* until at least one byte of padding is left in the field, as spoilers of the padding rely on */
	do {
		memset(sig, 0, CERTGEN_ECDSA);
		if (!certgen_sign(s->signer, CERTGEN_NO_PADDING, (struct pil_bytes){ digest, 48 }, sig,
				  CERTGEN_ECDSA))
			return;
	} while (sig[1] + 2u >= CERTGEN_ECDSA);
}

static void complete(uint8_t *segment, const struct imagegen_layout *l, const void *arg)
{
	const struct signedgen *s = arg;

	if (s->before)
		s->before(segment, l, s);
	if (!s->no_signature)
		sign(s, segment, l);
	if (s->after)
		s->after(segment, l, s);
}

static size_t make(struct signedgen *s, uint8_t *buf, size_t max,
		   size_t (*write)(const struct imagegen *g, uint8_t *buf, size_t max))
{
	static uint8_t field[SIGNEDGEN_CERTS];
	static const uint8_t space[CERTGEN_ECDSA];
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
	s->image.signature[PIL_OEM] = (struct pil_bytes){ space, s->no_signature ? 0 : sizeof(space) };
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
	};
	(void)pil_hash_once(&pil_crypto_openssl, PIL_SHA384, root.data, root.size, device->root_hash[0], NULL);
}

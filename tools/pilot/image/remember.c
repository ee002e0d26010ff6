/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates read and signatures found good in this run of the program, by the digest of what was asked. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pilot.h"
#include "image/remember.h"

#define SLOTS 1024u	/* of each kind; a newer answer takes the place of an older one */

struct question {
	uint8_t digest[32];
	bool asked;
};

struct cert_answer {
	struct question question;
	uint8_t *der;		/* a copy of the certificate, into which @cert points */
	struct pil_cert cert;
};

static struct {
	const struct pil_crypto *base;
	struct pil_crypto crypto;
	pthread_mutex_t lock;
	struct question good[SLOTS];
	struct cert_answer certs[SLOTS];
} memory = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* the place of a question among the answers of its kind */
static size_t slot_of(const struct question *question)
{
	return (question->digest[0] | (size_t)question->digest[1] << 8) % SLOTS;
}

static bool same(const struct question *a, const struct question *b)
{
	return a->asked && b->asked && !memcmp(a->digest, b->digest, sizeof(a->digest));
}

/* each part with its length before it: two different questions are never the same bytes */
static bool add(struct pil_hash *hash, const void *data, size_t size)
{
	const uint64_t length = size;

	return !memory.base->hash_update(hash, &length, sizeof(length), NULL) &&
	       !memory.base->hash_update(hash, data, size, NULL);
}

/* a question that cannot be put into words stays "not asked" and is never found */
static struct question signature_question(const struct pil_cert *signer, enum pil_sig_alg alg, struct pil_bytes digest,
					  struct pil_bytes sig)
{
	const uint64_t scheme[] = { (uint64_t)alg, (uint64_t)signer->key, signer->key_bits };
	struct question question = { 0 };
	struct pil_hash hash = { 0 };
	bool ok = false;

	if (memory.base->hash_init(&hash, PIL_SHA256, NULL))
		return question;
	ok = add(&hash, scheme, sizeof(scheme)) && add(&hash, signer->spki.data, signer->spki.size) &&
	     add(&hash, digest.data, digest.size) && add(&hash, sig.data, sig.size);
	question.asked = !memory.base->hash_final(&hash, ok ? question.digest : NULL, NULL) && ok;
	return question;
}

static int verify(const struct pil_cert *signer, enum pil_sig_alg alg, const uint8_t *digest, size_t digest_size,
		  const uint8_t *sig, size_t sig_size, struct pil_why *why)
{
	const struct question question = signature_question(signer, alg, (struct pil_bytes){ digest, digest_size },
							    (struct pil_bytes){ sig, sig_size });
	const size_t slot = slot_of(&question);
	bool good = false;
	int ret = 0;

	pthread_mutex_lock(&memory.lock);
	good = same(&memory.good[slot], &question);
	pthread_mutex_unlock(&memory.lock);
	if (good)
		return 0;
	ret = memory.base->verify(signer, alg, digest, digest_size, sig, sig_size, why);
	if (ret || !question.asked)
		return ret;
	pthread_mutex_lock(&memory.lock);
	memory.good[slot] = question;
	pthread_mutex_unlock(&memory.lock);
	return 0;
}

/* @cert points into the certificate at @from: let it point to the same parts of the one at @to */
static void move(struct pil_cert *cert, const uint8_t *from, const uint8_t *to)
{
	struct pil_bytes *const parts[] = { &cert->der,	 &cert->tbs,  &cert->issuer, &cert->subject,
					    &cert->spki, &cert->signature };
	size_t i = 0;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i]->data = to + (parts[i]->data - from);
}

static bool recall_cert(const struct question *question, const uint8_t *der, struct pil_cert *cert)
{
	const struct cert_answer *answer = &memory.certs[slot_of(question)];
	bool known = false;

	pthread_mutex_lock(&memory.lock);
	known = same(&answer->question, question);
	if (known) {
		*cert = answer->cert;
		move(cert, answer->der, der);
	}
	pthread_mutex_unlock(&memory.lock);
	return known;
}

static void keep_cert(const struct question *question, const struct pil_cert *cert)
{
	struct cert_answer *answer = &memory.certs[slot_of(question)];
	uint8_t *der = malloc(cert->der.size);

	if (!der)
		return;
	memcpy(der, cert->der.data, cert->der.size);
	pthread_mutex_lock(&memory.lock);
	free(answer->der);
	*answer = (struct cert_answer){ *question, der, *cert };
	move(&answer->cert, cert->der.data, der);
	pthread_mutex_unlock(&memory.lock);
}

static int cert_read(const void *der, size_t size, struct pil_cert *cert, struct pil_why *why)
{
	struct question question = { 0 };
	int ret = 0;

	question.asked = !pil_hash_once(memory.base, PIL_SHA256, der, size, question.digest, NULL);
	if (recall_cert(&question, der, cert))
		return 0;
	ret = memory.base->cert_read(der, size, cert, why);
	if (!ret && question.asked)
		keep_cert(&question, cert);
	return ret;
}

const struct pil_crypto *crypto_remembering(const struct pil_crypto *base)
{
	memory.base = base;
	memory.crypto = *base;
	memory.crypto.verify = verify;
	memory.crypto.cert_read = cert_read;
	return &memory.crypto;
}

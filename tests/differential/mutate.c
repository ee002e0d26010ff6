/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutate [COUNT [SEED]]: signed images of every version and scheme are changed in one place each, and checked by both
 * back ends. They must agree on every one of them, down to the reason, and an image is accepted only when nothing that is
 * signed or hashed was changed. MUTATIONS in the environment is another COUNT. The keys are new every time: an image that
 * fails is left in the current directory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signedgen.h"

#define DEFAULT_COUNT 4000u

struct shape {
	unsigned int version;
	bool is64, both;
	enum signedgen_scheme scheme;
	enum certgen_key key;
	unsigned int share; /* of 100 mutations; ECDSA is slow */
};

static const struct shape shapes[] = {
	{ 3, false, false, SIGNEDGEN_RAW, CERTGEN_RSA2048, 15 }, { 3, true, false, SIGNEDGEN_PSS, CERTGEN_RSA2048, 10 },
	{ 5, false, false, SIGNEDGEN_PSS, CERTGEN_RSA2048, 10 }, { 5, true, true, SIGNEDGEN_PSS, CERTGEN_RSA2048, 10 },
	{ 6, false, false, SIGNEDGEN_P384, CERTGEN_LEAF, 3 },	 { 6, true, true, SIGNEDGEN_PSS, CERTGEN_RSA3072, 15 },
	{ 6, false, false, SIGNEDGEN_P256, CERTGEN_P256, 3 },	 { 7, true, false, SIGNEDGEN_PSS, CERTGEN_RSA2048, 10 },
	{ 7, false, true, SIGNEDGEN_P384, CERTGEN_LEAF, 2 },	 { 7, false, true, SIGNEDGEN_PSS, CERTGEN_RSA2048, 10 },
	{ 8, false, false, SIGNEDGEN_P384, CERTGEN_LEAF, 2 },	 { 8, true, true, SIGNEDGEN_PSS, CERTGEN_RSA4096, 10 },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* an image, and which of its bytes are signed, hashed, or must be as they are for another reason */
struct sample {
	uint8_t data[SIGNEDGEN_MAX];
	bool covered[SIGNEDGEN_MAX];
	size_t size;
};

static struct sample samples[SHAPES];
static uint64_t state;

/* xorshift64*: the same numbers everywhere */
static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545f4914f6cdd1d);
}

static void cover(struct sample *sample, const uint8_t *from, size_t size)
{
	memset(sample->covered + (from - sample->data), 1, size);
}

/* headers, every segment, and of the hash segment all but the padding behind its last region */
static int cover_all(struct sample *sample)
{
	struct pil_image image = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	if (pil_image_from_file(sample->data, sample->size, &image, NULL))
		return -1;
	cover(sample, sample->data, pil_elf_headers_end(&image.elf));
	for (i = 0; i < image.elf.phnum; i++) {
		pil_elf_phdr(&image.elf, i, &phdr);
		if (phdr.filesz && i != image.hash_index)
			cover(sample, sample->data + phdr.offset, (size_t)phdr.filesz);
	}
	cover(sample, image.mbn.segment.data, image.mbn.end);
	return 0;
}

static int make(const struct shape *shape, struct sample *sample)
{
	static struct signedgen s;

	signedgen_init(&s, shape->is64);
	imagegen_version(&s.image, shape->version);
	memcpy(s.image.metadata[PIL_QTI], s.image.metadata[PIL_OEM], sizeof(s.image.metadata[PIL_QTI]));
	signedgen_use(&s, shape->scheme, shape->key);
	s.both = shape->both;
	s.image.padding = 100;
	sample->size = signedgen_file(&s, sample->data, sizeof(sample->data));
	return sample->size ? cover_all(sample) : -1;
}

/* what a back end says: whether everything passed, how far each signer's check came, and the first reason */
struct answer {
	bool accepted;
	uint32_t done[PIL_AUTHORITIES];
	uint32_t bad_entries;
	enum pil_reason reason;
};

static bool check_entries(const struct pil_image *image, const struct pil_crypto *crypto, struct answer *answer)
{
	struct pil_bytes segments[PIL_ELF_MAX_PHNUM] = { { 0 } };
	enum pil_entry entry = PIL_ENTRY_UNKNOWN;
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < image->elf.phnum; i++) {
		pil_elf_phdr(&image->elf, i, &phdr);
		if (phdr.filesz)
			segments[i] = (struct pil_bytes){ image->file.data + phdr.offset, (size_t)phdr.filesz };
	}
	for (i = 0; i < image->elf.phnum; i++)
		if (pil_auth_entry(image, segments, i, crypto, &entry, NULL))
			answer->bad_entries |= 1u << (i & 31u);
	return !answer->bad_entries;
}

static void ask(const struct pil_image *image, const struct pil_crypto *crypto, struct answer *answer)
{
	struct pil_auth_policy policy = { .rules = &pil_auth_rules_all };
	struct pil_auth_result result = { 0 };
	struct pil_why why = { 0 };
	bool good = true;
	int who = 0;

	/* whoever left any part in the image must have signed it */
	for (who = 0; who < PIL_AUTHORITIES; who++) {
		const struct pil_mbn_signer *signer = &image->mbn.signer[who];

		if (who == PIL_QTI && !signer->signature.size && !signer->certs.size && !signer->metadata.size)
			continue;
		policy.authority = (enum pil_authority)who;
		if (pil_auth_check(image, &policy, crypto, &result, &why)) {
			answer->reason = good ? why.reason : answer->reason;
			good = false;
		}
		answer->done[who] = result.done;
	}
	answer->accepted = check_entries(image, crypto, answer) && good;
}

static bool agree(const struct answer *a, const struct answer *b)
{
	return a->accepted == b->accepted && a->bad_entries == b->bad_entries &&
	       !memcmp(a->done, b->done, sizeof(a->done)) && a->reason == b->reason;
}

/* one change of one place: a bit, a byte, a word, or a run of zeros */
static size_t mutate(uint8_t *data, size_t size, size_t *at)
{
	const uint64_t random = next_random();
	size_t length = 1;

	*at = (size_t)(next_random() % size);
	switch (random & 3) {
	case 0:
		data[*at] ^= (uint8_t)(1u << (random >> 8 & 7));
		break;
	case 1:
		data[*at] = (uint8_t)(random >> 8);
		break;
	case 2:
		length = size - *at < 4 ? size - *at : 4;
		memcpy(data + *at, (uint8_t[4]){ (uint8_t)(random >> 8), 0, 0, 0 }, length);
		break;
	default:
		length = 1 + (size_t)(random >> 8) % 32;
		length = size - *at < length ? size - *at : length;
		memset(data + *at, random & 4 ? 0xff : 0, length);
		break;
	}
	return length;
}

static bool changed_covered(const struct sample *sample, const uint8_t *data, size_t at, size_t length)
{
	size_t i = 0;

	for (i = at; i < at + length; i++)
		if (sample->covered[i] && data[i] != sample->data[i])
			return true;
	return false;
}

static void keep(const uint8_t *data, size_t size)
{
	FILE *f = fopen("mutate-failed.mbn", "wb");

	if (!f || fwrite(data, 1, size, f) != size)
		perror("mutate-failed.mbn");
	if (f && fclose(f))
		perror("mutate-failed.mbn");
}

struct tally {
	uint64_t accepted, refused, unreadable;
};

static int complain(size_t shape, size_t at, size_t length, const char *what, const struct answer *a)
{
	fprintf(stderr, "shape %zu, %zu bytes at %zu: %s (%s: %s; %s: %s)\n", shape, length, at, what,
		pil_crypto_openssl.name, pil_reason_name(a[0].reason), pil_crypto_mbedtls.name,
		pil_reason_name(a[1].reason));
	return -1;
}

static int try_one(size_t shape, uint8_t *data, struct tally *tally)
{
	const struct sample *sample = &samples[shape];
	struct answer answers[2] = { { 0 } };
	struct pil_image image = { 0 };
	size_t at = 0;
	size_t length = 0;

	memcpy(data, sample->data, sample->size);
	length = mutate(data, sample->size, &at);
	if (pil_image_from_file(data, sample->size, &image, NULL)) {
		tally->unreadable++;
		return 0;
	}
	ask(&image, &pil_crypto_openssl, &answers[0]);
	ask(&image, &pil_crypto_mbedtls, &answers[1]);
	if (!agree(&answers[0], &answers[1]))
		return complain(shape, at, length, "the back ends disagree", answers);
	if (answers[0].accepted && changed_covered(sample, data, at, length))
		return complain(shape, at, length, "accepted although something signed was changed", answers);
	if (!answers[0].accepted && !changed_covered(sample, data, at, length) &&
	    answers[0].reason != PIL_R_MBN_ENCRYPTED)
		return complain(shape, at, length, "refused although nothing signed was changed", answers);
	tally->accepted += answers[0].accepted;
	tally->refused += !answers[0].accepted;
	return 0;
}

static size_t pick_shape(void)
{
	unsigned int dice = (unsigned int)(next_random() % 100);
	size_t i = 0;

	for (i = 0; i + 1 < SHAPES && dice >= shapes[i].share; i++)
		dice -= shapes[i].share;
	return i;
}

static uint64_t count_of(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : getenv("MUTATIONS");

	return text && *text ? strtoull(text, NULL, 0) : DEFAULT_COUNT;
}

int main(int argc, char **argv)
{
	static uint8_t data[SIGNEDGEN_MAX];
	const uint64_t count = count_of(argc, argv);
	struct tally tally = { 0 };
	uint64_t i = 0;
	size_t shape = 0;

	state = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 1;
	for (shape = 0; shape < SHAPES; shape++) {
		if (make(&shapes[shape], &samples[shape])) {
			fprintf(stderr, "shape %zu cannot be made\n", shape);
			return 1;
		}
	}
	for (i = 0; i < count; i++) {
		shape = pick_shape();
		if (try_one(shape, data, &tally)) {
			fprintf(stderr, "mutation %" PRIu64 ": mutate-failed.mbn\n", i);
			keep(data, samples[shape].size);
			return 1;
		}
	}
	printf("%" PRIu64 " mutated images: %" PRIu64 " accepted (padding), %" PRIu64 " refused, %" PRIu64 " unreadable\n",
	       count, tally.accepted, tally.refused, tally.unreadable);
	return count == 0 || !tally.accepted || !tally.refused;
}

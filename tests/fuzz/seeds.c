/* SPDX-License-Identifier: BSD-2-Clause */
/* seeds NAME DIRECTORY: writes inputs for a fuzz target: good images of several shapes, then the malformed ones. */
#include <stdio.h>
#include <string.h>

#include <pilot/rsc_table.h>

#include "imagegen.h"
#include "malformed.h"
#include "malformed_certs.h"
#include "signedgen.h"

static uint8_t buf[65536];
static const char *directory;
static unsigned int written;

static int write_seed(const uint8_t *data, size_t size)
{
	char path[4096] = { 0 };
	FILE *f = NULL;
	int length = snprintf(path, sizeof(path), "%s/%03u", directory, written++);

	if (!size || length < 0 || (size_t)length >= sizeof(path))
		return -1;
	f = fopen(path, "wb");
	if (!f)
		return -1;
	if (fwrite(data, 1, size, f) != size) {
		(void)fclose(f);
		return -1;
	}
	return fclose(f);
}

/* bit 0: 64 bit, bit 1: SHA-256, bit 2: hash segment last, bit 3: both authorities, bit 4: not relocatable */
static void describe(struct imagegen *g, unsigned int shape, unsigned int version)
{
	static const uint8_t filler[300] = { 0x30, 0x82, 0x01, 0x28 };
	unsigned int i = 0;

	imagegen_init(g, &pil_crypto_openssl, shape & 1);
	g->hash_alg = shape & 2 ? PIL_SHA256 : PIL_SHA384;
	g->hash_last = shape & 4;
	imagegen_version(g, version);
	for (i = 0; i < (shape & 8 && version > 3 ? PIL_AUTHORITIES : 1); i++) {
		g->has_metadata[i] = version > 5;
		g->signature[i] = (struct pil_bytes){ filler, 104 };
		g->certs[i] = (struct pil_bytes){ filler, sizeof(filler) };
	}
	for (i = 0; shape & 16 && i < g->count; i++)
		g->segment[i].flags = 7;
}

static int write_shape(const char *name, unsigned int shape, unsigned int version)
{
	struct imagegen_layout l = { 0 };
	struct imagegen g = { 0 };
	size_t size = 0;

	describe(&g, shape, version);
	imagegen_layout(&g, &l);
	if (!strcmp(name, "mbn")) {
		size = imagegen_metadata(&g, buf + 1, sizeof(buf) - 1);
		if (!size)
			return -1;
		/* the target takes the number of program headers from the byte before */
		buf[l.headers] = (uint8_t)l.phnum;
		return write_seed(buf + l.headers, l.hash_size + 1);
	}
	if (write_seed(buf, imagegen_metadata(&g, buf, sizeof(buf))))
		return -1;
	return write_seed(buf, imagegen_file(&g, buf, sizeof(buf)));
}

static int write_images(const char *name)
{
	static const unsigned int versions[] = { 3, 5, 6, 7, 8 };
	const struct malformed *m = NULL;
	unsigned int shape = 0;
	size_t i = 0;

	for (shape = 0; shape < 32 * sizeof(versions) / sizeof(versions[0]); shape++) {
		if (write_shape(name, shape % 32, versions[shape / 32]))
			return -1;
	}
	if (!strcmp(name, "mbn"))
		return 0;
	for (i = 0; (m = malformed_get(i)); i++) {
		if (write_seed(buf, malformed_make(m, buf, sizeof(buf))))
			return -1;
	}
	return 0;
}

static int write_tables(void)
{
	static const struct pil_rsc_entry entries[] = {
		{ "one", 0x1000, 0x2000, 0x1000, 3 },
		{ "two", 0x8000, 0x8000, 0x4000, 3 },
		{ NULL, 1, 2, 3, 4 },
	};
	size_t needed = 0;
	size_t i = 0;

	for (i = 0; i <= sizeof(entries) / sizeof(entries[0]); i++) {
		if (pil_rsc_build(entries, i, buf, sizeof(buf), &needed, NULL) || write_seed(buf, needed))
			return -1;
	}
	for (i = 0; i < 4; i++) {
		buf[24] = (uint8_t)i; /* type of the first entry */
		if (write_seed(buf, needed))
			return -1;
	}
	return 0;
}

/* the certificate field of an image, as it is */
static int write_certs(size_t size)
{
	struct pil_image image = { 0 };

	if (!size || pil_image_from_metadata(buf, size, &image, NULL))
		return -1;
	if (!image.mbn.signer[PIL_OEM].certs.size)
		return 0;	/* an image without certificates */
	return write_seed(image.mbn.signer[PIL_OEM].certs.data, image.mbn.signer[PIL_OEM].certs.size);
}

static int write_chains(void)
{
	static struct signedgen s;
	size_t i = 0;

	signedgen_init(&s, false);
	s.field_size = 0;
	if (write_certs(signedgen_metadata(&s, buf, sizeof(buf))))
		return -1;
	for (i = 0; i < malformed_certs.count; i++)
		if (write_certs(malformed_make(&malformed_certs.inputs[i], buf, sizeof(buf))))
			return -1;
	return 0;
}

/* sequences of steps of fuzz_scm.c: whole lives of a peripheral, then each step alone */
static int write_lives(void)
{
	static const char *const lives[] = {
		"MIPCA", "MIPCAS", "MIPCAHMIPCA", "MIPCBA", "MIPCAKTS", "TMIPCA", "MIIPPCAMIPCA", "MMIPCAXS",
	};
	uint8_t index = 0;
	size_t i = 0;
	size_t n = 0;

	for (i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		for (index = 0; index < 4; index++) {
			for (n = 0; lives[i][n]; n++) {
				buf[2 * n] = (uint8_t)lives[i][n];
				buf[2 * n + 1] = index;
			}
			if (write_seed(buf, 2 * n))
				return -1;
		}
	}
	for (i = 'A'; i <= 'Z'; i++) {
		memset(buf, 0, 64);
		buf[0] = (uint8_t)i;
		if (write_seed(buf, 64))
			return -1;
	}
	return 0;
}

static int write_all(const char *name)
{
	if (!strcmp(name, "rsc"))
		return write_tables();
	if (!strcmp(name, "certs"))
		return write_chains();
	if (!strcmp(name, "scm"))
		return write_lives();
	return write_images(name);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s NAME DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[2];
	if (write_all(argv[1])) {
		fprintf(stderr, "%s: seed %u cannot be written to %s\n", argv[0], written, directory);
		return 1;
	}
	return 0;
}

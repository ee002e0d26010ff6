/* SPDX-License-Identifier: BSD-2-Clause */
/* seeds NAME DIRECTORY: writes inputs for a fuzz target: good images of several shapes, then the malformed ones. */
#include <stdio.h>
#include <string.h>

#include <pilot/manifest.h>
#include <pilot/rsc_table.h>

#include "containergen.h"
#include "imagegen.h"
#include "malformed.h"
#include "malformed_certs.h"
#include "seeds.h"
#include "signedgen.h"

static uint8_t buf[65536];
static const char *directory;
static unsigned int written;

int write_seed(const uint8_t *data, size_t size)
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
void describe_shape(struct imagegen *g, unsigned int shape, unsigned int version)
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

	describe_shape(&g, shape, version);
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
	static const struct pil_rsc_stream streams[] = {
		{ "core", 0x1234, 0, 0, entries, 2 },
		{ "dma", 0x1240, 0xf, 1, entries + 1, 1 },
	};
	struct pil_rsc_contents c = { .entries = entries, .streams = streams };
	size_t needed = 0;
	size_t i = 0;

	for (i = 0; i <= sizeof(entries) / sizeof(entries[0]); i++) {
		c.count = i;
		c.stream_count = i % 3;
		if (pil_rsc_build(&c, buf, sizeof(buf), &needed, NULL) || write_seed(buf, needed))
			return -1;
	}
	for (i = 0; i < 4; i++) {
		buf[24] = (uint8_t)i; /* type of the first entry */
		if (write_seed(buf, needed))
			return -1;
	}
	return 0;
}

/* a table of all types with two vrings, by itself and in a section of an ELF file of each class */
static int write_firmware(void)
{
	static const uint32_t
		table[] = {
			1, 3,	       0,	   0,	       28,   84,  132, /* header and offsets */
			0, 0x10000000, 0xffffffff, 0x40000,    3,    0,	  0x65646f63, 0,	  0,
			0, 0,	       0,	   0,	       0, /* carve-out */
			2, 0x10001000, 0x1000,	   0,	       0x74, 0,	  0,	      0,	  0,
			0, 0,	       0, /* trace buffer */
			3, 7,	       1,	   1,	       0,    4,	  0x0200,     0x10002000, 16,
			8, 1,	       0,	   0x10003000, 4096, 256, 2,	      0,	  0x01020304,
		};
	static const char names[] = "\0.shstrtab\0.resource_table";
	size_t is64 = 0;
	size_t i = 0;

	for (is64 = 0; is64 < 2; is64++) {
		const size_t ehdr = is64 ? 64 : 52, phdr = is64 ? 56 : 32, shdr = is64 ? 64 : 40;
		const unsigned int word = is64 ? 8 : 4;
		const size_t at = ehdr + phdr + sizeof(names), headers = at + sizeof(table);

		memset(buf, 0, 1024);
		for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
			imagegen_put(buf + at + 4 * i, 4, table[i]);
		if (!is64 && write_seed(buf + at, sizeof(table)))
			return -1;
		memcpy(buf, "\177ELF\1\1\1", 7);
		buf[4] = (uint8_t)(1 + is64);
		buf[20] = 1;
		imagegen_put(buf + 24 + word, word, ehdr);
		imagegen_put(buf + 24 + 2 * word, word, headers);
		imagegen_put(buf + ehdr - 12, 2, ehdr);
		imagegen_put(buf + ehdr - 10, 2, phdr);
		imagegen_put(buf + ehdr - 8, 2, 1);
		imagegen_put(buf + ehdr - 6, 2, shdr);
		imagegen_put(buf + ehdr - 4, 2, 3);
		imagegen_put(buf + ehdr - 2, 2, 1);
		memcpy(buf + ehdr + phdr, names, sizeof(names));
		for (i = 1; i < 3; i++) {
			imagegen_put(buf + headers + i * shdr, 4, i == 1 ? 1 : 11);
			imagegen_put(buf + headers + i * shdr + 4, 4, 1);
			imagegen_put(buf + headers + i * shdr + 8 + 2 * word, word, i == 1 ? ehdr + phdr : at);
			imagegen_put(buf + headers + i * shdr + 8 + 3 * word, word,
				     i == 1 ? sizeof(names) : sizeof(table));
		}
		if (write_seed(buf, headers + 3 * shdr))
			return -1;
	}
	return 0;
}

static int write_containers(void)
{
	static const enum certgen_key keys[] = { CERTGEN_P256, CERTGEN_RSA2048 };
	static const uint32_t types[] = { 0, 1, 3, 5, 0x10, 0x11, 0x15001, 0x15003 };
	struct containergen g = { 0 };
	size_t i = 0;
	size_t k = 0;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			containergen_init(&g);
			g.key = keys[k];
			g.omit = types[i];
			g.images = (unsigned int)(1 + i % 2);
			g.elf64 = (unsigned int)(i % 3);
			if (write_seed(buf, containergen_make(&g, buf, sizeof(buf))))
				return -1;
			g.omit = 0;
			g.twice = types[i];
			g.upstream = i % 2;
			if (write_seed(buf, containergen_make(&g, buf, sizeof(buf))))
				return -1;
		}
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
		return 0; /* an image without certificates */
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

/* sequences of steps of fuzz_tee.c */
static int write_sequences(const char *const *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (write_seed((const uint8_t *)steps[i], strlen(steps[i])))
			return -1;
	return 0;
}

/* a letter, the session or processor, and what the step takes; '@' is a number whose lowest bits are 0 */
static int write_rproc(void)
{
	static const char *const steps[] = {
		"O@@L@@S@Y@T@R@",    "O@@OAAL@@LA@S@SAK@T@d@@R@",
		"O@@L@@S@D@OB@ABTB", "O@@L@@S@C@OB@AB",
		"O@@l@AAAAL@@S@",    "O@@F@CL@@S@F@EL@@S@",
		"O@@X@AL@@X@@R@",    "O@@H@AAAL@@S@",
		"O@@rQ@@",	     "O@@g@@T@G@",
	};

	return write_sequences(steps, sizeof(steps) / sizeof(steps[0]));
}

static int write_pas(void)
{
	static const char *const steps[] = {
		"I@P@M@A@@Y@S@", "I@P@M@A@@K@S@", "I@P@M@H@AAAA@@", "I@P@M@F@CA@@S@",
		"I@P@M@A@@I@S@", "i@AAp@AAAAAA",  "t@P@w@@r@@@@@",  "I@P@M@X@AA@@X@@S@",
	};

	return write_sequences(steps, sizeof(steps) / sizeof(steps[0]));
}

/* sequences of steps of fuzz_scm.c: whole lives of a peripheral, then each step alone */
static int write_lives(void)
{
	static const char *const lives[] = {
		"MIPCA", "MIPCAS", "MIPCAHMIPCA", "MIPCBA", "MIPCAKTS", "TMIPCA", "MIIPPCAMIPCA", "MMIPCAXS", "EMIPCA",
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
	for (i = 'A'; i <= 'z'; i++) {
		memset(buf, 0, 64);
		buf[0] = (uint8_t)i;
		if (write_seed(buf, 64))
			return -1;
	}
	return 0;
}

static int write_firmware_tables(void)
{
	return write_tables() || write_firmware() ? -1 : 0;
}

/* manifests of the board of fuzz_manifest.c, right and wrong */
static int write_manifests(void)
{
	static const struct pil_manifest manifests[] = {
		{ .count = 0 },
		{ 1, { { 1, 0, 0, 3, { 0, 0x10000 } } } },
		{ 3,
		  { { 1, 0, 0, 1, { 0x4000, 0x1000 } },
		    { 1, 0, 0, 1, { 0x20000, 0x1000 } },
		    { 2, 1, 1, 2, { 0x8000, 0x4000 } } } },
		{ 2, { { 1, 0, 0, 2, { 0x20000, 0x1000 } }, { 2, 0, 1, 2, { 0x8000, 0x1000 } } } },
	};
	size_t needed = 0;
	size_t i = 0;

	for (i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++)
		if (pil_manifest_build(&manifests[i], buf, sizeof(buf), &needed, NULL) || write_seed(buf, needed))
			return -1;
	return 0;
}

static const struct seed_writer seeds[] = {
	{ "manifest", write_manifests },
	{ "rsc", write_firmware_tables },
	{ "container", write_containers },
	{ "certs", write_chains },
	{ "scm", write_lives },
	{ "tee-rproc", write_rproc },
	{ "tee-pas", write_pas },
	{ NULL, NULL },
};

static int write_all(const char *name)
{
	const struct seed_writer *lists[] = { seeds, tool_seeds };
	const struct seed_writer *w = NULL;
	size_t i = 0;

	for (i = 0; i < 2; i++)
		for (w = lists[i]; w->name; w++)
			if (!strcmp(w->name, name))
				return w->write();
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

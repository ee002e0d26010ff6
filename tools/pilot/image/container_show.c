/* SPDX-License-Identifier: BSD-2-Clause */
/* What a container is and what is in it, for "pilot image show". Nothing is checked but its form. */
#include <inttypes.h>
#include <string.h>

#include <pilot/rsc_table.h>
#include <pilot/wire/container.h>

#include "image/container.h"
#include "image/image_info.h"

#define NOTES_MAX 5u

/* a container for the printer: what is not in its bytes */
struct shown {
	const char *path;
	size_t size;
	struct pil_container c;
	struct pil_container_result key; /* of PKEYINFO */
	const char *note[NOTES_MAX];
	unsigned int notes;
};

const char *container_scheme(const struct pil_container *c, const struct pil_cert *key, char *text)
{
	if (c->sig_alg == PIL_SIG_ECDSA_SHA256)
		return strcpy(text, "ECDSA on P-256 with SHA-256");
	if (key->key_bits)
		snprintf(text, 64, "RSA-%u, PKCS#1 v1.5 with SHA-256", key->key_bits);
	else
		snprintf(text, 64, "RSA, PKCS#1 v1.5 with SHA-256, %zu bytes", c->signature.size);
	return text;
}

static void find_notes(struct shown *s)
{
	const struct {
		bool there;
		const char *text;
	} notes[NOTES_MAX] = {
		{ s->c.key_info.size, "no public key inside: only who has it can check the signature" },
		{ !s->c.key_info.size || s->key.key.key,
		  "PKEYINFO is no public key that is known here: give 'image verify' the key" },
		{ s->c.has_processor, "no processor in it: valid for any one whose memory has the addresses" },
		{ s->c.has_version, "no version in it: an older one can be put in its place" },
		{ s->c.digests.size, "entry point, section headers and resource table are not under the signature" },
	};
	unsigned int i = 0;

	for (i = 0; i < NOTES_MAX; i++)
		if (!notes[i].there)
			s->note[s->notes++] = notes[i].text;
}

static void read_key(struct shown *s)
{
	const struct pil_container_policy policy = { 0 };

	if (pil_container_check(&s->c, PIL_CONTAINER_KEY, &policy, &pil_crypto_openssl, &s->key, NULL))
		s->key = (struct pil_container_result){ 0 };
}

/* size of the resource table's section; 0: none that can be found */
static uint64_t table_size(const struct pil_elf *elf)
{
	struct pil_section section = { 0 };

	return pil_elf_find_section(elf, PIL_RSC_SECTION, &section, NULL) ? 0 : section.size;
}

static void print_image(const struct shown *s, unsigned int image)
{
	const struct pil_elf *elf = &s->c.elf[image];
	const char *machine = machine_name(elf->machine);
	struct pil_phdr phdr = { 0 };
	char digits[17] = "";
	unsigned int i = 0;

	printf("  image %u    ELF%d, ", image, elf->is64 ? 64 : 32);
	if (machine)
		printf("%s, ", machine);
	else
		printf("machine %u, ", (unsigned int)elf->machine);
	printf("%zu bytes, entry 0x%" PRIx64 ", resource table ", s->c.image[image].size, elf->entry);
	if (table_size(elf))
		printf("of %" PRIu64 " bytes\n", table_size(elf));
	else
		printf("none\n");
	printf("  %ssegment  type           address   file bytes      memory  flags  digest%s\n", paint(PAINT_DIM),
	       paint(PAINT_OFF));
	for (i = 0; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		printf("  %7u  0x%08" PRIx32 "  0x%08" PRIx64 "  %10" PRIu64 "  %10" PRIu64 "  %c%c%c    %s%s...%s\n",
		       i, phdr.type, phdr.paddr, phdr.filesz, phdr.memsz, phdr.flags & 4 ? 'r' : '-',
		       phdr.flags & 2 ? 'w' : '-', phdr.flags & 1 ? 'x' : '-', paint(PAINT_DIM),
		       hex(digits, pil_container_digest(&s->c, image, i), 8), paint(PAINT_OFF));
	}
}

static void print_text(const struct shown *s)
{
	char digits[2 * PIL_KEY_HASH_SIZE + 1] = "";
	char scheme[64] = "";
	unsigned int i = 0;

	printf("%s%s%s: OP-TEE container version 1, %u image%s, %zu bytes\n", paint(PAINT_TITLE), s->path,
	       paint(PAINT_OFF), s->c.images, s->c.images == 1 ? "" : "s", s->size);
	if (s->c.has_processor)
		printf("  processor  %" PRIu32 "\n", s->c.processor);
	if (s->c.has_version)
		printf("  version    %" PRIu32 "\n", s->c.version);
	printf("  signed     %s\n", container_scheme(&s->c, &s->key.key, scheme));
	if (s->key.key.key)
		printf("  key hash   %s\n", hex(digits, s->key.key_hash, PIL_KEY_HASH_SIZE));
	for (i = 0; i < s->c.images; i++)
		print_image(s, i);
	for (i = 0; i < s->notes; i++)
		printf("  %swarning: %s%s\n", paint(PAINT_WARN), s->note[i], paint(PAINT_OFF));
}

static json_t *segments_json(const struct shown *s, unsigned int image)
{
	json_t *segments = json_array();
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < s->c.elf[image].phnum; i++) {
		pil_elf_phdr(&s->c.elf[image], i, &phdr);
		json_array_append_new(
			segments, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "type", json_hex64(phdr.type),
					    "vaddr", json_hex64(phdr.vaddr), "paddr", json_hex64(phdr.paddr), "offset",
					    json_hex64(phdr.offset), "filesz", json_u64(phdr.filesz), "memsz",
					    json_u64(phdr.memsz), "flags", json_hex64(phdr.flags), "digest",
					    json_bytes(pil_container_digest(&s->c, image, i), PIL_CONTAINER_DIGEST)));
	}
	return segments;
}

static json_t *images_json(const struct shown *s)
{
	json_t *images = json_array();
	unsigned int i = 0;

	for (i = 0; i < s->c.images; i++)
		json_array_append_new(
			images, json_pack("{s:o, s:i, s:i, s:o, s:o, s:o}", "size", json_u64(s->c.image[i].size),
					  "class", s->c.elf[i].is64 ? 64 : 32, "machine", (int)s->c.elf[i].machine,
					  "entry", json_hex64(s->c.elf[i].entry), "resource_table",
					  json_u64(table_size(&s->c.elf[i])), "segments", segments_json(s, i)));
	return images;
}

static json_t *to_json(const struct shown *s)
{
	json_t *warnings = json_array();
	char scheme[64] = "";
	unsigned int i = 0;

	for (i = 0; i < s->notes; i++)
		json_array_append_new(warnings, json_string(s->note[i]));
	return json_pack("{s:o, s:s, s:i, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "file", json_name(s->path), "kind",
			 "optee-container", "version", (int)PIL_CONTAINER_VERSION, "size", json_u64(s->size),
			 "processor", s->c.has_processor ? json_u64(s->c.processor) : json_null(), "image_version",
			 s->c.has_version ? json_u64(s->c.version) : json_null(), "signature",
			 container_scheme(&s->c, &s->key.key, scheme), "key_hash",
			 s->key.key.key ? json_bytes(s->key.key_hash, PIL_KEY_HASH_SIZE) : json_null(), "images",
			 images_json(s), "warnings", warnings);
}

int container_show(const char *path, json_t *images)
{
	struct shown s = { .path = path };
	struct pil_why why = { 0 };
	struct file file = { 0 };

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	if (pil_container_parse(file.data, file.size, &s.c, &why)) {
		if (images)
			json_array_append_new(images, json_pack("{s:o, s:s, s:o}", "file", json_name(path), "kind",
								"broken", "error", json_why(&why)));
		complain_why(path, &why);
		file_close(&file);
		return STATUS_REFUSED;
	}
	s.size = file.size;
	read_key(&s);
	find_notes(&s);
	if (images)
		json_array_append_new(images, to_json(&s));
	else
		print_text(&s);
	file_close(&file);
	return STATUS_OK;
}

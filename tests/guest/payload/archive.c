/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes what a program in the host's place needs, to a directory:
 *   archive.bin   images (format.h)
 *   fuses.bin     a fuse block that trusts the root that they were signed under
 *   expected.txt  a line for each image on the list: name, the call that must refuse it, its status, the reason
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/scm.h>
#include <pilot/wire/fuses.h>
#include <virt/platform.h>

#include "archive.h"

#define ENTRIES 256u

static struct archive_entry entries[ENTRIES];
static uint8_t bytes[ARCHIVE_MAX];
static uint32_t entry_count;
static size_t byte_count;
static FILE *expected;

uint8_t archive_memory[ARCHIVE_MEMORY];

static _Noreturn void die(const char *what, const char *which)
{
	fprintf(stderr, "archive: %s: %s\n", which, what);
	exit(1);
}

static FILE *create(const char *directory, const char *name)
{
	char path[4096] = { 0 };
	FILE *f = NULL;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		die("path is too long", name);
	f = fopen(path, "wb");
	if (!f)
		die("cannot be written", path);
	return f;
}

static void finish(FILE *f, const char *name)
{
	if (fclose(f))
		die("cannot be written", name);
}

/* Return: position among the bytes */
static size_t append(const uint8_t *data, size_t size, const char *name)
{
	size_t at = byte_count;

	if (size > sizeof(bytes) - at)
		die("no room in the archive", name);
	if (size)
		memcpy(bytes + at, data, size);
	byte_count = (at + size + 63) & ~(size_t)63;
	return at;
}

static void expect_result(const struct archive_image *image)
{
	static const char *const calls[] = { "-", "INIT_IMAGE", "MEM_SETUP", "AUTH_AND_RESET" };
	int status = image->call ? (int)pil_scm_status(-(int)pil_reason_class(image->reason)) : 0;

	fprintf(expected, "%s %s %d %s\n", image->name, calls[image->call], status,
		image->call ? pil_reason_name(image->reason) : "-");
}

void archive_add(const struct archive_image *image)
{
	struct archive_entry *e = &entries[entry_count];

	if (entry_count == ENTRIES || strlen(image->name) >= sizeof(e->name) ||
	    image->metadata_size > ARCHIVE_METADATA || !image->metadata_size)
		die("does not fit the archive, or cannot be made", image->name);
	memcpy(e->name, image->name, strlen(image->name));
	e->metadata = append(image->metadata, image->metadata_size, image->name);
	e->metadata_size = image->metadata_size;
	e->memory = append(image->memory, image->memory_size, image->name);
	e->memory_size = image->memory_size;
	e->place = image->place;
	e->span = image->span;
	e->flags = image->flags;
	entry_count++;
	if (!(image->flags & ARCHIVE_FOR_TEST))
		expect_result(image);
}

/* the image as the host copies it: program header 0 and the hash segment come first */
static size_t fill_memory(const struct imagegen *g)
{
	uint64_t lowest = g->segment[0].paddr;
	size_t end = 0, at = 0;
	unsigned int i = 0;

	memset(archive_memory, 0, sizeof(archive_memory));
	for (i = 0; i < g->count; i++) {
		const struct imagegen_segment *s = &g->segment[i];
		size_t start = (size_t)(s->paddr - lowest);

		for (at = 0; at < s->filesz; at++)
			archive_memory[start + at] = imagegen_file_byte(s, i + 2, at);
		if (s->filesz)
			end = start + (size_t)s->filesz;
	}
	return end;
}

void archive_add_signed(struct signedgen *s, struct archive_image image)
{
	static uint8_t metadata[SIGNEDGEN_MAX];

	image.metadata = metadata;
	image.metadata_size = signedgen_metadata(s, metadata, sizeof(metadata));
	image.memory = archive_memory;
	archive_add(&image);
}

struct archive_image archive_image_called(const char *name, const struct signedgen *s)
{
	return (struct archive_image){
		.name = name,
		.memory_size = fill_memory(&s->image),
		.place = VIRT_ADSP_MEM,
		.span = ARCHIVE_SPAN,
	};
}

void archive_add_kinds(void)
{
	static const struct {
		const char *name;
		uint32_t sw_id;
		uint64_t place;
	} kinds[] = {
		{ "kind-adsp", VIRT_ADSP_SW_ID, VIRT_ADSP_MEM },
		{ "kind-adsp-lite", VIRT_ADSP_LITE_SW_ID, VIRT_ADSP_MEM },
		{ "kind-adsp-dtb", VIRT_ADSP_DTB_SW_ID, VIRT_ADSP_DTB_MEM },
		{ "kind-adsp-lite-dtb", VIRT_ADSP_LITE_DTB_SW_ID, VIRT_ADSP_DTB_MEM },
		{ "kind-cdsp", VIRT_CDSP_SW_ID, VIRT_CDSP_MEM },
		{ "kind-video", VIRT_VIDEO_SW_ID, VIRT_VIDEO_MEM },
		{ "kind-zap", VIRT_ZAP_SW_ID, VIRT_ZAP_MEM },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct signedgen s = { 0 };
		struct archive_image image = { 0 };

		imagegen_use_sw_id(kinds[i].sw_id);
		signedgen_init(&s, false);
		image = archive_image_called(kinds[i].name, &s);
		image.place = kinds[i].place;
		image.flags = ARCHIVE_FOR_TEST;
		archive_add_signed(&s, image);
	}
	imagegen_use_sw_id(VIRT_ADSP_SW_ID);
}

static void write_archive(const char *directory)
{
	const struct archive_header header = { ARCHIVE_MAGIC, ARCHIVE_VERSION, entry_count, sizeof(entries[0]) };
	const size_t base = sizeof(header) + entry_count * sizeof(entries[0]);
	FILE *f = create(directory, "archive.bin");
	uint32_t i = 0;

	for (i = 0; i < entry_count; i++) {
		entries[i].metadata += base;
		entries[i].memory += base;
	}
	fwrite(&header, sizeof(header), 1, f);
	fwrite(entries, sizeof(entries[0]), entry_count, f);
	fwrite(bytes, 1, byte_count, f);
	if (ferror(f))
		die("cannot be written", "archive.bin");
	finish(f, "archive.bin");
}

void archive_fuses(struct pil_fuses *fuses)
{
	struct pil_device device = { 0 };

	signedgen_device(&device);
	*fuses = (struct pil_fuses){ .magic = PIL_FUSES_MAGIC, .version = PIL_FUSES_VERSION, .size = sizeof(*fuses) };
	fuses->soc_version = device.soc_version;
	fuses->jtag_id = device.jtag_id;
	fuses->oem_id = device.oem_id;
	fuses->model_id = device.model_id;
	fuses->serial = device.serial;
	fuses->root_count = device.root_count;
	fuses->root_active = device.root_active;
	fuses->life_cycle = (uint32_t)device.life_cycle;
	memcpy(fuses->root_hash, device.root_hash, sizeof(fuses->root_hash));
}

static void write_fuses(const char *directory)
{
	struct pil_fuses fuses = { 0 };
	FILE *f = create(directory, "fuses.bin");

	archive_fuses(&fuses);
	if (fwrite(&fuses, sizeof(fuses), 1, f) != 1)
		die("cannot be written", "fuses.bin");
	finish(f, "fuses.bin");
}

size_t archive_read_program(const char *path, uint8_t *bytes_read, size_t max)
{
	FILE *f = fopen(path, "rb");
	size_t size = f ? fread(bytes_read, 1, max, f) : 0;

	if (!size || !feof(f))
		die("cannot be read, is empty, or too long", path);
	fclose(f);
	return size;
}

void archive_begin(const char *directory)
{
	imagegen_use_sw_id(VIRT_ADSP_SW_ID);
	expected = create(directory, "expected.txt");
}

void archive_end(const char *directory)
{
	finish(expected, "expected.txt");
	write_archive(directory);
	write_fuses(directory);
}

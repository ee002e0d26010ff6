/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes what the program at the host's place needs, to a directory:
 *   archive.bin   images (format.h): every malformed one of tests/common that does not live from its length, and more
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
#include "malformed.h"
#include "signedgen.h"

#define ENTRIES 256u
#define SPAN	0x4000u /* of imagegen_init()'s image */

static struct door_entry entries[ENTRIES];
static uint8_t bytes[ARCHIVE_MAX];
static uint32_t entry_count;
static size_t byte_count;
static FILE *expected;

static _Noreturn void die(const char *what, const char *which)
{
	fprintf(stderr, "door_archive: %s: %s\n", which, what);
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

static void expect_result(const struct door_image *image)
{
	static const char *const calls[] = { "-", "INIT_IMAGE", "MEM_SETUP", "AUTH_AND_RESET" };
	int status = image->call ? (int)pil_scm_status(-(int)pil_reason_class(image->reason)) : 0;

	fprintf(expected, "%s %s %d %s\n", image->name, calls[image->call], status,
		image->call ? pil_reason_name(image->reason) : "-");
}

void archive_add(const struct door_image *image)
{
	struct door_entry *e = &entries[entry_count];

	if (entry_count == ENTRIES || strlen(image->name) >= sizeof(e->name) || image->metadata_size > DOOR_METADATA ||
	    !image->metadata_size)
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
	if (!(image->flags & DOOR_FOR_TEST))
		expect_result(image);
}

static void add_malformed(void)
{
	static uint8_t metadata[MALFORMED_MAX];
	const struct malformed *m = NULL;
	size_t i = 0;

	for (i = 0; (m = malformed_get(i)); i++) {
		struct door_image image = {
			.name = m->name,
			.call = m->stage == IN_AUTH ? CALL_AUTH : CALL_INIT,
			.reason = m->expected,
			.metadata = metadata,
			.place = VIRT_ADSP_MEM,
			.span = SPAN,
		};

		if (m->needs_length)
			continue; /* INIT_IMAGE brings no length: behind the bytes there are always more */
		image.metadata_size = malformed_make(m, metadata, sizeof(metadata));
		archive_add(&image);
	}
}

static void write_archive(const char *directory)
{
	const struct door_header header = { DOOR_MAGIC, DOOR_VERSION, entry_count, sizeof(entries[0]) };
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

static void write_fuses(const char *directory)
{
	struct pil_device device = { 0 };
	struct pil_fuses fuses = { .magic = PIL_FUSES_MAGIC, .version = PIL_FUSES_VERSION, .size = sizeof(fuses) };
	FILE *f = create(directory, "fuses.bin");

	signedgen_device(&device);
	fuses.soc_version = device.soc_version;
	fuses.jtag_id = device.jtag_id;
	fuses.oem_id = device.oem_id;
	fuses.model_id = device.model_id;
	fuses.serial = device.serial;
	fuses.root_count = device.root_count;
	fuses.root_active = device.root_active;
	fuses.life_cycle = (uint32_t)device.life_cycle;
	memcpy(fuses.root_hash, device.root_hash, sizeof(fuses.root_hash));
	if (fwrite(&fuses, sizeof(fuses), 1, f) != 1)
		die("cannot be written", "fuses.bin");
	finish(f, "fuses.bin");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: door_archive DIRECTORY\n");
		return 2;
	}
	imagegen_use_sw_id(VIRT_ADSP_SW_ID);
	expected = create(argv[1], "expected.txt");
	add_malformed();
	extra_images();
	finish(expected, "expected.txt");
	write_archive(argv[1]);
	write_fuses(argv[1]);
	return 0;
}

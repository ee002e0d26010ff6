/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image diff: what two images have in common, and what not. */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "image/formats.h"
#include "image/image_info.h"

static const char help[] =
	"Says how two images differ: in which headers, in which segments (and at which byte first),\n"
	"in signing metadata and what they are bound to, in signers, hash table and padding.\n"
	"\n"
	"options:\n"
	"      --ignore-signing  leave out hash segment, and where it is: are the same bytes\n"
	"                        signed? Two images of which one was signed again are the same\n"
	"      --json            print a JSON document: a, b, same, differences (area, what, a, b)\n"
	"  -h, --help            this text\n"
	"\n"
	"examples:\n"
	"  pilot image diff old/adsp.mbn new/adsp.mbn\n"
	"  pilot image diff --ignore-signing adsp.mbn resigned/adsp.mbn\n"
	"\n"
	"exit status: 0 the same; 1 different; 2 usage, not an image, or a file that cannot be read\n";

struct diff {
	struct image_info a;
	struct image_info b;
	bool content;
	json_t *found;
	bool failed;
};

static void differ(struct diff *d, const char *area, const char *what, char *a, char *b)
{
	json_t *item = a && b ? json_pack("{s:s, s:s, s:s, s:s}", "area", area, "what", what, "a", a, "b", b) : NULL;

	if (!item || json_array_append_new(d->found, item))
		d->failed = true;
	free(a);
	free(b);
}

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *format, ...)
{
	char *result = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&result, format, args) < 0)
		result = NULL;
	va_end(args);
	return result;
}

static void number(struct diff *d, const char *area, const char *what, uint64_t a, uint64_t b)
{
	if (a != b)
		differ(d, area, what, text("0x%" PRIx64, a), text("0x%" PRIx64, b));
}

/* where the first difference is; @size when there is none */
static size_t first_difference(const uint8_t *a, const uint8_t *b, size_t size)
{
	size_t i = 0;

	if (!size || !memcmp(a, b, size))
		return size;
	while (a[i] == b[i])
		i++;
	return i;
}

static void bytes(struct diff *d, const char *area, const char *what, struct pil_bytes a, struct pil_bytes b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	size_t at = first_difference(a.data, b.data, common);

	if (a.size != b.size && at == common)
		differ(d, area, what, text("%zu bytes", a.size),
		       text("%zu bytes, the first %zu alike", b.size, common));
	else if (at < common)
		differ(d, area, what, text("%zu bytes, 0x%02x at byte 0x%zx", a.size, a.data[at], at),
		       text("%zu bytes, 0x%02x at byte 0x%zx", b.size, b.data[at], at));
}

static void diff_headers(struct diff *d)
{
	const struct pil_elf *a = &d->a.elf;
	const struct pil_elf *b = &d->b.elf;

	number(d, "header", "class", a->is64 ? 64 : 32, b->is64 ? 64 : 32);
	number(d, "header", "type", a->type, b->type);
	number(d, "header", "machine", a->machine, b->machine);
	number(d, "header", "entry", a->entry, b->entry);
	number(d, "header", "program headers", a->phnum, b->phnum);
	if (a->is64 == b->is64 && !d->content)
		bytes(d, "header", "ELF header", (struct pil_bytes){ a->data, a->phoff },
		      (struct pil_bytes){ b->data, b->phoff });
}

/* the bytes of a segment that the file has */
static struct pil_bytes segment_of(const struct image_info *info, const struct pil_phdr *phdr)
{
	if (!phdr->filesz || phdr->offset > info->file.size || phdr->filesz > info->file.size - phdr->offset)
		return (struct pil_bytes){ .data = info->file.data };
	return (struct pil_bytes){ info->file.data + phdr->offset, (size_t)phdr->filesz };
}

static void diff_segment(struct diff *d, unsigned int index)
{
	struct pil_phdr a = { 0 };
	struct pil_phdr b = { 0 };
	char area[32] = "";

	snprintf(area, sizeof(area), "segment %u", index);
	pil_elf_phdr(&d->a.elf, index, &a);
	pil_elf_phdr(&d->b.elf, index, &b);
	number(d, area, "type", a.type, b.type);
	number(d, area, "flags", a.flags, b.flags);
	/* hash segment: its bytes are compared by what they mean; headers: field by field */
	if (PIL_PF_TYPE(a.flags) == PIL_PF_TYPE_HASH && PIL_PF_TYPE(b.flags) == PIL_PF_TYPE_HASH && d->content)
		return;
	number(d, area, "offset", a.offset, b.offset);
	number(d, area, "vaddr", a.vaddr, b.vaddr);
	number(d, area, "paddr", a.paddr, b.paddr);
	number(d, area, "filesz", a.filesz, b.filesz);
	number(d, area, "memsz", a.memsz, b.memsz);
	number(d, area, "align", a.align, b.align);
	if (PIL_PF_TYPE(a.flags) != PIL_PF_TYPE_HASH && index)
		bytes(d, area, "bytes", segment_of(&d->a, &a), segment_of(&d->b, &b));
}

static const char *kind_name(const struct image_info *info)
{
	static const char *const names[] = {
		[INFO_NOT_ELF] = "not an image",
		[INFO_PLAIN] = "plain ELF file",
		[INFO_BROKEN] = "image that cannot be read",
		[INFO_SIGNED] = "image",
	};

	return names[info->kind];
}

static void numbers(struct diff *d, const char *area, const char *what, const uint64_t *a, const uint64_t *b,
		    unsigned int count)
{
	char name[48] = "";
	unsigned int i = 0;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s %u", what, i);
		number(d, area, name, a[i], b[i]);
	}
}

static void diff_binding(struct diff *d, const char *area, const struct pil_mbn_binding *a,
			 const struct pil_mbn_binding *b)
{
	uint64_t socs[2][PIL_MBN_SOC_VERS] = { { 0 } };
	unsigned int i = 0;

	for (i = 0; i < PIL_MBN_SOC_VERS; i++) {
		socs[0][i] = a->soc_vers[i];
		socs[1][i] = b->soc_vers[i];
	}
	number(d, area, "metadata", a->present, b->present);
	number(d, area, "major", a->major, b->major);
	number(d, area, "minor", a->minor, b->minor);
	number(d, area, "sw_id", a->sw_id, b->sw_id);
	number(d, area, "secondary_sw_id", a->secondary_sw_id, b->secondary_sw_id);
	number(d, area, "anti_rollback", a->anti_rollback, b->anti_rollback);
	number(d, area, "root_index", a->root_index, b->root_index);
	numbers(d, area, "soc", socs[0], socs[1], PIL_MBN_SOC_VERS);
	number(d, area, "jtag", a->jtag_id, b->jtag_id);
	number(d, area, "oem", a->oem_id, b->oem_id);
	number(d, area, "model", a->model_id, b->model_id);
	numbers(d, area, "serial", a->serials, b->serials, PIL_MBN_SERIALS);
	number(d, area, "product_segment", a->product_segment, b->product_segment);
	number(d, area, "soc_lifecycle", a->soc_lifecycle, b->soc_lifecycle);
	number(d, area, "oem_lifecycle", a->oem_lifecycle, b->oem_lifecycle);
	number(d, area, "flags", a->flags, b->flags);
}

static void diff_authority(struct diff *d, enum pil_authority who)
{
	const struct pil_mbn_signer *a = &d->a.image.mbn.signer[who];
	const struct pil_mbn_signer *b = &d->b.image.mbn.signer[who];
	const char *area = who == PIL_OEM ? "OEM" : "QTI";

	diff_binding(d, area, &a->binding, &b->binding);
	bytes(d, area, "metadata bytes", a->metadata, b->metadata);
	bytes(d, area, "signature", a->signature, b->signature);
	bytes(d, area, "certificates", a->certs, b->certs);
}

static void diff_chain(struct diff *d)
{
	unsigned int count = d->a.certs > d->b.certs ? d->a.certs : d->b.certs;
	unsigned int i = 0;
	char what[32] = "";

	number(d, "chain", "certificates", d->a.certs, d->b.certs);
	for (i = 0; i < count; i++) {
		char *a = i < d->a.certs ? cert_name(d->a.cert[i].subject) : strdup("none");
		char *b = i < d->b.certs ? cert_name(d->b.cert[i].subject) : strdup("none");

		snprintf(what, sizeof(what), "subject %u", i);
		if (a && b && strcmp(a, b)) {
			differ(d, "chain", what, a, b);
			continue;
		}
		d->failed |= !a || !b;
		free(a);
		free(b);
	}
	if (d->a.certs && d->b.certs && memcmp(d->a.root_hash, d->b.root_hash, PIL_ROOT_HASH_SIZE)) {
		char digits[2][2 * PIL_ROOT_HASH_SIZE + 1] = { "" };

		differ(d, "chain", "root hash", strdup(hex(digits[0], d->a.root_hash, PIL_ROOT_HASH_SIZE)),
		       strdup(hex(digits[1], d->b.root_hash, PIL_ROOT_HASH_SIZE)));
	}
}

static void diff_signing(struct diff *d)
{
	const struct pil_mbn *a = &d->a.image.mbn;
	const struct pil_mbn *b = &d->b.image.mbn;

	number(d, "signing", "version", a->version, b->version);
	if (a->hash_alg != b->hash_alg)
		differ(d, "signing", "hash table", strdup(hash_alg_name(a->hash_alg)),
		       strdup(hash_alg_name(b->hash_alg)));
	else
		bytes(d, "signing", "hash table", a->hashes, b->hashes);
	number(d, "signing", "measurement register", a->common.measurement_register, b->common.measurement_register);
	diff_authority(d, PIL_OEM);
	diff_authority(d, PIL_QTI);
	diff_chain(d);
}

/* what no field explains: padding of the hash segment, bytes between and behind segments */
static void diff_rest(struct diff *d)
{
	if (!json_array_size(d->found))
		bytes(d, "file", "bytes outside of headers and segments",
		      (struct pil_bytes){ d->a.file.data, d->a.file.size },
		      (struct pil_bytes){ d->b.file.data, d->b.file.size });
}

static void compare(struct diff *d)
{
	unsigned int common = d->a.elf.phnum < d->b.elf.phnum ? d->a.elf.phnum : d->b.elf.phnum;
	unsigned int i = 0;

	if (d->a.kind != d->b.kind && !d->content)
		differ(d, "file", "kind", strdup(kind_name(&d->a)), strdup(kind_name(&d->b)));
	diff_headers(d);
	for (i = 0; i < common; i++)
		diff_segment(d, i);
	if (d->content)
		return;
	if (d->a.kind == INFO_SIGNED && d->b.kind == INFO_SIGNED)
		diff_signing(d);
	diff_rest(d);
}

static int print_text(const struct diff *d, bool same)
{
	const json_t *item = NULL;
	size_t i = 0;

	if (same) {
		printf("%s and %s: the same%s\n", d->a.file.path, d->b.file.path,
		       d->content ? ", signing left out" : "");
		return STATUS_OK;
	}
	printf("--- %s\n+++ %s\n", d->a.file.path, d->b.file.path);
	json_array_foreach(d->found, i, item)
	{
		printf("%s, %s:\n", json_string_value(json_object_get(item, "area")),
		       json_string_value(json_object_get(item, "what")));
		printf("  %s- %s%s\n", paint(PAINT_BAD), json_string_value(json_object_get(item, "a")),
		       paint(PAINT_OFF));
		printf("  %s+ %s%s\n", paint(PAINT_GOOD), json_string_value(json_object_get(item, "b")),
		       paint(PAINT_OFF));
	}
	return STATUS_REFUSED;
}

static int report(const struct diff *d, bool json)
{
	bool same = !json_array_size(d->found);

	if (d->failed) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	if (!json)
		return print_text(d, same);
	return json_finish(json_pack("{s:o, s:o, s:b, s:O}", "a", json_name(d->a.file.path), "b",
				     json_name(d->b.file.path), "same", (int)same, "differences", d->found),
			   same ? STATUS_OK : STATUS_REFUSED);
}

static bool open_image(struct image_info *info, const char *path)
{
	const struct image_format *format = image_format_of(path);

	if (format) {
		(void)image_format_refuse(format, path, "diff");
		return false;
	}
	if (!image_info_open(info, path, &pil_crypto_openssl))
		return false;
	if (info->kind == INFO_NOT_ELF)
		complain_why(path, &info->why);
	return info->kind != INFO_NOT_ELF;
}

static int diff(struct diff *d, char **paths, bool json)
{
	int status = STATUS_TROUBLE;

	d->found = json_array();
	if (open_image(&d->a, paths[0]) && open_image(&d->b, paths[1]) && d->found) {
		compare(d);
		status = report(d, json);
	}
	json_decref(d->found);
	image_info_close(&d->a);
	image_info_close(&d->b);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "ignore-signing", no_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static struct diff d;
	bool json = false;
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		if (c != 'i' && c != 'j')
			return command_usage_error(cmd, NULL);
		json |= c == 'j';
		d.content |= c == 'i';
	}
	if (argc - optind != 2)
		return command_usage_error(cmd, "takes two files, A and B");
	return diff(&d, argv + optind, json);
}

const struct command command_image_diff = {
	"image", "diff", "say how two images differ", "[--ignore-signing] [--json] A B", help, run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading an image file, and noticing what a person should know about it. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image_info.h"

static void note(struct image_info *info, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct image_info *info, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	if (info->notes == INFO_NOTES_MAX)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (text)
		info->note[info->notes++] = text;
}

static void note_why(struct image_info *info, const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	note(info, "%s", text);
}

/* now, as struct pil_cert writes times */
static uint64_t now(void)
{
	time_t t = time(NULL);
	struct tm tm = { 0 };
	uint64_t year = 0;

	gmtime_r(&t, &tm);
	year = (uint64_t)tm.tm_year + 1900;
	return ((((year * 100 + (uint64_t)tm.tm_mon + 1) * 100 + (uint64_t)tm.tm_mday) * 100 + (uint64_t)tm.tm_hour) *
			100 +
		(uint64_t)tm.tm_min) *
		       100 +
	       (uint64_t)tm.tm_sec;
}

/* SECTOOLS SECP384R1 CURVE TEST ROOT, under which most published images are signed */
static const uint8_t public_test_root[PIL_ROOT_HASH_SIZE] = {
	0xf9, 0x53, 0x64, 0x43, 0x08, 0x94, 0x4b, 0xb8, 0x11, 0xca, 0x0e, 0xc2, 0xa7, 0x36, 0xa1, 0x7f,
	0xe3, 0x85, 0x09, 0x94, 0x1c, 0xe7, 0xf5, 0x58, 0x60, 0x13, 0x08, 0x57, 0x81, 0x3c, 0x83, 0x78,
	0xe9, 0x33, 0x59, 0xb7, 0x0d, 0xfd, 0x87, 0x4c, 0x27, 0x0d, 0xca, 0x08, 0xa5, 0x3b, 0xd9, 0x9f,
};

static void note_root(struct image_info *info)
{
	if (info->certs && !memcmp(info->root_hash, public_test_root, sizeof(public_test_root)))
		note(info,
		     "the root is a public test root: a device with fuses of its own needs the image signed again");
}

static void note_dates(struct image_info *info)
{
	uint64_t today = now();
	char date[24] = "";
	unsigned int i = 0;

	for (i = 0; i < info->certs; i++) {
		if (info->cert[i].not_after < today)
			note(info, "certificate %u expired on %s; devices have no clock to care", i,
			     date_text(info->cert[i].not_after, date));
		if (info->cert[i].not_before > today)
			note(info, "certificate %u is not valid before %s; devices have no clock to care", i,
			     date_text(info->cert[i].not_before, date));
	}
}

static uint64_t file_end(const struct image_info *info)
{
	struct pil_phdr phdr = { 0 };
	uint64_t end = pil_elf_headers_end(&info->elf);
	unsigned int i = 0;

	for (i = 0; i < info->elf.phnum; i++) {
		pil_elf_phdr(&info->elf, i, &phdr);
		if (phdr.filesz && phdr.offset <= UINT64_MAX - phdr.filesz && phdr.offset + phdr.filesz > end)
			end = phdr.offset + phdr.filesz;
	}
	return end;
}

static void note_elf(struct image_info *info)
{
	uint64_t end = file_end(info);
	struct pil_why why = { 0 };

	info->planned = !pil_plan_measure(&info->elf, &info->plan, &why);
	if (!info->planned)
		note_why(info, &why);
	else if (!info->plan.entry_inside)
		note(info, "entry point 0x%" PRIx64 " lies in no loadable segment: no core can start there",
		     info->elf.entry);
	if (info->elf.is64)
		note(info, "ELF64: Linux's mdt_loader reads only ELF32");
	/* a plain ELF file has its section headers there */
	if (info->kind == INFO_SIGNED && info->file.size > end)
		note(info, "%" PRIu64 " bytes after the last segment belong to nothing", info->file.size - end);
}

static void note_signing(struct image_info *info)
{
	const struct pil_mbn *mbn = &info->image.mbn;
	const struct pil_mbn_binding *binding = &mbn->signer[info->signer].binding;

	if (!mbn->signer[info->signer].signature.size)
		note(info, "the image is not signed");
	if (mbn->signer[PIL_OEM].signature.size && mbn->signer[PIL_QTI].signature.size)
		note(info, "signed by two authorities; only the OEM's signature is shown");
	if (!binding->present)
		note(info, "no signing metadata: bound to nothing");
	else if (!binding->use_soc)
		note(info, "bound to no SoC");
	if (mbn->hash_alg != PIL_SHA384)
		note(info, "the hash table is %s", hash_alg_name(mbn->hash_alg));
}

static void read_chain(struct image_info *info, const struct pil_crypto *crypto)
{
	struct pil_bytes left = info->image.mbn.signer[info->signer].certs;
	struct pil_why why = { 0 };

	while (left.size && info->certs < INFO_CERTS_MAX && left.data[0] != 0xff) {
		size_t size = pil_cert_split(left.data, left.size);

		if (!size || crypto->cert_read(left.data, size, &info->cert[info->certs], &why)) {
			note(info, "certificate %u cannot be read", info->certs);
			return;
		}
		info->certs++;
		left.data += size;
		left.size -= size;
	}
	if (info->certs && pil_hash_once(crypto, PIL_SHA384, info->cert[info->certs - 1].der.data,
					 info->cert[info->certs - 1].der.size, info->root_hash, &why))
		note_why(info, &why);
}

static void classify(struct image_info *info)
{
	const void *data = info->file.data;

	if (pil_elf_parse(data, info->file.size, &info->elf, &info->why))
		info->kind = INFO_NOT_ELF;
	else if (!pil_image_from_file(data, info->file.size, &info->image, &info->why))
		info->kind = INFO_SIGNED;
	else
		info->kind = INFO_BROKEN;
}

/* without any hash segment the rules for signed images say nothing about a file */
static bool is_plain(const struct image_info *info)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < info->elf.phnum; i++) {
		pil_elf_phdr(&info->elf, i, &phdr);
		if (PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_HASH)
			return false;
	}
	return true;
}

bool image_info_open(struct image_info *info, const char *path, const struct pil_crypto *crypto)
{
	*info = (struct image_info){ 0 };
	if (!file_open(&info->file, path))
		return false;
	classify(info);
	if (info->kind == INFO_NOT_ELF)
		return true;
	if (info->kind == INFO_BROKEN && is_plain(info))
		info->kind = INFO_PLAIN;
	note_elf(info);
	if (info->kind != INFO_SIGNED)
		return true;
	if (!info->image.mbn.signer[PIL_OEM].signature.size && info->image.mbn.signer[PIL_QTI].signature.size)
		info->signer = PIL_QTI;
	note_signing(info);
	read_chain(info, crypto);
	note_root(info);
	note_dates(info);
	return true;
}

void image_info_close(struct image_info *info)
{
	unsigned int i = 0;

	for (i = 0; i < info->notes; i++)
		free(info->note[i]);
	file_close(&info->file);
	*info = (struct image_info){ 0 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading an image file, and noticing what a person should know about it. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image/image_info.h"
#include "image/pieces.h"

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

static void note_dates(struct image_info *info, const char *whose, const struct pil_cert *cert, unsigned int certs)
{
	uint64_t today = now();
	char date[24] = "";
	unsigned int i = 0;

	for (i = 0; i < certs; i++) {
		if (cert[i].not_after < today)
			note(info, "%scertificate %u expired on %s; devices have no clock to care", whose, i,
			     date_text(cert[i].not_after, date));
		if (cert[i].not_before > today)
			note(info, "%scertificate %u is not valid before %s; devices have no clock to care", whose, i,
			     date_text(cert[i].not_before, date));
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
	if (info->kind == INFO_SIGNED && info->form != INFO_SPLIT && info->file.size > end)
		note(info, "%" PRIu64 " bytes after the last segment belong to nothing", info->file.size - end);
}

static void note_form(struct image_info *info)
{
	const struct pil_mbn *mbn = &info->image.mbn;
	unsigned int i = 0;

	if (info->form == INFO_WRAPPED)
		note(info, "a signed image inside another one: the outer hash table (%s) is %s",
		     hash_alg_name(info->outer.mbn.hash_alg),
		     info->outer.mbn.signer[PIL_OEM].signature.size ? "signed, too" : "not signed");
	for (i = 0; info->missing && i < info->elf.phnum; i++)
		if (image_info_lacks(info, i))
			note(info, "segment %u: no file .b%02u with its bytes", i, i);
	if (mbn->encryption)
		note(info, "the segments are encrypted (%s): nothing here can look into them",
		     mbn->encryption == PIL_MBN_UIE ? "UIE" : "QBEC");
}

static void note_signing(struct image_info *info)
{
	const struct pil_mbn *mbn = &info->image.mbn;

	if (!mbn->signer[info->signer].signature.size)
		note(info, "the image is not signed");
	if (!info->binding.present)
		note(info, "nothing says what device or software it is for: bound to nothing");
	else if (!info->binding.use_soc)
		note(info, "bound to no SoC");
	if (info->binding.root_index)
		note(info, "root certificate %" PRIu32 " of several is selected", info->binding.root_index);
	if (mbn->hash_alg != PIL_SHA384)
		note(info, "the hash table is %s", hash_alg_name(mbn->hash_alg));
}

/* the root that the metadata selects, by the rule of lib/auth: certificates at the end that name themselves are roots */
static const struct pil_cert *selected_root(const struct info_chain *chain)
{
	unsigned int first = chain->certs - 1;

	while (first > 1 && chain->certs - first < PIL_MAX_ROOTS &&
	       chain->cert[first - 1].issuer.size == chain->cert[first - 1].subject.size &&
	       !memcmp(chain->cert[first - 1].issuer.data, chain->cert[first - 1].subject.data,
		       chain->cert[first - 1].subject.size))
		first--;
	if (chain->binding.root_index < chain->certs - first)
		first += chain->binding.root_index;
	return &chain->cert[first];
}

static void read_chain(struct image_info *info, enum pil_authority who, const struct pil_crypto *crypto,
		       struct info_chain *chain)
{
	const struct pil_mbn_signer *signer = &info->image.mbn.signer[who];
	struct pil_bytes left = signer->certs;
	const struct pil_cert *root = NULL;
	struct pil_why why = { 0 };

	chain->binding = signer->binding;
	while (left.size && chain->certs < INFO_CERTS_MAX && left.data[0] != 0xff) {
		size_t size = pil_cert_split(left.data, left.size);

		if (!size || crypto->cert_read(left.data, size, &chain->cert[chain->certs], &why)) {
			note(info, "%s certificate %u cannot be read", authority_name(who), chain->certs);
			return;
		}
		chain->certs++;
		left.data += size;
		left.size -= size;
	}
	if (!chain->certs)
		return;
	root = selected_root(chain);
	if (pil_hash_once(crypto, PIL_SHA384, root->der.data, root->der.size, chain->root_hash, &why))
		note_why(info, &why);
	if (!chain->binding.present && info->image.mbn.version <= PIL_MBN_LAST_WITHOUT_METADATA &&
	    pil_auth_leaf_binding(&chain->cert[0], &chain->binding, &why))
		note_why(info, &why);
}

static void read_chains(struct image_info *info, const struct pil_crypto *crypto)
{
	const struct pil_mbn_signer *signer = info->image.mbn.signer;
	struct info_chain chain = { 0 };

	if (!signer[PIL_OEM].signature.size && signer[PIL_QTI].signature.size)
		info->signer = PIL_QTI;
	read_chain(info, info->signer, crypto, &chain);
	info->certs = chain.certs;
	memcpy(info->cert, chain.cert, sizeof(info->cert));
	memcpy(info->root_hash, chain.root_hash, sizeof(info->root_hash));
	info->binding = chain.binding;
	info->countersigned = info->signer == PIL_OEM && signer[PIL_QTI].signature.size;
	if (info->countersigned)
		read_chain(info, PIL_QTI, crypto, &info->second);
}

/* the file of segment @index beside the .mdt; nothing where there is none */
static void open_part(struct image_info *info, unsigned int index, const struct pil_phdr *phdr)
{
	char *path = NULL;

	if (asprintf(&path, "%.*s.b%02u", (int)(strlen(info->file.path) - 4), info->file.path, index) < 0)
		return;
	if (file_map(&info->part[index], path) && info->part[index].size == phdr->filesz)
		info->segment[index] = (struct pil_bytes){ info->part[index].data, info->part[index].size };
	else
		info->missing++;
	info->part[index].path = NULL;
	free(path);
}

/* bytes of every segment: in the file, in the .mdt itself, or in files of their own */
static void find_segments(struct image_info *info)
{
	const struct pil_mbn *mbn = &info->image.mbn;
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < info->elf.phnum; i++) {
		pil_elf_phdr(&info->elf, i, &phdr);
		if (!phdr.filesz)
			continue;
		if (info->form != INFO_SPLIT)
			info->segment[i] = (struct pil_bytes){ info->file.data + phdr.offset, (size_t)phdr.filesz };
		else if (i == 0)
			info->segment[i] = (struct pil_bytes){ info->elf.data, pil_elf_headers_end(&info->elf) };
		else if (i == info->image.hash_index)
			info->segment[i] = mbn->segment;
		else
			open_part(info, i, &phdr);
	}
}

bool image_info_lacks(const struct image_info *info, unsigned int index)
{
	struct pil_phdr phdr = { 0 };

	pil_elf_phdr(&info->elf, index, &phdr);
	return info->form == INFO_SPLIT && phdr.filesz && !info->segment[index].data;
}

static int read_image(struct image_info *info)
{
	const void *data = info->file.data;
	struct pil_why why = { 0 };
	int ret = pil_image_from_file(data, info->file.size, &info->image, &info->why);

	if (!ret)
		return 0;
	if (info->why.reason == PIL_R_MBN_TWO_HASH_SEGMENTS &&
	    !pil_image_wrapped(data, info->file.size, &info->outer, &info->image, &why)) {
		info->form = INFO_WRAPPED;
		return 0;
	}
	if (info->why.reason == PIL_R_ELF_SEGMENT_END && piece_is_mdt(info->file.path)) {
		info->form = INFO_SPLIT;
		return pil_image_from_metadata(data, info->file.size, &info->image, &info->why);
	}
	return ret;
}

static void classify(struct image_info *info)
{
	if (pil_elf_parse(info->file.data, info->file.size, &info->elf, &info->why))
		info->kind = INFO_NOT_ELF;
	else
		info->kind = read_image(info) ? INFO_BROKEN : INFO_SIGNED;
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

static void read_info(struct image_info *info, const struct pil_crypto *crypto)
{
	classify(info);
	if (info->kind == INFO_NOT_ELF)
		return;
	if (info->kind == INFO_BROKEN && is_plain(info))
		info->kind = INFO_PLAIN;
	note_elf(info);
	if (info->kind != INFO_SIGNED)
		return;
	find_segments(info);
	read_chains(info, crypto);
	note_form(info);
	note_signing(info);
	note_root(info);
	note_dates(info, "", info->cert, info->certs);
	note_dates(info, "QTI ", info->second.cert, info->second.certs);
}

bool image_info_read(struct image_info *info, const char *path, const struct pil_crypto *crypto)
{
	*info = (struct image_info){ 0 };
	if (!file_map(&info->file, path))
		return false;
	read_info(info, crypto);
	return true;
}

bool image_info_open(struct image_info *info, const char *path, const struct pil_crypto *crypto)
{
	bool ok = image_info_read(info, path, crypto);

	if (!ok)
		complain(path, "%s", file_error(errno));
	return ok;
}

void image_info_close(struct image_info *info)
{
	unsigned int i = 0;

	for (i = 0; i < info->notes; i++)
		free(info->note[i]);
	for (i = 0; i < PIL_ELF_MAX_PHNUM; i++)
		file_close(&info->part[i]);
	file_close(&info->file);
	*info = (struct image_info){ 0 };
}

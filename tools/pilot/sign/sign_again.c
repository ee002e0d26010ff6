/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing an image that has a hash segment already. Segments stay where and as they are. The new hash segment takes the
 * old one's place when it fits; otherwise it goes to the end of the file, and its program header says so.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include <pilot/auth.h>
#include <pilot/manifest.h>
#include <pilot/plan.h>
#include <pilot/wire/elf.h>
#include <pilot/wire/mbn.h>

#include "bytes.h"
#include "sign/sign.h"

#define PAGE 4096u

struct again {
	const struct signing *signing;
	const char *input; /* its name, for complaints */
	struct file file;
	struct pil_image image;
	struct pil_phdr hash; /* as it will be */
	struct sealed seal;
	uint8_t *metadata; /* headers, directly followed by the hash segment */
	size_t headers_size;
};

static int refuse(const struct again *a, const struct pil_why *why)
{
	complain_why(a->input, why);
	return STATUS_REFUSED;
}

/* a table that does not fit its segments must not get a good signature */
static int check_table(const struct again *a)
{
	struct pil_bytes segments[PIL_ELF_MAX_PHNUM] = { { 0 } };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	unsigned int i = 0;

	for (i = 0; i < a->image.elf.phnum; i++) {
		pil_elf_phdr(&a->image.elf, i, &phdr);
		if (phdr.filesz)
			segments[i] = (struct pil_bytes){ a->file.data + phdr.offset, (size_t)phdr.filesz };
	}
	for (i = 0; i < a->image.elf.phnum; i++) {
		enum pil_entry entry = PIL_ENTRY_UNKNOWN;

		if (pil_auth_entry(&a->image, segments, i, &pil_crypto_openssl, &entry, &why))
			return refuse(a, &why);
	}
	return STATUS_OK;
}

/* nor a manifest that no device takes */
static int check_manifest(const struct again *a)
{
	struct pil_manifest manifest = { 0 };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	unsigned int index = 0;

	if (pil_manifest_find(&a->image.elf, &index, &phdr, &why))
		return refuse(a, &why);
	if (index && pil_manifest_parse(a->file.data + phdr.offset, (size_t)phdr.filesz, &manifest, &why))
		return refuse(a, &why);
	return STATUS_OK;
}

static int read_input(struct again *a, const char *path)
{
	struct pil_why why = { 0 };
	int status = STATUS_OK;

	if (!file_open(&a->file, path))
		return STATUS_TROUBLE;
	if (pil_image_from_file(a->file.data, a->file.size, &a->image, &why))
		return refuse(a, &why);
	if (a->image.mbn.hash_count != a->image.elf.phnum) {
		complain(a->input,
			 "one signed image inside another (%u of %u program headers have digests): sign the "
			 "inner one",
			 a->image.mbn.hash_count, a->image.elf.phnum);
		return STATUS_REFUSED;
	}
	pil_elf_phdr(&a->image.elf, a->image.hash_index, &a->hash);
	status = check_table(a);
	return status ? status : check_manifest(a);
}

/* versions 3 and 5: what the old leaf certificate binds the image to */
static int read_leaf(struct again *a)
{
	struct pil_bytes certs = a->image.mbn.signer[PIL_OEM].certs;
	size_t size = pil_cert_split(certs.data, certs.size);
	const unsigned char *cursor = certs.data;
	X509 *leaf = size ? d2i_X509(NULL, &cursor, (long)size) : NULL;
	const struct mbn_request *want = &a->seal.want;

	if (leaf)
		leaf_units_read(&a->seal.units, leaf);
	X509_free(leaf);
	if (!leaf && !(want->soc && want->oem && want->model && want->sw_id)) {
		complain(a->input, "has no leaf certificate that says what it is bound to: --soc, --oem, --model and "
				   "--sw-id must");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

/* something that the old one says and @writer cannot; NULL when there is nothing */
static const char *lost(const struct pil_mbn *old, const struct pil_mbn_binding *b, const struct mbn_writer *writer)
{
	const bool options = old->version == 6 && (PIL_MBN_V6_OPTION(b->flags, PIL_MBN_V6_ROOT_REVOKE) ||
						   PIL_MBN_V6_OPTION(b->flags, PIL_MBN_V6_UIE_KEY) ||
						   PIL_MBN_V6_OPTION(b->flags, PIL_MBN_V6_DEBUG));
	const bool from_7 = old->common.present;
	const struct {
		bool said;
		unsigned int field;
		const char *what;
	} fields[] = {
		{ b->use_product_segment, 0, "a product segment" },
		{ b->use_soc_lifecycle || b->use_oem_lifecycle, 0, "a lifecycle state" },
		{ options && writer->version != 6, 0, "options of debugging, roots or encryption" },
		{ from_7 && b->jtag_debug && !writer->common, 0, "debugging by chip id" },
		{ b->use_oem_root, MBN_HAS_OEM_ROOT, "the OEM's root" },
		{ b->transfer_root, MBN_HAS_TRANSFER_ROOT, "that the root of trust is handed on" },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].said && !(writer->has & fields[i].field))
			return fields[i].what;
	return NULL;
}

/* another version: its metadata says what the old one's said */
static void take_over(struct mbn_request *want, const struct pil_mbn_binding *b)
{
	struct mbn_request asked = *want;

	*want = (struct mbn_request){ .soc = true,
				      .oem = true,
				      .model = true,
				      .sw_id = true,
				      .anti_rollback = true,
				      .serial = true,
				      .root_index = true,
				      .jtag = true,
				      .binding = *b };
	want->oem_root = asked.oem_root || b->use_oem_root;
	want->transfer_root = asked.transfer_root || b->transfer_root;
	want->debug = asked.debug || b->jtag_debug;
	want->debug_option = asked.debug ? asked.debug_option : MBN_ENABLE;
	want->root_revoke = asked.root_revoke;
	want->root_option = asked.root_option;
	if (asked.oem_root)
		want->binding.use_oem_root = asked.binding.use_oem_root;
	if (asked.transfer_root)
		want->binding.transfer_root = asked.binding.transfer_root;
	if (asked.jtag) {
		want->binding.jtag_id = asked.binding.jtag_id;
		want->binding.use_jtag = asked.binding.use_jtag;
	}
	if (asked.soc) {
		memcpy(want->binding.soc_vers, asked.binding.soc_vers, sizeof(asked.binding.soc_vers));
		want->binding.use_soc = asked.binding.use_soc;
	}
	if (asked.serial) {
		memcpy(want->binding.serials, asked.binding.serials, sizeof(asked.binding.serials));
		want->binding.use_serial = asked.binding.use_serial;
	}
	if (asked.oem) {
		want->binding.oem_id = asked.binding.oem_id;
		want->binding.use_oem = asked.binding.use_oem;
	}
	if (asked.model) {
		want->binding.model_id = asked.binding.model_id;
		want->binding.use_model = asked.binding.use_model;
	}
	if (asked.sw_id)
		want->binding.sw_id = asked.binding.sw_id;
	if (asked.anti_rollback)
		want->binding.anti_rollback = asked.binding.anti_rollback;
}

static int old_binding(const struct again *a, struct pil_mbn_binding *b)
{
	struct pil_auth_policy policy = { .rules = &pil_auth_rules_all };
	struct pil_auth_result result = { 0 };
	struct pil_why why = { 0 };

	*b = a->image.mbn.signer[PIL_OEM].binding;
	if (b->present)
		return STATUS_OK;
	if (pil_auth_check(&a->image, &policy, &pil_crypto_openssl, &result, &why))
		return refuse(a, &why);
	*b = result.binding;
	if (b->present)
		return STATUS_OK;
	complain(a->input, "does not say what it is bound to, so no other version can say it");
	return STATUS_REFUSED;
}

/* digests of another kind: only where every entry is one of a segment's bytes, or zero */
static int make_table(struct again *a)
{
	struct pil_phdr phdr = { 0 };
	static const uint8_t zeros[64];
	unsigned int i = 0;

	if (a->seal.alg == a->image.mbn.hash_alg) {
		memcpy(a->seal.table, a->image.mbn.hashes.data, a->image.mbn.hashes.size);
		return STATUS_OK;
	}
	for (i = 1; i < a->image.elf.phnum; i++) {
		pil_elf_phdr(&a->image.elf, i, &phdr);
		if (!memcmp(pil_mbn_entry(&a->image.mbn, i), zeros, pil_hash_size(a->image.mbn.hash_alg)))
			continue;
		if (!phdr.filesz) {
			complain(a->input,
				 "entry %u of its hash table is not the digest of a segment's bytes: the "
				 "table cannot be made anew",
				 i);
			return STATUS_REFUSED;
		}
		if (!seal_digest(&a->seal, i, a->file.data + phdr.offset, (size_t)phdr.filesz))
			return STATUS_TROUBLE;
	}
	return STATUS_OK;
}

static int check_authorities(const struct again *a)
{
	const struct pil_mbn *mbn = &a->image.mbn;
	const struct mbn_request *want = &a->signing->opt->want;
	bool signed_by_qti = mbn->signer[PIL_QTI].signature.size != 0;

	if (signed_by_qti && !mbn->signer[PIL_OEM].signature.size) {
		complain(a->input, "is signed by QTI alone: there is no OEM signature to replace");
		return STATUS_REFUSED;
	}
	if (signed_by_qti && (!a->seal.old || (a->seal.writer->common && want->sw_id))) {
		complain(a->input, "is signed by QTI, too: version, digests and software id of what that signed must "
				   "stay");
		return STATUS_REFUSED;
	}
	if (a->seal.old && a->seal.writer->metadata_size && !mbn->signer[PIL_OEM].metadata.size) {
		complain(a->input, "has no OEM metadata; --version makes new ones");
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static int choose(struct again *a)
{
	const struct sign_options *opt = a->signing->opt;
	const struct pil_mbn *mbn = &a->image.mbn;
	struct sealed *seal = &a->seal;
	struct pil_mbn_binding binding = { 0 };
	int status = STATUS_OK;

	seal->writer = opt->writer ? opt->writer : mbn_writer_find(mbn->version);
	seal->alg = opt->alg ? opt->alg : mbn->hash_alg;
	if (!opt->alg && opt->writer && seal->writer->version != mbn->version)
		seal->alg = seal->writer->longest;
	seal->want = opt->want;
	seal->path = a->input;
	seal->entries = mbn->hash_count;
	seal->address = (uint32_t)a->hash.paddr;
	if (seal->writer->version == mbn->version && seal->alg == mbn->hash_alg)
		seal->old = mbn;
	status = check_authorities(a);
	if (status)
		return status;
	if (!seal->writer->metadata_size && seal->writer->version == mbn->version)
		return read_leaf(a);
	if (seal->old)
		return STATUS_OK;
	status = old_binding(a, &binding);
	if (status)
		return status;
	if (lost(mbn, &binding, seal->writer)) {
		complain(a->input, "says %s, which version %u cannot", lost(mbn, &binding, seal->writer),
			 seal->writer->version);
		return STATUS_REFUSED;
	}
	take_over(&seal->want, &binding);
	return STATUS_OK;
}

/* a field of one of the usual lengths may be too long where the certificates themselves are not */
static void shrink(struct again *a)
{
	struct mbn_layout *layout = &a->seal.layout;
	uint32_t others = layout->segment - layout->certs;

	if (layout->segment <= a->hash.filesz || a->hash.filesz < others + a->seal.certs_size)
		return;
	layout->certs = (uint32_t)a->hash.filesz - others;
	layout->segment = (uint32_t)a->hash.filesz;
}

static bool shares(const struct pil_phdr *phdr, uint64_t offset, uint64_t size)
{
	return pil_range_overlaps((struct pil_range){ phdr->offset, phdr->filesz }, (struct pil_range){ offset, size });
}

/* no other segment may have bytes that are about to change: its digest would be wrong then */
static int check_shared(const struct again *a)
{
	struct pil_phdr old = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	pil_elf_phdr(&a->image.elf, a->image.hash_index, &old);
	for (i = 1; i < a->image.elf.phnum; i++) {
		pil_elf_phdr(&a->image.elf, i, &phdr);
		if (i == a->image.hash_index || !phdr.filesz)
			continue;
		if (shares(&phdr, a->hash.offset, a->hash.filesz) ||
		    (a->hash.filesz != old.filesz && shares(&phdr, 0, pil_elf_headers_end(&a->image.elf)))) {
			complain(a->input, "program header %u shares bytes with headers or hash segment", i);
			return STATUS_REFUSED;
		}
	}
	return STATUS_OK;
}

/* where the new segment goes: @hash as it will be */
static int place(struct again *a)
{
	uint64_t end = (a->file.size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	uint32_t size = 0;

	shrink(a);
	size = a->seal.layout.segment;
	if (size <= a->hash.filesz)
		return STATUS_OK;
	if (size > PIL_IMAGE_HASH_MAX || (!a->image.elf.is64 && end > UINT32_MAX - size)) {
		complain(a->input, "the hash segment would have %" PRIu32 " bytes, for which there is no room", size);
		return STATUS_REFUSED;
	}
	/* the last thing in the file grows where it is */
	if (a->hash.offset + a->hash.filesz != a->file.size)
		a->hash.offset = end;
	a->hash.filesz = size;
	if (a->hash.memsz && a->hash.memsz < size)
		a->hash.memsz = (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	return STATUS_OK;
}

static void write_hash_phdr(const struct again *a)
{
	uint8_t *p = a->metadata + a->image.elf.phoff + (size_t)a->image.hash_index * a->image.elf.phentsize;

	if (a->image.elf.is64) {
		put_le64(p + offsetof(struct pil_elf64_phdr_wire, offset), a->hash.offset);
		put_le64(p + offsetof(struct pil_elf64_phdr_wire, filesz), a->hash.filesz);
		put_le64(p + offsetof(struct pil_elf64_phdr_wire, memsz), a->hash.memsz);
		return;
	}
	put_le32(p + offsetof(struct pil_elf32_phdr_wire, offset), (uint32_t)a->hash.offset);
	put_le32(p + offsetof(struct pil_elf32_phdr_wire, filesz), (uint32_t)a->hash.filesz);
	put_le32(p + offsetof(struct pil_elf32_phdr_wire, memsz), (uint32_t)a->hash.memsz);
}

static int build(struct again *a)
{
	int status = choose(a);

	if (!status)
		status = make_table(a);
	if (!status)
		status = seal_prepare(&a->seal, a->signing);
	if (!status)
		status = place(a);
	if (!status)
		status = check_shared(a);
	if (status)
		return status;
	a->headers_size = pil_elf_headers_end(&a->image.elf);
	a->metadata = malloc(a->headers_size + (size_t)a->hash.filesz);
	if (!a->metadata) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	memcpy(a->metadata, a->file.data, a->headers_size);
	write_hash_phdr(a);
	if (!seal_digest(&a->seal, 0, a->metadata, a->headers_size))
		return STATUS_TROUBLE;
	status = seal_write(&a->seal, a->signing, a->metadata + a->headers_size, (size_t)a->hash.filesz);
	return status ? status : seal_check(&a->seal, a->metadata, a->headers_size + (size_t)a->hash.filesz);
}

/* a hash segment that moved leaves nothing behind, unless another segment has the bytes */
static bool clear_old(const struct again *a, struct output *out)
{
	static const uint8_t zeros[PAGE];
	struct pil_phdr old = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	bool ok = true;

	pil_elf_phdr(&a->image.elf, a->image.hash_index, &old);
	if (old.offset == a->hash.offset)
		return true;
	for (i = 0; i < a->image.elf.phnum; i++) {
		pil_elf_phdr(&a->image.elf, i, &phdr);
		if (i != a->image.hash_index && phdr.filesz && shares(&phdr, old.offset, old.filesz))
			return true;
	}
	while (ok && old.filesz) {
		size_t size = old.filesz < PAGE ? (size_t)old.filesz : PAGE;

		ok = output_write(out, old.offset, zeros, size);
		old.offset += size;
		old.filesz -= size;
	}
	return ok;
}

static bool write_image(const struct again *a, struct output *out)
{
	return output_write(out, 0, a->file.data, a->file.size) && clear_old(a, out) &&
	       output_write(out, 0, a->metadata, a->headers_size) &&
	       output_write(out, a->hash.offset, a->metadata + a->headers_size, (size_t)a->hash.filesz);
}

static unsigned int loadable(const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int count = 0;
	unsigned int i = 0;

	for (i = 0; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		count += phdr.type == PIL_PT_LOAD && phdr.memsz;
	}
	return count;
}

static void describe(const struct again *a, struct sign_report *report)
{
	uint64_t end = a->hash.offset + a->hash.filesz;

	*report = (struct sign_report){ .version = a->seal.writer->version,
					.class = a->image.elf.is64 ? 64 : 32,
					.segments = loadable(&a->image.elf),
					.size = end > a->file.size ? end : a->file.size,
					.scheme = a->seal.scheme };
}

int sign_again_to(const struct signing *signing, const char *input, const char *path, struct output *out,
		  struct sign_report *report)
{
	struct again *a = calloc(1, sizeof(*a));
	int status = STATUS_OK;

	if (!a) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	a->signing = signing;
	a->input = input;
	status = read_input(a, path);
	if (!status)
		status = build(a);
	if (!status && !write_image(a, out))
		status = STATUS_TROUBLE;
	if (!status)
		describe(a, report);
	seal_free(&a->seal);
	file_close(&a->file);
	free(a->metadata);
	free(a);
	return status;
}

int sign_again(const struct signing *signing, const char *input, const char *output, struct sign_report *report)
{
	struct output out = { .fd = -1 };
	int status = STATUS_TROUBLE;

	if (output_begin(&out, output, 0644))
		status = sign_again_to(signing, input, input, &out, report);
	if (!status && !output_commit(&out))
		status = STATUS_TROUBLE;
	output_abort(&out);
	report->output = output;
	return status;
}

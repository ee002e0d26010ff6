/* SPDX-License-Identifier: BSD-2-Clause */
/* What "pilot image show --json" prints about an image; docs/man/pilot-image.1 lists the keys. */
#include <stdlib.h>
#include <string.h>

#include <pilot/wire/mbn.h>

#include "image/image_info.h"
#include "rsc/manifest.h"
#include "sign/mbn_write.h"

static json_t *name_json(struct pil_bytes name)
{
	char *text = cert_name(name);
	json_t *string = text ? json_string(text) : NULL;

	free(text);
	return string;
}

static json_t *cert_json(const struct pil_cert *cert)
{
	char from[24] = "";
	char until[24] = "";

	return json_pack("{s:o, s:o, s:s, s:i, s:s, s:s, s:s, s:b, s:i}", "subject", name_json(cert->subject), "issuer",
			 name_json(cert->issuer), "key", key_type_name(cert), "key_bits", (int)cert->key_bits,
			 "signature", sig_alg_name(cert->sig_alg), "not_before", date_text(cert->not_before, from),
			 "not_after", date_text(cert->not_after, until), "ca", (int)cert->is_ca, "size",
			 (int)cert->der.size);
}

static json_t *chain_json(const struct pil_cert *certs, unsigned int count)
{
	json_t *chain = json_array();
	unsigned int i = 0;

	for (i = 0; i < count; i++)
		json_array_append_new(chain, cert_json(&certs[i]));
	return chain;
}

static json_t *segment_json(const struct image_info *info, unsigned int index)
{
	const uint8_t *digest = info->kind == INFO_SIGNED ? pil_image_entry(&info->image, index) : NULL;
	struct pil_phdr phdr = { 0 };
	json_t *segment = NULL;

	pil_elf_phdr(&info->elf, index, &phdr);
	segment = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "index", (int)index, "type",
			    json_hex64(phdr.type), "flags", json_hex64(phdr.flags), "offset", json_u64(phdr.offset),
			    "vaddr", json_hex64(phdr.vaddr), "paddr", json_hex64(phdr.paddr), "filesz",
			    json_u64(phdr.filesz), "memsz", json_u64(phdr.memsz), "align", json_hex64(phdr.align),
			    "relocatable", (phdr.flags & PIL_PF_RELOCATABLE) != 0);
	if (digest)
		json_object_set_new(segment, "digest", json_bytes(digest, pil_hash_size(info->image.mbn.hash_alg)));
	return segment;
}

static json_t *segments_json(const struct image_info *info)
{
	json_t *segments = json_array();
	unsigned int i = 0;

	for (i = 0; i < info->elf.phnum; i++)
		json_array_append_new(segments, segment_json(info, i));
	return segments;
}

static json_t *elf_json(const struct pil_elf *elf)
{
	return json_pack("{s:i, s:i, s:i, s:s?, s:o}", "class", elf->is64 ? 64 : 32, "type", (int)elf->type, "machine",
			 (int)elf->machine, "machine_name", machine_name(elf->machine), "entry",
			 json_hex64(elf->entry));
}

static json_t *plan_json(const struct pil_plan *plan)
{
	return json_pack("{s:b, s:o, s:o, s:i}", "relocatable", (int)plan->relocatable, "lowest",
			 json_hex64(plan->lowest), "span", json_u64(plan->span), "segments", (int)plan->count);
}

/* a field that does not bind is null */
static json_t *bound(bool used, uint64_t value)
{
	return used ? json_hex64(value) : json_null();
}

static json_t *socs_json(const struct pil_mbn_binding *b)
{
	json_t *socs = json_array();
	unsigned int i = 0;

	for (i = 0; i < PIL_MBN_SOC_VERS && b->soc_vers[i]; i++)
		json_array_append_new(socs, json_hex64(b->soc_vers[i]));
	return socs;
}

static json_t *serials_json(const struct pil_mbn_binding *b)
{
	json_t *serials = json_array();
	unsigned int i = 0;

	for (i = 0; i < PIL_MBN_SERIALS; i++)
		if (b->serials[i])
			json_array_append_new(serials, json_hex64(b->serials[i]));
	return serials;
}

/* what only versions 7 and 8 have */
static void add_new_fields(json_t *binding, const struct pil_mbn_binding *b)
{
	json_object_set_new(binding, "product_segment", bound(b->use_product_segment, b->product_segment));
	json_object_set_new(binding, "soc_lifecycle", bound(b->use_soc_lifecycle, b->soc_lifecycle));
	json_object_set_new(binding, "oem_lifecycle", bound(b->use_oem_lifecycle, b->oem_lifecycle));
	json_object_set_new(binding, "oem_root",
			    b->use_oem_root ? json_bytes(b->oem_root_hash, sizeof(b->oem_root_hash)) : json_null());
	json_object_set_new(binding, "jtag_debug", json_boolean(b->jtag_debug));
	json_object_set_new(binding, "transfer_root", json_boolean(b->transfer_root));
}

/* what only version 6 has */
static void add_options(json_t *binding, uint32_t flags)
{
	json_object_set_new(binding, "debug", json_string(mbn_option_name(PIL_MBN_V6_OPTION(flags, PIL_MBN_V6_DEBUG))));
	json_object_set_new(binding, "root_revoke",
			    json_string(mbn_option_name(PIL_MBN_V6_OPTION(flags, PIL_MBN_V6_ROOT_REVOKE))));
	json_object_set_new(binding, "uie_key",
			    json_string(mbn_option_name(PIL_MBN_V6_OPTION(flags, PIL_MBN_V6_UIE_KEY))));
}

/* what only versions 3 and 5 have */
static void add_leaf_fields(json_t *binding, const struct pil_mbn_binding *b)
{
	json_object_set_new(binding, "leaf_sw_id", bound(b->leaf_has_sw_id, b->leaf_sw_id));
	json_object_set_new(binding, "leaf_hw_id", bound(b->leaf_has_hw_id, b->leaf_hw_id));
	json_object_set_new(binding, "leaf_debug", bound(b->leaf_has_debug, b->leaf_debug));
}

static json_t *binding_json(const struct pil_mbn *mbn, const struct pil_mbn_binding *b)
{
	json_t *binding = NULL;

	if (!b->present)
		return json_null();
	binding = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "from",
			    b->source == PIL_BOUND_BY_LEAF ? "leaf" : "metadata", "major", json_integer(b->major),
			    "minor", json_integer(b->minor), "sw_id", json_hex64(b->sw_id), "secondary_sw_id",
			    json_hex64(b->secondary_sw_id), "anti_rollback", json_integer(b->anti_rollback),
			    "root_index", json_integer(b->root_index), "soc", b->use_soc ? socs_json(b) : json_null(),
			    "jtag", bound(b->use_jtag, b->jtag_id), "oem", bound(b->use_oem, b->oem_id), "model",
			    bound(b->use_model, b->model_id), "serial", b->use_serial ? serials_json(b) : json_null(),
			    "flags", json_hex64(b->flags));
	if (mbn->common.present)
		add_new_fields(binding, b);
	if (mbn->version == 6)
		add_options(binding, b->flags);
	if (b->source == PIL_BOUND_BY_LEAF)
		add_leaf_fields(binding, b);
	return binding;
}

static json_t *common_json(const struct pil_mbn_common *common)
{
	if (!common->present)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "major", json_integer(common->major), "minor",
			 json_integer(common->minor), "sw_id", json_hex64(common->sw_id), "secondary_sw_id",
			 json_hex64(common->secondary_sw_id), "measurement_register",
			 json_integer(common->measurement_register));
}

static json_t *second_json(const struct image_info *info)
{
	const struct info_chain *second = &info->second;

	if (!info->countersigned)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o}", "authority", authority_name(PIL_QTI), "binding",
			 binding_json(&info->image.mbn, &second->binding), "chain",
			 chain_json(second->cert, second->certs), "root_hash",
			 second->certs ? json_bytes(second->root_hash, sizeof(second->root_hash)) : json_null());
}

static void add_signing(json_t *root, const struct image_info *info)
{
	static const char *const forms[] = {
		[INFO_COMBINED] = "combined",
		[INFO_SPLIT] = "split",
		[INFO_WRAPPED] = "wrapped",
	};
	const struct pil_mbn *mbn = &info->image.mbn;
	const struct pil_mbn_signer *signer = &mbn->signer[info->signer];

	json_object_set_new(root, "form", json_string(forms[info->form]));
	json_object_set_new(root, "version", json_integer(mbn->version));
	json_object_set_new(root, "hash_segment", json_integer(info->image.hash_index));
	json_object_set_new(root, "hash_algorithm", json_string(hash_alg_name(mbn->hash_alg)));
	json_object_set_new(root, "encrypted", json_boolean(mbn->encryption));
	json_object_set_new(root, "common", common_json(&mbn->common));
	json_object_set_new(root, "authority",
			    signer->signature.size ? json_string(authority_name(info->signer)) : json_null());
	json_object_set_new(root, "binding", binding_json(mbn, &info->binding));
	json_object_set_new(root, "chain", chain_json(info->cert, info->certs));
	json_object_set_new(root, "root_hash",
			    info->certs ? json_bytes(info->root_hash, sizeof(info->root_hash)) : json_null());
	json_object_set_new(root, "countersigned", second_json(info));
}

json_t *image_info_json(const struct image_info *info)
{
	static const char *const kinds[] = {
		[INFO_NOT_ELF] = "unknown",
		[INFO_PLAIN] = "elf",
		[INFO_BROKEN] = "broken",
		[INFO_SIGNED] = "mbn",
	};
	json_t *root = json_pack("{s:o, s:s, s:o}", "file", json_name(info->file.path), "kind", kinds[info->kind],
				 "size", json_u64(info->file.size));
	json_t *notes = json_array();
	unsigned int i = 0;

	if (info->kind == INFO_NOT_ELF || info->kind == INFO_BROKEN)
		json_object_set_new(root, "error", json_why(&info->why));
	if (info->kind == INFO_SIGNED)
		add_signing(root, info);
	if (info->kind != INFO_NOT_ELF) {
		json_object_set_new(root, "elf", elf_json(&info->elf));
		json_object_set_new(root, "load", info->planned ? plan_json(&info->plan) : json_null());
		json_object_set_new(root, "segments", segments_json(info));
	}
	if (info->kind == INFO_SIGNED)
		json_object_set_new(root, "manifest", manifest_json(info));
	for (i = 0; i < info->notes; i++)
		json_array_append_new(notes, json_string(info->note[i]));
	json_object_set_new(root, "warnings", notes);
	return root;
}

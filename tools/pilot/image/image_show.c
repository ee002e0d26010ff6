/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image show: what an image is, for which device, who signed it, what is in it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/wire/mbn.h>

#include "image/formats.h"
#include "image/image_info.h"
#include "rsc/manifest.h"
#include "sign/mbn_write.h"

static const char help[] = "Prints what each FILE is: header version, device and software that it is for, who signed\n"
			   "it, certificate chain, segments with addresses, sizes, flags and digests, and warnings.\n"
			   "Nothing is checked: 'pilot image verify' does.\n"
			   "\n"
			   "options:\n"
			   "      --json       print a JSON document, {\"images\": [...]}; pilot-image(1) lists the\n"
			   "                   keys\n"
			   "  -h, --help       this text\n"
			   "\n"
			   "examples:\n"
			   "  pilot image show adsp.mbn\n"
			   "  pilot image show --json *.mbn | jq '.images[].root_hash'\n"
			   "\n"
			   "exit status: 0 shown; 1 an image has a hash segment that cannot be read; 2 usage, not an\n"
			   "image, or a file that cannot be read. The worst file counts.\n";
;

static void print_kind(const struct image_info *info)
{
	const char *machine = machine_name(info->elf.machine);

	printf("%s%s%s: ", paint(PAINT_TITLE), info->file.path, paint(PAINT_OFF));
	if (info->kind == INFO_SIGNED)
		printf("MBN v%" PRIu32 " image%s, ", info->image.mbn.version,
		       info->form == INFO_SPLIT	    ? " in pieces"
		       : info->form == INFO_WRAPPED ? " inside another image"
						    : "");
	else
		printf("%s, ",
		       info->kind == INFO_PLAIN ? "plain ELF file without hash segment" : "image that cannot be read");
	printf("ELF%d, ", info->elf.is64 ? 64 : 32);
	if (machine)
		printf("%s, ", machine);
	else
		printf("machine %u, ", (unsigned int)info->elf.machine);
	printf("%zu bytes\n", info->file.size);
}

static void print_id(const char *what, bool used, uint64_t value)
{
	if (used)
		printf("%s 0x%" PRIx64, what, value);
	else
		printf("any %s", what);
}

static void print_lifecycle(const struct pil_mbn_binding *b)
{
	char digits[2 * PIL_MBN_ROOT_HASH + 1] = "";

	if (b->use_product_segment)
		printf("; product segment 0x%" PRIx32, b->product_segment);
	if (b->use_soc_lifecycle)
		printf("; SoC lifecycle 0x%" PRIx32, b->soc_lifecycle);
	if (b->use_oem_lifecycle)
		printf("; OEM lifecycle 0x%" PRIx32, b->oem_lifecycle);
	if (b->use_oem_root)
		printf("; OEM root %" PRIu32 " %s", b->oem_root_alg,
		       hex(digits, b->oem_root_hash, sizeof(b->oem_root_hash)));
	if (b->jtag_debug)
		printf("; debugging by chip id");
	if (b->transfer_root)
		printf("; hands the root of trust on");
}

static void print_device(const struct pil_mbn_binding *b)
{
	unsigned int i = 0;

	printf("  device     ");
	if (!b->use_soc)
		printf("any SoC");
	for (i = 0; b->use_soc && i < PIL_MBN_SOC_VERS && b->soc_vers[i]; i++)
		printf("%s0x%" PRIx32, i ? ", " : "SoC ", b->soc_vers[i]);
	printf("; ");
	print_id("OEM", b->use_oem, b->oem_id);
	printf("; ");
	print_id("model", b->use_model, b->model_id);
	if (b->use_jtag)
		printf("; chip id 0x%" PRIx32, b->jtag_id);
	for (i = 0; b->use_serial && i < PIL_MBN_SERIALS; i++)
		if (b->serials[i])
			printf("; serial 0x%" PRIx64, b->serials[i]);
	print_lifecycle(b);
	printf("\n");
}

/* those that are not "nop" */
static void print_options(uint32_t flags)
{
	static const struct {
		unsigned int bit;
		const char *what;
	} options[] = { { PIL_MBN_V6_ROOT_REVOKE, "revocation and activation of roots" },
			{ PIL_MBN_V6_UIE_KEY, "other encryption key" },
			{ PIL_MBN_V6_DEBUG, "debugging" } };
	size_t i = 0;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (PIL_MBN_V6_OPTION(flags, options[i].bit))
			printf("  option     %s: %s\n", options[i].what,
			       mbn_option_name(PIL_MBN_V6_OPTION(flags, options[i].bit)));
}

static void print_software(const struct pil_mbn *mbn, const struct pil_mbn_binding *b)
{
	printf("  software   id 0x%" PRIx32, b->sw_id);
	if (b->secondary_sw_id)
		printf(", secondary id 0x%" PRIx32, b->secondary_sw_id);
	printf(", rollback version %" PRIu32, b->anti_rollback);
	if (mbn->common.measurement_register)
		printf(", measurement register %" PRIu32, mbn->common.measurement_register);
	printf("\n");
	if (b->source == PIL_BOUND_BY_METADATA)
		printf("  metadata   version %" PRIu32 ".%" PRIu32 ", root certificate %" PRIu32 ", flags 0x%" PRIx32
		       "\n",
		       b->major, b->minor, b->root_index, b->flags);
	if (mbn->version == 6 && b->source == PIL_BOUND_BY_METADATA)
		print_options(b->flags);
	if (b->source == PIL_BOUND_BY_LEAF)
		printf("  leaf       SW_ID 0x%016" PRIx64 ", HW_ID 0x%016" PRIx64 ", DEBUG 0x%016" PRIx64 "\n",
		       b->leaf_sw_id, b->leaf_hw_id, b->leaf_debug);
}

static void print_chain(const struct pil_cert *certs, unsigned int count, const uint8_t *root_hash)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";
	char until[24] = "";
	unsigned int i = 0;

	for (i = 0; i < count; i++) {
		const struct pil_cert *cert = &certs[i];
		char *name = cert_name(cert->subject);
		char bits[16] = "";

		if (cert->key == PIL_KEY_RSA)
			snprintf(bits, sizeof(bits), "-%u", cert->key_bits);
		printf("  %-9s  %s %s(%s%s, until %s)%s\n", i ? "issued by" : "signed by", name ? name : "?",
		       paint(PAINT_DIM), key_type_name(cert), bits, date_text(cert->not_after, until),
		       paint(PAINT_OFF));
		free(name);
	}
	if (count)
		printf("  root hash  %s\n", hex(digits, root_hash, PIL_ROOT_HASH_SIZE));
}

static void print_signer(const struct image_info *info, enum pil_authority who, const struct pil_mbn_binding *binding)
{
	const struct pil_mbn_signer *signer = &info->image.mbn.signer[who];

	if (signer->signature.size)
		printf("  %-9s  signature of %zu bytes, certificates of %zu\n", authority_name(who),
		       signer->signature.size, signer->certs.size);
	if (!binding->present)
		return;
	print_device(binding);
	print_software(&info->image.mbn, binding);
}

static void print_load(const struct image_info *info)
{
	if (!info->planned)
		return;
	printf("  load       %s, %" PRIu64 " bytes from 0x%" PRIx64 ", entry 0x%" PRIx64 "\n",
	       info->plan.relocatable ? "relocatable" : "at fixed addresses", info->plan.span, info->plan.lowest,
	       info->elf.entry);
}

static const char *segment_type(const struct pil_phdr *phdr)
{
	if (PIL_PF_TYPE(phdr->flags) == PIL_PF_TYPE_HASH)
		return "hash";
	if (PIL_PF_TYPE(phdr->flags) == PIL_PF_TYPE_PHDR)
		return "headers";
	if (phdr->type == PIL_PT_LOAD && PIL_PF_ACCESS(phdr->flags) == PIL_PF_ACCESS_NOT_USED)
		return "manif.";
	if (phdr->type == PIL_PT_LOAD)
		return "load";
	return phdr->type == PIL_PT_NULL ? "null" : "other";
}

static void print_segment(const struct image_info *info, unsigned int index)
{
	const uint8_t *digest = info->kind == INFO_SIGNED ? pil_image_entry(&info->image, index) : NULL;
	struct pil_phdr phdr = { 0 };
	char digits[17] = "";

	pil_elf_phdr(&info->elf, index, &phdr);
	printf("  %3u  %-7s  0x%08" PRIx64 "  %10" PRIu64 "  %10" PRIu64 "  0x%08" PRIx32 " %c%c%c%c", index,
	       segment_type(&phdr), phdr.paddr, phdr.filesz, phdr.memsz, phdr.flags, phdr.flags & 4 ? 'r' : '-',
	       phdr.flags & 2 ? 'w' : '-', phdr.flags & 1 ? 'x' : '-', phdr.flags & PIL_PF_RELOCATABLE ? 'R' : '-');
	if (digest)
		printf("  %s%s...%s", paint(PAINT_DIM), hex(digits, digest, 8), paint(PAINT_OFF));
	putchar('\n');
}

static void print_info(const struct image_info *info)
{
	unsigned int i = 0;

	print_kind(info);
	if (info->kind == INFO_SIGNED) {
		print_signer(info, info->signer, &info->binding);
		print_chain(info->cert, info->certs, info->root_hash);
	}
	if (info->countersigned) {
		print_signer(info, PIL_QTI, &info->second.binding);
		print_chain(info->second.cert, info->second.certs, info->second.root_hash);
	}
	print_load(info);
	printf("  %ssegment          address   file bytes      memory  flags (R: relocatable)%s%s\n", paint(PAINT_DIM),
	       info->kind == INFO_SIGNED ? "  digest" : "", paint(PAINT_OFF));
	for (i = 0; i < info->elf.phnum; i++)
		print_segment(info, i);
	manifest_print(info);
	for (i = 0; i < info->notes; i++)
		printf("  %swarning: %s%s\n", paint(PAINT_WARN), info->note[i], paint(PAINT_OFF));
}

/* one file; its document goes to @images unless that is NULL */
static int show(const char *path, json_t *images)
{
	const struct image_format *format = image_format_of(path);
	struct image_info info = { 0 };
	int status = STATUS_OK;

	if (format)
		return format->show(path, images);
	if (!image_info_open(&info, path, &pil_crypto_openssl)) {
		if (images)
			json_array_append_new(images,
					      json_pack("{s:o, s:s}", "file", json_name(path), "kind", "unreadable"));
		return STATUS_TROUBLE;
	}
	if (images)
		json_array_append_new(images, image_info_json(&info));
	else if (info.kind != INFO_NOT_ELF)
		print_info(&info);
	if (info.kind == INFO_NOT_ELF)
		status = STATUS_TROUBLE;
	else if (info.kind == INFO_BROKEN)
		status = STATUS_REFUSED;
	if (status)
		complain_why(path, &info.why);
	image_info_close(&info);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	return command_each(cmd, argc, argv, "images", show);
}

const struct command command_image_show = {
	"image", "show", "print what an image is and what is in it", "[--json] FILE...", help, run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image sign: from a plain ELF file to a signed image, MBN version 6, ECDSA P-384 with SHA-384. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <pilot/elf.h>
#include <pilot/image.h>
#include <pilot/plan.h>

#include "elf_write.h"
#include "mbn_write.h"
#include "pilot.h"
#include "pki.h"

static const char help[] =
	"Makes a signed image (MBN version 6: SHA-384 hash table, ECDSA P-384, chain of three\n"
	"certificates) from a plain ELF file, ELF32 or ELF64, little endian. What Linux's\n"
	"mdt_loader and Pilot's secure world take. The file appears under its name only when it\n"
	"is complete.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE      where to\n"
	"      --keys DIR         leaf.key, leaf.crt, ca.crt and root.crt, as 'pilot keys new'\n"
	"                         writes them\n"
	"      --soc N[,N]...     SoC hardware versions that may run it, up to 12\n"
	"      --oem N|any        maker\n"
	"      --model N|any      product\n"
	"      --sw-id N          software id: which peripheral it is for\n"
	"      --anti-rollback N  rollback version (default: 0)\n"
	"      --serial N[,N]...  only devices with one of these serial numbers may run it, up to\n"
	"                         8\n"
	"      --elf32            write ELF32 headers for an ELF64 input that lies below 4 GiB;\n"
	"                         code and e_machine stay. Linux's mdt_loader reads only ELF32\n"
	"      --fixed            do not mark segments as relocatable: the image runs only at its\n"
	"                         own addresses\n"
	"      --json             print a JSON document: file, version, class, segments, size,\n"
	"                         root_hash\n"
	"  -h, --help             this text\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"examples:\n"
	"  pilot image sign adsp.elf -o adsp.mbn --keys keys --soc 0x6019,0x601a --oem 1 --model 0 --sw-id 4\n"
	"  pilot image sign remote.elf --elf32 -o remote.mbn --keys keys --soc 0x6019 --oem any --model any --sw-id 4\n"
	"\n"
	"exit status: 0 written; 1 refused: input or keys are not fit for it; 2 usage, not an ELF\n"
	"file, or a file that cannot be read or written\n";
;

struct options {
	const char *input;
	const char *output;
	const char *keys;
	bool elf32;
	bool fixed;
	bool json;
	bool soc, oem, model, sw_id; /* given */
	struct pil_mbn_binding binding;
};

/* struct job - one image on its way */
struct job {
	const struct options *opt;
	struct file file;
	struct elf_out elf;
	struct mbn_parts parts;
	struct pki_chain chain;
	uint8_t certs[MBN_CERTS_FIELD];
	size_t certs_size;
	uint8_t *metadata; /* headers, directly followed by the hash segment */
	size_t headers_size;
	size_t segment_size;
	uint64_t size; /* of the file */
};

static int read_input(struct job *job)
{
	const struct options *opt = job->opt;
	struct pil_phdr phdr = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };
	unsigned int i = 0;

	if (!file_open(&job->file, opt->input))
		return STATUS_TROUBLE;
	if (pil_elf_parse(job->file.data, job->file.size, &elf, &why)) {
		complain_why(opt->input, &why);
		return STATUS_TROUBLE;
	}
	for (i = 0; i < elf.phnum; i++) {
		pil_elf_phdr(&elf, i, &phdr);
		if (PIL_PF_TYPE(phdr.flags) != PIL_PF_TYPE_HASH)
			continue;
		complain(opt->input,
			 "has a hash segment already (program header %u); this version signs plain ELF files "
			 "only, re-signing comes with a later one",
			 i);
		return STATUS_REFUSED;
	}
	return elf_out_collect(&job->elf, &elf, opt->input, opt->elf32, !opt->fixed) ? STATUS_OK : STATUS_REFUSED;
}

static int read_keys(struct job *job)
{
	bool refused = false;
	unsigned int role = 0;

	if (!pki_load(&job->chain, job->opt->keys, &refused))
		return refused ? STATUS_REFUSED : STATUS_TROUBLE;
	for (role = 0; role < PKI_ROLES; role++) {
		size_t size = 0;
		uint8_t *der = pki_der(job->chain.cert[role], &size);

		if (!der || size > sizeof(job->certs) - job->certs_size) {
			OPENSSL_free(der);
			complain(job->opt->keys, "leaf, CA and root certificate are longer than %u bytes together",
				 MBN_CERTS_FIELD);
			return STATUS_REFUSED;
		}
		memcpy(job->certs + job->certs_size, der, size);
		job->certs_size += size;
		OPENSSL_free(der);
	}
	return STATUS_OK;
}

static bool digest(const void *data, size_t size, uint8_t out[MBN_DIGEST_SIZE])
{
	return EVP_Digest(data, size, out, NULL, EVP_sha384(), NULL) == 1;
}

/* entries of the hash segment itself and of segments without bytes in the file stay zero */
static bool fill_table(struct job *job)
{
	unsigned int i = 0;
	bool ok = digest(job->metadata, job->headers_size, job->parts.digests[0]);

	for (i = ELF_OUT_FIRST; ok && i < job->elf.phnum; i++)
		if (job->elf.phdr[i].filesz)
			ok = digest(job->elf.data[i], (size_t)job->elf.phdr[i].filesz, job->parts.digests[i]);
	if (!ok)
		pki_complain(job->opt->input, "SHA-384 failed");
	return ok;
}

static int build(struct job *job, const struct mbn_writer *writer)
{
	uint8_t sig[PKI_SIG_MAX] = { 0 };
	uint8_t *segment = NULL;
	size_t sig_size = 0;

	job->parts.binding = job->opt->binding;
	job->parts.entries = job->elf.phnum;
	job->headers_size = elf_out_headers_size(&job->elf);
	job->segment_size = mbn_segment_size(writer, &job->parts);
	if (!elf_out_place(&job->elf, job->segment_size)) {
		complain(job->opt->input, "the image would be larger than an ELF file of this class can be");
		return STATUS_REFUSED;
	}
	job->metadata = malloc(job->headers_size + job->segment_size);
	if (!job->metadata) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	elf_out_headers(&job->elf, job->metadata);
	if (!fill_table(job))
		return STATUS_TROUBLE;
	segment = job->metadata + job->headers_size;
	writer->write(&job->parts, segment);
	if (!pki_sign(job->chain.key[PKI_LEAF], segment, writer->signed_size(&job->parts), sig, &sig_size))
		return STATUS_TROUBLE;
	mbn_put_signature(writer, &job->parts, (struct pil_bytes){ sig, sig_size },
			  (struct pil_bytes){ job->certs, job->certs_size }, segment);
	return STATUS_OK;
}

/* read it as the secure world will, and refuse what that would refuse */
static int read_back(const struct job *job)
{
	struct pil_image image = { 0 };
	struct pil_plan plan = { 0 };
	struct pil_why why = { 0 };

	if (pil_image_from_metadata(job->metadata, job->headers_size + job->segment_size, &image, &why) ||
	    pil_plan_measure(&image.elf, &plan, &why)) {
		char text[200] = "";

		pil_why_text(&why, text, sizeof(text));
		complain(job->opt->input, "no device would load this: %s (program header numbers of the output)", text);
		return STATUS_REFUSED;
	}
	if (!plan.entry_inside)
		complain(job->opt->input,
			 "warning: entry point 0x%" PRIx64 " lies in no loadable segment: no core can "
			 "start there",
			 image.elf.entry);
	return STATUS_OK;
}

static bool write_pieces(struct job *job, struct output *out)
{
	const struct pil_phdr *hash = &job->elf.phdr[ELF_OUT_HASH];
	unsigned int i = 0;
	bool ok = output_write(out, 0, job->metadata, job->headers_size) &&
		  output_write(out, hash->offset, job->metadata + job->headers_size, job->segment_size);

	job->size = hash->offset + hash->filesz;
	for (i = ELF_OUT_FIRST; ok && i < job->elf.phnum; i++) {
		const struct pil_phdr *phdr = &job->elf.phdr[i];

		if (!phdr->filesz)
			continue;
		ok = output_write(out, phdr->offset, job->elf.data[i], (size_t)phdr->filesz);
		job->size = phdr->offset + phdr->filesz;
	}
	return ok;
}

static int write_image(struct job *job)
{
	struct output out = { .fd = -1 };

	if (!output_begin(&out, job->opt->output, 0644))
		return STATUS_TROUBLE;
	if (!write_pieces(job, &out)) {
		output_abort(&out);
		return STATUS_TROUBLE;
	}
	return output_commit(&out) ? STATUS_OK : STATUS_TROUBLE;
}

static int report(const struct job *job)
{
	char digits[2 * PKI_HASH_SIZE + 1] = "";
	uint8_t root[PKI_HASH_SIZE] = { 0 };
	int class = job->elf.is64 ? 64 : 32;
	unsigned int loadable = job->elf.phnum - ELF_OUT_FIRST;

	if (!pki_cert_hash(job->chain.cert[PKI_ROOT], root)) {
		pki_complain(job->opt->keys, "SHA-384 failed");
		return STATUS_TROUBLE;
	}
	if (job->opt->json)
		return json_finish(json_pack("{s:o, s:i, s:i, s:i, s:o, s:o}", "file", json_name(job->opt->output),
					     "version", 6, "class", class, "segments", (int)loadable, "size",
					     json_u64(job->size), "root_hash", json_bytes(root, sizeof(root))),
				   STATUS_OK);
	printf("%s: MBN v6, ELF%d, %u loadable segment%s, %" PRIu64 " bytes\nroot hash %s\n", job->opt->output, class,
	       loadable, loadable == 1 ? "" : "s", job->size, hex(digits, root, sizeof(root)));
	if (job->elf.is64)
		fprintf(stderr, "pilot: %s: note: Linux's mdt_loader reads only ELF32; --elf32 converts the headers\n",
			job->opt->output);
	return STATUS_OK;
}

static int sign(const struct options *opt)
{
	struct job *job = calloc(1, sizeof(*job));
	int status = STATUS_OK;

	if (!job) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	job->opt = opt;
	status = read_input(job);
	if (!status)
		status = read_keys(job);
	if (!status)
		status = build(job, &mbn_writer_v6);
	if (!status)
		status = read_back(job);
	if (!status)
		status = write_image(job);
	if (!status)
		status = report(job);
	file_close(&job->file);
	pki_free(&job->chain);
	free(job->metadata);
	free(job);
	return status;
}

static int take_word(const struct command *cmd, const char *option, uint32_t *word, bool *given)
{
	uint64_t value = 0;

	if (!parse_number(optarg, UINT32_MAX, &value))
		return command_usage_error(cmd, "--%s takes a number below 2^32, not '%s'", option, optarg);
	*word = (uint32_t)value;
	*given = true;
	return STATUS_OK;
}

/* a number, or "any": then *@used stays false */
static int take_id(const struct command *cmd, const char *option, uint32_t *word, bool *used, bool *given)
{
	*given = true;
	if (!strcmp(optarg, "any")) {
		*word = 0;
		*used = false;
		return STATUS_OK;
	}
	return take_word(cmd, option, word, used);
}

static int take_socs(const struct command *cmd, struct options *opt)
{
	uint64_t list[PIL_MBN_SOC_VERS] = { 0 };
	unsigned int count = parse_list(optarg, UINT32_MAX, list, PIL_MBN_SOC_VERS);
	unsigned int i = 0;

	memset(opt->binding.soc_vers, 0, sizeof(opt->binding.soc_vers));
	for (i = 0; i < count; i++) {
		opt->binding.soc_vers[i] = (uint32_t)list[i];
		if (!list[i]) /* 0 ends the list in the image: what follows it would be lost */
			count = 0;
	}
	if (!count)
		return command_usage_error(cmd, "--soc takes 1 to %u numbers from 1 to 2^32-1, not '%s'",
					   PIL_MBN_SOC_VERS, optarg);
	opt->soc = true;
	opt->binding.use_soc = true;
	return STATUS_OK;
}

static int take_serials(const struct command *cmd, struct options *opt)
{
	unsigned int count = 0;
	unsigned int i = 0;

	memset(opt->binding.serials, 0, sizeof(opt->binding.serials));
	count = parse_list(optarg, UINT32_MAX, opt->binding.serials, PIL_MBN_SERIALS);
	for (i = 0; i < count; i++)
		if (!opt->binding.serials[i]) /* an unused place looks like this */
			count = 0;
	opt->binding.use_serial = count > 0;
	if (!count)
		return command_usage_error(cmd, "--serial takes 1 to %u numbers from 1 to 2^32-1, not '%s'",
					   PIL_MBN_SERIALS, optarg);
	return STATUS_OK;
}

static int take_option(const struct command *cmd, struct options *opt, int c)
{
	struct pil_mbn_binding *b = &opt->binding;
	bool given = false;

	switch (c) {
	case 'o':
		opt->output = optarg;
		return STATUS_OK;
	case 'k':
		opt->keys = optarg;
		return STATUS_OK;
	case 's':
		return take_socs(cmd, opt);
	case 'e':
		return take_id(cmd, "oem", &b->oem_id, &b->use_oem, &opt->oem);
	case 'm':
		return take_id(cmd, "model", &b->model_id, &b->use_model, &opt->model);
	case 'w':
		return take_word(cmd, "sw-id", &b->sw_id, &opt->sw_id);
	case 'a':
		return take_word(cmd, "anti-rollback", &b->anti_rollback, &given);
	case 'n':
		return take_serials(cmd, opt);
	case '3':
		opt->elf32 = true;
		return STATUS_OK;
	case 'f':
		opt->fixed = true;
		return STATUS_OK;
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

static int check(const struct command *cmd, const struct options *opt, int argc)
{
	const char *missing = NULL;

	if (argc - optind > 1)
		return command_usage_error(cmd, "one input at a time");
	if (argc == optind)
		missing = "the input, IN.elf,";
	else if (!opt->output)
		missing = "-o OUT.mbn";
	else if (!opt->keys)
		missing = "--keys DIR";
	else if (!opt->soc)
		missing = "--soc N";
	else if (!opt->oem)
		missing = "--oem N|any";
	else if (!opt->model)
		missing = "--model N|any";
	else if (!opt->sw_id)
		missing = "--sw-id N";
	if (missing)
		return command_usage_error(cmd, "%s is missing", missing);
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "keys", required_argument, NULL, 'k' },
		{ "soc", required_argument, NULL, 's' },
		{ "oem", required_argument, NULL, 'e' },
		{ "model", required_argument, NULL, 'm' },
		{ "sw-id", required_argument, NULL, 'w' },
		{ "anti-rollback", required_argument, NULL, 'a' },
		{ "serial", required_argument, NULL, 'n' },
		{ "elf32", no_argument, NULL, '3' },
		{ "fixed", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { 0 };
	int status = STATUS_OK;
	int c = 0;

	while (!status && (c = getopt_long(argc, argv, "o:h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		status = take_option(cmd, &opt, c);
	}
	if (!status)
		status = check(cmd, &opt, argc);
	if (status)
		return status;
	opt.input = argv[optind];
	mbn_v6_flags(&opt.binding);
	return sign(&opt);
}

const struct command command_image_sign = {
	"image",
	"sign",
	"make a signed image from a plain ELF file",
	"IN.elf -o OUT.mbn --keys DIR --soc N[,N]... --oem N|any --model N|any --sw-id N\n"
	"       [--anti-rollback N] [--serial N[,N]...] [--elf32] [--fixed] [--json]",
	help,
	run,
};

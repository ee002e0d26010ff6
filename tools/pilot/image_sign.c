/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image sign: make a signed image, or sign one again with other keys. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include <pilot/elf.h>

#include "sign.h"

static const char help[] =
	"Makes a signed image from a plain ELF file (ELF32 or ELF64, little endian), or replaces the\n"
	"OEM's signature of an image that is signed already: its segments, and what it is bound to,\n"
	"stay as they are unless an option says otherwise. With --recursive, every signed image of a\n"
	"directory. What is written was checked with the rules of 'pilot image verify' before, and\n"
	"appears under its name only when it is complete.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE      where to; with --recursive a directory, which may be the input\n"
	"      --keys DIR         leaf.key, leaf.crt, ca.crt and root.crt (root1.crt, ... when there\n"
	"                         are several), as 'pilot keys new' writes them; ca.key, too, for\n"
	"                         versions 3 and 5, which need a leaf certificate for every image\n"
	"      --passphrase-file FILE\n"
	"                         its first line opens encrypted keys; otherwise the environment's\n"
	"                         PILOT_PASSPHRASE does, or the terminal is asked\n"
	"      --sign-with COMMAND\n"
	"                         instead of leaf.key: a shell command that gets the digest on\n"
	"                         standard input and returns the signature on standard output;\n"
	"                         pilot-image(1) says how\n"
	"      --version N        header version: 3, 5, 6, 7 or 8 (default: that of the input, or 6)\n"
	"      --hash NAME        digests of the hash table: sha256 or sha384 (default: that of the\n"
	"                         input, or the longest that the version has)\n"
	"      --soc N[,N]...|any SoC hardware versions that may run it, up to 12\n"
	"      --oem N|any        maker\n"
	"      --model N|any      product\n"
	"      --sw-id N          software id: which peripheral it is for\n"
	"      --anti-rollback N  rollback version (default: 0)\n"
	"      --serial N[,N]...|any\n"
	"                         only devices with one of these serial numbers may run it, up to\n"
	"                         8\n"
	"      --elf32            write ELF32 headers for an ELF64 input that lies below 4 GiB;\n"
	"                         code and e_machine stay. Linux's mdt_loader reads only ELF32\n"
	"      --fixed            do not mark segments as relocatable: the image runs only at its\n"
	"                         own addresses\n"
	"      --recursive        sign every signed image of a directory again; other files are left\n"
	"                         out\n"
	"      --profile FILE     options from a file, see pilot-profile(5); the command line wins\n"
	"      --json             print a JSON document: file, version, class, segments, size,\n"
	"                         scheme, root_hash; with --recursive files, signed, refused,\n"
	"                         failed, skipped, root_hash\n"
	"  -h, --help             this text\n"
	"Numbers are decimal, or hexadecimal with 0x. A plain ELF file needs --soc, --oem, --model and\n"
	"--sw-id. RSA signatures come out the same every time; ECDSA signatures do with OpenSSL 3.2 or\n"
	"newer only.\n"
	"\n"
	"examples:\n"
	"  pilot image sign adsp.elf -o adsp.mbn --keys keys --soc 0x6019,0x601a --oem 1 --model 0 --sw-id 4\n"
	"  pilot image sign remote.elf --elf32 -o remote.mbn --keys keys --soc 0x6019 --oem any --model any --sw-id 4\n"
	"  pilot image sign vendor/adsp.mbn -o adsp.mbn --keys keys --oem 0x51\n"
	"  pilot image sign --recursive firmware/qcom -o signed/qcom --profile product.toml\n"
	"  pilot image sign adsp.mbn -o own.mbn --keys certs --sign-with ./sign-with-token\n"
	"\n"
	"exit status: 0 written; 1 refused: input or keys are not fit for it; 2 usage, not an ELF\n"
	"file, or a file that cannot be read or written. The worst file counts.\n";

bool sign_has_hash(const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		if (PIL_PF_TYPE(phdr.flags) == PIL_PF_TYPE_HASH)
			return true;
	}
	return false;
}

static int print_report(const struct signing *signing, const struct sign_report *r)
{
	char digits[2 * PKI_HASH_SIZE + 1] = "";

	if (signing->opt->json)
		return json_finish(json_pack("{s:o, s:i, s:i, s:i, s:o, s:s, s:o}", "file", json_name(r->output),
					     "version", (int)r->version, "class", r->class, "segments",
					     (int)r->segments, "size", json_u64(r->size), "scheme",
					     scheme_name(r->scheme), "root_hash",
					     json_bytes(signing->root_hash, PKI_HASH_SIZE)),
				   STATUS_OK);
	printf("%s: MBN v%u, ELF%d, %u loadable segment%s, %" PRIu64 " bytes, %s\nroot hash %s\n", r->output,
	       r->version, r->class, r->segments, r->segments == 1 ? "" : "s", r->size, scheme_name(r->scheme),
	       hex(digits, signing->root_hash, PKI_HASH_SIZE));
	if (r->class == 64)
		fprintf(stderr, "pilot: %s: note: Linux's mdt_loader reads only ELF32; --elf32 converts the headers\n",
			r->output);
	return STATUS_OK;
}

/* an image may have version 3 or 5 unless another one is asked */
static bool may_need_leaf(const struct sign_options *opt)
{
	return !opt->writer || !opt->writer->metadata_size;
}

/* everything that is the same for all images */
static int load_keys(struct signing *signing)
{
	const struct sign_options *opt = signing->opt;
	int status = pki_load_certs(&signing->chain, opt->keys);

	signing->signer = (struct signer){ .dir = opt->keys, .command = opt->command };
	if (!status && !opt->command)
		status = pki_load_key(&signing->chain, opt->keys, PKI_LEAF, opt->passphrase_file);
	if (status)
		return status;
	signing->signer.key = signing->chain.key[PKI_LEAF];
	if (!pki_cert_hash(signing->chain.cert[signing->chain.root], signing->root_hash)) {
		pki_complain(opt->keys, "SHA-384 failed");
		return STATUS_TROUBLE;
	}
	/* only versions 3 and 5 need the CA's key, and say so when it is not there */
	if (pki_has_key(opt->keys, PKI_CA) && may_need_leaf(opt))
		status = pki_load_key(&signing->chain, opt->keys, PKI_CA, opt->passphrase_file);
	return status;
}

/* a missing option of a plain ELF file; NULL when all are there */
static const char *missing_for_plain(const struct sign_options *opt)
{
	const struct mbn_request *want = &opt->want;

	if (!want->soc)
		return "--soc N";
	if (!want->oem)
		return "--oem N|any";
	if (!want->model)
		return "--model N|any";
	return want->sw_id ? NULL : "--sw-id N";
}

static int check(const struct command *cmd, const struct sign_options *opt, int argc)
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
	if (missing)
		return command_usage_error(cmd, "%s is missing", missing);
	if (opt->writer && opt->alg > opt->writer->longest)
		return command_usage_error(cmd, "--hash: version %u has SHA-256 only", opt->writer->version);
	return STATUS_OK;
}

/* is @path an image already? An enum status, after a complaint unless it is STATUS_OK */
static int look_at(const char *path, bool *is_signed)
{
	struct file file = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };
	int status = STATUS_OK;

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	if (pil_elf_parse(file.data, file.size, &elf, &why)) {
		complain_why(path, &why);
		status = STATUS_TROUBLE;
	} else {
		*is_signed = sign_has_hash(&elf);
	}
	file_close(&file);
	return status;
}

static int sign_one(const struct command *cmd, struct signing *signing)
{
	const struct sign_options *opt = signing->opt;
	struct sign_report r = { 0 };
	bool is_signed = false;
	int status = look_at(opt->input, &is_signed);

	if (status)
		return status;
	if (!is_signed && missing_for_plain(opt))
		return command_usage_error(cmd, "%s is missing: %s is a plain ELF file", missing_for_plain(opt),
					   opt->input);
	if (is_signed && (opt->elf32 || opt->fixed))
		return command_usage_error(cmd, "--elf32 and --fixed are for plain ELF files; %s is signed already",
					   opt->input);
	status = load_keys(signing);
	if (!status)
		status = (is_signed ? sign_again : sign_plain)(signing, opt->input, opt->output, &r);
	return status ? status : print_report(signing, &r);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct sign_options opt = { 0 };
	struct signing signing = { .opt = &opt };
	int status = sign_options_read(cmd, &opt, argc, argv);

	if (status == -1)
		return command_help(cmd);
	if (!status)
		status = check(cmd, &opt, argc);
	if (status)
		return status;
	opt.input = argv[optind];
	if (!opt.recursive)
		status = sign_one(cmd, &signing);
	else
		status = load_keys(&signing);
	if (!status && opt.recursive)
		status = sign_tree(&signing);
	pki_free(&signing.chain);
	return status;
}

const struct command command_image_sign = {
	"image",
	"sign",
	"make a signed image, or sign one again",
	"IN -o OUT --keys DIR [--soc N[,N]...|any] [--oem N|any] [--model N|any]\n"
	"       [--sw-id N] [--anti-rollback N] [--serial N[,N]...|any] [--version N] [--hash NAME]\n"
	"       [--passphrase-file FILE] [--sign-with COMMAND] [--elf32] [--fixed] [--recursive]\n"
	"       [--profile FILE] [--json]",
	help,
	run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image sign: make a signed image, or sign one again with other keys. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "sign/sign.h"

static const char help[] =
	"Makes a signed image from a plain ELF file (ELF32 or ELF64, little endian), or replaces the\n"
	"OEM's signature of an image that is signed already: its segments, and what it is bound to,\n"
	"stay as they are unless an option says otherwise. With --format container, OP-TEE's container\n"
	"from up to 4 ELF files, or a container signed again. With --recursive, every signed image of\n"
	"a directory. What is written was checked with the rules of 'pilot image verify' before, and\n"
	"appears under its name only when it is complete. An image in pieces is given by its .mdt.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE      where to; with --recursive a directory, which may be the input\n"
	"      --format NAME      mbn or container (default: container for a container, or mbn)\n"
	"      --passphrase-file FILE\n"
	"                         its first line opens encrypted keys; otherwise the environment's\n"
	"                         PILOT_PASSPHRASE does, or the terminal is asked\n"
	"      --sign-with COMMAND\n"
	"                         instead of a private key: a shell command that gets the digest on\n"
	"                         standard input and returns the signature on standard output;\n"
	"                         pilot-image(1) says how\n"
	"      --anti-rollback N  rollback version (default: 0)\n"
	"      --recursive        sign every signed image of a directory again; other files are left\n"
	"                         out\n"
	"      --profile FILE     options from a file, see pilot-profile(5); the command line wins\n"
	"      --json             print a JSON document; pilot-image(1) lists the keys\n"
	"  -h, --help             this text\n"
	"for MBN images:\n"
	"      --keys DIR         leaf.key, leaf.crt, ca.crt and root.crt (root1.crt, ... when there\n"
	"                         are several), as 'pilot keys new' writes them; ca.key, too, for\n"
	"                         versions 3 and 5, which need a leaf certificate for every image\n"
	"      --version N        header version: 3, 5, 6, 7 or 8 (default: that of the input, or 6)\n"
	"      --hash NAME        digests of the hash table: sha256 or sha384 (default: that of the\n"
	"                         input, or the longest that the version has)\n"
	"      --soc N[,N]...|any\n"
	"                         SoC hardware versions that may run it, up to 12\n"
	"      --oem N|any        maker\n"
	"      --model N|any      product\n"
	"      --sw-id N          software id: which peripheral it is for\n"
	"      --serial N[,N]...|any\n"
	"                         only devices with one of these serial numbers may run it, up to\n"
	"                         8\n"
	"      --jtag N|any       chip id; in versions 3 and 5 instead of --soc\n"
	"      --debug OPTION     debugging: nop, disable or enable; in versions 7 and 8 enable, on\n"
	"                         the chips that --jtag names, or nop\n"
	"      --root-revoke OPTION\n"
	"                         revocation and activation of roots: nop, disable or\n"
	"                         enable; version 6\n"
	"      --oem-root own|any\n"
	"                         bind to the hash of the root that signs; versions 7 and 8\n"
	"      --transfer-root true|false\n"
	"                         the root of trust is handed on; versions 7 and 8\n"
	"      --elf32            write ELF32 headers for an ELF64 input that lies below 4 GiB;\n"
	"                         code and e_machine stay. Linux's mdt_loader reads only ELF32\n"
	"      --fixed            do not mark segments as relocatable: the image runs only at its\n"
	"                         own addresses\n"
	"      --manifest FILE    what the streams of the peripheral shall reach, in JSON: less than the\n"
	"                         board grants; for a plain ELF file; pilot-image(1) says how\n"
	"for containers:\n"
	"      --key FILE         private key, PEM: RSA with 2048 to 4096 bits, or EC on P-256; with\n"
	"                         --sign-with the public key or a certificate\n"
	"      --processor N      number of the processor that may run it\n"
	"Numbers are decimal, or hexadecimal with 0x. A plain ELF file needs --soc, --oem, --model and\n"
	"--sw-id; for a container --processor and --anti-rollback. RSA signatures come out the same\n"
	"every time; ECDSA signatures do with OpenSSL 3.2 or newer only.\n"
	"\n"
	"examples:\n"
	"  pilot image sign adsp.elf -o adsp.mbn --keys keys --soc 0x6019,0x601a --oem 1 --model 0 --sw-id 4\n"
	"  pilot image sign remote.elf --elf32 -o remote.mbn --keys keys --soc 0x6019 --oem any --model any --sw-id 4\n"
	"  pilot image sign adsp.elf -o adsp.mbn --profile product.toml --manifest streams.json\n"
	"  pilot image sign vendor/adsp.mbn -o adsp.mbn --keys keys --oem 0x51\n"
	"  pilot image sign --recursive firmware/qcom -o signed/qcom --profile product.toml\n"
	"  pilot image sign adsp.mbn -o own.mbn --keys certs --sign-with ./sign-with-token\n"
	"  pilot image sign --format container m4.elf -o m4.sign --key rproc.key --processor 0 --anti-rollback 3\n"
	"\n"
	"exit status: 0 written; 1 refused: input or keys are not fit for it; 2 usage, not an ELF\n"
	"file, or a file that cannot be read or written. The worst file counts.\n";

const char *sign_report_text(const struct sign_report *report, char *text)
{
	if (report->images)
		snprintf(text, 64, "container, %s", scheme_name(report->scheme));
	else
		snprintf(text, 64, "MBN v%u, %s", report->version, scheme_name(report->scheme));
	return text;
}

static int print_container(const struct signing *signing, const struct sign_report *r)
{
	char digits[2 * PIL_KEY_HASH_SIZE + 1] = "";

	if (signing->opt->json)
		return json_finish(json_pack("{s:o, s:s, s:i, s:o, s:i, s:o, s:o, s:s, s:o}", "file",
					     json_name(r->output), "kind", "optee-container", "version",
					     (int)r->version, "size", json_u64(r->size), "images", (int)r->images,
					     "processor", json_u64(r->processor), "image_version",
					     json_u64(r->image_version), "scheme", scheme_name(r->scheme), "key_hash",
					     json_bytes(r->key_hash, PIL_KEY_HASH_SIZE)),
				   STATUS_OK);
	printf("%s: OP-TEE container version %u, %u image%s, %" PRIu64 " bytes, for processor %" PRIu32
	       ", version %" PRIu32 ", %s\nkey hash %s\n",
	       r->output, r->version, r->images, r->images == 1 ? "" : "s", r->size, r->processor, r->image_version,
	       scheme_name(r->scheme), hex(digits, r->key_hash, PIL_KEY_HASH_SIZE));
	return STATUS_OK;
}

static int print_image(const struct signing *signing, const struct sign_report *r)
{
	char digits[2 * PKI_HASH_SIZE + 1] = "";

	if (signing->opt->json)
		return json_finish(json_pack("{s:o, s:s, s:i, s:i, s:i, s:o, s:s, s:o}", "file", json_name(r->output),
					     "kind", "mbn", "version", (int)r->version, "class", r->class, "segments",
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

	signing->signer = (struct signer){ .dir = opt->keys, .whose = "leaf.crt", .command = opt->command };
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
static const char *missing_for_plain(const struct sign_options *opt, bool container)
{
	const struct mbn_request *want = &opt->want;

	if (container && !opt->processor)
		return "--processor N";
	if (container)
		return want->anti_rollback ? NULL : "--anti-rollback N";
	if (!want->soc)
		return "--soc N";
	if (!want->oem)
		return "--oem N|any";
	if (!want->model)
		return "--model N|any";
	return want->sw_id ? NULL : "--sw-id N";
}

static int check(const struct command *cmd, const struct sign_options *opt)
{
	const char *missing = NULL;

	if (!opt->count)
		missing = "the input, IN.elf,";
	else if (!opt->output)
		missing = "-o OUT";
	else if (opt->recursive && !opt->keys)
		missing = "--keys DIR";
	if (missing)
		return command_usage_error(cmd, "%s is missing", missing);
	if (opt->recursive && (opt->count > 1 || opt->format || opt->elf32 || opt->fixed || opt->manifest))
		return command_usage_error(cmd, "--recursive takes one directory, and neither --format, --elf32, "
						"--fixed nor --manifest");
	if (opt->writer && opt->alg > opt->writer->longest)
		return command_usage_error(cmd, "--hash: version %u has SHA-256 only", opt->writer->version);
	return STATUS_OK;
}

/* an option that was given and means nothing for what is made; NULL when there is none */
static const char *foreign(const struct sign_options *opt, bool container)
{
	const struct mbn_request *want = &opt->want;
	const struct {
		bool given, for_container;
		const char *name;
	} options[] = {
		{ opt->key, true, "--key" },
		{ opt->processor, true, "--processor" },
		{ opt->keys, false, "--keys" },
		{ opt->writer, false, "--version" },
		{ opt->alg, false, "--hash" },
		{ want->soc, false, "--soc" },
		{ want->oem, false, "--oem" },
		{ want->model, false, "--model" },
		{ want->sw_id, false, "--sw-id" },
		{ want->serial, false, "--serial" },
		{ want->jtag, false, "--jtag" },
		{ want->debug, false, "--debug" },
		{ want->root_revoke, false, "--root-revoke" },
		{ want->oem_root, false, "--oem-root" },
		{ want->transfer_root, false, "--transfer-root" },
		{ opt->elf32, false, "--elf32" },
		{ opt->fixed, false, "--fixed" },
		{ opt->manifest, false, "--manifest" },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].given && options[i].for_container != container)
			return options[i].name;
	return NULL;
}

/* what an input is; an enum status, after a complaint unless it is STATUS_OK */
static int look_at(const char *path, enum sign_kind *kind)
{
	struct file file = { 0 };
	struct pil_why why = { 0 };

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	*kind = sign_kind_of(&file, &why);
	if (*kind == SIGN_OTHER)
		complain_why(path, &why);
	file_close(&file);
	return *kind == SIGN_OTHER ? STATUS_TROUBLE : STATUS_OK;
}

/* does what was asked fit the inputs, of which the first is of @kind? */
static int check_inputs(const struct command *cmd, const struct sign_options *opt, enum sign_kind kind, bool container)
{
	const char *path = opt->inputs[0];

	if (foreign(opt, container))
		return command_usage_error(cmd, "%s does not go with %s", foreign(opt, container),
					   container ? "a container" : "an MBN image (--format container)");
	if (!container && kind == SIGN_CONTAINER)
		return command_usage_error(cmd, "%s is a container; no MBN image can be made of it", path);
	if (opt->count > (container && kind != SIGN_CONTAINER ? PIL_CONTAINER_IMAGES : 1u))
		return command_usage_error(cmd, "%u inputs; only containers are made of several, up to %u ELF files",
					   opt->count, PIL_CONTAINER_IMAGES);
	if (!(container ? opt->key : opt->keys))
		return command_usage_error(cmd, "%s is missing", container ? "--key FILE" : "--keys DIR");
	if (kind == SIGN_PLAIN && missing_for_plain(opt, container))
		return command_usage_error(cmd, "%s is missing: %s is a plain ELF file",
					   missing_for_plain(opt, container), path);
	if ((kind == SIGN_IMAGE || kind == SIGN_SPLIT) && (opt->elf32 || opt->fixed || opt->manifest))
		return command_usage_error(cmd,
					   "--elf32, --fixed and --manifest are for plain ELF files; %s is signed "
					   "already",
					   path);
	return STATUS_OK;
}

static int sign_one(const struct command *cmd, struct signing *signing)
{
	const struct sign_options *opt = signing->opt;
	struct sign_report r = { 0 };
	enum sign_kind kind = SIGN_OTHER;
	bool container = false;
	int status = look_at(opt->inputs[0], &kind);

	if (status)
		return status;
	container = opt->format ? opt->format == SIGN_FORMAT_CONTAINER : kind == SIGN_CONTAINER;
	status = check_inputs(cmd, opt, kind, container);
	if (!status)
		status = container ? container_key_load(&signing->container, opt) : load_keys(signing);
	if (status)
		return status;
	if (container)
		status = sign_container(signing, opt->inputs, opt->count, kind == SIGN_CONTAINER, opt->output, &r);
	else if (kind == SIGN_PLAIN)
		status = sign_plain(signing, opt->inputs[0], opt->output, &r);
	else
		status = (kind == SIGN_SPLIT ? sign_split : sign_again)(signing, opt->inputs[0], opt->output, &r);
	if (status)
		return status;
	return container ? print_container(signing, &r) : print_image(signing, &r);
}

static int sign_all(struct signing *signing)
{
	int status = load_keys(signing);

	if (!status && signing->opt->key)
		status = container_key_load(&signing->container, signing->opt);
	return status ? status : sign_tree(signing);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct sign_options opt = { 0 };
	struct signing signing = { .opt = &opt };
	int status = sign_options_read(cmd, &opt, argc, argv);

	if (status == -1)
		return command_help(cmd);
	opt.inputs = argv + optind;
	opt.count = (unsigned int)(argc - optind);
	if (!status)
		status = check(cmd, &opt);
	if (!status)
		status = opt.recursive ? sign_all(&signing) : sign_one(cmd, &signing);
	pki_free(&signing.chain);
	container_key_free(&signing.container);
	return status;
}

const struct command command_image_sign = {
	"image",
	"sign",
	"make a signed image, or sign one again",
	"IN -o OUT --keys DIR [--soc N[,N]...|any] [--oem N|any] [--model N|any]\n"
	"       [--sw-id N] [--anti-rollback N] [--serial N[,N]...|any] [--jtag N|any]\n"
	"       [--debug OPTION] [--root-revoke OPTION] [--oem-root own|any]\n"
	"       [--transfer-root true|false] [--version N] [--hash NAME]\n"
	"       [--passphrase-file FILE] [--sign-with COMMAND] [--elf32] [--fixed] [--recursive]\n"
	"       [--manifest FILE] [--profile FILE] [--json]\n"
	"       pilot image sign --format container IN... -o OUT --key FILE [--processor N]\n"
	"       [--anti-rollback N] [--passphrase-file FILE] [--sign-with COMMAND]\n"
	"       [--profile FILE] [--json]",
	help,
	run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot container sign: from plain ELF32 files to a container that OP-TEE's loader and Pilot take. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/rsc_table.h>

#include "container.h"
#include "key_read.h"

static const char help[] =
	"Makes OP-TEE's remote-processor container (version 1) from up to 4 plain ELF32 files: what\n"
	"OP-TEE's ta/remoteproc loads. Besides what that looks at, the processor, a version and the\n"
	"digest of each whole file are signed, which a strict device asks for ('pilot image verify\n"
	"--strict'). The public key goes into the container. Bytes and numbers: docs/SPEC.md section 9.\n"
	"A resource table in an ELF file is checked first. The file appears under its name only when\n"
	"it is complete and was read back.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE   where to\n"
	"      --key FILE      private key, PEM: RSA with 2048 to 4096 bits (PKCS#1 v1.5), or EC on P-256\n"
	"                      (ECDSA); both with SHA-256\n"
	"      --passphrase-file FILE\n"
	"                      its first line opens an encrypted key; otherwise PILOT_PASSPHRASE of the\n"
	"                      environment does, or you are asked on the terminal\n"
	"      --processor N   number of the processor that may run it\n"
	"      --version N     version of the firmware; a device refuses those older than it accepts\n"
	"      --json          print a JSON document: file, size, images, processor, version, key_hash\n"
	"  -h, --help          this text\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"examples:\n"
	"  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out rproc.key\n"
	"  pilot container sign m4.elf -o m4.sign --key rproc.key --processor 0 --version 3\n"
	"  pilot image verify --strict --key rproc.key --processor 0 --min-version 3 m4.sign\n"
	"\n"
	"exit status: 0 written; 1 refused: input or key is not fit for it; 2 usage, not an ELF file,\n"
	"or a file that cannot be read or written\n";

struct options {
	const char *output;
	const char *key;
	const char *passphrase_file;
	bool processor, version; /* given */
	uint32_t processor_id, image_version;
	bool json;
};

/* struct job - one container on its way */
struct job {
	const struct options *opt;
	struct file file[PIL_CONTAINER_IMAGES];
	unsigned int count;
	unsigned int tables; /* images with a resource table */
	EVP_PKEY *key;
	uint8_t *data;
	size_t size;
};

static bool check_segments(const struct file *file, const struct pil_elf *elf)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < elf->phnum; i++) {
		pil_elf_phdr(elf, i, &phdr);
		if (phdr.filesz && (phdr.offset > file->size || phdr.filesz > file->size - phdr.offset)) {
			complain(file->path, "segment %u ends past the end of the file", i);
			return false;
		}
	}
	return true;
}

/* a table that the loader or Linux would refuse must not be signed */
static bool check_table(struct job *job, const struct file *file, const struct pil_elf *elf)
{
	struct pil_section section = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_elf_find_section(elf, PIL_RSC_SECTION, &section, &why);

	if (ret == -PIL_ENOENT)
		return true;
	if (!ret && section.type == PIL_SHT_NOBITS) {
		complain(file->path, "section %s has no bytes in the file", PIL_RSC_SECTION);
		return false;
	}
	if (!ret)
		ret = pil_rsc_check_firmware(file->data + section.offset, (size_t)section.size, &why);
	if (ret) {
		complain_why(file->path, &why);
		return false;
	}
	if (job->tables++) {
		complain(file->path, "a second resource table: the images of a container may have one between them");
		return false;
	}
	return true;
}

static int read_input(struct job *job, const char *path)
{
	struct file *file = &job->file[job->count];
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };

	if (!file_open(file, path))
		return STATUS_TROUBLE;
	job->count++;
	if (pil_elf_parse(file->data, file->size, &elf, &why)) {
		complain_why(path, &why);
		return STATUS_TROUBLE;
	}
	if (elf.is64) {
		complain(path, "an ELF64 file; a container's hash table describes ELF32 only");
		return STATUS_REFUSED;
	}
	if (file->size > UINT32_MAX / PIL_CONTAINER_IMAGES - 8) {
		complain(path, "%zu bytes are too many for a container", file->size);
		return STATUS_REFUSED;
	}
	return check_segments(file, &elf) && check_table(job, file, &elf) ? STATUS_OK : STATUS_REFUSED;
}

static bool key_fits(EVP_PKEY *key)
{
	char group[32] = "";
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "RSA"))
		return bits >= PIL_RSA_BITS_MIN && bits <= PIL_RSA_BITS_MAX && bits % 8 == 0;
	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, "prime256v1");
}

static int read_key(struct job *job)
{
	job->key = key_read(job->opt->key, job->opt->passphrase_file);
	if (!job->key)
		return STATUS_TROUBLE;
	if (key_fits(job->key))
		return STATUS_OK;
	complain(job->opt->key, "the key is neither RSA with 2048 to 4096 bits nor EC on P-256");
	return STATUS_REFUSED;
}

/* what was made must be genuine in the eyes of the code that will read it */
static bool read_back(const struct job *job, struct pil_container *c, struct pil_container_result *result)
{
	const struct pil_container_policy policy = {
		.strict = true,
		.check_processor = true,
		.processor = job->opt->processor_id,
		.check_version = true,
		.least_version = job->opt->image_version,
	};
	struct pil_why why = { 0 };

	if (!pil_container_parse(job->data, job->size, c, &why) &&
	    !pil_container_auth(c, &policy, &pil_crypto_openssl, result, &why))
		return true;
	complain_why(job->opt->output, &why);
	return false;
}

static int report(const struct job *job, const struct pil_container *c, const struct pil_container_result *result)
{
	const struct options *opt = job->opt;
	char digits[2 * PIL_KEY_HASH_SIZE + 1] = "";
	char scheme[64] = "";

	if (opt->json)
		return json_finish(json_pack("{s:o, s:o, s:i, s:o, s:o, s:s, s:o}", "file", json_name(opt->output),
					     "size", json_u64(job->size), "images", (int)job->count, "processor",
					     json_u64(opt->processor_id), "version", json_u64(opt->image_version),
					     "signature", container_scheme(c, &result->key, scheme), "key_hash",
					     json_bytes(result->key_hash, PIL_KEY_HASH_SIZE)),
				   STATUS_OK);
	printf("%s: container of %zu bytes, %u image%s, for processor %" PRIu32 ", version %" PRIu32 "\n", opt->output,
	       job->size, job->count, job->count == 1 ? "" : "s", opt->processor_id, opt->image_version);
	printf("  signed  %s\n  key     %s\n", container_scheme(c, &result->key, scheme),
	       hex(digits, result->key_hash, PIL_KEY_HASH_SIZE));
	return STATUS_OK;
}

static int make(struct job *job, char **paths, unsigned int count)
{
	struct pil_container c = { 0 };
	struct pil_container_result result = { 0 };
	struct container_plan plan = { 0 };
	int status = STATUS_OK;
	unsigned int i = 0;

	for (i = 0; !status && i < count; i++)
		status = read_input(job, paths[i]);
	if (!status)
		status = read_key(job);
	if (status)
		return status;
	plan = (struct container_plan){ job->key, job->file, job->count, job->opt->processor_id,
					job->opt->image_version };
	job->data = container_write(&plan, &job->size);
	if (!job->data || !read_back(job, &c, &result) || !output_whole(job->opt->output, 0666, job->data, job->size))
		return STATUS_TROUBLE;
	return report(job, &c, &result);
}

static int sign(const struct options *opt, char **paths, int count)
{
	struct job job = { .opt = opt };
	int status = make(&job, paths, (unsigned int)count);
	unsigned int i = 0;

	for (i = 0; i < job.count; i++)
		file_close(&job.file[i]);
	EVP_PKEY_free(job.key);
	free(job.data);
	return status;
}

static int take_number(const struct command *cmd, const char *option, uint32_t *number, bool *given)
{
	uint64_t value = 0;

	if (!parse_number(optarg, UINT32_MAX, &value))
		return command_usage_error(cmd, "--%s takes a number below 2^32, not '%s'", option, optarg);
	*number = (uint32_t)value;
	*given = true;
	return STATUS_OK;
}

static int take_option(const struct command *cmd, struct options *opt, int c)
{
	switch (c) {
	case 'o':
		opt->output = optarg;
		return STATUS_OK;
	case 'k':
		opt->key = optarg;
		return STATUS_OK;
	case 'P':
		opt->passphrase_file = optarg;
		return STATUS_OK;
	case 'p':
		return take_number(cmd, "processor", &opt->processor_id, &opt->processor);
	case 'v':
		return take_number(cmd, "version", &opt->image_version, &opt->version);
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

static int check(const struct command *cmd, const struct options *opt, int files)
{
	const struct {
		bool given;
		const char *name;
	} needed[] = { { opt->output, "-o" },
		       { opt->key, "--key" },
		       { opt->processor, "--processor" },
		       { opt->version, "--version" } };
	size_t i = 0;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!needed[i].given)
			return command_usage_error(cmd, "%s is missing", needed[i].name);
	if (!files)
		return command_usage_error(cmd, "which file? ELF is missing");
	if (files > (int)PIL_CONTAINER_IMAGES)
		return command_usage_error(cmd, "%d files; a container takes %u", files, PIL_CONTAINER_IMAGES);
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "key", required_argument, NULL, 'k' },
		{ "passphrase-file", required_argument, NULL, 'P' },
		{ "processor", required_argument, NULL, 'p' },
		{ "version", required_argument, NULL, 'v' },
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
		status = check(cmd, &opt, argc - optind);
	return status ? status : sign(&opt, argv + optind, argc - optind);
}

const struct command command_container_sign = {
	"container",
	"sign",
	"make a container for OP-TEE from plain ELF files",
	"IN.elf... -o OUT --key FILE --processor N --version N\n"
	"       [--passphrase-file FILE] [--json]",
	help,
	run,
};

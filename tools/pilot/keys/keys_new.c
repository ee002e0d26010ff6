/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot keys new: a root, a CA and a leaf to sign test images with. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "pilot.h"
#include "keys/pki.h"

#define NAME_MAX_LENGTH 50u /* with " root" a common name must stay below 64 characters (RFC 5280 appendix A) */

static const char help[] =
	"Writes root, ca and leaf, each as .key (private key, PEM, mode 0600), .crt (certificate,\n"
	"PEM) and .der (certificate, DER), into DIR, which is made when it does not exist. X.509 v3,\n"
	"valid for 20 years. Prints the root hash: SHA-384 of the root certificate, what devices\n"
	"hold in fuses. These are keys for tests: whoever can read root.key can sign for every\n"
	"device that trusts it.\n"
	"\n"
	"options:\n"
	"      --type TYPE     kind of all keys: ec-p384 (default), ec-p256, rsa2048, rsa3072 or\n"
	"                      rsa4096. EC P-384 certificates are signed with SHA-384, others with\n"
	"                      SHA-256\n"
	"      --pkcs1         sign RSA certificates with PKCS#1 v1.5 instead of PSS; what images of\n"
	"                      version 3 have\n"
	"      --roots N       make N roots, up to 4: root, root1, root2, root3; all of them go into\n"
	"                      every image, and the fuses may trust any\n"
	"      --root-index N  which root signs the CA, from 0 (default: 0)\n"
	"      --name TEXT     organisation in the certificates (default: Pilot test)\n"
	"      --force         replace keys that are there\n"
	"      --json          print a JSON document: directory, type, root_hash, root_hashes, files\n"
	"  -h, --help          this text\n"
	"\n"
	"examples:\n"
	"  pilot keys new keys\n"
	"  pilot keys new --type rsa2048 --name 'Example Ltd test' keys\n"
	"  pilot keys new --roots 4 --root-index 2 keys\n"
	"\n"
	"exit status: 0 keys written; 1 refused: there are keys already; 2 usage, or a file\n"
	"cannot be written\n";

struct options {
	const char *dir;
	struct pki_wish wish;
	bool force;
	bool json;
};

enum file_kind { KIND_KEY, KIND_CRT, KIND_DER, KINDS };

static const char *const endings[KINDS] = { "key", "crt", "der" };

#define FILES_MAX (PKI_ROLES * KINDS)

/* path of file @i of the set in fresh memory */
static char *file_path(const char *dir, unsigned int i)
{
	size_t size = strlen(dir) + 16;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s.%s", dir, pki_role_name(i / KINDS), endings[i % KINDS]);
	return path;
}

/* one of the files as bytes in a memory BIO */
static bool encode(BIO *bio, const struct pki_chain *chain, unsigned int i)
{
	unsigned int role = i / KINDS;

	switch (i % KINDS) {
	case KIND_KEY:
		return PEM_write_bio_PKCS8PrivateKey(bio, chain->key[role], NULL, NULL, 0, NULL, NULL) == 1;
	case KIND_CRT:
		return PEM_write_bio_X509(bio, chain->cert[role]) == 1;
	default:
		return i2d_X509_bio(bio, chain->cert[role]) == 1;
	}
}

static bool write_file(const struct pki_chain *chain, const char *dir, unsigned int i)
{
	char *path = file_path(dir, i);
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;
	long size = 0;
	bool ok = path && bio && encode(bio, chain, i);

	if (ok) {
		size = BIO_get_mem_data(bio, &data);
		ok = output_whole(path, i % KINDS == KIND_KEY ? 0600 : 0644, data, (size_t)size);
	} else {
		pki_complain(dir, "cannot encode keys");
	}
	BIO_free(bio);
	free(path);
	return ok;
}

/* make the directory, or see that nothing in it would be lost */
static int prepare(const struct options *opt)
{
	unsigned int i = 0;

	if (!mkdir(opt->dir, 0777))
		return STATUS_OK;
	if (errno != EEXIST) {
		complain(opt->dir, "the directory cannot be made: %s", strerror(errno));
		return STATUS_TROUBLE;
	}
	for (i = 0; i < FILES_MAX && !opt->force; i++) {
		char *path = file_path(opt->dir, i);
		bool there = path && !access(path, F_OK);

		if (there)
			complain(path, "is there already; --force replaces the keys in %s", opt->dir);
		free(path);
		if (there)
			return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static json_t *files_json(const struct options *opt, const struct pki_chain *chain)
{
	json_t *files = json_array();
	unsigned int i = 0;

	for (i = 0; i < chain->certs * KINDS; i++) {
		char *path = file_path(opt->dir, i);

		json_array_append_new(files, path ? json_name(path) : NULL);
		free(path);
	}
	return files;
}

static int report(const struct options *opt, const struct pki_chain *chain, uint8_t hash[][PKI_HASH_SIZE])
{
	char digits[2 * PKI_HASH_SIZE + 1] = "";
	json_t *hashes = json_array();
	unsigned int i = 0;

	for (i = 0; i < opt->wish.roots; i++)
		json_array_append_new(hashes, json_bytes(hash[i], PKI_HASH_SIZE));
	if (opt->json)
		return json_finish(json_pack("{s:o, s:s, s:o, s:o, s:o}", "directory", json_name(opt->dir), "type",
					     opt->wish.type->name, "root_hash",
					     json_bytes(hash[opt->wish.root_index], PKI_HASH_SIZE), "root_hashes",
					     hashes, "files", files_json(opt, chain)),
				   STATUS_OK);
	json_decref(hashes);
	printf("%s: root, ca and leaf written (%s)\n", opt->dir, opt->wish.type->title);
	for (i = 0; i < opt->wish.roots; i++)
		printf("%s hash %s\n", pki_role_name(PKI_ROOT + i), hex(digits, hash[i], PKI_HASH_SIZE));
	return STATUS_OK;
}

static int create(const struct options *opt)
{
	struct pki_chain chain = { 0 };
	uint8_t hash[PKI_ROOTS_MAX][PKI_HASH_SIZE] = { { 0 } };
	int status = prepare(opt);
	unsigned int i = 0;

	if (status)
		return status;
	if (!pki_create(&chain, &opt->wish))
		status = STATUS_TROUBLE;
	for (i = 0; i < opt->wish.roots && !status; i++)
		if (!pki_cert_hash(chain.cert[PKI_ROOT + i], hash[i]))
			status = STATUS_TROUBLE;
	for (i = 0; i < chain.certs * KINDS && !status; i++)
		if (!write_file(&chain, opt->dir, i))
			status = STATUS_TROUBLE;
	if (!status)
		status = report(opt, &chain, hash);
	pki_free(&chain);
	return status;
}

static int take_number(const struct command *cmd, const char *option, uint64_t least, uint64_t most, unsigned int *out)
{
	uint64_t value = 0;

	if (!parse_number(optarg, most, &value) || value < least)
		return command_usage_error(cmd, "--%s takes %u to %u, not '%s'", option, (unsigned int)least,
					   (unsigned int)most, optarg);
	*out = (unsigned int)value;
	return STATUS_OK;
}

static int take_option(const struct command *cmd, struct options *opt, int c)
{
	switch (c) {
	case 't':
		opt->wish.type = pki_type_find(optarg);
		return opt->wish.type ? STATUS_OK
				      : command_usage_error(cmd,
							    "--type takes ec-p384, ec-p256, rsa2048, rsa3072 or "
							    "rsa4096, not '%s'",
							    optarg);
	case 'p':
		opt->wish.pkcs1 = true;
		return STATUS_OK;
	case 'r':
		return take_number(cmd, "roots", 1, PKI_ROOTS_MAX, &opt->wish.roots);
	case 'i':
		return take_number(cmd, "root-index", 0, PKI_ROOTS_MAX - 1, &opt->wish.root_index);
	case 'n':
		opt->wish.name = optarg;
		return STATUS_OK;
	case 'f':
		opt->force = true;
		return STATUS_OK;
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

static int check(const struct command *cmd, const struct options *opt)
{
	if (!*opt->wish.name || strlen(opt->wish.name) > NAME_MAX_LENGTH)
		return command_usage_error(cmd, "--name takes 1 to %u characters", NAME_MAX_LENGTH);
	if (opt->wish.root_index >= opt->wish.roots)
		return command_usage_error(cmd, "--root-index %u: there are only %u roots, from 0",
					   opt->wish.root_index, opt->wish.roots);
	if (opt->wish.pkcs1 && opt->wish.type->curve)
		return command_usage_error(cmd, "--pkcs1 is for RSA keys");
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "type", required_argument, NULL, 't' },
		{ "pkcs1", no_argument, NULL, 'p' },
		{ "roots", required_argument, NULL, 'r' },
		{ "root-index", required_argument, NULL, 'i' },
		{ "name", required_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { .wish = { .name = "Pilot test", .type = pki_type_find("ec-p384"), .roots = 1 } };
	int status = STATUS_OK;
	int c = 0;

	while (!status && (c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		status = take_option(cmd, &opt, c);
	}
	if (!status && argc - optind != 1)
		status = command_usage_error(cmd, "%s",
					     optind == argc ? "where to? DIR is missing" : "more than one DIR");
	if (!status)
		status = check(cmd, &opt);
	if (status)
		return status;
	opt.dir = argv[optind];
	return create(&opt);
}

const struct command command_keys_new = {
	"keys",
	"new",
	"make a root, a CA and a leaf to sign with",
	"[--type TYPE] [--pkcs1] [--roots N] [--root-index N]\n"
	"       [--name TEXT] [--force] [--json] DIR",
	help,
	run,
};

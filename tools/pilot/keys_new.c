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
#include "pki.h"

#define NAME_MAX_LENGTH 50u /* with " root" a common name must stay below 64 characters (RFC 5280 appendix A) */

static const char help[] = "Writes root, ca and leaf, each as .key (private key, PEM, mode 0600), .crt (certificate,\n"
			   "PEM) and .der (certificate, DER), into DIR, which is made when it does not exist. EC\n"
			   "P-384 with SHA-384, X.509 v3, valid for 20 years. Prints the root hash: SHA-384 of the\n"
			   "root certificate, what devices hold in fuses. These are keys for tests: whoever can read\n"
			   "root.key can sign for every device that trusts it.\n"
			   "\n"
			   "options:\n"
			   "      --name TEXT  organisation in the certificates (default: Pilot test)\n"
			   "      --force      replace keys that are there\n"
			   "      --json       print a JSON document: directory, root_hash, files\n"
			   "  -h, --help       this text\n"
			   "\n"
			   "examples:\n"
			   "  pilot keys new keys\n"
			   "  pilot keys new --name 'Example Ltd test' keys\n"
			   "\n"
			   "exit status: 0 keys written; 1 refused: there are keys already; 2 usage, or a file\n"
			   "cannot be written\n";
;

struct options {
	const char *dir;
	const char *name;
	bool force;
	bool json;
};

enum file_kind { KIND_KEY, KIND_CRT, KIND_DER, KINDS };

static const char *const endings[KINDS] = { "key", "crt", "der" };

#define FILES (PKI_ROLES * KINDS)

/* path of file @i of the set in fresh memory */
static char *file_path(const char *dir, unsigned int i)
{
	size_t size = strlen(dir) + 16;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s.%s", dir, pki_role_name((enum pki_role)(i / KINDS)), endings[i % KINDS]);
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
		complain(opt->dir, "%s", strerror(errno));
		return STATUS_TROUBLE;
	}
	for (i = 0; i < FILES && !opt->force; i++) {
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

static int report(const struct options *opt, const uint8_t hash[PKI_HASH_SIZE])
{
	char digits[2 * PKI_HASH_SIZE + 1] = "";
	json_t *files = NULL;
	unsigned int i = 0;

	if (!opt->json) {
		printf("%s: root, ca and leaf written (EC P-384, SHA-384)\nroot hash %s\n", opt->dir,
		       hex(digits, hash, PKI_HASH_SIZE));
		return STATUS_OK;
	}
	files = json_array();
	for (i = 0; i < FILES; i++) {
		char *path = file_path(opt->dir, i);

		json_array_append_new(files, path ? json_name(path) : NULL);
		free(path);
	}
	return json_finish(json_pack("{s:o, s:o, s:o}", "directory", json_name(opt->dir), "root_hash",
				     json_bytes(hash, PKI_HASH_SIZE), "files", files),
			   STATUS_OK);
}

static int create(const struct options *opt)
{
	struct pki_chain chain = { 0 };
	uint8_t hash[PKI_HASH_SIZE] = { 0 };
	int status = prepare(opt);
	unsigned int i = 0;

	if (status)
		return status;
	if (!pki_create(&chain, opt->name) || !pki_cert_hash(chain.cert[PKI_ROOT], hash))
		status = STATUS_TROUBLE;
	for (i = 0; i < FILES && !status; i++)
		if (!write_file(&chain, opt->dir, i))
			status = STATUS_TROUBLE;
	pki_free(&chain);
	return status ? status : report(opt, hash);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { .name = "Pilot test" };
	int c = 0;

	while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		switch (c) {
		case 'n':
			opt.name = optarg;
			break;
		case 'f':
			opt.force = true;
			break;
		case 'j':
			opt.json = true;
			break;
		case 'h':
			return command_help(cmd);
		default:
			return command_usage_error(cmd, NULL);
		}
	}
	if (argc - optind != 1)
		return command_usage_error(cmd, "%s",
					   optind == argc ? "where to? DIR is missing" : "more than one DIR");
	if (!*opt.name || strlen(opt.name) > NAME_MAX_LENGTH)
		return command_usage_error(cmd, "--name takes 1 to %u characters", NAME_MAX_LENGTH);
	opt.dir = argv[optind];
	return create(&opt);
}

const struct command command_keys_new = {
	"keys", "new", "make a root, a CA and a leaf to sign with", "[--name TEXT] [--force] [--json] DIR", help, run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that `pilot image sign` is given: plain ELF files, and images that are signed already. Input: two bytes that choose
 * options and keys, then the file. The hash table of an image is put right first, as nothing else would get past it. What
 * is written must be an image with a good signature and the right digests.
 */
#include <string.h>

#include <openssl/x509.h>

#include <pilot/auth.h>

#include "../../tools/pilot/image/pieces.h"
#include "../../tools/pilot/sign/sign.h"
#include "certgen.h"
#include "fuzz_tool.h"

static struct pki_chain chains[3];

static void make_chain(struct pki_chain *chain, enum certgen_key key, enum certgen_scheme scheme)
{
	static uint8_t der[CERTGEN_CERT_MAX];
	struct certgen_chain description = { 0 };
	unsigned int i = 0;

	certgen_init(&description);
	for (i = 0; i < description.count; i++) {
		const unsigned char *at = der;
		size_t size = 0;

		description.cert[i].key = description.cert[i].signer = key;
		description.cert[i].scheme = scheme;
		description.cert[i].digest = "SHA256";
		size = certgen_cert(&description.cert[i], der, sizeof(der));
		FUZZ_CHECK(size && i < PKI_ROLES);
		chain->cert[i] = d2i_X509(NULL, &at, (long)size);
		FUZZ_CHECK(chain->cert[i]);
	}
	chain->certs = i;
	chain->root = PKI_ROOT;
	chain->key[PKI_LEAF] = certgen_key(key);
	chain->key[PKI_CA] = chain->key[PKI_LEAF];
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	make_chain(&chains[0], CERTGEN_P256, CERTGEN_PLAIN);
	make_chain(&chains[1], CERTGEN_RSA2048, CERTGEN_PSS);
	make_chain(&chains[2], CERTGEN_RSA2048, CERTGEN_PLAIN);
	return 0;
}

/* digests of everything that has bytes, where the table is */
static void repair_table(uint8_t *data, size_t size)
{
	struct pil_image image = { 0 };
	struct pil_phdr phdr = { 0 };
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	unsigned int i = 0;

	if (pil_image_from_file(data, size, &image, NULL))
		return;
	for (i = 0; i < image.mbn.hash_count && i < image.elf.phnum; i++) {
		const size_t length = pil_hash_size(image.mbn.hash_alg);
		const size_t headers = pil_elf_headers_end(&image.elf);

		pil_elf_phdr(&image.elf, i, &phdr);
		memset(digest, 0, sizeof(digest));
		if (i && i != image.hash_index && phdr.filesz)
			FUZZ_CHECK(!pil_hash_once(&pil_crypto_openssl, image.mbn.hash_alg, data + phdr.offset,
						  (size_t)phdr.filesz, digest, NULL));
		if (!i)
			FUZZ_CHECK(!pil_hash_once(&pil_crypto_openssl, image.mbn.hash_alg, data, headers, digest, NULL));
		memcpy(data + (pil_mbn_entry(&image.mbn, i) - data), digest, length);
	}
}

/* what a device would say of it */
static void check_written(const struct fuzz_file *file)
{
	const struct pil_auth_policy policy = { .rules = &pil_auth_rules_all };
	struct pil_bytes segments[PIL_ELF_MAX_PHNUM] = { { 0 } };
	struct pil_auth_result result = { 0 };
	struct pil_image image = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	FUZZ_CHECK(file && !pil_image_from_file(file->data, file->size, &image, NULL));
	FUZZ_CHECK(!pil_auth_check(&image, &policy, &pil_crypto_openssl, &result, NULL));
	for (i = 0; i < image.elf.phnum; i++) {
		pil_elf_phdr(&image.elf, i, &phdr);
		if (phdr.filesz)
			segments[i] = (struct pil_bytes){ file->data + phdr.offset, (size_t)phdr.filesz };
	}
	for (i = 0; i < image.elf.phnum; i++) {
		enum pil_entry entry = PIL_ENTRY_UNKNOWN;

		FUZZ_CHECK(!pil_auth_entry(&image, segments, i, &pil_crypto_openssl, &entry, NULL));
	}
}

static void choose(struct sign_options *opt, uint8_t bits)
{
	static const unsigned int versions[] = { 0, 3, 5, 6, 7, 8, 0, 0 };
	const bool bind = bits & 0x40;

	opt->keys = "keys";
	opt->writer = mbn_writer_find(versions[bits & 7]);
	opt->alg = bits & 8 ? PIL_SHA256 : PIL_HASH_NONE;
	opt->elf32 = bits & 16;
	opt->fixed = bits & 32;
	opt->want = (struct mbn_request){
		.soc = bind, .oem = bind, .model = bind, .sw_id = bind, .anti_rollback = bind, .serial = bits & 0x80,
		.binding = { .use_soc = true, .soc_vers = { 0x6019 }, .use_oem = true, .oem_id = 1, .sw_id = 4,
			     .anti_rollback = 2, .use_serial = true, .serials = { 7 } },
	};
}

static bool is_signed(const struct fuzz_file *file)
{
	struct pil_elf elf = { 0 };

	return !pil_elf_parse(file->data, file->size, &elf, NULL) && piece_hash_index(&elf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sign_options opt = { 0 };
	struct signing signing = { .opt = &opt };
	struct sign_report report = { 0 };
	int status = STATUS_OK;

	if (size < 2)
		return 0;
	choose(&opt, data[0]);
	signing.chain = chains[data[1] % 3];
	signing.signer = (struct signer){ .dir = "keys", .key = signing.chain.key[PKI_LEAF] };
	fuzz_file_put("in", data + 2, size - 2);
	repair_table(fuzz_file_get("in")->data, size - 2);
	(void)fuzz_complaints();
	if (is_signed(fuzz_file_get("in")))
		status = sign_again(&signing, "in", "out", &report);
	else
		status = sign_plain(&signing, "in", "out", &report);
	FUZZ_CHECK(!status || fuzz_complaints());
	FUZZ_CHECK(!status == !!fuzz_file_get("out"));
	if (!status)
		check_written(fuzz_file_get("out"));
	fuzz_files_remove();
	return 0;
}

/* no input asks for a command */
int sign_by_command(const char *command, enum scheme scheme, const uint8_t *digest, size_t digest_size,
		    uint8_t sig[PKI_SIG_MAX], size_t *size)
{
	(void)command;
	(void)scheme;
	(void)digest;
	(void)digest_size;
	(void)sig;
	(void)size;
	abort();
}

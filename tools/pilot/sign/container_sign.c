/* SPDX-License-Identifier: BSD-2-Clause */
/* From plain ELF files, or from another container, to a container that OP-TEE's loader and Pilot take. */
#include <stdlib.h>
#include <string.h>

#include <pilot/rsc_table.h>

#include "sign/container_write.h"
#include "keys/key_read.h"
#include "sign/sign.h"

/* struct job - one container on its way */
struct job {
	const struct signing *signing;
	const char *output;
	struct file file[PIL_CONTAINER_IMAGES];
	unsigned int files;
	unsigned int tables; /* images with a resource table */
	struct pil_bytes image[PIL_CONTAINER_IMAGES];
	struct container_plan plan;
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
static bool check_table(struct job *job, const char *path, const struct pil_elf *elf)
{
	struct pil_section section = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_elf_find_section(elf, PIL_RSC_SECTION, &section, &why);

	if (ret == -PIL_ENOENT)
		return true;
	if (!ret && section.type == PIL_SHT_NOBITS) {
		complain(path, "section %s has no bytes in the file", PIL_RSC_SECTION);
		return false;
	}
	if (!ret)
		ret = pil_rsc_check_firmware(elf->data + section.offset, (size_t)section.size, &why);
	if (ret) {
		complain_why(path, &why);
		return false;
	}
	if (job->tables++) {
		complain(path, "a second resource table: the images of a container may have one between them");
		return false;
	}
	return true;
}

static int read_elf(struct job *job, const char *path)
{
	struct file *file = &job->file[job->files];
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };

	if (!file_open(file, path))
		return STATUS_TROUBLE;
	job->image[job->plan.count++] = (struct pil_bytes){ file->data, file->size };
	job->files++;
	if (pil_elf_parse(file->data, file->size, &elf, &why)) {
		complain_why(path, &why);
		return STATUS_TROUBLE;
	}
	if (file->size > UINT32_MAX / PIL_CONTAINER_IMAGES - PIL_CONTAINER_ALIGN) {
		complain(path, "%zu bytes are too many for a container", file->size);
		return STATUS_REFUSED;
	}
	return check_segments(file, &elf) && check_table(job, path, &elf) ? STATUS_OK : STATUS_REFUSED;
}

/* digests that do not fit must not get a good signature */
static bool check_digests(const struct pil_container *c, struct pil_why *why)
{
	static const enum pil_container_check checks[] = { PIL_CONTAINER_HEADERS, PIL_CONTAINER_WHOLE,
							   PIL_CONTAINER_SEGMENTS };
	const struct pil_container_policy policy = { 0 };
	struct pil_container_result result = { 0 };
	size_t i = 0;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (pil_container_check(c, checks[i], &policy, &pil_crypto_openssl, &result, why))
			return false;
	return true;
}

/* what the container says about itself stays, unless an option says otherwise */
static bool take_over(struct job *job, const char *path, const struct pil_container *c)
{
	struct container_plan *plan = &job->plan;
	const struct sign_options *opt = job->signing->opt;
	const char *missing = NULL;
	unsigned int i = 0;

	if (!opt->processor && !c->has_processor)
		missing = "--processor";
	else if (!opt->want.anti_rollback && !c->has_version)
		missing = "--anti-rollback";
	if (missing) {
		complain(path, "the container does not say it: %s N is missing", missing);
		return false;
	}
	plan->processor = opt->processor ? plan->processor : c->processor;
	plan->version = opt->want.anti_rollback ? plan->version : c->version;
	plan->old = c->signed_part;
	plan->count = c->images;
	for (i = 0; i < c->images; i++)
		job->image[i] = c->image[i];
	return true;
}

static int read_container(struct job *job, const char *path)
{
	struct file *file = &job->file[0];
	struct pil_container c = { 0 };
	struct pil_why why = { 0 };
	unsigned int i = 0;

	if (!file_open(file, path))
		return STATUS_TROUBLE;
	job->files = 1;
	if (pil_container_parse(file->data, file->size, &c, &why) || !check_digests(&c, &why)) {
		complain_why(path, &why);
		return STATUS_REFUSED;
	}
	for (i = 0; i < c.images; i++)
		if (!check_table(job, path, &c.elf[i]))
			return STATUS_REFUSED;
	return take_over(job, path, &c) ? STATUS_OK : STATUS_REFUSED;
}

static int key_scheme(EVP_PKEY *key, enum scheme *scheme)
{
	char group[32] = "";
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "RSA") && bits >= PIL_RSA_BITS_MIN && bits <= PIL_RSA_BITS_MAX && bits % 8 == 0) {
		*scheme = SCHEME_RSA_PKCS1_SHA256;
		return STATUS_OK;
	}
	if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	    !strcmp(group, "prime256v1")) {
		*scheme = SCHEME_ECDSA_SHA256;
		return STATUS_OK;
	}
	return STATUS_REFUSED;
}

int container_key_load(struct container_key *key, const struct sign_options *opt)
{
	int status = STATUS_OK;

	key->signer = (struct signer){ .dir = opt->key, .whose = opt->key, .command = opt->command };
	key->public = opt->command ? public_key_read(opt->key) : key_read(opt->key, opt->passphrase_file);
	if (!key->public)
		return STATUS_TROUBLE;
	if (!opt->command)
		key->signer.key = key->public;
	status = key_scheme(key->public, &key->scheme);
	if (status)
		complain(opt->key, "the key is neither RSA with 2048 to 4096 bits nor EC on P-256");
	return status;
}

void container_key_free(struct container_key *key)
{
	EVP_PKEY_free(key->public);
	*key = (struct container_key){ 0 };
}

/* what was made must be genuine in the eyes of the code that will read it */
static int read_back(const struct job *job, struct pil_container_result *result)
{
	const struct pil_container_policy policy = {
		.strict = true,
		.check_processor = true,
		.processor = job->plan.processor,
		.check_version = true,
		.least_version = job->plan.version,
	};
	struct pil_container c = { 0 };
	struct pil_why why = { 0 };

	if (!pil_container_parse(job->data, job->size, &c, &why) &&
	    !pil_container_auth(&c, &policy, &pil_crypto_openssl, result, &why))
		return STATUS_OK;
	complain_why(job->output, &why);
	return STATUS_REFUSED;
}

static int make(struct job *job, char **inputs, unsigned int count, bool again, struct sign_report *report)
{
	struct pil_container_result result = { 0 };
	int status = STATUS_OK;
	unsigned int i = 0;

	if (again)
		status = read_container(job, inputs[0]);
	for (i = 0; !again && !status && i < count; i++)
		status = read_elf(job, inputs[i]);
	if (!status)
		status = container_write(&job->plan, &job->data, &job->size);
	if (!status)
		status = read_back(job, &result);
	if (!status && !output_whole(job->output, 0666, job->data, job->size))
		status = STATUS_TROUBLE;
	if (status)
		return status;
	*report = (struct sign_report){ .output = job->output,
					.images = job->plan.count,
					.version = PIL_CONTAINER_VERSION,
					.size = job->size,
					.scheme = job->plan.key->scheme,
					.processor = job->plan.processor,
					.image_version = job->plan.version };
	memcpy(report->key_hash, result.key_hash, sizeof(report->key_hash));
	return STATUS_OK;
}

int sign_container(const struct signing *signing, char **inputs, unsigned int count, bool again, const char *output,
		   struct sign_report *report)
{
	const struct sign_options *opt = signing->opt;
	struct job job = { .signing = signing, .output = output };
	unsigned int i = 0;
	int status = STATUS_OK;

	job.plan = (struct container_plan){ .key = &signing->container,
					    .image = job.image,
					    .processor = opt->processor_id,
					    .version = opt->want.binding.anti_rollback };
	status = make(&job, inputs, count, again, report);
	for (i = 0; i < job.files; i++)
		file_close(&job.file[i]);
	free(job.data);
	return status;
}

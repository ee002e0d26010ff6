/* SPDX-License-Identifier: BSD-2-Clause */
/* From a plain ELF file to a signed image. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/elf.h>
#include <pilot/plan.h>

#include "sign/elf_write.h"
#include "rsc/manifest.h"
#include "sign/sign.h"

/* struct job - one image on its way */
struct job {
	const struct signing *signing;
	const char *input;
	const char *output;
	struct file file;
	struct elf_out elf;
	struct sealed seal;
	uint8_t *metadata; /* headers, directly followed by the hash segment */
	size_t headers_size;
	size_t segment_size;
	uint64_t size; /* of the file */
	uint8_t manifest[PIL_MANIFEST_SIZE_MAX];
};

static int read_input(struct job *job)
{
	const struct sign_options *opt = job->signing->opt;
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };

	if (!file_open(&job->file, job->input))
		return STATUS_TROUBLE;
	if (pil_elf_parse(job->file.data, job->file.size, &elf, &why)) {
		complain_why(job->input, &why);
		return STATUS_TROUBLE;
	}
	return elf_out_collect(&job->elf, &elf, job->input, opt->elf32, !opt->fixed) ? STATUS_OK : STATUS_REFUSED;
}

/* a segment of the input that looks like a manifest is none that was asked for, but devices would take it for one */
static int add_manifest(struct job *job)
{
	const struct sign_options *opt = job->signing->opt;
	unsigned int i = 0;
	size_t size = 0;
	int status = STATUS_OK;

	for (i = ELF_OUT_FIRST; i < job->elf.phnum; i++) {
		if (PIL_PF_ACCESS(job->elf.phdr[i].flags) != PIL_PF_ACCESS_NOT_USED)
			continue;
		complain(job->input, "segment at 0x%" PRIx64 " has the mark of a manifest (p_flags 0x%" PRIx32 ")",
			 job->elf.phdr[i].paddr, job->elf.phdr[i].flags);
		return STATUS_REFUSED;
	}
	if (!opt->manifest)
		return STATUS_OK;
	status = manifest_read(opt->manifest, job->manifest, &size);
	if (!status && !elf_out_add_manifest(&job->elf, job->manifest, size, job->input, !opt->fixed))
		status = STATUS_REFUSED;
	return status;
}

/* entries of the hash segment itself and of segments without bytes in the file stay zero */
static bool fill_table(struct job *job)
{
	unsigned int i = 0;
	bool ok = seal_digest(&job->seal, 0, job->metadata, job->headers_size);

	for (i = ELF_OUT_FIRST; ok && i < job->elf.phnum; i++)
		if (job->elf.phdr[i].filesz)
			ok = seal_digest(&job->seal, i, job->elf.data[i], (size_t)job->elf.phdr[i].filesz);
	return ok;
}

static int place(struct job *job)
{
	const struct sign_options *opt = job->signing->opt;
	struct sealed *seal = &job->seal;
	int status = STATUS_OK;

	seal->writer = opt->writer ? opt->writer : &mbn_writer_v6;
	seal->alg = opt->alg ? opt->alg : seal->writer->longest;
	seal->want = opt->want;
	seal->want.anti_rollback = true;
	seal->path = job->input;
	seal->entries = job->elf.phnum;
	status = seal_prepare(seal, job->signing);
	if (status)
		return status;
	job->headers_size = elf_out_headers_size(&job->elf);
	job->segment_size = seal->layout.segment;
	if (!elf_out_place(&job->elf, job->segment_size)) {
		complain(job->input, "the image would be larger than an ELF file of this class can be");
		return STATUS_REFUSED;
	}
	seal->layout.address = (uint32_t)job->elf.phdr[ELF_OUT_HASH].paddr;
	return STATUS_OK;
}

static int build(struct job *job)
{
	int status = place(job);

	if (status)
		return status;
	job->metadata = malloc(job->headers_size + job->segment_size);
	if (!job->metadata) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	elf_out_headers(&job->elf, job->metadata);
	if (!fill_table(job))
		return STATUS_TROUBLE;
	return seal_write(&job->seal, job->signing, job->metadata + job->headers_size, job->segment_size);
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
		complain(job->input, "no device would load this: %s (program header numbers of the output)", text);
		return STATUS_REFUSED;
	}
	if (!plan.entry_inside)
		complain(job->input,
			 "warning: entry point 0x%" PRIx64 " lies in no loadable segment: no core can "
			 "start there",
			 image.elf.entry);
	return seal_check(&job->seal, job->metadata, job->headers_size + job->segment_size);
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

	if (!output_begin(&out, job->output, 0644))
		return STATUS_TROUBLE;
	if (!write_pieces(job, &out)) {
		output_abort(&out);
		return STATUS_TROUBLE;
	}
	return output_commit(&out) ? STATUS_OK : STATUS_TROUBLE;
}

int sign_plain(const struct signing *signing, const char *input, const char *output, struct sign_report *report)
{
	struct job *job = calloc(1, sizeof(*job));
	int status = STATUS_OK;

	if (!job) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	job->signing = signing;
	job->input = input;
	job->output = output;
	status = read_input(job);
	if (!status)
		status = add_manifest(job);
	if (!status)
		status = build(job);
	if (!status)
		status = read_back(job);
	if (!status)
		status = write_image(job);
	if (!status)
		*report = (struct sign_report){ .output = output,
						.version = job->seal.writer->version,
						.class = job->elf.is64 ? 64 : 32,
						.segments = job->elf.phnum - ELF_OUT_FIRST,
						.size = job->size,
						.scheme = job->seal.scheme };
	file_close(&job->file);
	seal_free(&job->seal);
	free(job->metadata);
	free(job);
	return status;
}

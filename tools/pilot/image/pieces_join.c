/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting an image's pieces together; what is missing, too much or contradicts itself is an error. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "image/pieces_join.h"

/* An offset in a damaged header must not make a file that fills the disk when it is copied. */
#define JOINED_MAX (UINT64_C(1) << 32)

static int add_span(struct join *j, const char *from, struct span span)
{
	if (j->spans == SPANS_MAX) {
		complain(from, "more than %u pieces of a file", SPANS_MAX);
		return STATUS_REFUSED;
	}
	if (span.size > JOINED_MAX || span.offset > JOINED_MAX - span.size) {
		complain(from, "%" PRIu64 " bytes at file offset 0x%" PRIx64 " would make a file of more than 4 GiB",
			 span.size, span.offset);
		return STATUS_REFUSED;
	}
	j->from[j->spans] = from;
	j->span[j->spans++] = span;
	if (span.offset + span.size > j->end)
		j->end = span.offset + span.size;
	return STATUS_OK;
}

/* open NAME and @ending; NULL after a complaint */
static const struct file *open_piece(struct join *j, const char *ending)
{
	struct file *file = &j->file[j->files];
	char *path = piece_path(j->stem, ending);

	if (!path)
		return NULL;
	j->path[j->files++] = path;
	return file_open(file, path) ? file : NULL;
}

static int read_segment(struct join *j, unsigned int index)
{
	const struct file *file = NULL;
	struct pil_phdr phdr = { 0 };
	char ending[8] = "";

	pil_elf_phdr(&j->elf, index, &phdr);
	if (!phdr.filesz)
		return STATUS_OK;
	file = open_piece(j, piece_ending(index, ending));
	if (!file)
		return STATUS_TROUBLE;
	if (file->size != phdr.filesz) {
		complain(file->path, "has %zu bytes; program header %u asks for %" PRIu64, file->size, index,
			 phdr.filesz);
		return STATUS_REFUSED;
	}
	return add_span(j, file->path, (struct span){ phdr.offset, file->size, file->data });
}

/* the .mdt is headers and hash segment, directly behind one another */
static int read_mdt(struct join *j)
{
	size_t headers = pil_elf_headers_end(&j->elf);
	unsigned int hash = piece_hash_index(&j->elf);
	struct pil_phdr phdr = { 0 };
	int status = STATUS_OK;

	if (hash)
		pil_elf_phdr(&j->elf, hash, &phdr);
	if (j->mdt.size - headers != phdr.filesz) {
		complain(j->input,
			 "has %zu bytes; headers (%zu) and hash segment (%" PRIu64 ") of its program headers are "
			 "%" PRIu64,
			 j->mdt.size, headers, phdr.filesz, headers + phdr.filesz);
		return STATUS_REFUSED;
	}
	status = add_span(j, j->input, (struct span){ 0, headers, j->mdt.data });
	if (!status && phdr.filesz)
		status = add_span(j, j->input, (struct span){ phdr.offset, phdr.filesz, j->mdt.data + headers });
	return status;
}

static int bad_rest(const struct file *file, uint64_t pos)
{
	complain(file->path, "malformed at byte %" PRIu64 " of %zu", pos, file->size);
	return STATUS_REFUSED;
}

static int parse_rest(struct join *j, const struct file *file)
{
	uint64_t pos = REST_HEAD;
	int status = STATUS_OK;

	if (file->size < REST_HEAD || memcmp(file->data, REST_MAGIC, REST_MAGIC_SIZE))
		return bad_rest(file, 0);
	j->size = get_le64(file->data + REST_MAGIC_SIZE);
	while (!status && pos < file->size) {
		struct span span = { 0 };

		if (file->size - pos < REST_RECORD)
			return bad_rest(file, pos);
		span.offset = get_le64(file->data + pos);
		span.size = get_le64(file->data + pos + 8);
		pos += REST_RECORD;
		if (span.size > file->size - pos)
			return bad_rest(file, pos - 8);
		span.data = file->data + pos;
		pos += span.size;
		status = add_span(j, file->path, span);
	}
	if (!status && j->size != j->end) {
		complain(file->path, "says that the file has %" PRIu64 " bytes; the pieces end at %" PRIu64, j->size,
			 j->end);
		return STATUS_REFUSED;
	}
	return status;
}

/* is @name a piece that was read? */
static bool is_used(const struct join *j, const char *name)
{
	unsigned int i = 0;

	for (i = 0; i < j->files; i++)
		if (!strcmp(base_name(j->path[i]), name))
			return true;
	return !strcmp(base_name(j->input), name);
}

static int read_others(struct join *j)
{
	char **names = NULL;
	char **name = NULL;
	int status = pieces_find(j->stem, &names) ? STATUS_OK : STATUS_TROUBLE;
	size_t stem = strlen(base_name(j->stem));

	for (name = names; !status && *name; name++) {
		if (!strcmp(*name + stem, ".rest")) {
			const struct file *file = open_piece(j, ".rest");

			status = file ? parse_rest(j, file) : STATUS_TROUBLE;
		} else if (!is_used(j, *name)) {
			complain(j->input, "%s is there, but no program header with bytes asks for it", *name);
			status = STATUS_REFUSED;
		}
	}
	pieces_free(names);
	return status;
}

/* two pieces that claim the same bytes of the file must have the same bytes */
static int compare(const struct join *j, unsigned int a, unsigned int b)
{
	const struct span *x = &j->span[a];
	const struct span *y = &j->span[b];
	uint64_t from = x->offset > y->offset ? x->offset : y->offset;
	uint64_t x_end = x->offset + x->size;
	uint64_t y_end = y->offset + y->size;
	uint64_t to = x_end < y_end ? x_end : y_end;

	if (from >= to || !memcmp(x->data + (from - x->offset), y->data + (from - y->offset), (size_t)(to - from)))
		return STATUS_OK;
	while (x->data[from - x->offset] == y->data[from - y->offset])
		from++;
	complain(j->input, "%s and %s differ in what they say of file offset 0x%" PRIx64, base_name(j->from[a]),
		 base_name(j->from[b]), from);
	return STATUS_REFUSED;
}

static int compare_all(const struct join *j)
{
	unsigned int a = 0;
	unsigned int b = 0;
	int status = STATUS_OK;

	for (a = 0; a < j->spans; a++)
		for (b = a + 1; !status && b < j->spans; b++)
			status = compare(j, a, b);
	return status;
}

static int read_pieces(struct join *j)
{
	struct pil_why why = { 0 };
	unsigned int i = 0;
	int status = STATUS_OK;

	j->stem = strndup(j->input, strlen(j->input) - strlen(".mdt"));
	if (!j->stem) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	if (!file_open(&j->mdt, j->input))
		return STATUS_TROUBLE;
	if (pil_elf_parse(j->mdt.data, j->mdt.size, &j->elf, &why)) {
		complain_why(j->input, &why);
		return STATUS_TROUBLE;
	}
	status = read_mdt(j);
	for (i = 0; !status && i < j->elf.phnum; i++)
		status = read_segment(j, i);
	if (!status)
		status = read_others(j);
	return status ? status : compare_all(j);
}

int pieces_join(struct join *j, struct output *out)
{
	int status = read_pieces(j);
	unsigned int i = 0;

	for (i = 0; !status && i < j->spans; i++)
		if (!output_write(out, j->span[i].offset, j->span[i].data, (size_t)j->span[i].size))
			status = STATUS_TROUBLE;
	return status;
}

void pieces_join_free(struct join *j)
{
	unsigned int i = 0;

	for (i = 0; i < j->files; i++) {
		file_close(&j->file[i]);
		free(j->path[i]);
	}
	file_close(&j->mdt);
	free(j->stem);
}

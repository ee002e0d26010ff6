/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking an image apart: headers and hash segment, a file for every program header, and the rest. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "image/pieces_split.h"

static void add_span(struct split *s, uint64_t offset, uint64_t size)
{
	s->span[s->spans++] = (struct span){ offset, size, s->file.data + offset };
}

/* headers and segments as pieces of the file, by ascending offset */
static int find_spans(struct split *s)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	add_span(s, 0, pil_elf_headers_end(&s->elf));
	for (i = 0; i < s->elf.phnum; i++) {
		pil_elf_phdr(&s->elf, i, &phdr);
		if (!phdr.filesz)
			continue;
		if (phdr.offset > s->file.size || phdr.filesz > s->file.size - phdr.offset) {
			struct pil_why why = { .reason = PIL_R_ELF_SEGMENT_END, .a = i, .b = s->file.size };

			complain_why(s->input, &why);
			return STATUS_REFUSED;
		}
		add_span(s, phdr.offset, phdr.filesz);
	}
	return STATUS_OK;
}

/* a piece that is left over from another image would make the set contradict itself */
static int look_around(const struct split *s)
{
	char **names = NULL;
	int status = STATUS_OK;

	if (!pieces_find(s->stem, &names))
		return STATUS_TROUBLE;
	if (*names && !s->force) {
		complain(s->stem, "%s is there already; --force replaces the set", *names);
		status = STATUS_REFUSED;
	}
	pieces_free(names);
	return status;
}

static bool begin(struct split *s, const char *ending)
{
	char *path = piece_path(s->stem, ending);

	if (!path)
		return false;
	s->path[s->outputs] = path;
	return output_begin(&s->output[s->outputs++], path, 0644);
}

/* to the end of the piece that was begun last */
static bool append(struct split *s, const void *data, size_t size)
{
	unsigned int last = s->outputs - 1;
	bool ok = output_write(&s->output[last], s->size[last], data, size);

	s->size[last] += size;
	return ok;
}

static bool write_segments(struct split *s)
{
	struct pil_phdr phdr = { 0 };
	char ending[8] = "";
	unsigned int i = 0;

	for (i = 0; i < s->elf.phnum; i++) {
		pil_elf_phdr(&s->elf, i, &phdr);
		if (phdr.filesz &&
		    (!begin(s, piece_ending(i, ending)) || !append(s, s->file.data + phdr.offset, (size_t)phdr.filesz)))
			return false;
	}
	return true;
}

static bool write_mdt(struct split *s)
{
	unsigned int hash = piece_hash_index(&s->elf);
	struct pil_phdr phdr = { 0 };

	if (!begin(s, ".mdt") || !append(s, s->file.data, pil_elf_headers_end(&s->elf)))
		return false;
	if (!hash)
		return true;
	pil_elf_phdr(&s->elf, hash, &phdr);
	return !phdr.filesz || append(s, s->file.data + phdr.offset, (size_t)phdr.filesz);
}

static int by_offset(const void *a, const void *b)
{
	const struct span *x = a;
	const struct span *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool all_zero(const uint8_t *data, uint64_t size)
{
	while (size && !*data) {
		data++;
		size--;
	}
	return !size;
}

/* bytes between @from and @to belong to nothing */
static bool write_gap(struct split *s, bool *begun, uint64_t from, uint64_t to)
{
	uint8_t record[REST_RECORD] = { 0 };
	uint8_t head[REST_HEAD] = REST_MAGIC;
	bool last = to == s->file.size;

	if (from == to || (!last && all_zero(s->file.data + from, to - from)))
		return true;
	put_le64(head + REST_MAGIC_SIZE, s->file.size);
	if (!*begun && (!begin(s, ".rest") || !append(s, head, sizeof(head))))
		return false;
	*begun = true;
	put_le64(record, from);
	put_le64(record + 8, to - from);
	return append(s, record, sizeof(record)) && append(s, s->file.data + from, (size_t)(to - from));
}

static bool write_rest(struct split *s)
{
	bool begun = false;
	uint64_t end = 0;
	unsigned int i = 0;

	qsort(s->span, s->spans, sizeof(s->span[0]), by_offset);
	for (i = 0; i < s->spans; i++) {
		uint64_t after = s->span[i].offset + s->span[i].size;

		if (s->span[i].offset > end && !write_gap(s, &begun, end, s->span[i].offset))
			return false;
		end = after > end ? after : end;
	}
	return write_gap(s, &begun, end, s->file.size);
}

/* pieces of the old set that the new one does not replace; the .mdt first, so that nobody takes half a set for one */
static bool remove_old(const struct split *s)
{
	char **names = NULL;
	char **name = NULL;
	char *mdt = piece_path(s->stem, ".mdt");
	bool ok = mdt && pieces_find(s->stem, &names);

	if (ok && unlink(mdt) && errno != ENOENT) {
		complain(mdt, "an older file cannot be removed: %s", strerror(errno));
		ok = false;
	}
	for (name = names; ok && *name; name++) {
		char *path = piece_path(s->stem, *name + strlen(base_name(s->stem)));

		ok = path && (!unlink(path) || errno == ENOENT);
		if (!ok)
			complain(*name, "an older file cannot be removed: %s", strerror(errno));
		free(path);
	}
	pieces_free(names);
	free(mdt);
	return ok;
}

/* the .mdt was written last and is renamed last: before that there is no set */
static bool rename_all(struct split *s)
{
	unsigned int i = 0;
	bool ok = true;

	for (i = 0; ok && i < s->outputs; i++)
		ok = output_rename(&s->output[i]);
	if (ok)
		return true;
	while (--i)
		unlink(s->path[i - 1]);
	return false;
}

static bool commit(struct split *s)
{
	sigset_t before;
	unsigned int i = 0;
	bool ok = true;

	for (i = 0; ok && i < s->outputs; i++)
		ok = output_finish(&s->output[i]);
	if (!ok)
		return false;
	cleanup_hold(&before);
	ok = (!s->force || remove_old(s)) && rename_all(s);
	cleanup_release(&before);
	return ok;
}

int pieces_split(struct split *s)
{
	struct pil_why why = { 0 };
	int status = STATUS_OK;

	if (pil_elf_parse(s->file.data, s->file.size, &s->elf, &why)) {
		complain_why(s->input, &why);
		return STATUS_TROUBLE;
	}
	status = find_spans(s);
	if (!status)
		status = look_around(s);
	if (status)
		return status;
	return write_segments(s) && write_rest(s) && write_mdt(s) && commit(s) ? STATUS_OK : STATUS_TROUBLE;
}

void pieces_split_free(struct split *s)
{
	unsigned int i = 0;

	for (i = 0; i < s->outputs; i++) {
		output_abort(&s->output[i]);
		free(s->path[i]);
	}
	file_close(&s->file);
	free(s->stem);
}

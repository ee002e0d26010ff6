/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests: which segment is one, and what it says. Over models of the cursor and of ELF headers. The program headers are taken by
 * induction: the loop's copy makes one turn, from any state that the invariant allows. Entries are so few that all are looked at. What
 * each of them says, and that no access leaves them, is proven for as many as there may be, with any outcome of the comparison
 * of two; that no two overlap, for a few.
 */
#include <pilot/manifest.h>

#include "proof.h"

#define SIZE 4294967296 /* 4 GiB */

/* what the loop over program headers has found so far: nothing, or one of them that may be a manifest */
static bool is_found(unsigned int index, const struct pil_phdr *phdr)
{
	return !index ||
	       (phdr->filesz >= sizeof(struct pil_manifest_header_wire) && phdr->filesz <= PIL_MANIFEST_SIZE_MAX);
}

/* the state before any turn but the first */
static void any_header(const struct pil_elf *elf, unsigned int *i, unsigned int *index, struct pil_phdr *phdr)
{
	CLAIM(is_found(*index, phdr), "nothing is found before the first turn");
	*i = nondet_uint();
	*index = nondet_uint();
	*phdr = (struct pil_phdr){ nondet_u32(), nondet_u32(), nondet_u64(), nondet_u64(),
				   nondet_u64(), nondet_u64(), nondet_u64(), nondet_u64() };
	ASSUME(*i && *index < *i && *index < elf->phnum && is_found(*index, phdr));
}

static void next_header(const struct pil_elf *elf, unsigned int i, unsigned int index, const struct pil_phdr *phdr)
{
	CLAIM(index <= i && index < elf->phnum && is_found(index, phdr), "what is found may be a manifest");
	ASSUME(false);
}

#include "lib/image/manifest.c"

static void prove_find(void)
{
	struct pil_elf elf = { .phnum = nondet_u16() };
	struct pil_phdr phdr = { 0 };
	struct pil_why why = { 0 };
	unsigned int index = nondet_uint();
	int ret = 0;

	ASSUME(elf.phnum && elf.phnum <= PIL_ELF_MAX_PHNUM);
	ret = pil_manifest_find(&elf, &index, &phdr, &why);
	claim_result(ret, &why);
	if (ret)
		return;
	CLAIM(index < elf.phnum && is_found(index, &phdr), "what is found is a program header, of a manifest's size");
	if (index)
		REACHED("a segment with a manifest");
	else
		REACHED("an image without one");
}

static void claim_entry(const struct pil_manifest_entry *e)
{
	CLAIM(e->purpose < PIL_RSC_PURPOSES, "an entry's purpose is known");
	CLAIM(e->access && !(e->access & ~ACCESS), "an entry allows something, and nothing unknown");
	CLAIM(e->range.size && !((e->range.base | e->range.size) & (PAGE - 1)), "an entry has whole pages");
	CLAIM(e->range.base <= UINT64_MAX - e->range.size, "an entry does not wrap");
}

static bool are_apart(const struct pil_manifest_entry *a, const struct pil_manifest_entry *b)
{
	return a->sid != b->sid || a->mask != b->mask || a->range.base + a->range.size <= b->range.base ||
	       b->range.base + b->range.size <= a->range.base;
}

static int parse_any(struct pil_manifest *m, size_t *size)
{
	struct pil_why why = { 0 };
	uint8_t *data = NULL;
	int ret = 0;

	*size = any_size(SIZE);
	data = any_bytes(*size);
	ret = pil_manifest_parse(data, *size, m, &why);
	claim_result(ret, &why);
	CLAIM(m->count <= PIL_MANIFEST_MAX, "no more entries than there is room for");
	CLAIM(!ret || !m->count, "a failure leaves nothing");
	return ret;
}

static void prove_parse(void)
{
	struct pil_manifest m = { .count = nondet_uint() };
	unsigned int i = 0;
	size_t size = 0;

	if (parse_any(&m, &size))
		return;
	REACHED("an accepted manifest");
	CLAIM(size == sizeof(struct pil_manifest_header_wire) + m.count * sizeof(struct pil_manifest_entry_wire),
	      "the entries fill the segment");
	for (i = 0; i < PIL_MANIFEST_MAX && i < m.count; i++)
		claim_entry(&m.entry[i]);
	if (m.count == PIL_MANIFEST_MAX)
		REACHED("as many entries as there may be");
}

#define FEW 6 /* entries: what the copy of the header has for PIL_MANIFEST_MAX in this proof */

static void prove_overlap(void)
{
	struct pil_manifest m = { .count = nondet_uint() };
	unsigned int i = 0, j = 0;
	size_t size = 0;

	if (parse_any(&m, &size))
		return;
	CLAIM(m.count <= FEW, "there are no more than that");
	for (i = 0; i < PIL_MANIFEST_MAX && i < m.count; i++)
		for (j = 0; j < i; j++)
			CLAIM(are_apart(&m.entry[j], &m.entry[i]), "ranges of one stream do not overlap");
	if (m.count == FEW && same_stream(&m.entry[0], &m.entry[1]))
		REACHED("two ranges of one stream");
}

int main(void)
{
	PROOF_PART();
	return 0;
}

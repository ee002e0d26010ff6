/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot firmware left in the stream-match registers of SMMUv2s: a text file, pilot-board(1). */
#include <string.h>

#include <pilot/wire/smmuv2.h>

#include "board/streams.h"
#include "pilot.h"

#define WORDS	  5u /* of a line, one more than the longest has */
#define WORD_SIZE 256u
#define SIZE_MOST (1u << 20)

/** struct reader - where it is; @iommu: the SMMU that lines are for, or MODEL_NONE */
struct reader {
	struct streams *streams;
	const struct board_model *model;
	const char *name;
	unsigned int line;
	int iommu;
};

/* the only SMMUv2 that is not a GPU's own: then the file need not say which */
static int only_smmu(const struct board_model *m)
{
	int found = MODEL_NONE;

	for (unsigned int i = 0; i < m->iommu_count; i++) {
		if (m->iommus[i].kind != IOMMU_SMMUV2 || m->iommus[i].adreno)
			continue;
		if (found != MODEL_NONE)
			return MODEL_NONE;
		found = (int)i;
	}
	return found;
}

static int iommu_named(const struct board_model *m, const char *word)
{
	uint64_t address = 0;

	if (word[0] == '/')
		return model_iommu_at(m, tree_find(m->tree, word));
	return parse_number(word, UINT64_MAX, &address) ? model_iommu_by_address(m, address) : MODEL_NONE;
}

static bool choose_smmu(struct reader *r, const char *word)
{
	r->iommu = iommu_named(r->model, word);
	if (r->iommu == MODEL_NONE) {
		complain(r->name, "line %u: '%s' is neither the address nor the path of an IOMMU of %s", r->line,
			 tree_text(r->model->tree, word, strlen(word)), r->model->tree->name);
		return false;
	}
	if (r->model->iommus[r->iommu].kind == IOMMU_SMMUV2)
		return true;
	complain(r->name, "line %u: %s is no SMMUv2: it has no stream-match registers that a host could inherit",
		 r->line, r->model->iommus[r->iommu].path);
	return false;
}

static bool add(struct reader *r, const struct inherited_group *g)
{
	struct streams *s = r->streams;
	unsigned int here = 0;

	if (r->iommu == MODEL_NONE) {
		complain(r->name, "line %u: which SMMU? The tree has several, or none: write 'smmu ADDRESS' before it",
			 r->line);
		return false;
	}
	for (unsigned int i = 0; i < s->group_count; i++) {
		here += s->groups[i].iommu == r->iommu;
		if (g->numbered && s->groups[i].numbered && s->groups[i].iommu == r->iommu &&
		    s->groups[i].group == g->group) {
			complain(r->name, "line %u: group %u was there already, in line %u", r->line, g->group,
				 s->groups[i].line);
			return false;
		}
	}
	if (here == PIL_SMMUV2_GROUPS) {
		complain(r->name, "line %u: an SMMUv2 has at most %u stream-match registers", r->line,
			 PIL_SMMUV2_GROUPS);
		return false;
	}
	s->groups = pool_grow(&s->pool, s->groups, s->group_count, sizeof(*g));
	s->groups[s->group_count] = *g;
	s->groups[s->group_count].iommu = r->iommu;
	s->groups[s->group_count++].line = r->line;
	return true;
}

static bool number(const struct reader *r, const char *word, uint32_t most, uint32_t *value)
{
	uint64_t wide = 0;

	if (!parse_number(word, most, &wide)) {
		complain(r->name, "line %u: '%s' is no number of at most 0x%x", r->line,
			 tree_text(r->model->tree, word, strlen(word)), most);
		return false;
	}
	*value = (uint32_t)wide;
	return true;
}

/* group N SMR [S2CR] */
static bool take_group(struct reader *r, char word[WORDS][WORD_SIZE], unsigned int words)
{
	struct inherited_group g = { .numbered = true, .has_s2cr = words == 4 };
	uint32_t smr = 0;

	if (!number(r, word[1], PIL_SMMUV2_GROUPS - 1, &g.group) || !number(r, word[2], UINT32_MAX, &smr) ||
	    (g.has_s2cr && !number(r, word[3], UINT32_MAX, &g.s2cr)))
		return false;
	if (!(smr & PIL_SMMUV2_SMR_VALID))
		return true;
	g.sid = smr & PIL_SMMUV2_ID_BITS;
	g.mask = smr >> 16 & PIL_SMMUV2_ID_BITS;
	g.sid &= ~g.mask;
	return add(r, &g);
}

/* sid SID [mask MASK] */
static bool take_sid(struct reader *r, char word[WORDS][WORD_SIZE], unsigned int words)
{
	struct inherited_group g = { 0 };

	if (!number(r, word[1], 0xffff, &g.sid) || (words == 4 && !number(r, word[3], 0xffff, &g.mask)))
		return false;
	g.sid &= ~g.mask;
	return add(r, &g);
}

static bool take_words(struct reader *r, char word[WORDS][WORD_SIZE], unsigned int words)
{
	if (!words)
		return true;
	if (!strcmp(word[0], "smmu") && words == 2)
		return choose_smmu(r, word[1]);
	if (!strcmp(word[0], "group") && (words == 3 || words == 4))
		return take_group(r, word, words);
	if (!strcmp(word[0], "sid") && (words == 2 || (words == 4 && !strcmp(word[2], "mask"))))
		return take_sid(r, word, words);
	complain(r->name, "line %u: expected 'smmu ADDRESS', 'group N SMR [S2CR]' or 'sid SID [mask MASK]'", r->line);
	return false;
}

/* Return: how many words; WORDS + 1 when one is too long, or not text */
static unsigned int split(const char *line, size_t size, char word[WORDS][WORD_SIZE])
{
	unsigned int words = 0;
	size_t at = 0;

	while (words < WORDS) {
		size_t length = 0;

		while (at < size && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
			at++;
		if (at == size || line[at] == '#')
			return words;
		while (at < size && line[at] > ' ' && line[at] < 0x7f && line[at] != '#' && length + 1 < WORD_SIZE)
			word[words][length++] = line[at++];
		if (!length || (at < size && !strchr(" \t\r#", line[at])))
			return WORDS + 1;
		word[words++][length] = '\0';
	}
	return words;
}

bool streams_inherit(struct streams *s, const struct board_model *m, const char *name, const char *text, size_t size)
{
	struct reader r = { .streams = s, .model = m, .name = name, .iommu = only_smmu(m) };
	char word[WORDS][WORD_SIZE] = { { 0 } };

	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - text) - at : size - at;
		unsigned int words = split(text + at, length, word);

		r.line++;
		if (words > WORDS) {
			complain(name, "line %u: a word has more than %u characters, or is no text", r.line,
				 WORD_SIZE - 1);
			return false;
		}
		if (!take_words(&r, word, words))
			return false;
		at += length + 1;
	}
	return true;
}

bool streams_read_inherited(struct streams *s, const struct board_model *m, const char *path)
{
	struct file file = { 0 };
	bool done = false;

	if (!file_open(&file, path))
		return false;
	if (file.size > SIZE_MOST)
		complain(path, "%zu bytes are too many for a list of registers: %u at most", file.size, SIZE_MOST);
	else
		done = streams_inherit(s, m, path, (const char *)file.data, file.size);
	file_close(&file);
	return done;
}

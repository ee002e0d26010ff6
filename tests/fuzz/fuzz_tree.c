/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device trees: whatever bytes one is, it is refused with a complaint, or makes a model whose parts agree, which can be shown and checked as text
 * and as a document. An input is a tree, or FUZZ_TREE_MARK, lengths of a tree and of an overlay (little endian), the two, and a list of what boot
 * firmware left.
 */
#include <string.h>

#include <libfdt.h>

#include "../../tools/pilot/board/board.h"
#include "../../tools/pilot/board/check.h"
#include "../../tools/pilot/board/streams.h"
#include "../../tools/pilot/board/tree_merge.h"
#include "../../tools/pilot/draw/draw.h"
#include "fuzz_markup.h"
#include "fuzz_tool.h"
#include "seeds_tree.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* what is printed is looked at by nobody */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_CHECK(freopen("/dev/null", "w", stdout));
	return 0;
}

/* no other program runs */
void *tree_compile(const char *path, const uint8_t *text, size_t size)
{
	(void)text;
	(void)size;
	complain(path, "is a source");
	return NULL;
}

/* no firmware is looked for: images have targets of their own */
void rules_firmware(struct check *c)
{
	FUZZ_CHECK(!c->firmware);
}

bool rules_firmware_maps(struct check *c, const struct peripheral *p, const struct region *r)
{
	(void)p;
	(void)r;
	return c->firmware != NULL;
}

static void check_text(const char *text)
{
	for (; text && *text; text++)
		FUZZ_CHECK(*text >= 0x20 && *text < 0x7f);
}

static void check_index(int index, unsigned int count)
{
	FUZZ_CHECK(index == MODEL_NONE || (index >= 0 && (unsigned int)index < count));
}

static void check_references(const struct board_model *m, const struct references *r)
{
	FUZZ_CHECK(!r->count || r->property);
	for (unsigned int i = 0; i < r->count; i++) {
		check_index(r->list[i].node, (unsigned int)m->tree->count);
		FUZZ_CHECK(r->list[i].args <= TREE_ARGS);
		check_text(r->list[i].name);
		check_text(r->list[i].path);
	}
}

static void check_peripheral(const struct board_model *m, const struct peripheral *p)
{
	FUZZ_CHECK(model_peripheral_at(m, p->node) && model_peripheral_named(m, p->path));
	check_index(p->parent, m->peripheral_count);
	check_index(p->service_node, (unsigned int)m->tree->count);
	for (unsigned int i = 0; i < p->region_count; i++)
		check_index(p->regions[i].region, m->region_count);
	for (unsigned int i = 0; i < p->firmware_count; i++)
		check_text(p->firmware[i]);
	check_text(p->path);
	check_text(p->name);
	check_text(p->compatible);
	check_references(m, &p->interrupts);
	check_references(m, &p->clocks);
	check_references(m, &p->mailboxes);
	check_references(m, &p->states);
}

static void check_streams(const struct board_model *m)
{
	for (unsigned int i = 0; i < m->stream_count; i++) {
		const struct stream *s = &m->streams[i];

		FUZZ_CHECK(s->iommu >= 0 && (unsigned int)s->iommu < m->iommu_count && s->count);
		check_index(s->peripheral, m->peripheral_count);
		FUZZ_CHECK(model_stream_has(m, s, s->sid) && model_streams_meet(m, s, s));
		FUZZ_CHECK(model_stream_of(m, s->iommu, s->sid));
		if (i)
			FUZZ_CHECK(model_streams_meet(m, s, s - 1) == model_streams_meet(m, s - 1, s));
	}
}

static void check_model(const struct board_model *m)
{
	check_index(m->scm, (unsigned int)m->tree->count);
	check_index(m->tee_service, (unsigned int)m->tree->count);
	for (unsigned int i = 0; i < m->region_count; i++) {
		const struct region *r = &m->regions[i];

		FUZZ_CHECK(r->dynamic || !r->size || r->base + (r->size - 1) >= r->base);
		FUZZ_CHECK(!r->enabled || r->dynamic || !r->size || model_region_at(m, r->base));
		(void)model_memory_covers(m, r->base, r->size);
		check_text(r->path);
	}
	for (unsigned int i = 0; i < m->peripheral_count; i++)
		check_peripheral(m, &m->peripherals[i]);
	for (unsigned int i = 0; i < m->problem_count; i++) {
		check_text(m->problems[i].path);
		check_text(m->problems[i].text);
	}
	check_streams(m);
}

static void check_rows(const struct board_model *m, const struct fuzz_file *list)
{
	struct streams s = { 0 };

	if (list && !streams_read_inherited(&s, m, list->name)) {
		FUZZ_CHECK(fuzz_complaints());
		streams_free(&s);
		return;
	}
	streams_work_out(&s, m);
	FUZZ_CHECK(s.count >= m->stream_count);
	for (unsigned int i = 0; i < s.count; i++)
		for (unsigned int a = 0; a < STREAMS_ARRANGEMENTS; a++) {
			FUZZ_CHECK(s.rows[i].outcome[a].then < STREAM_FATES);
			check_text(s.rows[i].outcome[a].note);
		}
	streams_print(&s, STREAMS_ARRANGEMENTS);
	json_finish(streams_json(&s, STREAMS_ARRANGEMENTS), STATUS_OK);
	streams_free(&s);
}

static void check_tree(const struct tree *t)
{
	for (int node = 0; node < t->count; node++) {
		check_text(tree_path(t, node));
		FUZZ_CHECK(t->nodes[node].parent < node && t->nodes[node].depth <= TREE_DEPTH);
		FUZZ_CHECK(tree_is_within(t, node, 0));
	}
}

static void check_rules(const struct board_model *m, enum arrangement arrangement)
{
	struct check c = { .model = m, .tree = m->tree, .arrangement = arrangement };

	check_board(&c);
	for (unsigned int i = 0; i < c.count; i++) {
		const struct finding *f = &c.findings[i];

		FUZZ_CHECK(f->rule < RULES && rule_at(f->rule)->arrangements & arrangement && !rule_at(f->rule)->firmware);
		FUZZ_CHECK(f->path[0] == '/' && f->text[0]);
		check_text(f->path);
		check_text(f->value);
		check_text(f->text);
	}
	check_print(&c, "asked for");
	json_finish(check_json(&c, "asked for"), STATUS_OK);
	check_free(&c);
}

static void check_pictures(const struct board_model *m)
{
	struct buffer svg = { 0 };
	struct plan plan = { 0 };

	plan_make(&plan, m);
	draw_board(&svg, &plan, m->tree->name);
	fuzz_check_markup(&svg);
	plan_free(&plan);
}

static void look(struct board *b)
{
	const char *why = NULL;

	check_tree(&b->tree);
	check_model(&b->model);
	board_show_text(&b->model, true);
	json_finish(board_show_json(&b->model, true), STATUS_OK);
	check_rows(&b->model, fuzz_file_get("list"));
	check_text(arrangement_name(check_arrangement(&b->model, &why)));
	check_rules(&b->model, ARRANGEMENT_OWNER);
	check_rules(&b->model, ARRANGEMENT_GUEST);
	check_rules(&b->model, ARRANGEMENT_TEE);
	check_pictures(&b->model);
}

static uint32_t le32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Return: the input is of several parts; @b gets the overlay's name */
static bool split(const uint8_t *data, size_t size, struct board *b)
{
	size_t base = 0, overlay = 0;

	if (size < FUZZ_TREE_HEAD || memcmp(data, FUZZ_TREE_MARK, 4))
		return false;
	base = le32(data + 4);
	overlay = le32(data + 8);
	data += FUZZ_TREE_HEAD;
	size -= FUZZ_TREE_HEAD;
	if (base > size || overlay > size - base)
		return false;
	fuzz_file_put("tree", data, base);
	if (overlay) {
		fuzz_file_put("overlay", data + base, overlay);
		FUZZ_CHECK(board_overlay(b, "overlay"));
	}
	fuzz_file_put("list", data + base + overlay, size - base - overlay);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct board b = { 0 };

	(void)fuzz_complaints();
	if (!split(data, size, &b))
		fuzz_file_put("tree", data, size);
	if (board_load(&b, "tree")) {
		look(&b);
		board_release(&b);
	} else {
		FUZZ_CHECK(fuzz_complaints());
	}
	fuzz_files_remove();
	free(fuzz_document);
	fuzz_document = NULL;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* 'pilot board streams' for people, and as a document. */
#include <inttypes.h>
#include <string.h>

#include "board/board.h"
#include "board/streams.h"
#include "pilot.h"

#define IDS   17 /* columns */
#define BY    9
#define FATE  18
#define OWNER 28 /* at most */
#define LEAST 12

static enum paint colour(enum stream_fate fate)
{
	switch (fate) {
	case FATE_TRANSLATED:
	case FATE_SECURE:
		return PAINT_GOOD;
	case FATE_BYPASS:
	case FATE_REFUSED:
		return PAINT_BAD;
	case FATE_IDENTITY:
	case FATE_UNMANAGED:
		return PAINT_WARN;
	case FATE_ABORT:
	case FATE_UNKNOWN:
	case STREAM_FATES:
	default:
		return PAINT_DIM;
	}
}

/** struct columns - which arrangements are printed; @both: what owner says holds for tee, too */
struct columns {
	bool shown[STREAMS_ARRANGEMENTS];
	bool both;
	int owner;
};

static bool is_same(const struct stream_outcome *a, const struct stream_outcome *b)
{
	return a->first == b->first && a->then == b->then && !a->note == !b->note &&
	       (!a->note || !strcmp(a->note, b->note));
}

/* owners get what the outcomes leave */
static struct columns choose_columns(const struct streams *s, enum streams_arrangement only)
{
	struct columns c = { .both = only == STREAMS_ARRANGEMENTS };
	int count = 0;
	int rest = 0;

	for (unsigned int i = 0; i < s->count && c.both; i++)
		c.both = is_same(&s->rows[i].outcome[STREAMS_OWNER], &s->rows[i].outcome[STREAMS_TEE]);
	for (enum streams_arrangement a = STREAMS_OWNER; a < STREAMS_ARRANGEMENTS; a++) {
		c.shown[a] = (only == STREAMS_ARRANGEMENTS || only == a) && !(c.both && a == STREAMS_TEE);
		count += c.shown[a];
	}
	rest = (int)text_width() - (2 + IDS + 1 + BY + 1 + count * (FATE + 1));
	c.owner = rest < LEAST ? LEAST : rest > OWNER ? OWNER : rest;
	return c;
}

static void ids_text(char out[IDS + 8], const struct stream_row *row)
{
	if (row->count > 1)
		snprintf(out, IDS + 8, "0x%04" PRIx32 "-0x%04" PRIx32, row->sid, row->sid + row->count - 1);
	else if (row->mask)
		snprintf(out, IDS + 8, "0x%04" PRIx32 "/0x%04" PRIx32, row->sid, row->mask);
	else
		snprintf(out, IDS + 8, "0x%04" PRIx32, row->sid);
}

static void print_outcome(const struct stream_outcome *o, bool last)
{
	int width = (int)strlen(stream_fate_name(o->then));

	if (o->first != o->then)
		width += printf("%s > ", stream_fate_name(o->first));
	printf("%s%s%s", paint(colour(o->then)), stream_fate_name(o->then), paint(PAINT_OFF));
	if (!last)
		printf("%*s", width < FATE ? FATE - width + 1 : 1, "");
}

static bool is_last(const struct columns *c, enum streams_arrangement a)
{
	while (++a < STREAMS_ARRANGEMENTS)
		if (c->shown[a])
			return false;
	return true;
}

/* said already by an earlier column */
static bool is_repeated(const struct stream_row *row, const struct columns *c, enum streams_arrangement a)
{
	for (enum streams_arrangement b = STREAMS_OWNER; b < a; b++)
		if (c->shown[b] && row->outcome[b].note && !strcmp(row->outcome[b].note, row->outcome[a].note))
			return true;
	return false;
}

static void print_notes(const struct stream_row *row, const struct columns *c)
{
	for (enum streams_arrangement a = STREAMS_OWNER; a < STREAMS_ARRANGEMENTS; a++) {
		char first[40] = "";

		if (!c->shown[a] || !row->outcome[a].note || is_repeated(row, c, a))
			continue;
		snprintf(first, sizeof(first), "%*s%s: ", IDS + 3, "", streams_arrangement_name(a));
		text_wrap(first, IDS + 5, row->outcome[a].note);
	}
}

static void print_row(struct streams *s, const struct stream_row *row, const struct columns *c)
{
	const char *property = row->stream ? row->stream->property : "left";
	char ids[IDS + 8] = "";

	ids_text(ids, row);
	printf("  %-*s %-*s %-*.*s ", IDS, ids, BY, property, c->owner, c->owner, stream_owner_text(s, row->stream));
	for (enum streams_arrangement a = STREAMS_OWNER; a < STREAMS_ARRANGEMENTS; a++)
		if (c->shown[a])
			print_outcome(&row->outcome[a], is_last(c, a));
	putchar('\n');
	print_notes(row, c);
}

static const char *kind_text(const struct iommu *u)
{
	if (u->kind == IOMMU_OTHER)
		return "another kind of IOMMU: what becomes of its streams is its driver's matter";
	if (u->kind == IOMMU_SMMUV3)
		return "SMMUv3: Linux makes a new stream table, every entry aborts until an owner attaches";
	if (u->adreno)
		return "SMMUv2 of the GPU: Linux clears what boot firmware left; streams that match nothing abort";
	if (u->qcom)
		return "SMMUv2: what boot firmware left in stream-match registers stays, in bypass; all else aborts";
	return "SMMUv2: Linux clears what boot firmware left; streams that match nothing abort";
}

static void print_heads(const struct columns *c)
{
	printf("  %s%-*s %-*s %-*s ", paint(PAINT_DIM), IDS, "StreamID/mask", BY, "by", c->owner, "whose");
	for (enum streams_arrangement a = STREAMS_OWNER; a < STREAMS_ARRANGEMENTS; a++) {
		const char *name = c->both && a == STREAMS_OWNER ? "owner and tee" : streams_arrangement_name(a);

		if (c->shown[a])
			printf("%-*s", is_last(c, a) ? 0 : FATE + 1, name);
	}
	printf("%s\n", paint(PAINT_OFF));
}

static void print_iommu(const struct iommu *u, const struct columns *c)
{
	printf("\n%s%s%s%s\n", paint(PAINT_TITLE), u->path, paint(PAINT_OFF), u->enabled ? "" : " (disabled)");
	text_wrap("  ", 2, kind_text(u));
	print_heads(c);
}

void streams_print(struct streams *s, enum streams_arrangement only)
{
	struct columns c = choose_columns(s, only);

	printf("%s%s%s: %s\n", paint(PAINT_TITLE), s->model->tree->name, paint(PAINT_OFF),
	       *s->model->board ? s->model->board : "no model name");
	for (unsigned int i = 0; i < s->count; i++) {
		if (!i || s->rows[i].iommu != s->rows[i - 1].iommu)
			print_iommu(&s->model->iommus[s->rows[i].iommu], &c);
		print_row(s, &s->rows[i], &c);
	}
	putchar('\n');
	text_wrap(
		"", 0,
		s->count
			? "A > B: A until the driver of its device comes, B from then on. pilot-board(1) says what the words mean."
			: "no node has a stream");
}

static json_t *outcome_json(const struct stream_outcome *o)
{
	return json_pack("{s:s, s:s, s:o}", "first", stream_fate_name(o->first), "then", stream_fate_name(o->then),
			 "note", o->note ? json_string(o->note) : json_null());
}

static json_t *owner_json(struct streams *s, const struct stream *stream)
{
	const struct peripheral *p = NULL;

	if (!stream)
		return json_null();
	p = stream->peripheral == MODEL_NONE ? NULL : &s->model->peripherals[stream->peripheral];
	return json_pack("{s:s, s:o, s:s, s:i, s:o, s:b}", "node", stream->path, "peripheral",
			 p ? json_string(p->name) : json_null(), "property", stream->property, "index",
			 (int)stream->index, "function",
			 strcmp(stream->property, "iommu-map") ? json_null() : json_hex64(stream->function), "enabled",
			 stream->enabled);
}

static json_t *inherited_json(const struct inherited_group *g)
{
	if (!g)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}", "group", g->numbered ? json_integer(g->group) : json_null(), "sid",
			 json_hex64(g->sid), "mask", json_hex64(g->mask), "s2cr",
			 g->has_s2cr ? json_hex64(g->s2cr) : json_null());
}

static json_t *row_json(struct streams *s, const struct stream_row *row, enum streams_arrangement only)
{
	json_t *outcomes = json_object();

	for (enum streams_arrangement a = STREAMS_OWNER; a < STREAMS_ARRANGEMENTS; a++)
		if (only == STREAMS_ARRANGEMENTS || only == a)
			json_object_set_new(outcomes, streams_arrangement_name(a), outcome_json(&row->outcome[a]));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "iommu", s->model->iommus[row->iommu].path, "sid",
			 json_hex64(row->sid), "mask", json_hex64(row->mask), "count", json_u64(row->count), "owner",
			 owner_json(s, row->stream), "inherited", inherited_json(row->group), "arrangements", outcomes);
}

json_t *streams_json(struct streams *s, enum streams_arrangement only)
{
	json_t *iommus = json_array();
	json_t *rows = json_array();

	for (unsigned int i = 0; i < s->model->iommu_count; i++)
		json_array_append_new(iommus,
				      json_pack("{s:s, s:s, s:b, s:b}", "path", s->model->iommus[i].path, "kind",
						iommu_kind_name(s->model->iommus[i].kind), "keeps_inherited",
						s->model->iommus[i].qcom, "enabled", s->model->iommus[i].enabled));
	for (unsigned int i = 0; i < s->count; i++)
		json_array_append_new(rows, row_json(s, &s->rows[i], only));
	return json_pack("{s:o, s:o, s:o}", "file", json_name(s->model->tree->name), "iommus", iommus, "streams", rows);
}

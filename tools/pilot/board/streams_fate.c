/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux 7.2 does with streams when it takes IOMMUs over (drivers/iommu/arm): SMMUv2 (arm-smmu, with Qualcomm's part) and SMMUv3.
 */
#include <string.h>

#include "board/streams.h"

/** struct match - a stream-match register as Linux knows it; @inherited: boot firmware's; @owner: the stream that has it now, or NULL */
struct match {
	uint32_t sid;
	uint32_t mask;
	bool inherited;
	const struct stream *owner;
};

/** struct unit - one SMMUv2's registers */
struct unit {
	struct streams *streams;
	int iommu;
	unsigned int count;
	struct match *list;
};

static bool covers(const struct match *m, uint32_t sid, uint32_t mask)
{
	return !(mask & ~m->mask) && !((sid ^ m->sid) & ~m->mask & 0xffff);
}

static bool meets(const struct match *m, uint32_t sid, uint32_t mask)
{
	return !((sid ^ m->sid) & ~(m->mask | mask) & 0xffff);
}

static struct match *add_match(struct unit *u, const struct match *new)
{
	u->list = pool_grow(&u->streams->pool, u->list, u->count, sizeof(*new));
	u->list[u->count] = *new;
	return &u->list[u->count++];
}

/* devices that Qualcomm's part of the driver gives an identity domain: a display that shows something, and who maps for himself */
static bool wants_identity(const struct tree *t, int node)
{
	static const char *const clients[] = { "qcom,adreno",	     "qcom,adreno-gmu",	    "qcom,mdp4",
					       "qcom,mdss",	     "qcom,sc7180-mss-pil", "qcom,sc7280-mss-pil",
					       "qcom,sdm845-mss-pil" };
	const char *text = NULL;

	for (unsigned int i = 0; i < sizeof(clients) / sizeof(clients[0]); i++)
		if (tree_is_compatible(t, node, clients[i]))
			return true;
	for (unsigned int i = 0; (text = tree_string(t, node, "compatible", i)); i++) {
		size_t length = strlen(text);

		if (!strncmp(text, "qcom,", 5) && length > 5 && !strcmp(text + length - 5, "-mdss"))
			return true;
	}
	return false;
}

static enum stream_fate fate_with_owner(const struct streams *s, const struct stream_row *row)
{
	const struct iommu *u = &s->model->iommus[row->iommu];

	return (u->qcom || u->adreno) && wants_identity(s->model->tree, row->stream->node) ? FATE_IDENTITY
											   : FATE_TRANSLATED;
}

static const char *left_or_owned(struct streams *s, const struct match *m)
{
	if (!m->owner)
		return streams_text(s, "what boot firmware left at 0x%x mask 0x%x", m->sid, m->mask);
	return streams_text(s, "0x%x mask 0x%x of %s", m->sid, m->mask, stream_owner_text(s, m->owner));
}

/* the register that matches all of it is taken over as a whole */
static void join(struct unit *u, struct match *m, const struct stream_row *row, struct stream_outcome *out)
{
	out->first = m->inherited ? FATE_BYPASS : FATE_ABORT;
	out->then = fate_with_owner(u->streams, row);
	if (m->owner && m->owner->node != row->stream->node)
		out->note = streams_text(u->streams, "one register and one IOMMU group with %s",
					 stream_owner_text(u->streams, m->owner));
	else if (m->inherited && m->mask != row->mask)
		out->note = streams_text(
			u->streams,
			"takes over what boot firmware left at 0x%x mask 0x%x: all of these StreamIDs move with it",
			m->sid, m->mask);
	if (!m->owner)
		m->owner = row->stream;
}

static void place(struct unit *u, const struct stream_row *row, struct stream_outcome *out)
{
	for (unsigned int i = 0; i < u->count; i++) {
		struct match *m = &u->list[i];

		if (covers(m, row->sid, row->mask)) {
			join(u, m, row, out);
			return;
		}
		if (meets(m, row->sid, row->mask)) {
			*out = (struct stream_outcome){ m->inherited ? FATE_BYPASS : FATE_ABORT, FATE_REFUSED,
							streams_text(u->streams,
								     "overlaps %s, which does not cover it: "
								     "Linux does not attach it",
								     left_or_owned(u->streams, m)) };
			return;
		}
	}
	*out = (struct stream_outcome){ .first = FATE_ABORT, .then = fate_with_owner(u->streams, row) };
	add_match(u, &(struct match){ row->sid, row->mask, false, row->stream });
}

/* many StreamIDs of a map: each becomes one device's when it is found on its bus */
static void place_range(const struct unit *u, const struct stream_row *row, struct stream_outcome *out)
{
	*out = (struct stream_outcome){ .first = FATE_ABORT, .then = FATE_TRANSLATED };
	for (unsigned int i = 0; i < u->count; i++) {
		const struct match *m = &u->list[i];
		struct stream s = { .iommu = u->iommu, .sid = m->sid, .mask = m->mask, .count = 1 };

		if (m->inherited && model_streams_meet(u->streams->model, &s, row->stream))
			out->note = streams_text(u->streams,
						 "boot firmware left 0x%x mask 0x%x, which is in bypass until "
						 "a device takes it over",
						 m->sid, m->mask);
	}
}

/* nobody's, or a disabled node's: what a register that stays matches, of all of it rather than of a part */
static void leave(const struct unit *u, const struct stream_row *row, struct stream_outcome *out)
{
	const struct match *best = NULL;
	bool whole = false;

	*out = (struct stream_outcome){ FATE_ABORT, FATE_ABORT, NULL };
	for (unsigned int i = 0; i < u->count && !whole; i++) {
		whole = covers(&u->list[i], row->sid, row->mask);
		if (whole || (!best && meets(&u->list[i], row->sid, row->mask)))
			best = &u->list[i];
	}
	if (!best)
		return;
	out->first = best->inherited ? FATE_BYPASS : FATE_ABORT;
	out->then = best->owner ? FATE_TRANSLATED : out->first;
	if (best->owner)
		out->note = streams_text(u->streams, "nobody's, but matched%s with %s, in whose table it then is",
					 whole ? "" : " in part", stream_owner_text(u->streams, best->owner));
	else if (!whole)
		out->note =
			streams_text(u->streams, "in part: boot firmware left 0x%x mask 0x%x", best->sid, best->mask);
}

/* Qualcomm's part of the driver leaves valid registers, in bypass; the others of the driver clear them */
static void take_over(struct unit *u)
{
	const struct streams *s = u->streams;

	if (!s->model->iommus[u->iommu].qcom)
		return;
	for (unsigned int i = 0; i < s->group_count; i++)
		if (s->groups[i].iommu == u->iommu)
			add_match(u, &(struct match){ s->groups[i].sid, s->groups[i].mask, true, NULL });
}

static void smmuv2(struct streams *s, int iommu, enum streams_arrangement arrangement)
{
	struct unit u = { .streams = s, .iommu = iommu };

	take_over(&u);
	for (unsigned int i = 0; i < s->count; i++) {
		struct stream_row *row = &s->rows[i];

		if (row->iommu != iommu || !row->stream || !row->stream->enabled)
			continue;
		if (row->count > 1)
			place_range(&u, row, &row->outcome[arrangement]);
		else
			place(&u, row, &row->outcome[arrangement]);
	}
	for (unsigned int i = 0; i < s->count; i++)
		if (s->rows[i].iommu == iommu && (!s->rows[i].stream || !s->rows[i].stream->enabled))
			leave(&u, &s->rows[i], &s->rows[i].outcome[arrangement]);
}

/* memory that the tree has mapped for a device from the first moment */
static const char *mapped_at_boot(struct streams *s, const struct stream *stream)
{
	const struct board_model *m = s->model;

	for (unsigned int i = 0; i < m->region_count; i++)
		for (unsigned int k = 0; k < m->regions[i].address_count; k++)
			if (m->regions[i].enabled && m->regions[i].addresses[k].node == stream->node)
				return streams_text(
					s, "%s is mapped for it by iommu-addresses as soon as it is translated",
					m->regions[i].name);
	return NULL;
}

/* every entry of a new stream table aborts; what firmware had in the old one is forgotten */
static void smmuv3(struct streams *s, int iommu, enum streams_arrangement arrangement)
{
	for (unsigned int i = 0; i < s->count; i++) {
		struct stream_row *row = &s->rows[i];
		bool owned = row->stream && row->stream->enabled;

		if (row->iommu != iommu)
			continue;
		row->outcome[arrangement] = (struct stream_outcome){ FATE_ABORT, owned ? FATE_TRANSLATED : FATE_ABORT,
								     owned ? mapped_at_boot(s, row->stream) : NULL };
	}
}

static void all_of(struct streams *s, int iommu, enum streams_arrangement arrangement, enum stream_fate fate)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (s->rows[i].iommu == iommu)
			s->rows[i].outcome[arrangement] = (struct stream_outcome){ fate, fate, NULL };
}

/* what a processor of the TEE's reaches is fixed before it starts, and not by Linux */
static void leave_to_tee(struct streams *s)
{
	for (unsigned int i = 0; i < s->count; i++) {
		const struct stream *stream = s->rows[i].stream;

		if (stream && stream->peripheral != MODEL_NONE && streams_is_own(s->model, stream) &&
		    s->model->peripherals[stream->peripheral].service == SERVICE_TEE)
			s->rows[i].outcome[STREAMS_TEE] = (struct stream_outcome){ FATE_SECURE, FATE_SECURE, NULL };
	}
}

void streams_fate_linux(struct streams *s, enum streams_arrangement arrangement)
{
	for (unsigned int i = 0; i < s->model->iommu_count; i++) {
		const struct iommu *u = &s->model->iommus[i];

		if (u->kind == IOMMU_OTHER)
			all_of(s, (int)i, arrangement, FATE_UNKNOWN);
		else if (!u->enabled)
			all_of(s, (int)i, arrangement, FATE_UNMANAGED);
		else if (u->kind == IOMMU_SMMUV2)
			smmuv2(s, (int)i, arrangement);
		else
			smmuv3(s, (int)i, arrangement);
	}
	if (arrangement == STREAMS_TEE)
		leave_to_tee(s);
}

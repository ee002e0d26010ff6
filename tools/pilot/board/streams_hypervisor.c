/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Pilot's hypervisor does with streams: it owns every SMMU, whatever the host's tree says of them. An SMMUv2 is planned by the same
 * code of libpilot that the hypervisor has (<pilot/smmuv2.h>), over what boot firmware left.
 */
#include <stdlib.h>

#include <pilot/smmuv2.h>

#include "board/streams.h"
#include "pilot.h"

/** struct planned - an SMMUv2's plan; @full: there are more streams than one holds */
struct planned {
	struct pil_smmuv2_unit unit;
	struct pil_smmuv2_plan plan;
	bool full;
};

bool streams_is_own(const struct board_model *m, const struct stream *stream)
{
	const struct peripheral *p = NULL;

	if (stream->peripheral == MODEL_NONE)
		return false;
	p = &m->peripherals[stream->peripheral];
	if (stream->node != p->node || (p->service != SERVICE_SCM && p->service != SERVICE_TEE))
		return false;
	/* a video node's iommus are the frames', which its driver maps; its map is by function */
	return p->kind == PERIPHERAL_REMOTEPROC || (p->kind == PERIPHERAL_VIDEO && p->has_iommu_map);
}

/* a peripheral's own: from AUTH_AND_RESET to SHUTDOWN. The host's: from the start, in a table that leaves out what is not the host's. */
static void translate(struct streams *s, struct stream_row *row)
{
	bool own = streams_is_own(s->model, row->stream);

	row->outcome[STREAMS_GUEST] =
		(struct stream_outcome){ own ? FATE_ABORT : FATE_TRANSLATED, FATE_TRANSLATED, NULL };
}

static struct pil_smmuv2_group register_of(const struct inherited_group *g)
{
	return (struct pil_smmuv2_group){ PIL_SMMUV2_SMR_VALID | (g->mask & PIL_SMMUV2_ID_BITS) << 16 |
						  (g->sid & PIL_SMMUV2_ID_BITS),
					  g->has_s2cr ? g->s2cr : PIL_SMMUV2_S2CR_TYPE_OF(PIL_SMMUV2_BYPASS) };
}

/* those without a number get the numbers that are left */
static void find_registers(const struct streams *s, int iommu, struct pil_smmuv2_unit *unit)
{
	unsigned int next = 0;

	*unit = (struct pil_smmuv2_unit){ .groups = PIL_SMMUV2_GROUPS,
					  .banks = PIL_SMMUV2_BANKS,
					  .id_bits = PIL_SMMUV2_ID_BITS,
					  .scr0 = PIL_SMMUV2_SCR0_USFCFG };
	for (unsigned int i = 0; i < s->group_count; i++)
		if (s->groups[i].iommu == iommu && s->groups[i].numbered)
			unit->found[s->groups[i].group] = register_of(&s->groups[i]);
	for (unsigned int i = 0; i < s->group_count; i++) {
		if (s->groups[i].iommu != iommu || s->groups[i].numbered)
			continue;
		while (next < PIL_SMMUV2_GROUPS && (unit->found[next].smr & PIL_SMMUV2_SMR_VALID))
			next++;
		if (next < PIL_SMMUV2_GROUPS)
			unit->found[next] = register_of(&s->groups[i]);
	}
}

static void refuse(struct streams *s, struct stream_row *row, const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	row->outcome[STREAMS_GUEST] = (struct stream_outcome){ FATE_ABORT, FATE_REFUSED, streams_text(s, "%s", text) };
}

static void add_stream(struct streams *s, struct planned *p, struct stream_row *row)
{
	struct pil_smmuv2_stream stream = {
		.sid = row->sid,
		.mask = row->mask,
		.entry = PIL_SMMUV2_OTHER,
		.translates = true,
	};
	struct pil_why why = { 0 };

	translate(s, row);
	if (row->count > 1 || !pil_smmuv2_add(&p->plan, &stream, &why))
		return;
	if (why.reason == PIL_R_SMMUV2_STREAMS)
		p->full = true;
	else
		refuse(s, row, &why);
}

/* whether the tree has the IOMMU for the host does not matter here */
static bool is_live(const struct streams *s, const struct stream_row *row, int iommu)
{
	return row->iommu == iommu && row->stream && s->model->tree->nodes[row->stream->node].enabled;
}

/* streams that match nothing between two writes of the plan */
static void note_gaps(struct streams *s, const struct planned *p, int iommu)
{
	for (unsigned int i = 0; i < s->count; i++) {
		struct stream_row *row = &s->rows[i];

		for (unsigned int k = 0; is_live(s, row, iommu) && k < p->plan.count; k++)
			if (p->plan.stream[k].gap && p->plan.stream[k].sid == (row->sid & ~row->mask) &&
			    p->plan.stream[k].mask == row->mask)
				row->outcome[STREAMS_GUEST].note =
					"between two register writes it matches nothing: its device has to be paused";
	}
}

static void smmuv2(struct streams *s, int iommu)
{
	struct planned *p = pool_alloc(&s->pool, sizeof(*p));
	struct pil_why why = { 0 };

	find_registers(s, iommu, &p->unit);
	pil_smmuv2_begin(&p->plan, &p->unit);
	/* peripherals' first: where not all fit, theirs do */
	for (int own = 1; own >= 0; own--)
		for (unsigned int i = 0; i < s->count; i++)
			if (is_live(s, &s->rows[i], iommu) && streams_is_own(s->model, s->rows[i].stream) == own)
				add_stream(s, p, &s->rows[i]);
	if (!pil_smmuv2_assign(&p->plan, &why)) {
		note_gaps(s, p, iommu);
		return;
	}
	for (unsigned int i = 0; i < s->count; i++)
		if (is_live(s, &s->rows[i], iommu))
			refuse(s, &s->rows[i], &why);
}

void streams_fate_hypervisor(struct streams *s)
{
	for (unsigned int i = 0; i < s->model->iommu_count; i++) {
		enum iommu_kind kind = s->model->iommus[i].kind;

		/* what is no live node's is given up, whoever left it */
		for (unsigned int k = 0; k < s->count; k++) {
			struct stream_row *row = &s->rows[k];

			if (row->iommu != (int)i)
				continue;
			row->outcome[STREAMS_GUEST] = (struct stream_outcome){ FATE_ABORT, FATE_ABORT, NULL };
			if (kind == IOMMU_OTHER)
				row->outcome[STREAMS_GUEST] =
					(struct stream_outcome){ FATE_UNKNOWN, FATE_UNKNOWN, NULL };
			else if (kind == IOMMU_SMMUV3 && is_live(s, row, (int)i))
				translate(s, row);
		}
		if (kind == IOMMU_SMMUV2)
			smmuv2(s, (int)i);
	}
}

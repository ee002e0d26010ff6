/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: what the rules of several themes ask. */
#include <inttypes.h>
#include <string.h>

#include "board/check.h"

const char *rules_range(struct check *c, uint64_t base, uint64_t size)
{
	return check_format(c, "0x%" PRIx64 " + 0x%" PRIx64, base, size);
}

static bool ends(const char *text, const char *end)
{
	const size_t length = strlen(text);

	return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* the older wireless core has another driver, and so have the cores that Linux starts by registers */
bool rules_is_pas(const struct peripheral *p)
{
	const char *compatible = p->row ? p->row->compatible : "";

	if (p->kind != PERIPHERAL_REMOTEPROC || p->service != SERVICE_SCM || !p->pas_count)
		return false;
	return ends(compatible, "-pas") || ends(compatible, "-adsp-pil") || ends(compatible, "-slpi-pil");
}

bool rules_has_smmu(const struct board_model *m)
{
	unsigned int i = 0;

	for (i = 0; i < m->iommu_count; i++)
		if (m->iommus[i].enabled && m->iommus[i].kind != IOMMU_OTHER && !m->iommus[i].adreno)
			return true;
	return false;
}

bool rules_own_domain(const struct check *c, const struct stream *s)
{
	const struct peripheral *p = s->peripheral == MODEL_NONE ? NULL : &c->model->peripherals[s->peripheral];

	if (!p)
		return false;
	if (rules_is_pas(p) && s->node == p->node)
		return true;
	if (p->kind != PERIPHERAL_VIDEO)
		return false;
	return (s->node == p->node && !strcmp(s->property, "iommu-map")) ||
	       !strcmp(tree_node_name(c->tree, s->node), "video-firmware");
}

const struct region *rules_carveout(const struct check *c, const struct peripheral *p, unsigned int index)
{
	const struct region *r = NULL;

	if (index >= p->region_count || p->regions[index].region == MODEL_NONE)
		return NULL;
	r = &c->model->regions[p->regions[index].region];
	return r->enabled && !r->dynamic && r->size ? r : NULL;
}

const struct peripheral *rules_peripheral(const struct check *c, int node)
{
	const int index = c->peripheral_at[node];
	const struct peripheral *p = index == MODEL_NONE ? NULL : &c->model->peripherals[index];

	return p && p->node == node ? p : NULL;
}

const struct reference *rules_reference(const struct references *list, const char *name)
{
	unsigned int i = 0;

	for (i = 0; i < list->count; i++)
		if (list->list[i].name && !strcmp(list->list[i].name, name))
			return &list->list[i];
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* 'pilot board show --json': docs/schema/board-show.json. */
#include <string.h>

#include "board/board.h"
#include "pilot.h"

/* a string, or null */
static json_t *text_json(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static json_t *cells_json(const uint32_t *cell, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		json_array_append_new(list, json_integer(cell[i]));
	return list;
}

static json_t *references_json(const struct references *r)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < r->count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", text_json(r->list[i].name), "provider",
						      text_json(r->list[i].path), "cells",
						      cells_json(r->list[i].arg, r->list[i].args)));
	return list;
}

static json_t *address_json(const struct region_address *a, const struct tree *t)
{
	return json_pack("{s:s, s:o, s:o}", "device", tree_path(t, a->node), "address", json_hex64(a->range.base),
			 "size", json_hex64(a->range.size));
}

static json_t *region_json(const struct board_model *m, const struct region *r)
{
	json_t *addresses = json_array();

	for (unsigned int i = 0; i < r->address_count; i++)
		json_array_append_new(addresses, address_json(&r->addresses[i], m->tree));
	return json_pack("{s:s, s:s, s:o, s:o, s:b, s:b, s:b, s:o, s:b, s:o}", "path", r->path, "name", r->name, "base",
			 r->dynamic ? json_null() : json_hex64(r->base), "size", json_hex64(r->size), "dynamic",
			 r->dynamic, "no_map", r->no_map, "reusable", r->reusable, "compatible",
			 text_json(r->compatible), "enabled", r->enabled, "iommu_addresses", addresses);
}

static json_t *regions_json(const struct board_model *m, const struct peripheral *p)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < p->region_count; i++) {
		const struct region_use *use = &p->regions[i];
		const struct region *r = use->region == MODEL_NONE ? NULL : &m->regions[use->region];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:b, s:b}", "path", text_json(use->path),
						      "name", text_json(use->name), "base",
						      r && !r->dynamic ? json_hex64(r->base) : json_null(), "size",
						      r ? json_hex64(r->size) : json_null(), "no_map", r && r->no_map,
						      "enabled", r && r->enabled));
	}
	return list;
}

static json_t *streams_json(const struct board_model *m, const struct peripheral *p)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < m->stream_count; i++) {
		const struct stream *s = &m->streams[i];

		if (s->peripheral == MODEL_NONE || &m->peripherals[s->peripheral] != p)
			continue;
		json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:o, s:b}", "iommu", m->iommus[s->iommu].path,
				  "sid", json_hex64(s->sid), "mask", json_hex64(s->mask), "count", json_u64(s->count),
				  "node", s->path, "property", s->property, "index", (int)s->index, "function",
				  strcmp(s->property, "iommu-map") ? json_null() : json_hex64(s->function), "enabled",
				  s->enabled));
	}
	return list;
}

static json_t *pas_json(const struct peripheral *p)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < p->pas_count; i++)
		json_array_append_new(list, json_pack("{s:i, s:s}", "id", (int)p->pas[i].id, "image", p->pas[i].what));
	return list;
}

static json_t *strings_json(const char *const *text, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		json_array_append_new(list, json_string(text[i]));
	return list;
}

static json_t *dma_json(const struct board_model *m, const struct peripheral *p)
{
	json_t *list = json_array();

	if (p->dma_node == TREE_NONE) {
		json_decref(list);
		return json_null();
	}
	for (unsigned int i = 0; i < p->dma_count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "bus", json_hex64(p->dma_ranges[i].bus), "cpu",
						      json_hex64(p->dma_ranges[i].cpu), "size",
						      json_hex64(p->dma_ranges[i].size)));
	return json_pack("{s:s, s:o}", "node", tree_path(m->tree, p->dma_node), "ranges", list);
}

static json_t *ranges_json(const struct tree_range *ranges, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "base", json_hex64(ranges[i].base), "size",
						      json_hex64(ranges[i].size)));
	return list;
}

static json_t *service_json(const struct peripheral *p)
{
	return json_pack("{s:s, s:o, s:o}", "kind", peripheral_service_name(p->service), "node",
			 text_json(p->service_path), "id", p->has_tee_id ? json_integer(p->tee_id) : json_null());
}

static void add(json_t *object, const char *key, json_t *value)
{
	if (object)
		json_object_set_new(object, key, value);
	else
		json_decref(value);
}

json_t *board_peripheral_json(const struct board_model *m, const struct peripheral *p)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "path", p->path, "kind",
			      peripheral_kind_name(p->kind), "name", p->name, "what", p->what, "vendor", p->vendor,
			      "compatible", p->compatible, "enabled", p->enabled);

	add(o, "service", service_json(p));
	add(o, "pas", pas_json(p));
	add(o, "firmware", strings_json(p->firmware, p->firmware_count));
	add(o, "registers", ranges_json(p->regs, p->reg_count));
	add(o, "regions", regions_json(m, p));
	add(o, "streams", streams_json(m, p));
	add(o, "interrupts", references_json(&p->interrupts));
	add(o, "clocks", references_json(&p->clocks));
	add(o, "power_domains", references_json(&p->power_domains));
	add(o, "resets", references_json(&p->resets));
	add(o, "mailboxes", references_json(&p->mailboxes));
	add(o, "states", references_json(&p->states));
	add(o, "interconnects", references_json(&p->interconnects));
	add(o, "hwlocks", references_json(&p->hwlocks));
	add(o, "dma_ranges", dma_json(m, p));
	return o;
}

static json_t *iommus_json(const struct board_model *m)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < m->iommu_count; i++) {
		const struct iommu *u = &m->iommus[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:i, s:o, s:b}", "path", u->path, "kind",
						      iommu_kind_name(u->kind), "compatible", u->compatible, "cells",
						      (int)u->cells, "base",
						      u->has_reg ? json_hex64(u->reg.base) : json_null(), "enabled",
						      u->enabled));
	}
	return list;
}

static json_t *banks_json(const struct memory_bank *banks, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "base", json_hex64(banks[i].base), "size",
						      json_hex64(banks[i].size)));
	return list;
}

static json_t *problems_json(const struct board_model *m)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < m->problem_count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "node", m->problems[i].path, "property",
						      text_json(m->problems[i].property), "text", m->problems[i].text));
	return list;
}

json_t *board_show_json(const struct board_model *m, bool all)
{
	json_t *regions = json_array();
	json_t *peripherals = json_array();

	for (unsigned int i = 0; i < m->region_count; i++)
		json_array_append_new(regions, region_json(m, &m->regions[i]));
	for (unsigned int i = 0; i < m->peripheral_count; i++)
		if (all || m->peripherals[i].enabled)
			json_array_append_new(peripherals, board_peripheral_json(m, &m->peripherals[i]));
	return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_name(m->tree->name),
			 "model", m->board, "compatible", m->board_compatible, "scm",
			 text_json(tree_path(m->tree, m->scm)), "optee", text_json(tree_path(m->tree, m->optee)),
			 "memory", banks_json(m->memory, m->memory_count), "memreserve",
			 banks_json(m->reserves, m->reserve_count), "regions", regions, "iommus", iommus_json(m),
			 "peripherals", peripherals, "problems", problems_json(m));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A model board, the service on it, and a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define FIXED_SHIFT (MODEL_ADSP_BASE + 0x2000u - 0x95c00000u)

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "scenario: %s\n", what);
	abort();
}

void scenario_image(struct scenario_image *i, struct signedgen *g)
{
	struct pil_phdr hash = { 0 };
	size_t headers = 0;

	i->size = signedgen_file(g, i->file, sizeof(i->file));
	must(i->size && !pil_image_from_file(i->file, i->size, &i->image, NULL), "the image cannot be made");
	must(!pil_plan_measure(&i->image.elf, &i->plan, NULL), "the image has no plan");
	must(!pil_elf_phdr(&i->image.elf, i->image.hash_index, &hash), "the image has no hash segment");
	headers = pil_elf_headers_end(&i->image.elf);
	memcpy(i->metadata, i->file, headers);
	memcpy(i->metadata + headers, i->file + hash.offset, (size_t)hash.filesz);
	i->metadata_size = headers + (size_t)hash.filesz;
}

const struct scenario_image *scenario_good(void)
{
	static struct scenario_image good;
	struct signedgen g;

	if (!good.size) {
		signedgen_init(&g, false);
		scenario_image(&good, &g);
	}
	return &good;
}

const struct scenario_image *scenario_fixed(void)
{
	static struct scenario_image fixed;
	struct signedgen g;

	if (!fixed.size) {
		signedgen_init(&g, true);
		for (unsigned int i = 0; i < g.image.count; i++) {
			g.image.segment[i].flags = 7;
			g.image.segment[i].paddr += FIXED_SHIFT;
		}
		g.image.entry += FIXED_SHIFT;
		scenario_image(&fixed, &g);
	}
	return &fixed;
}

void scenario_new(struct scenario *s, enum model_lock lock)
{
	struct pil_device device = { 0 };

	signedgen_device(&device);
	*s = (struct scenario){ .m = model_new(NULL, &device, lock) };
	must(s->m != NULL, "no memory");
}

void scenario_init(struct scenario *s, enum model_lock lock)
{
	struct pil_why why = { 0 };

	scenario_new(s, lock);
	must(!pil_pas_init(&s->pas, &s->m->board, &pil_crypto_openssl, &why), pil_reason_name(why.reason));
}

void scenario_init_core(struct scenario *s, enum model_lock lock)
{
	struct pil_why why = { 0 };

	scenario_new(s, lock);
	s->m->core[0].state = PIL_CORE_RUNNING;
	must(!pil_pas_init(&s->pas, &s->m->board, &pil_crypto_openssl, &why), pil_reason_name(why.reason));
}

void scenario_done(struct scenario *s)
{
	model_free(s->m);
	s->m = NULL;
}

struct pil_range scenario_where(const struct scenario *s, unsigned int index, const struct scenario_image *i)
{
	return (struct pil_range){ .base = s->pas.p[index].desc->carveout.base, .size = i->plan.span };
}

void scenario_put_metadata(struct scenario *s, const struct scenario_image *i)
{
	must(model_host_write(s->m, SCENARIO_METADATA, i->metadata, i->metadata_size), "no room for metadata");
}

bool scenario_copy(struct scenario *s, unsigned int index, const struct scenario_image *i)
{
	struct pil_range carveout = s->pas.p[index].desc->carveout;
	uint64_t base = i->plan.relocatable ? carveout.base : i->plan.lowest;

	if (model_is_locked(s->m, carveout))
		return false;
	memset(model_memory(s->m, carveout), SCENARIO_FILL, (size_t)carveout.size);
	for (unsigned int n = 0; n < i->plan.count; n++) {
		const struct pil_placement *seg = &i->plan.seg[n];

		if (seg->filesz && !model_host_write(s->m, seg->dest - i->plan.lowest + base, i->file + seg->offset,
						     (size_t)seg->filesz))
			return false;
	}
	return true;
}

int scenario_load(struct scenario *s, unsigned int index, const struct scenario_image *i)
{
	int err = 0;

	scenario_put_metadata(s, i);
	err = pil_pas_init_image(&s->pas, index, SCENARIO_METADATA);
	if (!err && i->plan.relocatable)
		err = pil_pas_mem_setup(&s->pas, index, scenario_where(s, index, i));
	if (!err)
		must(scenario_copy(s, index, i), "the carve-out is locked");
	return err;
}

int scenario_start(struct scenario *s, unsigned int index, const struct scenario_image *i)
{
	int err = scenario_load(s, index, i);

	return err ? err : pil_pas_auth_and_reset(&s->pas, index);
}

bool scenario_is_kept(const struct scenario *s, unsigned int index)
{
	const struct pil_peripheral_desc *p = s->pas.p[index].desc;

	if (!s->pas.memory.entry[index].range.size)
		return false;
	if (s->m->board.lock && !model_is_locked(s->m, p->carveout))
		return false;
	if (s->m->board.shelter && p->core != PIL_NO_CORE && s->m->core[p->core].state != PIL_CORE_HELD)
		return s->m->core[p->core].start.copy != 0;
	return s->m->board.lock || s->m->board.shelter;
}

static bool streams_abort(const struct scenario *s, unsigned int index)
{
	for (unsigned int i = 0; i < s->pas.streams.count; i++)
		if (s->pas.streams.entry[i].peripheral == index &&
		    s->pas.streams.entry[i].disposition != PIL_STREAM_ABORT)
			return false;
	return true;
}

static bool metadata_wiped(const struct pil_peripheral *p)
{
	static const uint8_t zero[sizeof(p->metadata)];

	return !memcmp(p->metadata, zero, sizeof(zero)) && !p->metadata_size && !p->image.elf.data && !p->plan.count &&
	       !p->placed.size;
}

const char *scenario_is_off(struct scenario *s, unsigned int index)
{
	const struct pil_peripheral *p = &s->pas.p[index];

	if (p->state != PIL_OFF)
		return "it is not OFF";
	if (p->desc->core != PIL_NO_CORE) {
		if (s->pas.cores.holder[p->desc->core] == (int)index)
			return "it has its core";
		if (s->pas.cores.holder[p->desc->core] < 0 && s->m->core[p->desc->core].state != PIL_CORE_HELD)
			return "its core is not held";
	}
	if (!streams_abort(s, index))
		return "its streams do not abort";
	if (!metadata_wiped(p))
		return "its metadata is not forgotten";
	if (s->pas.memory.entry[index].range.size)
		return "it has memory";
	if (s->m->locked[index].size)
		return "its memory is locked";
	if (pil_memory_owner(&s->pas.memory, p->desc->carveout.base) == PIL_OWNER_HOST &&
	    !model_copy_is_zero(s->m, index))
		return "something is left in its copy";
	return s->m->violation;
}

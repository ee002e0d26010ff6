/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the images of a container would go: each as a file of its own, and none where another one is. */
#include <inttypes.h>
#include <stdlib.h>

#include "image/container.h"
#include "image/load_plan.h"

struct planned {
	const char *path;
	struct pil_range where;
	struct pil_container c;
	struct load_plan image[PIL_CONTAINER_IMAGES];
	json_t *overlaps;
	bool fits;
};

static void compare(struct planned *p, unsigned int a, unsigned int b)
{
	unsigned int i = 0;
	unsigned int k = 0;

	for (i = 0; i < p->image[a].places; i++) {
		const struct place *one = &p->image[a].place[i];

		for (k = 0; k < p->image[b].places; k++) {
			const struct place *other = &p->image[b].place[k];

			if (!pil_range_overlaps(load_plan_memory(one), load_plan_memory(other)))
				continue;
			json_array_append_new(p->overlaps, json_pack("{s:[i, i], s:[i, i]}", "images", (int)a, (int)b,
								     "segments", (int)one->index, (int)other->index));
			p->fits = false;
		}
	}
}

static void make(struct planned *p)
{
	unsigned int i = 0;
	unsigned int k = 0;

	p->fits = true;
	for (i = 0; i < p->c.images; i++) {
		p->image[i] = (struct load_plan){ .where = p->where, .elf = p->c.elf[i] };
		load_plan_make(&p->image[i]);
		p->fits = p->fits && p->image[i].fits;
		for (k = 0; k < i; k++)
			compare(p, k, i);
	}
}

static int number(const json_t *item, const char *key, size_t index)
{
	return (int)json_integer_value(json_array_get(json_object_get(item, key), index));
}

static void print_text(const struct planned *p)
{
	const json_t *item = NULL;
	char name[32] = "";
	size_t i = 0;

	printf("%s%s%s: container with %u image%s, %s%s%s in 0x%" PRIx64 ",0x%" PRIx64 "\n", paint(PAINT_TITLE),
	       p->path, paint(PAINT_OFF), p->c.images, p->c.images == 1 ? "" : "s",
	       paint(p->fits ? PAINT_GOOD : PAINT_BAD), p->fits ? "fits" : "does not fit", paint(PAINT_OFF),
	       p->where.base, p->where.size);
	for (i = 0; i < p->c.images; i++) {
		snprintf(name, sizeof(name), "image %zu", i);
		load_plan_print(&p->image[i], name);
	}
	json_array_foreach(p->overlaps, i, item)
	{
		printf("  %s%s%s: segment %d of image %d and segment %d of image %d overlap in memory\n",
		       paint(PAINT_BAD), pil_reason_name(PIL_R_PLAN_OVERLAP), paint(PAINT_OFF),
		       number(item, "segments", 0), number(item, "images", 0), number(item, "segments", 1),
		       number(item, "images", 1));
	}
}

static int print_json(struct planned *p, int status)
{
	json_t *images = json_array();
	unsigned int i = 0;

	for (i = 0; i < p->c.images; i++)
		json_array_append_new(images, load_plan_json(&p->image[i]));
	return json_finish(json_pack("{s:o, s:s, s:b, s:o, s:o, s:O}", "file", json_name(p->path), "kind",
				     "optee-container", "fits", (int)p->fits, "carveout", json_range(p->where),
				     "images", images, "overlaps", p->overlaps),
			   status);
}

static int plan(struct planned *p, bool json)
{
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int status = STATUS_OK;

	if (!file_open(&file, p->path))
		return STATUS_TROUBLE;
	if (pil_container_parse(file.data, file.size, &p->c, &why)) {
		complain_why(p->path, &why);
		file_close(&file);
		return STATUS_REFUSED;
	}
	make(p);
	status = p->fits ? STATUS_OK : STATUS_REFUSED;
	if (json)
		status = print_json(p, status);
	else
		print_text(p);
	file_close(&file);
	return status;
}

int container_plan(const char *path, struct pil_range where, bool json)
{
	struct planned *p = calloc(1, sizeof(*p));
	int status = STATUS_TROUBLE;

	if (!p) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	p->path = path;
	p->where = where;
	p->overlaps = json_array();
	status = plan(p, json);
	json_decref(p->overlaps);
	free(p);
	return status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: the firmware files that a tree names, in a directory such as /lib/firmware. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board/check.h"
#include "image/formats.h"
#include "image/image_info.h"
#include "image/load_plan.h"
#include "image/verify.h"
#include "rsc/manifest.h"

/** struct wanted - a firmware that a peripheral names; @carveout: where it goes, NULL: not known */
struct wanted {
	const struct peripheral *p;
	const char *name;
	const char *path;
	const struct region *carveout;
};

static const char *file_of(struct check *c, const char *name)
{
	return check_format(c, "%s/%s", c->firmware, name);
}

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static const char *reason(struct check *c, const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	return check_format(c, "%s", text);
}

/* Linux refuses names that lead out of the directory, and this command does not follow them either */
static bool leads_out(const char *name)
{
	const char *part = name;

	for (; part; part = strchr(part, '/'), part = part ? part + 1 : NULL)
		if (!strncmp(part, "..", 2) && (!part[2] || part[2] == '/'))
			return true;
	return !*name;
}

/* adsp.mdt for adsp.mbn, and the other way; NULL: neither */
static const char *other_form(struct check *c, const char *name)
{
	const size_t length = strlen(name);
	const char *end = length > 4 ? name + length - 4 : "";

	if (strcmp(end, ".mdt") && strcmp(end, ".mbn"))
		return NULL;
	return check_format(c, "%.*s%s", (int)(length - 4), name, strcmp(end, ".mdt") ? ".mdt" : ".mbn");
}

static void absent(struct check *c, const struct wanted *w)
{
	static const char *const compressed[] = { ".zst", ".xz" };
	const char *other = other_form(c, w->name);
	unsigned int i = 0;

	for (i = 0; i < 2; i++)
		if (is_there(check_format(c, "%s%s", w->path, compressed[i]))) {
			check_found(c, RULE_FIRMWARE_COMPRESSED, w->p->path, w->name, "%s exists as %s%s", w->name,
				    w->name, compressed[i]);
			return;
		}
	if (other && is_there(file_of(c, other)))
		check_found(c, RULE_FIRMWARE_OTHER_FORM, w->p->path, w->name, "%s does not exist, but %s does", w->name,
			    other);
	else
		check_found(c, RULE_FIRMWARE_ABSENT, w->p->path, w->name, "%s is not in %s", w->name, c->firmware);
}

static void fits(struct check *c, const struct wanted *w, const struct image_info *info)
{
	struct load_plan *plan = NULL;

	if (!w->carveout)
		return;
	plan = pool_alloc(&c->pool, sizeof(*plan));
	*plan = (struct load_plan){
		.where = { w->carveout->base, w->carveout->size },
		.elf = info->elf,
		.parts = info->form == INFO_SPLIT,
	};
	load_plan_make(plan);
	if (!plan->fits && plan->problems)
		check_found(c, RULE_FIRMWARE_TOO_LARGE, w->p->path, w->name, "%s in %s, %s: %s", w->name,
			    w->carveout->path, rules_range(c, w->carveout->base, w->carveout->size),
			    reason(c, &plan->problem[0]));
}

static void genuine(struct check *c, const struct wanted *w, const struct image_info *info)
{
	static const struct questions none;
	struct answers *answers = pool_alloc(&c->pool, sizeof(*answers));
	unsigned int i = 0;

	if (verify_image(info, c->questions ? c->questions : &none, c->crypto, answers))
		return;
	if (verify_unsigned(answers)) {
		check_found(c, RULE_FIRMWARE_REFUSED, w->p->path, w->name, "%s is not signed", w->name);
		return;
	}
	for (i = 0; i < PIL_CHECK_COUNT && answers->outcome[i] != OUTCOME_FAILED; i++)
		;
	check_found(c, RULE_FIRMWARE_REFUSED, w->p->path, w->name, "%s: %s", w->name,
		    i < PIL_CHECK_COUNT ? reason(c, &answers->why[i]) : "the second signature is wrong");
}

static bool owns(const struct check *c, const struct peripheral *p, const struct pil_manifest_entry *e)
{
	unsigned int i = 0;

	for (i = 0; i < c->model->stream_count; i++) {
		const struct stream *s = &c->model->streams[i];

		if (tree_is_within(c->tree, s->node, p->node) && model_stream_has(c->model, s, e->sid))
			return true;
	}
	return false;
}

/* the manifest says which streams the firmware uses: in arrangement owner they have to be the peripheral's */
static void streams(struct check *c, const struct wanted *w, const struct image_info *info)
{
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	unsigned int segment = 0, i = 0;

	if (manifest_of(info, &segment, &m, &why)) {
		check_found(c, RULE_FIRMWARE_BAD, w->p->path, w->name, "manifest of %s: %s", w->name, reason(c, &why));
		return;
	}
	for (i = 0; i < m.count; i++)
		if (!owns(c, w->p, &m.entry[i]))
			check_found(c, RULE_FIRMWARE_STREAM, w->p->path, check_format(c, "0x%" PRIx32, m.entry[i].sid),
				    "the manifest of %s has stream 0x%" PRIx32 ", which the node does not own", w->name,
				    m.entry[i].sid);
}

static void read_image(struct check *c, const struct wanted *w, const struct image_info *info)
{
	if (info->kind == INFO_NOT_ELF || info->kind == INFO_BROKEN) {
		check_found(c, RULE_FIRMWARE_BAD, w->p->path, w->name, "%s: %s", w->name, reason(c, &info->why));
		return;
	}
	if (info->missing)
		check_found(c, RULE_FIRMWARE_PIECES, w->p->path, w->name,
			    "%s: %u of its pieces are missing or have a wrong size", w->name, info->missing);
	fits(c, w, info);
	if (info->kind == INFO_PLAIN) {
		if (w->p->service == SERVICE_SCM)
			check_found(c, RULE_FIRMWARE_REFUSED, w->p->path, w->name, "%s is a plain ELF file, not signed",
				    w->name);
		return;
	}
	if (!info->missing)
		genuine(c, w, info);
	streams(c, w, info);
}

static void one(struct check *c, const struct wanted *w)
{
	struct image_info *info = NULL;
	const struct image_format *format = NULL;

	if (leads_out(w->name)) {
		check_found(c, RULE_FIRMWARE_ABSENT, w->p->path, w->name, "\"%s\" is no name that Linux takes",
			    w->name);
		return;
	}
	if (!is_there(w->path)) {
		absent(c, w);
		return;
	}
	format = image_format_of(w->path);
	if (format || w->p->service == SERVICE_DIRECT || w->p->service == SERVICE_UNKNOWN)
		return; /* containers and others' formats: pilot image verify asks for what is needed to judge them */
	info = pool_alloc(&c->pool, sizeof(*info));
	if (!image_info_read(info, w->path, c->crypto)) {
		check_found(c, RULE_FIRMWARE_BAD, w->p->path, w->name, "%s: %s", w->name, file_error(errno));
		return;
	}
	read_image(c, w, info);
	image_info_close(info);
}

/* the names and the carve-outs of Qualcomm's peripherals go together one by one */
static struct wanted wanted(struct check *c, const struct peripheral *p, unsigned int index)
{
	struct wanted w = { .p = p, .name = p->firmware[index] };

	w.path = file_of(c, w.name);
	if (p->service == SERVICE_SCM)
		w.carveout = rules_carveout(c, p, index);
	return w;
}

void rules_firmware(struct check *c)
{
	unsigned int i = 0, j = 0;

	for (i = 0; c->firmware && i < c->model->peripheral_count; i++) {
		const struct peripheral *p = &c->model->peripherals[i];

		for (j = 0; p->enabled && j < p->firmware_count; j++) {
			const struct wanted w = wanted(c, p, j);

			one(c, &w);
		}
	}
}

bool rules_firmware_maps(struct check *c, const struct peripheral *p, const struct region *r)
{
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	struct image_info *info = NULL;
	unsigned int segment = 0, i = 0;
	bool found = false;

	if (!c->firmware || !p->firmware_count || leads_out(p->firmware[0]) || r->dynamic || !r->size)
		return false;
	info = pool_alloc(&c->pool, sizeof(*info));
	if (!image_info_read(info, file_of(c, p->firmware[0]), c->crypto))
		return false;
	if (manifest_of(info, &segment, &m, &why))
		m.count = 0;
	for (i = 0; i < m.count && !found; i++)
		found = pil_range_contains(m.entry[i].range, (struct pil_range){ r->base, r->size });
	image_info_close(info);
	return found;
}

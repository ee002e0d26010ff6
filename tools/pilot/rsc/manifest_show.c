/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest of an image, for people and for other programs. */
#include <inttypes.h>

#include "rsc/manifest.h"
#include "pilot.h"
#include "rsc/stream_names.h"

int manifest_of(const struct image_info *info, unsigned int *segment, struct pil_manifest *manifest,
		struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	int ret = 0;

	*segment = 0;
	*manifest = (struct pil_manifest){ 0 };
	if (info->kind != INFO_SIGNED)
		return 0;
	ret = pil_manifest_find(&info->elf, segment, &phdr, why);
	if (ret || !*segment)
		return ret;
	if (!info->segment[*segment].data)
		return pil_fail(why, PIL_R_SEGMENT_FILE, *segment, phdr.filesz);
	return pil_manifest_parse(info->segment[*segment].data, info->segment[*segment].size, manifest, why);
}

void manifest_print(const struct image_info *info)
{
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	unsigned int segment = 0;
	unsigned int i = 0;

	if (manifest_of(info, &segment, &m, &why)) {
		char text[200] = "";

		pil_why_text(&why, text, sizeof(text));
		printf("  %smanifest that no device takes: %s%s\n", paint(PAINT_WARN), text, paint(PAINT_OFF));
		return;
	}
	if (!segment)
		return;
	printf("  manifest   segment %u: the streams reach the carve-out and %s\n", segment, m.count ? "" : "nothing else");
	for (i = 0; i < m.count; i++)
		printf("             stream 0x%" PRIx32 " mask 0x%" PRIx32 " (%s)  0x%08" PRIx64 "  %10" PRIu64
		       " bytes%s%s\n",
		       m.entry[i].sid, m.entry[i].mask, stream_purpose_names[m.entry[i].purpose], m.entry[i].range.base,
		       m.entry[i].range.size, m.entry[i].access & PIL_MANIFEST_READ ? " read" : "",
		       m.entry[i].access & PIL_MANIFEST_WRITE ? " write" : "");
}

static json_t *entry_json(const struct pil_manifest_entry *e)
{
	json_t *access = json_array();
	size_t bit = 0;

	for (bit = 0; bit < MANIFEST_ACCESSES; bit++)
		if (e->access >> bit & 1u)
			json_array_append_new(access, json_string(manifest_access_names[bit]));
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "sid", json_hex64(e->sid), "mask", json_hex64(e->mask),
			 "purpose", stream_purpose_names[e->purpose], "access", access, "base", json_hex64(e->range.base), "size",
			 json_hex64(e->range.size));
}

json_t *manifest_json(const struct image_info *info)
{
	struct pil_manifest m = { 0 };
	struct pil_why why = { 0 };
	unsigned int segment = 0;
	int ret = manifest_of(info, &segment, &m, &why);
	json_t *entries = NULL;
	unsigned int i = 0;

	if (!ret && !segment)
		return json_null();
	entries = json_array();
	for (i = 0; i < m.count; i++)
		json_array_append_new(entries, entry_json(&m.entry[i]));
	return json_pack("{s:i, s:o, s:o}", "segment", (int)segment, "entries", entries, "error",
			 ret ? json_why(&why) : json_null());
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot rsc show: a resource table, by itself or in an ELF file, and what is wrong with it. */
#include <inttypes.h>
#include <string.h>

#include <pilot/elf.h>
#include <pilot/wire/elf.h>

#include "pilot.h"
#include "rsc/rsc.h"
#include "rsc/stream_names.h"

static const char help[] =
	"Prints the resource table of each FILE: of an ELF file's section .resource_table, or a table\n"
	"by itself. Then checks it: offsets, lengths, addresses within 4 GiB, overlaps, names, vrings,\n"
	"everything that Linux's remoteproc or a person would trip over. The document of --json can be\n"
	"changed and given to 'pilot rsc build'.\n"
	"\n"
	"options:\n"
	"      --json       print a JSON document, {\"tables\": [...]}; pilot-rsc(1) lists the keys\n"
	"  -h, --help       this text\n"
	"\n"
	"examples:\n"
	"  pilot rsc show m4.elf\n"
	"  pilot rsc show --json m4.elf | jq '.tables[].entries[] | select(.type == \"vdev\")'\n"
	"\n"
	"exit status: 0 shown, nothing wrong; 1 the table is not in order; 2 usage, no resource table,\n"
	"or a file that cannot be read. The worst file counts.\n";

const char *const rsc_type_names[RSC_TYPES] = { "carveout", "devmem", "trace", "vdev" };
const char *const rsc_flag_names[RSC_FLAGS] = { "read", "write", "cache", "noexec", "mmio", "priv" };

/** struct table - a table that was found; @section: in an ELF file's section, at file offset @offset */
struct table {
	const char *path;
	const uint8_t *data;
	size_t size;
	uint64_t offset;
	bool section;
};

static int find_in_elf(const struct file *file, struct table *t)
{
	struct pil_section section = { 0 };
	struct pil_elf elf = { 0 };
	struct pil_why why = { 0 };

	if (pil_elf_parse(file->data, file->size, &elf, &why) ||
	    pil_elf_find_section(&elf, PIL_RSC_SECTION, &section, &why)) {
		if (why.reason == PIL_R_ELF_SECTION_NONE)
			complain(file->path, "an ELF file without section %s", PIL_RSC_SECTION);
		else
			complain_why(file->path, &why);
		return STATUS_TROUBLE;
	}
	if (section.type == PIL_SHT_NOBITS) {
		complain(file->path, "section %s has no bytes in the file", PIL_RSC_SECTION);
		return STATUS_TROUBLE;
	}
	t->data = file->data + section.offset;
	t->size = (size_t)section.size;
	t->offset = section.offset;
	t->section = true;
	return STATUS_OK;
}

static int find(const struct file *file, struct table *t)
{
	static const uint8_t elf[] = { 0x7f, 'E', 'L', 'F' };

	*t = (struct table){ .path = file->path, .data = file->data, .size = file->size };
	if (file->size >= sizeof(elf) && !memcmp(file->data, elf, sizeof(elf)))
		return find_in_elf(file, t);
	return STATUS_OK;
}

/* the name as it is, cut at what is not printable */
static const char *name_text(const struct pil_rsc_item *item, char text[PIL_RSC_NAME + 1])
{
	unsigned int i = 0;

	for (i = 0; item->name && i < PIL_RSC_NAME && item->name[i] >= 0x20 && item->name[i] < 0x7f; i++)
		text[i] = (char)item->name[i];
	text[i] = '\0';
	return text;
}

static void print_address(const char *what, uint32_t address)
{
	if (address == PIL_RSC_ANY)
		printf("  %s any       ", what);
	else
		printf("  %s 0x%08" PRIx32, what, address);
}

static void print_flags(uint32_t flags)
{
	unsigned int i = 0;

	for (i = 0; i < 32; i++) {
		if (!(flags >> i & 1u))
			continue;
		if (i < RSC_FLAGS)
			printf(" %s", rsc_flag_names[i]);
		else
			printf(" bit %u", i);
	}
	putchar('\n');
}

static void print_memory(const struct pil_rsc_item *item)
{
	char name[PIL_RSC_NAME + 1] = "";

	print_address("da", item->da);
	if (item->type != PIL_RSC_TRACE)
		print_address("pa", item->pa);
	printf("  %10" PRIu32 " bytes  \"%s\"", item->len, name_text(item, name));
	print_flags(item->flags);
}

static const char *purpose_text(const struct pil_rsc_item *item)
{
	return item->purpose < STREAM_PURPOSES ? stream_purpose_names[item->purpose] : "unknown purpose";
}

static void print_stream(const struct table *t, const struct pil_rsc_item *item)
{
	char name[PIL_RSC_NAME + 1] = "";
	struct pil_rsc_range r = { 0 };
	unsigned int i = 0;

	printf("  sid 0x%" PRIx32 "  mask 0x%" PRIx32 "  %s  %u ranges  \"%s\"\n", item->sid, item->mask,
	       purpose_text(item), item->ranges, name_text(item, name));
	for (i = 0; !pil_rsc_range(t->data, t->size, item, i, &r); i++) {
		printf("       range %u   da 0x%08" PRIx64 "  pa 0x%08" PRIx64 "  %10" PRIu64 " bytes", i, r.da, r.pa,
		       r.len);
		print_flags(r.flags);
	}
}

static void print_vdev(const struct table *t, const struct pil_rsc_item *item)
{
	struct pil_rsc_vring v = { 0 };
	unsigned int i = 0;

	printf("  virtio device %" PRIu32 ", features 0x%" PRIx32 ", %u vrings, %zu bytes of configuration\n", item->id,
	       item->dfeatures, item->vrings, item->config.size);
	for (i = 0; !pil_rsc_vring(t->data, t->size, item, i, &v); i++) {
		printf("       vring %u ", i);
		print_address("da", v.da);
		printf("  %" PRIu32 " buffers, alignment %" PRIu32 ", %" PRIu64 " bytes\n", v.num, v.align, v.bytes);
	}
}

static void print_entries(const struct table *t)
{
	struct pil_rsc_item item = { 0 };
	unsigned int i = 0;

	for (i = 0; !pil_rsc_item(t->data, t->size, i, &item); i++) {
		if (item.type < RSC_TYPES || item.stream)
			printf("  %3u  %-8s", i, item.stream ? "stream" : rsc_type_names[item.type]);
		else
			printf("  %3u  type %" PRIu32 "\n", i, item.type);
		if (item.type == PIL_RSC_VDEV)
			print_vdev(t, &item);
		else if (item.stream)
			print_stream(t, &item);
		else if (item.type < RSC_TYPES)
			print_memory(&item);
	}
}

static json_t *address_json(uint32_t address)
{
	return address == PIL_RSC_ANY ? json_string(RSC_ANY_WORD) : json_hex64(address);
}

static json_t *flags_json(uint32_t flags)
{
	json_t *list = json_array();
	unsigned int i = 0;

	for (i = 0; i < RSC_FLAGS; i++)
		if (flags >> i & 1u)
			json_array_append_new(list, json_string(rsc_flag_names[i]));
	if (flags >> RSC_FLAGS)
		json_array_append_new(list, json_hex64(flags >> RSC_FLAGS << RSC_FLAGS));
	return list;
}

static json_t *vrings_json(const struct table *t, const struct pil_rsc_item *item)
{
	json_t *list = json_array();
	struct pil_rsc_vring v = { 0 };
	unsigned int i = 0;

	for (i = 0; !pil_rsc_vring(t->data, t->size, item, i, &v); i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "da", address_json(v.da), "align",
						      json_u64(v.align), "num", json_u64(v.num), "notifyid",
						      address_json(v.notifyid), "pa", address_json(v.pa)));
	return list;
}

static json_t *stream_json(const struct table *t, const struct pil_rsc_item *item)
{
	char name[PIL_RSC_NAME + 1] = "";
	json_t *ranges = json_array();
	struct pil_rsc_range r = { 0 };
	unsigned int i = 0;

	for (i = 0; !pil_rsc_range(t->data, t->size, item, i, &r); i++)
		json_array_append_new(ranges, json_pack("{s:o, s:o, s:o, s:o}", "da", json_hex64(r.da), "pa",
							json_hex64(r.pa), "len", json_hex64(r.len), "flags",
							flags_json(r.flags)));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "type", "stream", "name", name_text(item, name), "sid",
			 json_hex64(item->sid), "mask", json_hex64(item->mask), "purpose",
			 item->purpose < STREAM_PURPOSES ? json_string(stream_purpose_names[item->purpose])
						      : json_u64(item->purpose),
			 "ranges", ranges);
}

static json_t *entry_json(const struct table *t, const struct pil_rsc_item *item)
{
	char name[PIL_RSC_NAME + 1] = "";

	switch (item->type) {
	case PIL_RSC_CARVEOUT:
	case PIL_RSC_DEVMEM:
		return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "type", rsc_type_names[item->type], "name",
				 name_text(item, name), "da", address_json(item->da), "pa", address_json(item->pa),
				 "len", json_hex64(item->len), "flags", flags_json(item->flags));
	case PIL_RSC_TRACE:
		return json_pack("{s:s, s:s, s:o, s:o}", "type", rsc_type_names[item->type], "name",
				 name_text(item, name), "da", address_json(item->da), "len", json_hex64(item->len));
	case PIL_RSC_VDEV:
		return json_pack("{s:s, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "type", rsc_type_names[item->type], "id",
				 json_u64(item->id), "notifyid", address_json(item->notifyid), "dfeatures",
				 json_hex64(item->dfeatures), "gfeatures", json_hex64(item->gfeatures), "status",
				 (int)item->status, "config", json_bytes(item->config.data, item->config.size),
				 "vrings", vrings_json(t, item));
	case PIL_RSC_STREAM:
		if (item->stream)
			return stream_json(t, item);
		return json_pack("{s:o}", "type", json_u64(item->type));
	default:
		return json_pack("{s:o}", "type", json_u64(item->type));
	}
}

static json_t *to_json(const struct table *t, int failed, const struct pil_why *why)
{
	json_t *entries = json_array();
	struct pil_rsc_item item = { 0 };
	unsigned int i = 0;

	for (i = 0; !pil_rsc_item(t->data, t->size, i, &item); i++)
		json_array_append_new(entries, entry_json(t, &item));
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "file", json_name(t->path), "offset",
			 t->section ? json_u64(t->offset) : json_null(), "size", json_u64(t->size), "entries", entries,
			 "error", failed ? json_why(why) : json_null());
}

static int show_table(const struct table *t, json_t *tables)
{
	struct pil_why why = { 0 };
	int failed = pil_rsc_check_firmware(t->data, t->size, &why);

	/* too short for any table, or another version: something else */
	if (why.reason == PIL_R_RSC_SHORT || why.reason == PIL_R_RSC_VERSION) {
		complain_why(t->path, &why);
		return STATUS_TROUBLE;
	}
	if (tables) {
		json_array_append_new(tables, to_json(t, failed, &why));
	} else {
		printf("%s%s%s: resource table of %zu bytes%s, %u entries\n", paint(PAINT_TITLE), t->path,
		       paint(PAINT_OFF), t->size, t->section ? " in section " PIL_RSC_SECTION : "",
		       pil_rsc_count(t->data, t->size));
		print_entries(t);
	}
	if (failed)
		complain_why(t->path, &why);
	return failed ? STATUS_REFUSED : STATUS_OK;
}

static int show(const char *path, json_t *tables)
{
	struct file file = { 0 };
	struct table t = { 0 };
	int status = STATUS_OK;

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	status = find(&file, &t);
	if (!status)
		status = show_table(&t, tables);
	file_close(&file);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	return command_each(cmd, argc, argv, "tables", show);
}

const struct command command_rsc_show = {
	"rsc", "show", "print and check the resource table of a firmware", "[--json] FILE...", help, run,
};

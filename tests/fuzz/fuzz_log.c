/* SPDX-License-Identifier: BSD-2-Clause */
/* Logs for pilot explain: two halves are two logs, and a board knows everything. */
#include <string.h>

#include "../../tools/pilot/explain/explain.h"
#include "fuzz_tool.h"

/* a board that has a name for every address and an owner for most streams */
bool board_region(const struct explain_board *board, uint64_t address, char *text, size_t size)
{
	FUZZ_CHECK(board);
	snprintf(text, size, "region-%llx", (unsigned long long)(address >> 20));
	return address & 1;
}

bool board_owner(const struct explain_board *board, const char *smmu, uint64_t sid, char name[NAME_LENGTH],
		 char text[NAME_LENGTH])
{
	FUZZ_CHECK(board && strlen(smmu) < NAME_LENGTH);
	if (sid & 1)
		snprintf(name, NAME_LENGTH, "adsp");
	snprintf(text, NAME_LENGTH, "remoteproc@%llx", (unsigned long long)sid);
	return sid & 3;
}

bool board_processor(const struct explain_board *board, const char *device, char name[NAME_LENGTH])
{
	FUZZ_CHECK(board && strlen(device) < NAME_LENGTH);
	if (strcmp(device, "3000000.remoteproc"))
		return false;
	snprintf(name, NAME_LENGTH, "adsp");
	return true;
}

static void check_text(const char *text, size_t size)
{
	size_t i = 0;

	FUZZ_CHECK(memchr(text, 0, size));
	for (i = 0; text[i]; i++)
		FUZZ_CHECK(text[i] >= 0x20 && text[i] < 0x7f);
}

static void check_links(const struct explain *x, const uint32_t *list, unsigned int count)
{
	unsigned int i = 0;

	FUZZ_CHECK(count <= FAULT_LINKS);
	for (i = 0; i < count; i++)
		FUZZ_CHECK(list[i] < x->count);
}

static void check_fault(const struct explain *x, const struct fault *f)
{
	FUZZ_CHECK(f->entry && *f->entry->title && f->count);
	FUZZ_CHECK(f->source < x->sources && f->first_line <= f->last_line && f->last_line <= x->lines[f->source] + 1);
	FUZZ_CHECK(!f->has_address || f->low <= f->high);
	FUZZ_CHECK(f->registers <= FAULT_REGISTERS && f->regions <= FAULT_REGIONS && f->reason < PIL_R_COUNT);
	FUZZ_CHECK(f->cause == NO_FAULT || (f->cause < x->count && &x->faults[f->cause] != f));
	check_links(x, f->leads_to, f->leads);
	check_links(x, f->why, f->whys);
	check_text(f->driver, sizeof(f->driver));
	check_text(f->device, sizeof(f->device));
	check_text(f->processor, sizeof(f->processor));
	check_text(f->client, sizeof(f->client));
	check_text(f->file, sizeof(f->file));
	check_text(f->image, sizeof(f->image));
	check_text(f->request, sizeof(f->request));
	check_text(f->detail, sizeof(f->detail));
	check_text(f->sample, sizeof(f->sample));
	check_text(f->first.text, sizeof(f->first.text));
	check_text(f->last.text, sizeof(f->last.text));
}

/* what follows something has a block to stand in */
static void check_causes(const struct explain *x)
{
	uint64_t noted = 0;
	unsigned int i = 0;

	FUZZ_CHECK(x->count <= EXPLAIN_FAULTS && x->recents <= EXPLAIN_RECENT && x->remotes <= EXPLAIN_REMOTES);
	for (i = 0; i < x->count; i++) {
		check_fault(x, &x->faults[i]);
		noted += x->faults[i].count;
	}
	FUZZ_CHECK(noted == x->noted);
	FUZZ_CHECK(fault_paragraphs(x) <= x->count);
}

static void read_half(struct explain *x, const uint8_t *data, size_t size)
{
	FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;

	if (!in)
		return;
	x->source_name[x->sources++] = "a.log";
	FUZZ_CHECK(source_read(x, x->sources - 1, in));
	fclose(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char board[1];
	static struct scan *scan;
	struct explain x = { .board = (const struct explain_board *)(const void *)board };
	json_t *document = NULL;
	char *text = NULL;

	/* the same for every input, and most of the work */
	scan = scan ? scan : scan_new();
	x.scan = scan;
	FUZZ_CHECK(explain_begin(&x));
	read_half(&x, data, size / 2);
	read_half(&x, data + size / 2, size - size / 2);
	relate_end(&x);
	check_causes(&x);
	document = explain_json(&x);
	FUZZ_CHECK(document);
	text = json_dumps(document, 0);
	FUZZ_CHECK(text);
	free(text);
	json_decref(document);
	x.scan = NULL;
	explain_end(&x);
	return 0;
}

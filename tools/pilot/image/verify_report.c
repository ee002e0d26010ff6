/* SPDX-License-Identifier: BSD-2-Clause */
/* The answers of "pilot image verify" as text and as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/verify_report.h"

static const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_NOT_REACHED] = "not reached",
		[OUTCOME_NOT_ASKED] = "not asked",
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
	};

	return names[outcome];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICTS] = {
		[VERDICT_UNREADABLE] = "unreadable",   [VERDICT_NO_IMAGE] = "not an image",
		[VERDICT_PLACEHOLDER] = "placeholder", [VERDICT_UNSIGNED] = "unsigned",
		[VERDICT_REFUSED] = "refused",	       [VERDICT_CONSISTENT] = "consistent",
		[VERDICT_GENUINE] = "genuine",
	};

	return names[verdict];
}

int verdict_status(enum verdict verdict)
{
	if (verdict == VERDICT_UNREADABLE || verdict == VERDICT_NO_IMAGE)
		return STATUS_TROUBLE;
	return verdict == VERDICT_GENUINE || verdict == VERDICT_CONSISTENT ? STATUS_OK : STATUS_REFUSED;
}

/* with a root it is genuine; without one only free of contradictions */
enum verdict verdict_of(const struct questions *q, const struct answers *answers, bool good)
{
	if (good)
		return q->root ? VERDICT_GENUINE : VERDICT_CONSISTENT;
	return verify_unsigned(answers) ? VERDICT_UNSIGNED : VERDICT_REFUSED;
}

void counts_add(struct counts *counts, const struct image_info *info, const struct answers *answers)
{
	const bool headers = answers->outcome[PIL_CHECK_HEADERS] == OUTCOME_OK;
	unsigned int i = 0;

	counts->tables++;
	counts->good_tables += headers && !answers->table.failures;
	if (info->form == INFO_WRAPPED) {
		counts->tables++;
		counts->good_tables += !answers->outer.failures;
	}
	for (i = 0; i < PIL_AUTHORITIES; i++) {
		counts->signatures += info->image.mbn.signer[i].signature.size != 0;
		counts->chains += info->image.mbn.signer[i].certs.size != 0;
	}
	counts->good_signatures += answers->outcome[PIL_CHECK_SIGNATURE] == OUTCOME_OK;
	counts->good_chains += answers->outcome[PIL_CHECK_CHAIN] == OUTCOME_OK;
	counts->good_signatures += answers->second == OUTCOME_OK;
	counts->good_chains += (answers->second_result.done & 1u << PIL_CHECK_CHAIN) != 0;
}

static enum paint verdict_paint(enum verdict verdict)
{
	if (verdict == VERDICT_GENUINE)
		return PAINT_GOOD;
	return verdict == VERDICT_CONSISTENT ? PAINT_WARN : PAINT_BAD;
}

static void print_signer(FILE *out, const struct pil_auth_result *result)
{
	char *name = result->certs ? cert_name(result->cert[0].subject) : NULL;

	fprintf(out, ": %s by %s", sig_alg_name(result->sig_alg), name ? name : "?");
	free(name);
}

static void print_table(FILE *out, const struct pil_image *image, const struct table_answers *table)
{
	fprintf(out, "%u with %" PRIu64 " bytes, %s", table->segments, table->bytes,
		hash_alg_name(image->mbn.hash_alg));
	if (table->entries[PIL_ENTRY_OF_NOTHING])
		fprintf(out, ", %u digests of nothing", table->entries[PIL_ENTRY_OF_NOTHING]);
	if (table->entries[PIL_ENTRY_WHOLE_IMAGE])
		fprintf(out, ", digest of the whole image");
}

static void print_detail(FILE *out, const struct image_info *info, const struct answers *answers, enum pil_check check)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";

	switch (check) {
	case PIL_CHECK_CHAIN:
		fprintf(out, ": %u certificates", answers->result.certs);
		if (answers->result.roots > 1)
			fprintf(out, ", %u of them roots, number %u is selected", answers->result.roots,
				info->binding.root_index);
		break;
	case PIL_CHECK_ROOT:
		fprintf(out, ": root hash %s", hex(digits, info->root_hash, PIL_ROOT_HASH_SIZE));
		break;
	case PIL_CHECK_SIGNATURE:
		print_signer(out, &answers->result);
		break;
	case PIL_CHECK_SOFTWARE:
		fprintf(out, ": id 0x%" PRIx32, info->binding.sw_id);
		break;
	case PIL_CHECK_SEGMENTS:
		fputs(": ", out);
		print_table(out, &info->image, &answers->table);
		if (info->form != INFO_WRAPPED)
			break;
		fputs("; wrapper: ", out);
		print_table(out, &info->outer, &answers->outer);
		break;
	default:
		break;
	}
}

static void print_reason(FILE *out, const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	fprintf(out, ": %s", text);
}

static void print_outcome(FILE *out, const char *name, enum outcome outcome)
{
	static const enum paint paints[] = {
		[OUTCOME_NOT_REACHED] = PAINT_DIM,
		[OUTCOME_NOT_ASKED] = PAINT_DIM,
		[OUTCOME_OK] = PAINT_GOOD,
		[OUTCOME_FAILED] = PAINT_BAD,
	};

	fprintf(out, "  %-9s  %s%s%s", name, paint(paints[outcome]), outcome_name(outcome), paint(PAINT_OFF));
}

/* the first failure stands behind the check's own name */
static void print_failures(FILE *out, const struct table_answers *table, unsigned int from)
{
	unsigned int i = 0;

	for (i = from; i < table->failures; i++) {
		fprintf(out, "%19s", "");
		print_reason(out, &table->failed[i]);
		fputc('\n', out);
	}
}

static void print_check(FILE *out, const struct image_info *info, const struct answers *answers, enum pil_check check)
{
	enum outcome outcome = answers->outcome[check];

	print_outcome(out, pil_check_name(check), outcome);
	if (outcome == OUTCOME_FAILED)
		print_reason(out, &answers->why[check]);
	else if (outcome == OUTCOME_OK || (check == PIL_CHECK_ROOT && outcome == OUTCOME_NOT_ASKED && info->certs))
		print_detail(out, info, answers, check);
	fputc('\n', out);
	if (check != PIL_CHECK_SEGMENTS)
		return;
	print_failures(out, &answers->table, 1);
	print_failures(out, &answers->outer, !answers->table.failures);
}

static void print_second(FILE *out, const struct image_info *info, const struct answers *answers)
{
	if (!info->countersigned)
		return;
	print_outcome(out, "QTI", answers->second);
	if (answers->second == OUTCOME_FAILED)
		print_reason(out, &answers->second_why);
	else
		print_signer(out, &answers->second_result);
	fputc('\n', out);
}

void report_title(FILE *out, const char *path, enum verdict verdict)
{
	fprintf(out, "%s%s%s: %s%s%s\n", paint(PAINT_TITLE), path, paint(PAINT_OFF), paint(verdict_paint(verdict)),
		verdict_name(verdict), paint(PAINT_OFF));
}

void report_text(FILE *out, const struct questions *q, const struct image_info *info, enum verdict verdict,
		 const struct answers *answers)
{
	int check = 0;

	report_title(out, info->file.path, verdict);
	for (check = 0; answers && check < PIL_CHECK_COUNT; check++) {
		print_check(out, info, answers, (enum pil_check)check);
		if (check == PIL_CHECK_SIGNATURE)
			print_second(out, info, answers);
	}
	if (answers && !q->root && verdict != VERDICT_UNSIGNED)
		fprintf(out,
			"  %sthe root is not checked against anything: whoever made it can have signed this. "
			"Give --root, --root-hash or --fuses.%s\n",
			paint(PAINT_WARN), paint(PAINT_OFF));
}

static json_t *check_json(const char *name, enum outcome outcome, const struct pil_why *why)
{
	json_t *check = json_pack("{s:s, s:s}", "name", name, "result", outcome_name(outcome));

	if (outcome == OUTCOME_FAILED)
		json_object_set_new(check, "error", json_why(why));
	return check;
}

static json_t *checks_json(const struct answers *answers)
{
	json_t *checks = json_array();
	int i = 0;

	for (i = 0; i < PIL_CHECK_COUNT; i++)
		json_array_append_new(
			checks, check_json(pil_check_name((enum pil_check)i), answers->outcome[i], &answers->why[i]));
	return checks;
}

static json_t *failures_json(const struct table_answers *table)
{
	json_t *failed = json_array();
	unsigned int i = 0;

	for (i = 0; i < table->failures; i++)
		json_array_append_new(failed, json_why(&table->failed[i]));
	return failed;
}

static json_t *table_json(const struct pil_image *image, const struct table_answers *table)
{
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "digest", hash_alg_name(image->mbn.hash_alg),
			 "entries", (int)image->mbn.hash_count, "digests", (int)table->entries[PIL_ENTRY_DIGEST],
			 "hash_segments", (int)table->entries[PIL_ENTRY_HASH], "empty",
			 (int)table->entries[PIL_ENTRY_EMPTY], "of_nothing", (int)table->entries[PIL_ENTRY_OF_NOTHING],
			 "whole_image", (int)table->entries[PIL_ENTRY_WHOLE_IMAGE], "errors", failures_json(table));
}

static void add_answers(json_t *root, const struct questions *q, const struct image_info *info,
			const struct answers *answers)
{
	json_object_set_new(root, "root_checked", json_boolean(q->root));
	json_object_set_new(root, "root_hash",
			    info->certs ? json_bytes(info->root_hash, sizeof(info->root_hash)) : json_null());
	json_object_set_new(root, "version", json_integer(info->image.mbn.version));
	json_object_set_new(root, "checks", checks_json(answers));
	json_object_set_new(root, "scheme",
			    answers->result.sig_alg ? json_string(sig_alg_name(answers->result.sig_alg)) : json_null());
	json_object_set_new(root, "countersignature",
			    info->countersigned ? check_json("QTI", answers->second, &answers->second_why)
						: json_null());
	json_object_set_new(root, "segments", json_integer(answers->table.segments));
	json_object_set_new(root, "bytes", json_u64(answers->table.bytes));
	json_object_set_new(root, "segment_errors", failures_json(&answers->table));
	json_object_set_new(root, "table", table_json(&info->image, &answers->table));
	json_object_set_new(root, "wrapper",
			    info->form == INFO_WRAPPED ? table_json(&info->outer, &answers->outer) : json_null());
}

json_t *report_json(const struct questions *q, const struct image_info *info, enum verdict verdict,
		    const struct answers *answers, const struct pil_why *why)
{
	json_t *root = json_pack("{s:o, s:s}", "file", json_name(info->file.path), "verdict", verdict_name(verdict));

	if (why)
		json_object_set_new(root, "error", json_why(why));
	if (answers)
		add_answers(root, q, info, answers);
	return root;
}

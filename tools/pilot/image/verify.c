/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All checks on one image. pil_auth_check() stops at the first refusal, as a device must. Here the question is taken
 * back that was refused, and asked again without it, so that the answers to the others come out too.
 */
#include <string.h>

#include "rsc/manifest.h"
#include "image/verify.h"

struct run {
	const struct image_info *info;
	const struct questions *q;
	const struct pil_crypto *crypto;
	struct pil_device device;
	struct pil_auth_policy policy;
	struct answers *answers;
};

/* what is not asked about is answered from the image itself, so that it cannot fail */
static void answer_binding(struct pil_device *device, const struct questions *q, const struct pil_mbn_binding *b)
{
	unsigned int i = 0;

	if (!q->soc)
		device->soc_version = b->soc_vers[0];
	if (!q->oem)
		device->oem_id = b->oem_id;
	if (!q->model)
		device->model_id = b->model_id;
	if (!q->jtag)
		device->jtag_id = b->jtag_id;
	for (i = 0; !q->serial && i < PIL_MBN_SERIALS && !device->serial; i++)
		device->serial = b->serials[i];
}

static void answer_root(struct run *run)
{
	run->device.root_count = 1;
	run->device.root_active = 1;
	run->device.root_revoked = 0;
	run->device.root_alg[0] = PIL_SHA384;
	memcpy(run->device.root_hash[0], run->info->root_hash, PIL_ROOT_HASH_SIZE);
}

static bool asks_binding(const struct questions *q)
{
	return q->soc || q->oem || q->model || q->serial || q->jtag;
}

static void prepare(struct run *run)
{
	const struct questions *q = run->q;

	run->device = q->device;
	answer_binding(&run->device, q, &run->info->binding);
	if (!q->root)
		answer_root(run);
	run->policy = (struct pil_auth_policy){
		.check_sw_id = q->sw_id,
		.sw_id = q->software,
		.authority = run->info->signer,
		.rules = &pil_auth_rules_all,
	};
	if (q->root || asks_binding(q))
		run->policy.device = &run->device;
}

/* which check a refusal belongs to: the first one of those asked that did not pass */
static enum pil_check refused_check(const struct run *run, const struct pil_why *why)
{
	uint32_t done = run->answers->result.done;
	unsigned int check = PIL_CHECK_CHAIN;

	switch (why->reason) {
	case PIL_R_CERT_ROOT:
	case PIL_R_CERT_ROOT_INDEX:
		return PIL_CHECK_ROOT;
	case PIL_R_SIG_NONE:
	case PIL_R_MBN_ENCRYPTED:
	case PIL_R_LEAF_FIELD:
		return PIL_CHECK_SIGNATURE;
	case PIL_R_BIND_SW_ID:
		return PIL_CHECK_SOFTWARE;
	default:
		break;
	}
	if (!run->policy.device)
		done |= 1u << PIL_CHECK_ROOT | 1u << PIL_CHECK_BINDING;
	if (!run->policy.check_sw_id)
		done |= 1u << PIL_CHECK_SOFTWARE;
	while (check < PIL_CHECK_HEADERS && done & 1u << check)
		check++;
	return (enum pil_check)check;
}

/* take @check back; false when nothing can be asked without it */
static bool relax(struct run *run, enum pil_check check)
{
	switch (check) {
	case PIL_CHECK_ROOT:
		answer_root(run);
		return run->policy.device != NULL;
	case PIL_CHECK_BINDING:
		run->policy.device = NULL;
		return true;
	case PIL_CHECK_SOFTWARE:
		run->policy.check_sw_id = false;
		return true;
	default:
		return false;
	}
}

static void set(struct answers *answers, enum pil_check check, enum outcome outcome)
{
	/* a check that failed once is not made good by the runs that leave it out */
	if (answers->outcome[check] != OUTCOME_FAILED && answers->outcome[check] != OUTCOME_NOT_ASKED)
		answers->outcome[check] = outcome;
}

static void take_done(struct answers *answers)
{
	int check = 0;

	for (check = 0; check < PIL_CHECK_SEGMENTS; check++)
		if (answers->result.done & 1u << check)
			set(answers, (enum pil_check)check, OUTCOME_OK);
}

static void ask_metadata(struct run *run)
{
	struct answers *answers = run->answers;
	struct pil_why why = { 0 };
	enum pil_check check = PIL_CHECK_CHAIN;
	bool again = true;

	while (again) {
		int ret = pil_auth_check(&run->info->image, &run->policy, run->crypto, &answers->result, &why);

		take_done(answers);
		if (!ret)
			return;
		check = refused_check(run, &why);
		if (answers->outcome[check] == OUTCOME_FAILED)
			return; /* taking it back did not help */
		/* BIND_NONE refuses images that were not asked about their binding: that is no failure here */
		if (check != PIL_CHECK_BINDING || asks_binding(run->q)) {
			answers->outcome[check] = OUTCOME_FAILED;
			answers->why[check] = why;
		}
		again = relax(run, check);
	}
}

/* QTI's own signature and chain: a device knows its root from elsewhere than its fuses */
static void ask_second(struct run *run)
{
	struct pil_auth_policy policy = { .authority = PIL_QTI, .rules = &pil_auth_rules_all };
	struct answers *answers = run->answers;

	if (!run->info->countersigned)
		return;
	answers->second = OUTCOME_OK;
	if (pil_auth_check(&run->info->image, &policy, run->crypto, &answers->second_result, &answers->second_why))
		answers->second = OUTCOME_FAILED;
}

static void ask_entry(const struct run *run, const struct pil_image *image, unsigned int index,
		      struct table_answers *table)
{
	struct pil_why *why = &table->failed[table->failures];
	enum pil_entry entry = PIL_ENTRY_UNKNOWN;
	struct pil_phdr phdr = { 0 };

	pil_elf_phdr(&image->elf, index, &phdr);
	table->checked++;
	if (image_info_lacks(run->info, index)) {
		table->failures++;
		(void)pil_fail(why, PIL_R_SEGMENT_FILE, index, phdr.filesz);
		return;
	}
	if (pil_auth_entry(image, run->info->segment, index, run->crypto, &entry, why)) {
		table->failures++;
		return;
	}
	table->entries[entry]++;
}

/* every entry but the first, which is that of the headers; how much it is, is said whatever comes out */
static void ask_table(const struct run *run, const struct pil_image *image, struct table_answers *table)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = image->first + 1; i < image->elf.phnum; i++) {
		pil_elf_phdr(&image->elf, i, &phdr);
		if (PIL_PF_TYPE(phdr.flags) != PIL_PF_TYPE_HASH && phdr.filesz) {
			table->segments++;
			table->bytes += phdr.filesz;
		}
		ask_entry(run, image, i, table);
	}
}

/* digests need no signature to be compared; without one they only say that the file is not damaged */
static void ask_headers(struct run *run)
{
	struct answers *answers = run->answers;
	const struct pil_image *image = &run->info->image;
	struct pil_why *why = &answers->why[PIL_CHECK_HEADERS];
	struct pil_bytes headers = run->info->segment[image->first];

	if (answers->outcome[PIL_CHECK_HEADERS] != OUTCOME_NOT_REACHED)
		return;
	if (pil_auth_segment(image, image->first, headers.data, headers.size, run->crypto, why))
		answers->outcome[PIL_CHECK_HEADERS] = OUTCOME_FAILED;
	else
		answers->outcome[PIL_CHECK_HEADERS] = OUTCOME_OK;
}

/* the service reads it when all digests are right, and refuses one that is malformed; what the board grants is not known here */
static void ask_manifest(const struct image_info *info, struct table_answers *table)
{
	struct pil_manifest manifest = { 0 };
	struct pil_why why = { 0 };
	unsigned int segment = 0;

	if (!table->failures && manifest_of(info, &segment, &manifest, &why))
		table->failed[table->failures++] = why;
}

static void ask_segments(struct run *run)
{
	const struct image_info *info = run->info;
	struct answers *answers = run->answers;
	const struct table_answers *failed = &answers->table;

	ask_table(run, &info->image, &answers->table);
	if (info->form == INFO_WRAPPED) {
		ask_entry(run, &info->outer, 0, &answers->outer);
		ask_table(run, &info->outer, &answers->outer);
	}
	ask_manifest(info, &answers->table);
	if (!failed->failures)
		failed = &answers->outer;
	answers->outcome[PIL_CHECK_SEGMENTS] = failed->failures ? OUTCOME_FAILED : OUTCOME_OK;
	answers->why[PIL_CHECK_SEGMENTS] = failed->failed[0];
}

bool verify_image(const struct image_info *info, const struct questions *q, const struct pil_crypto *crypto,
		  struct answers *answers)
{
	struct run run = { .info = info, .q = q, .crypto = crypto, .answers = answers };
	int check = 0;

	*answers = (struct answers){ 0 };
	if (!q->root)
		answers->outcome[PIL_CHECK_ROOT] = OUTCOME_NOT_ASKED;
	if (!asks_binding(q))
		answers->outcome[PIL_CHECK_BINDING] = OUTCOME_NOT_ASKED;
	if (!q->sw_id)
		answers->outcome[PIL_CHECK_SOFTWARE] = OUTCOME_NOT_ASKED;
	prepare(&run);
	ask_metadata(&run);
	ask_second(&run);
	ask_headers(&run);
	ask_segments(&run);
	for (check = 0; check < PIL_CHECK_COUNT; check++)
		if (answers->outcome[check] == OUTCOME_FAILED)
			return false;
	return answers->second != OUTCOME_FAILED;
}

bool verify_unsigned(const struct answers *answers)
{
	return answers->why[PIL_CHECK_SIGNATURE].reason == PIL_R_SIG_NONE &&
	       answers->outcome[PIL_CHECK_SIGNATURE] == OUTCOME_FAILED &&
	       answers->outcome[PIL_CHECK_HEADERS] == OUTCOME_OK && answers->outcome[PIL_CHECK_SEGMENTS] == OUTCOME_OK;
}

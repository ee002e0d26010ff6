/* SPDX-License-Identifier: BSD-2-Clause */
/* All checks on an image's metadata, in the order of enum pil_check. */
#include <pilot/wire/mbn.h>

#include "auth.h"

static const char *const names[PIL_CHECK_COUNT] = {
	[PIL_CHECK_CHAIN] = "chain",	   [PIL_CHECK_ROOT] = "root",	      [PIL_CHECK_SIGNATURE] = "signature",
	[PIL_CHECK_BINDING] = "binding",   [PIL_CHECK_SOFTWARE] = "software", [PIL_CHECK_HEADERS] = "headers",
	[PIL_CHECK_SEGMENTS] = "segments",
};

const char *pil_check_name(enum pil_check check)
{
	return (unsigned int)check < PIL_CHECK_COUNT ? names[check] : "?";
}

static void done(const struct pil_auth_run *run, enum pil_check check)
{
	run->result->done |= 1u << (unsigned int)check;
}

/* what kind of image it is; whose parts it has */
static int check_kind(const struct pil_auth_run *run)
{
	const struct pil_mbn *mbn = &run->image->mbn;
	const enum pil_authority who = run->policy->authority;
	const struct pil_mbn_signer *other = &mbn->signer[who == PIL_OEM ? PIL_QTI : PIL_OEM];
	const uint32_t least = run->rules->least_version;

	if (mbn->version < least)
		return pil_fail(run->why, PIL_R_POLICY_VERSION, mbn->version, least);
	if (mbn->encryption)
		return pil_fail(run->why, PIL_R_MBN_ENCRYPTED,
				mbn->encryption == PIL_MBN_UIE ? PIL_MBN_MAGIC_UIE : PIL_MBN_MAGIC_QBEC, 0);
	if (!run->rules->countersigned && (other->signature.size || other->certs.size || other->metadata.size))
		return pil_fail(run->why, PIL_R_SIG_QTI, other->signature.size, 0);
	if (!run->signer->signature.size || !run->signer->certs.size)
		return pil_fail(run->why, PIL_R_SIG_NONE, 0, 0);
	return 0;
}

static int check_trust(const struct pil_auth_run *run)
{
	int ret = pil_auth_chain(run);

	if (ret)
		return ret;
	done(run, PIL_CHECK_CHAIN);
	ret = pil_auth_root(run);
	if (ret)
		return ret;
	if (run->policy->device)
		done(run, PIL_CHECK_ROOT);
	ret = pil_auth_signature(run);
	if (!ret)
		done(run, PIL_CHECK_SIGNATURE);
	return ret;
}

static int find_binding(const struct pil_auth_run *run)
{
	struct pil_mbn_binding *b = &run->result->binding;

	*b = run->signer->binding;
	if (b->present || !run->rules->leaf_binding || run->image->mbn.version > PIL_MBN_LAST_WITHOUT_METADATA)
		return 0;
	return run->rules->leaf_binding(&run->result->cert[0], b, run->why);
}

static int check_purpose(const struct pil_auth_run *run)
{
	const struct pil_mbn_binding *binding = &run->result->binding;
	const struct pil_auth_policy *policy = run->policy;
	int ret = find_binding(run);

	if (!ret && policy->device)
		ret = pil_auth_binding(binding, policy->device, run->why);
	if (ret)
		return ret;
	if (policy->device)
		done(run, PIL_CHECK_BINDING);
	if (policy->least_rollback && binding->anti_rollback < policy->least_rollback)
		return pil_fail(run->why, PIL_R_ROLLBACK, binding->anti_rollback, policy->least_rollback);
	if (policy->check_sw_id) {
		if (!binding->present || binding->sw_id != policy->sw_id)
			return pil_fail(run->why, PIL_R_BIND_SW_ID, binding->sw_id, policy->sw_id);
		done(run, PIL_CHECK_SOFTWARE);
	}
	return 0;
}

/*
 * What needs no key, once more. A processor that skips one instruction passes a check at most once; those of signatures are
 * hardened where they are, by the back end and by pil_auth_chain().
 */
static int check_again(const struct pil_auth_run *run)
{
	int ret = check_kind(run);

	if (!ret)
		ret = pil_auth_root(run);
	if (!ret)
		ret = check_purpose(run);
	if (!ret)
		ret = pil_auth_headers(run);
	return ret;
}

int pil_auth_check(const struct pil_image *image, const struct pil_auth_policy *policy, const struct pil_crypto *crypto,
		   struct pil_auth_result *result, struct pil_why *why)
{
	const struct pil_auth_run run = {
		.image = image,
		.policy = policy,
		.rules = policy->rules ? policy->rules : &pil_auth_rules_device,
		.signer = &image->mbn.signer[policy->authority],
		.crypto = crypto,
		.result = result,
		.why = why,
	};
	int ret = 0;

	*result = (struct pil_auth_result){ 0 };
	ret = check_kind(&run);
	if (!ret)
		ret = check_trust(&run);
	if (!ret)
		ret = check_purpose(&run);
	if (ret)
		return ret;
	ret = pil_auth_headers(&run);
	if (ret)
		return ret;
	done(&run, PIL_CHECK_HEADERS);
	return check_again(&run);
}

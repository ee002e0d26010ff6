/* SPDX-License-Identifier: BSD-2-Clause */
/* All checks on an image's metadata, in the order of enum pil_check. */
#include "auth.h"

static const char *const names[PIL_CHECK_COUNT] = {
	[PIL_CHECK_CHAIN] = "chain",	     [PIL_CHECK_ROOT] = "root",	      [PIL_CHECK_SIGNATURE] = "signature",
	[PIL_CHECK_BINDING] = "binding",     [PIL_CHECK_SOFTWARE] = "software", [PIL_CHECK_HEADERS] = "headers",
	[PIL_CHECK_SEGMENTS] = "segments",
};

struct check {
	const struct pil_image *image;
	const struct pil_auth_policy *policy;
	const struct pil_crypto *crypto;
	struct pil_auth_result *result;
	struct pil_why *why;
};

const char *pil_check_name(enum pil_check check)
{
	return (unsigned int)check < PIL_CHECK_COUNT ? names[check] : "?";
}

static void done(const struct check *c, enum pil_check check)
{
	c->result->done |= 1u << (unsigned int)check;
}

/* one signature, by the maker of the device */
static int check_signers(const struct pil_mbn *mbn, struct pil_why *why)
{
	const struct pil_mbn_signer *oem = &mbn->signer[PIL_OEM];
	const struct pil_mbn_signer *qti = &mbn->signer[PIL_QTI];

	if (qti->signature.size || qti->certs.size || qti->metadata.size)
		return pil_fail(why, PIL_R_SIG_QTI, qti->signature.size, 0);
	if (!oem->signature.size || !oem->certs.size)
		return pil_fail(why, PIL_R_SIG_NONE, 0, 0);
	return 0;
}

static int check_trust(const struct check *c)
{
	const struct pil_mbn_signer *oem = &c->image->mbn.signer[PIL_OEM];
	int ret = pil_auth_chain(oem->certs, c->crypto, c->result, c->why);

	if (ret)
		return ret;
	done(c, PIL_CHECK_CHAIN);
	ret = pil_auth_root(oem->binding.root_index, c->policy->device, c->crypto, c->result, c->why);
	if (ret)
		return ret;
	if (c->policy->device)
		done(c, PIL_CHECK_ROOT);
	ret = pil_auth_signature(&c->image->mbn, c->crypto, c->result, c->why);
	if (!ret)
		done(c, PIL_CHECK_SIGNATURE);
	return ret;
}

static int check_purpose(const struct check *c)
{
	const struct pil_mbn_binding *binding = &c->image->mbn.signer[PIL_OEM].binding;
	int ret = 0;

	if (c->policy->device) {
		ret = pil_auth_binding(binding, c->policy->device, c->why);
		if (ret)
			return ret;
		done(c, PIL_CHECK_BINDING);
	}
	if (c->policy->check_sw_id) {
		if (!binding->present || binding->sw_id != c->policy->sw_id)
			return pil_fail(c->why, PIL_R_BIND_SW_ID, binding->sw_id, c->policy->sw_id);
		done(c, PIL_CHECK_SOFTWARE);
	}
	return 0;
}

int pil_auth_check(const struct pil_image *image, const struct pil_auth_policy *policy, const struct pil_crypto *crypto,
		   struct pil_auth_result *result, struct pil_why *why)
{
	struct check c = { image, policy, crypto, result, why };
	int ret = check_signers(&image->mbn, why);

	*result = (struct pil_auth_result){ 0 };
	if (!ret)
		ret = check_trust(&c);
	if (!ret)
		ret = check_purpose(&c);
	if (ret)
		return ret;
	ret = pil_auth_headers(image, crypto, why);
	if (!ret)
		done(&c, PIL_CHECK_HEADERS);
	return ret;
}

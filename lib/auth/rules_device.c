/* SPDX-License-Identifier: BSD-2-Clause */
/* What a secure world accepts. */
#include "auth.h"

size_t pil_scheme_cut_der(struct pil_bytes field, const struct pil_cert *leaf)
{
	(void)leaf;
	return pil_cert_split(field.data, field.size);
}

static const struct pil_scheme_row rows[] = {
	{
		.key = PIL_KEY_EC_P384,
		.cert_alg = PIL_SIG_ECDSA_SHA384,
		.image_alg = PIL_SIG_ECDSA_SHA384,
		.image_hash = PIL_SHA384,
		.cut = pil_scheme_cut_der,
	},
};

static const struct pil_auth_schemes schemes = {
	.row = rows,
	.rows = sizeof(rows) / sizeof(rows[0]),
	.cert_algs = 1u << PIL_SIG_ECDSA_SHA384,
	.keys = 1u << PIL_KEY_EC_P384,
};

const struct pil_auth_rules pil_auth_rules_device = {
	.schemes = &schemes,
	.least_version = 6,
	.least_digest = PIL_SHA384,
	.max_roots = PIL_MAX_ROOTS,
};

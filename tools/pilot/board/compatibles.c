/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "board/compatibles_table.h"

#define COMPATIBLES_READ 32u /* of a node; real ones have five at most */

const struct compatible *compatible_at(unsigned int index)
{
	if (index < compatibles_qcom_count)
		return &compatibles_qcom[index];
	index -= compatibles_qcom_count;
	return index < compatibles_others_count ? &compatibles_others[index] : NULL;
}

const struct compatible *compatible_find(const char *compatible)
{
	const struct compatible *row = NULL;

	for (unsigned int i = 0; (row = compatible_at(i)); i++)
		if (!strcmp(row->compatible, compatible))
			return row;
	return NULL;
}

const struct compatible *compatible_of(const struct tree *t, int node)
{
	size_t size = 0;
	const char *text = tree_property(t, node, "compatible", &size);
	const struct compatible *row = NULL;
	unsigned int count = 0;

	if (!size || text[size - 1])
		return NULL;
	for (size_t at = 0; at < size && !row && count < COMPATIBLES_READ; at += strlen(text + at) + 1, count++)
		row = compatible_find(text + at);
	return row;
}

const char *peripheral_kind_name(enum peripheral_kind kind)
{
	static const char *const names[PERIPHERAL_KINDS] = {
		[PERIPHERAL_REMOTEPROC] = "remoteproc", [PERIPHERAL_VIDEO] = "video", [PERIPHERAL_CAMERA] = "camera",
		[PERIPHERAL_GPU_ZAP] = "gpu-zap",	[PERIPHERAL_IPA] = "ipa",     [PERIPHERAL_WLAN] = "wlan",
		[PERIPHERAL_OTHER] = "other",
	};

	return kind < PERIPHERAL_KINDS ? names[kind] : "other";
}

const char *peripheral_service_name(enum peripheral_service service)
{
	static const char *const names[SERVICE_SERVICES] = {
		[SERVICE_UNKNOWN] = "unknown",
		[SERVICE_SCM] = "scm",
		[SERVICE_TEE] = "tee",
		[SERVICE_DIRECT] = "direct",
	};

	return service < SERVICE_SERVICES ? names[service] : "unknown";
}

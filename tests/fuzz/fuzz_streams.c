/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptions of manifests, in JSON: what is made of one is a manifest, and what is refused is complained about. */
#include <pilot/manifest.h>

#include "../../tools/pilot/rsc/manifest.h"
#include "fuzz_tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[PIL_MANIFEST_SIZE_MAX] = { 0 };
	struct pil_manifest m = { 0 };
	size_t length = 0;
	int status = 0;

	(void)fuzz_complaints();
	fuzz_file_put("text", data, size);
	status = manifest_read("text", bytes, &length);
	FUZZ_CHECK(!status || fuzz_complaints());
	if (!status)
		FUZZ_CHECK(length <= sizeof(bytes) && !pil_manifest_parse(bytes, length, &m, NULL));
	fuzz_files_remove();
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What both fuses commands print. */
#include "pilot.h"

static void print_text(const char *path, const struct pil_device *device)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";
	unsigned int i = 0;

	printf("%s%s%s: fuse block\n", paint(PAINT_TITLE), path, paint(PAINT_OFF));
	printf("  SoC     0x%x\n  chip    0x%x\n  OEM     0x%x\n  model   0x%x\n  serial  0x%llx\n",
	       device->soc_version, device->jtag_id, device->oem_id, device->model_id,
	       (unsigned long long)device->serial);
	for (i = 0; i < device->root_count; i++)
		printf("  root %u  %s\n", i, hex(digits, device->root_hash[i], PIL_ROOT_HASH_SIZE));
}

static json_t *to_json(const char *path, const struct pil_device *device)
{
	json_t *roots = json_array();
	unsigned int i = 0;

	for (i = 0; i < device->root_count; i++)
		json_array_append_new(roots, json_bytes(device->root_hash[i], PIL_ROOT_HASH_SIZE));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_name(path), "soc",
			 json_hex64(device->soc_version), "jtag", json_hex64(device->jtag_id), "oem",
			 json_hex64(device->oem_id), "model", json_hex64(device->model_id), "serial",
			 json_hex64(device->serial), "root_hashes", roots);
}

int fuses_report(const char *path, const struct pil_device *device, bool json)
{
	if (json)
		return json_finish(to_json(path, device), STATUS_OK);
	print_text(path, device);
	return STATUS_OK;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What both fuses commands print. */
#include <pilot/fuses.h>

#include "pilot.h"

static const char *root_state(const struct pil_device *device, unsigned int i)
{
	if (device->root_revoked >> i & 1u)
		return "revoked";
	return device->root_active >> i & 1u ? "active" : "inactive";
}

static void print_text(const char *path, const struct pil_device *device)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";
	unsigned int i = 0;

	printf("%s%s%s: fuse block\n", paint(PAINT_TITLE), path, paint(PAINT_OFF));
	printf("  SoC     0x%x\n  chip    0x%x\n  OEM     0x%x\n  model   0x%x\n  serial  0x%llx\n",
	       device->soc_version, device->jtag_id, device->oem_id, device->model_id,
	       (unsigned long long)device->serial);
	printf("  life    %s\n  debug   %s%s%s\n", pil_life_name(device->life_cycle),
	       device->debug & PIL_DEBUG_COREDUMP ? "coredump " : "", device->debug & PIL_DEBUG_IMAGE ? "image" : "",
	       device->debug ? "" : "nothing");
	for (i = 0; i < device->root_count; i++)
		printf("  root %u  %s, %s\n", i, hex(digits, device->root_hash[i], PIL_ROOT_HASH_SIZE),
		       root_state(device, i));
	if (device->has_key)
		printf("  containers: key %s%s\n", hex(digits, device->key_hash, PIL_ROOT_HASH_SIZE),
		       device->loose_containers ? ", and those without Pilot's TLVs run too" : "");
}

static void add_key(json_t *json, const struct pil_device *device)
{
	if (!device->has_key)
		return;
	json_object_set_new(json, "container_key", json_bytes(device->key_hash, PIL_ROOT_HASH_SIZE));
	json_object_set_new(json, "loose_containers", json_boolean(device->loose_containers));
}

static json_t *to_json(const char *path, const struct pil_device *device)
{
	json_t *json = NULL;
	json_t *roots = json_array();
	json_t *states = json_array();
	json_t *debug = json_array();
	unsigned int i = 0;

	for (i = 0; i < device->root_count; i++) {
		json_array_append_new(roots, json_bytes(device->root_hash[i], PIL_ROOT_HASH_SIZE));
		json_array_append_new(states, json_string(root_state(device, i)));
	}
	if (device->debug & PIL_DEBUG_COREDUMP)
		json_array_append_new(debug, json_string("coredump"));
	if (device->debug & PIL_DEBUG_IMAGE)
		json_array_append_new(debug, json_string("image"));
	json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "file", json_name(path), "soc",
			 json_hex64(device->soc_version), "jtag", json_hex64(device->jtag_id), "oem",
			 json_hex64(device->oem_id), "model", json_hex64(device->model_id), "serial",
			 json_hex64(device->serial), "life", pil_life_name(device->life_cycle), "debug", debug,
			 "root_hashes", roots, "root_states", states);
	add_key(json, device);
	return json;
}

int fuses_report(const char *path, const struct pil_device *device, bool json)
{
	if (json)
		return json_finish(to_json(path, device), STATUS_OK);
	print_text(path, device);
	return STATUS_OK;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests as text: the JSON documents that "pilot image sign --manifest" takes and "pilot image show --json" prints. */
#ifndef PILOT_TOOL_MANIFEST_H
#define PILOT_TOOL_MANIFEST_H

#include <jansson.h>

#include <pilot/manifest.h>

#include "image/image_info.h"

#define MANIFEST_ACCESSES 2u

extern const char *const manifest_access_names[MANIFEST_ACCESSES]; /* by bit */

/**
 * manifest_read() - read a description
 * @path:  a JSON document with a list "entries", or what "pilot image show --json" printed of one image that has a manifest
 * @bytes: result: the manifest as it goes into the image
 * @size:  result: its length
 * Return: an enum status, after a complaint unless it is STATUS_OK
 */
int manifest_read(const char *path, uint8_t bytes[PIL_MANIFEST_SIZE_MAX], size_t *size);

/**
 * manifest_of() - the manifest of an image
 * @info:     the image, any
 * @segment:  result: its program header; 0: there is none
 * @manifest: result
 * @why:      reason of a failure
 * Return: 0, or a negative error class: the image has one that no device takes
 */
int manifest_of(const struct image_info *info, unsigned int *segment, struct pil_manifest *manifest,
		struct pil_why *why);

/* print it as text, below the rest of an image; nothing when there is none */
void manifest_print(const struct image_info *info);

/* {"segment":..., "entries":[...], "error":...}, or null when there is none */
json_t *manifest_json(const struct image_info *info);

#endif

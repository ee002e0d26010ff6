// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who manages a processor, by the device tree (docs/SPEC.md section 11): its node is a child of the service's node, with its number as reg or
 * its name, or it points to the service's node: rproc-tee = <&service number>. The driver reads the same.
 */
#include <libfdt.h>
#include <string.h>

#include <pilot/wire/tee_rproc.h>

#include "tree.h"

#define SERVICE "80a4c275-0a47-4905-8285-1486a9771a08"
#define PHANDLE "rproc-tee"
#define ABSENT	(-1)

/* a property of @count cells, no more and no fewer */
static bool cells(const void *fdt, int node, const char *name, uint32_t *cell, int count)
{
	int size = 0;
	const fdt32_t *value = fdt_getprop(fdt, node, name, &size);

	if (!value || size != count * (int)sizeof(*value))
		return false;
	for (int i = 0; i < count; i++)
		cell[i] = fdt32_ld(&value[i]);
	return true;
}

static bool is_okay(const void *fdt, int node, const char *property, bool absent)
{
	int size = 0;
	const char *text = fdt_getprop(fdt, node, property, &size);

	if (!text)
		return absent;
	return (size == sizeof("okay") && !memcmp(text, "okay", sizeof("okay"))) ||
	       (size == sizeof("ok") && !memcmp(text, "ok", sizeof("ok")));
}

static bool has_name(const void *fdt, int node, const char *name)
{
	int size = 0;
	const char *found = fdt_get_name(fdt, node, &size);
	const size_t length = strlen(name);

	return found && !strncmp(found, name, length) && (!found[length] || found[length] == '@');
}

static int child(const void *fdt, int service, uint32_t id, const char *name)
{
	int node = 0;

	fdt_for_each_subnode(node, fdt, service)
	{
		uint32_t reg = 0;
		const bool numbered = cells(fdt, node, "reg", &reg, 1);

		if (numbered ? reg == id : has_name(fdt, node, name))
			return node;
	}
	return ABSENT;
}

static int pointing(const void *fdt, int service, uint32_t id)
{
	const uint32_t phandle = fdt_get_phandle(fdt, service);
	int node = fdt_next_node(fdt, -1, NULL);

	for (; phandle && node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		uint32_t value[2] = { 0 };

		if (cells(fdt, node, PHANDLE, value, 2) && value[0] == phandle && value[1] == id)
			return node;
	}
	return ABSENT;
}

static int service_node(const void *fdt)
{
	int node = fdt_node_offset_by_compatible(fdt, -1, SERVICE);

	while (node >= 0 && !is_okay(fdt, node, "status", true))
		node = fdt_node_offset_by_compatible(fdt, node, SERVICE);
	return node;
}

uint32_t tree_ownership(const void *fdt, uint32_t id, const char *name)
{
	int service = fdt ? service_node(fdt) : ABSENT, node = ABSENT;
	bool host = false, secure = false;

	if (service >= 0)
		node = child(fdt, service, id, name);
	if (service >= 0 && node < 0)
		node = pointing(fdt, service, id);
	if (node < 0)
		return PIL_TEE_DISABLED;
	host = is_okay(fdt, node, "status", true);
	secure = is_okay(fdt, node, "secure-status", host);
	if (host)
		return secure ? PIL_TEE_MANAGED : PIL_TEE_KERNEL;
	return secure ? PIL_TEE_SECURE_ONLY : PIL_TEE_DISABLED;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device tree. The service has a node with its UUID as compatible. Either
 * the processors are its children, or they are elsewhere and point to it:
 *
 *	rproc-tee = <&service 0>;
 */
#include <linux/of.h>

#include "rproc_tee.h"

#define PHANDLE	"rproc-tee"

struct device_node *rproc_tee_service_node(void)
{
	struct device_node *np;

	for_each_compatible_node(np, NULL, RPROC_TEE_UUID)
		if (of_device_is_available(np))
			return np;
	return NULL;
}

/* whether @np points to @service; then @id is its processor's */
static bool points_to(struct device_node *np, struct device_node *service,
		      u32 *id)
{
	struct of_phandle_args args;

	if (of_parse_phandle_with_fixed_args(np, PHANDLE, 1, 0, &args))
		return false;
	of_node_put(args.np);
	*id = args.args[0];
	return args.np == service;
}

static struct device_node *child_node(struct device_node *service, u32 id,
				      const char *name)
{
	struct device_node *np;
	u32 reg;

	for_each_child_of_node(service, np) {
		if (!of_property_read_u32(np, "reg", &reg)) {
			if (reg == id)
				return np;
		} else if (name && of_node_name_eq(np, name)) {
			return np;
		}
	}
	return NULL;
}

/* The node of a processor, with a reference; NULL: the tree has none. */
struct device_node *rproc_tee_node(struct device_node *service, u32 id,
				   const char *name)
{
	struct device_node *np;
	u32 other;

	if (!service)
		return NULL;
	np = child_node(service, id, name);
	if (np)
		return np;
	for_each_node_with_property(np, PHANDLE)
		if (points_to(np, service, &other) && other == id)
			return np;
	return NULL;
}

static bool is_okay(struct device_node *np, const char *property, bool absent)
{
	const char *text;

	if (of_property_read_string(np, property, &text))
		return absent;
	return !strcmp(text, "okay") || !strcmp(text, "ok");
}

u32 rproc_tee_node_ownership(struct device_node *np)
{
	bool host = is_okay(np, "status", true);
	bool secure = is_okay(np, "secure-status", host);

	if (host)
		return secure ? PIL_TEE_MANAGED : PIL_TEE_KERNEL;
	return secure ? PIL_TEE_SECURE_ONLY : PIL_TEE_DISABLED;
}

const char *rproc_tee_ownership_name(u32 ownership)
{
	static const char * const names[] = {
		[PIL_TEE_DISABLED] = "disabled",
		[PIL_TEE_MANAGED] = "tee",
		[PIL_TEE_KERNEL] = "kernel",
		[PIL_TEE_SECURE_ONLY] = "secure-only",
	};

	return ownership < ARRAY_SIZE(names) ? names[ownership] : "unknown";
}

static int add_id(struct device *dev, struct pil_tee_processor *processor,
		  int count, struct device_node *np, u32 id)
{
	if (count == RPROC_TEE_PROCESSORS) {
		dev_err(dev, "more than %d processors\n", count);
		return -E2BIG;
	}
	memset(&processor[count], 0, sizeof(*processor));
	processor[count].id = cpu_to_le32(id);
	processor[count].ownership = cpu_to_le32(rproc_tee_node_ownership(np));
	snprintf(processor[count].name, sizeof(processor->name), "%pOFn", np);
	return count + 1;
}

/*
 * Processors that the tree has, for a service that cannot be asked. Returns
 * their number.
 */
int rproc_tee_node_ids(struct device *dev, struct device_node *service,
		       struct pil_tee_processor *processor)
{
	struct device_node *np;
	int count = 0;
	u32 id;

	for_each_child_of_node(service, np) {
		if (of_property_read_u32(np, "reg", &id)) {
			dev_err(dev, "%pOF has no reg, and the service cannot be asked for its id\n",
				np);
			continue;
		}
		count = add_id(dev, processor, count, np, id);
		if (count < 0) {
			of_node_put(np);
			return count;
		}
	}
	for_each_node_with_property(np, PHANDLE) {
		if (!points_to(np, service, &id))
			continue;
		count = add_id(dev, processor, count, np, id);
		if (count < 0) {
			of_node_put(np);
			return count;
		}
	}
	return count;
}

static bool is_known(const struct pil_tee_processor *processor, int count,
		     u32 id)
{
	int i;

	for (i = 0; i < count; i++)
		if (le32_to_cpu(processor[i].id) == id)
			return true;
	return false;
}

static bool is_known_child(const struct pil_tee_processor *processor,
			   int count, struct device_node *np)
{
	u32 reg;
	int i;

	if (!of_property_read_u32(np, "reg", &reg))
		return is_known(processor, count, reg);
	for (i = 0; i < count; i++)
		if (strnlen(processor[i].name, PIL_TEE_NAME) < PIL_TEE_NAME &&
		    of_node_name_eq(np, processor[i].name))
			return true;
	return false;
}

/* Say which processors the tree has and the service has not. */
void rproc_tee_check_nodes(struct device *dev, struct device_node *service,
			   const struct pil_tee_processor *processor,
			   int count)
{
	struct device_node *np;
	u32 id;

	if (!service)
		return;
	for_each_child_of_node(service, np)
		if (of_device_is_available(np) &&
		    !is_known_child(processor, count, np))
			dev_err(dev, "%pOF: the service has no such processor\n",
				np);
	for_each_node_with_property(np, PHANDLE)
		if (of_device_is_available(np) &&
		    points_to(np, service, &id) &&
		    !is_known(processor, count, id))
			dev_err(dev, "%pOF: the service has no processor %u\n",
				np, id);
}

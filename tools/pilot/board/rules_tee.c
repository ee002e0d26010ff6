/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: processors of a TEE's remoteproc service, as linux/rproc_tee reads them. */
#include <inttypes.h>
#include <string.h>

#include "board/check.h"

#define SERVICE_UUID "80a4c275-0a47-4905-8285-1486a9771a08"
#define POINTER	     "rproc-tee"
#define NAMES_MAX    64u
#define NAMES_BYTES  1024u
#define FOUR_GIB     ((uint64_t)1 << 32)

/* the number that a processor has by its tree; false: it is found by its name, or not at all */
static bool id_of(const struct check *c, int node, uint32_t *id)
{
	struct tree_cells cells = { 0 };

	if (tree_cells(c->tree, node, POINTER, &cells)) {
		*id = tree_cell(&cells, 1);
		return cells.count > 1;
	}
	*id = 0;
	return tree_cells(c->tree, node, "reg", &cells) && cells.count && (*id = tree_cell(&cells, 0), true);
}

static void pointer(struct check *c, int node)
{
	const char *path = tree_path(c->tree, node);
	struct tree_cells cells = { 0 };
	int service = TREE_NONE;

	if (!tree_cells(c->tree, node, POINTER, &cells) || !c->tree->nodes[node].enabled)
		return;
	if (cells.count)
		service = tree_by_phandle(c->tree, tree_cell(&cells, 0));
	if (service == TREE_NONE)
		check_found(c, RULE_TEE_WRONG_SERVICE, path, POINTER, POINTER " leads to no node");
	else if (!tree_is_compatible(c->tree, service, SERVICE_UUID))
		check_found(c, RULE_TEE_WRONG_SERVICE, path, tree_path(c->tree, service), POINTER " leads to %s",
			    tree_path(c->tree, service));
	else if (!c->tree->nodes[service].enabled)
		check_found(c, RULE_TEE_WRONG_SERVICE, path, tree_path(c->tree, service),
			    POINTER " leads to %s, which is "
				    "disabled",
			    tree_path(c->tree, service));
	if (cells.count < 2)
		check_found(c, RULE_TEE_ID_MISSING, path, POINTER, POINTER " has no id");
}

static bool is_child_of_service(const struct check *c, int node)
{
	const int parent = c->tree->nodes[node].parent;

	return parent != TREE_NONE && tree_is_compatible(c->tree, parent, SERVICE_UUID);
}

/* Linux looks at all processors of the tree, also disabled ones, and takes the first with the id */
static void ids(struct check *c, const int *node, unsigned int count)
{
	uint32_t id = 0, other = 0;
	unsigned int i = 0, j = 0;

	for (i = 0; i < count; i++)
		for (j = 0; id_of(c, node[i], &id) && j < i; j++)
			if (id_of(c, node[j], &other) && other == id)
				check_found(c, RULE_TEE_ID_SHARED, tree_path(c->tree, node[i]),
					    check_format(c, "%" PRIu32, id), "id %" PRIu32 " is also that of %s", id,
					    tree_path(c->tree, node[j]));
}

static void secure_status(struct check *c, int node)
{
	const char *text = tree_string(c->tree, node, "secure-status", 0);

	if (!tree_has(c->tree, node, "secure-status"))
		return;
	if (!text || (strcmp(text, "okay") && strcmp(text, "ok") && strcmp(text, "disabled")))
		check_found(c, RULE_TEE_SECURE_STATUS, tree_path(c->tree, node), text ? text : "",
			    "secure-status is \"%s\"", text ? text : "");
}

/* names in a list; longer ones than any that means something are none */
static unsigned int count_names(const struct check *c, int node, const char *list)
{
	size_t size = 0;

	return tree_property(c->tree, node, list, &size) && size <= NAMES_BYTES ? tree_strings(c->tree, node, list) : 0;
}

static const char *name_at(const struct check *c, int node, const char *list, unsigned int index)
{
	const char *name = tree_string(c->tree, node, list, index);

	return name ? name : "";
}

static bool has_name(const struct check *c, int node, const char *list, const char *name)
{
	const unsigned int count = count_names(c, node, list);
	unsigned int i = 0;

	for (i = 0; i < count && i < NAMES_MAX; i++)
		if (!strcmp(name_at(c, node, list, i), name))
			return true;
	return false;
}

static bool is_doubled(const struct check *c, int node, const char *list, unsigned int index)
{
	unsigned int i = 0;

	for (i = 0; i < index; i++)
		if (!strcmp(name_at(c, node, list, i), name_at(c, node, list, index)))
			return true;
	return false;
}

/* vdevN, then vringM or buffer, one digit each; or rsc-table */
static bool is_region_name(const char *name)
{
	if (!strcmp(name, "rsc-table"))
		return true;
	if (strncmp(name, "vdev", 4) || name[4] < '0' || name[4] > '9')
		return false;
	if (!strcmp(name + 5, "buffer"))
		return true;
	return !strncmp(name + 5, "vring", 5) && name[10] >= '0' && name[10] <= '9' && !name[11];
}

static void virtio(struct check *c, int node, char digit)
{
	static const char *const parts[] = { "vring0", "vring1", "buffer" };
	unsigned int there = 0, i = 0;
	const char *name = NULL;

	for (i = 0; i < 3; i++)
		there += has_name(c, node, "memory-region-names", check_format(c, "vdev%c%s", digit, parts[i]));
	for (i = 0; there && i < 3; i++) {
		name = check_format(c, "vdev%c%s", digit, parts[i]);
		if (!has_name(c, node, "memory-region-names", name))
			check_found(c, RULE_TEE_VIRTIO_REGIONS, tree_path(c->tree, node), name, "has no %s", name);
	}
	for (i = 0; there && i < 2; i++)
		if (!has_name(c, node, "mbox-names", i ? "vq1" : "vq0"))
			check_found(c, RULE_TEE_VIRTIO_MAILBOX, tree_path(c->tree, node), i ? "vq1" : "vq0",
				    "has memory for virtio device %c, and no mailbox vq%u", digit, i);
}

static void region_names(struct check *c, int node)
{
	const unsigned int names = count_names(c, node, "memory-region-names");
	const char *path = tree_path(c->tree, node);
	struct tree_cells cells = { 0 };
	unsigned int i = 0;
	char digit = 0;

	if (!tree_cells(c->tree, node, "memory-region", &cells))
		cells.count = 0;
	if (cells.count != names)
		check_found(c, RULE_TEE_REGION_NAMES, path, check_format(c, "%u and %u", cells.count, names),
			    "has %u regions and %u names", cells.count, names);
	for (i = 0; i < names && i < NAMES_MAX; i++) {
		const char *name = name_at(c, node, "memory-region-names", i);

		if (!is_region_name(name))
			check_found(c, RULE_TEE_REGION_NAME, path, name, "names a region \"%s\"", name);
		else if (is_doubled(c, node, "memory-region-names", i))
			check_found(c, RULE_TEE_REGION_NAME, path, name, "names two regions \"%s\"", name);
	}
	for (digit = '0'; digit <= '9'; digit++)
		virtio(c, node, digit);
}

static unsigned int mailboxes(const struct check *c, int node)
{
	struct tree_args args = { 0 };
	struct tree_walk walk = { 0 };
	unsigned int count = 0;

	if (!tree_walk_begin(&walk, c->tree, node, "mboxes", "#mbox-cells"))
		return 0;
	while (tree_walk_next(&walk, c->tree, &args) == TREE_OK)
		count++;
	return count;
}

static void mailbox_names(struct check *c, int node)
{
	static const char *const known[] = { "vq0", "vq1", "shutdown", "detach" };
	const unsigned int names = count_names(c, node, "mbox-names"), boxes = mailboxes(c, node);
	const char *path = tree_path(c->tree, node);
	unsigned int i = 0, j = 0;

	if (names != boxes)
		check_found(c, RULE_TEE_MAILBOX_NAME, path, check_format(c, "%u and %u", boxes, names),
			    "has %u mailboxes and %u names", boxes, names);
	for (i = 0; i < names && i < NAMES_MAX; i++) {
		const char *name = name_at(c, node, "mbox-names", i);

		for (j = 0; j < 4 && strcmp(name, known[j]); j++)
			;
		if (j == 4 || is_doubled(c, node, "mbox-names", i))
			check_found(c, RULE_TEE_MAILBOX_NAME, path, name, "names %s \"%s\"",
				    j == 4 ? "a mailbox" : "two mailboxes", name);
	}
}

static void dma_range(struct check *c, const struct peripheral *p, const struct region *r)
{
	const char *range = rules_range(c, r->base, r->size);
	uint64_t device = r->base;
	bool covered = p->dma_count == 0;
	unsigned int i = 0;

	for (i = 0; i < p->dma_count && !covered; i++) {
		const struct tree_dma_range *d = &p->dma_ranges[i];

		covered = r->base >= d->cpu && r->size <= d->size && r->base - d->cpu <= d->size - r->size;
		device = covered ? d->bus + (r->base - d->cpu) : device;
	}
	if (!covered)
		check_found(c, RULE_TEE_DMA_RANGES, p->path, range, "dma-ranges does not cover %s of %s", range,
			    r->path);
	else if (device >= FOUR_GIB || r->size > FOUR_GIB - device)
		check_found(c, RULE_TEE_DMA_RANGES_32, p->path, check_format(c, "0x%" PRIx64, device),
			    "%s would be at 0x%" PRIx64, r->path, device);
}

/* @node is enabled */
static void processor(struct check *c, int node)
{
	const struct peripheral *p = rules_peripheral(c, node);
	const struct region *r = NULL;
	unsigned int i = 0;

	secure_status(c, node);
	region_names(c, node);
	mailbox_names(c, node);
	for (i = 0; p && i < p->region_count; i++) {
		r = rules_carveout(c, p, i);
		if (r)
			dma_range(c, p, r);
	}
}

static void processors(struct check *c)
{
	int *list = pool_alloc(&c->pool, NAMES_MAX * sizeof(*list));
	unsigned int count = 0, any = 0;
	int node = 0;

	for (node = 0; node < c->tree->count && !check_full(c); node++) {
		if (!is_child_of_service(c, node) && !tree_has(c->tree, node, POINTER))
			continue;
		any++;
		if (count < NAMES_MAX)
			list[count++] = node;
		if (!c->tree->nodes[node].enabled)
			continue;
		pointer(c, node);
		processor(c, node);
	}
	ids(c, list, count);
	if (!any && c->model->tee_service != TREE_NONE)
		check_found(c, RULE_TEE_NO_PROCESSOR, tree_path(c->tree, c->model->tee_service), "",
			    "has no processors");
}

static bool enabled(const struct check *c, int node)
{
	return node != TREE_NONE && c->tree->nodes[node].enabled;
}

void rules_tee(struct check *c)
{
	if (c->arrangement != ARRANGEMENT_TEE)
		return;
	if (!enabled(c, c->model->optee))
		check_found(c, RULE_TEE_NO_OPTEE,
			    c->model->optee == TREE_NONE ? "/" : tree_path(c->tree, c->model->optee), "",
			    c->model->optee == TREE_NONE ? "has no node of OP-TEE" : "is disabled");
	if (!enabled(c, c->model->tee_service))
		check_found(c, RULE_TEE_NO_SERVICE,
			    c->model->tee_service == TREE_NONE ? "/" : tree_path(c->tree, c->model->tee_service), "",
			    c->model->tee_service == TREE_NONE ? "has no node of the service" : "is disabled");
	processors(c);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a firmware's resource table must keep to (docs/SPEC.md section 10). */
#include <stdbool.h>

#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

#define ADDRESS_END	  (UINT64_C(1) << 32)
#define FLAGS		  (PIL_RSC_READ | PIL_RSC_WRITE | PIL_RSC_CACHE | PIL_RSC_NOEXEC | PIL_RSC_MMIO | PIL_RSC_PRIV)
#define VENDOR_FIRST	  128u
#define VENDOR_LAST	  512u
#define VRINGS_MAX	  2u	 /* Linux: RVDEV_NUM_VRINGS */
#define VRING_BUFFERS_MAX 32768u /* virtio 1.0 section 2.4 */

struct rules {
	const void *table;
	size_t size;
	struct pil_why *why;
};

static bool wraps(uint32_t address, uint64_t len)
{
	return address != PIL_RSC_ANY && address > ADDRESS_END - len;
}

static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

static bool is_memory(const struct pil_rsc_item *item)
{
	return item->type == PIL_RSC_CARVEOUT || item->type == PIL_RSC_DEVMEM;
}

/* the host does not choose the physical address */
static bool has_pa(const struct pil_rsc_item *item)
{
	return is_memory(item) && item->pa != PIL_RSC_ANY && (item->pa || item->type == PIL_RSC_DEVMEM);
}

static int check_name(const struct rules *r, unsigned int index, const uint8_t *name)
{
	unsigned int i = 0;

	for (i = 0; i < PIL_RSC_NAME && name[i]; i++)
		if (name[i] < 0x20 || name[i] > 0x7e)
			break;
	if (i == PIL_RSC_NAME || name[i])
		return pil_fail(r->why, PIL_R_RSC_NAME_FORM, index, i);
	return 0;
}

static int check_memory(const struct rules *r, unsigned int index, const struct pil_rsc_item *item)
{
	if (!item->len)
		return pil_fail(r->why, PIL_R_RSC_LENGTH, index, 0);
	if (wraps(item->da, item->len))
		return pil_fail(r->why, PIL_R_RSC_WRAP, index, item->da);
	if (has_pa(item) && wraps(item->pa, item->len))
		return pil_fail(r->why, PIL_R_RSC_WRAP, index, item->pa);
	if (item->flags & ~FLAGS)
		return pil_fail(r->why, PIL_R_RSC_FLAGS, index, item->flags);
	return check_name(r, index, item->name);
}

static int check_vring(const struct rules *r, unsigned int index, const struct pil_rsc_vring *v)
{
	if (!v->num || v->num > VRING_BUFFERS_MAX || (v->num & (v->num - 1)))
		return pil_fail(r->why, PIL_R_RSC_VRING_NUM, index, v->num);
	if (!v->bytes)
		return pil_fail(r->why, PIL_R_RSC_VRING_ALIGN, index, v->align);
	if (v->da != PIL_RSC_ANY && v->da + v->bytes > ADDRESS_END)
		return pil_fail(r->why, PIL_R_RSC_WRAP, index, v->da);
	return 0;
}

static int check_vdev(const struct rules *r, unsigned int index, const struct pil_rsc_item *item)
{
	struct pil_rsc_vring v[VRINGS_MAX] = { { 0 } };
	unsigned int i = 0;
	int ret = 0;

	if (item->status)
		return pil_fail(r->why, PIL_R_RSC_STATUS, index, item->status);
	if (item->vrings > VRINGS_MAX)
		return pil_fail(r->why, PIL_R_RSC_VRINGS, index, item->vrings);
	for (i = 0; !ret && i < item->vrings; i++) {
		(void)pil_rsc_vring(r->table, r->size, item, i, &v[i]);
		ret = check_vring(r, index, &v[i]);
	}
	/* firmware that leaves the place to the host writes PIL_RSC_ANY, older one 0 */
	if (!ret && item->vrings == VRINGS_MAX && v[0].da && v[0].da != PIL_RSC_ANY && v[1].da != PIL_RSC_ANY &&
	    overlap(v[0].da, v[0].bytes, v[1].da, v[1].bytes))
		ret = pil_fail(r->why, PIL_R_RSC_VRING_OVERLAP, index, 1);
	return ret;
}

static bool range_is_sane(const struct pil_rsc_range *range)
{
	return range->len && range->da <= UINT64_MAX - range->len && range->pa <= UINT64_MAX - range->len &&
	       !(range->flags & ~FLAGS);
}

static int check_range(const struct rules *r, unsigned int index, const struct pil_rsc_item *item, unsigned int number)
{
	struct pil_rsc_range range = { 0 };
	struct pil_rsc_range before = { 0 };
	unsigned int i = 0;

	(void)pil_rsc_range(r->table, r->size, item, number, &range);
	if (!range_is_sane(&range))
		return pil_fail(r->why, PIL_R_RSC_STREAM_RANGE, index, number);
	for (i = 0; i < number; i++) {
		(void)pil_rsc_range(r->table, r->size, item, i, &before);
		if (overlap(before.da, before.len, range.da, range.len))
			return pil_fail(r->why, PIL_R_RSC_STREAM_OVERLAP, index, number);
	}
	return 0;
}

static int check_stream(const struct rules *r, unsigned int index, const struct pil_rsc_item *item)
{
	unsigned int i = 0;
	int ret = 0;

	if (!item->stream)
		return 0;
	if (item->purpose >= PIL_RSC_PURPOSES)
		return pil_fail(r->why, PIL_R_RSC_PURPOSE, index, item->purpose);
	for (i = 0; !ret && i < item->ranges; i++)
		ret = check_range(r, index, item, i);
	return ret ? ret : check_name(r, index, item->name);
}

static int check_alone(const struct rules *r, unsigned int index, const struct pil_rsc_item *item)
{
	switch (item->type) {
	case PIL_RSC_CARVEOUT:
	case PIL_RSC_DEVMEM:
	case PIL_RSC_TRACE:
		return check_memory(r, index, item);
	case PIL_RSC_VDEV:
		return check_vdev(r, index, item);
	case PIL_RSC_STREAM:
		return check_stream(r, index, item);
	default:
		if (item->type < VENDOR_FIRST || item->type > VENDOR_LAST)
			return pil_fail(r->why, PIL_R_RSC_TYPE, index, item->type);
		return 0;
	}
}

/* entry @a comes before entry @b */
static int check_pair(const struct rules *r, unsigned int a, const struct pil_rsc_item *x, unsigned int b,
		      const struct pil_rsc_item *y)
{
	if (overlap(x->offset, x->size, y->offset, y->size))
		return pil_fail(r->why, PIL_R_RSC_OVERLAP, a, b);
	if (!is_memory(x) || !is_memory(y))
		return 0;
	if (x->da != PIL_RSC_ANY && y->da != PIL_RSC_ANY && overlap(x->da, x->len, y->da, y->len))
		return pil_fail(r->why, PIL_R_RSC_OVERLAP_DA, a, b);
	if (has_pa(x) && has_pa(y) && overlap(x->pa, x->len, y->pa, y->len))
		return pil_fail(r->why, PIL_R_RSC_OVERLAP_PA, a, b);
	return 0;
}

static int check_entry(const struct rules *r, unsigned int index)
{
	struct pil_rsc_item item = { 0 };
	struct pil_rsc_item before = { 0 };
	unsigned int i = 0;
	int ret = 0;

	(void)pil_rsc_item(r->table, r->size, index, &item);
	ret = check_alone(r, index, &item);
	for (i = 0; !ret && i < index; i++) {
		(void)pil_rsc_item(r->table, r->size, i, &before);
		ret = check_pair(r, i, &before, index, &item);
	}
	return ret;
}

int pil_rsc_check_firmware(const void *table, size_t size, struct pil_why *why)
{
	const struct rules r = { table, size, why };
	unsigned int count = 0;
	unsigned int i = 0;
	int ret = pil_rsc_check(table, size, why);

	if (ret)
		return ret;
	/* pil_rsc_check() takes Linux's header of zeros, too */
	if (((const uint8_t *)table)[0] != PIL_RSC_VERSION)
		return pil_fail(why, PIL_R_RSC_VERSION, 0, 0);
	count = pil_rsc_count(table, size);
	for (i = 0; !ret && i < count; i++)
		ret = check_entry(&r, i);
	return ret;
}

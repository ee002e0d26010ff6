/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What versions 3 and 5 say about an image in the subject of the leaf certificate: organizational units of the form
 * "NN HEX NAME" (docs/SPEC.md section 3.2). The number says what it is; the name behind it is for people.
 */
#include <string.h>

#include "auth.h"

#define SET	 0x31u
#define SEQUENCE 0x30u
#define OID	 0x06u

/* numbers of fields */
enum field {
	F_SW_ID = 1,
	F_HW_ID = 2,
	F_DEBUG = 3,
	F_OEM_ID = 4,
	F_SW_SIZE = 5,
	F_MODEL_ID = 6,
	F_DIGEST = 7,
	F_APP_ID = 8,
	F_SOC_VERS = 11,
	F_USE_SOC = 13,
	F_USE_SERIAL = 14,
	F_OEM_INDEPENDENT = 15,
	F_COUNT
};

/* hexadecimal digits by field; 0: not looked at. Of SOC_VERS there are several groups, with a space behind each. */
static const uint8_t widths[F_COUNT] = {
	[F_SW_ID] = 16, [F_HW_ID] = 16,	  [F_DEBUG] = 16,  [F_OEM_ID] = 4,     [F_MODEL_ID] = 4,
	[F_APP_ID] = 16, [F_SOC_VERS] = 4, [F_USE_SOC] = 4, [F_USE_SERIAL] = 4, [F_OEM_INDEPENDENT] = 4,
};

#define SOC_STEP 5u /* bytes of a group and its space */

/* the fields that were found, by number: their digits */
struct fields {
	struct pil_bytes text[F_COUNT];
};

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* at most 16 digits, which take_unit() has looked at */
static uint64_t number(struct pil_bytes text)
{
	uint64_t value = 0;
	size_t i = 0;

	for (i = 0; i < text.size; i++)
		value = value << 4 | (uint64_t)(unsigned int)digit(text.data[i]);
	return value;
}

static bool decimal(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* does @unit have @count hexadecimal digits at @at, and a space behind them? */
static bool is_group(struct pil_bytes unit, size_t at, size_t count)
{
	size_t i = 0;

	if (unit.size < at || unit.size - at <= count || unit.data[at + count] != ' ')
		return false;
	for (i = 0; i < count; i++)
		if (digit(unit.data[at + i]) < 0)
			return false;
	return true;
}

/* "NN HEX NAME"; @why is filled when it is a field and wrong */
static int take_unit(struct pil_bytes unit, struct fields *f, struct pil_why *why)
{
	const size_t start = 3;
	unsigned int n = 0;
	size_t end = 0;

	if (unit.size < start || !decimal(unit.data[0]) || !decimal(unit.data[1]) || unit.data[2] != ' ')
		return 0;
	n = (unit.data[0] - (unsigned int)'0') * 10u + (unit.data[1] - (unsigned int)'0');
	if (n >= F_COUNT || !widths[n])
		return 0;
	if (!is_group(unit, start, widths[n]) || f->text[n].data)
		return pil_fail(why, PIL_R_LEAF_FIELD, n, 0);
	end = start + widths[n];
	while (n == F_SOC_VERS && is_group(unit, end + 1, widths[n]))
		end += SOC_STEP;
	if (n == F_SOC_VERS && end - start > SOC_STEP * PIL_MBN_SOC_VERS)
		return pil_fail(why, PIL_R_LEAF_FIELD, n, 0);
	f->text[n] = (struct pil_bytes){ unit.data + start, end - start };
	return 0;
}

/* AttributeTypeAndValue ::= SEQUENCE { type OID, value string }; a back end has read the name, so its form is good */
static int take_attribute(struct pil_bytes pair, struct fields *f, struct pil_why *why)
{
	static const uint8_t unit[] = { 0x55, 0x04, 0x0b }; /* id-at-organizationalUnitName */
	struct pil_bytes type = { 0 };
	struct pil_bytes value = { 0 };
	uint8_t tag = 0;

	if (!pil_der_tlv_(&pair, &tag, &type) || tag != OID || !pil_der_tlv_(&pair, &tag, &value))
		return 0;
	if (type.size != sizeof(unit) || memcmp(type.data, unit, sizeof(unit)))
		return 0;
	return take_unit(value, f, why);
}

/* Name ::= SEQUENCE OF SET OF AttributeTypeAndValue */
static int read_fields(struct pil_bytes subject, struct fields *f, struct pil_why *why)
{
	struct pil_bytes name = { 0 };
	struct pil_bytes set = { 0 };
	struct pil_bytes pair = { 0 };
	uint8_t tag = 0;
	int ret = 0;

	if (!pil_der_tlv_(&subject, &tag, &name) || tag != SEQUENCE)
		return 0;
	while (!ret && pil_der_tlv_(&name, &tag, &set) && tag == SET)
		while (!ret && pil_der_tlv_(&set, &tag, &pair) && tag == SEQUENCE)
			ret = take_attribute(pair, f, why);
	return ret;
}

static void read_ids(const struct fields *f, struct pil_mbn_binding *b)
{
	b->leaf_has_sw_id = f->text[F_SW_ID].size;
	b->leaf_has_hw_id = f->text[F_HW_ID].size;
	b->leaf_has_debug = f->text[F_DEBUG].size;
	b->leaf_sw_id = number(f->text[F_SW_ID]);
	b->leaf_hw_id = number(f->text[F_HW_ID]);
	b->leaf_debug = number(f->text[F_DEBUG]);
	b->sw_id = (uint32_t)b->leaf_sw_id;
	b->anti_rollback = (uint32_t)(b->leaf_sw_id >> 32);
	b->jtag_id = (uint32_t)(b->leaf_hw_id >> 32);
	b->oem_id = (uint32_t)number(f->text[F_OEM_ID]);
	b->model_id = (uint32_t)number(f->text[F_MODEL_ID]);
	b->secondary_sw_id = (uint32_t)number(f->text[F_APP_ID]);
}

static void read_socs(struct pil_bytes list, struct pil_mbn_binding *b)
{
	size_t at = 0;

	for (at = 0; at < list.size; at += SOC_STEP)
		b->soc_vers[at / SOC_STEP] = (uint32_t)number((struct pil_bytes){ list.data + at, SOC_STEP - 1 });
}

int pil_auth_leaf_binding(const struct pil_cert *leaf, struct pil_mbn_binding *binding, struct pil_why *why)
{
	struct fields f = { 0 };
	int ret = read_fields(leaf->subject, &f, why);
	bool independent = false;

	*binding = (struct pil_mbn_binding){ 0 };
	if (ret || !f.text[F_SW_ID].size)
		return ret;
	binding->present = true;
	binding->source = PIL_BOUND_BY_LEAF;
	read_ids(&f, binding);
	read_socs(f.text[F_SOC_VERS], binding);
	independent = number(f.text[F_OEM_INDEPENDENT]);
	binding->use_soc = number(f.text[F_USE_SOC]);
	binding->use_serial = number(f.text[F_USE_SERIAL]);
	binding->use_jtag = !binding->use_soc && binding->jtag_id;
	binding->use_oem = f.text[F_OEM_ID].size && !independent;
	binding->use_model = f.text[F_MODEL_ID].size && !independent;
	return 0;
}

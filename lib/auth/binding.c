/* SPDX-License-Identifier: BSD-2-Clause */
/* Device binding: whom the signer allows to run the image (docs/SPEC.md section 3.2, signing metadata). */
#include <pilot/wire/mbn.h>

#include "auth.h"

static int check_soc(const struct pil_mbn_binding *b, const struct pil_device *device, struct pil_why *why)
{
	unsigned int i = 0;

	/* 0 ends the list, so it can never be a device's version */
	for (i = 0; i < PIL_MBN_SOC_VERS && b->soc_vers[i]; i++)
		if (b->soc_vers[i] == device->soc_version)
			return 0;
	return pil_fail(why, PIL_R_BIND_SOC, b->soc_vers[0], device->soc_version);
}

static int check_serial(const struct pil_mbn_binding *b, const struct pil_device *device, struct pil_why *why)
{
	unsigned int i = 0;

	for (i = 0; i < PIL_MBN_SERIALS; i++)
		if (b->serials[i] && b->serials[i] == device->serial)
			return 0;
	return pil_fail(why, PIL_R_BIND_SERIAL, device->serial, 0);
}

/* versions 7 and 8 can bind to what no fuse here tells; a device that does not know must not say yes */
static int check_unknown(const struct pil_mbn_binding *b, struct pil_why *why)
{
	const struct {
		unsigned int pair;
		bool used;
	} fields[] = {
		{ PIL_MBN_V7_PAIR_PRODUCT_SEGMENT, b->use_product_segment },
		{ PIL_MBN_V7_PAIR_SOC_LIFECYCLE, b->use_soc_lifecycle },
		{ PIL_MBN_V7_PAIR_OEM_LIFECYCLE, b->use_oem_lifecycle },
		{ PIL_MBN_V7_PAIR_OEM_ROOT, b->use_oem_root },
		{ PIL_MBN_V7_PAIR_TRANSFER_ROOT, b->transfer_root },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].used)
			return pil_fail(why, PIL_R_BIND_FIELD, fields[i].pair, b->flags);
	return 0;
}

/* does the image ask for debugging, in the way of its version? */
static bool asks_debug(const struct pil_mbn_binding *b)
{
	if (b->major <= PIL_MBN_V6_LAST_MAJOR)
		return b->source == PIL_BOUND_BY_METADATA &&
		       PIL_MBN_V6_OPTION(b->flags, PIL_MBN_V6_DEBUG) == PIL_MBN_V6_DEBUG_ENABLE;
	return b->jtag_debug;
}

/* debugging shows what runs and changes it: only where the policy has it, and on the chip that the image names */
static int check_debug(const struct pil_mbn_binding *b, const struct pil_device *device, struct pil_why *why)
{
	if (!asks_debug(b))
		return 0;
	if (!(device->debug & PIL_DEBUG_IMAGE))
		return pil_fail(why, PIL_R_BIND_DEBUG, b->flags, device->debug);
	if (b->jtag_debug && b->jtag_id != device->jtag_id)
		return pil_fail(why, PIL_R_BIND_JTAG, b->jtag_id, device->jtag_id);
	return 0;
}

/* what was released for the field must not run where everything may be open */
static int check_life(const struct pil_mbn_binding *b, const struct pil_device *device, struct pil_why *why)
{
	if (device->life_cycle == PIL_LIFE_RMA && !b->use_serial)
		return pil_fail(why, PIL_R_BIND_RMA, device->serial, 0);
	return 0;
}

int pil_auth_binding(const struct pil_mbn_binding *binding, const struct pil_device *device, struct pil_why *why)
{
	int ret = 0;

	/* signed for nothing in particular would mean: for every chip that trusts this root */
	if (!binding->present || (!binding->use_soc && !binding->use_jtag))
		return pil_fail(why, PIL_R_BIND_NONE, binding->flags, 0);
	if (binding->use_soc)
		ret = check_soc(binding, device, why);
	if (!ret && binding->use_oem && binding->oem_id != device->oem_id)
		ret = pil_fail(why, PIL_R_BIND_OEM, binding->oem_id, device->oem_id);
	if (!ret && binding->use_model && binding->model_id != device->model_id)
		ret = pil_fail(why, PIL_R_BIND_MODEL, binding->model_id, device->model_id);
	if (!ret && binding->use_serial)
		ret = check_serial(binding, device, why);
	if (!ret && binding->use_jtag && binding->jtag_id != device->jtag_id)
		ret = pil_fail(why, PIL_R_BIND_JTAG, binding->jtag_id, device->jtag_id);
	if (!ret)
		ret = check_life(binding, device, why);
	if (!ret)
		ret = check_debug(binding, device, why);
	return ret ? ret : check_unknown(binding, why);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of rollback counters: any bytes in flash, then advances with a power cut somewhere among them. */
#include <string.h>

#include <pilot/counters.h>

#include "model.h"

#include "fuzz.h"

#define IDS   4u
#define HEAD  4u /* steps of power (2 bytes), id, version */
#define FLASH (2u * MODEL_SECTOR)

static void check_entries(const struct pil_counters *c)
{
	FUZZ_CHECK(c->count <= PIL_COUNTERS_MAX);
	FUZZ_CHECK(c->next <= MODEL_SECTOR && c->next >= PIL_COUNTERS_RECORD && !(c->next % PIL_COUNTERS_RECORD));
	for (unsigned int i = 0; i < c->count; i++)
		for (unsigned int j = 0; j < i; j++)
			FUZZ_CHECK(c->entry[i].sw_id != c->entry[j].sw_id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model_flash flash;
	struct pil_counters c = { 0 };
	struct pil_counters before = { 0 };
	struct pil_why why = { 0 };
	uint32_t least = 0;
	uint32_t after = 0;
	int err = 0;

	if (size < HEAD)
		return 0;
	model_flash_init(&flash);
	memcpy(flash.bytes, data + HEAD, size - HEAD < FLASH ? size - HEAD : FLASH);
	err = pil_counters_open(&before, &flash.store, &why);
	fuzz_check_result(err, &why);
	if (err)
		return 0;
	check_entries(&before);
	c = before;
	model_flash_power(&flash, data[0] | (unsigned long)data[1] << 8);
	if (!pil_counters_advance(&c, data[2] % IDS, data[3], NULL))
		least = data[3];
	model_flash_restore(&flash);
	FUZZ_CHECK(!pil_counters_open(&c, &flash.store, &why));
	check_entries(&c);
	FUZZ_CHECK(!pil_counters_read(&c, data[2] % IDS, &after, NULL) && after >= least);
	for (unsigned int i = 0; i < before.count; i++) {
		FUZZ_CHECK(!pil_counters_read(&c, before.entry[i].sw_id, &after, NULL));
		FUZZ_CHECK(after >= before.entry[i].version);
	}
	return 0;
}

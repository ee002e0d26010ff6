/* SPDX-License-Identifier: BSD-2-Clause */
/* Event records of an SMMUv3 (ARM IHI 0070, section 7.3). */
#include <string.h>

#include "explain/explain.h"

/** enum carries - which words of a record mean something */
enum carries {
	CARRIES_ADDRESS = 1, /* word 2: input address */
	CARRIES_IPA = 2,     /* word 3: intermediate address, of stage 2 alone */
	CARRIES_FETCH = 4,   /* word 3: where the structure or table was to be read */
	CARRIES_ACCESS = 8,  /* word 1: read or write and so on */
	CARRIES_RW = 16,     /* word 1: read or write only */
};

static const struct {
	unsigned int id;
	const char *name;
	const char *entry;
	unsigned int carries;
} events[] = {
	{ 0x01, "F_UUT", "smmuv3-uut", CARRIES_ADDRESS | CARRIES_ACCESS },
	{ 0x02, "C_BAD_STREAMID", "smmuv3-bad-streamid", 0 },
	{ 0x03, "F_STE_FETCH", "smmuv3-ste-fetch", CARRIES_FETCH },
	{ 0x04, "C_BAD_STE", "smmuv3-bad-ste", 0 },
	{ 0x05, "F_BAD_ATS_TREQ", "smmuv3-ats", CARRIES_ADDRESS },
	{ 0x06, "F_STREAM_DISABLED", "smmuv3-stream-disabled", 0 },
	{ 0x07, "F_TRANSL_FORBIDDEN", "smmuv3-ats", CARRIES_ADDRESS | CARRIES_RW },
	{ 0x08, "C_BAD_SUBSTREAMID", "smmuv3-bad-substreamid", 0 },
	{ 0x09, "F_CD_FETCH", "smmuv3-cd-fetch", CARRIES_FETCH },
	{ 0x0a, "C_BAD_CD", "smmuv3-bad-cd", 0 },
	{ 0x0b, "F_WALK_EABT", "smmuv3-walk", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_FETCH },
	{ 0x10, "F_TRANSLATION", "smmuv3-translation", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_IPA },
	{ 0x11, "F_ADDR_SIZE", "smmuv3-address-size", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_IPA },
	{ 0x12, "F_ACCESS", "smmuv3-access-flag", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_IPA },
	{ 0x13, "F_PERMISSION", "smmuv3-permission", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_IPA },
	{ 0x20, "F_TLB_CONFLICT", "smmuv3-conflict", CARRIES_ADDRESS | CARRIES_ACCESS | CARRIES_IPA },
	{ 0x21, "F_CFG_CONFLICT", "smmuv3-conflict", 0 },
	{ 0x24, "E_PAGE_REQUEST", "smmuv3-page-request", 0 },
	{ 0x25, "F_VMS_FETCH", "smmuv3-vms-fetch", CARRIES_FETCH },
};

#define EVENTS	     (sizeof(events) / sizeof(events[0]))
#define ADDRESS_BITS 0x000ffffffffff000ull /* 51 to 12 of word 3: IPA */
#define FETCH_BITS   0x000ffffffffffff8ull /* 51 to 3 */

static size_t row_of(unsigned int id)
{
	size_t i = 0;

	while (i < EVENTS && events[i].id != id)
		i++;
	return i;
}

const char *smmuv3_event_name(unsigned int id)
{
	size_t row = row_of(id);

	return row < EVENTS ? events[row].name : NULL;
}

unsigned int smmuv3_event_id(const char *name, size_t length)
{
	size_t i = 0;

	for (i = 0; i < EVENTS; i++)
		if (strlen(events[i].name) == length && !memcmp(events[i].name, name, length))
			return events[i].id;
	return 0;
}

const struct entry *smmuv3_event_entry(unsigned int id)
{
	size_t row = row_of(id);

	return fault_entry(row < EVENTS ? events[row].entry : "smmuv3-event");
}

void smmuv3_decode(const uint64_t word[4], struct smmuv3_event *e)
{
	size_t row = row_of(word[0] & 0xff);
	unsigned int carries = row < EVENTS ? events[row].carries : 0;

	*e = (struct smmuv3_event){ .id = word[0] & 0xff, .sid = (uint32_t)(word[0] >> 32) };
	e->has_ssid = word[0] >> 11 & 1;
	e->ssid = e->has_ssid ? (uint32_t)(word[0] >> 12 & 0xfffff) : 0;
	e->has_address = carries & CARRIES_ADDRESS;
	e->address = e->has_address ? word[2] : 0;
	e->has_fetch = carries & CARRIES_FETCH;
	e->fetch = e->has_fetch ? word[3] & FETCH_BITS : 0;
	if (carries & (CARRIES_ACCESS | CARRIES_RW)) {
		e->has_access = true;
		e->read = word[1] >> 35 & 1;
	}
	if (carries & CARRIES_ACCESS) {
		e->stall = word[1] >> 31 & 1;
		e->privileged = word[1] >> 33 & 1;
		e->instruction = word[1] >> 34 & 1;
		e->stage2 = word[1] >> 39 & 1;
		e->access_class = word[1] >> 40 & 3;
	}
	/* without stage 2 the field means nothing */
	e->has_ipa = (carries & CARRIES_IPA) && e->stage2;
	e->ipa = e->has_ipa ? word[3] & ADDRESS_BITS : 0;
}

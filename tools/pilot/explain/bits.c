/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers bit by bit. */
#include <string.h>

#include "explain/explain.h"

/* SMMU_CBn_FSR (ARM IHI 0062D.c, section 16.5.6) */
static const struct bit fsr[] = {
	{ 1ull << 31, "MULTI", "another fault came before this one was read" },
	{ 1ull << 30, "SS", "the transaction is stalled until Linux resumes or ends it" },
	{ 3ull << 9, "FORMAT", "translation tables: 0 AArch32 short, 1 AArch32 long, 2 AArch64: {}" },
	{ 1ull << 8, "UUT", "the upstream transaction is of a kind that the SMMU does not support" },
	{ 1ull << 7, "ASF", "address size: the output address is larger than the tables may give" },
	{ 1ull << 6, "TLBLKF", "TLB lock fault" },
	{ 1ull << 5, "TLBMCF", "TLB match conflict: two entries for one address" },
	{ 1ull << 4, "EF", "external: a table could not be read over the bus" },
	{ 1ull << 3, "PF", "permission: the address is mapped, but not for this access" },
	{ 1ull << 2, "AFF", "access flag: the page's access flag is clear" },
	{ 1ull << 1, "TF", "translation: the address is not mapped" },
	{ 0, NULL, NULL },
};

/* SMMU_CBn_FSYNR0 (the same, section 16.5.8) */
static const struct bit fsynr0[] = {
	{ 0xffull << 16, "S1CBNDX", "stage 1 context bank of a nested translation: {}" },
	{ 1ull << 11, "AFR", "asynchronous: this says nothing of the transaction's address" },
	{ 1ull << 10, "PTWF", "it happened while a table was walked" },
	{ 1ull << 9, "ATOF", "it happened in an address translation operation of the host" },
	{ 1ull << 8, "NSATTR", "the access was non-secure" },
	{ 1ull << 7, "NSSTATE", "the stream belongs to the non-secure state" },
	{ 1ull << 6, "IND", "an instruction was fetched" },
	{ 1ull << 5, "PNU", "the access was privileged" },
	{ 1ull << 4, "WNR", "the access was a write" },
	{ 3ull, "PLVL", "level of the table at which it failed: {}" },
	{ 0, NULL, NULL },
};

/* SMMU_sGFSR (the same, section 10.6.8) */
static const struct bit gfsr[] = {
	{ 1ull << 31, "MULTI", "another fault came before this one was read" },
	{ 1ull << 8, "UUT", "the upstream transaction is of a kind that the SMMU does not support" },
	{ 1ull << 7, "PF", "permission: a non-secure transaction meant for a secure stream" },
	{ 1ull << 6, "EF", "external: a table or register could not be reached over the bus" },
	{ 1ull << 5, "CAF", "configuration access: registers were accessed in a way that is not allowed" },
	{ 1ull << 4, "UCIF", "a context bank names an interrupt that does not exist" },
	{ 1ull << 3, "UCBF", "a stream is led to a context bank that does not exist" },
	{ 1ull << 2, "SMCF", "the stream matches more than one stream mapping group" },
	{ 1ull << 1, "USF", "the stream matches no stream mapping group" },
	{ 1ull << 0, "ICF", "a stream is led to a context of the wrong type, or its group says: fault" },
	{ 0, NULL, NULL },
};

/* SMMU_sGFSYNR0 (the same, section 10.6.11) */
static const struct bit gfsynr0[] = {
	{ 1ull << 6, "ATS", "it was a translation request of the device" },
	{ 1ull << 5, "NSATTR", "the access was non-secure" },
	{ 1ull << 4, "NSSTATE", "the stream belongs to the non-secure state" },
	{ 1ull << 3, "IND", "an instruction was fetched" },
	{ 1ull << 2, "PNU", "the access was privileged" },
	{ 1ull << 1, "WNR", "the access was a write" },
	{ 1ull << 0, "Nested", "it happened in stage 2 of a nested translation" },
	{ 0, NULL, NULL },
};

/* SMMU_sGFSYNR1 (the same, section 10.6.12) */
static const struct bit gfsynr1[] = {
	{ 0x7fffull << 16, "SSD_Index", "security state determination index: {}" },
	{ 0xffffull, "StreamID", "stream: {}" },
	{ 0, NULL, NULL },
};

/* SMMU_GERROR of an SMMUv3 (ARM IHI 0070, section 6.3.17) */
static const struct bit gerror[] = {
	{ 1ull << 9, "CMDQP_ERR", "a command queue control page has an error" },
	{ 1ull << 8, "SFM_ERR", "the SMMU is in Service Failure Mode: it translates nothing any more" },
	{ 1ull << 7, "MSI_GERROR_ABT_ERR", "the message that tells of an error was aborted" },
	{ 1ull << 6, "MSI_PRIQ_ABT_ERR", "the interrupt message of the PRI queue was aborted" },
	{ 1ull << 5, "MSI_EVENTQ_ABT_ERR", "the interrupt message of the event queue was aborted" },
	{ 1ull << 4, "MSI_CMDQ_ABT_ERR", "the interrupt message of a CMD_SYNC was aborted" },
	{ 1ull << 3, "PRIQ_ABT_ERR", "a write to the PRI queue was aborted" },
	{ 1ull << 2, "EVENTQ_ABT_ERR", "a write to the event queue was aborted" },
	{ 1ull << 0, "CMDQ_ERR", "a command could not be carried out" },
	{ 0, NULL, NULL },
};

static const struct {
	const char *name;
	const struct bit *bits;
} registers[] = {
	{ "FSR", fsr },		{ "FSYNR0", fsynr0 },	{ "GFSR", gfsr },
	{ "GFSYNR0", gfsynr0 }, { "GFSYNR1", gfsynr1 }, { "GERROR", gerror },
};

const struct bit *register_bits(const char *name)
{
	size_t i = 0;

	for (i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		if (!strcmp(registers[i].name, name))
			return registers[i].bits;
	return NULL;
}

uint64_t bit_value(uint64_t mask, uint64_t value)
{
	if (!mask)
		return 0;
	for (; !(mask & 1); mask >>= 1)
		value >>= 1;
	return value & mask;
}

bool bit_text(const struct bit *bit, uint64_t value, char *text, size_t size)
{
	uint64_t number = bit_value(bit->mask, value);
	const char *braces = strstr(bit->meaning, "{}");

	if (!braces) {
		snprintf(text, size, "%s", bit->meaning);
		return number != 0;
	}
	snprintf(text, size, "%.*s%s%llx%s", (int)(braces - bit->meaning), bit->meaning, number > 9 ? "0x" : "",
		 (unsigned long long)number, braces + 2);
	/* a level or format of 0 says something; so does a stream */
	return true;
}

const struct entry *smmuv2_context_entry(uint64_t value)
{
	static const struct {
		uint64_t bit;
		const char *id;
	} rows[] = {
		{ 1ull << 4, "smmuv2-external" },    { 1ull << 8, "smmuv2-unsupported" },
		{ 3ull << 5, "smmuv2-tlb" },	     { 1ull << 7, "smmuv2-address-size" },
		{ 1ull << 1, "smmuv2-translation" }, { 1ull << 3, "smmuv2-permission" },
		{ 1ull << 2, "smmuv2-access-flag" },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (value & rows[i].bit)
			return fault_entry(rows[i].id);
	return fault_entry("smmuv2-context");
}

const struct entry *smmuv2_global_entry(uint64_t value)
{
	return fault_entry(value & 2 ? "smmuv2-unknown-stream" : value & 4 ? "smmuv2-conflict" : "smmuv2-global");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The SMMUv3: stream table, commands, what it refused. Section numbers are those of Arm IHI 0070. */
#include <fw/sysreg.h>

#include <pilot/smmu.h>
#include <pilot/wire/smmuv3.h>

#include "hypervisor.h"
#include "platform.h"
#include "tables.h"

#define COMMANDS_LOG2 4u
#define COMMANDS      (1u << COMMANDS_LOG2)
#define EVENTS_LOG2   7u
#define EVENTS	      (1u << EVENTS_LOG2)
#define INDEX(log2)   ((2u << (log2)) - 1) /* of PROD and CONS: one bit more than the index, for the wrap */
#define ERROR(cons)   ((cons) >> 24 & 0x7fu)
#define L2_TABLES     (1u + PIL_MAX_PERIPHERALS) /* the host's streams share one */

static uint64_t l1[PIL_SMMU_L1_COUNT] __attribute__((aligned(2048)));
static pil_smmu_l2 l2[L2_TABLES] __attribute__((aligned(16384)));
static uint64_t host_cd[PIL_SMMU_CD_WORDS] __attribute__((aligned(64)));
static uint64_t commands[COMMANDS][PIL_SMMU_CMD_WORDS] __attribute__((aligned(256)));
static uint64_t events[EVENTS][PIL_SMMU_EVENT_WORDS] __attribute__((aligned(4096)));
static struct pil_smmu_builder builder;

static uint64_t reg(uint64_t offset)
{
	return plat_hyp.smmu + offset;
}

/* 6.3.9: done when the acknowledge register says the same */
static void set_cr0(uint32_t value)
{
	fw_write32(reg(PIL_SMMU_CR0), value);
	while (fw_read32(reg(PIL_SMMU_CR0ACK)) != value)
		;
}

static void command(uint64_t word0, uint64_t word1)
{
	uint32_t at = fw_read32(reg(PIL_SMMU_CMDQ_PROD)) & INDEX(COMMANDS_LOG2), seen = 0;

	commands[at % COMMANDS][0] = word0;
	commands[at % COMMANDS][1] = word1;
	fw_dsb();
	at = (at + 1) & INDEX(COMMANDS_LOG2);
	fw_write32(reg(PIL_SMMU_CMDQ_PROD), at);
	do {
		seen = fw_read32(reg(PIL_SMMU_CMDQ_CONS));
		if (ERROR(seen))
			hyp_stop("the SMMU does not know a command");
	} while ((seen & INDEX(COMMANDS_LOG2)) != at);
}

static void sync(void)
{
	command(PIL_SMMU_CMD_SYNC, 0);
}

void hyp_smmu_forget(void)
{
	command(PIL_SMMU_CMD_TLBI_NSNH_ALL, 0);
	sync();
}

static void forget_entry(uint32_t sid)
{
	command(PIL_SMMU_CMD_CFGI_STE | PIL_SMMU_CMD_SID(sid), PIL_SMMU_CMD_LEAF);
	hyp_smmu_forget();
}

static uint64_t *entry(uint32_t sid)
{
	uint64_t *ste = NULL;

	if (pil_smmu_entry(&builder, sid, &ste, NULL))
		hyp_stop("the stream table is full");
	return ste;
}

/* mask: bits of the StreamID that do not matter. Counts through all of their values */
static uint32_t next_sid(uint32_t sid, uint32_t mask)
{
	return (sid & ~mask) | (((sid | ~mask) + 1) & mask);
}

static bool translates(const uint64_t *ste)
{
	return PIL_SMMU_STE0_CONFIG(ste[0]) == PIL_SMMU_CONFIG_S1;
}

/* 3.21.3: of an entry that translates one word changes, so that the SMMU sees the old one or the new one */
void hyp_smmu_stream_on(const struct pil_stream_desc *stream, uint64_t cd)
{
	uint32_t first = stream->sid & ~stream->mask, sid = first;

	do {
		uint64_t *ste = entry(sid);

		if (!translates(ste)) {
			pil_smmu_ste_prepare(ste);
			forget_entry(sid);
		}
		pil_smmu_ste_translate(ste, cd);
		forget_entry(sid);
		sid = next_sid(sid, stream->mask);
	} while (sid != first);
}

void hyp_smmu_stream_off(const struct pil_stream_desc *stream)
{
	uint32_t first = stream->sid & ~stream->mask, sid = first;

	do {
		pil_smmu_ste_abort(entry(sid));
		forget_entry(sid);
		sid = next_sid(sid, stream->mask);
	} while (sid != first);
}

/*
 * The host's streams first, which abort as long as a boot stage has the SMMU: nobody may have set its devices going. Those of
 * peripherals that lie among them get a second level of their own, and abort
 */
static void build_table(void)
{
	const struct pil_board_desc *desc = plat_hyp.desc;
	const struct pil_stream_table host = {
		.ttb = hyp_dma_root(),
		.t0sz = HYP_DMA_T0SZ,
		.mair = HYP_DMA_MAIR,
		.asid = HYP_ASID_HOST,
	};

	pil_smmu_build(&builder, l1, l2, (uint64_t)l2, L2_TABLES);
	pil_smmu_cd_build(host_cd, &host);
	for (uint32_t sid = 0; sid < PIL_SMMU_L2_COUNT; sid++) {
		pil_smmu_ste_prepare(entry(sid));
		if (hyp_is_stage())
			pil_smmu_ste_abort(entry(sid));
		else
			pil_smmu_ste_translate(entry(sid), (uint64_t)host_cd);
	}
	if (pil_smmu_share(&builder, 0, 0, plat_hyp.host_sids, NULL))
		hyp_stop("the host's streams do not fit the stream table");
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		for (unsigned int s = 0; s < desc->peripherals[i].stream_count; s++) {
			if (desc->peripherals[i].streams[s].sid < plat_hyp.host_sids)
				hyp_stop("a peripheral's stream is one of the host's");
			pil_smmu_ste_abort(entry(desc->peripherals[i].streams[s].sid));
		}
}

void hyp_smmu_init(void)
{
	build_table();
	set_cr0(0);
	/* 6.3.14: what comes while the SMMU is off ends; older QEMU has no such register and lets it through */
	fw_write32(reg(PIL_SMMU_GBPA), PIL_SMMU_GBPA_ABORT | PIL_SMMU_GBPA_UPDATE);
	while (fw_read32(reg(PIL_SMMU_GBPA)) & PIL_SMMU_GBPA_UPDATE)
		;
	fw_write32(reg(PIL_SMMU_CR1), PIL_SMMU_CR1_COHERENT);
	fw_write32(reg(PIL_SMMU_CR2), PIL_SMMU_CR2_PTM | PIL_SMMU_CR2_RECINVSID);
	fw_write64(reg(PIL_SMMU_STRTAB_BASE), (uint64_t)l1 | PIL_SMMU_QUEUE_ALLOCATE);
	fw_write32(reg(PIL_SMMU_STRTAB_BASE_CFG), PIL_SMMU_BUILT_CFG);
	fw_write64(reg(PIL_SMMU_CMDQ_BASE), (uint64_t)commands | PIL_SMMU_QUEUE_ALLOCATE | COMMANDS_LOG2);
	fw_write32(reg(PIL_SMMU_CMDQ_PROD), 0);
	fw_write32(reg(PIL_SMMU_CMDQ_CONS), 0);
	fw_write64(reg(PIL_SMMU_EVENTQ_BASE), (uint64_t)events | PIL_SMMU_QUEUE_ALLOCATE | EVENTS_LOG2);
	fw_write32(reg(PIL_SMMU_PAGE1 + PIL_SMMU_EVENTQ_PROD), 0);
	fw_write32(reg(PIL_SMMU_PAGE1 + PIL_SMMU_EVENTQ_CONS), 0);
	set_cr0(PIL_SMMU_CR0_CMDQEN);
	command(PIL_SMMU_CMD_CFGI_ALL, PIL_SMMU_CMD_ALL_STREAMS);
	hyp_smmu_forget();
	set_cr0(PIL_SMMU_CR0_CMDQEN | PIL_SMMU_CR0_EVENTQEN);
	set_cr0(PIL_SMMU_CR0_CMDQEN | PIL_SMMU_CR0_EVENTQEN | PIL_SMMU_CR0_SMMUEN);
}

static const char *owner(uint32_t sid)
{
	const struct pil_board_desc *desc = plat_hyp.desc;

	if (sid < plat_hyp.host_sids)
		return "a device of the host";
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		for (unsigned int s = 0; s < desc->peripherals[i].stream_count; s++)
			if ((sid & ~desc->peripherals[i].streams[s].mask) == desc->peripherals[i].streams[s].sid)
				return desc->peripherals[i].streams[s].name;
	return "nobody";
}

/* one line for what has come since the last time: the first of it, and how many */
void hyp_smmu_report(void)
{
	uint32_t end = 0, at = 0, count = 0;
	uint64_t first[PIL_SMMU_EVENT_WORDS] = { 0 };

	fw_lock(&hyp_lock);
	end = fw_read32(reg(PIL_SMMU_PAGE1 + PIL_SMMU_EVENTQ_PROD));
	at = fw_read32(reg(PIL_SMMU_PAGE1 + PIL_SMMU_EVENTQ_CONS)) & INDEX(EVENTS_LOG2);
	for (unsigned int i = 0; i < PIL_SMMU_EVENT_WORDS; i++)
		first[i] = ((volatile uint64_t *)events[at % EVENTS])[i];
	count = (end - at) & INDEX(EVENTS_LOG2);
	if (count)
		fw_write32(reg(PIL_SMMU_PAGE1 + PIL_SMMU_EVENTQ_CONS),
			   (end & INDEX(EVENTS_LOG2)) | (end & PIL_SMMU_QUEUE_OVERFLOW));
	fw_unlock(&hyp_lock);
	if (!count)
		return;
	hyp_trace(PIL_TRACE_SMMU_EVENT, PIL_TRACE_NO_ID, PIL_SMMU_EVENT0_TYPE(first[0]), PIL_SMMU_EVENT0_SID(first[0]));
	hyp_log("SMMU: stream %x (%s): event %x at %x, the first of %u%s", (uint64_t)PIL_SMMU_EVENT0_SID(first[0]),
		owner(PIL_SMMU_EVENT0_SID(first[0])), (uint64_t)PIL_SMMU_EVENT0_TYPE(first[0]), first[2],
		(uint64_t)count, end & PIL_SMMU_QUEUE_OVERFLOW ? " or more" : "");
}

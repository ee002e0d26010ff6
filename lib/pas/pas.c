/* SPDX-License-Identifier: BSD-2-Clause */
/* Start of the service: is the board's description sound, what do the fuses say, what is running already? */
#include "internal.h"

bool pil_has_core_(const struct pil_peripheral *p)
{
	return p->desc->core != PIL_NO_CORE;
}

static bool has_masters(const struct pil_board_desc *desc)
{
	for (unsigned int i = 0; desc->peripherals && i < desc->peripheral_count; i++)
		for (unsigned int j = 0; j < desc->peripherals[i].stream_count; j++)
			if (desc->peripherals[i].streams[j].purpose == PIL_STREAM_DMA_MASTER)
				return true;
	return false;
}

/* returns the number of the first function that is missing, 0 when none is */
static unsigned int missing_function(const struct pil_board *b)
{
	const bool there[] = {
		b->desc != NULL,
		b->host_map != NULL,
		b->read_device != NULL,
		!b->lock == !b->unlock,
		b->enter != NULL && b->leave != NULL,
		b->log != NULL,
		b->time_us != NULL,
		b->desc && (!b->desc->core_count || (b->core_start && b->core_stop && b->core_state)),
		!b->counter_read == !b->counter_advance,
		!b->master_start == !b->master_stop,
		b->desc && (b->master_stop || !has_masters(b->desc)),
		!b->core_claim == !b->core_unclaim,
		!b->far || (!b->lock && !b->shelter && b->far->read && b->far->write && b->far->zero && b->far->fetch &&
			    b->far->regions && b->far->piece && b->far->piece_size),
	};

	for (unsigned int i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		if (!there[i])
			return i + 1;
	return 0;
}

static bool in_a_carveout(const struct pil_board_desc *desc, struct pil_range r)
{
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (pil_range_overlaps(desc->peripherals[i].carveout, r))
			return true;
	return false;
}

/* a grant inside a carve-out would let one peripheral reach another's, whatever the ledger says */
static int check_grants(const struct pil_board_desc *desc, unsigned int index, struct pil_why *why)
{
	const struct pil_peripheral_desc *p = &desc->peripherals[index];

	for (unsigned int i = 0; i < p->stream_count; i++) {
		for (unsigned int j = 0; j < p->streams[i].grant_count; j++) {
			struct pil_range r = p->streams[i].grants[j].range;

			if (!r.size || in_a_carveout(desc, r))
				return pil_fail(why, PIL_R_BOARD_GRANT, index, r.base);
		}
	}
	return 0;
}

static int check_peripheral(const struct pil_board_desc *desc, unsigned int index, struct pil_why *why)
{
	const struct pil_peripheral_desc *p = &desc->peripherals[index];
	struct pil_range r = p->carveout;

	if (!p->name || !r.size || r.base % PIL_PAGE || r.size % PIL_PAGE || r.base > UINT64_MAX - r.size)
		return pil_fail(why, PIL_R_BOARD_PERIPHERAL, index, r.base);
	if (p->core != PIL_NO_CORE && (p->core < 0 || (unsigned int)p->core >= desc->core_count))
		return pil_fail(why, PIL_R_BOARD_CORE, index, (unsigned int)p->core);
	return check_grants(desc, index, why);
}

/* is there a StreamID that belongs to both? */
static bool streams_meet(const struct pil_stream_desc *a, const struct pil_stream_desc *b)
{
	return ((a->sid ^ b->sid) & ~(a->mask | b->mask)) == 0;
}

static bool share_a_stream(const struct pil_peripheral_desc *p, const struct pil_peripheral_desc *q)
{
	for (unsigned int i = 0; i < p->stream_count; i++)
		for (unsigned int j = 0; j < q->stream_count; j++)
			if (streams_meet(&p->streams[i], &q->streams[j]))
				return true;
	return false;
}

/* a full and a lite image of one core may have the same carve-out and streams; the ledgers keep them apart in time */
static int check_pair(const struct pil_board_desc *desc, unsigned int a, unsigned int b, struct pil_why *why)
{
	const struct pil_peripheral_desc *p = &desc->peripherals[a];
	const struct pil_peripheral_desc *q = &desc->peripherals[b];
	bool same = p->carveout.base == q->carveout.base && p->carveout.size == q->carveout.size;

	if (p->pas_id == q->pas_id)
		return pil_fail(why, PIL_R_BOARD_PAS_ID, a, b);
	if (!same && pil_range_overlaps(p->carveout, q->carveout))
		return pil_fail(why, PIL_R_BOARD_OVERLAP, a, b);
	if ((p->core == PIL_NO_CORE || p->core != q->core) && share_a_stream(p, q))
		return pil_fail(why, PIL_R_BOARD_SID, a, b);
	return 0;
}

static int check_board(const struct pil_board *board, struct pil_why *why)
{
	const struct pil_board_desc *desc = board->desc;
	unsigned int missing = missing_function(board);
	int err = 0;

	if (missing)
		return pil_fail(why, PIL_R_BOARD_FUNCTION, missing, 0);
	if (!desc->peripherals || !desc->peripheral_count || desc->peripheral_count > PIL_MAX_PERIPHERALS ||
	    desc->core_count > PIL_MAX_CORES)
		return pil_fail(why, PIL_R_BOARD_COUNT, desc->peripheral_count, desc->core_count);
	for (unsigned int i = 0; !err && i < desc->peripheral_count; i++) {
		err = check_peripheral(desc, i, why);
		for (unsigned int j = 0; !err && j < i; j++)
			err = check_pair(desc, j, i, why);
	}
	return err;
}

static int take_inherited(struct pil_pas *pas, unsigned int index, struct pil_why *why)
{
	struct pil_peripheral *p = &pas->p[index];
	int err = pil_memory_assign(&pas->memory, pas->board, index, p->desc->carveout, PIL_OWNER_SECURE, why);

	if (!err)
		err = pil_memory_assign(&pas->memory, pas->board, index, p->desc->carveout, (int)index, why);
	if (err)
		return err;
	pil_streams_set(&pas->streams, index, PIL_STREAM_INHERITED);
	pil_state_set_(pas, p, PIL_INHERITED);
	return 0;
}

/* a core that is not held runs for the first peripheral that names it: earlier firmware started it */
static int find_inherited(struct pil_pas *pas, unsigned int index, struct pil_why *why)
{
	struct pil_peripheral *p = &pas->p[index];
	bool ready = false;
	int err = 0;

	if (!pil_has_core_(p) ||
	    pas->board->core_state(pas->board, (unsigned int)p->desc->core, &ready) == PIL_CORE_HELD)
		return 0;
	if (pas->cores.holder[p->desc->core] >= 0)
		return 0;
	err = pil_core_take(&pas->cores, (unsigned int)p->desc->core, index, why);
	if (err)
		return err;
	return take_inherited(pas, index, why);
}

int pil_pas_init(struct pil_pas *pas, struct pil_board *board, const struct pil_crypto *crypto, struct pil_why *why)
{
	int err = check_board(board, why);

	if (err)
		return err;
	pas->board = board;
	pas->crypto = crypto;
	err = board->read_device(board, &pas->device, why);
	if (!err)
		err = pil_streams_init(&pas->streams, board->desc, why);
	if (err)
		return err;
	pil_cores_init(&pas->cores);
	for (unsigned int i = 0; i < board->desc->peripheral_count; i++)
		pas->p[i].desc = &board->desc->peripherals[i];
	pil_trace_names_(pas);
	for (unsigned int i = 0; !err && i < board->desc->peripheral_count; i++)
		err = find_inherited(pas, i, why);
	return err;
}

int pil_pas_find(const struct pil_pas *pas, uint32_t pas_id)
{
	for (unsigned int i = 0; i < pas->board->desc->peripheral_count; i++)
		if (pas->p[i].desc->pas_id == pas_id)
			return (int)i;
	return -PIL_ENOENT;
}

bool pil_pas_is_supported(const struct pil_pas *pas, uint32_t pas_id)
{
	int index = pil_pas_find(pas, pas_id);

	return index >= 0 && pas->p[index].desc->loader == PIL_LOADER_HOST &&
	       pil_pas_ownership(pas, (unsigned int)index) == PIL_OWNED_TEE;
}

static bool has_firmware_grants(const struct pil_peripheral_desc *desc)
{
	for (unsigned int i = 0; i < desc->stream_count; i++)
		if (desc->streams[i].purpose == PIL_STREAM_FIRMWARE && desc->streams[i].grant_count)
			return true;
	return false;
}

struct pil_shelter_ pil_shelter_(const struct pil_pas *pas, unsigned int index)
{
	struct pil_shelter_ shelter = { 0 };

	if (pas->board->shelter)
		shelter.bytes = pas->board->shelter(pas->board, index, &shelter.pa);
	if (!shelter.bytes)
		shelter.pa = 0;
	return shelter;
}

/* what the board refuses when it cannot do it */
static uint32_t optional_requests(const struct pil_board *board, bool core)
{
	uint32_t caps = 0;

	if (board->assign)
		caps |= PIL_CAP_ASSIGN;
	if (board->video_protect)
		caps |= PIL_CAP_VIDEO;
	if (board->core_power && core)
		caps |= PIL_CAP_POWER_STATES;
	return caps;
}

uint32_t pil_pas_capabilities(const struct pil_pas *pas, unsigned int index)
{
	uint32_t caps = 0;

	if (index >= pas->board->desc->peripheral_count)
		return 0;
	if (pil_shelter_(pas, index).bytes || pas->board->far || (pas->board->lock && !pas->board->lock_leaves_dma))
		caps |= PIL_CAP_LOCKED_CPU | PIL_CAP_LOCKED_DMA;
	if (pas->board->lock)
		caps |= PIL_CAP_LOCKED_CPU | PIL_CAP_FAULTS;
	if (pil_has_core_(&pas->p[index]))
		caps |= PIL_CAP_CORE;
	if (has_firmware_grants(pas->p[index].desc))
		caps |= PIL_CAP_RSC_TABLE;
	if (pas->board->counter_read)
		caps |= PIL_CAP_ROLLBACK;
	return caps | optional_requests(pas->board, pil_has_core_(&pas->p[index]));
}

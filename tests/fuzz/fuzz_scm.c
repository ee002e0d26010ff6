/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hostile host at the SCM door: any sequence of calls, writes, faults of the board and crashes of cores, with memory that
 * changes while it is read. Input: steps, each a letter and what it needs. After each step the promises are checked.
 * Signatures are real, so that nothing but the good image can ever be accepted.
 */
#include <string.h>

#include <pilot/scm.h>

#include "fuzz.h"
#include "scenario.h"

#define STEPS_MAX   64u
#define PERIPHERALS MODEL_COUNT

struct input {
	const uint8_t *data;
	size_t left;
};

/* what the host does to its memory whenever the service asks for some */
struct mischief {
	bool active;
	uint64_t address;
	uint8_t flip;
};

static uint64_t take(struct input *in, unsigned int width)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < width && in->left; i++, in->left--)
		value |= (uint64_t)*in->data++ << (8 * i);
	return value;
}

static void do_mischief(struct model *m, enum model_call call, void *arg)
{
	const struct mischief *what = arg;
	uint8_t byte = 0;

	if (!what->active || call != MODEL_HOST_MAP)
		return;
	if (model_host_read(m, what->address, &byte, 1)) {
		byte ^= what->flip;
		(void)model_host_write(m, what->address, &byte, 1);
	}
}

/* a call as the service issues it: through the gate */
static void door(struct scenario *s, const uint64_t x[6])
{
	struct pil_scm_call call = { .x = { x[0], x[1], x[2], x[3], x[4], x[5], 0, 0 } };
	struct pil_scm_answer answer = { { 0 } };
	int index = pil_scm_peripheral(&s->pas, &call);

	if (index >= 0)
		FUZZ_CHECK(pil_gate_enter(&s->pas.p[index].gate, pil_scm_forces(&call)) == 0);
	pil_scm_handle(&s->pas, &call, &answer);
	if (index >= 0)
		pil_gate_leave(&s->pas.p[index].gate);
	/* 0 or a small negative number; results are small numbers */
	FUZZ_CHECK(answer.x[0] == 0 || (int64_t)answer.x[0] >= -12);
	FUZZ_CHECK((int64_t)answer.x[0] <= 0);
	FUZZ_CHECK(answer.x[1] <= 1 && answer.x[3] <= 4096);
	/* a bridge's handle has its slot and a serial, which is small after so few calls; after an error there is none */
	if (x[0] == 0x42000c1e)
		FUZZ_CHECK(answer.x[0] ? !answer.x[2] : answer.x[2] > 0xff && (answer.x[2] & 0xff) < PIL_MAX_BRIDGES);
	else
		FUZZ_CHECK(answer.x[2] == 0 || answer.x[2] == 20);
	for (unsigned int i = 0; i <= PIL_LOOK_NOBODYS; i++)
		FUZZ_CHECK(!s->pas.sharing.look[i].size);
}

static void raw_call(struct scenario *s, struct input *in)
{
	static const uint32_t ids[] = { 0x42000201, 0x42000202, 0x42000205, 0x42000206, 0x42000207, 0x42000221,
					0xc2000601, 0x42000c1c, 0x42000c1d, 0x42000c1e, 0x42000c16, 0x42000c08,
					0x4200010a, 0x42000c1b, 0xc2002404, 0x42000601 };
	static const uint32_t infos[] = { 0x82, 3, 1, 1, 1, 0x845, 1, 0, 1, 4, 0x1117, 4, 2, 4, 0, 1 };
	uint64_t x[6] = { 0 };
	uint8_t which = (uint8_t)take(in, 1);

	for (unsigned int i = 0; i < 6; i++)
		x[i] = take(in, 8);
	if (which < 0xf0) {
		x[0] = ids[which & 0xfu];
		x[1] = infos[which & 0xfu];
	}
	if (which & 0x10)
		x[2] = model_desc.peripherals[which >> 6].pas_id;
	door(s, x);
}

/* as the driver makes bridges: small numbers decide over address, size and access */
static void bridge_call(struct scenario *s, struct input *in)
{
	uint64_t base = MODEL_RAM_BASE + take(in, 1) * UINT64_C(0x1000), size = take(in, 1) * UINT64_C(0x1000);
	uint64_t access = take(in, 1);

	if (access & 8)
		base += MODEL_ADSP_BASE - MODEL_RAM_BASE;
	door(s, (const uint64_t[6]){ 0x42000c1e, 4, base | 6, base | (access & 7), size | 0x200, 3 });
}

/* the handle of some bridge, or one beside it */
static void unbridge_call(struct scenario *s, struct input *in)
{
	unsigned int slot = (unsigned int)take(in, 1) % PIL_MAX_BRIDGES;
	uint64_t handle = s->pas.sharing.bridges.entry[slot].serial << 8 | slot;

	door(s, (const uint64_t[6]){ 0x42000c1d, 1, handle ^ take(in, 1) });
}

/* lists in the page behind the metadata, as the driver lays them out; who owns what comes from the input */
static void assign_call(struct scenario *s, struct input *in)
{
	static const uint32_t vms[] = { PIL_VM_HOST, MODEL_VM_ADSP, MODEL_VM_CDSP, 22 };
	const uint64_t lists = MODEL_RAM_BASE + 0x30000u;
	uint8_t bytes[256] = { 0 };
	uint8_t counts = (uint8_t)take(in, 1);
	unsigned int from = counts & 3u, to = counts >> 2 & 3u;

	imagegen_put(bytes, 8, 4u * from);
	imagegen_put(bytes + 8, 8, lists + 0x80);
	imagegen_put(bytes + 16, 8, 24u * to);
	imagegen_put(bytes + 0x40, 8, MODEL_RAM_BASE + take(in, 1) * UINT64_C(0x1000));
	imagegen_put(bytes + 0x48, 8, take(in, 1) * UINT64_C(0x1000));
	for (unsigned int i = 0; i < from; i++)
		imagegen_put(bytes + 0x60 + 4 * i, 4, vms[take(in, 1) & 3u]);
	for (unsigned int i = 0; i < to; i++) {
		imagegen_put(bytes + 0x80 + 24 * i, 4, vms[take(in, 1) & 3u]);
		imagegen_put(bytes + 0x84 + 24 * i, 4, take(in, 1));
	}
	(void)model_host_write(s->m, lists, bytes, sizeof(bytes));
	door(s, (const uint64_t[6]){ 0x42000c16, 0x1117, lists + 0x40, 16, lists + 0x60, lists });
}

/* what the ledger says and what the firewall does are the same */
static void check_sharing(struct scenario *s)
{
	for (unsigned int i = 0; i < PIL_MAX_ASSIGNED; i++) {
		const struct pil_assignment *a = &s->pas.sharing.assigned[i];

		for (unsigned int n = 0; n < a->count; n++)
			FUZZ_CHECK(model_vm_reaches(s->m, a->vm[n].id, a->range, a->vm[n].access));
		for (unsigned int n = 0; n < PIL_MAX_BRIDGES; n++)
			FUZZ_CHECK(!a->range.size || !s->pas.sharing.bridges.entry[n].serial ||
				   !pil_range_overlaps(a->range, s->pas.sharing.bridges.entry[n].range));
	}
	FUZZ_CHECK(!s->pas.sharing.assigning);
}

/* the page at the start of memory holds the host's table, the page behind it the arguments */
static void table_call(struct scenario *s, unsigned int index, struct input *in)
{
	uint64_t x[6] = { 0x42000221,
			  0x845,
			  model_desc.peripherals[index].pas_id,
			  MODEL_RAM_BASE,
			  take(in, 1) + 16u,
			  MODEL_RAM_BASE + 0x800 };
	uint8_t page[16] = { 0 };

	imagegen_put(page, 8, MODEL_RAM_BASE + 0x40000);
	imagegen_put(page + 8, 8, take(in, 2));
	(void)model_host_write(s->m, x[5], page, sizeof(page));
	door(s, x);
}

static void host_write(struct scenario *s, uint64_t address, struct input *in)
{
	uint8_t bytes[32] = { 0 };
	size_t size = (size_t)take(in, 1) % sizeof(bytes);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)take(in, 1);
	if (size)
		(void)model_host_write(s->m, address, bytes, size);
}

/* nothing happens where the host has given that memory away */
static void put_metadata(struct scenario *s, const struct scenario_image *i)
{
	(void)model_host_write(s->m, SCENARIO_METADATA, i->metadata, i->metadata_size);
}

static void step(struct scenario *s, struct mischief *mischief, struct input *in)
{
	char what = (char)take(in, 1);
	unsigned int index = (unsigned int)take(in, 1) % PERIPHERALS;
	const struct pil_peripheral_desc *desc = &model_desc.peripherals[index];
	uint32_t id = desc->pas_id;

	switch (what) {
	case 'M':
		put_metadata(s, index == MODEL_ADSP && mischief->active ? scenario_fixed() : scenario_good());
		break;
	case 'I':
		door(s, (const uint64_t[6]){ 0x42000201, 0x82, id, SCENARIO_METADATA });
		break;
	case 'P':
		door(s, (const uint64_t[6]){ 0x42000202, 3, id, desc->carveout.base, scenario_good()->plan.span });
		break;
	case 'Q':
		door(s, (const uint64_t[6]){ 0x42000202, 3, id, desc->carveout.base + take(in, 2), take(in, 3) });
		break;
	case 'C':
		(void)scenario_copy(s, index, scenario_good());
		break;
	case 'A':
		door(s, (const uint64_t[6]){ 0x42000205, 1, id });
		break;
	case 'S':
		door(s, (const uint64_t[6]){ 0x42000206, 1, id });
		break;
	case 'T':
		table_call(s, index, in);
		break;
	case 'E':
		door(s, (const uint64_t[6]){ 0x42000c1c });
		break;
	case 'b':
		bridge_call(s, in);
		break;
	case 'd':
		unbridge_call(s, in);
		break;
	case 'a':
		assign_call(s, in);
		break;
	case 'R':
		raw_call(s, in);
		break;
	case 'B':
		host_write(s, desc->carveout.base + take(in, 2), in);
		break;
	case 'W':
		host_write(s, SCENARIO_METADATA + take(in, 2), in);
		break;
	case 'K':
		if (desc->core >= 0 && s->m->core[desc->core].state == PIL_CORE_RUNNING)
			model_core_crash(s->m, (unsigned int)desc->core);
		break;
	case 'H':
		mischief->address = (take(in, 1) & 1 ? SCENARIO_METADATA : desc->carveout.base) + take(in, 2);
		mischief->flip = (uint8_t)take(in, 1);
		mischief->active = !mischief->active;
		break;
	case 'F':
		model_fail(s->m, (unsigned int)take(in, 1) % 12u);
		break;
	default:
		break;
	}
}

/* what runs, or is to be verified: the copy, if the machine makes one */
static const uint8_t *kept_bytes(struct scenario *s, unsigned int index)
{
	const uint8_t *copy = model_copy(s->m, index);

	return copy ? copy : model_memory(s->m, model_desc.peripherals[index].carveout);
}

static bool is_wiped(struct scenario *s, unsigned int index)
{
	return s->m->board.shelter ? model_copy_is_zero(s->m, index)
				   : model_is_zero(s->m, model_desc.peripherals[index].carveout);
}

/* is exactly the image there, and nothing else? */
static bool is_image(struct scenario *s, unsigned int index, const struct scenario_image *i)
{
	static uint8_t expected[MODEL_ADSP_SIZE];
	struct pil_range carveout = model_desc.peripherals[index].carveout;
	uint64_t base = i->plan.relocatable ? s->pas.p[index].placed.base : i->plan.lowest;

	memset(expected, 0, sizeof(expected));
	for (unsigned int n = 0; n < i->plan.count; n++) {
		uint64_t at = i->plan.seg[n].dest - i->plan.lowest + base - carveout.base;

		FUZZ_CHECK(at <= carveout.size && i->plan.seg[n].memsz <= carveout.size - at);
		memcpy(expected + at, i->file + i->plan.seg[n].offset, (size_t)i->plan.seg[n].filesz);
	}
	return !memcmp(expected, kept_bytes(s, index), (size_t)carveout.size);
}

static void check_promises(struct scenario *s, unsigned int index)
{
	const struct pil_peripheral *p = &s->pas.p[index];
	int core = p->desc->core;

	if (p->state == PIL_RUNNING || p->state == PIL_AUTHENTICATED || p->state == PIL_CRASHED) {
		/* a scrub that could not end leaves zeros, and a core that is held */
		FUZZ_CHECK(is_image(s, index, p->plan.relocatable ? scenario_good() : scenario_fixed()) ||
			   (is_wiped(s, index) && (core < 0 || s->m->core[core].state == PIL_CORE_HELD)));
		FUZZ_CHECK(!s->m->board.lock || s->m->locked[index].size == p->desc->carveout.size);
		FUZZ_CHECK(pil_memory_owner(&s->pas.memory, p->desc->carveout.base) != PIL_OWNER_HOST);
	}
	if (p->state == PIL_OFF)
		FUZZ_CHECK(!scenario_is_off(s, index));
	if (p->state == PIL_LOADED || p->state == PIL_PLACED)
		FUZZ_CHECK(!s->m->locked[index].size);
	if (core >= 0 && s->m->core[core].state != PIL_CORE_HELD) {
		FUZZ_CHECK(s->pas.cores.holder[core] >= 0);
		FUZZ_CHECK(!s->m->board.lock || model_is_locked(s->m, p->desc->carveout));
		FUZZ_CHECK(!s->m->board.shelter || s->m->core[core].start.copy);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	struct mischief mischief = { 0 };
	static struct scenario s;

	/* all ways of keeping the host away, without a byte of the input for it */
	scenario_init(&s, (enum model_lock)(MODEL_IN_PLACE + size % MODEL_BOTH));
	s.m->hook = do_mischief;
	s.m->hook_arg = &mischief;
	for (unsigned int n = 0; in.left && n < STEPS_MAX; n++) {
		step(&s, &mischief, &in);
		FUZZ_CHECK(!s.m->violation);
		check_sharing(&s);
		for (unsigned int i = 0; i < PERIPHERALS; i++)
			check_promises(&s, i);
	}
	/* whatever happened: without faults everything can be put to rest */
	model_fail(s.m, 0);
	for (unsigned int i = 0; i < PERIPHERALS; i++) {
		bool hosts = model_desc.peripherals[i].loader == PIL_LOADER_HOST;

		FUZZ_CHECK(!pil_pas_shutdown(&s.pas, i) == hosts && !scenario_is_off(&s, i));
	}
	scenario_done(&s);
	return 0;
}

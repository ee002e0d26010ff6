/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHM bridges. Once they are on they stay on until the machine's reset, for every later attack: each of these leaves one over the
 * attacker's own buffers.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "attack.h"

#define HOME	  UINT64_C(0x60000000) /* buffers of the archive, and scratch memory */
#define HOME_SIZE UINT64_C(0x01200000)
#define LAND	  UINT64_C(0x64000000) /* for bridges of one page each, and for buffers in none */
#define PAGE	  SCRATCH
#define TABLE	  (SCRATCH + 0x1000)
#define OUT	  (SCRATCH + 0x2000)
#define SIZE	  UINT64_C(0x1000)
#define SLOTS	  64u
#define READ	  4u
#define BOTH	  6u
#define FILL	  UINT64_C(0x5a5a5a5a5a5a5a5a)
#define ROUNDS	  60u

static int64_t create_raw(uint64_t host, uint64_t secure, uint64_t size, uint64_t vm, uint64_t *handle)
{
	struct scm_call c = { 0 };
	int64_t status = 0;

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_CREATE), PIL_SCM_ARGS_VALUES(4u), host, secure, size);
	c.in.x[5] = vm;
	status = scm_complete(&c);
	*handle = c.out.x[2];
	return status;
}

static int64_t create(uint64_t base, uint64_t size, unsigned int access, uint64_t *handle)
{
	return create_raw(base | BOTH, base | access, size | PIL_SCM_BRIDGE_ONE_VM, PIL_SCM_BRIDGE_HOST_VM, handle);
}

/* issued once: EBUSY is an answer here */
static int64_t delete (uint64_t handle)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_DELETE), PIL_SCM_ARGS_VALUES(1u), handle, 0, 0);
	return scm_issue(&c);
}

static int64_t enable(void)
{
	struct scm_call c = { 0 };

	scm_prepare(&c, PIL_SCM_STD64(PIL_SCM_MP_SHM_BRIDGE_ENABLE), PIL_SCM_ARGS_VALUES(0u), 0, 0, 0);
	return scm_complete(&c);
}

/* bridges are on, and there is one, over the attacker's own buffers */
static bool home(uint64_t *handle)
{
	uint64_t unused = 0;

	return same("SHM_BRIDGE_ENABLE", enable(), 0) &&
	       same("a bridge over the buffers", create(HOME, HOME_SIZE, BOTH, handle ? handle : &unused), 0);
}

/* --- what may be a bridge --- */

static bool before_they_are_on(void)
{
	uint64_t handle = 0;
	bool good = true;

	/* a machine on which somebody has enabled them is not the one that this is about */
	if (!same("SHM_BRIDGE_CREATE", create(LAND, SIZE, BOTH, &handle), PIL_SCM_EINVAL))
		return false;
	good = same("its handle", (int64_t)handle, 0);
	for (handle = 0; handle < 3 * SLOTS; handle++)
		good = same("SHM_BRIDGE_DELETE", delete (handle), PIL_SCM_EINVAL) && good;
	good = same("metadata needs none", pas_init_image(archive_metadata(archive_find(SMALL), 0)), 0) && good;
	log_has("SHM_BRIDGE_CREATE refused: PAS_BRIDGE_OFF");
	return home(NULL) && good && flow();
}

static bool over_others_memory(void)
{
	static const uint64_t where[] = { VIRT_MONITOR_RAM,   VIRT_SERVICE_RAM,
					  VIRT_ADSP_COPY,     VIRT_FLASH,
					  VIRT_GICD,	      VIRT_UART_SECURE,
					  VIRT_RAM - SIZE,    UINT64_C(1) << 40,
					  UINT64_C(0) - SIZE, UINT64_C(0x8000000000000000) | LAND };
	uint64_t handle = 0, value = 0;
	bool good = home(NULL);

	for (unsigned int i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		good = same("SHM_BRIDGE_CREATE", create(where[i], SIZE, BOTH, &handle), PIL_SCM_EADDR) && good;
		good = same("its handle", (int64_t)handle, 0) && good;
		good = same("metadata there", pas_init_image(where[i]), PIL_SCM_EADDR) && good;
	}
	return same("the host reads the service", try_read(VIRT_SERVICE_RAM, &value), false) && good && flow();
}

static bool of_any_form(void)
{
	static const uint64_t sizes[] = { 0, 8, SIZE - 1, UINT64_C(1) << 62, UINT64_C(0) - SIZE, UINT64_C(0) - LAND };
	uint64_t handle = 0;
	bool good = home(NULL);

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		good = same("size", create(LAND, sizes[i], BOTH, &handle) != 0, true) && good;
	good = same("unaligned", create_raw(LAND + 8 + BOTH, LAND + 8 + BOTH, SIZE | 0x200, 3, &handle) != 0, true) &&
	       good;
	good = same("two places", create_raw(LAND | BOTH, (LAND + SIZE) | BOTH, SIZE | 0x200, 3, &handle) != 0, true) &&
	       good;
	good = same("to execute", create(LAND, SIZE, 7, &handle) != 0, true) && good;
	good = same("without access", create(LAND, SIZE, 0, &handle) != 0, true) && good;
	good = same("another machine", create_raw(LAND | BOTH, LAND | BOTH, SIZE | 0x200, 15, &handle) != 0, true) &&
	       good;
	good = same("many machines", create_raw(LAND | BOTH, LAND | BOTH, SIZE | 0xe00, 3, &handle) != 0, true) && good;
	good = same("over the home bridge", create(HOME + SIZE, SIZE, BOTH, &handle) != 0, true) && good;
	good = same("over the edge of a carve-out", create(VIRT_ADSP_MEM - SIZE, 2 * SIZE, BOTH, &handle) != 0, true) &&
	       good;
	return good && flow();
}

static bool over_a_carveout(void)
{
	uint64_t handle = 0;
	bool good = home(NULL);

	good = same("SHM_BRIDGE_CREATE", create(VIRT_ADSP_MEM, VIRT_ADSP_SIZE, BOTH, &handle), 0) && good;
	good = same("metadata there", pas_init_image(VIRT_ADSP_MEM), PIL_SCM_EADDR) && good;
	good = flow() && good;
	good = same("INIT_IMAGE and MEM_SETUP", place_image(SMALL), true) && good;
	good = same("AUTH_AND_RESET", pas_auth(), 0) && good;
	good = same("metadata there, while it runs", pas_init_image(VIRT_ADSP_MEM), PIL_SCM_EADDR) && good;
	return same("SHM_BRIDGE_DELETE", delete (handle), 0) && good;
}

/* --- what is in a bridge --- */

static int64_t get_table(uint64_t page, uint64_t in, uint64_t out)
{
	struct scm_call c = { 0 };

	table_page(page, out, SIZE);
	memset((void *)in, 0, 64);
	prepare_table(&c, page, in, 16);
	return scm_complete(&c);
}

static bool outside_of_all(void)
{
	bool good = home(NULL);

	memcpy((void *)LAND, (const void *)archive_metadata(archive_find(SMALL), 0), 0x4000);
	good = same("metadata", pas_init_image(LAND), PIL_SCM_EADDR) && good;
	good = same("argument page", get_table(LAND, TABLE, OUT), PIL_SCM_EADDR) && good;
	good = same("table", get_table(PAGE, LAND, OUT), PIL_SCM_EADDR) && good;
	*(volatile uint64_t *)LAND = FILL;
	good = same("answer", get_table(PAGE, TABLE, LAND), PIL_SCM_EADDR) && good;
	good = same("nothing was written", *(volatile uint64_t *)LAND == FILL, true) && good;
	log_counts("PAS_NO_BRIDGE", 4, 5);
	return same("all three in it", get_table(PAGE, TABLE, OUT), 0) && good;
}

static bool across_two(void)
{
	uint64_t first = 0, second = 0;
	bool good = home(NULL);

	good = same("a bridge", create(LAND, SIZE, BOTH, &first), 0) && good;
	good = same("its neighbour", create(LAND + SIZE, SIZE, BOTH, &second), 0) && good;
	good = same("answer across both", get_table(PAGE, TABLE, LAND + SIZE - 64), PIL_SCM_EADDR) && good;
	good = same("answer that ends outside", get_table(PAGE, TABLE, LAND + SIZE + 64), PIL_SCM_EADDR) && good;
	memcpy((void *)(LAND + SIZE - 128), (const void *)archive_metadata(archive_find(SMALL), 0), 0x2000);
	good = same("metadata across both", pas_init_image(LAND + SIZE - 128), PIL_SCM_EADDR) && good;
	return same("answer in one", get_table(PAGE, TABLE, LAND), 0) && good;
}

static bool read_only(void)
{
	uint64_t handle = 0;
	bool good = home(NULL);

	good = same("a bridge to read", create(LAND, SIZE, READ, &handle), 0) && good;
	*(volatile uint64_t *)LAND = FILL;
	good = same("answer", get_table(PAGE, TABLE, LAND), PIL_SCM_EADDR) && good;
	good = same("nothing was written", *(volatile uint64_t *)LAND == FILL, true) && good;
	return same("table", get_table(PAGE, LAND, OUT), 0) && good;
}

/* --- how many --- */

/** struct maker - a CPU that makes as many bridges as it gets */
struct maker {
	uint64_t land;
	uint64_t handle[SLOTS + 1];
	unsigned int count;
	int64_t last;
};

static void make(void *arg)
{
	struct maker *m = arg;

	for (m->count = 0; m->count <= SLOTS; m->count++) {
		m->last = create(m->land + m->count * SIZE, SIZE, BOTH, &m->handle[m->count]);
		if (m->last)
			return;
	}
}

static bool every_slot(void)
{
	static struct maker m;
	bool good = home(NULL);

	m = (struct maker){ .land = LAND };
	make(&m);
	good = same("bridges beside the first", m.count, SLOTS - 1) && good;
	good = same("the next one", m.last, PIL_SCM_ENOMEM) && good;
	good = same("its handle", (int64_t)m.handle[m.count], 0) && good;
	good = flow() && good;
	good = same("one goes", delete (m.handle[20]), 0) && good;
	good = same("one comes", create(LAND + 20 * SIZE, SIZE, BOTH, &m.handle[SLOTS]), 0) && good;
	good = same("its handle is another one", m.handle[SLOTS] != m.handle[20], true) && good;
	return same("the old one is worth nothing", delete (m.handle[20]), PIL_SCM_EINVAL) && good;
}

static bool handles_differ(const struct maker *makers)
{
	unsigned int twice = 0;

	for (unsigned int i = 0; i < 3 * SLOTS; i++)
		for (unsigned int j = 0; j < i; j++)
			twice += i % SLOTS < makers[i / SLOTS].count && j % SLOTS < makers[j / SLOTS].count &&
				 makers[i / SLOTS].handle[i % SLOTS] == makers[j / SLOTS].handle[j % SLOTS];
	return same("handles that were given twice", twice, 0);
}

static bool every_slot_from_all_cpus(void)
{
	static struct maker m[3];
	bool good = true;

	for (unsigned int round = 0; round < 3; round++) {
		good = home(NULL) && good;
		for (unsigned int i = 0; i < 3; i++)
			m[i] = (struct maker){ .land = LAND + i * UINT64_C(0x100000) };
		good = cpu_run(1, make, &m[1]) && cpu_run(2, make, &m[2]) && good;
		make(&m[0]);
		good = cpu_join(1) && cpu_join(2) && good;
		good = same("bridges of all", m[0].count + m[1].count + m[2].count, SLOTS - 1) && good;
		good = handles_differ(m) && good;
		for (unsigned int i = 0; i < 3; i++)
			for (unsigned int j = 0; j < m[i].count; j++)
				good = same("SHM_BRIDGE_DELETE", delete (m[i].handle[j]), 0) && good;
	}
	return good && flow();
}

static bool guessed_handles(void)
{
	uint64_t handle = 0, guess = 0;
	unsigned int found = 0;
	bool good = home(&handle);

	for (guess = 0; guess < 4096; guess++)
		found += guess != handle && delete (guess) == 0;
	for (unsigned int i = 0; i < 64; i++)
		found += delete (handle ^ UINT64_C(1) << i) == 0;
	found += delete (handle + 1) == 0 || delete (handle - 1) == 0 || delete (UINT64_MAX) == 0;
	good = same("handles that were guessed", found, 0) && good;
	good = flow() && good;
	good = same("the right one", delete (handle), 0) && good;
	good = same("the right one again", delete (handle), PIL_SCM_EINVAL) && good;
	return home(NULL) && good;
}

/* --- deleted meanwhile --- */

/** struct caller - a CPU that has the secure world look at memory, again and again */
struct caller {
	int64_t (*call)(void);
	volatile bool stop;
	volatile unsigned int done, refused, busy, wrong;
};

static void call(void *arg)
{
	struct caller *c = arg;

	while (!c->stop) {
		int64_t status = c->call();

		c->done += status == 0;
		c->refused += status == PIL_SCM_EADDR;
		c->busy += status == PIL_SCM_EBUSY;
		c->wrong += status && status != PIL_SCM_EADDR && status != PIL_SCM_EBUSY;
	}
}

static int64_t answers_there(void)
{
	struct scm_call c = { 0 };

	prepare_table(&c, PAGE, TABLE, 16);
	return scm_issue(&c);
}

static int64_t reads_there(void)
{
	struct scm_call c = { 0 };

	prepare_init_image(&c, LAND);
	scm_issue(&c);
	return scm_finish(&c);
}

/* after status 0 the secure world writes nothing there */
static bool stays_filled(void)
{
	for (uint64_t at = LAND; at < LAND + SIZE; at += 8)
		*(volatile uint64_t *)at = FILL;
	wait_us(300);
	for (uint64_t at = LAND; at < LAND + SIZE; at += 8)
		if (*(volatile uint64_t *)at != FILL)
			return same("a word that was written after the deletion", (int64_t)at, 0);
	return true;
}

/* how often that CPU comes to run is not this one's to say: it has to have been in time, and too late */
static bool goes_on(const struct caller *c, unsigned int round)
{
	return round < ROUNDS || ((!c->done || !c->refused) && round < 100 * ROUNDS);
}

static bool deleted_while(struct caller *c, uint64_t size)
{
	uint64_t handle = 0;
	unsigned int deleted = 0, busy = 0;
	bool good = home(NULL) && cpu_run(1, call, c);

	for (unsigned int i = 0; good && goes_on(c, i); i++) {
		int64_t status = 0;

		good = same("SHM_BRIDGE_CREATE", create(LAND, size, BOTH, &handle), 0);
		wait_us(100 * (i % 7));
		for (status = delete (handle); status == PIL_SCM_EBUSY; status = delete (handle))
			busy++;
		deleted++;
		good = same("SHM_BRIDGE_DELETE", status, 0) && good;
		good = stays_filled() && good;
	}
	c->stop = true;
	fw_dsb();
	good = cpu_join(1) && good;
	print("# deleted ");
	print_dec(deleted);
	print(" times, busy ");
	print_dec(busy);
	print(" times; calls done ");
	print_dec(c->done);
	print(", refused ");
	print_dec(c->refused);
	print(", busy ");
	print_dec(c->busy);
	print("\n");
	return same("statuses that may not be", c->wrong, 0) && same("calls were done", c->done > 0, true) &&
	       same("calls were refused", c->refused > 0, true) && good;
}

static bool deleted_under_an_answer(void)
{
	struct caller c = { .call = answers_there };

	table_page(PAGE, LAND, SIZE);
	memset((void *)TABLE, 0, SIZE);
	return deleted_while(&c, SIZE) && flow();
}

/* what it reads there is no image: the status of whatever came of the words that it found */
static int64_t reads_anything(void)
{
	int64_t status = reads_there();

	return status == PIL_SCM_EINVAL || status == PIL_SCM_ENOTSUPP ? 0 : status;
}

static bool deleted_under_metadata(void)
{
	struct caller c = { .call = reads_anything };

	return deleted_while(&c, 0x20 * SIZE) && flow();
}

/* an INIT_IMAGE that is interrupted while it reads holds its bridge until it ends, or is ended */
static bool deleted_under_a_suspended_call(void)
{
	unsigned int held = 0, suspended = 0;
	uint64_t handle = 0;
	bool good = true;

	for (unsigned int i = 0; good && i < 150; i++) {
		struct scm_call c = { 0 };
		int64_t status = 0;

		good = home(NULL) && same("a bridge", create(LAND, 0x20 * SIZE, BOTH, &handle), 0);
		memcpy((void *)LAND, (const void *)archive_metadata(archive_find(LARGE), 0), 0x8000);
		prepare_init_image(&c, LAND);
		timer_start(i * 4);
		suspended += scm_issue(&c) == PIL_SCM_INTERRUPTED;
		timer_take();
		status = delete (handle);
		held += status == PIL_SCM_EBUSY;
		good = same("a status that may be", status == 0 || status == PIL_SCM_EBUSY, true) && good;
		good = same("SHUTDOWN ends it", pas_shutdown(), 0) && good;
		good = same("then it goes", status == 0 || delete (handle) == 0, true) && good;
	}
	print("# suspended ");
	print_dec(suspended);
	print(" times, the bridge was in use ");
	print_dec(held);
	print(" times\n");
	return home(NULL) && good && flow();
}

static void enables(void *arg)
{
	unsigned int *wrong = arg;
	uint64_t handle = 0;

	for (unsigned int i = 0; i < 40; i++) {
		*wrong += enable() != 0;
		wait_us(50 * (i % 5));
		*wrong += create(HOME, HOME_SIZE, BOTH, &handle) != 0;
		wait_us(3000);
	}
}

/* as if another host had started: all bridges are gone at once, also under calls */
static bool enabled_again_meanwhile(void)
{
	unsigned int wrong = 0;
	bool good = home(NULL) && cpu_run(1, enables, &wrong);

	for (unsigned int i = 0; i < 200; i++) {
		int64_t status = get_table(PAGE, TABLE, OUT);

		good = same("a status that may be", status == 0 || status == PIL_SCM_EADDR, true) && good;
		status = pas_init_image(archive_metadata(archive_find(SMALL), 0));
		good = same("a status that may be", status == 0 || status == PIL_SCM_EADDR, true) && good;
	}
	good = cpu_join(1) && good;
	return same("calls that went wrong", wrong, 0) && home(NULL) && good && flow();
}

#define NO_WAY "it is refused, and the secure world neither reads nor writes there"

const struct attack bridge_attacks[] = {
	{ "bridges_before_they_are_enabled", "they are refused, no handle means anything, and buffers need none",
	  before_they_are_on, HOST_CALLS },
	{ "bridges_over_memory_that_is_not_the_hosts", NO_WAY, over_others_memory, HOST_CALLS },
	{ "bridges_of_every_form", "only whole pages of the host's, once, for it and the secure world, are a bridge",
	  of_any_form, HOST_CALLS },
	{ "bridge_over_a_carveout", "it opens nothing: carve-outs are no buffers", over_a_carveout, HOST_CALLS },
	{ "buffers_outside_of_all_bridges", NO_WAY, outside_of_all, HOST_CALLS },
	{ "buffers_across_two_bridges", NO_WAY, across_two, HOST_CALLS },
	{ "answer_in_a_bridge_to_read", "nothing is written there", read_only, HOST_CALLS },
	{ "every_slot_taken", "the next one hears that there is no room; slots come back, handles do not", every_slot,
	  HOST_CALLS },
	{ "every_slot_taken_from_all_cpus", "as many as there are slots, no handle twice", every_slot_from_all_cpus,
	  HOST_CALLS },
	{ "handles_guessed", "none but the right one deletes a bridge, and that once", guessed_handles, HOST_CALLS },
	{ "bridge_deleted_under_an_answer", "it is busy, or nothing is written there any more", deleted_under_an_answer,
	  HOST_CALLS },
	{ "bridge_deleted_under_metadata", "it is busy, or the call is refused", deleted_under_metadata, HOST_CALLS },
	{ "bridge_deleted_under_a_suspended_call", "it is busy until the call ends or is ended",
	  deleted_under_a_suspended_call, HOST_CALLS },
	{ "bridges_enabled_again_under_calls", "each call is done or refused, and the secure world goes on",
	  enabled_again_meanwhile, HOST_CALLS },
	{ NULL, NULL, NULL, 0 },
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults in the processor while the secure world decides. For each forged image: from the return of the cryptographic verification
 * that finds the forgery up to where the refusal is complete or the core is released, every instruction is skipped in turn, and bits of
 * registers are flipped at places taken by chance. The code is AArch64 code of the service, run by Unicorn. Not one forged image may be
 * accepted. Prints TAP. argv: inject.bin of the firmware's build.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#include <pilot/wire/fuses.h>

#include "archive.h"
#include "layout.h"
#include "malformed.h"

#define FLIPS	    500u
#define AFTER_MAX   50000000u /* instructions of a run after a fault: it may never end */
#define WINDOW_MAX  200000u
#define INPUTS	    0x41000000u
#define INPUTS_SIZE 0x00100000u

/** struct forgery - an image that must be refused, and which verification finds out: the last call of @anchor */
struct forgery {
	const char *name;
	enum { ANCHOR_VERIFY, ANCHOR_HASH } anchor;
	bool segment; /* the metadata is genuine, a bit of a segment is not */
};

static const struct forgery forgeries[] = {
	{ "segment", ANCHOR_HASH, true },
	{ "signature_changed", ANCHOR_VERIFY, false },
	{ "signature_of_other", ANCHOR_VERIFY, false },
	{ "leaf_signed_by_other", ANCHOR_VERIFY, false },
	{ "authority_signed_by_other", ANCHOR_VERIFY, false },
	{ "foreign_root", ANCHOR_HASH, false },
	{ "bound_to_other_soc", ANCHOR_VERIFY, false },
	{ "other_software", ANCHOR_VERIFY, false },
	{ "headers_digest", ANCHOR_HASH, false },
};

/**
 * struct machine - the machine, and what its hooks do
 * @called:   the anchor was; @passing: it is let pass the next time
 * @released: core_start was called
 * @counted:  instructions since counting began
 * @fault_at: the instruction before which a fault comes; @fault_pc: result: its address
 * @seed:     of a flipped bit; NULL: the instruction is skipped
 */
struct machine {
	uc_engine *uc;
	struct inject_header header;
	bool called, passing;
	bool released;
	uint64_t counted;
	uint64_t fault_at, fault_pc;
	uint64_t *seed;
};

/** struct snapshot - of all that a fault may change */
struct snapshot {
	uc_context *registers;
	uint64_t pc;
	uint8_t data[INJECT_DATA_SIZE];
	uint8_t carveout[INJECT_CARVEOUT_SIZE];
};

static unsigned int test_count, failures;

static _Noreturn __attribute__((format(printf, 1, 2))) void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("Bail out! ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	exit(1);
}

static void must(uc_err err, const char *what)
{
	if (err)
		die("%s: %s", what, uc_strerror(err));
}

/* --- the machine --- */

static void on_start(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;

	(void)uc;
	(void)address;
	(void)size;
	m->released = true;
}

/* stops before the first instruction; the next time it is let pass */
static void on_anchor(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;

	(void)address;
	(void)size;
	m->passing = !m->passing;
	if (!m->passing)
		return;
	m->called = true;
	uc_emu_stop(uc);
}

static void on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;

	(void)size;
	if (address == m->header.clean || address == m->header.start || ++m->counted > WINDOW_MAX)
		uc_emu_stop(uc);
}

/* xorshift64*: the same in every run */
static uint64_t chance(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717) >> 16;
}

static void flip(uc_engine *uc, uint64_t *seed)
{
	int reg = UC_ARM64_REG_X0 + (int)(chance(seed) % 29);
	uint64_t value = 0;

	must(uc_reg_read(uc, reg, &value), "register");
	value ^= UINT64_C(1) << chance(seed) % 64;
	must(uc_reg_write(uc, reg, &value), "register");
}

static void on_fault(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;
	uint64_t next = address + size;

	if (m->counted++ > AFTER_MAX)
		uc_emu_stop(uc);
	if (m->counted != m->fault_at + 1)
		return;
	m->fault_pc = address;
	if (m->seed)
		flip(uc, m->seed);
	else
		must(uc_reg_write(uc, UC_ARM64_REG_PC, &next), "program counter");
}

/* code that was translated before knows nothing of a hook */
static void hook(struct machine *m, void *function, uint64_t from, uint64_t to, uc_hook *handle)
{
	must(uc_hook_add(m->uc, handle, UC_HOOK_CODE, function, m, from, to), "hook");
	must(uc_ctl_remove_cache(m->uc, INJECT_CODE, INJECT_CODE + INJECT_CODE_SIZE), "hook");
}

static void unhook(struct machine *m, uc_hook handle)
{
	must(uc_hook_del(m->uc, handle), "hook");
	must(uc_ctl_remove_cache(m->uc, INJECT_CODE, INJECT_CODE + INJECT_CODE_SIZE), "hook");
}

static void load(struct machine *m, const char *path)
{
	static uint8_t image[INJECT_CODE_SIZE + INJECT_DATA_SIZE];
	FILE *f = fopen(path, "rb");
	size_t size = f ? fread(image, 1, sizeof(image), f) : 0;

	if (size < sizeof(m->header) || !feof(f))
		die("%s: cannot be read, or is too long", path);
	fclose(f);
	memcpy(&m->header, image, sizeof(m->header));
	if (m->header.magic != INJECT_MAGIC)
		die("%s: no header of inject.bin", path);
	must(uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &m->uc), "Unicorn");
	must(uc_mem_map(m->uc, INJECT_CODE, INJECT_CODE_SIZE, UC_PROT_READ | UC_PROT_EXEC), "code");
	must(uc_mem_map(m->uc, INJECT_DATA, INJECT_DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE), "data");
	must(uc_mem_map(m->uc, INPUTS, INPUTS_SIZE, UC_PROT_READ | UC_PROT_WRITE), "inputs");
	must(uc_mem_map(m->uc, INJECT_CARVEOUT, INJECT_CARVEOUT_SIZE, UC_PROT_READ | UC_PROT_WRITE), "carve-out");
	must(uc_mem_write(m->uc, INJECT_CODE, image, size), "image");
}

static uint64_t program_counter(struct machine *m)
{
	uint64_t pc = 0;

	must(uc_reg_read(m->uc, UC_ARM64_REG_PC, &pc), "program counter");
	return pc;
}

static void put_inputs(struct machine *m, const struct forgery *forgery, bool genuine)
{
	static uint8_t metadata[SIGNEDGEN_MAX];
	const struct malformed *bad = NULL;
	struct pil_fuses fuses = { 0 };
	struct signedgen s = { 0 };
	size_t size = 0, i = 0;

	signedgen_init(&s, false);
	(void)archive_image_called("inject", &s);
	while ((bad = malformed_get(i)) && strcmp(bad->name, forgery->name))
		i++;
	size = genuine || forgery->segment ? signedgen_metadata(&s, metadata, sizeof(metadata))
	       : bad			   ? malformed_make(bad, metadata, sizeof(metadata))
					   : 0;
	if (!size)
		die("%s: no such image", forgery->name);
	if (forgery->segment && !genuine)
		archive_memory[0x1010] ^= 1;
	archive_fuses(&fuses);
	must(uc_mem_write(m->uc, INJECT_FUSES, &fuses, sizeof(fuses)), "fuses");
	must(uc_mem_write(m->uc, INJECT_METADATA, metadata, size), "metadata");
	must(uc_mem_write(m->uc, INJECT_CARVEOUT, archive_memory, INJECT_CARVEOUT_SIZE), "segments");
}

/* Return: status of AUTH_AND_RESET, after a whole run */
static int32_t run_whole(struct machine *m)
{
	uint64_t x0 = 0;

	m->released = false;
	must(uc_emu_start(m->uc, m->header.entry, m->header.done, 0, 0), "a run without faults");
	if (program_counter(m) != m->header.done)
		die("the run does not end");
	must(uc_reg_read(m->uc, UC_ARM64_REG_X0, &x0), "x0");
	return (int32_t)x0;
}

static void clear(struct machine *m)
{
	static uint8_t initial[INJECT_DATA_SIZE];
	static bool known;

	if (!known)
		must(uc_mem_read(m->uc, INJECT_DATA, initial, sizeof(initial)), "data");
	known = true;
	must(uc_mem_write(m->uc, INJECT_DATA, initial, sizeof(initial)), "data");
}

static void save(struct machine *m, struct snapshot *s)
{
	if (!s->registers)
		must(uc_context_alloc(m->uc, &s->registers), "registers");
	must(uc_context_save(m->uc, s->registers), "registers");
	s->pc = program_counter(m);
	must(uc_mem_read(m->uc, INJECT_DATA, s->data, sizeof(s->data)), "data");
	must(uc_mem_read(m->uc, INJECT_CARVEOUT, s->carveout, sizeof(s->carveout)), "carve-out");
}

static void restore(struct machine *m, const struct snapshot *s)
{
	must(uc_mem_write(m->uc, INJECT_DATA, s->data, sizeof(s->data)), "data");
	must(uc_mem_write(m->uc, INJECT_CARVEOUT, s->carveout, sizeof(s->carveout)), "carve-out");
	must(uc_context_restore(m->uc, s->registers), "registers");
	m->released = false;
}

/** struct tally - what came of the faults of one forgery */
struct tally {
	unsigned int skips, flips, accepted, crashed;
};

/* the window with a fault before instruction @n of it, and what comes then. A seed of NULL: skip */
static void inject(struct machine *m, const struct snapshot *s, uint64_t n, uint64_t *seed, struct tally *t)
{
	restore(m, s);
	m->counted = 0;
	m->fault_at = n;
	m->fault_pc = 0;
	m->seed = seed;
	t->crashed += uc_emu_start(m->uc, s->pc, m->header.done, 0, 0) != UC_ERR_OK;
	if (!m->fault_pc)
		die("the window cannot be repeated: instruction %lu is missing", (unsigned long)n);
	if (!m->released)
		return;
	t->accepted++;
	printf("# accepted: %s at %#lx, instruction %lu of the window\n", seed ? "flip" : "skip",
	       (unsigned long)m->fault_pc, (unsigned long)n);
}

static uint64_t window_size(struct machine *m, const struct snapshot *s)
{
	uc_hook handle = 0;

	restore(m, s);
	m->counted = 0;
	hook(m, on_instruction, INJECT_CODE, INJECT_CODE + INJECT_CODE_SIZE - 1, &handle);
	must(uc_emu_start(m->uc, s->pc, m->header.done, 0, 0), "the window");
	unhook(m, handle);
	if (m->counted > WINDOW_MAX)
		die("the window has more than %u instructions", WINDOW_MAX);
	return m->counted;
}

/* up to the return of the last call of the anchor before the refusal */
static void reach_window(struct machine *m, const struct forgery *forgery, struct snapshot *s)
{
	uc_hook handle = 0;
	uint64_t address = forgery->anchor == ANCHOR_VERIFY ? m->header.verify : m->header.hash;
	uint64_t at = m->header.entry, return_address = 0, x0 = 0;

	clear(m);
	put_inputs(m, forgery, false);
	m->released = false;
	hook(m, on_anchor, address, address, &handle);
	for (;;) {
		m->called = false;
		must(uc_emu_start(m->uc, at, m->header.done, 0, 0), "a run without faults");
		if (!m->called)
			break;
		must(uc_reg_read(m->uc, UC_ARM64_REG_LR, &return_address), "link register");
		save(m, s);
		at = address;
	}
	must(uc_reg_read(m->uc, UC_ARM64_REG_X0, &x0), "x0");
	if (program_counter(m) != m->header.done || (int32_t)x0 >= 0 || m->released || !return_address)
		die("%s: not refused without any fault", forgery->name);
	unhook(m, handle);
	restore(m, s);
	must(uc_emu_start(m->uc, address, return_address, 0, 0), "the verification");
	save(m, s);
}

static void report(bool good, const char *what, const struct tally *t, uint64_t size)
{
	printf("%s %u - faults_after_verification: %s\n", good ? "ok" : "not ok", ++test_count, what);
	printf("# %lu instructions: %u skipped, %u bits flipped: %u forged images accepted, %u crashes\n",
	       (unsigned long)size, t->skips, t->flips, t->accepted, t->crashed);
	fflush(stdout);
	failures += !good;
}

static void attack(struct machine *m, const struct forgery *forgery)
{
	static struct snapshot s;
	struct tally t = { 0 };
	uint64_t size = 0, i = 0, seed = 1;
	uc_hook handle = 0;

	reach_window(m, forgery, &s);
	size = window_size(m, &s);
	if (!size)
		die("%s: nothing comes after the verification", forgery->name);
	hook(m, on_fault, INJECT_CODE, INJECT_CODE + INJECT_CODE_SIZE - 1, &handle);
	for (i = 0; i < size; i++, t.skips++)
		inject(m, &s, i, NULL, &t);
	for (i = 0; i < FLIPS; i++, t.flips++)
		inject(m, &s, chance(&seed) % size, &seed, &t);
	unhook(m, handle);
	report(!t.accepted && size > 10, forgery->name, &t, size);
}

int main(int argc, char **argv)
{
	static struct machine m;
	const struct tally none = { 0 };
	uc_hook handle = 0;
	size_t i = 0;

	if (argc != 2)
		die("usage: inject inject.bin");
	load(&m, argv[1]);
	hook(&m, on_start, m.header.start, m.header.start, &handle);
	clear(&m);
	put_inputs(&m, &forgeries[0], true);
	report(run_whole(&m) == 0 && m.released, "a genuine image starts without a fault", &none, 0);
	for (i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++)
		attack(&m, &forgeries[i]);
	printf("1..%u\n", test_count);
	return failures ? 1 : 0;
}

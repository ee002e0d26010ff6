/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/rsc_table.h>

#include "imagegen.h"
#include "teescenario.h"

#define NAMES	"\0.shstrtab\0.resource_table"
#define EHDR	52u
#define PHDR	32u
#define SHDR	40u
#define PHDRS	3u
#define CODE_AT 0x100u
#define DATA_AT (CODE_AT + TEESCENARIO_CODE)
#define LAST_AT (DATA_AT + TEESCENARIO_DATA)

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "teescenario: %s\n", what);
	abort();
}

/* a table with one memory entry, as small as Linux takes it */
static struct pil_bytes good_table(void)
{
	static const struct pil_rsc_entry entry = {
		.name = "trace",
		.da = MODEL_PTA_DA_IPC + 0x8000,
		.pa = MODEL_PTA_IPC + 0x8000,
		.len = 0x1000,
		.flags = PIL_RSC_READ | PIL_RSC_WRITE,
	};
	static const struct pil_rsc_contents contents = { .entries = &entry, .count = 1 };
	static uint8_t bytes[256];
	static size_t size;

	if (!size)
		must(!pil_rsc_build(&contents, bytes, sizeof(bytes), &size, NULL), "no resource table");
	return (struct pil_bytes){ bytes, size };
}

struct teescenario_program teescenario_program(bool table)
{
	return (struct teescenario_program){
		.base = (uint32_t)MODEL_PTA_DA,
		.entry = (uint32_t)TEESCENARIO_ENTRY,
		.table_da = table ? (uint32_t)MODEL_PTA_DA_IPC : 0,
		.table = good_table(),
	};
}

static void put_phdr(uint8_t *at, uint32_t offset, uint32_t address, uint32_t filesz, uint32_t memsz)
{
	const uint32_t words[] = { 1, offset, address, address, filesz, memsz, 7, 4 };

	for (unsigned int i = 0; i < PHDR / 4; i++)
		imagegen_put(at + 4 * i, 4, words[i]);
}

static void put_shdr(uint8_t *at, uint32_t name, uint32_t type, uint32_t address, uint32_t offset, uint32_t size)
{
	const uint32_t words[SHDR / 4] = { name, type, 2, address, offset, size };

	for (unsigned int i = 0; i < SHDR / 4; i++)
		imagegen_put(at + 4 * i, 4, words[i]);
}

static void put_sections(uint8_t *buf, const struct teescenario_program *p, uint32_t at)
{
	memcpy(buf + at, NAMES, sizeof(NAMES));
	imagegen_put(buf + 32, 4, at + 0x40);
	imagegen_put(buf + 46, 2, SHDR);
	imagegen_put(buf + 48, 2, p->table_da ? 3 : 2);
	imagegen_put(buf + 50, 2, 1);
	put_shdr(buf + at + 0x40 + SHDR, 1, 3, 0, at, sizeof(NAMES));
	if (p->table_da)
		put_shdr(buf + at + 0x40 + 2 * SHDR, 11, 1, p->table_da, LAST_AT, (uint32_t)p->table.size);
}

size_t teescenario_elf(const struct teescenario_program *p, uint8_t *buf)
{
	uint32_t names = (LAST_AT + (uint32_t)p->table.size + 15) / 16 * 16;

	must(names + 0x40 + 3 * SHDR + 8 <= TEESCENARIO_PROGRAM, "a large table");
	memset(buf, 0, TEESCENARIO_PROGRAM);
	memcpy(buf,
	       "\x7f"
	       "ELF\1\1\1",
	       7);
	imagegen_put(buf + 16, 2, 2);
	imagegen_put(buf + 18, 2, 40);
	imagegen_put(buf + 20, 4, 1);
	imagegen_put(buf + 24, 4, p->entry);
	imagegen_put(buf + 28, 4, EHDR);
	imagegen_put(buf + 40, 2, EHDR);
	imagegen_put(buf + 42, 2, PHDR);
	imagegen_put(buf + 44, 2, p->table_da ? PHDRS : PHDRS - 1);
	put_phdr(buf + EHDR, CODE_AT, p->base, TEESCENARIO_CODE, 0x200);
	put_phdr(buf + EHDR + PHDR, DATA_AT, p->base + 0x1000, TEESCENARIO_DATA, TEESCENARIO_DATA);
	if (p->table_da)
		put_phdr(buf + EHDR + 2 * PHDR, LAST_AT, p->table_da, (uint32_t)p->table.size, (uint32_t)p->table.size);
	for (size_t i = CODE_AT; i < LAST_AT; i++)
		buf[i] = (uint8_t)(i * 13 + 5);
	memcpy(buf + LAST_AT, p->table.data, p->table.size);
	put_sections(buf, p, names);
	return (names + 0x40 + 3 * SHDR + 7) / 8 * 8;
}

void teescenario_sign(struct teescenario_container *c, struct containergen *g, const struct teescenario_program *p)
{
	static uint8_t elf[TEESCENARIO_PROGRAM];
	struct pil_bytes image = { .data = elf, .size = teescenario_elf(p, elf) };

	g->elf = &image;
	g->images = 1;
	c->size = containergen_make(g, c->bytes, sizeof(c->bytes));
	g->elf = NULL;
	must(c->size, "no container");
}

const struct teescenario_container *teescenario_good(uint32_t processor, uint32_t version)
{
	static struct teescenario_container made[MODEL_PTA_PROCESSORS][8];
	struct teescenario_container *c = &made[processor][version];
	struct teescenario_program p = teescenario_program(processor == MODEL_PTA_M33);
	struct containergen g = { 0 };

	if (c->size)
		return c;
	containergen_init(&g);
	g.processor = processor;
	g.version = version;
	teescenario_sign(c, &g, &p);
	return c;
}

static void *stage(void *ctx, size_t size)
{
	struct teescenario *s = ctx;

	s->staged += !s->no_memory;
	return s->no_memory ? NULL : malloc(size); /* exactly as much, so that a read past its end is seen */
}

static void unstage(void *ctx, void *memory, size_t size)
{
	struct teescenario *s = ctx;

	s->staged--;
	memset(memory, 0xee, size);
	free(memory);
}

void teescenario_new(struct teescenario *s, bool loose)
{
	uint8_t der[1024] = { 0 }, hash[PIL_KEY_HASH_SIZE] = { 0 };
	struct pil_device device = { 0 };
	size_t size = containergen_key(CERTGEN_P256, der, sizeof(der));

	*s = (struct teescenario){ .staged = 0 };
	signedgen_device(&device);
	s->m = model_pta_new(&device);
	must(s->m != NULL && !pil_hash_once(&pil_crypto_openssl, PIL_SHA384, der, size, hash, NULL), "no memory");
	model_pta_key(s->m, hash, loose);
}

static void start(struct teescenario *s, struct teescenario_ta *ta, const char *name)
{
	struct pil_why why = { 0 };
	int err = 0;

	*ta = (struct teescenario_ta){ .session = { .m = s->m, .name = name } };
	ta->board.invoke = model_pta_invoke;
	ta->board.ctx = &ta->session;
	err = pil_tee_board_init(&ta->board, &model_pta_desc, ta->piece, sizeof(ta->piece), &why);
	if (!err)
		err = pil_pas_init(&ta->pas, &ta->board.board, &pil_crypto_openssl, &why);
	must(!err, pil_reason_name(why.reason));
}

void teescenario_start_rproc(struct teescenario *s)
{
	for (unsigned int i = 0; i < MODEL_PTA_PROCESSORS; i++)
		if (s->m->processor[i].claim == &s->rproc.session)
			s->m->processor[i].claim = NULL; /* an instance that ends closes its session with the PTA */
	start(s, &s->rproc, "remoteproc");
	s->door = (struct pil_tee_rproc){ .pas = &s->rproc.pas, .stage = stage, .unstage = unstage, .ctx = s };
}

void teescenario_start(struct teescenario *s)
{
	teescenario_start_rproc(s);
	start(s, &s->pas, "pas");
	s->pas_door = (struct pil_tee_pas){ .pas = &s->pas.pas, .board = &s->pas.board };
}

void teescenario_init(struct teescenario *s)
{
	teescenario_new(s, false);
	teescenario_start(s);
}

void teescenario_done(struct teescenario *s)
{
	must(!s->staged, "memory for a container was not given back");
	model_pta_free(s->m);
	s->m = NULL;
}

void teescenario_open(struct teescenario *s, struct pil_tee_session *session, uint32_t processor)
{
	struct pil_tee_call call = { .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0), .p[0].a = processor };

	must(pil_tee_rproc_open(&s->door, PIL_TEE_LOGIN_KERNEL, &call, session) == PIL_TEE_SUCCESS, "no session");
}

uint32_t teescenario_call(struct teescenario *s, const struct pil_tee_session *session, uint32_t command, uint32_t id)
{
	struct pil_tee_call call = { .command = command, .types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, 0, 0, 0) };

	call.p[0].a = id;
	return pil_tee_rproc_invoke(&s->door, session, &call);
}

uint32_t teescenario_load(struct teescenario *s, const struct pil_tee_session *session,
			  const struct teescenario_container *c)
{
	uint8_t *copy = malloc(c->size);
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_LOAD,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_MEMREF_INPUT, 0, 0),
		.p[0].a = session->processor,
		.p[1] = { .buffer = copy, .size = c->size },
	};
	uint32_t result = PIL_TEE_GENERIC;

	must(copy != NULL, "no memory");
	memcpy(copy, c->bytes, c->size);
	result = pil_tee_rproc_invoke(&s->door, session, &call);
	free(copy);
	return result;
}

uint32_t teescenario_state(struct teescenario *s, const struct pil_tee_session *session)
{
	struct pil_tee_call call = {
		.command = PIL_TEE_RPROC_STATE,
		.types = PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_VALUE_OUTPUT, 0, 0),
		.p[0].a = session->processor,
	};

	must(pil_tee_rproc_invoke(&s->door, session, &call) == PIL_TEE_SUCCESS, "STATE is refused");
	return call.p[1].a;
}

bool teescenario_runs(const struct teescenario *s, unsigned int processor)
{
	static uint8_t elf[TEESCENARIO_PROGRAM], expected[MODEL_PTA_SIZE(0)];
	struct teescenario_program p = teescenario_program(processor == MODEL_PTA_M33);

	(void)teescenario_elf(&p, elf);
	memset(expected, 0, sizeof(expected));
	memcpy(expected, elf + CODE_AT, TEESCENARIO_CODE);
	memcpy(expected + 0x1000, elf + DATA_AT, TEESCENARIO_DATA);
	if (memcmp(expected, s->m->processor[processor].own, MODEL_PTA_SIZE(processor)) != 0)
		return false;
	return !p.table_da || !memcmp(s->m->ipc, p.table.data, p.table.size);
}

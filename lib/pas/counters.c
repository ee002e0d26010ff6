/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rollback counters in two flash sectors (docs/SPEC.md section 5.3).
 *
 * One sector is in use; records are appended to it. When it is full the highest record of each id goes to the other sector,
 * which is erased first and gets its header last: until that header is whole, the old sector is the one that counts, and
 * it is not touched before the next switch. So at every moment one sector holds everything that was acknowledged.
 */
#include <string.h>

#include <pilot/counters.h>
#include <pilot/cursor.h>
#include <pilot/wire/counters.h>

#define WORDS  4u
#define ERASED UINT32_MAX

/* what lies in one place of a sector */
struct place {
	uint32_t word[WORDS];
	bool blank;
	bool whole; /* not blank, and its CRC is right */
};

static uint32_t crc32(const uint8_t *data, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1u ? PIL_COUNTERS_CRC : 0u);
	}
	return ~crc;
}

static int flash_failed(struct pil_counters *c, unsigned int sector, uint32_t offset, struct pil_why *why)
{
	/* what is in flash now is not known: look again before anything else */
	c->open = false;
	return pil_fail(why, PIL_R_COUNTERS_FLASH, sector, offset);
}

static int read_place(struct pil_counters *c, unsigned int sector, uint32_t offset, struct place *p, struct pil_why *why)
{
	uint8_t bytes[PIL_COUNTERS_RECORD] = { 0 };
	struct pil_cursor cursor = { 0 };

	if (c->store->read(c->store->ctx, sector, offset, bytes, sizeof(bytes)))
		return flash_failed(c, sector, offset, why);
	pil_cursor_init(&cursor, bytes, sizeof(bytes));
	p->blank = true;
	for (unsigned int i = 0; i < WORDS; i++) {
		p->word[i] = pil_cursor_u32(&cursor);
		p->blank = p->blank && p->word[i] == ERASED;
	}
	p->whole = !p->blank && crc32(bytes, sizeof(bytes) - sizeof(uint32_t)) == p->word[WORDS - 1];
	return 0;
}

static void put_word(uint8_t *to, uint32_t value)
{
	for (unsigned int i = 0; i < sizeof(value); i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

/* program three words and their CRC, and see that they are there */
static int write_place(struct pil_counters *c, unsigned int sector, uint32_t offset, const uint32_t word[WORDS - 1],
		       struct pil_why *why)
{
	uint8_t bytes[PIL_COUNTERS_RECORD] = { 0 };
	uint8_t back[PIL_COUNTERS_RECORD] = { 0 };
	const struct pil_counter_store *s = c->store;

	for (unsigned int i = 0; i < WORDS - 1; i++)
		put_word(bytes + sizeof(uint32_t) * i, word[i]);
	put_word(bytes + sizeof(uint32_t) * (WORDS - 1), crc32(bytes, sizeof(bytes) - sizeof(uint32_t)));
	if (s->program(s->ctx, sector, offset, bytes, sizeof(bytes)) ||
	    s->read(s->ctx, sector, offset, back, sizeof(back)) || memcmp(bytes, back, sizeof(bytes)))
		return flash_failed(c, sector, offset, why);
	return 0;
}

static int write_record(struct pil_counters *c, unsigned int sector, uint32_t generation, uint32_t offset,
			const struct pil_counter *entry, struct pil_why *why)
{
	const uint32_t word[] = { entry->sw_id, entry->version, generation };

	return write_place(c, sector, offset, word, why);
}

static int write_header(struct pil_counters *c, unsigned int sector, uint32_t generation, struct pil_why *why)
{
	const uint32_t word[] = { PIL_COUNTERS_MAGIC, PIL_COUNTERS_VERSION, generation };

	return write_place(c, sector, 0, word, why);
}

static struct pil_counter *find(struct pil_counters *c, uint32_t sw_id)
{
	for (unsigned int i = 0; i < c->count; i++)
		if (c->entry[i].sw_id == sw_id)
			return &c->entry[i];
	return NULL;
}

/* in memory only; a counter never falls */
static int raise_entry(struct pil_counters *c, uint32_t sw_id, uint32_t version, struct pil_why *why)
{
	struct pil_counter *entry = find(c, sw_id);

	if (!entry && c->count == PIL_COUNTERS_MAX)
		return pil_fail(why, PIL_R_COUNTERS_FULL, sw_id, PIL_COUNTERS_MAX);
	if (!entry) {
		entry = &c->entry[c->count++];
		*entry = (struct pil_counter){ .sw_id = sw_id };
	}
	if (entry->version < version)
		entry->version = version;
	return 0;
}

/* @generation: 0 when the sector has no valid header */
static int read_header(struct pil_counters *c, unsigned int sector, uint32_t *generation, struct pil_why *why)
{
	struct place p = { .blank = false };
	int err = read_place(c, sector, 0, &p, why);

	*generation = 0;
	if (!err && p.whole && p.word[0] == PIL_COUNTERS_MAGIC && p.word[1] == PIL_COUNTERS_VERSION)
		*generation = p.word[2];
	return err;
}

/* all records; what is not whole was being written when the power went, and was never acknowledged */
static int read_records(struct pil_counters *c, struct pil_why *why)
{
	c->count = 0;
	c->next = PIL_COUNTERS_RECORD;
	for (uint32_t at = PIL_COUNTERS_RECORD; at < c->store->sector_size; at += PIL_COUNTERS_RECORD) {
		struct place p = { .blank = false };
		int err = read_place(c, c->sector, at, &p, why);

		if (!err && p.whole && p.word[2] == c->generation)
			err = raise_entry(c, p.word[0], p.word[1], why);
		if (err)
			return err;
		if (!p.blank)
			c->next = at + PIL_COUNTERS_RECORD;
	}
	return 0;
}

/* has anything been written behind the places for headers? */
static int check_new(struct pil_counters *c, struct pil_why *why)
{
	for (unsigned int sector = 0; sector < 2; sector++) {
		for (uint32_t at = PIL_COUNTERS_RECORD; at < c->store->sector_size; at += PIL_COUNTERS_RECORD) {
			struct place p = { .blank = false };
			int err = read_place(c, sector, at, &p, why);

			if (err)
				return err;
			if (!p.blank)
				return pil_fail(why, PIL_R_COUNTERS_LOST, sector, at);
		}
	}
	return 0;
}

/* as if the second sector were full: the first advance begins the first sector. Reading counters writes nothing */
static int new_log(struct pil_counters *c, struct pil_why *why)
{
	c->sector = 1;
	c->generation = 0;
	c->next = c->store->sector_size;
	return check_new(c, why);
}

static int choose_sector(struct pil_counters *c, struct pil_why *why)
{
	uint32_t generation[2] = { 0 };
	int err = read_header(c, 0, &generation[0], why);

	if (!err)
		err = read_header(c, 1, &generation[1], why);
	if (err)
		return err;
	if (!generation[0] && !generation[1])
		return new_log(c, why);
	c->sector = generation[1] > generation[0];
	c->generation = generation[c->sector];
	return 0;
}

int pil_counters_open(struct pil_counters *c, const struct pil_counter_store *store, struct pil_why *why)
{
	int err = 0;

	*c = (struct pil_counters){ .store = store };
	if (store->sector_size < PIL_COUNTERS_SECTOR_MIN || store->sector_size % PIL_COUNTERS_RECORD)
		return pil_fail(why, PIL_R_COUNTERS_SECTOR, store->sector_size, PIL_COUNTERS_SECTOR_MIN);
	err = choose_sector(c, why);
	if (!err && c->generation)
		err = read_records(c, why);
	c->open = !err;
	return err;
}

static int ensure_open(struct pil_counters *c, struct pil_why *why)
{
	return c->open ? 0 : pil_counters_open(c, c->store, why);
}

int pil_counters_read(struct pil_counters *c, uint32_t sw_id, uint32_t *version, struct pil_why *why)
{
	int err = ensure_open(c, why);
	const struct pil_counter *entry = err ? NULL : find(c, sw_id);

	*version = entry ? entry->version : 0;
	return err;
}

/* everything goes to the other sector; its header comes last */
static int switch_sector(struct pil_counters *c, struct pil_why *why)
{
	const unsigned int to = !c->sector;
	uint32_t at = PIL_COUNTERS_RECORD;
	int err = 0;

	if (c->generation == UINT32_MAX)
		return pil_fail(why, PIL_R_COUNTERS_LOST, c->sector, 0);
	if (c->store->erase(c->store->ctx, to))
		return flash_failed(c, to, 0, why);
	for (unsigned int i = 0; !err && i < c->count; i++, at += PIL_COUNTERS_RECORD)
		err = write_record(c, to, c->generation + 1, at, &c->entry[i], why);
	if (!err)
		err = write_header(c, to, c->generation + 1, why);
	if (err)
		return err;
	c->sector = to;
	c->generation++;
	c->next = at;
	return 0;
}

int pil_counters_advance(struct pil_counters *c, uint32_t sw_id, uint32_t version, struct pil_why *why)
{
	const struct pil_counter wanted = { .sw_id = sw_id, .version = version };
	uint32_t now = 0;
	int err = pil_counters_read(c, sw_id, &now, why);

	if (err || version <= now)
		return err;
	if (!find(c, sw_id) && c->count == PIL_COUNTERS_MAX)
		return pil_fail(why, PIL_R_COUNTERS_FULL, sw_id, PIL_COUNTERS_MAX);
	if (c->next == c->store->sector_size)
		err = switch_sector(c, why);
	if (!err)
		err = write_record(c, c->sector, c->generation, c->next, &wanted, why);
	if (err)
		return err;
	c->next += PIL_COUNTERS_RECORD;
	return raise_entry(c, sw_id, version, why);
}

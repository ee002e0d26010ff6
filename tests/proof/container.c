/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE's container, over models of the cursor and of ELF headers. Its loops over TLVs, padding, images and program
 * headers are proven by induction: each copy makes one turn from any state that the invariant allows. PROOF_PART says
 * which of four parts is proven; each begins with whatever the parts before it may leave behind.
 */
#include <pilot/cursor.h>
#include <pilot/elf.h>

#include "proof.h"

#define SIZE 65536 /* 64 KiB: what is decided in minutes */

struct reader;
static void any_padding(struct pil_cursor *cursor, uint64_t *count);
static void next_padding(const struct pil_cursor *cursor);
static void any_tlvs(struct reader *r, struct pil_cursor *cursor);
static void next_tlvs(const struct reader *r, const struct pil_cursor *cursor, int ret);
static void any_image(struct reader *r, struct pil_cursor *cursor, unsigned int *passed, size_t *table);
static void next_image(const struct reader *r, const struct pil_cursor *cursor, unsigned int passed, size_t table,
		       int ret);

#include "lib/image/container.c"

#define IMAGE_TABLE_MAX (PIL_ELF_MAX_PHNUM * ENTRY64) /* bytes of entries for one image */

static struct pil_cursor padding_from; /* the cursor before any padding was passed */

static void any_padding(struct pil_cursor *cursor, uint64_t *count)
{
	CLAIM(cursor->pos <= cursor->size, "the cursor stands in its bytes");
	padding_from = *cursor;
	any_cursor(cursor, SIZE);
	ASSUME(cursor->pos >= padding_from.pos && cursor->failed >= padding_from.failed);
	*count = nondet_u64();
}

static void next_padding(const struct pil_cursor *cursor)
{
	CLAIM(cursor->pos >= padding_from.pos && cursor->pos <= cursor->size, "padding is in the cursor's bytes");
	CLAIM(cursor->failed >= padding_from.failed, "a cursor that failed stays so");
	ASSUME(false);
}

/* a TLV that was kept is as long as its type allows */
static bool tlv_fits(size_t size, unsigned int i)
{
	return size && !(size & (known[i].unit - 1)) && size <= known[i].unit * known[i].max;
}

/* Any TLV, or any image: what holds for it holds for each. read_tlvs() only asks of the others if they are there. */
static unsigned int chosen;

static void claim_tlvs(const struct reader *r, const struct pil_cursor *cursor)
{
	unsigned int i = 0;

	CLAIM(cursor->data == r->tlvs.data && cursor->size == r->tlvs.size && cursor->pos <= cursor->size,
	      "the cursor stands in the TLVs");
	CLAIM((uint64_t)r->c->unknown * sizeof(struct pil_container_tlv_wire) <= cursor->pos, "every TLV has bytes");
	for (i = 0; i < TLVS; i++) {
		if (i != chosen)
			continue;
		CLAIM(!r->tlv[i].data ? !r->tlv[i].size : tlv_fits(r->tlv[i].size, i), "a TLV has its length");
		claim_inside(r->tlv[i], r->tlvs);
	}
}

/* TLVs of any place and length that they may have */
static void any_tlv_table(struct reader *r)
{
	unsigned int i = 0;

	for (i = 0; i < TLVS; i++) {
		r->tlv[i] = any_piece(r->tlvs, SIZE);
		ASSUME(!r->tlv[i].data || tlv_fits(r->tlv[i].size, i));
	}
}

static void any_tlvs(struct reader *r, struct pil_cursor *cursor)
{
	struct pil_bytes piece = { 0 };
	unsigned int i = 0;

	claim_tlvs(r, cursor);
	any_cursor(cursor, SIZE);
	r->c->unknown = nondet_u32();
	ASSUME((uint64_t)r->c->unknown * sizeof(struct pil_container_tlv_wire) <= cursor->pos);
	for (i = 0; i < TLVS; i++)
		r->tlv[i] = (struct pil_bytes){ nondet_u16() & 1 ? r->tlvs.data : NULL, 0 };
	piece = any_piece(r->tlvs, SIZE);
	for (i = 0; i < TLVS; i++) {
		if (i != chosen)
			continue;
		ASSUME(!piece.data || tlv_fits(piece.size, i));
		r->tlv[i] = piece;
	}
}

static void next_tlvs(const struct reader *r, const struct pil_cursor *cursor, int ret)
{
	claim_tlvs(r, cursor);
	ASSUME(ret);
}

/*
 * What is known of the chosen image once @passed images were read, whose entries take @table bytes in all. An entry is
 * 64 or 88 bytes: the images may be of both classes.
 */
static void claim_image(const struct reader *r, unsigned int passed, size_t table)
{
	const struct pil_container *c = r->c;
	unsigned int i = 0;

	CLAIM(passed <= c->images && table <= passed * IMAGE_TABLE_MAX, "the length of the table is limited");
	for (i = 0; i < PIL_CONTAINER_IMAGES; i++) {
		if (i != chosen || i >= passed)
			continue;
		CLAIM(c->image[i].size && c->elf[i].data == c->image[i].data && c->elf[i].size == c->image[i].size,
		      "the ELF headers are the image's");
		CLAIM(c->elf[i].phentsize == (c->elf[i].is64 ? 56 : 32), "the size of an entry is that of the class");
		CLAIM(c->first[i] <= table && c->elf[i].phnum * entry_size(&c->elf[i]) <= table - c->first[i],
		      "its entries are counted");
		claim_inside(c->image[i], r->images);
	}
}

/* The chosen image has any state that claim_image() allows. The others are left alone: nobody reads them. */
static void any_image(struct reader *r, struct pil_cursor *cursor, unsigned int *passed, size_t *table)
{
	struct pil_container *c = r->c;
	unsigned int i = 0;

	claim_image(r, *passed, *table);
	any_cursor(cursor, SIZE);
	*passed = nondet_u16();
	*table = any_size(TABLE_MAX);
	ASSUME(*passed <= c->images && *table <= *passed * IMAGE_TABLE_MAX);
	for (i = 0; i < PIL_CONTAINER_IMAGES; i++) {
		if (i != chosen || i >= *passed)
			continue;
		c->image[i] = any_piece(r->images, SIZE);
		c->elf[i] = (struct pil_elf){ .data = c->image[i].data, .size = c->image[i].size };
		c->elf[i].phnum = (unsigned int)any_size(PIL_ELF_MAX_PHNUM);
		c->elf[i].is64 = nondet_u16() & 1;
		c->elf[i].phentsize = c->elf[i].is64 ? 56 : 32;
		c->first[i] = any_size(TABLE_MAX);
		ASSUME(c->image[i].size && c->first[i] + c->elf[i].phnum * entry_size(&c->elf[i]) <= *table);
	}
}

static void next_image(const struct reader *r, const struct pil_cursor *cursor, unsigned int passed, size_t table,
		       int ret)
{
	if (!ret) {
		CLAIM(cursor->pos <= cursor->size, "the cursor stands in the images");
		claim_image(r, passed, table);
	}
	ASSUME(ret);
}

static void claim_entry(const struct pil_container *c)
{
	unsigned int index = nondet_uint();
	const uint8_t *entry = pil_container_entry(c, chosen, index);
	const uint8_t *digest = pil_container_digest(c, chosen, index);
	size_t size = 0;

	CLAIM(!entry == (chosen >= c->images || index >= c->elf[chosen].phnum), "an entry is there or it is not");
	CLAIM(!entry == !digest, "an entry has a digest");
	if (!entry)
		return;
	size = c->elf[chosen].is64 ? ENTRY64 : sizeof(struct pil_container_entry_wire);
	claim_inside((struct pil_bytes){ entry, size }, c->table);
	CLAIM(digest + PIL_CONTAINER_DIGEST == entry + size, "an entry ends with its digest");
	if (c->elf[chosen].is64)
		REACHED("an entry for ELF64");
	else
		REACHED("an entry for ELF32");
}

/* the file's regions */
static void prove_regions(struct reader *r)
{
	int ret = 0;

	(void)pil_container_recognize(r->file.data, r->file.size);
	ret = read_regions(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	claim_inside(r->tlvs, r->c->signed_part);
	claim_inside(r->c->signed_part, r->file);
	claim_inside(r->c->signature, r->file);
	claim_inside(r->images, r->file);
	REACHED("regions that can be read");
}

/* the TLVs one by one, from any region of them */
static void prove_tlvs(struct reader *r)
{
	struct pil_cursor end = { 0 };
	int ret = 0;

	r->tlvs = r->file;
	chosen = nondet_uint();
	(void)pil_container_knows(nondet_u32());
	ret = read_tlvs(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	pil_cursor_init(&end, r->tlvs.data, r->tlvs.size);
	end.pos = end.size;
	claim_tlvs(r, &end);
	REACHED("TLVs that can be read");
}

/* what the TLVs say, for any that prove_tlvs() allows */
static void prove_statement(struct reader *r)
{
	int ret = 0;

	r->tlvs = r->file;
	r->c->signature.size = any_size(SIZE);
	any_tlv_table(r);
	ret = check_needed(r);
	if (!ret)
		ret = read_statement(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	claim_inside(r->c->key_info, r->tlvs);
	claim_inside(r->c->table, r->tlvs);
	claim_inside(r->c->digests, r->tlvs);
	CLAIM(r->c->images && r->c->images <= PIL_CONTAINER_IMAGES, "the number of images is limited");
	CLAIM(!r->c->digests.size || r->c->digests.size == r->c->images * PIL_CONTAINER_DIGEST,
	      "a digest for each image");
	CLAIM(r->tlv[IMGTYPE].size == r->c->images, "a type for each image");
	CLAIM(r->tlv[IMGSIZE].size == r->c->images * sizeof(uint32_t), "a size for each image");
	CLAIM(r->c->table.size && r->c->table.size <= TABLE_MAX, "the length of the table is limited");
	REACHED("a statement that can be read");
}

/* the images, after any statement that prove_statement() allows */
static void prove_images(struct reader *r)
{
	size_t table = any_size(TABLE_MAX);
	int ret = 0;

	r->images = r->file;
	r->c->images = (unsigned int)any_size(PIL_CONTAINER_IMAGES);
	r->c->table = (struct pil_bytes){ any_bytes(table), table };
	r->tlv[IMGTYPE] = (struct pil_bytes){ any_bytes(r->c->images), r->c->images };
	r->tlv[IMGSIZE].size = r->c->images * sizeof(uint32_t);
	r->tlv[IMGSIZE].data = any_bytes(r->tlv[IMGSIZE].size);
	chosen = nondet_uint();
	ret = read_images(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	claim_image(r, r->c->images, r->c->table.size);
	claim_entry(r->c);
	if (r->c->images == PIL_CONTAINER_IMAGES)
		REACHED("images that can be read");
}

int main(void)
{
	struct pil_container c = { 0 };
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	struct reader r = { .file = { any_bytes(size), size }, .c = &c, .why = &why };

	PROOF_PART(&r);
	return 0;
}

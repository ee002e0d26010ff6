/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE's container, over models of the cursor and of ELF headers. Its loops over TLVs, padding and program headers are
 * proven by induction: each copy makes one turn from any state that the invariant allows. PROOF_PART says which
 * of three parts is proven; each begins with whatever the parts before it may leave behind.
 */
#include <pilot/cursor.h>

#include "elf_model.h"

#define SIZE 65536

struct reader;
static void any_padding(struct pil_cursor *cursor, uint64_t *count);
static void next_padding(const struct pil_cursor *cursor);
static void any_tlvs(struct reader *r, struct pil_cursor *cursor);
static void next_tlvs(const struct reader *r, const struct pil_cursor *cursor, int ret);

#include "lib/image/container.c"

static size_t padding_from;

static void any_padding(struct pil_cursor *cursor, uint64_t *count)
{
	CLAIM(cursor->pos <= cursor->size, "the cursor stands in its bytes");
	padding_from = cursor->pos;
	any_cursor(cursor, SIZE);
	ASSUME(cursor->pos >= padding_from);
	*count = nondet_u64();
}

static void next_padding(const struct pil_cursor *cursor)
{
	CLAIM(cursor->pos >= padding_from && cursor->pos <= cursor->size, "padding is in the cursor's bytes");
	ASSUME(false);
}

/* a TLV that was kept is as long as its type allows */
static bool tlv_fits(size_t size, unsigned int i)
{
	return size && !(size & (known[i].unit - 1)) && size <= known[i].unit * known[i].max;
}

/* any TLV: what holds for it holds for each. read_tlvs() only asks of the others whether they are there. */
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

static void claim_images(const struct pil_container *c, struct pil_bytes file)
{
	unsigned int image = nondet_uint();
	unsigned int index = nondet_uint();
	const uint8_t *entry = pil_container_entry(c, image, index);

	CLAIM(c->images && c->images <= PIL_CONTAINER_IMAGES, "the number of images is limited");
	CLAIM(!entry == (image >= c->images || index >= c->elf[image].phnum), "an entry is there or it is not");
	if (entry)
		claim_inside((struct pil_bytes){ entry, ENTRY }, c->table);
	if (image < c->images) {
		CLAIM(c->image[image].size, "an image has bytes");
		claim_inside(c->image[image], file);
		CLAIM(c->elf[image].data == c->image[image].data && c->elf[image].size == c->image[image].size,
		      "the ELF headers are the image's");
	}
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
	ret = read_tlvs(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	pil_cursor_init(&end, r->tlvs.data, r->tlvs.size);
	end.pos = end.size;
	claim_tlvs(r, &end);
	REACHED("TLVs that can be read");
}

/* what the TLVs say, and the images, from any regions that prove_regions() and any TLVs that prove_tlvs() allows */
static void prove_images(struct reader *r)
{
	int ret = 0;

	r->tlvs = any_piece(r->file, SIZE);
	r->images = any_piece(r->file, SIZE);
	r->c->signature = any_piece(r->file, SIZE);
	any_tlv_table(r);
	ret = check_needed(r);
	if (!ret)
		ret = read_statement(r);
	if (!ret)
		ret = read_images(r);
	claim_result(ret, r->why);
	if (ret)
		return;
	claim_inside(r->c->key_info, r->tlvs);
	claim_inside(r->c->table, r->tlvs);
	claim_inside(r->c->digests, r->tlvs);
	CLAIM(!r->c->digests.size || r->c->digests.size == (size_t)r->c->images * PIL_CONTAINER_DIGEST,
	      "a digest for each image");
	claim_images(r->c, r->file);
	if (r->c->images == PIL_CONTAINER_IMAGES)
		REACHED("images that can be read");
}

int main(void)
{
	struct pil_container c = { 0 };
	struct pil_why why = { 0 };
	size_t size = any_size(SIZE);
	struct reader r = { .file = { any_bytes(size), size }, .c = &c, .why = &why };

	model_elf_init();
	PROOF_PART(&r);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE's remote-processor container, version 1 (docs/SPEC.md section 9). */
#include <pilot/container.h>
#include <pilot/cursor.h>
#include <pilot/wire/container.h>

/* the TLVs that mean something here */
enum tlv { SIGNTYPE, HASHTYPE, NUM_IMG, IMGTYPE, IMGSIZE, HASHTABLE, PKEYINFO, PROCESSOR, VERSION, ELF_DIGEST, TLVS };

#define ENTRY64	  sizeof(struct pil_container_entry64_wire)
#define TABLE_MAX (PIL_CONTAINER_IMAGES * PIL_ELF_MAX_PHNUM * ENTRY64)

/* @unit: bytes of one element, @max: elements; NUM_IMG says how many elements there must be where @per_image is set */
static const struct {
	uint32_t type;
	bool needed;
	bool per_image;
	size_t unit;
	size_t max;
} known[TLVS] = {
	[SIGNTYPE] = { PIL_CONTAINER_TLV_SIGNTYPE, true, false, 1, 1 },
	[HASHTYPE] = { PIL_CONTAINER_TLV_HASHTYPE, true, false, 1, 1 },
	[NUM_IMG] = { PIL_CONTAINER_TLV_NUM_IMG, true, false, 1, 1 },
	[IMGTYPE] = { PIL_CONTAINER_TLV_IMGTYPE, true, true, 1, PIL_CONTAINER_IMAGES },
	[IMGSIZE] = { PIL_CONTAINER_TLV_IMGSIZE, true, true, 4, PIL_CONTAINER_IMAGES },
	/* how long it must be is known when the images are */
	[HASHTABLE] = { PIL_CONTAINER_TLV_HASHTABLE, true, false, 8, TABLE_MAX / 8 },
	[PKEYINFO] = { PIL_CONTAINER_TLV_PKEYINFO, false, false, 1, UINT32_MAX },
	[PROCESSOR] = { PIL_CONTAINER_TLV_PROCESSOR, false, false, 4, 1 },
	[VERSION] = { PIL_CONTAINER_TLV_VERSION, false, false, 4, 1 },
	[ELF_DIGEST] = { PIL_CONTAINER_TLV_ELF_DIGEST, false, true, PIL_CONTAINER_DIGEST, PIL_CONTAINER_IMAGES },
};

/* one container being read */
struct reader {
	struct pil_bytes file;
	struct pil_bytes tlvs;
	struct pil_bytes images;
	struct pil_bytes tlv[TLVS];
	struct pil_container *c;
	struct pil_why *why;
};

static uint64_t padded(uint64_t size)
{
	return (size + PIL_CONTAINER_ALIGN - 1) & ~(uint64_t)(PIL_CONTAINER_ALIGN - 1);
}

static uint32_t word(struct pil_bytes bytes, size_t index)
{
	struct pil_cursor cursor = { 0 };

	pil_cursor_init(&cursor, bytes.data, bytes.size);
	pil_cursor_skip(&cursor, index * sizeof(uint32_t));
	return pil_cursor_u32(&cursor);
}

bool pil_container_recognize(const void *data, size_t size)
{
	return word((struct pil_bytes){ data, size }, 0) == PIL_CONTAINER_MAGIC;
}

bool pil_container_knows(uint32_t type)
{
	unsigned int i = 0;

	while (i < TLVS && known[i].type != type)
		i++;
	return i < TLVS;
}

/* The next @count bytes must be zero. A cursor that fails is the caller's business. */
static int skip_zeros(const struct reader *r, struct pil_cursor *cursor, uint64_t count)
{
	uint8_t byte = 0;

	for (; count && !pil_cursor_failed(cursor); count--) {
		byte = pil_cursor_u8(cursor);
		if (byte)
			return pil_fail(r->why, PIL_R_CONTAINER_PADDING,
					(uint64_t)(cursor->data - r->file.data) + cursor->pos - 1, byte);
	}
	return 0;
}

/* Header, and where the three regions behind it are. The loader upstream takes no byte more or less, either. */
static int read_regions(struct reader *r)
{
	const size_t header = sizeof(struct pil_container_header_wire);
	struct pil_cursor cursor = { 0 };
	uint32_t tlv_len = 0, sign_len = 0, img_len = 0;
	uint32_t magic = 0, version = 0;
	uint64_t total = 0;
	int ret = 0;

	pil_cursor_init(&cursor, r->file.data, r->file.size);
	magic = pil_cursor_u32(&cursor);
	version = pil_cursor_u32(&cursor);
	tlv_len = pil_cursor_u32(&cursor);
	sign_len = pil_cursor_u32(&cursor);
	img_len = pil_cursor_u32(&cursor);
	if (pil_cursor_failed(&cursor))
		return pil_fail(r->why, PIL_R_CONTAINER_SHORT, r->file.size, header);
	if (magic != PIL_CONTAINER_MAGIC)
		return pil_fail(r->why, PIL_R_CONTAINER_MAGIC, magic, PIL_CONTAINER_MAGIC);
	if (version != PIL_CONTAINER_VERSION)
		return pil_fail(r->why, PIL_R_CONTAINER_VERSION, version, PIL_CONTAINER_VERSION);
	total = header + padded(tlv_len) + padded(sign_len) + padded(img_len);
	if (total != r->file.size)
		return pil_fail(r->why, PIL_R_CONTAINER_SIZE, total, r->file.size);
	r->tlvs = pil_cursor_bytes(&cursor, padded(tlv_len));
	r->c->signed_part = (struct pil_bytes){ r->file.data, header + r->tlvs.size };
	r->c->signature = pil_cursor_bytes(&cursor, sign_len);
	ret = skip_zeros(r, &cursor, padded(sign_len) - sign_len);
	r->images = pil_cursor_bytes(&cursor, padded(img_len));
	return ret;
}

static int keep_tlv(struct reader *r, uint32_t type, struct pil_bytes value, size_t offset)
{
	unsigned int i = 0;

	for (i = 0; i < TLVS; i++) {
		if (known[i].type != type)
			continue;
		if (r->tlv[i].data)
			return pil_fail(r->why, PIL_R_CONTAINER_TLV_TWICE, type, offset);
		if (!value.size || value.size % known[i].unit || value.size / known[i].unit > known[i].max)
			return pil_fail(r->why, PIL_R_CONTAINER_TLV_LENGTH, type, value.size);
		r->tlv[i] = value;
		return 0;
	}
	r->c->unknown++;
	return 0;
}

/*
 * The script upstream appends 8 zero bytes to TLVs that are aligned already: type 0 of length 0. Nothing but zeros may
 * follow.
 */
static int read_tlvs(struct reader *r)
{
	struct pil_cursor cursor = { 0 };
	int ret = 0;

	pil_cursor_init(&cursor, r->tlvs.data, r->tlvs.size);
	while (!ret && pil_cursor_left(&cursor)) {
		size_t offset = sizeof(struct pil_container_header_wire) + cursor.pos;
		uint32_t type = pil_cursor_u32(&cursor);
		uint32_t length = pil_cursor_u32(&cursor);
		struct pil_bytes value = pil_cursor_bytes(&cursor, length);

		if (!type && !length)
			return skip_zeros(r, &cursor, pil_cursor_left(&cursor));
		ret = skip_zeros(r, &cursor, padded(length) - length);
		if (pil_cursor_failed(&cursor))
			return pil_fail(r->why, PIL_R_CONTAINER_TLV_END, offset, r->tlvs.size);
		if (!ret)
			ret = keep_tlv(r, type, value, offset);
	}
	return ret;
}

static int check_needed(const struct reader *r)
{
	unsigned int images = 0;
	unsigned int i = 0;

	for (i = 0; i < TLVS; i++)
		if (known[i].needed && !r->tlv[i].data)
			return pil_fail(r->why, PIL_R_CONTAINER_TLV_MISSING, known[i].type, 0);
	images = r->tlv[NUM_IMG].data[0];
	if (!images || images > PIL_CONTAINER_IMAGES)
		return pil_fail(r->why, PIL_R_CONTAINER_IMAGES, images, PIL_CONTAINER_IMAGES);
	for (i = 0; i < TLVS; i++)
		if (known[i].per_image && r->tlv[i].data && r->tlv[i].size != images * known[i].unit)
			return pil_fail(r->why, PIL_R_CONTAINER_TLV_LENGTH, known[i].type, r->tlv[i].size);
	r->c->images = images;
	return 0;
}

/* how header and TLVs are signed, and what the TLVs say */
static int read_statement(struct reader *r)
{
	struct pil_container *c = r->c;
	uint8_t type = r->tlv[SIGNTYPE].data[0];
	size_t size = c->signature.size;
	bool fits = false;

	if (r->tlv[HASHTYPE].data[0] != PIL_CONTAINER_HASH_SHA256)
		return pil_fail(r->why, PIL_R_CONTAINER_HASH_TYPE, r->tlv[HASHTYPE].data[0], 0);
	if (type == PIL_CONTAINER_SIGN_RSA)
		c->sig_alg = PIL_SIG_RSA_PKCS1_SHA256;
	else if (type == PIL_CONTAINER_SIGN_ECDSA)
		c->sig_alg = PIL_SIG_ECDSA_SHA256;
	else
		return pil_fail(r->why, PIL_R_CONTAINER_SIGN_TYPE, type, 0);
	if (type == PIL_CONTAINER_SIGN_ECDSA)
		fits = size == 2 * (size_t)PIL_CONTAINER_DIGEST;
	else
		fits = size >= PIL_RSA_BITS_MIN / 8 && size <= PIL_RSA_BITS_MAX / 8;
	if (!fits)
		return pil_fail(r->why, PIL_R_CONTAINER_SIGN_LENGTH, size, type);
	c->key_info = r->tlv[PKEYINFO];
	c->table = r->tlv[HASHTABLE];
	c->digests = r->tlv[ELF_DIGEST];
	c->has_processor = r->tlv[PROCESSOR].data != NULL;
	c->processor = word(r->tlv[PROCESSOR], 0);
	c->has_version = r->tlv[VERSION].data != NULL;
	c->version = word(r->tlv[VERSION], 0);
	return 0;
}

/* file bytes of all segments lie in the image */
static int check_segments(const struct pil_elf *elf, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	for (i = 0; i < elf->phnum; i++) {
		(void)pil_elf_phdr(elf, i, &phdr);
		if (!phdr.filesz)
			continue;
		if (phdr.offset > UINT64_MAX - phdr.filesz)
			return pil_fail(why, PIL_R_ELF_SEGMENT_WRAP, i, phdr.offset);
		if (phdr.offset + phdr.filesz > elf->size)
			return pil_fail(why, PIL_R_ELF_SEGMENT_END, i, elf->size);
	}
	return 0;
}

static int read_image(struct reader *r, unsigned int index, struct pil_bytes image)
{
	struct pil_elf *elf = &r->c->elf[index];
	int ret = 0;

	r->c->image[index] = image;
	if (r->tlv[IMGTYPE].data[index] != PIL_CONTAINER_IMAGE_ELF)
		return pil_fail(r->why, PIL_R_CONTAINER_IMAGE_TYPE, index, r->tlv[IMGTYPE].data[index]);
	ret = pil_elf_parse(image.data, image.size, elf, r->why);
	return ret ? ret : check_segments(elf, r->why);
}

/* bytes of one entry for a program header of @elf */
static size_t entry_size(const struct pil_elf *elf)
{
	return (size_t)elf->phentsize + PIL_CONTAINER_DIGEST;
}

static int read_images(struct reader *r)
{
	struct pil_cursor cursor = { 0 };
	size_t table = 0;
	unsigned int i = 0;
	int ret = 0;

	pil_cursor_init(&cursor, r->images.data, r->images.size);
	for (i = 0; !ret && i < r->c->images; i++) {
		uint32_t size = word(r->tlv[IMGSIZE], i);
		struct pil_bytes image = { 0 };

		/* the script upstream writes the padded size; the loader steps by what it reads here */
		if (size % PIL_CONTAINER_ALIGN == 0)
			image = pil_cursor_bytes(&cursor, size);
		if (!image.size)
			return pil_fail(r->why, PIL_R_CONTAINER_IMAGE_SIZE, i, size);
		ret = read_image(r, i, image);
		r->c->first[i] = table;
		table += r->c->elf[i].phnum * entry_size(&r->c->elf[i]);
	}
	if (ret)
		return ret;
	if (pil_cursor_left(&cursor))
		return pil_fail(r->why, PIL_R_CONTAINER_SIZE, cursor.pos, r->images.size);
	if (r->c->table.size != table)
		return pil_fail(r->why, PIL_R_CONTAINER_TABLE, r->c->table.size, table);
	return 0;
}

int pil_container_parse(const void *data, size_t size, struct pil_container *c, struct pil_why *why)
{
	struct reader r = { .file = { data, size }, .c = c, .why = why };
	int ret = 0;

	*c = (struct pil_container){ 0 };
	ret = read_regions(&r);
	if (!ret)
		ret = read_tlvs(&r);
	if (!ret)
		ret = check_needed(&r);
	if (!ret)
		ret = read_statement(&r);
	if (!ret)
		ret = read_images(&r);
	if (ret)
		*c = (struct pil_container){ 0 };
	return ret;
}

const uint8_t *pil_container_entry(const struct pil_container *c, unsigned int image, unsigned int index)
{
	if (image >= c->images || index >= c->elf[image].phnum)
		return NULL;
	return c->table.data + c->first[image] + index * entry_size(&c->elf[image]);
}

const uint8_t *pil_container_digest(const struct pil_container *c, unsigned int image, unsigned int index)
{
	const uint8_t *entry = pil_container_entry(c, image, index);

	return entry ? entry + c->elf[image].phentsize : NULL;
}

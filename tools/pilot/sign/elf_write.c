/* SPDX-License-Identifier: BSD-2-Clause */
/* The ELF file of a signed image (System V ABI chapters 4 and 5; what Linux's mdt_loader reads). */
#include <inttypes.h>
#include <string.h>

#include <pilot/manifest.h>

#include "bytes.h"
#include "sign/elf_write.h"
#include "pilot.h"

#define EHDR32_SIZE  52u
#define EHDR64_SIZE  64u
#define PHDR32_SIZE  32u
#define PHDR64_SIZE  56u
#define EFLAGS32_POS 36u
#define EFLAGS64_POS 48u

/* PT_NULL, type hash, read-only as the field's newer files have it */
#define HASH_FLAGS 0x02200000u
#define PHDR_FLAGS 0x07000000u
/* to be read, by nobody */
#define MANIFEST_FLAGS (4u | PIL_PF_MANIFEST)

static uint64_t page_up(uint64_t value)
{
	return (value + ELF_OUT_PAGE - 1) & ~(uint64_t)(ELF_OUT_PAGE - 1);
}

static bool fits32(const struct pil_phdr *phdr)
{
	return phdr->vaddr <= UINT32_MAX && phdr->paddr <= UINT32_MAX && phdr->filesz <= UINT32_MAX &&
	       phdr->memsz <= UINT32_MAX && phdr->align <= UINT32_MAX && phdr->paddr + phdr->memsz <= 1ull << 32;
}

static bool check_segment(const struct elf_out *out, const struct pil_elf *in, unsigned int index,
			  const struct pil_phdr *phdr, const char *path)
{
	if (phdr->filesz > phdr->memsz) {
		complain(path,
			 "program header %u has %" PRIu64 " bytes in the file, more than the %" PRIu64 " in memory",
			 index, phdr->filesz, phdr->memsz);
		return false;
	}
	if (phdr->filesz && (phdr->offset > in->size || phdr->filesz > in->size - phdr->offset)) {
		complain(path,
			 "program header %u: 0x%" PRIx64 " bytes at file offset 0x%" PRIx64
			 " end past the end of the file at 0x%zx",
			 index, phdr->filesz, phdr->offset, in->size);
		return false;
	}
	if (!out->is64 && !fits32(phdr)) {
		complain(path, "program header %u (address 0x%" PRIx64 ", 0x%" PRIx64 " bytes) does not fit ELF32",
			 index, phdr->paddr, phdr->memsz);
		return false;
	}
	return true;
}

static void take_header(struct elf_out *out, const struct pil_elf *in, bool elf32)
{
	*out = (struct elf_out){
		.is64 = in->is64 && !elf32,
		.osabi = in->data[7],
		.abiversion = in->data[8],
		.type = in->type,
		.machine = in->machine,
		.flags = get_le32(in->data + (in->is64 ? EFLAGS64_POS : EFLAGS32_POS)),
		.entry = in->entry,
		.phnum = ELF_OUT_FIRST,
	};
	out->phdr[0] = (struct pil_phdr){ .type = PIL_PT_NULL, .flags = PHDR_FLAGS };
	out->phdr[ELF_OUT_HASH] = (struct pil_phdr){ .type = PIL_PT_NULL, .flags = HASH_FLAGS, .align = ELF_OUT_PAGE };
}

static bool take_segment(struct elf_out *out, const struct pil_elf *in, const struct pil_phdr *phdr, bool relocatable)
{
	if (out->phnum == PIL_ELF_MAX_PHNUM)
		return false;
	out->phdr[out->phnum] = *phdr;
	if (relocatable)
		out->phdr[out->phnum].flags |= PIL_PF_RELOCATABLE;
	out->data[out->phnum] = phdr->filesz ? in->data + phdr->offset : NULL;
	out->phnum++;
	return true;
}

bool elf_out_collect(struct elf_out *out, const struct pil_elf *in, const char *path, bool elf32, bool relocatable)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;

	take_header(out, in, elf32);
	if (!out->is64 && out->entry > UINT32_MAX) {
		complain(path, "entry point 0x%" PRIx64 " does not fit ELF32", out->entry);
		return false;
	}
	for (i = 0; i < in->phnum; i++) {
		pil_elf_phdr(in, i, &phdr);
		if (phdr.type != PIL_PT_LOAD || !phdr.memsz)
			continue;
		if (!check_segment(out, in, i, &phdr, path))
			return false;
		if (!take_segment(out, in, &phdr, relocatable)) {
			complain(path, "more than %u loadable segments", PIL_ELF_MAX_PHNUM - ELF_OUT_FIRST);
			return false;
		}
	}
	if (out->phnum == ELF_OUT_FIRST) {
		complain(path, "no loadable segment among %u program headers", in->phnum);
		return false;
	}
	return true;
}

size_t elf_out_headers_size(const struct elf_out *out)
{
	return out->is64 ? EHDR64_SIZE + (size_t)out->phnum * PHDR64_SIZE
			 : EHDR32_SIZE + (size_t)out->phnum * PHDR32_SIZE;
}

/* The hash segment is nowhere in memory, but its header claims the page behind the image, as in the field's files. */
static uint64_t behind_image(const struct elf_out *out, size_t size)
{
	uint64_t limit = out->is64 ? UINT64_MAX : UINT32_MAX;
	uint64_t end = 0;
	unsigned int i = 0;

	for (i = ELF_OUT_FIRST; i < out->phnum; i++) {
		const struct pil_phdr *phdr = &out->phdr[i];

		if (phdr->memsz > limit - phdr->paddr)
			return 0;
		if (phdr->paddr + phdr->memsz > end)
			end = phdr->paddr + phdr->memsz;
	}
	return end > limit - size - 2 * ELF_OUT_PAGE ? 0 : page_up(end);
}

bool elf_out_add_manifest(struct elf_out *out, const uint8_t *data, size_t size, const char *path, bool relocatable)
{
	uint64_t address = behind_image(out, ELF_OUT_PAGE);
	struct pil_phdr phdr = {
		.type = PIL_PT_LOAD,
		.flags = MANIFEST_FLAGS,
		.vaddr = address,
		.paddr = address,
		.filesz = size,
		.memsz = size,
		.align = ELF_OUT_PAGE,
	};

	if (out->phnum == PIL_ELF_MAX_PHNUM || !address) {
		complain(path, "there is no %s for the manifest", address ? "program header left" : "page behind the image");
		return false;
	}
	if (relocatable)
		phdr.flags |= PIL_PF_RELOCATABLE;
	out->phdr[out->phnum] = phdr;
	out->data[out->phnum++] = data;
	return true;
}

bool elf_out_place(struct elf_out *out, size_t hash_size)
{
	uint64_t limit = out->is64 ? INT64_MAX : UINT32_MAX;
	struct pil_phdr *hash = &out->phdr[ELF_OUT_HASH];
	uint64_t offset = page_up(elf_out_headers_size(out));
	unsigned int i = 0;

	out->phdr[0].filesz = elf_out_headers_size(out);
	hash->offset = offset;
	hash->filesz = hash_size;
	hash->memsz = page_up(hash_size);
	hash->vaddr = behind_image(out, hash_size);
	hash->paddr = hash->vaddr;
	offset += hash->memsz;
	for (i = ELF_OUT_FIRST; i < out->phnum; i++) {
		out->phdr[i].offset = offset;
		if (out->phdr[i].filesz > limit - ELF_OUT_PAGE - offset)
			return false;
		offset = page_up(offset + out->phdr[i].filesz);
	}
	return true;
}

static void write_phdr(const struct elf_out *out, const struct pil_phdr *phdr, uint8_t *p)
{
	if (out->is64) {
		put_le32(p, phdr->type);
		put_le32(p + 4, phdr->flags);
		put_le64(p + 8, phdr->offset);
		put_le64(p + 16, phdr->vaddr);
		put_le64(p + 24, phdr->paddr);
		put_le64(p + 32, phdr->filesz);
		put_le64(p + 40, phdr->memsz);
		put_le64(p + 48, phdr->align);
		return;
	}
	put_le32(p, phdr->type);
	put_le32(p + 4, (uint32_t)phdr->offset);
	put_le32(p + 8, (uint32_t)phdr->vaddr);
	put_le32(p + 12, (uint32_t)phdr->paddr);
	put_le32(p + 16, (uint32_t)phdr->filesz);
	put_le32(p + 20, (uint32_t)phdr->memsz);
	put_le32(p + 24, phdr->flags);
	put_le32(p + 28, (uint32_t)phdr->align);
}

/* the part behind e_entry; section headers are left out: nothing on the way to the device reads them */
static void write_ehdr_tail(const struct elf_out *out, uint8_t *p)
{
	put_le32(p, out->flags);
	put_le16(p + 4, out->is64 ? EHDR64_SIZE : EHDR32_SIZE);
	put_le16(p + 6, out->is64 ? PHDR64_SIZE : PHDR32_SIZE);
	put_le16(p + 8, (uint16_t)out->phnum);
}

static void write_ehdr(const struct elf_out *out, uint8_t *p)
{
	const uint8_t ident[16] = { 0x7f, 'E', 'L', 'F', out->is64 ? 2 : 1, 1, 1, out->osabi, out->abiversion };

	memcpy(p, ident, sizeof(ident));
	put_le16(p + 16, out->type);
	put_le16(p + 18, out->machine);
	put_le32(p + 20, 1);
	if (out->is64) {
		put_le64(p + 24, out->entry);
		put_le64(p + 32, EHDR64_SIZE);
		write_ehdr_tail(out, p + EFLAGS64_POS);
	} else {
		put_le32(p + 24, (uint32_t)out->entry);
		put_le32(p + 28, EHDR32_SIZE);
		write_ehdr_tail(out, p + EFLAGS32_POS);
	}
}

void elf_out_headers(const struct elf_out *out, uint8_t *buf)
{
	size_t ehdr_size = out->is64 ? EHDR64_SIZE : EHDR32_SIZE;
	size_t phdr_size = out->is64 ? PHDR64_SIZE : PHDR32_SIZE;
	unsigned int i = 0;

	memset(buf, 0, elf_out_headers_size(out));
	write_ehdr(out, buf);
	for (i = 0; i < out->phnum; i++)
		write_phdr(out, &out->phdr[i], buf + ehdr_size + i * phdr_size);
}

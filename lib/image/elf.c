/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF32 and ELF64 headers (System V ABI, chapters 4 and 5). */
#include <pilot/cursor.h>
#include <pilot/elf.h>
#include <pilot/wire/elf.h>

static int check_ident(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	uint32_t magic = 0;
	uint8_t class = 0;
	uint8_t encoding = 0;
	uint8_t version = 0;

	if (size < PIL_ELF_IDENT)
		return pil_fail(why, PIL_R_ELF_SHORT, size, sizeof(struct pil_elf32_ehdr_wire));
	pil_cursor_init(&c, data, size);
	magic = pil_cursor_u32(&c);
	class = pil_cursor_u8(&c);
	encoding = pil_cursor_u8(&c);
	version = pil_cursor_u8(&c);
	if (magic != PIL_ELF_MAGIC)
		return pil_fail(why, PIL_R_ELF_MAGIC, magic, 0);
	if (class != PIL_ELF_CLASS32 && class != PIL_ELF_CLASS64)
		return pil_fail(why, PIL_R_ELF_CLASS, class, 0);
	if (encoding != PIL_ELF_DATA_LSB)
		return pil_fail(why, PIL_R_ELF_DATA, encoding, 0);
	if (version != PIL_ELF_EV_CURRENT)
		return pil_fail(why, PIL_R_ELF_VERSION, version, 0);
	elf->is64 = class == PIL_ELF_CLASS64;
	return 0;
}

static size_t ehdr_size(const struct pil_elf *elf)
{
	return elf->is64 ? sizeof(struct pil_elf64_ehdr_wire) : sizeof(struct pil_elf32_ehdr_wire);
}

static size_t phdr_size(const struct pil_elf *elf)
{
	return elf->is64 ? sizeof(struct pil_elf64_phdr_wire) : sizeof(struct pil_elf32_phdr_wire);
}

static uint64_t read_word(struct pil_cursor *c, bool is64)
{
	return is64 ? pil_cursor_u64(c) : pil_cursor_u32(c);
}

/* The program headers must follow the ELF header directly: mdt_loader and INIT_IMAGE pass on nothing else. */
static int check_header(const struct pil_elf *elf, uint32_t version, uint16_t ehsize, struct pil_why *why)
{
	if (version != PIL_ELF_EV_CURRENT)
		return pil_fail(why, PIL_R_ELF_VERSION, version, 0);
	if (ehsize != ehdr_size(elf))
		return pil_fail(why, PIL_R_ELF_EHSIZE, ehsize, ehdr_size(elf));
	if (elf->phentsize != phdr_size(elf))
		return pil_fail(why, PIL_R_ELF_PHENTSIZE, elf->phentsize, phdr_size(elf));
	if (!elf->phnum || elf->phnum > PIL_ELF_MAX_PHNUM)
		return pil_fail(why, PIL_R_ELF_PHNUM, elf->phnum, PIL_ELF_MAX_PHNUM);
	if (elf->phoff != ehsize)
		return pil_fail(why, PIL_R_ELF_PHOFF, elf->phoff, ehsize);
	return 0;
}

static int read_header(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why)
{
	struct pil_cursor c = { 0 };
	uint32_t version = 0;
	uint16_t ehsize = 0;
	int ret = 0;

	*elf = (struct pil_elf){ .data = data, .size = size };
	ret = check_ident(data, size, elf, why);
	if (ret)
		return ret;
	if (size < ehdr_size(elf))
		return pil_fail(why, PIL_R_ELF_SHORT, size, ehdr_size(elf));

	pil_cursor_init(&c, data, size);
	pil_cursor_skip(&c, PIL_ELF_IDENT);
	elf->type = pil_cursor_u16(&c);
	elf->machine = pil_cursor_u16(&c);
	version = pil_cursor_u32(&c);
	elf->entry = read_word(&c, elf->is64);
	elf->phoff = read_word(&c, elf->is64);
	(void)read_word(&c, elf->is64);	       /* e_shoff */
	pil_cursor_skip(&c, sizeof(uint32_t)); /* e_flags */
	ehsize = pil_cursor_u16(&c);
	elf->phentsize = pil_cursor_u16(&c);
	elf->phnum = pil_cursor_u16(&c);
	return check_header(elf, version, ehsize, why);
}

/* Cannot overflow: read_header() bounded all three. */
static size_t headers_end(const struct pil_elf *elf)
{
	return (size_t)elf->phoff + (size_t)elf->phnum * elf->phentsize;
}

int pil_elf_parse(const void *data, size_t size, struct pil_elf *elf, struct pil_why *why)
{
	int ret = read_header(data, size, elf, why);

	if (!ret && headers_end(elf) > size)
		ret = pil_fail(why, PIL_R_ELF_PHDR_END, headers_end(elf), size);
	if (ret)
		*elf = (struct pil_elf){ 0 };
	return ret;
}

int pil_elf_phdr(const struct pil_elf *elf, unsigned int index, struct pil_phdr *phdr)
{
	struct pil_cursor c = { 0 };

	*phdr = (struct pil_phdr){ 0 };
	if (index >= elf->phnum)
		return -PIL_EARG;
	pil_cursor_init(&c, elf->data, elf->size);
	pil_cursor_skip(&c, elf->phoff + (uint64_t)index * elf->phentsize);
	phdr->type = pil_cursor_u32(&c);
	if (elf->is64)
		phdr->flags = pil_cursor_u32(&c);
	phdr->offset = read_word(&c, elf->is64);
	phdr->vaddr = read_word(&c, elf->is64);
	phdr->paddr = read_word(&c, elf->is64);
	phdr->filesz = read_word(&c, elf->is64);
	phdr->memsz = read_word(&c, elf->is64);
	if (!elf->is64)
		phdr->flags = pil_cursor_u32(&c);
	phdr->align = read_word(&c, elf->is64);
	return 0;
}

size_t pil_elf_headers_end(const struct pil_elf *elf)
{
	return headers_end(elf);
}

int pil_elf_headers_extent(const void *data, size_t size, size_t *extent, struct pil_why *why)
{
	struct pil_elf elf = { 0 };
	int ret = read_header(data, size, &elf, why);

	*extent = ret ? 0 : headers_end(&elf);
	return ret;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Building the ELF file of a signed image: headers, hash segment, then what is loaded. */
#ifndef PILOT_TOOL_ELF_WRITE_H
#define PILOT_TOOL_ELF_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/elf.h>

#define ELF_OUT_PAGE  4096u
#define ELF_OUT_HASH  1u /* program header index of the hash segment */
#define ELF_OUT_FIRST 2u /* of the first loadable segment */

/**
 * struct elf_out - the file to be
 * @is64:  class of the file
 * @osabi, @abiversion: e_ident[7] and [8] of the input
 * @type, @machine, @flags, @entry: e_type, e_machine, e_flags and e_entry of the input
 * @phnum: program headers
 * @phdr:  they themselves
 * @data:  the bytes of each segment, from the input; NULL for headers and hash segment
 */
struct elf_out {
	bool is64;
	uint8_t osabi;
	uint8_t abiversion;
	uint16_t type;
	uint16_t machine;
	uint32_t flags;
	uint64_t entry;
	unsigned int phnum;
	struct pil_phdr phdr[PIL_ELF_MAX_PHNUM];
	const uint8_t *data[PIL_ELF_MAX_PHNUM];
};

/**
 * elf_out_collect() - take everything loadable over from a plain ELF file
 * @out:   result, without file offsets
 * @in:    headers of the input, with the whole file behind them
 * @path:  name of the input, for complaints
 * @elf32: write ELFCLASS32, whatever the input is
 * @relocatable: mark segments as relocatable (bit 27 of p_flags)
 *
 * Program headers that load nothing (stack, notes, relocation tables) are left out, as in the field's images.
 *
 * Return: false after a complaint
 */
bool elf_out_collect(struct elf_out *out, const struct pil_elf *in, const char *path, bool elf32, bool relocatable);

/**
 * elf_out_add_manifest() - append a loadable segment, marked "not used", in the page behind the image
 * @out:   after elf_out_collect()
 * @data:  its bytes, which must stay
 * @size:  how many
 * @path:  name of the input, for complaints
 * @relocatable: as above
 *
 * Return: false after a complaint
 */
bool elf_out_add_manifest(struct elf_out *out, const uint8_t *data, size_t size, const char *path, bool relocatable);

/* bytes of ELF header and program headers */
size_t elf_out_headers_size(const struct elf_out *out);

/* decide where everything is in the file, for a hash segment of @hash_size bytes; false when it does not fit ELF32 */
bool elf_out_place(struct elf_out *out, size_t hash_size);

/* write ELF header and program headers: elf_out_headers_size() bytes at @buf */
void elf_out_headers(const struct elf_out *out, uint8_t *buf);

#endif

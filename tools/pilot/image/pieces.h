/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An image in pieces: NAME.mdt holds ELF header, program headers and hash segment, NAME.bNN the bytes of program header
 * NN, as Linux's mdt_loader reads them. Bytes of the file that belong to none of these go into NAME.rest, which only
 * Pilot knows (docs/SPEC.md section 3.6).
 */
#ifndef PILOT_TOOL_PIECES_H
#define PILOT_TOOL_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/elf.h>

#include "pilot.h"

#define REST_MAGIC	"PILREST1"
#define REST_MAGIC_SIZE 8u
#define REST_HEAD	(REST_MAGIC_SIZE + 8u) /* magic, size of the whole file */
#define REST_RECORD	16u		       /* offset, size; the bytes follow */

/* headers, every program header, and gaps between and after them */
#define SPANS_MAX (2u * PIL_ELF_MAX_PHNUM + 3u)

/** struct span - @size bytes of the file at @offset */
struct span {
	uint64_t offset;
	uint64_t size;
	const uint8_t *data;
};

/* path of a piece, in fresh memory; NULL after a complaint. @ending with its dot */
char *piece_path(const char *stem, const char *ending);

/* ".b07" */
char *piece_ending(unsigned int index, char ending[8]);

/* is @path called like a piece, ".b07" or ".rest", of a set whose .mdt is beside it? */
bool piece_of_set(const char *path);

/* is @path called like headers and hash segment, ".mdt"? */
bool piece_is_mdt(const char *path);

/* is @text, with its dot, an ending of a piece: ".mdt", ".rest", or like ".b07"? */
bool piece_is_ending(const char *text);

/* program header of the first hash segment; 0 when there is none (number 0 cannot be one) */
unsigned int piece_hash_index(const struct pil_elf *elf);

/**
 * pieces_find() - all files that belong to the set called @stem by their names
 * @stem:  directory and name without ending
 * @names: result: file names without directory, in fresh memory, ended by NULL; to be released with pieces_free()
 * Return: false after a complaint
 */
bool pieces_find(const char *stem, char ***names);

/* release what pieces_find() returned; NULL is fine */
void pieces_free(char **names);

/* last part of @path */
const char *base_name(const char *path);

#endif

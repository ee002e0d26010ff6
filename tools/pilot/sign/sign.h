/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing: what the command was asked, the hash segment under construction, and the ways to an image. */
#ifndef PILOT_TOOL_SIGN_H
#define PILOT_TOOL_SIGN_H

#include <pilot/image.h>

#include "sign/container_write.h"
#include "sign/leaf_new.h"
#include "sign/mbn_write.h"
#include "pilot.h"
#include "keys/pki.h"
#include "sign/signer.h"

/** enum sign_format - what to make */
enum sign_format {
	SIGN_FORMAT_OF_INPUT, /* a container from a container, otherwise an MBN image */
	SIGN_FORMAT_MBN,
	SIGN_FORMAT_CONTAINER,
};

/**
 * struct sign_options - what was asked, on the command line or in a profile
 * @inputs, @count: files; only containers are made of several
 * @key:     for containers: private key, or with @command the public one
 * @processor, @processor_id: for containers: the processor that may run it
 * @writer:  header version; NULL: that of the input, or version 6
 * @alg:     digest of the hash table; PIL_HASH_NONE: that of the input, or the longest of the version
 * @want:    what the image shall be bound to
 * @manifest: for plain ELF files: description of what the streams shall reach; NULL: the image gets no manifest
 */
struct sign_options {
	char **inputs;
	unsigned int count;
	enum sign_format format;
	const char *output;
	const char *keys;
	const char *key;
	bool processor;
	uint32_t processor_id;
	const char *passphrase_file;
	const char *command;
	const struct mbn_writer *writer;
	enum pil_hash_alg alg;
	bool elf32;
	bool fixed;
	bool recursive;
	bool json;
	struct mbn_request want;
	const char *manifest;
};

/**
 * struct signing - what is the same for all images of one call
 * @chain, @signer, @root_hash: for MBN images
 * @container: for containers
 */
struct signing {
	const struct sign_options *opt;
	struct container_key container;
	struct pki_chain chain;
	struct signer signer;
	uint8_t root_hash[PKI_HASH_SIZE];
};

/**
 * struct sealed - a hash segment under construction
 * @writer, @alg, @want: version, digest of the table, binding
 * @path:     name of the input, for complaints
 * @entries:  of the hash table
 * @table:    hash table, entries one after another
 * @address:  p_paddr of the hash segment
 * @old:      the hash segment that this one replaces and has its version; NULL: there is none
 * Filled by seal_prepare():
 * @leaf, @scheme: who signs, and how
 * @certs, @certs_size: the chain as it will stand in the image
 * @layout:   sizes; @layout.segment is the least
 * @signed_size: bytes that the signature covers
 */
struct sealed {
	const struct mbn_writer *writer;
	enum pil_hash_alg alg;
	struct mbn_request want;
	const char *path;
	unsigned int entries;
	uint8_t table[PIL_ELF_MAX_PHNUM * 48u];
	uint32_t address;
	const struct pil_mbn *old;
	struct leaf_units units;
	X509 *leaf;
	enum scheme scheme;
	uint8_t *certs;
	size_t certs_size;
	struct mbn_layout layout;
	size_t signed_size;
};

/**
 * struct sign_report - what came out
 * @version: of the header, or of the container format
 * @class, @segments: MBN images only
 * @images, @processor, @image_version, @key_hash: containers only; @images is 0 for MBN images
 */
struct sign_report {
	const char *output;
	unsigned int version;
	int class;
	unsigned int segments;
	uint64_t size;
	enum scheme scheme;
	unsigned int images;
	uint32_t processor, image_version;
	uint8_t key_hash[PIL_KEY_HASH_SIZE];
};

/* decide certificates, scheme and sizes; needs everything but @table; returns an enum status */
int seal_prepare(struct sealed *seal, const struct signing *signing);

/* write the hash segment, @size bytes of it, and sign it; returns an enum status */
int seal_write(struct sealed *seal, const struct signing *signing, uint8_t *segment, size_t size);

/* release what seal_prepare() took */
void seal_free(struct sealed *seal);

/* read headers and hash segment as a secure world does, and check everything but segments; returns an enum status */
int seal_check(const struct sealed *seal, const uint8_t *metadata, size_t size);

/* write digest @index of the table over @data; false after a complaint */
bool seal_digest(struct sealed *seal, unsigned int index, const void *data, size_t size);

/* the ways: a plain ELF file; an image that is signed already; a directory. All return an enum status. */
int sign_plain(const struct signing *signing, const char *input, const char *output, struct sign_report *report);
int sign_again(const struct signing *signing, const char *input, const char *output, struct sign_report *report);
int sign_tree(const struct signing *signing);

/* sign_again() for an image that is called @input and is the file @path now, to a file that was begun */
int sign_again_to(const struct signing *signing, const char *input, const char *path, struct output *out,
		  struct sign_report *report);

/* an image in pieces, by its .mdt; what comes out is such a set when @output ends in .mdt, otherwise one file */
int sign_split(const struct signing *signing, const char *input, const char *output, struct sign_report *report);

/**
 * sign_container() - make a container
 * @again: @inputs[0] is a container, whose images are signed again; otherwise @inputs are @count plain ELF files
 */
int sign_container(const struct signing *signing, char **inputs, unsigned int count, bool again, const char *output,
		   struct sign_report *report);

/* read the key of containers, to be released in any case; returns an enum status */
int container_key_load(struct container_key *key, const struct sign_options *opt);
void container_key_free(struct container_key *key);

/* what one file is called in a list: "MBN v6, ecdsa-sha384"; @text has at least 64 characters */
const char *sign_report_text(const struct sign_report *report, char *text);

/* --- sign_kind.c --- */

/** enum sign_kind - what an input is */
enum sign_kind {
	SIGN_PLAIN, /* an ELF file without hash segment */
	SIGN_IMAGE, /* with one */
	SIGN_SPLIT, /* a .mdt whose segments are in other files */
	SIGN_CONTAINER,
	SIGN_OTHER,
};

/* what @file is, and with SIGN_OTHER why */
enum sign_kind sign_kind_of(const struct file *file, struct pil_why *why);

/* --- sign_options.c --- */

/* read the command line, and the profile that it names; returns an enum status, -1 when help was asked for */
int sign_options_read(const struct command *cmd, struct sign_options *opt, int argc, char **argv);

/* --- profile.c --- */

/**
 * profile_read() - read a profile: lines "key = value", as pilot-profile(5) says
 * @path: the file
 * @take: called for each key, with its value as it would stand on the command line (lists with commas); returns an enum
 *        status
 * @context: for @take
 * Values live as long as the program.
 * Return: an enum status, after a complaint unless it is STATUS_OK
 */
int profile_read(const char *path, int (*take)(void *context, const char *key, char *value), void *context);

#endif

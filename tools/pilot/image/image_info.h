/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that can be said about one image file without asking whether it is genuine. */
#ifndef PILOT_TOOL_IMAGE_INFO_H
#define PILOT_TOOL_IMAGE_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/auth.h>
#include <pilot/image.h>
#include <pilot/plan.h>

#include "pilot.h"

#define INFO_CERTS_MAX 8u
#define INFO_NOTES_MAX 32u

/** enum info_kind - how far reading came */
enum info_kind {
	INFO_NOT_ELF, /* @why says why not */
	INFO_PLAIN,   /* ELF without hash segment */
	INFO_BROKEN,  /* ELF with a hash segment that cannot be read; @why */
	INFO_SIGNED,  /* everything could be read */
};

/** enum info_form - how the image lies in files */
enum info_form {
	INFO_COMBINED, /* one file */
	INFO_SPLIT,    /* NAME.mdt and a NAME.bNN for every segment */
	INFO_WRAPPED,  /* one file, in which a signed image was wrapped into another */
};

/**
 * struct info_chain - one authority's certificates, and what it binds the image to
 * @certs, @cert: leaf first, as far as they could be read
 * @root_hash:    SHA-384 of the root: the last one, or the one of several that the metadata selects
 * @binding:      from the metadata, or from the leaf
 */
struct info_chain {
	unsigned int certs;
	struct pil_cert cert[INFO_CERTS_MAX];
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	struct pil_mbn_binding binding;
};

/**
 * struct image_info - an image file
 * @file:   mapped
 * @kind:   how far reading came
 * @form:   how it lies in files
 * @why:    what was in the way
 * @elf:    headers, unless INFO_NOT_ELF
 * @image:  the image, with INFO_SIGNED; the inner one of a wrapped one
 * @outer:  the wrapper, with INFO_WRAPPED
 * @segment: with INFO_SIGNED: bytes of each segment; none of those whose file is missing
 * @part:   with INFO_SPLIT: the files of the segments
 * @missing: segments whose file is missing or has the wrong size
 * @planned, @plan: where its segments go, when that is decided by its headers
 * @signer: whose signature counts: the OEM's, or QTI's if that is the only one
 * @certs, @cert, @root_hash, @binding: its chain, as struct info_chain
 * @countersigned, @second: QTI has signed, too; its chain
 * @notes, @note: warnings, to be released
 */
struct image_info {
	struct file file;
	enum info_kind kind;
	enum info_form form;
	struct pil_why why;
	struct pil_elf elf;
	struct pil_image image;
	struct pil_image outer;
	struct pil_bytes segment[PIL_ELF_MAX_PHNUM];
	struct file part[PIL_ELF_MAX_PHNUM];
	unsigned int missing;
	bool planned;
	struct pil_plan plan;
	enum pil_authority signer;
	unsigned int certs;
	struct pil_cert cert[INFO_CERTS_MAX];
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	struct pil_mbn_binding binding;
	bool countersigned;
	struct info_chain second;
	unsigned int notes;
	char *note[INFO_NOTES_MAX];
};

/* read @path; false after a complaint when the file cannot be read at all */
bool image_info_open(struct image_info *info, const char *path, const struct pil_crypto *crypto);

/* the same without complaint: then errno is what file_error() explains */
bool image_info_read(struct image_info *info, const char *path, const struct pil_crypto *crypto);

/* release everything */
void image_info_close(struct image_info *info);

/* segment @index of a split image has no file, or one of the wrong size */
bool image_info_lacks(const struct image_info *info, unsigned int index);

/* "OEM", "QTI" */
const char *authority_name(enum pil_authority who);

/* name of a certificate's subject or issuer (DER), printable ASCII, in fresh memory */
char *cert_name(struct pil_bytes name);

/* "EC P-384", ... */
const char *key_type_name(const struct pil_cert *cert);

/* "ECDSA with SHA-384", ... */
const char *sig_alg_name(enum pil_sig_alg alg);

/* "SHA-384", ... */
const char *hash_alg_name(enum pil_hash_alg alg);

/* "AArch64", ...; NULL for a machine without a name here */
const char *machine_name(unsigned int machine);

/* "2046-11-16" from pil_cert's way of writing times; @text has at least 24 characters */
const char *date_text(uint64_t time, char *text);

/* @info as "pilot image show --json" prints it */
json_t *image_info_json(const struct image_info *info);

/* back end called @name, or NULL */
const struct pil_crypto *crypto_by_name(const char *name);

#endif

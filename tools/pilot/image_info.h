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
#define INFO_NOTES_MAX 24u

/** enum info_kind - how far reading came */
enum info_kind {
	INFO_NOT_ELF, /* @why says why not */
	INFO_PLAIN,   /* ELF without hash segment */
	INFO_BROKEN,  /* ELF with a hash segment that cannot be read; @why */
	INFO_SIGNED,  /* everything could be read */
};

/**
 * struct image_info - an image file
 * @file:   mapped
 * @kind:   how far reading came
 * @why:    what was in the way
 * @elf:    headers, unless INFO_NOT_ELF
 * @image:  the image, with INFO_SIGNED
 * @planned, @plan: where its segments go, when that is decided by its headers
 * @signer: whose signature counts: the OEM's, or QTI's if that is the only one
 * @certs, @cert: the chain, leaf first, as far as it could be read
 * @root_hash: SHA-384 of the last certificate
 * @notes, @note: warnings, to be released
 */
struct image_info {
	struct file file;
	enum info_kind kind;
	struct pil_why why;
	struct pil_elf elf;
	struct pil_image image;
	bool planned;
	struct pil_plan plan;
	enum pil_authority signer;
	unsigned int certs;
	struct pil_cert cert[INFO_CERTS_MAX];
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	unsigned int notes;
	char *note[INFO_NOTES_MAX];
};

/* read @path; false after a complaint when the file cannot be read at all */
bool image_info_open(struct image_info *info, const char *path, const struct pil_crypto *crypto);

/* release everything */
void image_info_close(struct image_info *info);

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

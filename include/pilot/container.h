/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE's remote-processor container, and Pilot's stricter use of it (docs/SPEC.md section 9): reading it here, and the
 * checks whether it is genuine.
 *
 * What the format itself leaves open: its signature covers the program headers and the bytes of segments, but neither
 * the rest of the ELF file (entry point, section headers, and with them the resource table) nor which processor may run
 * it nor how old it is. Three TLVs of Pilot close that; other loaders do not look at them.
 */
#ifndef PILOT_CONTAINER_H
#define PILOT_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/elf.h>
#include <pilot/error.h>

#define PIL_CONTAINER_IMAGES 4u	 /* images of one container */
#define PIL_KEY_HASH_SIZE    48u /* SHA-384 of a SubjectPublicKeyInfo in DER: how a device names a key */

/**
 * struct pil_container - a container that was read; pointers point into it
 * @signed_part: header and TLVs
 * @signature:   without padding
 * @sig_alg:     its scheme
 * @key_info:    value of PKEYINFO; empty when there is none
 * @images:      how many
 * @image:       their bytes, with padding
 * @elf:         their ELF headers
 * @table:       the hash table
 * @first:       where each image's hash table entries begin, in bytes from the start of the table
 * @has_processor, @processor: the processor that may run it, when it says so
 * @has_version, @version: image version, when it says so
 * @digests:     SHA-256 of each image, one after the other; empty when there are none
 * @unknown:     TLVs whose type has no meaning here
 */
struct pil_container {
	struct pil_bytes signed_part;
	struct pil_bytes signature;
	enum pil_sig_alg sig_alg;
	struct pil_bytes key_info;
	unsigned int images;
	struct pil_bytes image[PIL_CONTAINER_IMAGES];
	struct pil_elf elf[PIL_CONTAINER_IMAGES];
	struct pil_bytes table;
	size_t first[PIL_CONTAINER_IMAGES];
	bool has_processor, has_version;
	uint32_t processor, version;
	struct pil_bytes digests;
	unsigned int unknown;
};

/** enum pil_container_check - the checks by name, in their order; a result has one bit for each */
enum pil_container_check {
	PIL_CONTAINER_KEY = 0,	 /* the key is one that is trusted (not set when the policy names none) */
	PIL_CONTAINER_SIGNATURE, /* signature over header and TLVs */
	PIL_CONTAINER_PROCESSOR, /* for this processor (not set when the policy does not ask) */
	PIL_CONTAINER_ROLLBACK,	 /* not older than this device accepts (not set when the policy does not ask) */
	PIL_CONTAINER_HEADERS,	 /* program headers are those of the hash table, in their order and number */
	PIL_CONTAINER_WHOLE,	 /* digest of each image as a whole */
	PIL_CONTAINER_SEGMENTS,	 /* digests of all segments */
	PIL_CONTAINER_CHECKS
};

/**
 * struct pil_container_policy - what is asked of a container
 * @key:       public key that is trusted, SubjectPublicKeyInfo in DER; empty: the key of PKEYINFO
 * @key_hash:  PIL_KEY_HASH_SIZE bytes, SHA-384 of the key that is trusted; NULL: not compared
 * @strict:    refuse a container without Pilot's three TLVs; otherwise what they would say is only noted as missing,
 *             unless the policy asks for it
 * @check_processor, @processor: the processor that is to run it
 * @check_version, @least_version: the oldest version that is accepted
 *
 * With neither @key nor @key_hash anybody can have signed it: the check of the key is then not done.
 */
struct pil_container_policy {
	struct pil_bytes key;
	const uint8_t *key_hash;
	bool strict;
	bool check_processor, check_version;
	uint32_t processor, least_version;
};

/**
 * struct pil_container_result - what was found; filled as far as the checks came, also on failure
 * @done:     bit per enum pil_container_check that passed
 * @missing:  bit per check that could not be made because the container does not have its TLV
 * @key:      the key that was used; only @spki, @key and @key_bits count
 * @key_hash: SHA-384 of it
 */
struct pil_container_result {
	uint32_t done;
	uint32_t missing;
	struct pil_cert key;
	uint8_t key_hash[PIL_KEY_HASH_SIZE];
};

/**
 * pil_container_recognize() - does a file begin as a container does?
 * @data: its first bytes
 * @size: how many
 * Return: true when the first word is the container's magic number
 */
bool pil_container_recognize(const void *data, size_t size);

/**
 * pil_container_knows() - does a type of TLV mean something here?
 * @type: any number
 * Return: false when pil_container_parse() passes such a TLV over
 */
bool pil_container_knows(uint32_t type);

/**
 * pil_container_parse() - read a container
 * @data: the file, from memory that nobody else can change
 * @size: its length
 * @c:    result
 * @why:  reason of a failure, or NULL
 *
 * Checks structure only: every length, no TLV twice, padding of zeros, 1 to PIL_CONTAINER_IMAGES images, all ELF files
 * (32 or 64 bit) with their segments inside, as many hash table entries as program headers. After a failure @c is all zero.
 *
 * Return: 0; -PIL_ETRUNC (CONTAINER_SHORT, CONTAINER_TLV_END); -PIL_EVERSION (CONTAINER_VERSION); -PIL_EUNSUPPORTED
 * (CONTAINER_SIGN_TYPE, CONTAINER_HASH_TYPE, CONTAINER_IMAGE_TYPE); -PIL_EFORMAT (CONTAINER_MAGIC,
 * CONTAINER_SIZE, CONTAINER_TLV_TWICE, CONTAINER_TLV_MISSING, CONTAINER_TLV_LENGTH, CONTAINER_PADDING,
 * CONTAINER_SIGN_LENGTH, CONTAINER_IMAGES, CONTAINER_IMAGE_SIZE, CONTAINER_TABLE); errors of pil_elf_parse();
 * ELF_SEGMENT_WRAP, ELF_SEGMENT_END
 */
int pil_container_parse(const void *data, size_t size, struct pil_container *c, struct pil_why *why);

/**
 * pil_container_entry() - hash table entry of a program header
 * @c:     container
 * @image: number of the image
 * @index: number of the program header in it
 * Return: the entry, laid out as struct pil_container_entry_wire, or struct pil_container_entry64_wire for an ELF64
 * image; NULL when there is none
 */
const uint8_t *pil_container_entry(const struct pil_container *c, unsigned int image, unsigned int index);

/**
 * pil_container_digest() - the digest in it
 * @c, @image, @index: as pil_container_entry()
 * Return: PIL_CONTAINER_DIGEST bytes (include/pilot/wire/container.h); NULL when there is no such entry
 */
const uint8_t *pil_container_digest(const struct pil_container *c, unsigned int image, unsigned int index);

/**
 * pil_container_check() - make one check
 * @c:      container
 * @check:  which; PIL_CONTAINER_KEY must have been made before PIL_CONTAINER_SIGNATURE
 * @policy: what is asked
 * @crypto: back end
 * @result: the check's bit in @done or @missing is set, or none when the policy does not ask for it
 * @why:    reason of a refusal, or NULL
 *
 * Return: 0; -PIL_EAUTH (CONTAINER_KEY_NONE, CONTAINER_KEY_HASH, CONTAINER_SIGNATURE, CONTAINER_PHDR,
 * CONTAINER_ELF_DIGEST, CONTAINER_SEGMENT); -PIL_EBINDING (CONTAINER_LOOSE, CONTAINER_PROCESSOR, ROLLBACK);
 * -PIL_EFORMAT (KEY_PARSE); -PIL_EUNSUPPORTED (KEY_TYPE, CONTAINER_KEY_TYPE); errors of the back end
 */
int pil_container_check(const struct pil_container *c, enum pil_container_check check,
			const struct pil_container_policy *policy, const struct pil_crypto *crypto,
			struct pil_container_result *result, struct pil_why *why);

/**
 * pil_container_auth() - make all checks in their order, up to the first that fails
 * @c, @policy, @crypto, @result, @why: as for pil_container_check(); @result is cleared first
 *
 * A container is genuine when this returned 0 and @result->done has all bits that the policy asked for.
 *
 * Return: as pil_container_check()
 */
int pil_container_auth(const struct pil_container *c, const struct pil_container_policy *policy,
		       const struct pil_crypto *crypto, struct pil_container_result *result, struct pil_why *why);

/**
 * pil_container_check_name() - name of a check for logs and JSON
 * Return: for example "signature"; "?" for a number that is no check
 */
const char *pil_container_check_name(enum pil_container_check check);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hash segment of Qualcomm's MBN images (docs/SPEC.md section 3): digests of all segments, signing metadata,
 * signatures and certificate chains. One struct describes every header version; each version has its own reader
 * (lib/image/mbn_v6.c, ...) that fills it, chosen from one table.
 */
#ifndef PILOT_MBN_H
#define PILOT_MBN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/elf.h>
#include <pilot/error.h>

/** enum pil_authority - who can sign */
enum pil_authority {
	PIL_OEM = 0,
	PIL_QTI = 1,
	PIL_AUTHORITIES = 2,
};

#define PIL_MBN_SOC_VERS 12u
#define PIL_MBN_SERIALS	 8u

/**
 * struct pil_mbn_binding - what an authority's signing metadata binds the image to
 * @present:       the authority has metadata
 * @major, @minor: version of the metadata
 * @sw_id:         software id (what peripheral the image is for)
 * @secondary_sw_id: secondary software id (an application's id)
 * @anti_rollback: rollback version
 * @root_index:    index of the root certificate in a chain with several
 * @soc_vers:      SoC hardware versions that may run it; 0 ends the list
 * @jtag_id:       chip id
 * @oem_id, @model_id: maker and product
 * @serials:       serial numbers that may run it
 * @flags:         the raw flags word
 * @use_*:         the flags say that this field binds
 */
struct pil_mbn_binding {
	bool present;
	uint32_t major, minor;
	uint32_t sw_id;
	uint32_t secondary_sw_id;
	uint32_t anti_rollback;
	uint32_t root_index;
	uint32_t soc_vers[PIL_MBN_SOC_VERS];
	uint32_t jtag_id;
	uint32_t oem_id, model_id;
	uint64_t serials[PIL_MBN_SERIALS];
	uint32_t flags;
	bool use_soc, use_jtag, use_oem, use_model, use_serial;
};

/** struct pil_mbn_signer - one authority's part of the hash segment */
struct pil_mbn_signer {
	struct pil_bytes metadata;
	struct pil_bytes signature; /* the whole field, with padding */
	struct pil_bytes certs;	    /* the whole field, with padding */
	struct pil_mbn_binding binding;
};

/**
 * struct pil_mbn - a hash segment; pointers point into the bytes that were parsed
 * @version:   header version: 6 (3, 5, 7 and 8 follow)
 * @header_size: bytes of the header: 40, 48 or 56
 * @segment:   the whole hash segment
 * @hashes:    the hash table
 * @hash_alg:  its digest
 * @hash_count: entries in it
 * @signed_part: header, metadata and hash table: what signatures cover, before blanking
 * @signer:    by enum pil_authority
 */
struct pil_mbn {
	uint32_t version;
	size_t header_size;
	struct pil_bytes segment;
	struct pil_bytes hashes;
	enum pil_hash_alg hash_alg;
	unsigned int hash_count;
	struct pil_bytes signed_part;
	struct pil_mbn_signer signer[PIL_AUTHORITIES];
};

/**
 * pil_mbn_parse() - read a hash segment
 * @segment: its bytes
 * @size:    its length (p_filesz of the hash program header)
 * @phnum:   number of program headers of the image, which the hash table must cover
 * @mbn:     result
 * @why:     reason of a failure, or NULL
 *
 * Checks structure only; whether anything in it is genuine is pil_auth_check()'s business. Bytes after the last
 * region are padding and are not looked at. After a failure @mbn is all zero.
 *
 * Return: 0; -PIL_ETRUNC (MBN_SHORT, MBN_REGIONS); -PIL_EVERSION (MBN_VERSION, MBN_METADATA_VERSION); -PIL_EFORMAT
 * (MBN_HASH_SIZE, MBN_METADATA_SIZE, MBN_FLAGS); -PIL_EAUTH (MBN_PLACEHOLDER)
 */
int pil_mbn_parse(const void *segment, size_t size, unsigned int phnum, struct pil_mbn *mbn, struct pil_why *why);

/**
 * pil_mbn_entry() - entry of the hash table for program header @index
 * @mbn:   from pil_mbn_parse()
 * @index: less than @mbn->hash_count
 * Return: pil_hash_size(@mbn->hash_alg) bytes, or NULL when there is no such entry
 */
const uint8_t *pil_mbn_entry(const struct pil_mbn *mbn, unsigned int index);

/**
 * pil_mbn_hash_signed() - digest of what an authority signs
 * @mbn:    from pil_mbn_parse()
 * @who:    whose signature
 * @crypto: back end
 * @alg:    digest to use
 * @out:    pil_hash_size(@alg) bytes
 * @why:    reason of a failure, or NULL
 *
 * The signed bytes are @mbn->signed_part with the other authority's sizes and metadata taken as zero
 * (docs/SPEC.md section 3.4), whatever the version needs.
 *
 * Return: 0 or what the back end returns
 */
int pil_mbn_hash_signed(const struct pil_mbn *mbn, enum pil_authority who, const struct pil_crypto *crypto,
			enum pil_hash_alg alg, uint8_t *out, struct pil_why *why);

#endif

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

#define PIL_MBN_LAST_WITHOUT_METADATA 5u /* up to this version the leaf certificate says what an image is bound to */

/** enum pil_mbn_encryption - parameters of encrypted segments, which follow the last region */
enum pil_mbn_encryption {
	PIL_MBN_PLAIN = 0,
	PIL_MBN_UIE,  /* unified image encryption */
	PIL_MBN_QBEC, /* boot encryption */
};

#define PIL_MBN_SOC_VERS  12u
#define PIL_MBN_SERIALS	  8u
#define PIL_MBN_ROOT_HASH 64u

/** enum pil_mbn_source - where what an image is bound to was read */
enum pil_mbn_source {
	PIL_BOUND_NOWHERE = 0,
	PIL_BOUND_BY_METADATA, /* signing metadata of the hash segment: versions 6, 7, 8 */
	PIL_BOUND_BY_LEAF,     /* subject of the leaf certificate: versions 3 and 5; see pil_auth_leaf_binding() */
};

/**
 * struct pil_mbn_binding - what an authority binds the image to
 * @present:       there is such a statement
 * @source:        where
 * @major, @minor: version of the metadata; 0 with PIL_BOUND_BY_LEAF
 * @sw_id:         software id (what peripheral the image is for)
 * @secondary_sw_id: secondary software id (an application's id)
 * @anti_rollback: rollback version
 * @root_index:    index of the root certificate in a chain with several
 * @soc_vers:      SoC hardware versions that may run it; 0 ends the list
 * @jtag_id:       chip id
 * @oem_id, @model_id: maker and product
 * @serials:       serial numbers that may run it
 * @flags:         the raw flags word of the metadata
 * @use_*:         the flags say that this field binds
 *
 * Versions 7 and 8 only:
 * @product_segment: product segment or feature of the SoC
 * @soc_lifecycle, @oem_lifecycle: state of the SoC's, of the maker's lifecycle
 * @oem_root_alg:  how the hash of the maker's root is made
 * @oem_root_hash: that hash, at the start of the field
 * @jtag_debug:    the chip id binds debugging
 * @transfer_root: the root of trust is handed on
 *
 * Versions 3 and 5 only:
 * @leaf_sw_id:    SW_ID as written: the rollback version in its upper, the software id in its lower half
 * @leaf_hw_id:    HW_ID as written
 * @leaf_debug:    DEBUG as written
 * @leaf_has_*:    it is there
 */
struct pil_mbn_binding {
	bool present;
	enum pil_mbn_source source;
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
	uint32_t product_segment;
	uint32_t soc_lifecycle, oem_lifecycle;
	uint32_t oem_root_alg;
	uint8_t oem_root_hash[PIL_MBN_ROOT_HASH];
	bool use_product_segment, use_soc_lifecycle, use_oem_lifecycle, use_oem_root;
	bool jtag_debug, transfer_root;
	uint64_t leaf_sw_id, leaf_hw_id, leaf_debug;
	bool leaf_has_sw_id, leaf_has_hw_id, leaf_has_debug;
};

/** struct pil_mbn_signer - one authority's part of the hash segment */
struct pil_mbn_signer {
	struct pil_bytes metadata;
	struct pil_bytes signature; /* the whole field, with padding */
	struct pil_bytes certs;	    /* the whole field, with padding */
	struct pil_mbn_binding binding; /* by metadata; not present in versions 3 and 5 */
};

/**
 * struct pil_mbn_common - what versions 7 and 8 say once for both authorities
 * @present:         false in older versions
 * @major, @minor:   version of this statement
 * @sw_id, @secondary_sw_id: as in struct pil_mbn_binding, where they are, too
 * @measurement_register: where the image's digest is to be recorded
 */
struct pil_mbn_common {
	bool present;
	uint32_t major, minor;
	uint32_t sw_id, secondary_sw_id;
	uint32_t measurement_register;
};

/**
 * struct pil_mbn - a hash segment; pointers point into the bytes that were parsed
 * @version:   header version: 3, 5, 6, 7 or 8
 * @header_size: bytes of the header: 40, 48 or 56
 * @segment:   the whole hash segment
 * @common:    common metadata
 * @hashes:    the hash table
 * @hash_alg:  its digest
 * @hash_count: entries in it
 * @signed_part: header, metadata and hash table: what signatures cover, before blanking
 * @signer:    by enum pil_authority
 * @end:       where the last region ends; what follows is padding, or parameters of encryption
 * @encryption: the segments are encrypted: nothing here can decrypt them
 */
struct pil_mbn {
	uint32_t version;
	size_t header_size;
	struct pil_bytes segment;
	struct pil_mbn_common common;
	struct pil_bytes hashes;
	enum pil_hash_alg hash_alg;
	unsigned int hash_count;
	struct pil_bytes signed_part;
	struct pil_mbn_signer signer[PIL_AUTHORITIES];
	size_t end;
	enum pil_mbn_encryption encryption;
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
 * region are padding; only whether they begin as parameters of encryption do is looked at. After a failure @mbn is all zero.
 *
 * Return: 0; -PIL_ETRUNC (MBN_SHORT, MBN_REGIONS); -PIL_EVERSION (MBN_VERSION, MBN_METADATA_VERSION); -PIL_EFORMAT
 * (MBN_HASH_SIZE, MBN_METADATA_SIZE, MBN_COMMON_SIZE, MBN_RESERVED, MBN_FLAGS); -PIL_EUNSUPPORTED (MBN_HASH_ALGORITHM);
 * -PIL_EAUTH (MBN_PLACEHOLDER)
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
 * (docs/SPEC.md section 3.4), except that the OEM of version 5 signs the QTI sizes as they are.
 *
 * Return: 0 or what the back end returns
 */
int pil_mbn_hash_signed(const struct pil_mbn *mbn, enum pil_authority who, const struct pil_crypto *crypto,
			enum pil_hash_alg alg, uint8_t *out, struct pil_why *why);

#endif

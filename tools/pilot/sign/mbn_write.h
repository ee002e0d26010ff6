/* SPDX-License-Identifier: BSD-2-Clause */
/* Building hash segments (docs/SPEC.md section 3). Each header version has a file of its own; this is what they share. */
#ifndef PILOT_TOOL_MBN_WRITE_H
#define PILOT_TOOL_MBN_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/mbn.h>

/** enum mbn_option - an option of two bits: leave as it is on the device, switch off, switch on */
enum mbn_option { MBN_NOP, MBN_DISABLE, MBN_ENABLE, MBN_OPTIONS };

/* word for an option's value */
const char *mbn_option_name(uint32_t option);

/**
 * struct mbn_request - what an image shall be bound to; what is not set stays as the metadata has it
 * @soc, @oem, @model, @sw_id, @anti_rollback, @serial, @root_index, @jtag, @oem_root, @transfer_root: that field of
 *           @binding counts, with its use_*
 * @binding: the values
 * @debug, @debug_option: debugging; versions 7 and 8 know MBN_NOP and MBN_ENABLE
 * @root_revoke, @root_option: revocation and activation of roots
 */
struct mbn_request {
	bool soc, oem, model, sw_id, anti_rollback, serial, root_index, jtag, oem_root, transfer_root;
	struct pil_mbn_binding binding;
	bool debug, root_revoke;
	enum mbn_option debug_option, root_option;
};

/* fields that only some versions have */
#define MBN_HAS_SERIAL	      (1u << 0)
#define MBN_HAS_DEBUG	      (1u << 1)
#define MBN_HAS_DEBUG_DISABLE (1u << 2)
#define MBN_HAS_ROOT_REVOKE   (1u << 3)
#define MBN_HAS_OEM_ROOT      (1u << 4)
#define MBN_HAS_TRANSFER_ROOT (1u << 5)
#define MBN_HAS_V6	      (MBN_HAS_SERIAL | MBN_HAS_DEBUG | MBN_HAS_DEBUG_DISABLE | MBN_HAS_ROOT_REVOKE)
#define MBN_HAS_V7	      (MBN_HAS_SERIAL | MBN_HAS_DEBUG | MBN_HAS_OEM_ROOT | MBN_HAS_TRANSFER_ROOT)

/**
 * struct mbn_layout - sizes that the header names
 * @hashes:    bytes of the hash table
 * @signature: bytes of the OEM's signature field
 * @certs:     bytes of the OEM's certificates field
 * @segment:   bytes of the whole hash segment
 * @address:   p_paddr of the hash segment
 * @signed_by_two: another authority signed the header's other words: they must stay
 */
struct mbn_layout {
	uint32_t hashes;
	uint32_t signature;
	uint32_t certs;
	uint32_t segment;
	uint32_t address;
	bool signed_by_two;
};

/**
 * struct mbn_writer - one header version
 * @version:     as in the header
 * @header_size: bytes of the header
 * @common_size: bytes of the metadata that all authorities share; behind the header
 * @metadata_size: bytes of the OEM's metadata; behind that. 0: the leaf certificate says what the image is bound to
 * @has:         MBN_HAS_...
 * @longest:     longest digest that the hash table may have
 * @header:      write the words that do not depend on sizes
 * @sizes:       write those that do
 * @metadata:    change metadata to what is asked; zeros become new metadata
 * @common:      the same for the shared metadata
 */
struct mbn_writer {
	unsigned int version;
	size_t header_size;
	size_t common_size;
	size_t metadata_size;
	unsigned int has;
	enum pil_hash_alg longest;
	void (*header)(uint8_t *header);
	void (*sizes)(const struct mbn_layout *layout, uint8_t *header);
	void (*metadata)(const struct mbn_request *want, uint8_t *metadata);
	void (*common)(const struct mbn_request *want, enum pil_hash_alg alg, uint8_t *common);
};

extern const struct mbn_writer mbn_writer_v3;
extern const struct mbn_writer mbn_writer_v5;
extern const struct mbn_writer mbn_writer_v6;
extern const struct mbn_writer mbn_writer_v7;
extern const struct mbn_writer mbn_writer_v8;

/* writer of @version, or NULL */
const struct mbn_writer *mbn_writer_find(uint64_t version);

/* the option that asks for a field which @writer does not have, "--serial"; NULL when it has all */
const char *mbn_writer_lacks(const struct mbn_writer *writer, const struct mbn_request *want);

/** struct mbn_places - where metadata has what several versions have */
struct mbn_places {
	size_t oem_id, model_id, jtag_id, soc_vers, root_index, anti_rollback;
};

/* write what is asked of these */
void mbn_write_places(const struct mbn_places *at, const struct mbn_request *want, uint8_t *metadata);

/* metadata of versions 7 and 8, and what they share; @major is the version of new metadata */
void mbn_v7_metadata(const struct mbn_request *want, uint32_t major, uint8_t *metadata);
void mbn_v7_common(const struct mbn_request *want, enum pil_hash_alg alg, uint8_t *common);

#endif

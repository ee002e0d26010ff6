/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is an image genuine, and is it for this device and this peripheral? (docs/SPEC.md section 4)
 *
 * Order: pil_auth_check() on the metadata (chain, root, signature, binding, digest of the headers), then
 * pil_auth_segment() on the bytes of every segment. An image is genuine only when all of them returned 0.
 */
#ifndef PILOT_AUTH_H
#define PILOT_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>
#include <pilot/error.h>
#include <pilot/image.h>

#define PIL_ROOT_HASH_SIZE   48u /* SHA-384 */
#define PIL_ROOT_SHA256_SIZE 32u
#define PIL_MAX_ROOTS	     4u
#define PIL_MAX_CERTS	     (2u + PIL_MAX_ROOTS) /* leaf, authority, roots */

/** enum pil_life - life cycle of a device (docs/SPEC.md section 5.1) */
enum pil_life {
	PIL_LIFE_UNKNOWN = 0, /* nobody said; treated as PIL_LIFE_SECURE */
	PIL_LIFE_OPEN,	      /* being developed: images are checked as in the field */
	PIL_LIFE_SECURE,      /* in the field: debugging is never enabled */
	PIL_LIFE_RMA,	      /* returned to its maker: only images bound to its serial number run */
};

/* debug policy */
#define PIL_DEBUG_COREDUMP 0x1u /* a crashed peripheral's memory may be shown to the host */
#define PIL_DEBUG_IMAGE	   0x2u /* images that enable debugging may run */

/**
 * struct pil_device - what the fuses say (include/pilot/wire/fuses.h is their layout)
 * @soc_version: SoC hardware version (family and number, e.g. 0x6019)
 * @jtag_id:     chip id
 * @oem_id, @model_id: maker and product
 * @serial:      serial number
 * @root_count:  root hashes that are programmed, 1 to PIL_MAX_ROOTS
 * @root_active: bit per root hash: images may end in it
 * @root_revoked: bit per root hash: images may not, whatever @root_active and other places with the same hash say
 * @life_cycle:  see enum pil_life
 * @debug:       PIL_DEBUG_... bits
 * @root_hash:   digest of root certificates (DER) that this device trusts
 * @root_alg:    which digest: PIL_SHA384; PIL_SHA256 of old parts (the first 32 bytes count). PIL_HASH_NONE: SHA-384
 * @has_key:     a key for containers is programmed
 * @key_hash:    SHA-384 of its SubjectPublicKeyInfo
 * @loose_containers: containers without Pilot's TLVs may run, as far as they say anything (include/pilot/container.h)
 */
struct pil_device {
	uint32_t soc_version;
	uint32_t jtag_id;
	uint32_t oem_id, model_id;
	uint64_t serial;
	unsigned int root_count;
	uint32_t root_active, root_revoked;
	enum pil_life life_cycle;
	uint32_t debug;
	uint8_t root_hash[PIL_MAX_ROOTS][PIL_ROOT_HASH_SIZE];
	enum pil_hash_alg root_alg[PIL_MAX_ROOTS];
	bool has_key;
	uint8_t key_hash[PIL_ROOT_HASH_SIZE];
	bool loose_containers;
};

/** enum pil_check - the checks by name, in their order; a result has one bit for each */
enum pil_check {
	PIL_CHECK_CHAIN = 0, /* certificates well formed, each signed by the next, root by itself */
	PIL_CHECK_ROOT,	     /* root certificate is one the device trusts (not set without a device) */
	PIL_CHECK_SIGNATURE, /* leaf's signature over header, metadata and hash table */
	PIL_CHECK_BINDING,   /* SoC, OEM, product, serial, chip id (not set without a device) */
	PIL_CHECK_SOFTWARE,  /* software id fits the peripheral (not set when the policy does not ask) */
	PIL_CHECK_HEADERS,   /* digest of ELF header and program headers */
	PIL_CHECK_SEGMENTS,  /* digests of all segments (set by the caller of pil_auth_segment()) */
	PIL_CHECK_COUNT
};

struct pil_auth_schemes;

/**
 * struct pil_auth_rules - what kinds of images are accepted at all
 * @schemes:       keys and signatures
 * @leaf_binding:  how versions without signing metadata say what an image is bound to; NULL: they do not
 * @least_version: oldest version of the hash segment
 * @least_digest:  shortest digest of the hash table
 * @max_roots:     root certificates at the end of the chain, 1 to PIL_MAX_ROOTS; the metadata selects one
 * @countersigned: an image may have parts of another authority than the one that is asked about
 * @any_key_usage: an authority's certificate may lack the key usage extension (RFC 5280 4.2.1.3 wants it)
 * @empty_entries: hash table entries of segments without bytes may be other than zero: pil_auth_entry() looks at them
 */
struct pil_auth_rules {
	const struct pil_auth_schemes *schemes;
	int (*leaf_binding)(const struct pil_cert *leaf, struct pil_mbn_binding *binding, struct pil_why *why);
	uint32_t least_version;
	enum pil_hash_alg least_digest;
	unsigned int max_roots;
	bool countersigned;
	bool any_key_usage;
	bool empty_entries;
};

/*
 * pil_auth_rules_device: for secure worlds. Versions 6 to 8, ECDSA on P-384 with SHA-384 in every certificate and on the
 * image, hash tables of SHA-384, one authority. Of several roots the metadata selects one.
 *
 * pil_auth_rules_all: everything that the field uses, for looking at images offline. Also versions 3 and 5, SHA-256,
 * ECDSA on P-256, RSA of 2048 to 4096 bits (PSS, and the raw scheme of version 3), two authorities.
 *
 * A program that names only one of them links only what that one needs.
 */
extern const struct pil_auth_rules pil_auth_rules_device;
extern const struct pil_auth_rules pil_auth_rules_all;

/**
 * struct pil_auth_policy - what is asked of an image
 * @device:    the device; NULL: binding and root are not checked (offline inspection)
 * @check_sw_id: compare the software id
 * @sw_id:     software id that the peripheral takes
 * @least_rollback: images with a lower rollback version are refused
 * @authority: whose signature, metadata and chain are checked; 0 is PIL_OEM. An image of two is genuine when both are.
 * @rules:     what kinds of images are accepted; NULL: pil_auth_rules_device
 */
struct pil_auth_policy {
	const struct pil_device *device;
	bool check_sw_id;
	uint32_t sw_id;
	uint32_t least_rollback;
	enum pil_authority authority;
	const struct pil_auth_rules *rules;
};

/**
 * struct pil_auth_result - what was found; filled as far as the checks came, also on failure
 * @done:      bit per enum pil_check that passed
 * @certs:     certificates in the field, leaf first
 * @roots:     how many of them, at the end, are roots
 * @root:      index of the root that the chain ends in
 * @cert:      what they say
 * @root_hash: SHA-384 of that root certificate
 * @root_hash256: its SHA-256, when the device has one to compare with
 * @sig_alg:   scheme of the image's signature
 * @binding:   what the image is bound to, wherever that was said
 */
struct pil_auth_result {
	uint32_t done;
	unsigned int certs, roots, root;
	struct pil_cert cert[PIL_MAX_CERTS];
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	uint8_t root_hash256[PIL_ROOT_SHA256_SIZE];
	enum pil_sig_alg sig_alg;
	struct pil_mbn_binding binding;
};

/**
 * pil_auth_check() - check everything about an image but its segments
 * @image:  read by pil_image_from_file() or pil_image_from_metadata(), from memory that nobody else can change
 * @policy: device, peripheral, rules
 * @crypto: back end
 * @result: what was found
 * @why:    reason of a refusal, or NULL
 *
 * Validity dates of certificates do not count: the secure world has no clock that it could trust, and real images
 * outlive their certificates.
 *
 * A chain is leaf, perhaps an authority, then one root, or several of which the metadata's root index selects one.
 * The root that is selected must be in a place of the device's fuses that is activated, and in none that is revoked.
 * With a device, an image that is bound to neither SoC nor chip id is refused.
 *
 * Return: 0; -PIL_EAUTH (SIG_NONE, CERT_..., SIG_MISMATCH, HASH_HEADERS); -PIL_EBINDING (BIND_..., ROLLBACK);
 * -PIL_EFORMAT (CERT_COUNT, CERT_DER, CERT_TRAILING, CERT_PARSE, SIG_FORMAT, LEAF_FIELD, HASH_NOT_ZERO,
 * PLAN_HASHED_GAP); -PIL_EUNSUPPORTED (POLICY_VERSION, MBN_ENCRYPTED, CERT_KEY, CERT_SIGALG, SIG_QTI, HASH_ALGORITHM);
 * -PIL_ENOMEM; -PIL_EBOARD (CRYPTO_INTERNAL)
 */
int pil_auth_check(const struct pil_image *image, const struct pil_auth_policy *policy, const struct pil_crypto *crypto,
		   struct pil_auth_result *result, struct pil_why *why);

/**
 * pil_auth_leaf_binding() - what the subject of a leaf certificate binds an image to (versions 3 and 5)
 * @leaf:    read by a back end's cert_read
 * @binding: result; not present when the subject has none of the fields
 * @why:     reason of a failure, or NULL
 *
 * The fields are organizational units of the form "NN HEX NAME" (docs/SPEC.md section 3.2). Units that do not begin
 * with two digits and a space are names and nothing else.
 *
 * Return: 0 or -PIL_EFORMAT (LEAF_FIELD)
 */
int pil_auth_leaf_binding(const struct pil_cert *leaf, struct pil_mbn_binding *binding, struct pil_why *why);

/** enum pil_entry - what a hash table entry is */
enum pil_entry {
	PIL_ENTRY_UNKNOWN = 0,
	PIL_ENTRY_DIGEST,      /* digest of the segment's bytes (entry 0: of the headers) */
	PIL_ENTRY_HASH,	       /* zero: the hash segment itself */
	PIL_ENTRY_EMPTY,       /* zero: the segment has no bytes */
	PIL_ENTRY_OF_NOTHING,  /* digest of no bytes, in some old images */
	PIL_ENTRY_WHOLE_IMAGE, /* digest of all loadable segments, in some new images */
};

/**
 * pil_auth_entry() - check one entry of the hash table, whatever it is of
 * @image:    the image
 * @segments: by program header: its p_filesz bytes, wherever they are
 * @index:    program header index, at least @image->first
 * @crypto:   back end
 * @entry:    result: what the entry is
 * @why:      reason of a refusal, or NULL
 *
 * For a tool that has all segments. Unlike pil_auth_segment() it knows what entries of segments without bytes can be.
 *
 * Return: 0; -PIL_EAUTH (HASH_SEGMENT); -PIL_EFORMAT (PLAN_HASHED_GAP, HASH_NOT_ZERO: it is nothing that is known);
 * errors of the back end
 */
int pil_auth_entry(const struct pil_image *image, const struct pil_bytes *segments, unsigned int index,
		   const struct pil_crypto *crypto, enum pil_entry *entry, struct pil_why *why);

/**
 * pil_auth_segment() - compare one segment with the hash table
 * @image:  the image
 * @index:  program header index
 * @data:   the segment's bytes where they will run (or in the file), p_filesz of them
 * @size:   p_filesz
 * @crypto: back end
 * @why:    reason of a refusal, or NULL
 *
 * The entries of the hash segment and of segments without bytes must be zero; @data is not looked at then.
 *
 * Return: 0; -PIL_EAUTH (HASH_SEGMENT; also when @size is not p_filesz); -PIL_EFORMAT (PLAN_HASHED_GAP: no such program
 * header or table entry; HASH_NOT_ZERO); errors of the back end
 */
int pil_auth_segment(const struct pil_image *image, unsigned int index, const void *data, size_t size,
		     const struct pil_crypto *crypto, struct pil_why *why);

/**
 * pil_auth_segment_digest() - the same for a segment that came in pieces and was digested on the way
 * @image:  the image
 * @index:  program header index
 * @size:   bytes that were digested
 * @digest: their digest, of the hash table's algorithm
 * @why:    reason of a refusal, or NULL
 *
 * Return: as pil_auth_segment()
 */
int pil_auth_segment_digest(const struct pil_image *image, unsigned int index, size_t size,
			    const uint8_t digest[PIL_DIGEST_MAX], struct pil_why *why);

/**
 * pil_check_name() - name of a check for logs and JSON
 * Return: for example "signature"; "?" for a number that is no check
 */
const char *pil_check_name(enum pil_check check);

/**
 * pil_cert_split() - length of the DER element at the start of @data
 * @data: bytes
 * @size: how many
 * Return: tag, length and value together, in bytes; 0 when it is no definite-length SEQUENCE inside @size bytes
 */
size_t pil_cert_split(const uint8_t *data, size_t size);

#endif

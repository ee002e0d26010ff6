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

#define PIL_ROOT_HASH_SIZE 48u	/* SHA-384 */
#define PIL_MAX_CERTS 3u
#define PIL_MAX_ROOTS 4u

/**
 * struct pil_device - what the fuses say (include/pilot/wire/fuses.h is their layout)
 * @soc_version: SoC hardware version (family and number, e.g. 0x6019)
 * @jtag_id:     chip id
 * @oem_id, @model_id: maker and product
 * @serial:      serial number
 * @root_count:  root hashes that are programmed, 1 to PIL_MAX_ROOTS
 * @root_hash:   SHA-384 of root certificates (DER) that this device trusts
 */
struct pil_device {
	uint32_t soc_version;
	uint32_t jtag_id;
	uint32_t oem_id, model_id;
	uint64_t serial;
	unsigned int root_count;
	uint8_t root_hash[PIL_MAX_ROOTS][PIL_ROOT_HASH_SIZE];
};

/** enum pil_check - the checks by name, in their order; a result has one bit for each */
enum pil_check {
	PIL_CHECK_CHAIN = 0,	/* certificates well formed, each signed by the next, root by itself */
	PIL_CHECK_ROOT,		/* root certificate is one the device trusts (not set without a device) */
	PIL_CHECK_SIGNATURE,	/* leaf's signature over header, metadata and hash table */
	PIL_CHECK_BINDING,	/* SoC, OEM, product, serial, chip id (not set without a device) */
	PIL_CHECK_SOFTWARE,	/* software id fits the peripheral (not set when the policy does not ask) */
	PIL_CHECK_HEADERS,	/* digest of ELF header and program headers */
	PIL_CHECK_SEGMENTS,	/* digests of all segments (set by the caller of pil_auth_segment()) */
	PIL_CHECK_COUNT
};

/**
 * struct pil_auth_policy - what is asked of an image
 * @device:    the device; NULL: binding and root are not checked (offline inspection)
 * @check_sw_id: compare the software id
 * @sw_id:     software id that the peripheral takes
 */
struct pil_auth_policy {
	const struct pil_device *device;
	bool check_sw_id;
	uint32_t sw_id;
};

/**
 * struct pil_auth_result - what was found; filled as far as the checks came, also on failure
 * @done:      bit per enum pil_check that passed
 * @certs:     certificates of the chain, leaf first
 * @cert:      what they say
 * @root_hash: SHA-384 of the root certificate
 * @sig_alg:   scheme of the image's signature
 */
struct pil_auth_result {
	uint32_t done;
	unsigned int certs;
	struct pil_cert cert[PIL_MAX_CERTS];
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	enum pil_sig_alg sig_alg;
};

/**
 * pil_auth_check() - check everything about an image but its segments
 * @image:  read by pil_image_from_file() or pil_image_from_metadata(), from memory that nobody else can change
 * @policy: device and peripheral
 * @crypto: back end
 * @result: what was found
 * @why:    reason of a refusal, or NULL
 *
 * Validity dates of certificates do not count: the secure world has no clock that it could trust, and real images
 * outlive their certificates.
 *
 * A chain has three certificates (leaf, authority, root) or two (leaf, root). Accepted is ECDSA on P-384 with SHA-384,
 * in every certificate and on the image. With a device, an image that is bound to neither SoC nor chip id is refused.
 *
 * Return: 0; -PIL_EAUTH (SIG_NONE, CERT_..., SIG_MISMATCH, HASH_HEADERS); -PIL_EBINDING (BIND_...); -PIL_EFORMAT
 * (CERT_COUNT, CERT_DER, CERT_TRAILING, CERT_PARSE, SIG_FORMAT, HASH_NOT_ZERO, PLAN_HASHED_GAP); -PIL_EUNSUPPORTED
 * (CERT_KEY, CERT_SIGALG, SIG_QTI, HASH_ALGORITHM); -PIL_ENOMEM; -PIL_EBOARD (CRYPTO_INTERNAL)
 */
int pil_auth_check(const struct pil_image *image, const struct pil_auth_policy *policy, const struct pil_crypto *crypto,
		   struct pil_auth_result *result, struct pil_why *why);

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

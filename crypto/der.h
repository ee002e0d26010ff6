/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small strict reader for DER (ITU-T X.690), shared by the back ends: where the parts of a certificate lie, and
 * the rules of form that the libraries see differently. What a certificate means is asked of the library.
 */
#ifndef PILOT_DER_H
#define PILOT_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/crypto.h>

#define PIL_DER_INTEGER	 0x02u
#define PIL_DER_BITS	 0x03u
#define PIL_DER_OCTETS	 0x04u
#define PIL_DER_OID	 0x06u
#define PIL_DER_SEQUENCE 0x30u

/**
 * struct pil_der_element - one element
 * @tag:   identifier octet
 * @whole: tag, length and value
 * @value: the value alone
 */
struct pil_der_element {
	uint8_t tag;
	struct pil_bytes whole;
	struct pil_bytes value;
};

/**
 * pil_der_next() - take one element off the front of @rest
 * @rest:    what is left to read; moved on behind the element
 * @element: result
 * Return: false when the next bytes are no element with a one-byte tag and a definite length in its shortest form
 * that ends inside @rest
 */
bool pil_der_next(struct pil_bytes *rest, struct pil_der_element *element);

/**
 * pil_der_expect() - pil_der_next() that also wants a certain tag
 * @rest:    what is left to read
 * @tag:     the tag
 * @element: result
 * Return: false when there is no element or it has another tag
 */
bool pil_der_expect(struct pil_bytes *rest, uint8_t tag, struct pil_der_element *element);

/**
 * pil_der_cert() - find the parts of a certificate (RFC 5280 section 4.1)
 * @der:  the certificate
 * @size: its length
 * @cert: result: @der, @tbs, @issuer, @subject, @spki, @signature; everything else becomes 0
 *
 * Refuses what the back ends would not judge alike: anything but version 3, encodings that are not DER, trailing
 * bytes, empty names, strings in names that are neither UTF-8 nor ASCII, dates not in the form of RFC 5280 4.1.2.5, a
 * public key in a form that pil_der_spki() does not take, an extension that comes twice, a path length other than 0
 * without CA:TRUE, one of the extensions that a library looks into (RFC 5280 4.2.1.1, .2, .4, .6, .12) in another form
 * than its own or with kinds of names that are rare, and a critical extension other than basic constraints, key usage
 * and extended key usage.
 *
 * Return: true when all parts are there and fill @size exactly
 */
bool pil_der_cert(const void *der, size_t size, struct pil_cert *cert);

/**
 * pil_der_spki() - is this a SubjectPublicKeyInfo in DER, an algorithm and a bit string of whole octets? The algorithm
 * is an OID, and nothing, NULL, another OID or a SEQUENCE as its parameters
 * @der:  the bytes
 * @size: how many; it must fill them
 * Return: true when it is; whether a library can read the key is not asked
 */
bool pil_der_spki(const void *der, size_t size);

/**
 * pil_der_ec_point_plain() - is the key of a SubjectPublicKeyInfo an uncompressed point on a named curve?
 * @spki: SubjectPublicKeyInfo
 * Return: true when it is, and nothing else is there (RFC 5480 2.1.1 and 2.2)
 */
bool pil_der_ec_point_plain(struct pil_bytes spki);

/**
 * pil_der_rsa_plain() - is the key of a SubjectPublicKeyInfo an RSA key that every library takes?
 * @spki: SubjectPublicKeyInfo
 * Return: true when it is named rsaEncryption with NULL parameters, modulus and exponent are positive and odd, and the
 * exponent is at least 3 and has at most 8 bytes
 */
bool pil_der_rsa_plain(struct pil_bytes spki);

/**
 * pil_der_ecdsa() - is this an ECDSA signature in DER, a SEQUENCE of two positive INTEGERs?
 * @sig:    the bytes
 * @size:   how many; the SEQUENCE must fill them
 * @number: longest INTEGER value without its sign octet, in bytes
 * Return: true when it is
 */
bool pil_der_ecdsa(const uint8_t *sig, size_t size, size_t number);

/**
 * pil_raw_digest() - compare a recovered RSA block with 00 01 FF..FF 00 || digest
 * @block:  what the public key made of the signature
 * @size:   bytes at @block, the modulus' length
 * @digest: expected digest
 * @digest_size: its length
 * Return: true when the block is exactly that, with at least 8 bytes FF (RFC 8017 section 9.2)
 */
bool pil_raw_digest(const uint8_t *block, size_t size, const uint8_t *digest, size_t digest_size);

#endif

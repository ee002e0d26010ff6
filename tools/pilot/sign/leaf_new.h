/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaf certificates for one image. Versions 3 and 5 have no signing metadata: what the image is bound to stands in the
 * subject of its leaf certificate, as organizational units "NN HEX NAME" (docs/SPEC.md section 3.2).
 */
#ifndef PILOT_TOOL_LEAF_NEW_H
#define PILOT_TOOL_LEAF_NEW_H

#include "sign/mbn_write.h"
#include "keys/pki.h"

#define LEAF_UNITS 16u

/** struct leaf_units - by number; "" is not there */
struct leaf_units {
	char text[LEAF_UNITS][64];
};

/* take over the units of a certificate's subject */
void leaf_units_read(struct leaf_units *units, const X509 *leaf);

/* change them to what is asked; @signed_size: bytes that the signature covers; false after a complaint about @path */
bool leaf_units_set(struct leaf_units *units, const struct mbn_request *want, size_t signed_size, const char *path);

/* SW_ID and HW_ID, which the raw scheme of version 3 mixes into the digest */
uint64_t leaf_units_number(const struct leaf_units *units, unsigned int number);

/**
 * leaf_new() - a certificate as chain->cert[PKI_LEAF] is, with @units in its subject, signed with the CA's key
 * @pkcs1: sign it with PKCS#1 v1.5 and not PSS
 * The same input makes the same serial number, and the same bytes where the CA's signature allows it.
 * Return: NULL after a complaint
 */
X509 *leaf_new(const struct pki_chain *chain, const struct leaf_units *units, bool pkcs1);

#endif

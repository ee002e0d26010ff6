/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of an X.509 certificate (RFC 5280 section 4.1). */
#include <string.h>

#include "der.h"

#define TAG_VERSION    0xa0u /* [0] EXPLICIT Version */
#define TAG_EXTENSIONS 0xa3u /* [3] EXPLICIT Extensions */
#define TAG_BOOLEAN    0x01u
#define TAG_NULL       0x05u
#define TAG_UTF8       0x0cu
#define TAG_PRINTABLE  0x13u
#define TAG_T61	       0x14u
#define TAG_IA5	       0x16u
#define TAG_UTC	       0x17u
#define TAG_TIME       0x18u
#define TAG_SET	       0x31u
#define TAG_MAIL       0x81u /* GeneralName: rfc822Name, dNSName, directoryName, uniformResourceIdentifier */
#define TAG_HOST       0x82u
#define TAG_DIRECTORY  0xa4u
#define TAG_URI	       0x86u
#define TAG_KEY_ID     0x80u /* AuthorityKeyIdentifier: keyIdentifier, authorityCertIssuer, authorityCertSerialNumber */
#define TAG_ISSUER     0xa1u
#define TAG_SERIAL     0x82u
#define DEPTH_MAX      12u /* elements inside elements; real certificates stay below 8 */
#define EXTENSIONS_MAX 32u

static bool basic_form(struct pil_bytes value);
static bool bits_form(struct pil_bytes value);
static bool oids_form(struct pil_bytes value);
static bool octets_form(struct pil_bytes value);
static bool authority_form(struct pil_bytes value);
static bool names_form(struct pil_bytes value);
static bool policies_form(struct pil_bytes value);
static bool netscape_form(struct pil_bytes value);

/* extensions that a library reads; those that are understood may be critical */
static const struct {
	uint8_t oid[9];
	uint8_t size;
	bool critical;
	bool (*form)(struct pil_bytes value);
} known[] = {
	{ { 0x55, 0x1d, 0x13 }, 3, true, basic_form },	    /* id-ce-basicConstraints */
	{ { 0x55, 0x1d, 0x0f }, 3, true, bits_form },	    /* id-ce-keyUsage */
	{ { 0x55, 0x1d, 0x25 }, 3, true, oids_form },	    /* id-ce-extKeyUsage */
	{ { 0x55, 0x1d, 0x0e }, 3, false, octets_form },    /* id-ce-subjectKeyIdentifier */
	{ { 0x55, 0x1d, 0x23 }, 3, false, authority_form }, /* id-ce-authorityKeyIdentifier */
	{ { 0x55, 0x1d, 0x11 }, 3, false, names_form },	    /* id-ce-subjectAltName */
	{ { 0x55, 0x1d, 0x20 }, 3, false, policies_form },  /* id-ce-certificatePolicies */
	/* netscape-cert-type */
	{ { 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01 }, 9, false, netscape_form },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static bool same_bytes(struct pil_bytes a, struct pil_bytes b)
{
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* rules of X.690 for the value of a primitive element: 8.19.2 (every OID arc ends, in its shortest form), 8.3.2 */
static bool primitive_form(const struct pil_der_element *e)
{
	const uint8_t *v = e->value.data;
	size_t size = e->value.size;
	size_t i = 0;

	if (e->tag == PIL_DER_INTEGER)
		return size == 1 || (size > 1 && !(v[0] == 0 && v[1] < 0x80u) && !(v[0] == 0xffu && v[1] >= 0x80u));
	if (e->tag != PIL_DER_OID)
		return true;
	for (i = 0; i < size; i++)
		if (v[i] == 0x80u && (i == 0 || v[i - 1] < 0x80u))
			return false;
	return size > 0 && v[size - 1] < 0x80u;
}

/* everything inside constructed elements is DER, too; a stack of what is left per level, no recursion */
static bool all_der(struct pil_bytes bytes)
{
	struct pil_bytes level[DEPTH_MAX] = { { 0 } };
	struct pil_der_element e = { 0 };
	unsigned int depth = 0;

	level[0] = bytes;
	for (;;) {
		if (!level[depth].size) {
			if (depth == 0)
				return true;
			depth--;
			continue;
		}
		if (!pil_der_next(&level[depth], &e) || !primitive_form(&e))
			return false;
		if (!(e.tag & 0x20u))
			continue;
		if (++depth == DEPTH_MAX)
			return false;
		level[depth] = e.value;
	}
}

/* @at begins a character of UTF-8: its length; 0 when it is none (RFC 3629 section 4) */
static size_t utf8_length(const uint8_t *at, size_t size)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = at[0] < 0x80u ? 1 : at[0] < 0xc0u ? 0 : at[0] < 0xe0u ? 2 : at[0] < 0xf0u ? 3 : 4;
	uint32_t code = at[0] & (length == 1 ? 0x7fu : 0xffu >> (length + 1));
	size_t i = 0;

	if (!length || length > size || at[0] >= 0xf8u)
		return 0;
	for (i = 1; i < length; i++) {
		if ((at[i] & 0xc0u) != 0x80u)
			return 0;
		code = code << 6 | (at[i] & 0x3fu);
	}
	return code < least[length] || code > 0x10ffffu || (code >= 0xd800u && code < 0xe000u) ? 0 : length;
}

/* a string of a name: UTF-8, or one of the older types with nothing but ASCII in it */
static bool string_form(const struct pil_der_element *e)
{
	size_t length = 0;
	size_t i = 0;

	if (e->tag != TAG_UTF8 && e->tag != TAG_PRINTABLE && e->tag != TAG_IA5 && e->tag != TAG_T61)
		return false;
	for (i = 0; i < e->value.size; i += length) {
		length = utf8_length(e->value.data + i, e->value.size - i);
		if (!length || (length > 1 && e->tag != TAG_UTF8))
			return false;
	}
	return true;
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value string }, not empty */
static bool name_form(struct pil_bytes rdns)
{
	struct pil_der_element set = { 0 };
	struct pil_der_element pair = { 0 };
	struct pil_der_element e = { 0 };

	if (!rdns.size)
		return false;
	while (rdns.size) {
		if (!pil_der_expect(&rdns, TAG_SET, &set) || !set.value.size)
			return false;
		while (set.value.size) {
			if (!pil_der_expect(&set.value, PIL_DER_SEQUENCE, &pair) ||
			    !pil_der_expect(&pair.value, PIL_DER_OID, &e) || !pil_der_next(&pair.value, &e))
				return false;
			if (pair.value.size || !string_form(&e))
				return false;
		}
	}
	return true;
}

static bool date_form(struct pil_bytes *rest)
{
	struct pil_der_element e = { 0 };
	size_t i = 0;

	if (!pil_der_next(rest, &e))
		return false;
	if (!(e.tag == TAG_UTC && e.value.size == 13) && !(e.tag == TAG_TIME && e.value.size == 15))
		return false;
	for (i = 0; i + 1 < e.value.size; i++)
		if (e.value.data[i] < '0' || e.value.data[i] > '9')
			return false;
	return e.value.data[i] == 'Z';
}

static bool validity_form(struct pil_bytes value)
{
	return date_form(&value) && date_form(&value) && !value.size;
}

/* number of the extension in known[]; KNOWN when it is not there */
static size_t find_known(struct pil_bytes oid)
{
	size_t i = 0;

	for (i = 0; i < KNOWN; i++)
		if (oid.size == known[i].size && memcmp(oid.data, known[i].oid, oid.size) == 0)
			break;
	return i;
}

/* the elements of a SEQUENCE that is not empty and fills @value */
static bool sequence_of(struct pil_bytes value, struct pil_bytes *elements)
{
	struct pil_der_element e = { 0 };

	if (!all_der(value) || !pil_der_expect(&value, PIL_DER_SEQUENCE, &e) || value.size)
		return false;
	*elements = e.value;
	return elements->size > 0;
}

/* ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER */
static bool oids_form(struct pil_bytes value)
{
	struct pil_der_element e = { 0 };

	if (!sequence_of(value, &value))
		return false;
	while (value.size)
		if (!pil_der_expect(&value, PIL_DER_OID, &e))
			return false;
	return true;
}

static bool octets_form(struct pil_bytes value)
{
	struct pil_der_element e = { 0 };

	return pil_der_expect(&value, PIL_DER_OCTETS, &e) && !value.size;
}

/* GeneralNames: mail address, host or URI, and names; a library looks into the others and may not like what it sees */
static bool general_names(struct pil_bytes names)
{
	struct pil_der_element e = { 0 };
	struct pil_der_element name = { 0 };

	while (names.size) {
		if (!pil_der_next(&names, &e))
			return false;
		if (e.tag == TAG_MAIL || e.tag == TAG_HOST || e.tag == TAG_URI)
			continue;
		if (e.tag != TAG_DIRECTORY || !pil_der_expect(&e.value, PIL_DER_SEQUENCE, &name) || e.value.size ||
		    !name_form(name.value))
			return false;
	}
	return true;
}

static bool names_form(struct pil_bytes value)
{
	return sequence_of(value, &value) && general_names(value);
}

/* AuthorityKeyIdentifier: a key's, then issuer and serial number, both or none of them */
static bool authority_form(struct pil_bytes value)
{
	struct pil_der_element e = { 0 };

	if (!sequence_of(value, &value) || !pil_der_next(&value, &e))
		return false;
	if (e.tag == TAG_KEY_ID) {
		if (!value.size)
			return true;
		if (!pil_der_next(&value, &e))
			return false;
	}
	return e.tag == TAG_ISSUER && e.value.size && general_names(e.value) &&
	       pil_der_expect(&value, TAG_SERIAL, &e) && !value.size;
}

/* PolicyInformation ::= SEQUENCE { policyIdentifier OID, policyQualifiers SEQUENCE OPTIONAL }, at least one */
static bool policies_form(struct pil_bytes value)
{
	struct pil_der_element policy = { 0 };
	struct pil_der_element e = { 0 };

	if (!sequence_of(value, &value))
		return false;
	while (value.size) {
		if (!pil_der_expect(&value, PIL_DER_SEQUENCE, &policy) ||
		    !pil_der_expect(&policy.value, PIL_DER_OID, &e))
			return false;
		if (policy.value.size && (!pil_der_expect(&policy.value, PIL_DER_SEQUENCE, &e) || policy.value.size))
			return false;
	}
	return true;
}

/* unused bits are zero (X.690 11.2.1): not every library ignores them */
static bool bits_form(struct pil_bytes value)
{
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&value, PIL_DER_BITS, &e) || value.size || e.value.size < 2 || e.value.data[0] >= 8)
		return false;
	return !(e.value.data[e.value.size - 1] & ((1u << e.value.data[0]) - 1u));
}

static bool netscape_form(struct pil_bytes value)
{
	return value.size == 4 && bits_form(value);
}

/*
 * BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }. Without cA,
 * one library takes the length for it, so that 1 would make an authority of a leaf: only 0, which real leaves have, may
 * stand there.
 */
static bool basic_form(struct pil_bytes value)
{
	struct pil_der_element list = { 0 };
	struct pil_der_element e = { 0 };
	bool ca = false;

	if (!all_der(value) || !pil_der_expect(&value, PIL_DER_SEQUENCE, &list) || value.size)
		return false;
	if (!list.value.size)
		return true;
	if (!pil_der_next(&list.value, &e))
		return false;
	if (e.tag == TAG_BOOLEAN) {
		if (e.value.size != 1 || (e.value.data[0] != 0 && e.value.data[0] != 0xffu))
			return false;
		ca = e.value.data[0] != 0;
		if (!list.value.size)
			return true;
		if (!pil_der_next(&list.value, &e))
			return false;
	}
	return e.tag == PIL_DER_INTEGER && !list.value.size && e.value.data[0] < 0x80u &&
	       (ca || (e.value.size == 1 && e.value.data[0] == 0));
}

/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static bool extension(struct pil_bytes *list, struct pil_bytes *oid)
{
	struct pil_der_element ext = { 0 };
	struct pil_der_element e = { 0 };
	size_t which = 0;

	if (!pil_der_expect(list, PIL_DER_SEQUENCE, &ext) || !pil_der_expect(&ext.value, PIL_DER_OID, &e))
		return false;
	*oid = e.value;
	which = find_known(e.value);
	if (!pil_der_next(&ext.value, &e))
		return false;
	if (e.tag == TAG_BOOLEAN) {
		if (e.value.size != 1 || e.value.data[0] != 0xffu || which == KNOWN || !known[which].critical)
			return false;
		if (!pil_der_next(&ext.value, &e))
			return false;
	}
	return e.tag == PIL_DER_OCTETS && !ext.value.size && (which == KNOWN || known[which].form(e.value));
}

static bool extensions(struct pil_bytes wrapped)
{
	struct pil_bytes seen[EXTENSIONS_MAX] = { { 0 } };
	struct pil_der_element list = { 0 };
	unsigned int count = 0;
	unsigned int i = 0;

	if (!pil_der_expect(&wrapped, PIL_DER_SEQUENCE, &list) || wrapped.size)
		return false;
	for (; list.value.size; count++) {
		if (count == EXTENSIONS_MAX || !extension(&list.value, &seen[count]))
			return false;
		for (i = 0; i < count; i++)
			if (same_bytes(seen[i], seen[count]))
				return false;
	}
	return count > 0;
}

static bool version3(struct pil_bytes *tbs)
{
	static const uint8_t v3[] = { PIL_DER_INTEGER, 1, 2 };
	struct pil_der_element e = { 0 };

	return pil_der_expect(tbs, TAG_VERSION, &e) && same_bytes(e.value, (struct pil_bytes){ v3, sizeof(v3) });
}

/* AlgorithmIdentifier: an OID, then nothing, NULL, a named curve, or a SEQUENCE of parameters (RFC 3279, RFC 4055, RFC 5480) */
static bool algorithm_form(struct pil_bytes alg)
{
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&alg, PIL_DER_OID, &e))
		return false;
	if (!alg.size)
		return true;
	if (!pil_der_next(&alg, &e) || alg.size)
		return false;
	return (e.tag == TAG_NULL && !e.value.size) || e.tag == PIL_DER_OID || e.tag == PIL_DER_SEQUENCE;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING of whole octets } */
static bool spki_form(struct pil_bytes spki)
{
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&spki, PIL_DER_SEQUENCE, &e) || !algorithm_form(e.value))
		return false;
	return pil_der_expect(&spki, PIL_DER_BITS, &e) && !spki.size && e.value.size >= 2 && e.value.data[0] == 0;
}

/* TBSCertificate, without its tag; @alg is the signature algorithm named outside, which must be the same */
static bool read_tbs(struct pil_bytes tbs, struct pil_bytes alg, struct pil_cert *cert)
{
	struct pil_der_element e = { 0 };

	if (!version3(&tbs) || !pil_der_expect(&tbs, PIL_DER_INTEGER, &e) || !e.value.size)
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !same_bytes(e.whole, alg))
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !name_form(e.value))
		return false;
	cert->issuer = e.whole;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !validity_form(e.value))
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !name_form(e.value))
		return false;
	cert->subject = e.whole;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !spki_form(e.value))
		return false;
	cert->spki = e.whole;
	if (!tbs.size)
		return true;
	return pil_der_expect(&tbs, TAG_EXTENSIONS, &e) && !tbs.size && extensions(e.value);
}

bool pil_der_cert(const void *der, size_t size, struct pil_cert *cert)
{
	struct pil_bytes rest = { der, size };
	struct pil_der_element whole = { 0 };
	struct pil_der_element tbs = { 0 };
	struct pil_der_element alg = { 0 };
	struct pil_der_element bits = { 0 };

	*cert = (struct pil_cert){ .der = rest, .path_len = -1 };
	if (!all_der(rest) || !pil_der_expect(&rest, PIL_DER_SEQUENCE, &whole) || rest.size)
		return false;
	if (!pil_der_expect(&whole.value, PIL_DER_SEQUENCE, &tbs) ||
	    !pil_der_expect(&whole.value, PIL_DER_SEQUENCE, &alg) ||
	    !pil_der_expect(&whole.value, PIL_DER_BITS, &bits) || whole.value.size)
		return false;
	/* a signature is whole octets: no unused bits */
	if (bits.value.size < 2 || bits.value.data[0] != 0)
		return false;
	cert->tbs = tbs.whole;
	cert->signature = (struct pil_bytes){ bits.value.data + 1, bits.value.size - 1 };
	return read_tbs(tbs.value, alg.whole, cert);
}

bool pil_der_spki(const void *der, size_t size)
{
	struct pil_bytes rest = { der, size };
	struct pil_der_element whole = { 0 };

	return all_der(rest) && pil_der_expect(&rest, PIL_DER_SEQUENCE, &whole) && !rest.size && spki_form(whole.value);
}

bool pil_der_ec_point_plain(struct pil_bytes spki)
{
	struct pil_der_element seq = { 0 };
	struct pil_der_element alg = { 0 };
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&spki, PIL_DER_SEQUENCE, &seq) || !pil_der_expect(&seq.value, PIL_DER_SEQUENCE, &alg))
		return false;
	if (!pil_der_expect(&alg.value, PIL_DER_OID, &e) || !pil_der_expect(&alg.value, PIL_DER_OID, &e) ||
	    alg.value.size)
		return false;
	if (!pil_der_expect(&seq.value, PIL_DER_BITS, &e) || e.value.size < 2 || seq.value.size)
		return false;
	return e.value.data[0] == 0 && e.value.data[1] == 0x04;
}

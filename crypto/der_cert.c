/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of an X.509 certificate (RFC 5280 section 4.1). */
#include <string.h>

#include "der.h"

#define TAG_VERSION    0xa0u	/* [0] EXPLICIT Version */
#define TAG_EXTENSIONS 0xa3u	/* [3] EXPLICIT Extensions */
#define TAG_BOOLEAN    0x01u
#define TAG_UTC	       0x17u
#define TAG_TIME       0x18u
#define DEPTH_MAX      12u	/* elements inside elements; real certificates stay below 8 */
#define EXTENSIONS_MAX 32u

/* extensions that may be critical: id-ce-basicConstraints, id-ce-keyUsage, id-ce-extKeyUsage */
static const uint8_t known_critical[][3] = { { 0x55, 0x1d, 0x13 }, { 0x55, 0x1d, 0x0f }, { 0x55, 0x1d, 0x25 } };

static bool same_bytes(struct pil_bytes a, struct pil_bytes b)
{
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
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
		if (!pil_der_next(&level[depth], &e))
			return false;
		if (!(e.tag & 0x20u))
			continue;
		if (++depth == DEPTH_MAX)
			return false;
		level[depth] = e.value;
	}
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

static bool may_be_critical(struct pil_bytes oid)
{
	size_t i = 0;

	for (i = 0; i < sizeof(known_critical) / sizeof(known_critical[0]); i++)
		if (oid.size == 3 && memcmp(oid.data, known_critical[i], 3) == 0)
			return true;
	return false;
}

/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static bool extension(struct pil_bytes *list, struct pil_bytes *oid)
{
	struct pil_der_element ext = { 0 };
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(list, PIL_DER_SEQUENCE, &ext) || !pil_der_expect(&ext.value, PIL_DER_OID, &e))
		return false;
	*oid = e.value;
	if (!pil_der_next(&ext.value, &e))
		return false;
	if (e.tag == TAG_BOOLEAN) {
		if (e.value.size != 1 || e.value.data[0] != 0xffu || !may_be_critical(*oid))
			return false;
		if (!pil_der_next(&ext.value, &e))
			return false;
	}
	return e.tag == PIL_DER_OCTETS && !ext.value.size;
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

/* TBSCertificate, without its tag; @alg is the signature algorithm named outside, which must be the same */
static bool read_tbs(struct pil_bytes tbs, struct pil_bytes alg, struct pil_cert *cert)
{
	struct pil_der_element e = { 0 };

	if (!version3(&tbs) || !pil_der_expect(&tbs, PIL_DER_INTEGER, &e) || !e.value.size)
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !same_bytes(e.whole, alg))
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e))
		return false;
	cert->issuer = e.whole;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e) || !validity_form(e.value))
		return false;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e))
		return false;
	cert->subject = e.whole;
	if (!pil_der_expect(&tbs, PIL_DER_SEQUENCE, &e))
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

bool pil_der_ec_point_plain(struct pil_bytes spki)
{
	struct pil_der_element seq = { 0 };
	struct pil_der_element alg = { 0 };
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&spki, PIL_DER_SEQUENCE, &seq) || !pil_der_expect(&seq.value, PIL_DER_SEQUENCE, &alg))
		return false;
	if (!pil_der_expect(&alg.value, PIL_DER_OID, &e) || !pil_der_expect(&alg.value, PIL_DER_OID, &e))
		return false;
	if (!pil_der_expect(&seq.value, PIL_DER_BITS, &e) || e.value.size < 2)
		return false;
	return e.value.data[0] == 0 && e.value.data[1] == 0x04;
}

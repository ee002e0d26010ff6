/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of DER: tag, length, value (X.690 sections 8.1 and 10.1). */
#include <string.h>

#include "der.h"

#define EXPONENT_MAX 8u /* bytes of a public exponent: real ones are 3 and 65537 */

/* length octets after the tag; returns how many there are, 0 when they are not in the shortest definite form */
static size_t read_length(struct pil_bytes bytes, size_t *length)
{
	size_t octets = 0;
	size_t value = 0;
	size_t i = 0;

	if (!bytes.size)
		return 0;
	if (bytes.data[0] < 0x80u) {
		*length = bytes.data[0];
		return 1;
	}
	octets = bytes.data[0] & 0x7fu;
	if (octets == 0 || octets > 3 || bytes.size <= octets || bytes.data[1] == 0)
		return 0;
	for (i = 1; i <= octets; i++)
		value = value << 8 | bytes.data[i];
	*length = value;
	return value < 0x80u ? 0 : 1 + octets;
}

bool pil_der_next(struct pil_bytes *rest, struct pil_der_element *element)
{
	struct pil_bytes after = { 0 };
	size_t length = 0;
	size_t octets = 0;

	if (rest->size < 2 || (rest->data[0] & 0x1fu) == 0x1fu)
		return false;
	after = (struct pil_bytes){ rest->data + 1, rest->size - 1 };
	octets = read_length(after, &length);
	if (!octets || length > after.size - octets)
		return false;
	element->tag = rest->data[0];
	element->value = (struct pil_bytes){ after.data + octets, length };
	element->whole = (struct pil_bytes){ rest->data, 1 + octets + length };
	rest->data += element->whole.size;
	rest->size -= element->whole.size;
	return true;
}

bool pil_der_expect(struct pil_bytes *rest, uint8_t tag, struct pil_der_element *element)
{
	return pil_der_next(rest, element) && element->tag == tag;
}

/* one INTEGER: positive, shortest form, at most @number octets without the sign octet */
static bool positive_integer(struct pil_bytes *rest, size_t number)
{
	struct pil_der_element e = { 0 };
	const uint8_t *v = NULL;

	if (!pil_der_expect(rest, PIL_DER_INTEGER, &e) || !e.value.size)
		return false;
	v = e.value.data;
	if (v[0] & 0x80u)
		return false;
	if (v[0] != 0)
		return e.value.size <= number;
	return e.value.size > 1 && (v[1] & 0x80u) && e.value.size - 1 <= number;
}

bool pil_der_ecdsa(const uint8_t *sig, size_t size, size_t number)
{
	struct pil_bytes rest = { sig, size };
	struct pil_der_element seq = { 0 };

	if (!pil_der_expect(&rest, PIL_DER_SEQUENCE, &seq) || rest.size)
		return false;
	return positive_integer(&seq.value, number) && positive_integer(&seq.value, number) && !seq.value.size;
}

static bool is_odd(struct pil_bytes number)
{
	return number.size && (number.data[number.size - 1] & 1u);
}

bool pil_der_rsa_plain(struct pil_bytes spki)
{
	/* SEQUENCE { rsaEncryption, NULL }: RFC 8017 A.1 */
	static const uint8_t algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
					     0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
	struct pil_der_element seq = { 0 };
	struct pil_der_element bits = { 0 };
	struct pil_der_element n = { 0 };
	struct pil_der_element e = { 0 };

	if (!pil_der_expect(&spki, PIL_DER_SEQUENCE, &seq) || !pil_der_expect(&seq.value, PIL_DER_SEQUENCE, &n) ||
	    !pil_der_expect(&seq.value, PIL_DER_BITS, &bits) || seq.value.size || bits.value.size < 2)
		return false;
	if (n.whole.size != sizeof(algorithm) || memcmp(n.whole.data, algorithm, sizeof(algorithm)) ||
	    bits.value.data[0])
		return false;
	bits.value.data++;
	bits.value.size--;
	if (!pil_der_expect(&bits.value, PIL_DER_SEQUENCE, &seq) || bits.value.size)
		return false;
	bits.value = seq.value;
	if (!positive_integer(&seq.value, PIL_RSA_BITS_MAX / 8) || !positive_integer(&seq.value, EXPONENT_MAX) ||
	    seq.value.size)
		return false;
	if (!pil_der_next(&bits.value, &n) || !pil_der_next(&bits.value, &e))
		return false;
	return is_odd(n.value) && is_odd(e.value) && !(e.value.size == 1 && e.value.data[0] < 3);
}

/* no early end: what a block looks like where it is wrong is not told by the time that it takes */
bool pil_raw_digest(const uint8_t *block, size_t size, const uint8_t *digest, size_t digest_size)
{
	size_t pad = 0;
	size_t i = 0;
	uint8_t bad = 0;

	if (size < digest_size || size - digest_size < 11)
		return false;
	pad = size - digest_size - 3;
	bad |= block[0];
	bad |= block[1] ^ 1u;
	for (i = 0; i < pad; i++)
		bad |= block[2 + i] ^ 0xffu;
	bad |= block[2 + pad];
	for (i = 0; i < digest_size; i++)
		bad |= block[3 + pad + i] ^ digest[i];
	return !bad;
}

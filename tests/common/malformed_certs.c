/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates and chains. One line per fault in the list, one short function that makes it. */
#include <string.h>

#include "malformed_certs.h"
#include "signedgen.h"

/* F(name, reason) */
#define FAULTS(F)												       \
	F(certs_only_padding, CERT_COUNT)									       \
	F(certs_one, CERT_COUNT)										       \
	F(certs_four, CERT_COUNT)										       \
	F(certs_not_der, CERT_DER)										       \
	F(leaf_length_past_end, CERT_DER)									       \
	F(leaf_length_indefinite, CERT_DER)									       \
	F(leaf_length_of_four_bytes, CERT_DER)									       \
	F(root_cut_off, CERT_DER)										       \
	F(padding_first_byte, CERT_TRAILING)									       \
	F(padding_last_byte, CERT_TRAILING)									       \
	F(leaf_version_1, CERT_PARSE)										       \
	F(leaf_tbs_not_sequence, CERT_PARSE)									       \
	F(leaf_length_not_shortest, CERT_PARSE)									       \
	F(leaf_shorter_inside, CERT_PARSE)									       \
	F(leaf_unknown_critical_extension, CERT_PARSE)								       \
	F(leaf_extension_twice, CERT_PARSE)									       \
	F(leaf_signature_unused_bits, CERT_PARSE)								       \
	F(leaf_two_algorithms, CERT_PARSE)									       \
	F(leaf_date_without_digits, CERT_PARSE)									       \
	F(leaf_key_p256, CERT_KEY)										       \
	F(leaf_key_p521, CERT_KEY)										       \
	F(leaf_key_rsa, CERT_KEY)										       \
	F(leaf_key_rsa_short, CERT_KEY)										       \
	F(leaf_key_off_curve, CERT_KEY)										       \
	F(leaf_key_hybrid_form, CERT_KEY)									       \
	F(leaf_signed_with_sha256, CERT_SIGALG)									       \
	F(leaf_signed_with_sha512, CERT_SIGALG)									       \
	F(leaf_signed_with_rsa, CERT_SIGALG)									       \
	F(leaf_signed_with_pss, CERT_SIGALG)									       \
	F(leaf_of_other_issuer, CERT_ISSUER)									       \
	F(authority_of_other_issuer, CERT_ISSUER)								       \
	F(root_of_other_issuer, CERT_ISSUER)									       \
	F(leaf_is_authority, CERT_IS_CA)									       \
	F(chain_backwards, CERT_IS_CA)										       \
	F(authority_is_none, CERT_NOT_CA)									       \
	F(authority_without_constraints, CERT_NOT_CA)								       \
	F(root_is_none, CERT_NOT_CA)										       \
	F(root_path_too_short, CERT_PATHLEN)									       \
	F(leaf_usage, CERT_KEY_USAGE)										       \
	F(authority_usage, CERT_KEY_USAGE)									       \
	F(authority_without_usage, CERT_KEY_USAGE)								       \
	F(leaf_signed_by_other, CERT_SIGNATURE)									       \
	F(leaf_signed_by_root, CERT_SIGNATURE)									       \
	F(authority_signed_by_other, CERT_SIGNATURE)								       \
	F(root_signed_by_other, CERT_SIGNATURE)									       \
	F(leaf_serial_changed, CERT_SIGNATURE)									       \
	F(leaf_signature_changed, CERT_SIGNATURE)								       \
	F(foreign_root, CERT_ROOT)

typedef void fault(struct signedgen *s);

/* --- the certificate field --- */


static void certs_only_padding(struct signedgen *s)
{
	s->chain.count = 0;
}

static void certs_one(struct signedgen *s)
{
	s->chain.count = 1;
}

/* one authority more than a chain may have; as a root of its own it would be one of several */
static void certs_four(struct signedgen *s)
{
	struct certgen_cert between = s->chain.cert[3];

	between.issuer = s->chain.cert[2].subject;
	between.signer = s->chain.cert[2].signer;
	s->chain.cert[3] = s->chain.cert[2];
	s->chain.cert[2] = between;
	s->chain.count = 4;
}

/* the fault's own hooks find what to change through @which: offset in the first certificate, value */
#define AT(offset, value) (((offset) << 8) | (value))

static void put_leaf_byte(uint8_t *field, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)l;
	field[s->which >> 8] = (uint8_t)s->which;
}

static void spoil_leaf(struct signedgen *s, unsigned int which)
{
	s->certs = put_leaf_byte;
	s->which = which;
}

static void certs_not_der(struct signedgen *s)
{
	spoil_leaf(s, AT(0u, 0x04u));
}

static void leaf_length_past_end(struct signedgen *s)
{
	spoil_leaf(s, AT(2u, 0xffu));
}

static void leaf_length_indefinite(struct signedgen *s)
{
	spoil_leaf(s, AT(1u, 0x80u));
}

static void leaf_length_of_four_bytes(struct signedgen *s)
{
	spoil_leaf(s, AT(1u, 0x84u));
}

static void leaf_tbs_not_sequence(struct signedgen *s)
{
	spoil_leaf(s, AT(4u, 0x31u));
}

/* a certificate is 30 82 LL LL 30 82 LL LL a0 03 02 01 02 02 01 serial 30 ...: byte 14 is the length of the serial */
static void leaf_serial_changed(struct signedgen *s)
{
	spoil_leaf(s, AT(15u, 2u));
}

static void leaf_shorter_inside(struct signedgen *s)
{
	spoil_leaf(s, AT(6u, 0u));
}

static void root_cut_off(struct signedgen *s)
{
	size_t at[5] = { 0 };
	uint8_t field[SIGNEDGEN_CERTS];

	(void)certgen_chain(&s->chain, field, sizeof(field), at);
	s->field_size = at[2] + 100;
}

static void put_after_chain(uint8_t *field, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)l;
	field[s->which ? s->which : s->cert_at[3]] = 0;
}

static void padding_first_byte(struct signedgen *s)
{
	s->certs = put_after_chain;
}

static void padding_last_byte(struct signedgen *s)
{
	s->certs = put_after_chain;
	s->which = SIGNEDGEN_CERTS - 1u;
}

/* --- what a certificate says --- */

static void leaf_version_1(struct signedgen *s)
{
	s->chain.cert[0].version = 0;
}

static void leaf_unknown_critical_extension(struct signedgen *s)
{
	s->chain.cert[0].unknown_critical = true;
}

static void leaf_extension_twice(struct signedgen *s)
{
	s->chain.cert[0].twice = true;
}

/* the length of the serial number in two bytes, 81 01, where one would do; all that follows moves on by one */
static void lengthen(uint8_t *field, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)l;
	memmove(field + 15, field + 14, s->cert_at[3] - 14);
	field[14] = 0x81;
	imagegen_put(field + 2, 1, (s->cert_at[1] - 4 + 1) >> 8);
	imagegen_put(field + 3, 1, s->cert_at[1] - 4 + 1);
	field[7]++;
}

static void leaf_length_not_shortest(struct signedgen *s)
{
	s->certs = lengthen;
}

static void spoil_found(uint8_t *field, const struct imagegen_layout *l, const struct signedgen *s);

/* what spoil_found() changes */
enum found { UNUSED_BITS = 1, OUTER_ALGORITHM, DATE, POINT, POINT_FORM, SIGNATURE };

static void find_and_spoil(struct signedgen *s, enum found what)
{
	s->certs = spoil_found;
	s->which = what;
}

static uint8_t *find_date(const struct pil_cert *cert, uint8_t *field)
{
	/* the validity follows the issuer: 30 LL 17 LL digits, or 18 */
	return field + (cert->issuer.data - field) + cert->issuer.size + 4;
}

static void spoil_found(uint8_t *field, const struct imagegen_layout *l, const struct signedgen *s)
{
	struct pil_cert cert = { 0 };
	uint8_t *sig = NULL;
	uint8_t *spki_end = NULL;

	(void)l;
	if (pil_crypto_openssl.cert_read(field, s->cert_at[1], &cert, NULL))
		return;
	sig = field + (cert.signature.data - field);
	spki_end = field + (cert.spki.data - field) + cert.spki.size;
	switch ((enum found)s->which) {
	case UNUSED_BITS:
		sig[-1] = 1;
		break;
	case OUTER_ALGORITHM:
		/* ... 2a 86 48 ce 3d 04 03 03, then 03 LL 00 of the bit string */
		sig[-4] = 2;
		break;
	case DATE:
		*find_date(&cert, field) = 'x';
		break;
	case POINT:
		spki_end[-1] ^= 1;
		break;
	case POINT_FORM:
		spki_end[-97] = 0x06;
		break;
	case SIGNATURE:
		sig[cert.signature.size - 1] ^= 1;
		break;
	}
}

static void leaf_signature_unused_bits(struct signedgen *s)
{
	find_and_spoil(s, UNUSED_BITS);
}

static void leaf_two_algorithms(struct signedgen *s)
{
	find_and_spoil(s, OUTER_ALGORITHM);
}

static void leaf_date_without_digits(struct signedgen *s)
{
	find_and_spoil(s, DATE);
}

static void leaf_key_off_curve(struct signedgen *s)
{
	find_and_spoil(s, POINT);
}

/* 06 and 07 are the "hybrid" form of X9.62, which RFC 5480 does not allow */
static void leaf_key_hybrid_form(struct signedgen *s)
{
	find_and_spoil(s, POINT_FORM);
}

static void leaf_signature_changed(struct signedgen *s)
{
	find_and_spoil(s, SIGNATURE);
}

static void leaf_key_p256(struct signedgen *s)
{
	s->chain.cert[0].key = CERTGEN_P256;
}

static void leaf_key_p521(struct signedgen *s)
{
	s->chain.cert[0].key = CERTGEN_P521;
}

static void leaf_key_rsa(struct signedgen *s)
{
	s->chain.cert[0].key = CERTGEN_RSA2048;
}

static void leaf_key_rsa_short(struct signedgen *s)
{
	s->chain.cert[0].key = CERTGEN_RSA1024;
}

static void leaf_signed_with_sha256(struct signedgen *s)
{
	s->chain.cert[0].digest = "SHA256";
}

static void leaf_signed_with_sha512(struct signedgen *s)
{
	s->chain.cert[0].digest = "SHA512";
}

static void leaf_signed_with_rsa(struct signedgen *s)
{
	s->chain.cert[0].signer = CERTGEN_RSA2048;
	s->chain.cert[0].digest = "SHA256";
}

static void leaf_signed_with_pss(struct signedgen *s)
{
	s->chain.cert[0].signer = CERTGEN_RSA2048;
	s->chain.cert[0].scheme = CERTGEN_PSS;
}

/* --- the chain --- */

static void leaf_of_other_issuer(struct signedgen *s)
{
	s->chain.cert[0].issuer = "Somebody else";
}

static void authority_of_other_issuer(struct signedgen *s)
{
	s->chain.cert[1].issuer = "Somebody else";
}

static void root_of_other_issuer(struct signedgen *s)
{
	s->chain.cert[2].issuer = "Somebody else";
}

static void leaf_is_authority(struct signedgen *s)
{
	s->chain.cert[0].ca = true;
}

static void chain_backwards(struct signedgen *s)
{
	struct certgen_cert leaf = s->chain.cert[0];

	s->chain.cert[0] = s->chain.cert[2];
	s->chain.cert[2] = leaf;
}

static void authority_is_none(struct signedgen *s)
{
	s->chain.cert[1].ca = false;
}

static void authority_without_constraints(struct signedgen *s)
{
	s->chain.cert[1].basic = false;
}

static void root_is_none(struct signedgen *s)
{
	s->chain.cert[2].ca = false;
}

static void root_path_too_short(struct signedgen *s)
{
	s->chain.cert[2].path_len = 0;
}

static void leaf_usage(struct signedgen *s)
{
	s->chain.cert[0].key_usage = 0x20;	/* keyEncipherment */
}

static void authority_usage(struct signedgen *s)
{
	s->chain.cert[1].key_usage = 0x80;
}

static void authority_without_usage(struct signedgen *s)
{
	s->chain.cert[1].key_usage = -1;
}

static void leaf_signed_by_other(struct signedgen *s)
{
	s->chain.cert[0].signer = CERTGEN_OTHER;
}

static void leaf_signed_by_root(struct signedgen *s)
{
	s->chain.cert[0].signer = CERTGEN_ROOT;
}

static void authority_signed_by_other(struct signedgen *s)
{
	s->chain.cert[1].signer = CERTGEN_OTHER;
}

static void root_signed_by_other(struct signedgen *s)
{
	s->chain.cert[2].signer = CERTGEN_OTHER;
}

static void foreign_root(struct signedgen *s)
{
	s->chain.cert[1].signer = CERTGEN_OTHER;
	s->chain.cert[2].key = CERTGEN_OTHER;
	s->chain.cert[2].signer = CERTGEN_OTHER;
}

/* --- the table --- */

#define FAULT_FUNCTION(name, reason) name,
static fault *const faults[] = { FAULTS(FAULT_FUNCTION) };

#define FAULT_NUMBER(name, reason) FAULT_##name,
enum { FAULTS(FAULT_NUMBER) };

static size_t make_fault(const struct malformed *m, uint8_t *buf, size_t max)
{
	static struct signedgen s;

	signedgen_init(&s, m->is64);
	faults[m->arg](&s);
	return signedgen_metadata(&s, buf, max);
}

#define FAULT_INPUT(name_, reason)                                                                                     \
	{ .name = #name_, .expected = PIL_R_##reason, .stage = IN_AUTH, .make = make_fault, .arg = FAULT_##name_ },
static const struct malformed inputs[] = { FAULTS(FAULT_INPUT) };

const struct malformed_table malformed_certs = { inputs, sizeof(inputs) / sizeof(inputs[0]) };

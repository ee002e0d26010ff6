/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures, what they sign, and binding. One line per fault in the list, one short function that makes it. */
#include <string.h>

#include "malformed_certs.h"
#include "signedgen.h"

/* F(name, reason) */
#define FAULTS(F)												       \
	F(root_index, CERT_ROOT_INDEX)										       \
	F(no_signature, SIG_NONE)										       \
	F(no_certificates, SIG_NONE)										       \
	F(countersigned, SIG_QTI)										       \
	F(second_metadata, SIG_QTI)										       \
	F(signature_zero, SIG_FORMAT)										       \
	F(signature_no_sequence, SIG_FORMAT)									       \
	F(signature_past_field, SIG_FORMAT)									       \
	F(signature_padding, SIG_FORMAT)									       \
	F(signature_numbers_zero, SIG_MISMATCH)									       \
	F(signature_negative, SIG_MISMATCH)									       \
	F(signature_one_number, SIG_MISMATCH)									       \
	F(signature_changed, SIG_MISMATCH)									       \
	F(signature_of_other, SIG_MISMATCH)									       \
	F(signature_of_authority, SIG_MISMATCH)									       \
	F(metadata_changed, SIG_MISMATCH)									       \
	F(table_changed, SIG_MISMATCH)										       \
	F(header_changed, SIG_MISMATCH)										       \
	F(bound_to_other_soc, BIND_SOC)										       \
	F(bound_to_no_soc_in_list, BIND_SOC)									       \
	F(bound_to_other_oem, BIND_OEM)										       \
	F(bound_to_other_model, BIND_MODEL)									       \
	F(bound_to_other_serial, BIND_SERIAL)									       \
	F(bound_to_other_chip, BIND_JTAG)									       \
	F(bound_to_nothing, BIND_NONE)										       \
	F(without_metadata, BIND_NONE)										       \
	F(other_software, BIND_SW_ID)										       \
	F(table_of_sha256, HASH_ALGORITHM)									       \
	F(headers_digest, HASH_HEADERS)										       \
	F(hash_segment_has_digest, HASH_NOT_ZERO)								       \
	F(empty_segment_has_digest, HASH_NOT_ZERO)

/* words of the signing metadata, version 6 */
enum word {
	W_MAJOR = 0,
	W_SW_ID = 2,
	W_JTAG = 3,
	W_OEM = 4,
	W_MODEL = 5,
	W_FLAGS = 7,
	W_SOC = 8,
	W_SERIAL = 20,
	W_ROOT = 28,
};

#define FLAG_SOC      0x2u
#define FLAG_SERIAL   0x4u
#define FLAG_NO_OEM   0x8u
#define FLAG_JTAG     0x400u
#define FLAG_NO_MODEL 0x800u

typedef void fault(struct signedgen *s);

/* the fault's own hooks find what to change through @which: offset in the signature field, value */
#define AT(offset, value) (((offset) << 8) | (value))

static void set_word(struct signedgen *s, enum word word, uint32_t value)
{
	s->image.metadata[PIL_OEM][word] = value;
}

/* --- the signature --- */

static void no_signature(struct signedgen *s)
{
	s->no_signature = true;
}

static void no_certificates(struct signedgen *s)
{
	s->no_certs = true;
}

static void countersigned(struct signedgen *s)
{
	static const uint8_t signature[104] = { 0x30, 0x64 };

	s->image.signature[PIL_QTI] = (struct pil_bytes){ signature, sizeof(signature) };
}

static void second_metadata(struct signedgen *s)
{
	s->image.has_metadata[PIL_QTI] = true;
}

static uint8_t *signature_of(uint8_t *segment, const struct imagegen_layout *l)
{
	return segment + l->signature[PIL_OEM];
}

static void put_signature(uint8_t *segment, const struct imagegen_layout *l, const uint8_t *sig, size_t size)
{
	memset(signature_of(segment, l), 0, CERTGEN_ECDSA);
	if (size)
		memcpy(signature_of(segment, l), sig, size);
}

static void zero_after(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)s;
	put_signature(segment, l, NULL, 0);
}

static void signature_zero(struct signedgen *s)
{
	s->after = zero_after;
}

/* changes one byte of the signature field to @which */
static void signature_byte(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	signature_of(segment, l)[s->which >> 8] = (uint8_t)s->which;
}

static void spoil_signature(struct signedgen *s, unsigned int which)
{
	s->after = signature_byte;
	s->which = which;
}

static void signature_no_sequence(struct signedgen *s)
{
	spoil_signature(s, AT(0u, 0x31u));
}

static void signature_past_field(struct signedgen *s)
{
	spoil_signature(s, AT(1u, 0x67u));
}

static void signature_padding(struct signedgen *s)
{
	spoil_signature(s, AT(CERTGEN_ECDSA - 1u, 1u));
}

static void numbers_zero(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	static const uint8_t zero[] = { 0x30, 6, 2, 1, 0, 2, 1, 0 };

	(void)s;
	put_signature(segment, l, zero, sizeof(zero));
}

static void signature_numbers_zero(struct signedgen *s)
{
	s->after = numbers_zero;
}

static void numbers_negative(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	static const uint8_t negative[] = { 0x30, 6, 2, 1, 0x80, 2, 1, 1 };

	(void)s;
	put_signature(segment, l, negative, sizeof(negative));
}

static void signature_negative(struct signedgen *s)
{
	s->after = numbers_negative;
}

static void one_number(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	static const uint8_t one[] = { 0x30, 3, 2, 1, 1 };

	(void)s;
	put_signature(segment, l, one, sizeof(one));
}

static void signature_one_number(struct signedgen *s)
{
	s->after = one_number;
}

static void flip_in_signature(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)s;
	signature_of(segment, l)[20] ^= 1;
}

static void signature_changed(struct signedgen *s)
{
	s->after = flip_in_signature;
}

static void signature_of_other(struct signedgen *s)
{
	s->signer = CERTGEN_OTHER;
}

static void signature_of_authority(struct signedgen *s)
{
	s->signer = CERTGEN_CA;
}

/* --- what was signed --- */

static void flip_metadata(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)s;
	segment[l->metadata[PIL_OEM] + 4u * W_JTAG] ^= 1;
}

static void metadata_changed(struct signedgen *s)
{
	s->after = flip_metadata;
}

static void flip_table(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)s;
	segment[l->hashes + 2u * 48u] ^= 0x80;
}

static void table_changed(struct signedgen *s)
{
	s->after = flip_table;
}

static void flip_header(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)l;
	(void)s;
	segment[0] ^= 1;	/* image id: nobody reads it, but it is signed */
}

static void header_changed(struct signedgen *s)
{
	s->after = flip_header;
}

static void flip_headers_entry(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	(void)s;
	segment[l->hashes + 47u] ^= 1;
}

static void headers_digest(struct signedgen *s)
{
	s->before = flip_headers_entry;
}

static void set_entry(uint8_t *segment, const struct imagegen_layout *l, const struct signedgen *s)
{
	segment[l->hashes + s->which * 48u] = 1;
}

static void hash_segment_has_digest(struct signedgen *s)
{
	s->before = set_entry;
	s->which = 1;
}

/* the third of imagegen's segments has no bytes in the file */
static void empty_segment_has_digest(struct signedgen *s)
{
	s->before = set_entry;
	s->which = 4;
}

static void table_of_sha256(struct signedgen *s)
{
	s->image.hash_alg = PIL_SHA256;
}

/* --- binding --- */

static void root_index(struct signedgen *s)
{
	set_word(s, W_ROOT, 1);
}

static void bound_to_other_soc(struct signedgen *s)
{
	set_word(s, W_SOC, 0x7fff0001);
}

/* 0 ends the list: the right SoC behind it does not count */
static void bound_to_no_soc_in_list(struct signedgen *s)
{
	set_word(s, (enum word)(W_SOC + 1), s->image.metadata[PIL_OEM][W_SOC]);
	set_word(s, W_SOC, 0);
}

static void bound_to_other_oem(struct signedgen *s)
{
	set_word(s, W_MAJOR, 1);
	set_word(s, W_FLAGS, FLAG_SOC | FLAG_NO_MODEL);
	set_word(s, W_OEM, 0x7fff0001);
}

static void bound_to_other_model(struct signedgen *s)
{
	set_word(s, W_MAJOR, 1);
	set_word(s, W_FLAGS, FLAG_SOC | FLAG_NO_OEM);
	set_word(s, W_MODEL, 0x7fff0001);
}

static void bound_to_other_serial(struct signedgen *s)
{
	set_word(s, W_FLAGS, FLAG_SOC | FLAG_NO_OEM | FLAG_SERIAL);
	set_word(s, W_SERIAL, 0x7fff0001);
}

static void bound_to_other_chip(struct signedgen *s)
{
	set_word(s, W_FLAGS, FLAG_SOC | FLAG_NO_OEM | FLAG_JTAG);
	set_word(s, W_JTAG, 0x7fff0001);
}

static void bound_to_nothing(struct signedgen *s)
{
	set_word(s, W_FLAGS, FLAG_NO_OEM);
}

static void without_metadata(struct signedgen *s)
{
	s->image.has_metadata[PIL_OEM] = false;
}

static void other_software(struct signedgen *s)
{
	set_word(s, W_SW_ID, 0x7fff0001);
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

const struct malformed_table malformed_signed = { inputs, sizeof(inputs) / sizeof(inputs[0]) };

/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaf certificates for images of versions 3 and 5. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/x509v3.h>

#include "sign/leaf_new.h"
#include "pilot.h"
#include "sign/signer.h"

enum unit {
	SW_ID = 1,
	HW_ID = 2,
	DEBUG = 3,
	OEM_ID = 4,
	SW_SIZE = 5,
	MODEL_ID = 6,
	DIGEST = 7,
	SOC_VERS = 11,
	USE_SOC = 13,
	OEM_INDEPENDENT = 15,
};

static unsigned int unit_number(const char *text, size_t size)
{
	if (size < 4 || size >= sizeof(((struct leaf_units *)0)->text[0]) || !isdigit((unsigned char)text[0]) ||
	    !isdigit((unsigned char)text[1]) || text[2] != ' ')
		return 0;
	return (unsigned int)(text[0] - '0') * 10u + (unsigned int)(text[1] - '0');
}

void leaf_units_read(struct leaf_units *units, const X509 *leaf)
{
	const X509_NAME *subject = X509_get_subject_name(leaf);
	int at = -1;

	while ((at = X509_NAME_get_index_by_NID(subject, NID_organizationalUnitName, at)) >= 0) {
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
		const char *text = (const char *)ASN1_STRING_get0_data(value);
		size_t size = (size_t)ASN1_STRING_length(value);
		unsigned int number = unit_number(text, size);

		if (!number || number >= LEAF_UNITS)
			continue;
		memcpy(units->text[number], text, size);
		units->text[number][size] = '\0';
	}
}

uint64_t leaf_units_number(const struct leaf_units *units, unsigned int number)
{
	return units->text[number][0] ? strtoull(units->text[number] + 3, NULL, 16) : 0;
}

#define SET(units, number, ...) snprintf((units)->text[number], sizeof((units)->text[number]), __VA_ARGS__)

static bool set_ids(struct leaf_units *units, const struct mbn_request *want, const char *path)
{
	const struct pil_mbn_binding *b = &want->binding;

	if (b->oem_id > UINT16_MAX || b->model_id > UINT16_MAX) {
		complain(path, "OEM and model have 16 bits in versions 3 and 5");
		return false;
	}
	if (want->oem && want->model && b->use_oem != b->use_model) {
		complain(path, "versions 3 and 5 bind to OEM and model together, or to neither");
		return false;
	}
	if (want->oem)
		SET(units, OEM_ID, "04 %04" PRIX32 " OEM_ID", b->oem_id);
	if (want->model)
		SET(units, MODEL_ID, "06 %04" PRIX32 " MODEL_ID", b->model_id);
	if (want->oem)
		SET(units, OEM_INDEPENDENT, "15 %04X OEM_ID_INDEPENDENT", !b->use_oem);
	return true;
}

/* more do not fit the 64 characters that an organizational unit may have (RFC 5280 appendix A) */
#define UNIT_SOCS 10u

static bool set_socs(struct leaf_units *units, const struct mbn_request *want, const char *path)
{
	char list[5 * UNIT_SOCS + 1] = "";
	unsigned int i = 0;

	for (i = 0; i < PIL_MBN_SOC_VERS; i++) {
		uint32_t soc = want->binding.soc_vers[i];

		if (soc > UINT16_MAX || (soc && i >= UNIT_SOCS)) {
			complain(path,
				 "versions 3 and 5 have room for %u SoC hardware versions of 16 bits; number %u is "
				 "0x%" PRIx32,
				 UNIT_SOCS, i + 1, soc);
			return false;
		}
		if (i < UNIT_SOCS)
			snprintf(list + (size_t)5 * i, 6, " %04" PRIX32, soc & 0xffff);
	}
	SET(units, SOC_VERS, "11%s SOC_VERS", list);
	SET(units, USE_SOC, "13 %04X IN_USE_SOC_HW_VERSION", want->binding.use_soc);
	return true;
}

/* The chip id is the upper half of HW_ID, and counts where SoC hardware versions do not. */
static bool set_chip(struct leaf_units *units, const struct mbn_request *want, const char *path)
{
	const struct pil_mbn_binding *b = &want->binding;
	bool by_soc = want->soc ? b->use_soc : leaf_units_number(units, USE_SOC) != 0;
	uint64_t hw_id = leaf_units_number(units, HW_ID);

	if (want->jtag && b->use_jtag && by_soc) {
		complain(path,
			 "versions 3 and 5 bind to a chip id or to SoC hardware versions: --jtag needs --soc any");
		return false;
	}
	if (want->jtag)
		hw_id = (hw_id & UINT32_MAX) | (uint64_t)(b->use_jtag ? b->jtag_id : 0) << 32;
	SET(units, HW_ID, "02 %016" PRIX64 " HW_ID", hw_id);
	return true;
}

bool leaf_units_set(struct leaf_units *units, const struct mbn_request *want, size_t signed_size, const char *path)
{
	uint64_t sw_id = leaf_units_number(units, SW_ID);

	if (want->sw_id)
		sw_id = (sw_id & ~(uint64_t)UINT32_MAX) | want->binding.sw_id;
	if (want->anti_rollback)
		sw_id = (sw_id & UINT32_MAX) | (uint64_t)want->binding.anti_rollback << 32;
	if (want->soc && !set_socs(units, want, path))
		return false;
	if (!set_ids(units, want, path))
		return false;
	SET(units, SW_ID, "01 %016" PRIX64 " SW_ID", sw_id);
	if (!set_chip(units, want, path))
		return false;
	if (!units->text[DEBUG][0])
		SET(units, DEBUG, "03 %016X DEBUG", 2);
	SET(units, SW_SIZE, "05 %08zX SW_SIZE", signed_size);
	SET(units, DIGEST, "07 0001 SHA256");
	return true;
}

/* organisation and common name of the leaf that is there, then the units */
static bool set_subject(X509 *cert, const X509 *pattern, const struct leaf_units *units)
{
	const X509_NAME *from = X509_get_subject_name(pattern);
	X509_NAME *to = X509_NAME_new();
	unsigned int number = 0;
	bool ok = to != NULL;
	int i = 0;

	for (i = 0; ok && i < X509_NAME_entry_count(from); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(from, i);

		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_organizationalUnitName)
			ok = X509_NAME_add_entry(to, entry, -1, 0) == 1;
	}
	for (number = 0; ok && number < LEAF_UNITS; number++)
		if (units->text[number][0])
			ok = X509_NAME_add_entry_by_NID(to, NID_organizationalUnitName, MBSTRING_ASC,
							(const unsigned char *)units->text[number], -1, -1, 0) == 1;
	ok = ok && X509_set_subject_name(cert, to) == 1;
	X509_NAME_free(to);
	return ok;
}

/* a number of its own for every content */
static bool set_serial(X509 *cert, const X509 *pattern, const struct leaf_units *units)
{
	uint8_t hash[2][32] = { { 0 } };
	BIGNUM *number = NULL;
	bool ok = X509_digest(pattern, EVP_sha256(), hash[0], NULL) == 1 &&
		  EVP_Digest(units, sizeof(*units), hash[1], NULL, EVP_sha256(), NULL) == 1 &&
		  EVP_Digest(hash, sizeof(hash), hash[0], NULL, EVP_sha256(), NULL) == 1;

	/* positive and of full length (RFC 5280 4.1.2.2) */
	hash[0][0] = (uint8_t)((hash[0][0] & 0x7f) | 0x40);
	number = ok ? BN_bin2bn(hash[0], 16, NULL) : NULL;
	ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	return ok;
}

static bool copy_extensions(X509 *cert, const X509 *pattern)
{
	bool ok = true;
	int i = 0;

	for (i = 0; ok && i < X509_get_ext_count(pattern); i++)
		ok = X509_add_ext(cert, X509_get_ext(pattern, i), -1) == 1;
	return ok;
}

/* a PSS signature that comes out the same every time takes the place of OpenSSL's own */
static bool make_reproducible(X509 *cert, EVP_PKEY *ca)
{
	const ASN1_BIT_STRING *found = NULL;
	uint8_t digest[32] = { 0 };
	uint8_t sig[PKI_SIG_MAX] = { 0 };
	unsigned char *tbs = NULL;
	size_t size = 0;
	int length = i2d_re_X509_tbs(cert, &tbs);
	bool ok = length > 0 && EVP_Digest(tbs, (size_t)length, digest, NULL, EVP_sha256(), NULL) == 1 &&
		  pss_sign(ca, digest, sig, &size);

	OPENSSL_free(tbs);
	X509_get0_signature(&found, NULL, cert);
	return ok && found && ASN1_STRING_set((ASN1_STRING *)(uintptr_t)found, sig, (int)size) == 1;
}

X509 *leaf_new(const struct pki_chain *chain, const struct leaf_units *units, bool pkcs1)
{
	const X509 *pattern = chain->cert[PKI_LEAF];
	EVP_PKEY *ca = chain->key[PKI_CA];
	X509 *cert = X509_new();

	if (cert && X509_set_version(cert, X509_VERSION_3) && set_serial(cert, pattern, units) &&
	    X509_set1_notBefore(cert, X509_get0_notBefore(pattern)) &&
	    X509_set1_notAfter(cert, X509_get0_notAfter(pattern)) && set_subject(cert, pattern, units) &&
	    X509_set_issuer_name(cert, X509_get_subject_name(chain->cert[PKI_CA])) &&
	    X509_set_pubkey(cert, X509_get0_pubkey(pattern)) && copy_extensions(cert, pattern) &&
	    pki_sign_cert(cert, ca, pkcs1) && (pkcs1 || pki_type_of(ca)->curve || make_reproducible(cert, ca)))
		return cert;
	pki_complain("leaf certificate", "cannot make one for the image");
	X509_free(cert);
	return NULL;
}

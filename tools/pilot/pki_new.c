/* SPDX-License-Identifier: BSD-2-Clause */
/* Making root, CA and leaf: EC P-384 with SHA-384, X.509 v3 (RFC 5280) as real images have them. */
#include <stdio.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "pki.h"

#define VALID_DAYS (20 * 365)

/** struct extension - one X.509 extension in the notation of openssl's configuration files */
struct extension {
	int nid;
	const char *value;
};

#define EXTENSIONS_MAX 5u

struct profile {
	const char *title;
	enum pki_role issuer;
	struct extension extension[EXTENSIONS_MAX];
};

static const struct profile profiles[PKI_ROLES] = {
	[PKI_ROOT] = { "root",
		       PKI_ROOT,
		       { { NID_basic_constraints, "critical,CA:TRUE" },
			 { NID_key_usage, "critical,keyCertSign" },
			 { NID_subject_key_identifier, "hash" } } },
	[PKI_CA] = { "CA",
		     PKI_ROOT,
		     { { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
		       { NID_key_usage, "critical,keyCertSign" },
		       { NID_subject_key_identifier, "hash" },
		       { NID_authority_key_identifier, "keyid" } } },
	[PKI_LEAF] = { "leaf",
		       PKI_CA,
		       { { NID_basic_constraints, "critical,CA:FALSE" },
			 { NID_key_usage, "critical,digitalSignature" },
			 { NID_ext_key_usage, "codeSigning" },
			 { NID_subject_key_identifier, "hash" },
			 { NID_authority_key_identifier, "keyid" } } },
};

static bool set_serial(X509 *cert)
{
	uint8_t bytes[16] = { 0 };
	BIGNUM *number = NULL;
	bool ok = false;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	/* positive and of full length (RFC 5280 4.1.2.2) */
	bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40);
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	return ok;
}

static bool add_name(X509_NAME *subject, const char *field, const char *text)
{
	return X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool set_subject(X509 *cert, const char *name, const char *title)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	char common[80] = "";

	snprintf(common, sizeof(common), "%s %s", name, title);
	return add_name(subject, "O", name) && add_name(subject, "CN", common);
}

static bool add_extensions(X509 *cert, X509 *issuer, const struct extension *list)
{
	X509V3_CTX ctx = { 0 };
	unsigned int i = 0;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	for (i = 0; i < EXTENSIONS_MAX && list[i].value; i++) {
		X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, list[i].nid, list[i].value);
		bool ok = ext && X509_add_ext(cert, ext, -1) == 1;

		X509_EXTENSION_free(ext);
		if (!ok)
			return false;
	}
	return true;
}

static bool create_cert(struct pki_chain *chain, enum pki_role role, const char *name)
{
	const struct profile *profile = &profiles[role];
	X509 *cert = X509_new();
	X509 *issuer = NULL;

	chain->cert[role] = cert;
	issuer = chain->cert[profile->issuer];
	return cert && X509_set_version(cert, X509_VERSION_3) && set_serial(cert) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), 0) &&
	       X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, NULL) &&
	       set_subject(cert, name, profile->title) && X509_set_issuer_name(cert, X509_get_subject_name(issuer)) &&
	       X509_set_pubkey(cert, chain->key[role]) && add_extensions(cert, issuer, profile->extension) &&
	       X509_sign(cert, chain->key[profile->issuer], EVP_sha384()) > 0;
}

bool pki_create(struct pki_chain *chain, const char *name)
{
	int role = 0;

	/* from the root down: each needs its issuer */
	for (role = PKI_ROOT; role >= PKI_LEAF; role--) {
		chain->key[role] = EVP_EC_gen("P-384");
		if (!chain->key[role] || !create_cert(chain, (enum pki_role)role, name)) {
			pki_complain(pki_role_name((enum pki_role)role), "cannot make key and certificate");
			return false;
		}
	}
	return true;
}

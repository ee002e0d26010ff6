/* SPDX-License-Identifier: BSD-2-Clause */
/* Making roots, CA and leaf: X.509 v3 (RFC 5280) as real images have them. */
#include <stdio.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "keys/pki.h"

#define VALID_DAYS (20 * 365)

/** struct extension - one X.509 extension in the notation of openssl's configuration files */
struct extension {
	int nid;
	const char *value;
};

#define EXTENSIONS_MAX 5u

struct profile {
	const char *title;
	struct extension extension[EXTENSIONS_MAX];
};

static const struct profile profiles[PKI_ROOT + 1] = {
	[PKI_ROOT] = { "root",
		       { { NID_basic_constraints, "critical,CA:TRUE" },
			 { NID_key_usage, "critical,keyCertSign" },
			 { NID_subject_key_identifier, "hash" } } },
	[PKI_CA] = { "CA",
		     { { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
		       { NID_key_usage, "critical,keyCertSign" },
		       { NID_subject_key_identifier, "hash" },
		       { NID_authority_key_identifier, "keyid" } } },
	[PKI_LEAF] = { "leaf",
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

static bool set_padding(EVP_PKEY_CTX *ctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool pki_sign_cert(X509 *cert, EVP_PKEY *key, bool pkcs1)
{
	const struct pki_type *type = pki_type_of(key);
	const EVP_MD *md = type && type->curve && type->bits == 384 ? EVP_sha384() : EVP_sha256();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_ctx = NULL;
	bool ok = ctx && type && EVP_DigestSignInit(ctx, &key_ctx, md, NULL, key) == 1 &&
		  (type->curve || pkcs1 || set_padding(key_ctx)) && X509_sign_ctx(cert, ctx) > 0;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static unsigned int issuer_of(const struct pki_chain *chain, unsigned int role)
{
	if (role == PKI_LEAF)
		return PKI_CA;
	return role == PKI_CA ? chain->root : role;
}

static bool create_cert(struct pki_chain *chain, unsigned int role, const struct pki_wish *wish)
{
	const struct profile *profile = &profiles[role < PKI_ROOT ? role : PKI_ROOT];
	X509 *cert = X509_new();
	X509 *issuer = NULL;
	char title[16] = "";

	if (role > PKI_ROOT)
		snprintf(title, sizeof(title), "%s %u", profile->title, role - PKI_ROOT);
	chain->cert[role] = cert;
	issuer = chain->cert[issuer_of(chain, role)];
	return cert && X509_set_version(cert, X509_VERSION_3) && set_serial(cert) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), 0) &&
	       X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, NULL) &&
	       set_subject(cert, wish->name, *title ? title : profile->title) &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) && X509_set_pubkey(cert, chain->key[role]) &&
	       add_extensions(cert, issuer, profile->extension) &&
	       pki_sign_cert(cert, chain->key[issuer_of(chain, role)], wish->pkcs1);
}

static EVP_PKEY *create_key(const struct pki_type *type)
{
	return type->curve ? EVP_EC_gen(type->curve) : EVP_RSA_gen(type->bits);
}

bool pki_create(struct pki_chain *chain, const struct pki_wish *wish)
{
	unsigned int role = 0;

	chain->certs = PKI_ROOT + wish->roots;
	chain->root = PKI_ROOT + wish->root_index;
	/* from the roots down: each needs its issuer */
	for (role = chain->certs; role-- > 0;) {
		chain->key[role] = create_key(wish->type);
		if (!chain->key[role] || !create_cert(chain, role, wish)) {
			pki_complain(pki_role_name(role), "cannot make key and certificate");
			return false;
		}
	}
	return true;
}

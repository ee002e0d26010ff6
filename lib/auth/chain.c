/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificate chain: leaf, perhaps an intermediate authority, root (docs/SPEC.md section 3.5). */
#include <string.h>

#include "auth.h"

#define CERTS_MIN   2u
#define PADDING	    0xffu
#define DER_SEQUENCE 0x30u

/* octets of a DER length after the tag, and its value; 0 octets when it is not definite, or longer than 3 bytes */
static size_t read_length(const uint8_t *data, size_t size, size_t *length)
{
	size_t octets = data[1] & 0x7fu;
	size_t i = 0;

	*length = 0;
	if (data[1] < 0x80u) {
		*length = data[1];
		return 1;
	}
	if (octets == 0 || octets > 3 || size - 2 < octets)
		return 0;
	for (i = 0; i < octets; i++)
		*length = *length << 8 | data[2 + i];
	return 1 + octets;
}

size_t pil_cert_split(const uint8_t *data, size_t size)
{
	size_t length = 0;
	size_t octets = 0;

	if (size < 2 || data[0] != DER_SEQUENCE)
		return 0;
	octets = read_length(data, size, &length);
	if (!octets || length > size - 1 - octets)
		return 0;
	return 1 + octets + length;
}

/* everything from @offset to the end of the field must be padding */
static int check_padding(struct pil_bytes field, size_t offset, struct pil_why *why)
{
	for (; offset < field.size; offset++)
		if (field.data[offset] != PADDING)
			return pil_fail(why, PIL_R_CERT_TRAILING, field.data[offset], offset);
	return 0;
}

static int split(struct pil_bytes field, struct pil_bytes der[PIL_MAX_CERTS], unsigned int *count, struct pil_why *why)
{
	size_t offset = 0;
	size_t length = 0;

	for (*count = 0; offset < field.size && field.data[offset] == DER_SEQUENCE; (*count)++) {
		if (*count == PIL_MAX_CERTS)
			return pil_fail(why, PIL_R_CERT_COUNT, *count + 1u, PIL_MAX_CERTS);
		length = pil_cert_split(field.data + offset, field.size - offset);
		if (!length)
			return pil_fail(why, PIL_R_CERT_DER, *count, offset);
		der[*count] = (struct pil_bytes){ field.data + offset, length };
		offset += length;
	}
	if (*count == 0 && field.size && field.data[0] != PADDING)
		return pil_fail(why, PIL_R_CERT_DER, 0, 0);
	if (check_padding(field, offset, why))
		return -(int)pil_reason_class(PIL_R_CERT_TRAILING);
	if (*count < CERTS_MIN)
		return pil_fail(why, PIL_R_CERT_COUNT, *count, PIL_MAX_CERTS);
	return 0;
}

static bool same(struct pil_bytes a, struct pil_bytes b)
{
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static int read_cert(struct pil_bytes der, unsigned int index, const struct pil_crypto *crypto, struct pil_cert *cert,
		     struct pil_why *why)
{
	struct pil_why found = { .reason = PIL_R_CRYPTO_INTERNAL };
	enum pil_hash_alg hash = PIL_HASH_NONE;
	int ret = crypto->cert_read(der.data, der.size, cert, &found);

	if (ret == -PIL_EFORMAT || ret == -PIL_EUNSUPPORTED)
		return pil_fail(why, found.reason, index, 0);
	if (ret) {
		(void)pil_fail(why, found.reason, found.a, found.b);
		return ret;
	}
	if (!pil_scheme_accepts_key(cert->key))
		return pil_fail(why, PIL_R_CERT_KEY, index, 0);
	if (!pil_scheme_accepts_cert(cert->sig_alg, &hash))
		return pil_fail(why, PIL_R_CERT_SIGALG, index, 0);
	return 0;
}

static int check_leaf(const struct pil_cert *leaf, struct pil_why *why)
{
	if (leaf->is_ca)
		return pil_fail(why, PIL_R_CERT_IS_CA, 0, 0);
	if (leaf->has_key_usage && !(leaf->key_usage & PIL_KU_DIGITAL_SIGNATURE))
		return pil_fail(why, PIL_R_CERT_KEY_USAGE, 0, leaf->key_usage);
	return 0;
}

static int check_authority(const struct pil_cert *cert, unsigned int index, struct pil_why *why)
{
	int below = (int)index - 1;	/* authorities between it and the leaf (RFC 5280 4.2.1.9) */

	if (!cert->is_ca)
		return pil_fail(why, PIL_R_CERT_NOT_CA, index, 0);
	if (cert->path_len >= 0 && cert->path_len < below)
		return pil_fail(why, PIL_R_CERT_PATHLEN, index, (uint64_t)cert->path_len);
	if (!(cert->key_usage & PIL_KU_KEY_CERT_SIGN))
		return pil_fail(why, PIL_R_CERT_KEY_USAGE, index, cert->key_usage);
	return 0;
}

/* the certificate that signs certificate @index: the next one; the root signs itself */
static unsigned int signer_of(const struct pil_auth_result *result, unsigned int index)
{
	return index + 1 < result->certs ? index + 1 : index;
}

static int check_roles(const struct pil_auth_result *result, struct pil_why *why)
{
	int ret = check_leaf(&result->cert[0], why);
	unsigned int i = 0;

	for (i = 1; !ret && i < result->certs; i++)
		ret = check_authority(&result->cert[i], i, why);
	for (i = 0; !ret && i < result->certs; i++)
		if (!same(result->cert[i].issuer, result->cert[signer_of(result, i)].subject))
			ret = pil_fail(why, PIL_R_CERT_ISSUER, i, signer_of(result, i));
	return ret;
}

static int check_signature(const struct pil_auth_result *result, unsigned int index, const struct pil_crypto *crypto,
			   struct pil_why *why)
{
	const struct pil_cert *cert = &result->cert[index];
	const struct pil_cert *signer = &result->cert[signer_of(result, index)];
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	enum pil_hash_alg hash = PIL_HASH_NONE;
	int ret = 0;

	if (!pil_scheme_accepts_cert(cert->sig_alg, &hash))
		return pil_fail(why, PIL_R_CERT_SIGALG, index, 0);
	ret = pil_hash_once(crypto, hash, cert->tbs.data, cert->tbs.size, digest, why);
	if (ret)
		return ret;
	ret = crypto->verify(signer, cert->sig_alg, digest, pil_hash_size(hash), cert->signature.data,
			     cert->signature.size, why);
	if (ret == -PIL_EAUTH)
		return pil_fail(why, PIL_R_CERT_SIGNATURE, index, signer_of(result, index));
	if (ret == -PIL_EUNSUPPORTED)
		return pil_fail(why, PIL_R_CERT_SIGALG, index, 0);
	return ret;
}

int pil_auth_chain(struct pil_bytes certs, const struct pil_crypto *crypto, struct pil_auth_result *result,
		   struct pil_why *why)
{
	struct pil_bytes der[PIL_MAX_CERTS] = { { 0 } };
	unsigned int count = 0;
	unsigned int i = 0;
	int ret = split(certs, der, &count, why);

	for (i = 0; !ret && i < count; i++) {
		ret = read_cert(der[i], i, crypto, &result->cert[i], why);
		if (!ret)
			result->certs = i + 1;
	}
	if (!ret)
		ret = check_roles(result, why);
	for (i = 0; !ret && i < count; i++)
		ret = check_signature(result, i, crypto, why);
	return ret;
}

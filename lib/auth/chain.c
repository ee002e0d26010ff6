/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificate chain: leaf, perhaps an intermediate authority, root (docs/SPEC.md section 3.5). */
#include <string.h>

#include "auth.h"

#define CERTS_MIN    2u
#define PATH_MAX     3u /* leaf, authority, root */
#define PADDING	     0xffu
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

bool pil_der_tlv_(struct pil_bytes *rest, uint8_t *tag, struct pil_bytes *value)
{
	size_t length = 0;
	size_t octets = 0;

	if (rest->size < 2)
		return false;
	octets = read_length(rest->data, rest->size, &length);
	if (!octets || length > rest->size - 1 - octets)
		return false;
	*tag = rest->data[0];
	*value = (struct pil_bytes){ rest->data + 1 + octets, length };
	rest->data += 1 + octets + length;
	rest->size -= 1 + octets + length;
	return true;
}

size_t pil_cert_split(const uint8_t *data, size_t size)
{
	struct pil_bytes rest = { data, size };
	struct pil_bytes value = { 0 };
	uint8_t tag = 0;

	return pil_der_tlv_(&rest, &tag, &value) && tag == DER_SEQUENCE ? size - rest.size : 0;
}

/* everything from @offset to the end of the field must be padding */
static int check_padding(struct pil_bytes field, size_t offset, struct pil_why *why)
{
	for (; offset < field.size; offset++)
		if (field.data[offset] != PADDING)
			return pil_fail(why, PIL_R_CERT_TRAILING, field.data[offset], offset);
	return 0;
}

static int split(struct pil_bytes field, struct pil_bytes der[PIL_MAX_CERTS], unsigned int max, unsigned int *count,
		 struct pil_why *why)
{
	size_t offset = 0;
	size_t length = 0;

	for (*count = 0; offset < field.size && field.data[offset] == DER_SEQUENCE; (*count)++) {
		if (*count == max)
			return pil_fail(why, PIL_R_CERT_COUNT, *count + 1u, max);
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
		return pil_fail(why, PIL_R_CERT_COUNT, *count, max);
	return 0;
}

static bool same(struct pil_bytes a, struct pil_bytes b)
{
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static bool has_bit(uint32_t bits, unsigned int number)
{
	return number < 32 && (bits >> number & 1u);
}

static int read_cert(const struct pil_auth_run *run, struct pil_bytes der, unsigned int index)
{
	struct pil_why found = { .reason = PIL_R_CRYPTO_INTERNAL };
	struct pil_cert *cert = &run->result->cert[index];
	int ret = run->crypto->cert_read(der.data, der.size, cert, &found);

	if (ret == -PIL_EFORMAT || ret == -PIL_EUNSUPPORTED)
		return pil_fail(run->why, found.reason, index, 0);
	if (ret) {
		(void)pil_fail(run->why, found.reason, found.a, found.b);
		return ret;
	}
	if (!has_bit(run->rules->schemes->keys, (unsigned int)cert->key))
		return pil_fail(run->why, PIL_R_CERT_KEY, index, 0);
	if (!has_bit(run->rules->schemes->cert_algs, (unsigned int)cert->sig_alg))
		return pil_fail(run->why, PIL_R_CERT_SIGALG, index, 0);
	return 0;
}

/*
 * Which certificates are roots: those at the end that name themselves as issuers, where several are accepted; always
 * the last, never the leaf. What must be selected is selected by the metadata, and compared in pil_auth_root().
 */
static int find_roots(const struct pil_auth_run *run)
{
	struct pil_auth_result *r = run->result;
	const uint32_t index = run->signer->binding.root_index;

	r->roots = 1;
	while (r->roots < run->rules->max_roots && r->roots + 1 < r->certs) {
		const struct pil_cert *next = &r->cert[r->certs - r->roots - 1];

		if (!same(next->issuer, next->subject))
			break;
		r->roots++;
	}
	r->root = r->certs - r->roots + (index < r->roots ? index : 0);
	if (r->certs - r->roots + 1 > PATH_MAX)
		return pil_fail(run->why, PIL_R_CERT_COUNT, r->certs - r->roots + 1, PATH_MAX);
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

/* @below: authorities between it and the leaf (RFC 5280 4.2.1.9) */
static int check_authority(const struct pil_auth_run *run, unsigned int index, int below)
{
	const struct pil_cert *cert = &run->result->cert[index];
	struct pil_why *why = run->why;

	if (!cert->is_ca)
		return pil_fail(why, PIL_R_CERT_NOT_CA, index, 0);
	if (cert->path_len >= 0 && cert->path_len < below)
		return pil_fail(why, PIL_R_CERT_PATHLEN, index, (uint64_t)cert->path_len);
	if (run->rules->any_key_usage && !cert->has_key_usage)
		return 0;
	if (!(cert->key_usage & PIL_KU_KEY_CERT_SIGN))
		return pil_fail(why, PIL_R_CERT_KEY_USAGE, index, cert->key_usage);
	return 0;
}

static unsigned int first_root(const struct pil_auth_result *result)
{
	return result->certs - result->roots;
}

/* the certificate that signs certificate @index: the next one, then the selected root; roots sign themselves */
static unsigned int signer_of(const struct pil_auth_result *result, unsigned int index)
{
	if (index >= first_root(result))
		return index;
	return index + 1 < first_root(result) ? index + 1 : result->root;
}

static int check_roles(const struct pil_auth_run *run)
{
	const struct pil_auth_result *result = run->result;
	int ret = check_leaf(&result->cert[0], run->why);
	unsigned int i = 0;

	for (i = 1; !ret && i < result->certs; i++) {
		const unsigned int place = i < first_root(result) ? i : first_root(result);

		ret = check_authority(run, i, (int)place - 1);
	}
	for (i = 0; !ret && i < result->certs; i++)
		if (!same(result->cert[i].issuer, result->cert[signer_of(result, i)].subject))
			ret = pil_fail(run->why, PIL_R_CERT_ISSUER, i, signer_of(result, i));
	return ret;
}

static enum pil_hash_alg digest_of(enum pil_sig_alg alg)
{
	switch (alg) {
	case PIL_SIG_ECDSA_SHA384:
	case PIL_SIG_RSA_PSS_SHA384:
		return PIL_SHA384;
	default:
		return PIL_SHA256;
	}
}

static int check_signature(const struct pil_auth_run *run, unsigned int index)
{
	const struct pil_cert *cert = &run->result->cert[index];
	const unsigned int by = signer_of(run->result, index);
	const enum pil_hash_alg hash = digest_of(cert->sig_alg);
	uint8_t digest[PIL_DIGEST_MAX] = { 0 };
	int ret = pil_hash_once(run->crypto, hash, cert->tbs.data, cert->tbs.size, digest, run->why);

	if (ret)
		return ret;
	ret = run->crypto->verify(&run->result->cert[by], cert->sig_alg, digest, pil_hash_size(hash),
				  cert->signature.data, cert->signature.size, run->why);
	if (ret == -PIL_EAUTH)
		return pil_fail(run->why, PIL_R_CERT_SIGNATURE, index, by);
	if (ret == -PIL_EUNSUPPORTED)
		return pil_fail(run->why, PIL_R_CERT_SIGALG, index, 0);
	return ret;
}

int pil_auth_chain(const struct pil_auth_run *run)
{
	struct pil_bytes der[PIL_MAX_CERTS] = { { 0 } };
	unsigned int count = 0;
	volatile unsigned int left = 0;
	unsigned int i = 0;
	int ret = split(run->signer->certs, der, PATH_MAX - 1u + run->rules->max_roots, &count, run->why);

	left = count;
	for (i = 0; !ret && i < count; i++) {
		ret = read_cert(run, der[i], i);
		if (!ret)
			run->result->certs = i + 1;
	}
	if (!ret)
		ret = find_roots(run);
	if (!ret)
		ret = check_roles(run);
	for (i = 0; !ret && i < count; i++) {
		ret = check_signature(run, i);
		left = left - 1;
	}
	/* a loop that ended early has not looked at all of them */
	if (!ret && left)
		return pil_fail(run->why, PIL_R_CERT_SIGNATURE, count - left, 0);
	return ret ? ret : check_roles(run);
}

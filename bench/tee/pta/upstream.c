// SPDX-License-Identifier: BSD-2-Clause
/*
 * For comparison only: the PTA that OP-TEE's own remoteproc TA wants (remoteproc_pta.h), on this board's cores and memory. It does what
 * that of the STM32 does and no more: copies a segment, compares its digest, verifies one signature, starts and stops. It believes the key
 * that comes with an image, which costs as much as one that it knows. It is to be used alone: nothing keeps Pilot's PTA out meanwhile.
 */
#include <crypto/crypto.h>
#include <kernel/pseudo_ta.h>
#include <remoteproc_pta.h>
#include <stdlib.h>
#include <string.h>
#include <tee/tee_cryp_utl.h>
#include <util.h>
#include <utee_defines.h>

#include "pta.h"

#define COORDINATE 32 /* bytes, of P-256 */

static TEE_Result capabilities(TEE_Param p[TEE_NUM_PARAMS])
{
	p[1].value.a = PTA_RPROC_HWCAP_FMT_ELF;
	p[2].value.a = PTA_RPROC_HWCAP_PROT_HASH_TABLE;
	return TEE_SUCCESS;
}

static TEE_Result load_segment(TEE_Param p[TEE_NUM_PARAMS])
{
	const size_t size = p[1].memref.size;
	void *at = memory_at(p[0].value.a, reg_pair_to_64(p[2].value.b, p[2].value.a), size);
	TEE_Result res = TEE_SUCCESS;

	if (!at || p[3].memref.size != TEE_SHA256_HASH_SIZE)
		return TEE_ERROR_ACCESS_DENIED;
	memcpy(at, p[1].memref.buffer, size);
	res = hash_sha256_check(p[3].memref.buffer, at, size);
	if (res)
		memset(at, 0, size);
	memory_written(at, size);
	return res;
}

static TEE_Result set_memory(TEE_Param p[TEE_NUM_PARAMS])
{
	const uint64_t size = reg_pair_to_64(p[2].value.b, p[2].value.a);
	void *at = memory_at(p[0].value.a, reg_pair_to_64(p[1].value.b, p[1].value.a), size);

	if (!at)
		return TEE_ERROR_ACCESS_DENIED;
	memset(at, p[3].value.a, size);
	memory_written(at, size);
	return TEE_SUCCESS;
}

static TEE_Result to_physical(TEE_Param p[TEE_NUM_PARAMS])
{
	const struct virt_tee_core *c = &virt_tee_cores[p[0].value.a];
	const uint64_t da = reg_pair_to_64(p[1].value.b, p[1].value.a), size = reg_pair_to_64(p[2].value.b, p[2].value.a);

	for (unsigned int i = 0; i < c->count; i++) {
		const struct virt_tee_memory *m = &c->memory[i];

		if (da < m->da || da - m->da > m->size || size > m->size - (da - m->da))
			continue;
		reg_pair_from_64(m->pa + da - m->da, &p[3].value.b, &p[3].value.a);
		return TEE_SUCCESS;
	}
	return TEE_ERROR_ACCESS_DENIED;
}

/* the last bytes of a SubjectPublicKeyInfo are the point's coordinates */
static TEE_Result verify(TEE_Param p[TEE_NUM_PARAMS])
{
	const struct rproc_pta_key_info *info = p[1].memref.buffer;
	struct ecc_public_key key = { };
	const uint8_t *point = NULL;
	TEE_Result res = TEE_SUCCESS;

	if (p[1].memref.size < sizeof(*info) || info->info_size > p[1].memref.size - sizeof(*info) || info->info_size < 2 * COORDINATE)
		return TEE_ERROR_BAD_PARAMETERS;
	point = info->info + info->info_size - 2 * COORDINATE;
	res = crypto_acipher_alloc_ecc_public_key(&key, TEE_TYPE_ECDSA_PUBLIC_KEY, 8 * COORDINATE);
	if (res)
		return res;
	key.curve = TEE_ECC_CURVE_NIST_P256;
	res = crypto_bignum_bin2bn(point, COORDINATE, key.x);
	if (!res)
		res = crypto_bignum_bin2bn(point + COORDINATE, COORDINATE, key.y);
	if (!res)
		res = crypto_acipher_ecc_verify(TEE_ALG_ECDSA_SHA256, &key, p[2].memref.buffer, p[2].memref.size, p[3].memref.buffer,
						p[3].memref.size);
	crypto_acipher_free_ecc_public_key(&key);
	return res;
}

static TEE_Result start(const struct pta_session *s, uint32_t id)
{
	return pta_start(s, id, virt_tee_cores[id].memory[0].da, 0);
}

static TEE_Result release(uint32_t id)
{
	memory_scrub(id);
	return TEE_SUCCESS;
}

static TEE_Result open_session(uint32_t types __unused, TEE_Param p[TEE_NUM_PARAMS], void **context)
{
	struct pta_session *s = calloc(1, sizeof(*s));
	TEE_Result res = TEE_ERROR_OUT_OF_MEMORY;

	if (!s)
		return res;
	s->client = PTA_REMOTEPROC;
	res = pta_claim(s, p[0].value.a);
	if (res)
		free(s);
	else
		*context = s;
	return res;
}

static void close_session(void *context)
{
	pta_release_all(context);
	free(context);
}

static TEE_Result invoke(void *context, uint32_t command, uint32_t types __unused, TEE_Param p[TEE_NUM_PARAMS])
{
	if (p[0].value.a >= VIRT_TEE_CORES)
		return TEE_ERROR_NOT_SUPPORTED;
	switch (command) {
	case PTA_RPROC_HW_CAPABILITIES:
		return capabilities(p);
	case PTA_RPROC_LOAD_SEGMENT_SHA256:
		return load_segment(p);
	case PTA_RPROC_SET_MEMORY:
		return set_memory(p);
	case PTA_RPROC_FIRMWARE_START:
		return start(context, p[0].value.a);
	case PTA_RPROC_FIRMWARE_STOP:
		return pta_stop(context, p[0].value.a);
	case PTA_RPROC_FIRMWARE_DA_TO_PA:
		return to_physical(p);
	case PTA_RPROC_VERIFY_DIGEST:
		return verify(p);
	case PTA_REMOTEPROC_RELEASE:
		return release(p[0].value.a);
	default:
		return TEE_ERROR_NOT_IMPLEMENTED;
	}
}

pseudo_ta_register(.uuid = PTA_RPROC_UUID, .name = "bench.remoteproc", .flags = PTA_DEFAULT_FLAGS,
		   .open_session_entry_point = open_session, .close_session_entry_point = close_session,
		   .invoke_command_entry_point = invoke);

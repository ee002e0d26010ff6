/* SPDX-License-Identifier: BSD-2-Clause */
#include "host_unit.h"

static _Thread_local const struct pil_host_unit *chosen;

void pil_mbedtls_host_unit(const struct pil_host_unit *unit)
{
	chosen = unit;
}

size_t pil_mbedtls_sha256_unit(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	return chosen && chosen->sha256 ? chosen->sha256(state, data, blocks) : 0;
}

size_t pil_mbedtls_sha512_unit(uint64_t state[8], const uint8_t *data, size_t blocks)
{
	return chosen && chosen->sha512 ? chosen->sha512(state, data, blocks) : 0;
}

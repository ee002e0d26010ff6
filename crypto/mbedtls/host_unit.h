/* SPDX-License-Identifier: BSD-2-Clause */
/* The unit for digests on the host: none, unless a test provides one. */
#ifndef PILOT_MBEDTLS_HOST_UNIT_H
#define PILOT_MBEDTLS_HOST_UNIT_H

#include "unit.h"

/** struct pil_host_unit - see unit.h; a member that is NULL does nothing */
struct pil_host_unit {
	size_t (*sha256)(uint32_t state[8], const uint8_t *data, size_t blocks);
	size_t (*sha512)(uint64_t state[8], const uint8_t *data, size_t blocks);
};

/** pil_mbedtls_host_unit() - let this thread use @unit, which must stay valid; NULL: none again */
void pil_mbedtls_host_unit(const struct pil_host_unit *unit);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SCMI over OP-TEE: between the service's door and the protocols behind it.
 */
#ifndef PILOT_SCMI_SERVICE_H
#define PILOT_SCMI_SERVICE_H

#include <stddef.h>
#include <stdint.h>

#define SCMI_HOST_CHANNEL 0 /* the host's kernel is the only agent */

/* A message is a header and at most this much; SCMI specification (Arm DEN 0056), and what OP-TEE's server and Linux's driver take. */
#define SCMI_HEADER_SIZE  sizeof(uint32_t)
#define SCMI_PAYLOAD_MAX  92
#define SCMI_RESPONSE_MIN 32 /* header, and the longest answer of a fixed length: status, two words, a name of 16 bytes */

/**
 * scmi_power_message() - answer a message of the power domain management protocol (DEN 0056 section 4.3)
 * @message: which of its messages
 * @in: its parameters
 * @in_words: how many
 * @out: where status and return values go: room for SCMI_RESPONSE_MIN bytes less the header of a message
 *
 * Return: words written to @out: at least one, the status
 */
size_t scmi_power_message(uint32_t message, const uint32_t *in, size_t in_words, uint32_t *out);

#endif

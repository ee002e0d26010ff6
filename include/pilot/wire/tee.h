/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of GlobalPlatform's TEE Internal Core API that Pilot's doors for a TEE use, so that what decodes a call can be compiled, tested
 * and fuzzed without a TEE (docs/SPEC.md section 11).
 */
#ifndef PILOT_WIRE_TEE_H
#define PILOT_WIRE_TEE_H

/* results */
#define PIL_TEE_SUCCESS		  0x00000000u
#define PIL_TEE_GENERIC		  0xffff0000u
#define PIL_TEE_ACCESS_DENIED	  0xffff0001u
#define PIL_TEE_BAD_FORMAT	  0xffff0005u
#define PIL_TEE_BAD_PARAMETERS	  0xffff0006u
#define PIL_TEE_BAD_STATE	  0xffff0007u
#define PIL_TEE_ITEM_NOT_FOUND	  0xffff0008u
#define PIL_TEE_NOT_SUPPORTED	  0xffff000au
#define PIL_TEE_OUT_OF_MEMORY	  0xffff000cu
#define PIL_TEE_BUSY		  0xffff000du
#define PIL_TEE_SECURITY	  0xffff000fu
#define PIL_TEE_SHORT_BUFFER	  0xffff0010u
#define PIL_TEE_SIGNATURE_INVALID 0xffff3072u

/* types of the four parameters, four bits each, the first in the lowest */
#define PIL_TEE_PARAMS	      4
#define PIL_TEE_NONE	      0x0u
#define PIL_TEE_VALUE_INPUT   0x1u
#define PIL_TEE_VALUE_OUTPUT  0x2u
#define PIL_TEE_VALUE_INOUT   0x3u
#define PIL_TEE_MEMREF_INPUT  0x5u
#define PIL_TEE_MEMREF_OUTPUT 0x6u
#define PIL_TEE_MEMREF_INOUT  0x7u

/* who a client is: only the host's kernel can say this of itself */
#define PIL_TEE_LOGIN_KERNEL 0x80000000u

#endif

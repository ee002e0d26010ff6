/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration of Mbed TLS 3.6 for Pilot (MBEDTLS_CONFIG_FILE): reading certificates and verifying signatures,
 * nothing that needs a random number, a clock, a file or a private key.
 */
#ifndef PILOT_MBEDTLS_CONFIG_H
#define PILOT_MBEDTLS_CONFIG_H

#include <stddef.h>

/* all memory comes from the pool of the request that is running, see pool.h */
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO pil_mbedtls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO   pil_mbedtls_free
void *pil_mbedtls_calloc(size_t count, size_t size);
void pil_mbedtls_free(void *ptr);

#define MBEDTLS_HAVE_ASM	/* multiplication in assembler: general registers only on AArch64 */
#define MBEDTLS_NO_UDBL_DIVISION	/* would call libgcc */
#define MBEDTLS_DEPRECATED_REMOVED

#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_MD_C

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 512	/* bytes: RSA-4096 is the longest key */
#define MBEDTLS_MPI_WINDOW_SIZE 1	/* public exponents are short: a window would only cost memory */

#define MBEDTLS_ECP_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_WINDOW_SIZE 4
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0

#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

#define MBEDTLS_OID_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_X509_REMOVE_INFO

#endif

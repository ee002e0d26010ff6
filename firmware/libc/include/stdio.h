/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mbed TLS includes this header and mentions snprintf in functions that print names and serial numbers. Nothing calls
 * them and the linker drops them (--gc-sections); there is deliberately no snprintf to link with.
 */
#ifndef FIRMWARE_STDIO_H
#define FIRMWARE_STDIO_H

#include <stddef.h>

int snprintf(char *restrict buf, size_t size, const char *restrict format, ...);

#endif

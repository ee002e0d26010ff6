/* SPDX-License-Identifier: BSD-2-Clause */
/* Mbed TLS includes this header; with its own allocator configured it calls nothing from it. */
#ifndef FIRMWARE_STDLIB_H
#define FIRMWARE_STDLIB_H

#include <stddef.h>

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Mbed TLS wants static_assert from here; the firmware has no run-time assert. */
#ifndef FIRMWARE_ASSERT_H
#define FIRMWARE_ASSERT_H

#define static_assert _Static_assert

#endif

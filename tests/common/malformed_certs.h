/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Malformed and false certificates, signatures, tables and bindings, as complete metadata: their structure is in
 * order, lib/auth must refuse them. The device is that of signedgen_device(), the software id 1.
 *
 * To make them for a device whose fuses hold another root, call certgen_use_root() first.
 */
#ifndef PILOT_TESTS_MALFORMED_CERTS_H
#define PILOT_TESTS_MALFORMED_CERTS_H

#include "malformed.h"

extern const struct malformed_table malformed_certs;
extern const struct malformed_table malformed_signed;

#endif

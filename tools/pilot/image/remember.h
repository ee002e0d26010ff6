/* SPDX-License-Identifier: BSD-2-Clause */
/* What the crypto library said once in this run of the program is not asked again. */
#ifndef TOOL_REMEMBER_H
#define TOOL_REMEMBER_H

#include <pilot/crypto.h>

/*
 * @base, except that certificates that it has read and signatures that it has found good are remembered: the images of
 * one maker share the certificates above the leaf. What it refused is asked again. For any number of threads, once in a run.
 */
const struct pil_crypto *crypto_remembering(const struct pil_crypto *base);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys from PEM files, encrypted or not. */
#ifndef PILOT_TOOL_KEY_READ_H
#define PILOT_TOOL_KEY_READ_H

#include <openssl/evp.h>

/**
 * key_read() - read a private key
 * @path:            PEM file
 * @passphrase_file: its first line opens an encrypted key; NULL: PILOT_PASSPHRASE of the environment, otherwise the
 *                   terminal is asked when standard input is one
 * Return: the key, or NULL after a complaint
 */
EVP_PKEY *key_read(const char *path, const char *passphrase_file);

#endif

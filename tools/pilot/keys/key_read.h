/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys from PEM files, encrypted or not. */
#ifndef PILOT_TOOL_KEY_READ_H
#define PILOT_TOOL_KEY_READ_H

#include <openssl/evp.h>

#include "pilot.h"

/**
 * key_read() - read a private key
 * @path:            PEM file
 * @passphrase_file: its first line opens an encrypted key; NULL: PILOT_PASSPHRASE of the environment, otherwise the
 *                   terminal is asked when standard input is one
 * Return: the key, or NULL after a complaint
 */
EVP_PKEY *key_read(const char *path, const char *passphrase_file);

/**
 * public_key_read() - read a public key
 * @path: public key, PEM or DER; certificate, PEM; or a private key, PEM, of which the public half counts
 * Return: the key, or NULL after a complaint
 */
EVP_PKEY *public_key_read(const char *path);

/**
 * key_decode() - the same for a file that is mapped, without complaint about the key
 * @file:            PEM file
 * @passphrase_file: as above
 * @encrypted:       sentence for a key that is encrypted and was not opened; NULL when there is no private key, or with
 *                   a key
 * Return: the key, or NULL
 */
EVP_PKEY *key_decode(const struct file *file, const char *passphrase_file, const char **encrypted);

/* pem_password_cb for what is never encrypted: without one, OpenSSL asks the terminal */
int key_no_passphrase(char *buf, int size, int writing, void *context);

#endif

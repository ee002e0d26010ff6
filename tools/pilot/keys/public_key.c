/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a public key from whatever form it has. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "keys/key_read.h"

#define KEY_FILE_MAX (1024u * 1024u)

static EVP_PKEY *from_pem_cert(BIO *bio)
{
	X509 *cert = PEM_read_bio_X509(bio, NULL, key_no_passphrase, NULL);
	EVP_PKEY *key = cert ? X509_get_pubkey(cert) : NULL;

	X509_free(cert);
	return key;
}

static EVP_PKEY *decode(const struct file *file, const char **encrypted)
{
	const unsigned char *cursor = file->data;
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;

	if (file->size > KEY_FILE_MAX)
		return NULL;
	key = d2i_PUBKEY(NULL, &cursor, (long)file->size);
	if (key && cursor == file->data + file->size)
		return key;
	EVP_PKEY_free(key);
	bio = BIO_new_mem_buf(file->data, (int)file->size);
	if (!bio)
		return NULL;
	key = PEM_read_bio_PUBKEY(bio, NULL, key_no_passphrase, NULL);
	if (!key && BIO_reset(bio) == 1)
		key = from_pem_cert(bio);
	BIO_free(bio);
	return key ? key : key_decode(file, NULL, encrypted);
}

EVP_PKEY *public_key_read(const char *path)
{
	const char *encrypted = NULL;
	struct file file = { 0 };
	EVP_PKEY *key = NULL;

	if (!file_open(&file, path))
		return NULL;
	key = decode(&file, &encrypted);
	ERR_clear_error();
	if (!key && encrypted)
		complain(path,
			 "an encrypted private key that was not opened (PILOT_PASSPHRASE); its public key will do");
	else if (!key)
		complain(path, "no public key, certificate or private key (%zu bytes)", file.size);
	file_close(&file);
	return key;
}

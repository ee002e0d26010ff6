/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys from PEM files. A passphrase is looked for only when the file asks for one. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "keys/key_read.h"
#include "pilot.h"

#define KEY_FILE_MAX (1024u * 1024u)

/** struct asked - what OpenSSL's question for a passphrase came to */
struct asked {
	const char *path;
	const char *passphrase_file;
	bool asked;
	bool answered;
};

static int from_file(const char *path, char *buf, int size)
{
	struct file file = { 0 };
	size_t length = 0;

	if (!file_open(&file, path))
		return -1;
	while (length < file.size && file.data[length] != '\n' && file.data[length] != '\r')
		length++;
	if (length > (size_t)size)
		complain(path, "passphrase longer than %d bytes", size);
	else
		memcpy(buf, file.data, length);
	file_close(&file);
	return length > (size_t)size ? -1 : (int)length;
}

static int from_environment(const char *text, char *buf, int size)
{
	size_t length = strlen(text);

	if (length > (size_t)size)
		return -1;
	memcpy(buf, text, length);
	return (int)length;
}

static int from_terminal(const char *path, char *buf, int size)
{
	char prompt[512] = "";

	snprintf(prompt, sizeof(prompt), "passphrase of %s: ", path);
	return EVP_read_pw_string(buf, size, prompt, 0) ? -1 : (int)strlen(buf);
}

/* pem_password_cb */
static int passphrase(char *buf, int size, int writing, void *context)
{
	const char *text = getenv("PILOT_PASSPHRASE");
	struct asked *asked = context;
	int length = -1;

	(void)writing;
	asked->asked = true;
	if (asked->passphrase_file)
		length = from_file(asked->passphrase_file, buf, size);
	else if (text)
		length = from_environment(text, buf, size);
	else if (isatty(STDIN_FILENO))
		length = from_terminal(asked->path, buf, size);
	asked->answered = length >= 0;
	return length;
}

int key_no_passphrase(char *buf, int size, int writing, void *context)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

EVP_PKEY *key_decode(const struct file *file, const char *passphrase_file, const char **encrypted)
{
	struct asked asked = { .path = file->path, .passphrase_file = passphrase_file };
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;

	if (file->size <= KEY_FILE_MAX)
		bio = BIO_new_mem_buf(file->data, (int)file->size);
	key = bio ? PEM_read_bio_PrivateKey(bio, NULL, passphrase, &asked) : NULL;
	ERR_clear_error();
	BIO_free(bio);
	*encrypted = NULL;
	if (!key && asked.answered)
		*encrypted = "the key is encrypted, and not with this passphrase";
	else if (!key && asked.asked)
		*encrypted = "the key is encrypted: its passphrase is taken from --passphrase-file, from "
			     "PILOT_PASSPHRASE, or from a terminal";
	return key;
}

EVP_PKEY *key_read(const char *path, const char *passphrase_file)
{
	const char *encrypted = NULL;
	struct file file = { 0 };
	EVP_PKEY *key = NULL;

	if (!file_open(&file, path))
		return NULL;
	key = key_decode(&file, passphrase_file, &encrypted);
	if (!key)
		complain(path, "%s", encrypted ? encrypted : "no private key in PEM form");
	file_close(&file);
	return key;
}

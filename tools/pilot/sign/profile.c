/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Profiles: a part of TOML 1.0 that needs no library. Bare keys, strings in double or single quotes without escapes,
 * integers, booleans, arrays of strings and integers on one line, comments. docs/man/pilot-profile.5 is its description.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sign/sign.h"

#define PROFILE_MAX 65536u
#define KEYS_MAX    64u
#define VALUE_MAX   1024u

struct parser {
	const char *path;
	unsigned int line;
	const char *at;
	unsigned int keys;
	char key[KEYS_MAX][32];
	char *kept[KEYS_MAX]; /* values: options keep pointers to them */
	char value[VALUE_MAX];
	size_t size;
};

static bool fail(const struct parser *p, const char *what)
{
	complain(p->path, "line %u: %s", p->line, what);
	return false;
}

static void skip_blanks(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t')
		p->at++;
}

static bool put(struct parser *p, char c)
{
	if (p->size == VALUE_MAX - 1)
		return fail(p, "value too long");
	p->value[p->size++] = c;
	return true;
}

static bool parse_string(struct parser *p)
{
	char quote = *p->at++;

	while (*p->at && *p->at != '\n' && *p->at != quote) {
		if (*p->at == '\\' && quote == '"')
			return fail(p, "escapes are not taken; a string in single quotes needs none");
		if (!put(p, *p->at++))
			return false;
	}
	if (*p->at != quote)
		return fail(p, "string without end");
	p->at++;
	return true;
}

static bool is_word(const char *at, size_t length, const char *word)
{
	return length == strlen(word) && !memcmp(at, word, length);
}

/* a number or a boolean: what it means is decided by the option that takes it */
static bool parse_word(struct parser *p)
{
	const char *word = p->at;
	size_t length = 0;

	for (; isalnum((unsigned char)*p->at) || *p->at == '_'; p->at++)
		if (*p->at != '_' && !put(p, *p->at))
			return false;
	length = (size_t)(p->at - word);
	if (!isdigit((unsigned char)*word) && !is_word(word, length, "true") && !is_word(word, length, "false"))
		return fail(p, "value is neither a string, an integer, a boolean nor an array of them");
	return true;
}

static bool parse_single(struct parser *p)
{
	return *p->at == '"' || *p->at == '\'' ? parse_string(p) : parse_word(p);
}

static bool parse_array(struct parser *p)
{
	bool first = true;

	for (p->at++, skip_blanks(p); *p->at != ']'; skip_blanks(p)) {
		if (!first && (*p->at++ != ',' || !put(p, ',')))
			return fail(p, "',' or ']' expected");
		skip_blanks(p);
		if (!parse_single(p))
			return false;
		first = false;
	}
	p->at++;
	return true;
}

static bool parse_key(struct parser *p)
{
	char *key = p->key[p->keys];
	size_t size = 0;
	unsigned int i = 0;

	if (p->keys == KEYS_MAX)
		return fail(p, "too many keys");
	while (isalnum((unsigned char)*p->at) || *p->at == '_' || *p->at == '-') {
		if (size == sizeof(p->key[0]) - 1)
			return fail(p, "key too long");
		/* options have hyphens */
		key[size++] = *p->at == '_' ? '-' : *p->at;
		p->at++;
	}
	key[size] = '\0';
	if (!size)
		return fail(p, "key expected (tables are not taken)");
	for (i = 0; i < p->keys; i++)
		if (!strcmp(p->key[i], key))
			return fail(p, "key is there already");
	return true;
}

/* after it, @at is at the end of the line */
static bool parse_line(struct parser *p, bool *empty)
{
	skip_blanks(p);
	*empty = !*p->at || strchr("#\r\n", *p->at);
	if (*empty) {
		p->at += strcspn(p->at, "\n");
		return true;
	}
	p->size = 0;
	if (!parse_key(p))
		return false;
	skip_blanks(p);
	if (*p->at++ != '=')
		return fail(p, "'=' expected behind the key");
	skip_blanks(p);
	if (!(*p->at == '[' ? parse_array(p) : parse_single(p)))
		return false;
	p->value[p->size] = '\0';
	skip_blanks(p);
	if (*p->at && !strchr("#\r\n", *p->at))
		return fail(p, "something behind the value");
	p->at += strcspn(p->at, "\n");
	return true;
}

/* hand the line's key and value on */
static int take_line(struct parser *p, int (*take)(void *context, const char *key, char *value), void *context)
{
	const char *key = p->key[p->keys];
	char *value = strdup(p->value);
	int status = STATUS_OK;

	if (!value) {
		fail(p, "out of memory");
		return STATUS_TROUBLE;
	}
	p->kept[p->keys++] = value;
	status = take(context, key, value);
	if (status)
		complain(p->path, "line %u: %s is not taken", p->line, key);
	return status;
}

static int parse(struct parser *p, int (*take)(void *context, const char *key, char *value), void *context)
{
	bool empty = false;
	int status = STATUS_OK;

	for (p->line = 1; !status && *p->at; p->line++) {
		if (!parse_line(p, &empty))
			return STATUS_TROUBLE;
		if (!empty)
			status = take_line(p, take, context);
		p->at += *p->at == '\n';
	}
	return status;
}

int profile_read(const char *path, int (*take)(void *context, const char *key, char *value), void *context)
{
	static struct parser p;
	struct file file = { 0 };
	char *text = NULL;
	int status = STATUS_TROUBLE;

	if (!file_open(&file, path))
		return STATUS_TROUBLE;
	if (file.size > PROFILE_MAX || memchr(file.data, 0, file.size))
		complain(path, "no profile: more than %u bytes, or zero bytes in it", PROFILE_MAX);
	else
		text = strndup((const char *)file.data, file.size);
	if (text) {
		p = (struct parser){ .path = path, .at = text };
		status = parse(&p, take, context);
	}
	free(text);
	file_close(&file);
	return status;
}

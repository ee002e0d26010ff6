/* SPDX-License-Identifier: BSD-2-Clause */
/* Profiles of `pilot image sign`, and numbers and lists in their values. */
#include <ctype.h>
#include <string.h>

#include "../../tools/pilot/sign/sign.h"
#include "fuzz_tool.h"

#define REFUSED "refused" /* a key that is not taken */

/** struct taken - keys and values that the reader has handed on */
struct taken {
	unsigned int count;
	char key[64][32];
	char *value[64];
	bool refused;
};

static void check_numbers(const char *value)
{
	uint64_t list[12] = { 0 };
	uint64_t number = 0;
	uint8_t bytes[48] = { 0 };
	unsigned int listed = parse_list(value, UINT32_MAX, list, 12);
	unsigned int i = 0;

	FUZZ_CHECK(listed <= 12);
	for (i = 0; i < listed; i++)
		FUZZ_CHECK(list[i] <= UINT32_MAX);
	/* a list of one is a number, unless it is longer than any */
	if (parse_number(value, UINT32_MAX, &number) && strlen(value) < 32)
		FUZZ_CHECK(listed == 1 && list[0] == number);
	FUZZ_CHECK(!parse_hex(value, bytes, sizeof(bytes)) || strlen(value) == 2 * sizeof(bytes));
}

static int take(void *context, const char *key, char *value)
{
	struct taken *t = context;
	unsigned int i = 0;

	FUZZ_CHECK(t->count < 64 && !t->refused);
	FUZZ_CHECK(*key && strlen(key) < sizeof(t->key[0]) && strlen(value) < 1024 && !strchr(value, '\n'));
	for (i = 0; key[i]; i++)
		FUZZ_CHECK(isalnum((unsigned char)key[i]) || key[i] == '-');
	for (i = 0; i < t->count; i++)
		FUZZ_CHECK(strcmp(t->key[i], key));
	strcpy(t->key[t->count], key);
	t->value[t->count++] = value;
	check_numbers(value);
	t->refused = !strcmp(key, REFUSED);
	return t->refused ? STATUS_TROUBLE : STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct taken t = { 0 };
	int status = 0;

	fuzz_file_put("profile", data, size);
	(void)fuzz_complaints();
	status = profile_read("profile", take, &t);
	FUZZ_CHECK(status == STATUS_OK || status == STATUS_TROUBLE);
	FUZZ_CHECK(!status == !fuzz_complaints());
	FUZZ_CHECK(status || !t.refused);
	/* they live as long as the program, and this one goes on */
	while (t.count)
		free(t.value[--t.count]);
	fuzz_files_remove();
	return 0;
}

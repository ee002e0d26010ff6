/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers: whatever is read lies in the file, and both back ends judge it alike, with the key that it brings along.
 * Nothing may be left in the pool.
 */
#include <string.h>

#include <pilot/container.h>
#include <pilot/wire/container.h>

#include "fuzz.h"
#include "../../crypto/mbedtls/pool.h"

static const struct pil_crypto *const backends[] = { &pil_crypto_openssl, &pil_crypto_mbedtls };

static void check_places(const struct pil_container *c, struct pil_bytes file)
{
	size_t entries = 0;
	unsigned int i = 0;
	unsigned int k = 0;

	fuzz_check_inside(c->signed_part, file);
	fuzz_check_inside(c->signature, file);
	fuzz_check_inside(c->key_info, c->signed_part);
	fuzz_check_inside(c->table, c->signed_part);
	fuzz_check_inside(c->digests, c->signed_part);
	FUZZ_CHECK(c->images > 0 && c->images <= PIL_CONTAINER_IMAGES);
	for (i = 0; i < c->images; i++) {
		const size_t size = c->elf[i].is64 ? sizeof(struct pil_container_entry64_wire)
						   : sizeof(struct pil_container_entry_wire);

		fuzz_check_inside(c->image[i], file);
		FUZZ_CHECK(c->elf[i].data == c->image[i].data);
		for (k = 0; k < c->elf[i].phnum; k++)
			fuzz_check_inside((struct pil_bytes){ pil_container_entry(c, i, k), size }, c->table);
		FUZZ_CHECK(!pil_container_entry(c, i, k) && !pil_container_digest(c, i, k));
		entries += c->elf[i].phnum * size;
	}
	FUZZ_CHECK(c->table.size == entries);
	FUZZ_CHECK(!c->digests.size || c->digests.size == (size_t)c->images * PIL_CONTAINER_DIGEST);
}

static void judge(const struct pil_container *c, bool strict)
{
	const struct pil_container_policy policy = { .strict = strict };
	struct pil_container_result result[2] = { 0 };
	struct pil_why why[2] = { 0 };
	int ret[2] = { 0 };
	size_t k = 0;

	for (k = 0; k < 2; k++) {
		ret[k] = pil_container_auth(c, &policy, backends[k], &result[k], &why[k]);
		fuzz_check_result(ret[k], &why[k]);
		FUZZ_CHECK(pil_mbedtls_current_pool()->used == 0);
	}
	/* a public key that is no point of its curve: one library says so when it reads it, one when it uses it */
	FUZZ_CHECK((ret[0] == 0) == (ret[1] == 0));
	FUZZ_CHECK(ret[0] || result[0].done == result[1].done);
	FUZZ_CHECK(!strict || !result[0].missing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pil_container c = { 0 };
	struct pil_why why = { 0 };
	int ret = pil_container_parse(data, size, &c, &why);

	fuzz_check_result(ret, &why);
	if (ret) {
		const struct pil_container zero = { 0 };

		FUZZ_CHECK(!memcmp(&c, &zero, sizeof(c)));
		return 0;
	}
	FUZZ_CHECK(pil_container_recognize(data, size));
	check_places(&c, (struct pil_bytes){ data, size });
	judge(&c, false);
	judge(&c, true);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The empty port: the service starts on it, and what nobody has written yet fails with its reason instead of starting anything. */
#include <string.h>

#include <pilot/crypto.h>
#include <pilot/pas.h>
#include <pilot/wire/fuses.h>
#include <template/desc.h>
#include <template/platform.h>

#include "expect.h"

#define PAGE	 4096u
#define RAM_LAST ((uint64_t)TEMPLATE_RAM + TEMPLATE_RAM_SIZE - 1)

static struct pil_fuses fuses;
static struct pil_pas pas;
static unsigned int inside, lines;

static struct pil_range range(uint64_t base, uint64_t size)
{
	return (struct pil_range){ .base = base, .size = size };
}

/* what the firmware around board.c gives */
void template_enter(struct pil_board *b)
{
	(void)b;
	assert_int_equal(inside++, 0);
}

void template_leave(struct pil_board *b)
{
	(void)b;
	assert_int_equal(--inside, 0);
}

void template_log(struct pil_board *b, const char *line)
{
	(void)b;
	assert_true(line[0] != '\0');
	lines++;
}

uint64_t template_time_us(struct pil_board *b)
{
	(void)b;
	return 0;
}

static int service_on_template(void **state)
{
	static const struct pil_crypto crypto;

	(void)state;
	fuses = (struct pil_fuses){
		.magic = PIL_FUSES_MAGIC,
		.version = PIL_FUSES_VERSION,
		.size = sizeof(fuses),
		.soc_version = 0x6019,
		.root_count = 1,
		.root_active = 1,
		.life_cycle = PIL_FUSES_LIFE_SECURE,
	};
	memset(fuses.root_hash[0], 0xa1, sizeof(fuses.root_hash[0]));
	memset(&pas, 0, sizeof(pas));
	lines = 0;
	assert_int_equal(pil_pas_init(&pas, template_board(&fuses), &crypto, NULL), 0);
	return 0;
}

static void its_description_is_accepted(void **state)
{
	(void)state;
	assert_true(pil_pas_is_supported(&pas, TEMPLATE_DSP_PAS_ID));
	assert_false(pil_pas_is_supported(&pas, TEMPLATE_DSP_PAS_ID + 1));
	assert_int_equal(pas.device.soc_version, 0x6019);
	assert_int_equal(pas.p[0].state, PIL_OFF);
}

/* functions that are not there are not promised */
static void it_promises_what_it_has(void **state)
{
	const uint32_t caps = pil_pas_capabilities(&pas, 0);

	(void)state;
	assert_true(caps & PIL_CAP_CORE);
	assert_true(caps & PIL_CAP_RSC_TABLE);
	assert_false(caps & (PIL_CAP_ROLLBACK | PIL_CAP_ASSIGN | PIL_CAP_VIDEO | PIL_CAP_POWER_STATES));
}

static void what_is_not_written_fails_with_its_reason(void **state)
{
	struct pil_board *b = template_board(&fuses);
	const struct pil_range carveout = template_desc.peripherals[0].carveout;
	const struct pil_core_start start = { .entry = carveout.base, .image = carveout };
	struct pil_why why = { 0 };
	bool ready = true;

	(void)state;
	expect_reason(b->lock(b, 0, carveout, &why), &why, PIL_R_PAS_LOCK);
	expect_reason(b->unlock(b, 0, carveout, &why), &why, PIL_R_PAS_UNLOCK);
	expect_reason(b->core_start(b, 0, &start, &why), &why, PIL_R_PAS_CORE_START);
	expect_reason(b->core_stop(b, 0, &why), &why, PIL_R_PAS_CORE_STOP);
	assert_int_equal(b->core_state(b, 0, &ready), PIL_CORE_HELD);
	assert_false(ready);
}

/* a core that nobody can hold is never taken for held: neither SHUTDOWN nor a new image goes on */
static void a_request_ends_where_the_board_does(void **state)
{
	(void)state;
	assert_int_equal(pil_pas_init_image(&pas, 0, TEMPLATE_RAM - PAGE), -PIL_ERANGE);
	assert_int_equal(pas.p[0].state, PIL_OFF);
	assert_int_equal(pil_pas_auth_and_reset(&pas, 0), -PIL_ESTATE);
	assert_int_equal(inside, 0);
	assert_true(lines >= 2);
}

static void host_memory_ends_where_ram_does(void **state)
{
	struct pil_board *b = template_board(&fuses);

	(void)state;
	assert_non_null(b->host_map(b, range(TEMPLATE_RAM, PAGE)));
	assert_non_null(b->host_map(b, range(RAM_LAST, 1)));
	assert_null(b->host_map(b, range(TEMPLATE_RAM - 1ull, 2)));
	assert_null(b->host_map(b, range(RAM_LAST, 2)));
	assert_null(b->host_map(b, range(TEMPLATE_SERVICE_RAM, PAGE)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(its_description_is_accepted, service_on_template),
		cmocka_unit_test_setup(it_promises_what_it_has, service_on_template),
		cmocka_unit_test_setup(what_is_not_written_fails_with_its_reason, service_on_template),
		cmocka_unit_test_setup(a_request_ends_where_the_board_does, service_on_template),
		cmocka_unit_test_setup(host_memory_ends_where_ram_does, service_on_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The SCM door: every call as the stock driver issues it, and what it must not get through. Numbers are written out. */
#include "door.h"

#include <pilot/rsc_table.h>
#include <pilot/wire/rsc_table.h>

/* GET_RSCTABLE with the page filled in as the driver does */
static struct pil_scm_answer get_table(struct scenario *s, uint64_t in_size, uint64_t out, uint64_t out_size)
{
	uint8_t page[56] = { 0 };

	imagegen_put(page, 8, out);
	imagegen_put(page + 8, 8, out_size);
	assert_true(model_host_write(s->m, PAGE, page, sizeof(page)));
	return call(s, 0x42000221, 0x845, 1, IN, in_size, PAGE);
}

static void bring_up_as_the_stock_driver_does(void **state)
{
	struct scenario *s = *state;
	const struct scenario_image *good = scenario_good();

	EXPECT(call(s, 0xc2000601, 1, 0x02000601, 0, 0, 0), 0, 1, 0, 0);
	EXPECT(call(s, 0xc2002404, 0, 0, 0, 0, 0), MINUS(1), 0, 0, 0);
	EXPECT(call(s, 0x42000601, 1, 0x02000110, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000109, 2, 1, 0, 0, 0), MINUS(1), 0, 0, 0);
	EXPECT(call(s, 0x72000602, 0x22, 0, 0, 0, 0), MINUS(1), 0, 0, 0);
	EXPECT(get_table(s, 16, OUT, 16384), 0, 0, 0, TABLE);
	scenario_put_metadata(s, good);
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000202, 3, 1, MODEL_ADSP_BASE, 0x4000, 0), 0, 0, 0, 0);
	assert_true(scenario_copy(s, MODEL_ADSP, good));
	EXPECT(call(s, 0x42000205, 1, 1, 0, 0, 0), 0, 0, 0, 0);
	assert_int_equal(s->m->core[0].state, PIL_CORE_RUNNING);
	EXPECT(call(s, 0x42000206, 1, 1, 0, 0, 0), 0, 0, 0, 0);
	assert_null(scenario_is_off(s, MODEL_ADSP));
}

static void availability_is_what_is_offered(void **state)
{
	static const uint32_t offered[] = { 0x0201, 0x0202, 0x0205, 0x0206, 0x0207, 0x0221, 0x0601,
					    0x010a, 0x0c08, 0x0c16, 0x0c1c, 0x0c1d, 0x0c1e };
	static const uint32_t forms[] = { 0x42000601, 0xc2000601, 0x02000601, 0x82000601, 0x42010601, 0xc2010601 };
	struct scenario *s = *state;
	unsigned int yes = 0;

	for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
		for (size_t i = 0; i < sizeof(offered) / sizeof(offered[0]); i++)
			EXPECT(call(s, forms[f], 1, 0x02000000u | offered[i], 0, 0, 0), 0, 1, 0, 0);
	for (uint32_t func = 0; func <= 0xffff; func++) {
		struct pil_scm_answer a = call(s, 0x42000601, 1, 0x02000000u | func, 0, 0, 0);

		assert_int_equal(a.x[0], 0);
		yes += (unsigned int)a.x[1];
	}
	assert_int_equal(yes, sizeof(offered) / sizeof(offered[0]));
	/* other owners, junk above */
	EXPECT(call(s, 0x42000601, 1, 0x32000201, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000601, 1, 0x02020201, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000601, 1, 0x102000201, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x02000601, 1, 0x102000201, 0, 0, 0), 0, 1, 0, 0);
}

static void what_is_not_offered_fails_as_without_it(void **state)
{
	static const struct {
		uint32_t id;
		uint32_t arginfo;
	} absent[] = {
		{ 0x42002402, 1 },
		{ 0xc2002403, 0 },
		{ 0xc2002404, 0 },
		{ 0x4200020a, 2 },
		{ 0x42000603, 1 },
		{ 0xc2000501, 1 },
		{ 0x72000602, 0x22 },
		{ 0x42010c1b, 4 },
		/* offered, but not in this form */
		{ 0xc2000201, 0x82 },
		{ 0x02000201, 0x82 },
		{ 0xc2000206, 1 },
		{ 0x82000205, 1 },
		{ 0xc2000c1c, 0 },
		{ 0x02000c1e, 4 },
		{ 0xc2000c16, 0x1117 },
		{ 0xc200010a, 2 },
		{ 0x42020206, 1 },
		{ 0x72000206, 1 },
		{ 0, 0 },
		{ 0xffffffff, 0 },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		struct pil_scm_call c = { .x = { absent[i].id, absent[i].arginfo, 1 } };

		EXPECT(call(s, absent[i].id, absent[i].arginfo, 1, 0, 0, 0), MINUS(1), 0, 0, 0);
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), PIL_SCM_NO_PERIPHERAL);
		assert_false(pil_scm_forces(&c));
	}
}

static void unknown_function_is_logged_once(void **state)
{
	struct scenario *s = *state;
	static const char line[] = "scm: call refused: SCM_UNKNOWN: function 0x42000c1b is not offered\n";
	const char *at = NULL;

	for (unsigned int i = 0; i < 5; i++)
		EXPECT(call(s, 0x42000c1b | (i & 1) << 16, 0, 0, 0, 0, 0), MINUS(1), 0, 0, 0);
	at = strstr(model_log_text(s->m), line);
	assert_non_null(at);
	assert_null(strstr(at + strlen(line), "SCM_UNKNOWN"));
	/* and a host that tries all of them does not flood the log */
	for (uint32_t i = 0; i < 1000; i++)
		(void)call(s, 0x42003000 + i, 0, 0, 0, 0, 0);
	assert_int_equal(s->m->calls[MODEL_LOG], PIL_UNKNOWN_LOGGED);
}

static void wrong_argument_description_is_refused(void **state)
{
	static const struct {
		uint32_t id;
		uint64_t arginfo;
	} calls[] = {
		{ 0x42000201, 0x82 },  { 0x42000202, 3 }, { 0x42000205, 1 }, { 0x42000206, 1 }, { 0x42000207, 1 },
		{ 0x42000221, 0x845 }, { 0x42000601, 1 }, { 0x4200010a, 2 }, { 0x42000c08, 4 }, { 0x42000c16, 0x1117 },
		{ 0x42000c1c, 0 },     { 0x42000c1d, 1 }, { 0x42000c1e, 4 },
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		for (unsigned int bit = 0; bit < 64; bit++) {
			struct pil_scm_call c = { .x = { calls[i].id, calls[i].arginfo ^ UINT64_C(1) << bit, 1 } };

			EXPECT(call(s, c.x[0], c.x[1], 1, SCENARIO_METADATA, 0x4000, PAGE), MINUS(2), 0, 0, 0);
			assert_int_equal(pil_scm_peripheral(&s->pas, &c), PIL_SCM_NO_PERIPHERAL);
			assert_false(pil_scm_forces(&c));
		}
	}
	assert_non_null(strstr(model_log_text(s->m), "scm: INIT_IMAGE refused: SCM_ARGINFO: argument description is "
						     "0x83, not 0x82\n"));
	assert_int_equal(s->m->calls[MODEL_HOST_MAP], 0);
}

static void gate_and_force_are_those_of_the_table(void **state)
{
	struct scenario *s = *state;
	static const struct {
		uint32_t id;
		uint32_t arginfo;
		bool gated, forces;
	} calls[] = {
		{ 0x42000201, 0x82, true, true }, { 0x42000202, 3, true, false },  { 0x42000205, 1, true, false },
		{ 0x42000206, 1, true, true },	  { 0x42000207, 1, false, false }, { 0x42000221, 0x845, true, true },
		{ 0x42000601, 1, false, false },  { 0x42000c08, 4, false, false }, { 0x42000c16, 0x1117, false, false },
		{ 0x42000c1c, 0, false, false },  { 0x42000c1d, 1, false, false }, { 0x42000c1e, 4, false, false },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct pil_scm_call c = { .x = { calls[i].id, calls[i].arginfo, 18 } };

		assert_int_equal(pil_scm_forces(&c), calls[i].forces);
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), calls[i].gated ? (int)MODEL_CDSP : -1);
		c.x[2] = 19;
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), -1);
		c.x[2] = 0x100000012;
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), -1);
		/* junk above the function id does not count */
		c.x[0] |= UINT64_C(1) << 40;
		c.x[2] = 18;
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), calls[i].gated ? (int)MODEL_CDSP : -1);
		/* a fast call cannot be interrupted, so no request may come as one */
		c.x[0] |= 0x80000000;
		assert_int_equal(pil_scm_peripheral(&s->pas, &c), -1);
	}
}

static void unknown_peripherals_are_refused(void **state)
{
	struct scenario *s = *state;

	EXPECT(call(s, 0x42000207, 1, 1, 0, 0, 0), 0, 1, 0, 0);
	EXPECT(call(s, 0x42000207, 1, 4, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000207, 1, 0x100000001, 0, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000206, 1, 4, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x42000206, 1, UINT64_MAX, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x42000201, 0x82, 4, SCENARIO_METADATA, 0, 0), MINUS(2), 0, 0, 0);
	assert_non_null(strstr(model_log_text(s->m),
			       "scm: SHUTDOWN refused: PAS_UNKNOWN: no peripheral with PAS id 4 on this board\n"));
}

static void refusals_come_as_the_driver_expects_them(void **state)
{
	struct scenario *s = *state;

	EXPECT(call(s, 0x42000205, 1, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x42000202, 3, 1, MODEL_ADSP_BASE, 0x4000, 0), MINUS(2), 0, 0, 0);
	EXPECT(call(s, 0x42000201, 0x82, 1, 0x1000, 0, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), MINUS(2), 0, 0, 0);
	scenario_put_metadata(s, scenario_good());
	EXPECT(call(s, 0x42000201, 0x82, 1, SCENARIO_METADATA, 0, 0), 0, 0, 0, 0);
	EXPECT(call(s, 0x42000202, 3, 1, MODEL_RAM_BASE, 0x4000, 0), MINUS(3), 0, 0, 0);
	EXPECT(call(s, 0x42000202, 3, 1, MODEL_ADSP_BASE, 0x4000, 0), 0, 0, 0, 0);
	/* nothing was copied: the segments are not genuine */
	EXPECT(call(s, 0x42000205, 1, 1, 0, 0, 0), MINUS(2), 0, 0, 0);
	assert_null(scenario_is_off(s, MODEL_ADSP));
}

static void busy_is_logged_like_every_refusal(void **state)
{
	struct scenario *s = *state;
	struct pil_scm_call c = { .x = { 0x42000205, 1, 1 } };

	assert_int_equal(pil_scm_busy(&s->pas, &c, MODEL_ADSP), MINUS(12));
	assert_non_null(strstr(model_log_text(s->m), "scm: AUTH_AND_RESET refused: PAS_BUSY: peripheral 1 is busy "
						     "with another request\n"));
}

static void status_is_sign_extended(void **state)
{
	(void)state;
	assert_true((uint64_t)pil_scm_status(-PIL_EBUSY) == 0xfffffffffffffff4u);
	assert_int_equal(pil_scm_status(0), 0);
	assert_int_equal(pil_scm_status(-PIL_ENOMEM), -5);
	assert_int_equal(pil_scm_status(-PIL_EUNSUPPORTED), -4);
	assert_int_equal(pil_scm_status(-PIL_ERANGE), -3);
	assert_int_equal(pil_scm_status(-PIL_EBOARD), -1);
	for (int e = -PIL_EBUFFER; e < 0; e++)
		assert_true(pil_scm_status(e) < 0);
	assert_int_equal(pil_scm_status(-100), -1);
	assert_int_equal(pil_scm_status(INT32_MIN), -1);
	assert_int_equal(pil_scm_status(1), -1);
}

/* registers of a device are told from memory */
static void expect_device_memory(const uint8_t *table)
{
	struct pil_rsc_item item = { 0 };

	assert_int_equal(pil_rsc_check_firmware(table, TABLE, NULL), 0);
	assert_int_equal(pil_rsc_item(table, TABLE, 0, &item), 0);
	assert_int_equal(item.flags, PIL_RSC_READ | PIL_RSC_WRITE);
	assert_int_equal(pil_rsc_item(table, TABLE, 1, &item), 0);
	assert_int_equal(item.flags, PIL_RSC_READ | PIL_RSC_MMIO);
}

/* the core's stream, and that of the device which its firmware drives, which the host does not map for the core */
static void expect_streams(const uint8_t *table)
{
	struct pil_rsc_item item = { 0 };
	struct pil_rsc_range range = { 0 };

	assert_int_equal(pil_rsc_item(table, TABLE, 2, &item), 0);
	assert_true(item.stream && item.sid == 0x3000 && !item.mask && item.ranges == 2);
	assert_int_equal(item.purpose, PIL_RSC_PURPOSE_FIRMWARE);
	assert_int_equal(pil_rsc_item(table, TABLE, 3, &item), 0);
	assert_true(item.stream && item.sid == 0x3010 && item.mask == 3 && item.ranges == 1);
	assert_int_equal(item.purpose, PIL_RSC_PURPOSE_DMA_MASTER);
	assert_string_equal((const char *)item.name, "adsp-audio");
	assert_int_equal(pil_rsc_range(table, TABLE, &item, 0, &range), 0);
	assert_true(range.pa == 0x20000000 && range.len == 0x2000 && range.flags == PIL_RSC_READ);
}

static void resource_table_lists_the_grants(void **state)
{
	static const uint32_t words[] = {
		1, 4, 0, 0, 32, 88, 144, 272, 1, MODEL_SMEM_BASE, MODEL_SMEM_BASE, MODEL_SMEM_SIZE, 3, 0
	};
	struct scenario *s = *state;
	uint8_t table[TABLE + 1] = { 0 };
	uint8_t expected[4] = { 0 };

	assert_true(model_host_write(s->m, OUT + TABLE, "\xee", 1));
	EXPECT(get_table(s, 16, OUT, 16384), 0, 0, 0, TABLE);
	assert_true(model_host_read(s->m, OUT, table, sizeof(table)));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		imagegen_put(expected, 4, words[i]);
		assert_memory_equal(table + 4 * i, expected, 4);
	}
	assert_memory_equal(table + 32 + 24, "smem", 5);
	assert_memory_equal(table + 88 + 24, "clocks", 7);
	assert_int_equal(table[TABLE], 0xee);
	expect_device_memory(table);
	expect_streams(table);
	assert_non_null(strstr(model_log_text(s->m), "adsp: GET_RSCTABLE accepted: 2 entries, 2 streams, 368 bytes\n"));
}

static void small_buffer_is_told_the_size(void **state)
{
	struct scenario *s = *state;

	EXPECT(get_table(s, 16, OUT, TABLE - 1), MINUS(2), 0, 20, TABLE);
	assert_true(model_is_zero(s->m, (struct pil_range){ OUT, TABLE }));
	EXPECT(get_table(s, 16, OUT, 0), MINUS(2), 0, 20, TABLE);
	EXPECT(get_table(s, 16, UINT64_MAX, 1), MINUS(2), 0, 20, TABLE);
	EXPECT(get_table(s, 16, OUT, TABLE), 0, 0, 0, TABLE);
}

static void buffers_of_the_table_are_checked(void **state)
{
	static const uint64_t bad[] = {
		0,
		UINT64_MAX - 15,
		UINT64_MAX,
		MODEL_RAM_BASE - 8,
		MODEL_RAM_BASE + MODEL_RAM_SIZE - 8,
		MODEL_ADSP_BASE,
		0x90018000,
	};
	struct scenario *s = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT(get_table(s, 16, bad[i], 0x1000), MINUS(3), 0, 0, 0);
		EXPECT(call(s, 0x42000221, 0x845, 1, bad[i], 16, PAGE), MINUS(3), 0, 0, 0);
	}
	EXPECT(get_table(s, 16, OUT, UINT64_MAX), MINUS(3), 0, 0, 0);
	EXPECT(get_table(s, 0, OUT, 0x1000), MINUS(3), 0, 0, 0);
	EXPECT(get_table(s, 8, OUT, 0x1000), MINUS(2), 0, 0, 0);
	EXPECT(get_table(s, 2049, OUT, 0x1000), MINUS(3), 0, 0, 0);
	assert_true(model_host_write(s->m, IN, "\x02", 1)); /* version 2 */
	EXPECT(get_table(s, 16, OUT, 0x1000), MINUS(2), 0, 0, 0);
	assert_true(model_is_zero(s->m, (struct pil_range){ OUT, 0x1000 }));
	assert_true(model_is_zero(s->m, (struct pil_range){ MODEL_ADSP_BASE, MODEL_ADSP_SIZE }));
}

static void indirection_page_must_be_the_hosts(void **state)
{
	static const uint64_t bad[] = {
		0,
		8,
		UINT64_MAX - 7,
		UINT64_MAX - 55,
		PAGE + 1,
		PAGE + 4,
		MODEL_RAM_BASE - 8,
		MODEL_RAM_BASE + MODEL_RAM_SIZE - 48,
		MODEL_ADSP_BASE,
	};
	struct scenario *s = *state;

	(void)get_table(s, 16, OUT, 0x1000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT(call(s, 0x42000221, 0x845, 1, IN, 16, bad[i]), MINUS(3), 0, 0, 0);
	assert_non_null(strstr(model_log_text(s->m),
			       "scm: GET_RSCTABLE refused: SCM_INDIRECT: argument page at 0x8 (+0x38) "
			       "is not in memory that the host may use\n"));
}

/* the page is changed as soon as the service has asked for it the first time */
static void swap_page(struct model *m, enum model_call what, void *arg)
{
	uint8_t page[16] = { 0 };

	(void)arg;
	if (what != MODEL_HOST_MAP || m->calls[MODEL_HOST_MAP] < 2)
		return;
	imagegen_put(page, 8, MODEL_RAM_BASE + 0x30000);
	imagegen_put(page + 8, 8, 0x1000);
	assert_true(model_host_write(m, PAGE, page, sizeof(page)));
}

static void page_changed_after_it_was_read_has_no_effect(void **state)
{
	struct scenario *s = *state;

	s->m->hook = swap_page;
	EXPECT(get_table(s, 16, OUT, 0x1000), 0, 0, 0, TABLE);
	assert_int_equal(s->m->calls[MODEL_HOST_MAP], 3);
	assert_false(model_is_zero(s->m, (struct pil_range){ OUT, TABLE }));
	assert_true(model_is_zero(s->m, (struct pil_range){ MODEL_RAM_BASE + 0x30000, 0x1000 }));
}

static void registers_that_a_call_does_not_have_do_not_count(void **state)
{
	struct scenario *s = *state;
	struct pil_scm_call c = { .x = { 0x42000206, 1, 1, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
					 UINT64_MAX } };
	struct pil_scm_answer a = { { 1, 2, 3, 4 } };

	pil_scm_handle(&s->pas, &c, &a);
	EXPECT(a, 0, 0, 0, 0);
	assert_int_equal(s->m->calls[MODEL_HOST_MAP], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bring_up_as_the_stock_driver_does),
		TEST(availability_is_what_is_offered),
		TEST(what_is_not_offered_fails_as_without_it),
		TEST(unknown_function_is_logged_once),
		TEST(wrong_argument_description_is_refused),
		TEST(gate_and_force_are_those_of_the_table),
		TEST(unknown_peripherals_are_refused),
		TEST(refusals_come_as_the_driver_expects_them),
		TEST(busy_is_logged_like_every_refusal),
		cmocka_unit_test(status_is_sign_extended),
		TEST(resource_table_lists_the_grants),
		TEST(small_buffer_is_told_the_size),
		TEST(buffers_of_the_table_are_checked),
		TEST(indirection_page_must_be_the_hosts),
		TEST(page_changed_after_it_was_read_has_no_effect),
		TEST(registers_that_a_call_does_not_have_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

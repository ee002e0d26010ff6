/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrangement tee: the cores' description, the orders that their shims get of it, and what a shim believes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pilot/error.h>
#include <virt/platform.h>
#include <virt/tee_desc.h>
#include <virt/tee_platform.h>

#include "../../../boards/virt/shim/orders.h"

static struct pil_shim_config orders(unsigned int core, bool from_host)
{
	struct pil_shim_config c = { 0 };

	assert_int_equal(virt_tee_shim_config(core, VIRT_TEE_DA_MEM, from_host, &c), 0);
	return c;
}

static bool overlap(const struct pil_shim_grant *a, const struct pil_shim_grant *b)
{
	return a->target < b->target + b->size && b->target < a->target + a->size;
}

static void shims_believe_the_orders_of_both_cores(void **state)
{
	(void)state;
	for (unsigned int core = 0; core < VIRT_TEE_CORES; core++) {
		for (int from_host = 0; from_host < 2; from_host++) {
			struct pil_shim_config c = orders(core, from_host);

			assert_null(shim_orders_fault(&c, true));
			assert_string_equal(shim_orders_fault(&c, false), "not in the Secure state");
			assert_int_equal(c.core, core);
		}
	}
}

static void cores_share_nothing(void **state)
{
	const struct pil_shim_config a = orders(VIRT_TEE_M33, false), b = orders(VIRT_TEE_M0, false);
	const struct pil_shim_config host = orders(VIRT_TEE_M0, true);

	(void)state;
	for (unsigned int i = 0; i < a.grant_count; i++)
		for (unsigned int j = 0; j < b.grant_count; j++) {
			assert_false(overlap(&a.grant[i], &b.grant[j]));
			assert_false(overlap(&a.grant[i], &host.grant[j]));
		}
	assert_true(a.doorbell != b.doorbell && a.smp2p_irq != b.smp2p_irq && a.watchdog_irq != b.watchdog_irq);
	assert_true(a.bell != b.bell);
}

static void only_a_cores_own_memory_is_secure(void **state)
{
	(void)state;
	for (unsigned int core = 0; core < VIRT_TEE_CORES; core++) {
		const struct pil_shim_config own = orders(core, false), host = orders(core, true);

		assert_true(own.grant[0].target >= VIRT_SRAM && own.grant[0].target < VIRT_SRAM + VIRT_SRAM_SIZE);
		assert_true(host.flags & PIL_SHIM_HOST_MEMORY && !(own.flags & PIL_SHIM_HOST_MEMORY));
		for (unsigned int i = 0; i < host.grant_count; i++) {
			assert_true(host.grant[i].target >= VIRT_RAM);
			assert_true(i == 0 || own.grant[i].target >= VIRT_RAM);
		}
	}
}

/* the shim counts and rings; a program that could write its counters would ring with others' numbers */
static void a_program_only_reads_its_doorbell_page(void **state)
{
	(void)state;
	for (unsigned int core = 0; core < VIRT_TEE_CORES; core++) {
		const struct pil_shim_config c = orders(core, false);
		unsigned int found = 0;

		for (unsigned int i = 0; i < c.grant_count; i++)
			if (c.grant[i].target == c.bell) {
				assert_int_equal(c.grant[i].access, PIL_SHIM_READ);
				found++;
			}
		assert_int_equal(found, 1);
	}
}

static void entry_points_lie_in_the_cores_own_memory(void **state)
{
	const uint64_t base = VIRT_TEE_DA_MEM, end = base + VIRT_TEE_M0_MEM_SIZE;
	const uint64_t good[] = { base, base + 4, end - 4 }, bad[] = { base - 4, base + 1, base + 2, end, 0, UINT64_MAX - 3 };
	struct pil_shim_config c = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(virt_tee_shim_config(VIRT_TEE_M0, good[i], false, &c), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(virt_tee_shim_config(VIRT_TEE_M0, bad[i], false, &c), -PIL_ERANGE);
	assert_int_equal(virt_tee_shim_config(VIRT_TEE_CORES, base, false, &c), -PIL_ERANGE);
}

/* one change of good orders */
static const char *spoilt(void (*spoil)(struct pil_shim_config *c), bool from_host)
{
	struct pil_shim_config c = orders(VIRT_TEE_M33, from_host);

	spoil(&c);
	return shim_orders_fault(&c, true);
}

static void grant_tf_a(struct pil_shim_config *c)
{
	c->grant[1].target = VIRT_SRAM;
}

static void grant_own_memory_twice(struct pil_shim_config *c)
{
	c->grant[1].target = VIRT_TEE_M33_MEM;
}

static void run_optee(struct pil_shim_config *c)
{
	c->grant[0].target = VIRT_TEE_OPTEE;
}

static void run_into_the_stub(struct pil_shim_config *c)
{
	c->grant[0].target = VIRT_TEE_M0_MEM;
}

static void run_the_hosts(struct pil_shim_config *c)
{
	c->grant[0].target = VIRT_TEE_M33_NS;
}

static void run_secure(struct pil_shim_config *c)
{
	c->grant[0].target = VIRT_TEE_M33_MEM;
}

static void add_master(struct pil_shim_config *c)
{
	c->master_count = 1;
}

static void bell_in_the_stub(struct pil_shim_config *c)
{
	c->bell = VIRT_TEE_MAILBOX;
}

static void unknown_flag(struct pil_shim_config *c)
{
	c->flags |= PIL_SHIM_MASTER_WAITS;
}

static void wrapping_grant(struct pil_shim_config *c)
{
	c->grant[1].size = ~0xfffull;
}

static void shims_refuse_orders_that_lead_elsewhere(void **state)
{
	(void)state;
	assert_string_equal(spoilt(grant_tf_a, false), "memory of the host's is not in normal RAM");
	assert_string_equal(spoilt(grant_own_memory_twice, true), "memory of the host's is not in normal RAM");
	assert_string_equal(spoilt(run_secure, true), "memory of the host's is not in normal RAM");
	assert_string_equal(spoilt(run_optee, false), "its own memory is not what secure RAM has for it");
	assert_string_equal(spoilt(run_into_the_stub, false), "its own memory is not what secure RAM has for it");
	assert_string_equal(spoilt(run_the_hosts, false), "its own memory is not what secure RAM has for it");
	assert_string_equal(spoilt(add_master, false), "what only an IOMMU has");
	assert_string_equal(spoilt(bell_in_the_stub, false), "doorbell page");
	assert_string_equal(spoilt(unknown_flag, false), "flags");
	assert_string_equal(spoilt(wrapping_grant, false), "grant");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shims_believe_the_orders_of_both_cores),
		cmocka_unit_test(cores_share_nothing),
		cmocka_unit_test(only_a_cores_own_memory_is_secure),
		cmocka_unit_test(a_program_only_reads_its_doorbell_page),
		cmocka_unit_test(entry_points_lie_in_the_cores_own_memory),
		cmocka_unit_test(shims_refuse_orders_that_lead_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

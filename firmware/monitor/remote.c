/* SPDX-License-Identifier: BSD-2-Clause */
/* Remote cores: the last CPUs of the machine, core 0 on the last one. They run the shim when the service says so. */
#include <stdatomic.h>
#include <string.h>

#include <fw/lock.h>
#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"
#include "platform.h"

#define SHIM_PAGE 4096u /* also as much as one call prepares */
#define REST_US                                                                                                        \
	20000000u /* a transfer takes a DMA master 100 ms; an emulator on a busy machine may not run a CPU for seconds */

/* a stop that another CPU orders must not fall between the two halves of a start: it would be forgotten */
static struct fw_lock orders_lock;

bool mon_is_remote(unsigned int cpu)
{
	return cpu >= mon_boot.host_cpus;
}

unsigned int mon_core_of(unsigned int cpu)
{
	return mon_boot.cpus - 1 - cpu;
}

/* EL2 exists in the Secure state (Arm ARM D24.2.65, SEL2): only then can the shim be there and confine a core that is there */
bool mon_cores_are_secure(void)
{
	return fw_read(id_aa64pfr0_el1) >> 36 & 0xf;
}

void mon_remote_look(unsigned int cpu)
{
	if (plat_monitor.look)
		plat_monitor.look(cpu);
}

static uint64_t shim_ram(uint64_t core)
{
	const struct plat_monitor *p = &plat_monitor;

	return (mon_cores_are_secure() ? p->shim_secure_ram : p->shim_ram) + core * p->shim_ram_size;
}

/* CPU of a remote core, -1 when there is no such core */
static int cpu_of(uint64_t core)
{
	return core < plat_monitor.remote_cores ? (int)(mon_boot.cpus - 1 - (uint32_t)core) : -1;
}

/*
 * Each core has its own copy of the shim, which runs wherever it is, with its orders in the last page. The copy is made page by
 * page, one in each call, because the host's interrupts wait meanwhile. Return: whether only the orders are missing
 */
static bool place_shim(struct mon_cpu *c, uint64_t core)
{
	const struct plat_monitor *p = &plat_monitor;
	uint64_t at = atomic_load(&c->placed);

	if (at >= p->shim_ram_size - SHIM_PAGE)
		return true;
	if (at < p->shim_flash_size)
		memcpy((void *)(shim_ram(core) + at), (const void *)(p->shim_master + at), SHIM_PAGE);
	mon_clean_dcache(shim_ram(core) + at, SHIM_PAGE);
	atomic_store(&c->placed, at + SHIM_PAGE);
	return false;
}

static uint64_t place_orders(uint64_t core, uint64_t config, uint64_t size)
{
	uint64_t orders = shim_ram(core) + plat_monitor.shim_ram_size - SHIM_PAGE;

	memset((void *)orders, 0, SHIM_PAGE);
	memcpy((void *)orders, (const void *)config, size);
	mon_clean_dcache(orders, SHIM_PAGE);
	return orders;
}

static int64_t start(unsigned int cpu, uint64_t core, uint64_t config, uint64_t size)
{
	struct mon_cpu *c = &mon_cpus[cpu];
	uint32_t was = MON_OFF;

	if (!atomic_compare_exchange_strong(&c->power, &was, MON_ON_PENDING))
		return PIL_MON_ESTATE;
	atomic_store(&c->placed, 0);
	atomic_store(&c->ready, 0);
	atomic_store(&c->crashed, 0);
	atomic_store(&c->stop, 0);
	atomic_store(&c->sleep, 0);
	atomic_store(&c->asleep, 0);
	atomic_store(&c->owner, 0);
	mon_shim_begins(cpu);
	mon_trace(PIL_TRACE_RELEASED, core, 0);
	mon_release(cpu, shim_ram(core), place_orders(core, config, size));
	return 0;
}

/* the service has one request for a core at a time; what it gave up is begun anew after the stop that must come first */
int64_t mon_core_start(uint64_t core, uint64_t config, uint64_t size)
{
	int cpu = cpu_of(core);
	int64_t status = 0;

	if (cpu < 0 || size > SHIM_PAGE)
		return PIL_MON_EARG;
	if (atomic_load(&mon_cpus[cpu].power) != MON_OFF)
		return PIL_MON_ESTATE;
	if (!place_shim(&mon_cpus[cpu], core))
		return PIL_MON_EAGAIN;
	fw_lock(&orders_lock);
	status = start((unsigned int)cpu, core, config, size);
	fw_unlock(&orders_lock);
	return status;
}

/* Return: whether there was anything to stop */
static bool order_stop(struct mon_cpu *c)
{
	bool on = false;

	fw_lock(&orders_lock);
	atomic_store(&c->placed, 0);
	on = atomic_load(&c->power) != MON_OFF;
	if (on)
		atomic_store(&c->stop, 1);
	fw_unlock(&orders_lock);
	return on;
}

int64_t mon_core_stop(uint64_t core)
{
	int cpu = cpu_of(core);

	if (cpu < 0)
		return PIL_MON_EARG;
	if (!order_stop(&mon_cpus[cpu]))
		return 0;
	mon_gic_wake((unsigned int)cpu);
	return PIL_MON_EAGAIN;
}

int64_t mon_core_state(uint64_t core, uint64_t *state)
{
	int cpu = cpu_of(core);

	if (cpu < 0)
		return PIL_MON_EARG;
	*state = (atomic_load(&mon_cpus[cpu].power) != MON_OFF ? PIL_MON_CORE_ON : 0) |
		 (atomic_load(&mon_cpus[cpu].ready) ? PIL_MON_CORE_READY : 0) |
		 (atomic_load(&mon_cpus[cpu].crashed) ? PIL_MON_CORE_CRASHED : 0);
	return 0;
}

/*
 * What a core has, and what it was about to do, is in its registers and its memory: it keeps both while it is held at EL3. Its
 * interrupts stay pending meanwhile; they must not end each WFI, so their group is off.
 */
static void sleep(unsigned int cpu)
{
	struct mon_cpu *c = &mon_cpus[cpu];
	uint64_t group1 = fw_read(ICC_IGRPEN1_EL3);

	fw_write(ICC_IGRPEN1_EL3, 0);
	fw_isb();
	atomic_store(&c->asleep, 1);
	mon_trace(PIL_TRACE_SLEEPS, mon_core_of(cpu), 0);
	for (;;) {
		mon_remote_look(cpu);
		if (!atomic_load(&c->sleep) || atomic_load(&c->stop))
			break;
		fw_wfi();
		mon_gic_ack_wake();
	}
	atomic_store(&c->asleep, 0);
	mon_trace(PIL_TRACE_WAKES, mon_core_of(cpu), 0);
	fw_write(ICC_IGRPEN1_EL3, group1);
	fw_isb();
}

void mon_remote_wake(unsigned int cpu)
{
	struct mon_cpu *c = &mon_cpus[cpu];

	mon_remote_look(cpu);
	if (atomic_load(&c->sleep)) {
		sleep(cpu);
		mon_remote_look(cpu);
	}
	if (atomic_load(&c->stop))
		mon_park_entry(cpu);
}

int64_t mon_core_power(uint64_t core, uint64_t on)
{
	int cpu = cpu_of(core);
	struct mon_cpu *c = NULL;

	if (cpu < 0 || on > 1)
		return PIL_MON_EARG;
	c = &mon_cpus[cpu];
	if (atomic_load(&c->power) == MON_OFF || atomic_load(&c->crashed))
		return PIL_MON_ESTATE;
	atomic_store(&c->sleep, !on);
	if (atomic_load(&c->asleep) == !on)
		return 0;
	mon_gic_wake((unsigned int)cpu);
	return PIL_MON_EAGAIN;
}

/* one that is asleep sees it when it wakes, before its program does anything */
static bool is_to_rest(struct mon_cpu *c)
{
	return atomic_load(&c->owner) && atomic_load(&c->power) != MON_OFF && !atomic_load(&c->crashed) &&
	       !atomic_load(&c->asleep);
}

static void await_rest(unsigned int core)
{
	unsigned int cpu = (unsigned int)cpu_of(core);
	const uint64_t began = fw_time_us();

	while (is_to_rest(&mon_cpus[cpu]))
		if (fw_time_us() - began > REST_US) {
			mon_log("monitor: core %u does not let its DMA masters rest: it is stopped", (uint64_t)core);
			order_stop(&mon_cpus[cpu]);
			mon_gic_wake(cpu);
			return;
		}
}

void mon_host_begins(void)
{
	unsigned int core = 0;

	mon_trace(PIL_TRACE_OWNER, 0, 0);
	for (core = 0; core < plat_monitor.remote_cores; core++) {
		struct mon_cpu *c = &mon_cpus[cpu_of(core)];

		if (atomic_load(&c->power) != MON_ON || atomic_load(&c->crashed))
			continue;
		atomic_store(&c->owner, 1);
		mon_gic_ring(core);
	}
	for (core = 0; core < plat_monitor.remote_cores; core++)
		await_rest(core);
}

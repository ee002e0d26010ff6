/* SPDX-License-Identifier: BSD-2-Clause */
/* What a remote core's shim says to the monitor (wire/monitor.h). */
#include <stdatomic.h>
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>

#include "monitor.h"

#define SHIM_LOG_BYTES 48u

/** struct shim_line - a line that a shim is still writing; only its own CPU touches it */
struct shim_line {
	char text[PIL_MON_LOG_MAX];
	size_t length;
};

static struct shim_line lines[FW_MAX_CPUS];

void mon_shim_begins(unsigned int cpu)
{
	lines[cpu].length = 0;
}

static int64_t shim_owner(struct mon_cpu *c, uint64_t rests)
{
	if (rests)
		atomic_store(&c->owner, 0);
	return atomic_load(&c->owner);
}

void mon_shim_log(const struct mon_frame *f)
{
	struct shim_line *line = &lines[fw_cpu()];
	char text[SHIM_LOG_BYTES] = { 0 };
	size_t count = f->x[7] < SHIM_LOG_BYTES ? f->x[7] : SHIM_LOG_BYTES, i = 0;

	memcpy(text, &f->x[1], sizeof(text));
	for (i = 0; i < count; i++) {
		if (text[i] != '\n' && line->length < sizeof(line->text)) {
			line->text[line->length++] = text[i];
		} else if (text[i] == '\n') {
			mon_log_line(line->text, line->length);
			line->length = 0;
		}
	}
}

/* the shim told everybody of the crash: nothing of it runs any more, but the core counts as on until the service stops it */
static _Noreturn void wait_for_stop(unsigned int cpu)
{
	for (;;) {
		mon_remote_look(cpu);
		if (atomic_load(&mon_cpus[cpu].stop))
			break;
		fw_wfi();
		mon_gic_ack_wake();
	}
	mon_park_entry(cpu);
}

void mon_shim_smc(struct mon_frame *f)
{
	unsigned int cpu = fw_cpu();
	uint32_t id = (uint32_t)f->x[0];

	f->x[0] = (uint64_t)(int64_t)PIL_MON_UNKNOWN;
	if (!MON_SPSR_IS_EL2(f->spsr))
		return; /* only the shim may speak, not the program */
	switch (id) {
	case PIL_MON_SHIM_LOG:
		mon_shim_log(f);
		f->x[0] = 0;
		return;
	case PIL_MON_SHIM_READY:
		atomic_store(&mon_cpus[cpu].ready, 1);
		mon_trace(PIL_TRACE_HEARD_READY, mon_core_of(cpu), 0);
		f->x[0] = 0;
		return;
	case PIL_MON_SHIM_CRASH:
		atomic_store(&mon_cpus[cpu].crashed, 1);
		mon_trace(PIL_TRACE_HEARD_CRASH, mon_core_of(cpu), f->x[1] == 1);
		f->x[0] = 0;
		return;
	case PIL_MON_SHIM_TRACE:
		f->x[0] = (uint64_t)mon_trace_smc(f, PIL_TRACE_SHIM);
		return;
	case PIL_MON_SHIM_OWNER:
		f->x[0] = (uint64_t)shim_owner(&mon_cpus[cpu], f->x[1]);
		return;
	case PIL_MON_SHIM_PARK:
		wait_for_stop(cpu);
	default:
		return;
	}
}

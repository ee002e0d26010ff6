/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot of the service, and the one place where calls of the host arrive. */
#include <stdatomic.h>
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/monitor.h>
#include <pilot/wire/scm.h>

#include "../../lib/text.h"
#include "offsets.h"
#include "service.h"

struct service_cpu service_cpus[FW_MAX_CPUS];

static struct fw_boot_info boot;
static struct pil_pas pas;
static struct pil_board *board;
static _Atomic bool broken;

_Static_assert(FW_MAX_CPUS == SERVICE_MAX_CPUS, "a stack for each CPU");
_Static_assert(sizeof(struct service_cpu) == 8, "start.S indexes with shifts");

static void say_device(void)
{
	char line[96] = { 0 };
	struct pil_text text = { .buf = line, .size = sizeof(line) };

	pil_text_string(&text, "service: fuses: trusts root ");
	pil_text_bytes(&text, pas.device.root_hash[0], 8);
	pil_text_string(&text, "..., SoC ");
	pil_text_hex(&text, pas.device.soc_version);
	pil_text_end(&text);
	service_log(line);
}

/* CAPABILITIES has no SCM call of its own: what this board cannot enforce is said where it can be read */
static void say_capabilities(unsigned int index)
{
	uint32_t caps = pil_pas_capabilities(&pas, index);
	char line[128] = { 0 };
	struct pil_text text = { .buf = line, .size = sizeof(line) };

	pil_text_string(&text, "service: ");
	pil_text_string(&text, board->desc->peripherals[index].name);
	pil_text_string(&text, ": CAPABILITIES ");
	pil_text_hex(&text, caps);
	pil_text_string(&text,
			caps & PIL_CAP_LOCKED_CPU ? "" : ": the host's CPUs can write to its memory at any time");
	pil_text_string(&text, caps & PIL_CAP_LOCKED_DMA ? "" : ", and so can DMA");
	pil_text_end(&text);
	service_log(line);
}

/* names of the bits of @set in one line; nothing when there are none */
static void say_requests(const char *verb, uint32_t set)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ PIL_CAP_ROLLBACK, "rollback protection" },
		{ PIL_CAP_ASSIGN, "memory assignment" },
		{ PIL_CAP_VIDEO, "video windows" },
		{ PIL_CAP_POWER_STATES, "power states of cores" },
	};
	char line[160] = { 0 };
	struct pil_text text = { .buf = line, .size = sizeof(line) };
	bool any = false;

	pil_text_string(&text, "service: board ");
	pil_text_string(&text, board->desc->name);
	pil_text_string(&text, verb);
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(set & names[i].bit))
			continue;
		pil_text_string(&text, any ? ", " : "");
		pil_text_string(&text, names[i].name);
		any = true;
	}
	pil_text_end(&text);
	if (any)
		service_log(line);
}

/* what no peripheral of the board has, the board cannot do */
static void say_board(void)
{
	uint32_t caps = 0;
	unsigned int i = 0;

	for (i = 0; i < board->desc->peripheral_count; i++) {
		say_capabilities(i);
		caps |= pil_pas_capabilities(&pas, i);
	}
	say_requests(" enforces: ", caps);
	say_requests(" cannot enforce, and refuses: ", ~caps & ~PIL_CAP_ROLLBACK);
	if (!(caps & PIL_CAP_ROLLBACK))
		service_log("service: no rollback protection: older images are accepted");
}

/* without fuses or with a contradictory board nothing can be authenticated: the service stays, and refuses everything */
static void start_pas(void)
{
	struct pil_why why = { 0 };
	char text[160] = "service: cannot start: ";

	board = plat_board(&boot);
	if (!pil_pas_init(&pas, board, &pil_crypto_mbedtls, &why)) {
		say_device();
		say_board();
		return;
	}
	pil_why_text(&why, text + strlen(text), sizeof(text) - strlen(text));
	service_log(text);
	atomic_store(&broken, true);
}

void service_boot(const struct fw_boot_info *info, unsigned int cpu)
{
	if (cpu == 0) {
		memcpy(&boot, info, sizeof(boot));
		service_mmu_build(&boot);
	}
	service_mmu_enable(cpu);
	if (cpu == 0)
		service_vector_init();
	service_vector_enable();
	if (cpu == 0)
		start_pas();
}

/* the caller is on the CPU's stack with interrupts masked */
void service_call(const uint64_t *x)
{
	struct pil_scm_call call = { 0 };
	struct pil_scm_answer answer = { 0 };
	int index = 0, entered = 0;

	memcpy(call.x, x, sizeof(call.x));
	if (atomic_load(&broken))
		service_reply_status(PIL_SCM_ERROR);
	if ((uint32_t)call.x[0] == PIL_SCM_INTERRUPTED)
		service_thread_resume(&pas, call.x[6]);
	index = pil_scm_peripheral(&pas, &call);
	if (index < 0) {
		pil_scm_handle(&pas, &call, &answer);
		service_reply(&answer);
	}
	entered = pil_gate_enter(&pas.p[index].gate, pil_scm_forces(&call));
	if (entered < 0)
		service_reply_status(pil_scm_busy(&pas, &call, (unsigned int)index));
	service_thread_run(&pas, (unsigned int)index, &call, entered == PIL_GATE_TOOK_OVER);
}

bool service_is_broken(void)
{
	return atomic_load(&broken);
}

/* a bug of the service: say where, hold every core, and answer every call with an error from now on */
void service_panic(void)
{
	struct pil_why where = { .reason = PIL_R_NONE };
	char line[128] = "service: fault: ";
	uint64_t syndrome = fw_read(esr_el1), address = fw_read(elr_el1);

	where = (struct pil_why){ .reason = PIL_R_SERVICE_FAULT, .a = syndrome, .b = address };
	pil_why_text(&where, line + strlen(line), sizeof(line) - strlen(line));
	if (!atomic_exchange(&broken, true))
		service_log(line);
	service_hold_cores();
	service_reply_status(PIL_SCM_ERROR);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* First the images, then the tests; the machine is switched off at the end. */
#include <fw/sysreg.h>
#include <virt/platform.h>

#include "door.h"

void door_main(uint64_t tree);
_Noreturn void door_unexpected(uint64_t syndrome, uint64_t at, uint64_t address);

bool same(const char *what, int64_t seen, int64_t wanted)
{
	if (seen == wanted)
		return true;
	print("# ");
	print(what);
	print(": ");
	print_dec(seen);
	print(" instead of ");
	print_dec(wanted);
	print("\n");
	return false;
}

/* whatever a test leaves behind must not reach the next one */
static void run_tests(const struct door_test *tests)
{
	for (; tests->name; tests++) {
		bool good = tests->run();

		timer_take();
		good = same("SHUTDOWN after the test", pas_shutdown(), 0) && good;
		good = same("the door answers after the test", door_answers(), true) && good;
		print(good ? "test " : "test failed ");
		print(tests->name);
		print("\n");
	}
}

void door_unexpected(uint64_t syndrome, uint64_t at, uint64_t address)
{
	print("door: unexpected exception, syndrome ");
	print_hex(syndrome);
	print(" at ");
	print_hex(at);
	print(" address ");
	print_hex(address);
	print("\n");
	psci_system_off();
}

static bool started_as_a_host(uint64_t tree)
{
	return same("exception level", (int64_t)(fw_read(CurrentEL) >> 2), 2) &&
	       same("device tree in x0", (int64_t)tree, VIRT_DTB) && same("archive", archive_open() != NULL, true);
}

void door_main(uint64_t tree)
{
	uart_init();
	timer_init();
	if (started_as_a_host(tree)) {
		images_run();
		run_tests(preemption_tests);
		run_tests(smp_tests);
		run_tests(hostile_tests);
		run_tests(kinds_tests);
		print("door: done\n");
	}
	psci_system_off();
}

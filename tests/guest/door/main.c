/* SPDX-License-Identifier: BSD-2-Clause */
/* First the images, then the tests; the machine is switched off at the end. */
#include "door.h"

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

void payload_main(uint64_t tree)
{
	uart_init();
	timer_init();
	if (started_as_a_host(tree)) {
		images_run();
		run_tests(preemption_tests);
		run_tests(smp_tests);
		run_tests(hostile_tests);
		run_tests(kinds_tests);
		if (payload_level() == 1)
			run_tests(hypervisor_tests);
		print("door: done\n");
	}
	psci_system_off();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stub: the part of the monitor that holds and releases remote cores, alone on the last two CPUs of a machine whose EL3 firmware is not
 * Pilot's and does not know of these CPUs. Its orders come through a mailbox (wire/stub.h).
 */
#ifndef STUB_STUB_H
#define STUB_STUB_H

#include <stdbool.h>
#include <stdint.h>

#include <pilot/wire/stub.h>

/*
 * mailbox.c. mailbox_init(): before anything is logged. mailbox_open(): orders may come. mailbox_look(): obey what is ordered, and say what the core does.
 * mailbox_crashed(): its program has ended. mailbox_log(): a character of a line, which is in the mailbox from its newline on
 */
void mailbox_init(void);
void mailbox_open(void);
void mailbox_look(unsigned int cpu);
void mailbox_crashed(unsigned int cpu, bool by_watchdog);
void mailbox_log(char c);
struct pil_stub_core *mailbox_core(unsigned int core);

/* boot.c: what came with the stub. boot_take(): while its memory is still the firmware's. boot_start(): core 0's program, if there is one */
void boot_take(void);
void boot_start(void);

#endif

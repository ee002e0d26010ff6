/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that tests the SCM door: every listed image, then tests by name. */
#ifndef DOOR_H
#define DOOR_H

#include "payload.h"

/* images.c: every listed entry through all requests */
void images_run(void);

/* tests_*.c */
struct door_test {
	const char *name;
	bool (*run)(void);
};

extern const struct door_test preemption_tests[], smp_tests[], hostile_tests[], kinds_tests[], hypervisor_tests[];

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver of the host's side, and what is expected of the device when both keep to the rules: for all tests of RPMsg. */
#ifndef UNIT_REMOTE_EXCHANGE_H
#define UNIT_REMOTE_EXCHANGE_H

#include <stdint.h>

#include "driver.h"

#define OK   0x7u /* acknowledged, driver, driver ok */
#define BOTH (RPMSG_RING_TO_HOST | RPMSG_RING_FROM_HOST)

extern struct driver d;

/* start(): a host with a name service that has heard of both; the others fail the test that calls them */
int new_driver(void **state);
int free_driver(void **state);
void expect_announced(const char *name, uint32_t address);
void expect_both_announced(void);
void start(void);
void send(uint32_t target, uint16_t length, unsigned int seed);
void expect_echo(uint32_t service, uint16_t length, unsigned int seed);
void expect_works(void);

#endif

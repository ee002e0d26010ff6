/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every remote core needs before it executes: a clock, its reset deasserted, its power domain on. The host asks for these through
 * SCMI; the TEE asks for them, too, while it answers for a core itself. A supply is there while anybody asks for it.
 */
#ifndef PILOT_SCMI_SUPPLY_H
#define PILOT_SCMI_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>
#include <tee_api_types.h>

#define SUPPLY_CORES 2

/**
 * enum supply_user - who answers for what a core executes
 * @SUPPLY_UNUSED:    it is held: the host may take anything away
 * @SUPPLY_HOST_RUNS: a kernel-managed program: the host may take anything away, and its program with it
 * @SUPPLY_TEE_RUNS:  a program of the TEE's, supplied by the host's driver: it may stop the clock, and only the TEE ends the program
 * @SUPPLY_TEE_KEEPS: a program of the TEE's that no driver of the host's supplies: what the host asks for makes no difference
 */
enum supply_user {
	SUPPLY_UNUSED,
	SUPPLY_HOST_RUNS,
	SUPPLY_TEE_RUNS,
	SUPPLY_TEE_KEEPS,
};

/**
 * enum supply_kind - what a core is supplied with; also the order in which a lack is named
 */
enum supply_kind {
	SUPPLY_POWER,
	SUPPLY_RESET,
	SUPPLY_CLOCK,
	SUPPLY_KINDS,
};

/**
 * supply_use() - a core is about to execute for another, or for nobody
 * @core: its number, below SUPPLY_CORES
 * @user: for whom from now on
 *
 * To be called before the core is started, and after it was stopped, with whatever lock keeps others from starting and stopping it.
 *
 * Return: NULL, or for SUPPLY_HOST_RUNS and SUPPLY_TEE_RUNS what the host does not supply the core with, for a log; nothing changed then.
 */
const char *supply_use(unsigned int core, enum supply_user user);

/**
 * supply_user() - who answers for what a core executes
 * @core: its number, below SUPPLY_CORES
 *
 * Return: what supply_use() was told last
 */
enum supply_user supply_user(unsigned int core);

/**
 * supply_name() - the name of a core's clock, reset line or power domain
 * @core: its number, below SUPPLY_CORES
 * @kind: which of them
 *
 * Return: text of at most 15 characters
 */
const char *supply_name(unsigned int core, enum supply_kind kind);

/**
 * supply_is_on() - whether a core has power, a clock, or a reset line that is not asserted
 * @core: its number, below SUPPLY_CORES
 * @kind: which of them
 *
 * Return: that
 */
bool supply_is_on(unsigned int core, enum supply_kind kind);

/**
 * supply_request() - what the host asks for
 * @core: its number, below SUPPLY_CORES
 * @kind: power, clock, or the reset line
 * @on: whether it wants the domain on, the clock running, the reset line deasserted
 *
 * Return: an SCMI status: SCMI_SUCCESS, SCMI_DENIED when that would end a program of the TEE's, SCMI_HARDWARE_ERROR when the core did
 * not obey
 */
int32_t supply_request(unsigned int core, enum supply_kind kind, bool on);

/**
 * supply_clock_rate() - the rate of a core's clock
 * @core: its number, below SUPPLY_CORES
 *
 * Return: in Hz; there is only this one
 */
unsigned long supply_clock_rate(unsigned int core);

/**
 * board_supply_changed() - a core has to follow what it is supplied with
 * @core: its number, below SUPPLY_CORES
 *
 * The cores' side of this: suspends a core that executes and has lost its clock, resumes one that has it back, and ends one that lost
 * its power or was reset, after which it calls supply_use(). Takes the lock that starting and stopping takes, and asks supply_is_on()
 * under it.
 *
 * Return: TEE_SUCCESS, or an error when the core did not obey
 */
TEE_Result board_supply_changed(unsigned int core);

#endif

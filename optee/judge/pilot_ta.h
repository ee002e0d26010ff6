/* SPDX-License-Identifier: BSD-2-Clause */
/* What Pilot's TAs share: the way to the PTA, and the service on the board behind it. */
#ifndef PILOT_TA_H
#define PILOT_TA_H

#include <tee_internal_api.h>
#include <tee_internal_api_extensions.h>

#include <pilot/tee.h>

/**
 * ta_pta() - call the PTA, as struct pil_tee_board wants it
 * @ctx:  not used: all calls of a TA go through one session, and what it has claimed with it
 * @call: the command
 * Return: the PTA's result
 */
uint32_t ta_pta(void *ctx, struct pil_tee_call *call);

/** ta_pta_open() - open that session, if it is not open yet. Return: TEE_SUCCESS, or why not */
TEE_Result ta_pta_open(void);

/** ta_pta_close() - close it. Return: nothing */
void ta_pta_close(void);

/** ta_take_call() - parameters as the TEE has them. Return: the same for the doors */
struct pil_tee_call ta_take_call(uint32_t command, uint32_t types, const TEE_Param params[TEE_NUM_PARAMS]);

/** ta_give_results() - what a door has written into a call, back to the TEE's parameters. Return: nothing */
void ta_give_results(const struct pil_tee_call *call, TEE_Param params[TEE_NUM_PARAMS]);

/** ta_login() - who the client is. Return: the TEE's TEE_LOGIN_... */
uint32_t ta_login(void);

/**
 * ta_service() - the service, started when it is first asked for
 * @board: result: the board that it is on; NULL when it could not be started, which is logged
 * Return: the service, or NULL
 */
struct pil_pas *ta_service(struct pil_tee_board **board);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The peripheral authentication service of a TEE, as Linux's qcom_pas_tee calls it. Parameter 0 of each command is a value whose a is the
 * PAS id. docs/SPEC.md section 11.
 */
#ifndef PILOT_WIRE_TEE_PAS_H
#define PILOT_WIRE_TEE_PAS_H

#define PIL_TEE_PAS_IS_SUPPORTED       1
#define PIL_TEE_PAS_CAPABILITIES       2 /* out: p1: a: PIL_CAP_... bits */
#define PIL_TEE_PAS_INIT_IMAGE	       3 /* p1: memory: metadata */
#define PIL_TEE_PAS_MEM_SETUP	       4 /* p0: b: size; p1: physical address, a: low, b: high word */
#define PIL_TEE_PAS_GET_RESOURCE_TABLE 5 /* p1: memory, both: a table; none: how much is needed */
#define PIL_TEE_PAS_AUTH_AND_RESET     6 /* p0: b: size; p1: physical address, or 0; p2: memory, not looked at */
#define PIL_TEE_PAS_SET_REMOTE_STATE   7 /* p0: b: 0 suspend, 1 resume */
#define PIL_TEE_PAS_SHUTDOWN	       8

#endif

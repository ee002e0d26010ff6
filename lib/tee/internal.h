/* SPDX-License-Identifier: BSD-2-Clause */
/* What the doors of a TEE share. Internals end in _. */
#ifndef PILOT_LIB_TEE_INTERNAL_H
#define PILOT_LIB_TEE_INTERNAL_H

#include <pilot/tee.h>

#define TYPES_NONE PIL_TEE_TYPES(PIL_TEE_NONE, PIL_TEE_NONE, PIL_TEE_NONE, PIL_TEE_NONE)
#define TYPES_ID   PIL_TEE_TYPES(PIL_TEE_VALUE_INPUT, PIL_TEE_NONE, PIL_TEE_NONE, PIL_TEE_NONE)

/** pil_tee_u64_() - a number of two words. Return: the number */
uint64_t pil_tee_u64_(const struct pil_tee_param *p);

/** pil_tee_put_u64_() - the other way. Return: nothing */
void pil_tee_put_u64_(struct pil_tee_param *p, uint64_t value);

/** pil_tee_memory_() - does a parameter of memory have what it says? Return: false: bytes, but no address */
bool pil_tee_memory_(const struct pil_tee_call *call);

/** pil_tee_refuse_() - log "tee: <name> refused: <reason>: <sentence>". Return: what the client sees */
uint32_t pil_tee_refuse_(struct pil_pas *pas, const char *name, const struct pil_why *why);

/** pil_tee_check_login_() - is the client the host's kernel? Return: 0 or -PIL_EBINDING (TEE_LOGIN) */
int pil_tee_check_login_(uint32_t login, struct pil_why *why);

#endif

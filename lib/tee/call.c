/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters and results: what all doors of a TEE do alike. */
#include "../pas/internal.h"

#include "internal.h"

uint64_t pil_tee_u64_(const struct pil_tee_param *p)
{
	return (uint64_t)p->b << 32 | p->a;
}

void pil_tee_put_u64_(struct pil_tee_param *p, uint64_t value)
{
	p->a = (uint32_t)value;
	p->b = (uint32_t)(value >> 32);
}

static bool is_memory(uint32_t type)
{
	return type == PIL_TEE_MEMREF_INPUT || type == PIL_TEE_MEMREF_OUTPUT || type == PIL_TEE_MEMREF_INOUT;
}

bool pil_tee_memory_(const struct pil_tee_call *call)
{
	for (unsigned int i = 0; i < PIL_TEE_PARAMS; i++)
		if (is_memory(PIL_TEE_TYPE(call->types, i)) && call->p[i].size && !call->p[i].buffer)
			return false;
	return true;
}

/* what the client can act on; everything else is in the log */
uint32_t pil_tee_status(int error, enum pil_reason reason)
{
	static const uint32_t status[] = {
		[PIL_OK] = PIL_TEE_SUCCESS,
		[PIL_ETRUNC] = PIL_TEE_BAD_FORMAT,
		[PIL_EFORMAT] = PIL_TEE_BAD_FORMAT,
		[PIL_EVERSION] = PIL_TEE_BAD_FORMAT,
		[PIL_EUNSUPPORTED] = PIL_TEE_NOT_SUPPORTED,
		[PIL_EAUTH] = PIL_TEE_SECURITY,
		[PIL_EBINDING] = PIL_TEE_ACCESS_DENIED,
		[PIL_ERANGE] = PIL_TEE_ACCESS_DENIED,
		[PIL_EARG] = PIL_TEE_BAD_PARAMETERS,
		[PIL_ESTATE] = PIL_TEE_BAD_STATE,
		[PIL_EBUSY] = PIL_TEE_BUSY,
		[PIL_ENOMEM] = PIL_TEE_OUT_OF_MEMORY,
		[PIL_EBOARD] = PIL_TEE_GENERIC,
		[PIL_ENOENT] = PIL_TEE_ITEM_NOT_FOUND,
		[PIL_EBUFFER] = PIL_TEE_SHORT_BUFFER,
	};
	unsigned int class = 0u - (unsigned int)error;

	if (error && (reason == PIL_R_CONTAINER_SIGNATURE || reason == PIL_R_SIG_MISMATCH))
		return PIL_TEE_SIGNATURE_INVALID;
	return class < sizeof(status) / sizeof(status[0]) ? status[class] : PIL_TEE_GENERIC;
}

uint32_t pil_tee_refuse_(struct pil_pas *pas, const char *name, const struct pil_why *why)
{
	struct pil_line_ line = { 0 };
	char sentence[200] = { 0 };

	line.text = (struct pil_text){ .buf = line.buf, .size = sizeof(line.buf) };
	pil_why_text(why, sentence, sizeof(sentence));
	pil_text_string(&line.text, "tee: ");
	pil_text_string(&line.text, name);
	pil_text_string(&line.text, " refused: ");
	pil_text_string(&line.text, pil_reason_name(why->reason));
	pil_text_string(&line.text, ": ");
	pil_text_string(&line.text, sentence);
	pil_line_send_(pas, &line);
	return pil_tee_status(-(int)pil_reason_class(why->reason), why->reason);
}

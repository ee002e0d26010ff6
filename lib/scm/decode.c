/* SPDX-License-Identifier: BSD-2-Clause */
/* From registers to a request and back. */
#include "../pas/internal.h"

#include "internal.h"

/* of a call that names one: by PAS id in argument 0, or by a number of its own in argument 1 */
static int find_peripheral(const struct pil_pas *pas, const struct pil_scm_function_ *f, uint64_t arg0, uint64_t arg1)
{
	uint64_t pas_id = f->remote ? PIL_SCM_VIDEO_PAS_ID : arg0;

	if (f->remote && arg1 != PIL_SCM_REMOTE_VIDEO)
		return -PIL_ENOENT;
	return pas_id <= UINT32_MAX ? pil_pas_find(pas, (uint32_t)pas_id) : -PIL_ENOENT;
}

/* is the call as the row wants it? */
static bool well_formed(const struct pil_scm_function_ *f, const struct pil_scm_call *call)
{
	return f && call->x[1] == f->arginfo;
}

int pil_scm_peripheral(const struct pil_pas *pas, const struct pil_scm_call *call)
{
	const struct pil_scm_function_ *f = pil_scm_lookup_(call->x[0]);
	int index = 0;

	if (!well_formed(f, call) || !f->gated)
		return PIL_SCM_NO_PERIPHERAL;
	index = find_peripheral(pas, f, call->x[2], call->x[3]);
	return index < 0 ? PIL_SCM_NO_PERIPHERAL : index;
}

bool pil_scm_forces(const struct pil_scm_call *call)
{
	const struct pil_scm_function_ *f = pil_scm_lookup_(call->x[0]);

	return well_formed(f, call) && f->forces;
}

int64_t pil_scm_status(int error)
{
	/* clang-format off */
	static const int8_t status[] = {
		[PIL_OK] = PIL_SCM_OK,
		[PIL_ETRUNC] = PIL_SCM_EINVAL,
		[PIL_EFORMAT] = PIL_SCM_EINVAL,
		[PIL_EVERSION] = PIL_SCM_EINVAL,
		[PIL_EUNSUPPORTED] = PIL_SCM_ENOTSUPP,
		[PIL_EAUTH] = PIL_SCM_EINVAL,
		[PIL_EBINDING] = PIL_SCM_EINVAL,
		[PIL_ERANGE] = PIL_SCM_EADDR,
		[PIL_EARG] = PIL_SCM_EINVAL,
		[PIL_ESTATE] = PIL_SCM_EINVAL,
		[PIL_EBUSY] = PIL_SCM_EBUSY,
		[PIL_ENOMEM] = PIL_SCM_ENOMEM,
		[PIL_EBOARD] = PIL_SCM_ERROR,
		[PIL_ENOENT] = PIL_SCM_EINVAL,
		[PIL_EBUFFER] = PIL_SCM_EINVAL,
	};
	/* clang-format on */
	unsigned int class = 0u - (unsigned int)error;

	return class < sizeof(status) ? status[class] : PIL_SCM_ERROR;
}

/* the page is read once, whole, into @args; the host may change it as it likes afterwards */
static int read_page(struct pil_pas *pas, uint64_t address, struct pil_scm_args_ *args, struct pil_why *why)
{
	uint8_t copy[PIL_SCM_INDIRECT_WORDS * 8u] = { 0 };
	struct pil_look_ look = {
		.user = args->index < 0 ? PIL_LOOK_NOBODYS : (unsigned int)args->index,
		.range = { .base = address, .size = sizeof(copy) },
		.access = PIL_GRANT_READ,
		.reason = PIL_R_SCM_INDIRECT,
	};
	int err = 0;

	if (address % 8u)
		return pil_fail(why, PIL_R_SCM_INDIRECT, address, sizeof(copy));
	err = pil_host_read_(pas, &look, copy, why);
	if (err)
		return err;
	for (unsigned int i = 0; i < sizeof(copy); i++)
		args->value[PIL_SCM_FIRST_INDIRECT + i / 8u] |= (uint64_t)copy[i] << (i % 8u * 8u);
	return 0;
}

static int decode(struct pil_pas *pas, const struct pil_scm_function_ *f, const struct pil_scm_call *call,
		  struct pil_scm_args_ *args, struct pil_why *why)
{
	unsigned int count = PIL_SCM_ARGS_COUNT(f->arginfo);
	unsigned int direct = count > PIL_SCM_REGISTER_ARGS ? PIL_SCM_FIRST_INDIRECT : count;

	if (!well_formed(f, call))
		return pil_fail(why, PIL_R_SCM_ARGINFO, call->x[1], f->arginfo);
	for (unsigned int i = 0; i < direct; i++)
		args->value[i] = call->x[0] & PIL_SCM_64 ? call->x[2 + i] : (uint32_t)call->x[2 + i];
	if (f->names || f->remote)
		args->index = find_peripheral(pas, f, args->value[0], args->value[1]);
	if (f->names && args->index < 0)
		return pil_fail(why, PIL_R_PAS_UNKNOWN, args->value[0], 0);
	if (f->remote && args->index < 0)
		return pil_fail(why, PIL_R_SCM_REMOTE_ID, args->value[1], args->value[0]);
	return count > PIL_SCM_REGISTER_ARGS ? read_page(pas, call->x[5], args, why) : 0;
}

void pil_scm_log_refused_(struct pil_pas *pas, const char *name, const struct pil_why *why)
{
	struct pil_line_ line = { 0 };
	char sentence[200] = { 0 };

	line.text = (struct pil_text){ .buf = line.buf, .size = sizeof(line.buf) };
	pil_why_text(why, sentence, sizeof(sentence));
	pil_text_string(&line.text, "scm: ");
	pil_text_string(&line.text, name);
	pil_text_string(&line.text, " refused: ");
	pil_text_string(&line.text, pil_reason_name(why->reason));
	pil_text_string(&line.text, ": ");
	pil_text_string(&line.text, sentence);
	pil_line_send_(pas, &line);
}

int64_t pil_scm_busy(struct pil_pas *pas, const struct pil_scm_call *call, unsigned int index)
{
	const struct pil_scm_function_ *f = pil_scm_lookup_(call->x[0]);
	struct pil_why why = { 0 };
	int err = pil_fail(&why, PIL_R_PAS_BUSY, pas->p[index].desc->pas_id, 0);

	pil_scm_log_refused_(pas, f ? f->name : "call", &why);
	return pil_scm_status(err);
}

/* drivers probe for much that is not there: one line for each function, and none for a host that tries all of them */
static bool first_time(struct pil_pas *pas, uint32_t id)
{
	bool first = false;
	unsigned int i = 0;

	pas->board->enter(pas->board);
	while (i < pas->unknown_count && pas->unknown[i] != id)
		i++;
	first = i == pas->unknown_count && i < PIL_UNKNOWN_LOGGED;
	if (first)
		pas->unknown[pas->unknown_count++] = id;
	pas->board->leave(pas->board);
	return first;
}

static void answer_unknown(struct pil_pas *pas, uint64_t id, struct pil_scm_answer *answer)
{
	struct pil_why why = { 0 };

	id &= UINT32_MAX & ~(uint64_t)PIL_SCM_SVE_HINT;
	pil_fail(&why, PIL_R_SCM_UNKNOWN, id, 0);
	if (first_time(pas, (uint32_t)id))
		pil_scm_log_refused_(pas, "call", &why);
	answer->x[0] = (uint64_t)(int64_t)PIL_SCM_ERROR;
}

/* what the drivers only probe for is not traced: it decides nothing, and is to stay cheap */
static int carry_out(struct pil_pas *pas, const struct pil_scm_function_ *f, const struct pil_scm_args_ *args,
		     struct pil_scm_answer *answer)
{
	int err = 0;

	if (f->fast)
		return f->handle(pas, args, answer);
	pil_trace_(pas, args->index, PIL_TRACE_REQUEST, f->func, 0);
	err = f->handle(pas, args, answer);
	pil_trace_(pas, args->index, PIL_TRACE_ANSWER, f->func, pil_trace_reason_(pas, args->index, err));
	return err;
}

void pil_scm_handle(struct pil_pas *pas, const struct pil_scm_call *call, struct pil_scm_answer *answer)
{
	const struct pil_scm_function_ *f = pil_scm_lookup_(call->x[0]);
	struct pil_scm_args_ args = { .index = PIL_SCM_NO_PERIPHERAL };
	struct pil_why why = { 0 };
	int err = 0;

	*answer = (struct pil_scm_answer){ 0 };
	if (!f) {
		answer_unknown(pas, call->x[0], answer);
		return;
	}
	err = decode(pas, f, call, &args, &why);
	if (err)
		pil_scm_log_refused_(pas, f->name, &why);
	else
		err = carry_out(pas, f, &args, answer);
	answer->x[0] = (uint64_t)pil_scm_status(err);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests that change a peripheral: state table, work, one log line. */
#include "internal.h"

static void log_counted(struct pil_pas *pas, const struct pil_peripheral *p, int err, const struct pil_why *why)
{
	struct pil_line_ line = { 0 };
	struct pil_text *t = &line.text;

	*t = (struct pil_text){ .buf = line.buf, .size = sizeof(line.buf) };
	pil_text_string(t, p->desc->name);
	pil_text_string(t, ": rollback counter of software ");
	pil_text_hex(t, p->desc->sw_id);
	pil_line_number_(t, err ? " could not be advanced to " : " advanced to ", p->version, err ? ": " : "");
	if (err)
		pil_text_string(t, pil_reason_name(why->reason));
	pil_line_send_(pas, &line);
}

/* an image counts when its own code has said that it is up: a newer one that does not work must not shut the older one out */
static void count_version(struct pil_pas *pas, struct pil_peripheral *p)
{
	struct pil_why why = { 0 };
	int err = 0;

	if (p->counted || !pas->board->counter_advance)
		return;
	err = pas->board->counter_advance(pas->board, p->desc->sw_id, p->version, &why);
	p->counted = !err;
	if (!err)
		pil_trace_(pas, (int)(p - pas->p), PIL_TRACE_COUNTED, p->version, 0);
	log_counted(pas, p, err, &why);
}

/* another service of this secure world stopped what this one found running: nothing is left here, as if it had never been */
static void see_gone(struct pil_pas *pas, struct pil_peripheral *p)
{
	struct pil_transition row = { 0 };
	struct pil_why why = { 0 };
	uint64_t scrubbed = 0;

	if (!pil_state_step(p->state, PIL_EV_GONE, true, p->plan.relocatable, &row))
		return;
	if (!pil_clean_(pas, (unsigned int)(p - pas->p), &scrubbed, &why))
		pil_state_set_(pas, p, row.to);
}

static void see_crash(struct pil_pas *pas, struct pil_peripheral *p, bool ready)
{
	struct pil_transition row = { 0 };
	struct pil_line_ line = { 0 };

	if (!pil_state_step(p->state, PIL_EV_CRASH, true, p->plan.relocatable, &row))
		return;
	pil_state_set_(pas, p, row.to);
	p->crashed = true;
	pil_line_begin_(&line, p, PIL_EV_CRASH, "seen: ");
	pil_line_number_(&line.text, "core ", (unsigned int)p->desc->core, " was stopped by a fault of its own");
	pil_text_string(&line.text, ready ? "" : " before it was ready");
	pil_line_send_(pas, &line);
}

/* a crash shows only when somebody looks, and so does "ready": look before each request */
static void observe(struct pil_pas *pas, struct pil_peripheral *p)
{
	enum pil_core_state core = PIL_CORE_HELD;
	bool ready = false;

	if ((p->state != PIL_RUNNING && p->state != PIL_INHERITED) || !pil_has_core_(p))
		return;
	core = pas->board->core_state(pas->board, (unsigned int)p->desc->core, &ready);
	if (ready && p->accepted)
		count_version(pas, p);
	if (core == PIL_CORE_CRASHED)
		see_crash(pas, p, ready);
	if (core == PIL_CORE_HELD)
		see_gone(pas, p);
}

int pil_pas_refuse_(struct pil_pas *pas, struct pil_peripheral *p, enum pil_event event, int err)
{
	pil_log_refused_(pas, p, event, &p->why);
	return err;
}

/* what earlier firmware brought up is not the host's to replace or to stop; asking is free */
static bool is_the_hosts(const struct pil_peripheral *p, enum pil_event event)
{
	return p->desc->loader == PIL_LOADER_HOST || event == PIL_EV_GET_RSC_TABLE || event == PIL_EV_IS_SUPPORTED ||
	       event == PIL_EV_CAPABILITIES;
}

/* whose processors a request is for; asking is free */
static bool is_for(enum pil_ownership owner, enum pil_event event)
{
	switch (event) {
	case PIL_EV_GET_RSC_TABLE:
	case PIL_EV_IS_SUPPORTED:
	case PIL_EV_CAPABILITIES:
		return true;
	case PIL_EV_GRANT:
	case PIL_EV_RUN:
		return owner == PIL_OWNED_KERNEL;
	case PIL_EV_STOP:
	case PIL_EV_RELEASE:
	case PIL_EV_ATTACH:
	case PIL_EV_DETACH:
		return owner == PIL_OWNED_TEE || owner == PIL_OWNED_KERNEL;
	default:
		return owner == PIL_OWNED_TEE;
	}
}

enum pil_ownership pil_pas_ownership(const struct pil_pas *pas, unsigned int index)
{
	return pas->board->ownership ? pas->board->ownership(pas->board, index) : PIL_OWNED_TEE;
}

static int check_owner(const struct pil_pas *pas, unsigned int index, enum pil_event event, struct pil_why *why)
{
	enum pil_ownership owner = pil_pas_ownership(pas, index);

	if (!is_the_hosts(&pas->p[index], event))
		return pil_fail(why, PIL_R_PAS_LOADER, pas->p[index].desc->pas_id, event);
	return is_for(owner, event) ? 0 : pil_fail(why, PIL_R_PAS_OWNERSHIP, owner, event);
}

int pil_pas_begin_(struct pil_pas *pas, unsigned int index, enum pil_event event, struct pil_transition *row)
{
	struct pil_peripheral *p = NULL;

	if (index >= pas->board->desc->peripheral_count)
		return -PIL_ENOENT;
	p = &pas->p[index];
	p->why = (struct pil_why){ 0 };
	if (check_owner(pas, index, event, &p->why))
		return pil_pas_refuse_(pas, p, event, -PIL_EUNSUPPORTED);
	observe(pas, p);
	if (pil_state_step(p->state, event, pil_has_core_(p), p->plan.relocatable, row))
		return 0;
	if (event == PIL_EV_AUTH && p->state == PIL_LOADED)
		return pil_pas_refuse_(pas, p, event, pil_fail(&p->why, PIL_R_PAS_NOT_PLACED, 0, 0));
	return pil_pas_refuse_(pas, p, event, pil_fail(&p->why, PIL_R_PAS_STATE, p->state, event));
}

static void log_loaded(struct pil_pas *pas, const struct pil_peripheral *p, enum pil_state was, uint64_t scrubbed)
{
	struct pil_line_ line = { 0 };
	struct pil_text *t = pil_line_begin_(&line, p, PIL_EV_INIT, "accepted: ");

	pil_line_number_(t, "", p->plan.count, " segments");
	pil_line_number_(t, ", ", p->plan.span, " bytes");
	pil_text_string(t, p->plan.relocatable ? ", relocatable" : ", at fixed addresses");
	pil_line_number_(t, ", hash segment version ", p->image.mbn.version, " of ");
	pil_line_number_(t, "", p->image.mbn.segment.size, " bytes");
	pil_text_string(t, p->unbridged ? ", metadata in no bridge" : "");
	if (was != PIL_OFF) {
		pil_text_string(t, "; was ");
		pil_text_string(t, pil_state_name(was));
		pil_line_number_(t, ", ", scrubbed, " bytes scrubbed");
	}
	pil_line_send_(pas, &line);
}

int pil_pas_init_image(struct pil_pas *pas, unsigned int index, uint64_t metadata)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	uint64_t scrubbed = 0;
	int err = pil_pas_begin_(pas, index, PIL_EV_INIT, &row);

	if (err)
		return err;
	p = &pas->p[index];
	if (row.action == PIL_ACT_CLEAN)
		err = pil_clean_(pas, index, &scrubbed, &p->why);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_INIT, err);
	pil_metadata_forget_(p);
	pil_state_set_(pas, p, PIL_OFF);
	err = pil_metadata_read_(pas, p, metadata);
	if (err) {
		pil_metadata_forget_(p);
		return pil_pas_refuse_(pas, p, PIL_EV_INIT, err);
	}
	pil_state_set_(pas, p, row.to);
	log_loaded(pas, p, row.from, scrubbed);
	return 0;
}

static int place(struct pil_peripheral *p, struct pil_range where)
{
	if (!p->plan.relocatable)
		return pil_fail(&p->why, PIL_R_PAS_MEM_FIXED, 0, 0);
	if (!pil_range_contains(p->desc->carveout, where))
		return pil_fail(&p->why, PIL_R_PAS_MEM_RANGE, where.base, where.size);
	if (where.base % PIL_PAGE)
		return pil_fail(&p->why, PIL_R_PAS_MEM_ALIGN, where.base, where.size);
	if (where.size < p->plan.span)
		return pil_fail(&p->why, PIL_R_PLAN_MEM_SETUP, where.size, p->plan.span);
	return pil_plan_place(&p->plan, where, &p->why);
}

int pil_pas_mem_setup(struct pil_pas *pas, unsigned int index, struct pil_range where)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_line_ line = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_MEM_SETUP, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = place(p, where);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_MEM_SETUP, err);
	p->placed = where;
	pil_state_set_(pas, p, row.to);
	pil_line_begin_(&line, p, PIL_EV_MEM_SETUP, "accepted: ");
	pil_line_number_(&line.text, "", where.size, " bytes at ");
	pil_text_hex(&line.text, where.base);
	pil_line_send_(pas, &line);
	return 0;
}

static void log_verified(struct pil_pas *pas, const struct pil_peripheral *p, const struct pil_verified_ *v,
			 uint64_t us)
{
	struct pil_line_ line = { 0 };
	struct pil_text *t = pil_line_begin_(&line, p, PIL_EV_AUTH, "accepted: ");

	pil_line_number_(t, "", v->certs, " certificates, root ");
	pil_text_bytes(t, v->root_hash, 8);
	if (v->manifest)
		pil_line_number_(t, ", manifest of ", v->ranges, " ranges");
	pil_line_number_(t, ", ", v->segments, " segments, ");
	pil_line_number_(t, "", v->bytes, " bytes, ");
	pil_line_number_(t, "", us, " us");
	pil_line_send_(pas, &line);
}

/* not genuine, or it did not start: log why, then clean; a clean that fails leaves the state to the next SHUTDOWN or RELEASE_FW */
int pil_pas_undo_(struct pil_pas *pas, unsigned int index, enum pil_event event, int err)
{
	struct pil_peripheral *p = &pas->p[index];
	struct pil_transition row = { 0 };
	struct pil_why why = { 0 };
	uint64_t scrubbed = 0;

	pil_pas_refuse_(pas, p, event, err);
	if (!pil_state_step(p->state, PIL_EV_REFUSED, pil_has_core_(p), p->plan.relocatable, &row))
		return err;
	if (pil_clean_(pas, index, &scrubbed, &why))
		pil_log_refused_(pas, p, PIL_EV_REFUSED, &why);
	else
		pil_state_set_(pas, p, row.to);
	return err;
}

int pil_pas_auth_and_reset(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_verified_ verified = { 0 };
	struct pil_peripheral *p = NULL;
	uint64_t began = pas->board->time_us(pas->board);
	int err = pil_pas_begin_(pas, index, PIL_EV_AUTH, &row);

	if (err)
		return err;
	p = &pas->p[index];
	pil_state_set_(pas, p, row.to);
	err = pil_authenticate_(pas, index, &verified);
	if (!err && !pil_state_step(p->state, PIL_EV_GENUINE, pil_has_core_(p), p->plan.relocatable, &row))
		err = pil_fail(&p->why, PIL_R_PAS_STATE, p->state, PIL_EV_GENUINE);
	if (err)
		return pil_pas_undo_(pas, index, PIL_EV_AUTH, err);
	pil_state_set_(pas, p, row.to);
	p->accepted = true;
	log_verified(pas, p, &verified, pas->board->time_us(pas->board) - began);
	return 0;
}

int pil_pas_shutdown(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_line_ line = { 0 };
	uint64_t scrubbed = 0;
	int err = pil_pas_begin_(pas, index, PIL_EV_SHUTDOWN, &row);

	if (err)
		return err;
	p = &pas->p[index];
	if (row.action == PIL_ACT_CLEAN)
		err = pil_clean_(pas, index, &scrubbed, &p->why);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_SHUTDOWN, err);
	pil_state_set_(pas, p, row.to);
	pil_line_begin_(&line, p, PIL_EV_SHUTDOWN, "accepted: was ");
	pil_text_string(&line.text, pil_state_name(row.from));
	pil_line_number_(&line.text, ", ", scrubbed, " bytes scrubbed");
	pil_line_send_(pas, &line);
	return 0;
}

static int change_power(struct pil_pas *pas, struct pil_peripheral *p, uint32_t state)
{
	if (state > 1)
		return pil_fail(&p->why, PIL_R_PAS_REMOTE_STATE, state, 0);
	if (!pas->board->core_power || !pil_has_core_(p))
		return pil_fail(&p->why, PIL_R_PAS_REMOTE_STATE_NONE, state, 0);
	if (p->state != PIL_RUNNING)
		return pil_fail(&p->why, PIL_R_PAS_STATE, p->state, PIL_EV_SET_REMOTE_STATE);
	return pas->board->core_power(pas->board, (unsigned int)p->desc->core, state == 1, &p->why);
}

int pil_pas_set_remote_state(struct pil_pas *pas, unsigned int index, uint32_t state)
{
	struct pil_line_ line = { 0 };
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	int err = pil_pas_begin_(pas, index, PIL_EV_SET_REMOTE_STATE, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = change_power(pas, p, state);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_SET_REMOTE_STATE, err);
	pil_line_begin_(&line, p, PIL_EV_SET_REMOTE_STATE, state ? "accepted: resume" : "accepted: suspend");
	pil_line_send_(pas, &line);
	return 0;
}

enum pil_state pil_pas_look(struct pil_pas *pas, unsigned int index, bool *ready)
{
	struct pil_peripheral *p = NULL;

	*ready = false;
	if (index >= pas->board->desc->peripheral_count)
		return PIL_OFF;
	p = &pas->p[index];
	observe(pas, p);
	if ((p->state == PIL_RUNNING || p->state == PIL_INHERITED) && pil_has_core_(p))
		(void)pas->board->core_state(pas->board, (unsigned int)p->desc->core, ready);
	return p->state;
}

int pil_pas_begin_query_(struct pil_pas *pas, unsigned int index, enum pil_event event)
{
	struct pil_transition row = { 0 };

	return pil_pas_begin_(pas, index, event, &row);
}

void pil_pas_abandon(struct pil_pas *pas, unsigned int index)
{
	struct pil_line_ line = { 0 };

	if (index >= pas->board->desc->peripheral_count)
		return;
	pil_host_window_done_(pas, index);
	pil_trace_(pas, (int)index, PIL_TRACE_ABANDONED, 0, 0);
	/* an INIT_IMAGE that was still reading: nobody else would wipe what it has of the metadata */
	if (pas->p[index].state == PIL_OFF)
		pil_metadata_forget_(&pas->p[index]);
	/* which request it was is not known here: any of them can be suspended */
	line.text = (struct pil_text){ .buf = line.buf, .size = sizeof(line.buf) };
	pil_text_string(&line.text, pas->p[index].desc->name);
	pil_text_string(&line.text, ": interrupted request abandoned: state ");
	pil_text_string(&line.text, pil_state_name(pas->p[index].state));
	pil_line_send_(pas, &line);
}

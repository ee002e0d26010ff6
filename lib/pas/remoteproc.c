/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests in the shape of remoteproc that load, start and stop: state table, work, one log line. */
#include <string.h>

#include "internal.h"

static void log_loaded(struct pil_pas *pas, const struct pil_peripheral *p, const struct pil_load_ *load, uint64_t us)
{
	struct pil_line_ line = { 0 };
	struct pil_text *t = pil_line_begin_(&line, p, PIL_EV_LOAD, "accepted: ");

	pil_line_number_(t, "", load->plan.count, " segments, key ");
	pil_text_bytes(t, load->result.key_hash, 8);
	pil_line_number_(t, ", version ", p->version, "");
	if (load->table.size) {
		pil_text_string(t, ", resource table at ");
		pil_line_range_(t, load->table);
	}
	pil_line_number_(t, ", ", load->bytes.size, " bytes, ");
	pil_line_number_(t, "", us, " us");
	pil_line_send_(pas, &line);
}

/* the fuses let it pass; whoever reads the log shall know what nobody has checked */
static void warn_loose(struct pil_pas *pas, const struct pil_peripheral *p, const struct pil_load_ *load)
{
	struct pil_line_ line = { 0 };
	struct pil_text *t = NULL;
	bool first = true;

	if (!load->result.missing)
		return;
	t = pil_line_begin_(&line, p, PIL_EV_LOAD, "warning: the container does not say, and the fuses do without: ");
	for (unsigned int check = 0; check < PIL_CONTAINER_CHECKS; check++) {
		if (!(load->result.missing & 1u << check))
			continue;
		pil_text_string(t, first ? "" : ", ");
		pil_text_string(t, pil_container_check_name((enum pil_container_check)check));
		first = false;
	}
	pil_line_send_(pas, &line);
}

static void log_plain(struct pil_pas *pas, const struct pil_peripheral *p, enum pil_event event, const char *what)
{
	struct pil_line_ line = { 0 };

	pil_text_string(pil_line_begin_(&line, p, event, "accepted: "), what);
	pil_line_send_(pas, &line);
}

static bool is_loaded(const struct pil_peripheral *p, const struct pil_load_ *load)
{
	return p->state == PIL_AUTHENTICATED && p->placed_checks &&
	       pil_equal_consttime(p->container, load->id, sizeof(p->container));
}

static int replace(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load,
		   const struct pil_transition *row)
{
	struct pil_peripheral *p = &pas->p[index];
	uint64_t scrubbed = 0;
	int err = row->action == PIL_ACT_CLEAN ? pil_clean_(pas, index, &scrubbed, &p->why) : 0;

	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_LOAD, err);
	pil_state_set_(pas, p, row->to);
	err = pil_core_take_(pas, index);
	if (!err)
		err = pil_load_place_(pas, index, load);
	return err ? pil_pas_undo_(pas, index, PIL_EV_LOAD, err) : 0;
}

static void remember(struct pil_peripheral *p, const struct pil_load_ *load)
{
	p->plan = load->plan;
	p->table = load->table;
	p->table_da = load->table_da;
	p->version = load->c.version;
	p->counted = p->version <= load->least_version;
	p->placed_checks = load->result.done;
	memcpy(p->container, load->id, sizeof(p->container));
}

static int load_new(struct pil_pas *pas, unsigned int index, struct pil_load_ *load, const struct pil_transition *row)
{
	struct pil_peripheral *p = &pas->p[index];
	struct pil_transition next = { 0 };
	int err = 0;

	pil_trace_(pas, (int)index, PIL_TRACE_VERIFY, 0, 0);
	err = pil_load_judge_(pas, index, load);
	pil_trace_(pas, (int)index, PIL_TRACE_VERIFIED, 0, p->why.reason);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_LOAD, err);
	err = replace(pas, index, load, row);
	if (err)
		return err;
	if (!pil_state_step(p->state, PIL_EV_PLACED, pil_has_core_(p), false, &next))
		return pil_pas_undo_(pas, index, PIL_EV_LOAD,
				     pil_fail(&p->why, PIL_R_PAS_STATE, p->state, PIL_EV_PLACED));
	remember(p, load);
	pil_state_set_(pas, p, next.to);
	return 0;
}

int pil_pas_load(struct pil_pas *pas, unsigned int index, const void *container, size_t size)
{
	struct pil_load_ load = { .bytes = { .data = container, .size = size } };
	uint64_t began = pas->board->time_us(pas->board);
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	int err = pil_pas_begin_(pas, index, PIL_EV_LOAD, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = pil_load_read_(pas, index, &load);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_LOAD, err);
	if (is_loaded(p, &load)) {
		log_plain(pas, p, PIL_EV_LOAD, "this container is loaded");
		return 0;
	}
	err = load_new(pas, index, &load, &row);
	if (err)
		return err;
	warn_loose(pas, p, &load);
	log_loaded(pas, p, &load, pas->board->time_us(pas->board) - began);
	return 0;
}

static int release_core(struct pil_pas *pas, struct pil_peripheral *p)
{
	const struct pil_core_start how = {
		.entry = p->plan.entry,
		.image = { .base = p->plan.base, .size = p->plan.span },
		.peripheral = p->desc,
	};
	int err = pil_load_complete_(pas, p);

	if (err)
		return err;
	pil_streams_set(&pas->streams, (unsigned int)(p - pas->p), PIL_STREAM_TRANSLATING);
	return pas->board->core_start(pas->board, (unsigned int)p->desc->core, &how, &p->why);
}

int pil_pas_start(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	int err = pil_pas_begin_(pas, index, PIL_EV_START, &row);

	if (err)
		return err;
	p = &pas->p[index];
	if (row.from == PIL_RUNNING)
		return 0;
	err = release_core(pas, p);
	if (err)
		return pil_pas_undo_(pas, index, PIL_EV_START, err);
	pil_state_set_(pas, p, row.to);
	p->accepted = true;
	log_plain(pas, p, PIL_EV_START, "running");
	return 0;
}

int pil_pas_stop(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_line_ line = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_STOP, &row);

	if (err)
		return err;
	p = &pas->p[index];
	if (row.action != PIL_ACT_HOLD)
		return 0;
	err = pil_core_hold_(pas, index, &p->why);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_STOP, err);
	pil_streams_set(&pas->streams, index, PIL_STREAM_ABORT);
	pil_state_set_(pas, p, row.to);
	pil_text_string(pil_line_begin_(&line, p, PIL_EV_STOP, "accepted: was "), pil_state_name(row.from));
	pil_line_send_(pas, &line);
	return 0;
}

int pil_pas_release(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_line_ line = { 0 };
	uint64_t scrubbed = 0;
	int err = pil_pas_begin_(pas, index, PIL_EV_RELEASE, &row);

	if (err)
		return err;
	p = &pas->p[index];
	if (row.action != PIL_ACT_CLEAN)
		return 0;
	err = pil_clean_(pas, index, &scrubbed, &p->why);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_RELEASE, err);
	pil_state_set_(pas, p, row.to);
	pil_text_string(pil_line_begin_(&line, p, PIL_EV_RELEASE, "accepted: was "), pil_state_name(row.from));
	pil_line_number_(&line.text, ", ", scrubbed, " bytes scrubbed");
	pil_line_send_(pas, &line);
	return 0;
}

int pil_pas_find_table(struct pil_pas *pas, unsigned int index, struct pil_range *table)
{
	struct pil_transition row = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_FIND_TABLE, &row);

	*table = err ? (struct pil_range){ 0 } : pas->p[index].table;
	return err;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests in the shape of remoteproc about processors that somebody else started, or loads, or wants to look into. */
#include "internal.h"

static void log_accepted(struct pil_pas *pas, const struct pil_peripheral *p, const struct pil_transition *row)
{
	struct pil_line_ line = { 0 };

	pil_text_string(pil_line_begin_(&line, p, row->event, "accepted: was "), pil_state_name(row->from));
	pil_line_send_(pas, &line);
}

static void keep(struct pil_pas *pas, const struct pil_peripheral *p, bool keep_it)
{
	if (pas->board->core_keep)
		pas->board->core_keep(pas->board, (unsigned int)p->desc->core, keep_it);
}

int pil_pas_attach(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	int err = pil_pas_begin_(pas, index, PIL_EV_ATTACH, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = pil_core_claim_(pas, p);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_ATTACH, err);
	keep(pas, p, false);
	pil_state_set_(pas, p, row.to);
	log_accepted(pas, p, &row);
	return 0;
}

int pil_pas_detach(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_DETACH, &row);

	if (err)
		return err;
	keep(pas, &pas->p[index], true);
	pil_state_set_(pas, &pas->p[index], row.to);
	log_accepted(pas, &pas->p[index], &row);
	return 0;
}

int pil_pas_grant(struct pil_pas *pas, unsigned int index)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_why unused = { 0 };
	uint64_t scrubbed = 0;
	int err = pil_pas_begin_(pas, index, PIL_EV_GRANT, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = pil_core_take_(pas, index);
	if (err) {
		/* a core that would not stop is given back, if it can be; the reason that counts is the first */
		if (row.from == PIL_OFF)
			(void)pil_clean_(pas, index, &scrubbed, &unused);
		return pil_pas_refuse_(pas, p, PIL_EV_GRANT, err);
	}
	pil_state_set_(pas, p, row.to);
	log_accepted(pas, p, &row);
	return 0;
}

static int run(struct pil_pas *pas, unsigned int index, uint64_t entry)
{
	struct pil_peripheral *p = &pas->p[index];
	const struct pil_region *region = pil_far_find_(pas, index, (struct pil_range){ .base = entry, .size = 1 });
	struct pil_core_start how = { .entry = entry, .peripheral = p->desc, .host_memory = true };

	if (!region || !(region->flags & PIL_REGION_HOST) || !(region->flags & PIL_REGION_CODE))
		return pil_fail(&p->why, PIL_R_PAS_ENTRY, entry, 0);
	how.image = (struct pil_range){ .base = region->da, .size = region->range.size };
	return pas->board->core_start(pas->board, (unsigned int)p->desc->core, &how, &p->why);
}

int pil_pas_run(struct pil_pas *pas, unsigned int index, uint64_t entry)
{
	struct pil_transition row = { 0 };
	struct pil_peripheral *p = NULL;
	struct pil_line_ line = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_RUN, &row);

	if (err)
		return err;
	p = &pas->p[index];
	err = run(pas, index, entry);
	if (err)
		return pil_pas_refuse_(pas, p, PIL_EV_RUN, err);
	pil_state_set_(pas, p, row.to);
	pil_text_hex(pil_line_begin_(&line, p, PIL_EV_RUN, "accepted: the host's own image, entry point "), entry);
	pil_line_send_(pas, &line);
	return 0;
}

static bool may_dump(const struct pil_pas *pas, const struct pil_peripheral *p)
{
	return (pas->device.debug & PIL_DEBUG_COREDUMP) && p->crashed && p->accepted;
}

static uint64_t private_bytes(const struct pil_region *region, unsigned int count)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < count; i++)
		bytes += pil_far_private_(&region[i]) ? region[i].range.size : 0;
	return bytes;
}

static int dump(struct pil_pas *pas, unsigned int index, uint8_t *to, size_t size, size_t *needed)
{
	struct pil_peripheral *p = &pas->p[index];
	unsigned int count = 0;
	const struct pil_region *region = pas->board->far->regions(pas->board, index, &count);
	int err = 0;

	if (!may_dump(pas, p))
		return pil_fail(&p->why, PIL_R_PAS_DUMP_POLICY, pas->device.debug, p->crashed);
	*needed = (size_t)private_bytes(region, count);
	if (size < *needed)
		return pil_fail(&p->why, PIL_R_PAS_DUMP_SIZE, size, *needed);
	for (unsigned int i = 0; !err && i < count; i++) {
		if (!pil_far_private_(&region[i]))
			continue;
		err = pas->board->far->read(pas->board, index, region[i].da, to, (size_t)region[i].range.size, &p->why);
		to += region[i].range.size;
	}
	return err;
}

int pil_pas_coredump(struct pil_pas *pas, unsigned int index, void *to, size_t size, size_t *needed)
{
	struct pil_transition row = { 0 };
	int err = pil_pas_begin_(pas, index, PIL_EV_COREDUMP, &row);

	*needed = 0;
	if (err)
		return err;
	err = dump(pas, index, to, size, needed);
	if (!err) {
		log_accepted(pas, &pas->p[index], &row);
		return 0;
	}
	if (err != -PIL_EBUFFER)
		*needed = 0;
	return pil_pas_refuse_(pas, &pas->p[index], PIL_EV_COREDUMP, err);
}

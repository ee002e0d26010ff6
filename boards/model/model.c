/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's functions. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define LONGEST_LINE 400u /* of any board's log */

static struct model *model_of(struct pil_board *b)
{
	return b->ctx;
}

static void violated(struct model *m, const char *what)
{
	if (!m->violation)
		m->violation = what;
}

/* every function begins here; false: it has to fail */
static bool begin(struct model *m, enum model_call call)
{
	m->calls[call]++;
	if (m->inside && call != MODEL_CORE_STATE)
		violated(m, "the board was called between enter and leave");
	if (m->hook)
		m->hook(m, call, m->hook_arg);
	if (call >= MODEL_FALLIBLE)
		return true;
	m->fallible++;
	if (m->fallible != m->fail_at)
		return true;
	m->failed++;
	return false;
}

static void *host_map(struct pil_board *b, struct pil_range r)
{
	struct model *m = model_of(b);

	if (!r.size || r.base > UINT64_MAX - r.size)
		violated(m, "host_map was asked for a range that was not checked");
	return begin(m, MODEL_HOST_MAP) ? model_memory(m, r) : NULL;
}

static int read_device(struct pil_board *b, struct pil_device *device, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_READ_DEVICE))
		return pil_fail(why, PIL_R_FUSES_MAGIC, 0, 0);
	*device = m->device;
	return 0;
}

static int counter_read(struct pil_board *b, uint32_t sw_id, uint32_t *version, struct pil_why *why)
{
	struct model *m = model_of(b);
	int err = 0;

	if (!begin(m, MODEL_COUNTER_READ))
		return pil_fail(why, PIL_R_COUNTERS_FLASH, 0, 0);
	pthread_mutex_lock(&m->mutex);
	err = pil_counters_read(&m->counters, sw_id, version, why);
	pthread_mutex_unlock(&m->mutex);
	return err;
}

static int counter_advance(struct pil_board *b, uint32_t sw_id, uint32_t version, struct pil_why *why)
{
	struct model *m = model_of(b);
	int err = 0;

	if (!begin(m, MODEL_COUNTER_ADVANCE))
		return pil_fail(why, PIL_R_COUNTERS_FLASH, 0, 0);
	pthread_mutex_lock(&m->mutex);
	err = pil_counters_advance(&m->counters, sw_id, version, why);
	pthread_mutex_unlock(&m->mutex);
	return err;
}

static int lock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_LOCK))
		return pil_fail(why, PIL_R_PAS_LOCK, r.base, r.size);
	if (model_is_locked(m, r))
		violated(m, "memory was locked twice");
	m->locked[peripheral] = r;
	return 0;
}

static bool masters_are(const struct model *m, const struct pil_peripheral_desc *p, bool on)
{
	for (unsigned int i = 0; i < p->stream_count; i++)
		if (p->streams[i].purpose == PIL_STREAM_DMA_MASTER && model_master_is_on(m, p->streams[i].sid) != on)
			return false;
	return true;
}

static int unlock(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why)
{
	struct model *m = model_of(b);
	int core = b->desc->peripherals[peripheral].core;

	if (!begin(m, MODEL_UNLOCK))
		return pil_fail(why, PIL_R_PAS_UNLOCK, r.base, r.size);
	if (core != PIL_NO_CORE && m->core[core].state != PIL_CORE_HELD)
		violated(m, "memory was unlocked under a core that is not held");
	if (!masters_are(m, &b->desc->peripherals[peripheral], false))
		violated(m, "memory was unlocked while a DMA master is not quiet");
	/* a request that was given up before it had locked leaves what the host may have written ever since */
	if (m->locked[peripheral].size && !model_is_zero(m, r) && !(m->device.debug & PIL_DEBUG_COREDUMP))
		violated(m, "memory was unlocked before it was scrubbed");
	m->locked[peripheral] = (struct pil_range){ 0 };
	return 0;
}

static void *shelter(struct pil_board *b, unsigned int peripheral, uint64_t *pa)
{
	struct model *m = model_of(b);

	(void)begin(m, MODEL_SHELTER);
	for (unsigned int i = 0; i <= peripheral; i++) {
		if (m->copy[i].bytes && m->copy[i].bytes == model_copy(m, peripheral)) {
			*pa = m->copy[i].range.base;
			return m->copy[i].bytes;
		}
	}
	violated(m, "a copy was asked for that is not there");
	return NULL;
}

static void check_start(struct model *m, const struct pil_core_start *start)
{
	struct pil_range entry = { .base = start->entry, .size = 1 };

	if (m->board.lock && !model_is_locked(m, start->peripheral->carveout))
		violated(m, "a core was started over memory that is not locked");
	if (m->board.shelter && !start->copy)
		violated(m, "a core was started on memory that the host can write");
	if (!masters_are(m, start->peripheral, true))
		violated(m, "a core was started before its DMA masters");
	if (!pil_range_contains(start->image, entry) || !pil_range_contains(start->peripheral->carveout, start->image))
		violated(m, "a core was started outside its image");
}

static void take_orders(struct model *m, struct model_core *core, const struct pil_core_start *start)
{
	if (start->stream_count > MODEL_STREAMS) {
		violated(m, "a core was started with more streams than it has");
		return;
	}
	core->streams = start->stream_count;
	for (unsigned int i = 0; i < core->streams; i++) {
		const struct pil_stream_entry *from = &start->streams[i];
		struct model_stream *to = &core->stream[i];

		if (from->grant_count > MODEL_GRANTS || from->disposition != PIL_STREAM_TRANSLATING) {
			violated(m, "a core was started whose streams do not translate, or with too many grants");
			return;
		}
		*to = (struct model_stream){ .sid = from->desc->sid, .mask = from->desc->mask };
		for (to->count = 0; to->count < from->grant_count; to->count++)
			to->grant[to->count] = from->grants[to->count];
	}
}

/* a start that fails leaves the core running: the worst that a board can do */
static int core_start(struct pil_board *b, unsigned int core, const struct pil_core_start *start, struct pil_why *why)
{
	struct model *m = model_of(b);
	bool works = begin(m, MODEL_CORE_START);

	if (m->core[core].state != PIL_CORE_HELD)
		violated(m, "a core was started that was not held");
	check_start(m, start);
	m->core[core] = (struct model_core){ .state = PIL_CORE_RUNNING, .start = *start };
	take_orders(m, &m->core[core], start);
	return works ? 0 : pil_fail(why, PIL_R_PAS_CORE_START, core, 0);
}

static int core_stop(struct pil_board *b, unsigned int core, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_CORE_STOP))
		return pil_fail(why, PIL_R_PAS_CORE_STOP, core, 0);
	m->core[core] = (struct model_core){ .state = PIL_CORE_HELD };
	return 0;
}

static struct model_master *find_master(struct model *m, uint32_t sid)
{
	unsigned int i = 0;

	while (i < MODEL_MASTERS && m->master[i].sid && m->master[i].sid != sid)
		i++;
	if (i == MODEL_MASTERS)
		abort();
	m->master[i].sid = sid;
	return &m->master[i];
}

/* who has the stream is stopped: nobody programs the master meanwhile */
static bool core_of_stream_is_held(const struct model *m, const struct pil_stream_desc *stream)
{
	for (unsigned int i = 0; i < PIL_MAX_CORES; i++)
		for (unsigned int j = 0; j < m->core[i].streams; j++)
			if (m->core[i].stream[j].sid == stream->sid && m->core[i].state != PIL_CORE_HELD)
				return false;
	return true;
}

/* one that fails has left the master on: the worst that a board can do */
static int master_start(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why)
{
	struct model *m = model_of(b);
	bool works = begin(m, MODEL_MASTER_START);

	if (stream->purpose != PIL_STREAM_DMA_MASTER || !core_of_stream_is_held(m, stream))
		violated(m, "a DMA master was started that is none, or under a running core");
	find_master(m, stream->sid)->on = true;
	return works ? 0 : pil_fail(why, PIL_R_PAS_MASTER_START, stream->sid, 0);
}

static int master_stop(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_MASTER_STOP))
		return pil_fail(why, PIL_R_PAS_MASTER_STOP, stream->sid, 0);
	if (stream->purpose != PIL_STREAM_DMA_MASTER || !core_of_stream_is_held(m, stream))
		violated(m, "a DMA master was stopped that is none, or whose core can start it again");
	find_master(m, stream->sid)->on = false;
	return 0;
}

static enum pil_core_state core_state(struct pil_board *b, unsigned int core, bool *ready)
{
	struct model *m = model_of(b);

	(void)begin(m, MODEL_CORE_STATE);
	*ready = m->core[core].ready;
	return m->core[core].state;
}

static int core_power(struct pil_board *b, unsigned int core, bool resume, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_CORE_POWER))
		return pil_fail(why, PIL_R_PAS_CORE_POWER, core, resume);
	if (m->core[core].state != PIL_CORE_RUNNING)
		violated(m, "a core that is not running was suspended or resumed");
	m->core[core].suspended = !resume;
	return 0;
}

static bool known_machines(const struct pil_vm *vm, unsigned int count, struct pil_why *why)
{
	for (unsigned int i = 0; i < count; i++) {
		if (vm[i].id != PIL_VM_HOST && vm[i].id != MODEL_VM_ADSP && vm[i].id != MODEL_VM_CDSP) {
			(void)pil_fail(why, PIL_R_PAS_ASSIGN_VM, vm[i].id, vm[i].access);
			return false;
		}
	}
	return true;
}

static int assign(struct pil_board *b, struct pil_range r, const struct pil_vm *vm, unsigned int count,
		  struct pil_why *why)
{
	struct model *m = model_of(b);
	struct model_assigned *slot = NULL;

	if (!begin(m, MODEL_ASSIGN))
		return pil_fail(why, PIL_R_PAS_ASSIGN, r.base, r.size);
	if (!known_machines(vm, count, why))
		return -PIL_EUNSUPPORTED;
	if (model_is_locked(m, r))
		violated(m, "a carve-out was assigned");
	for (unsigned int i = 0; i < MODEL_ASSIGNED; i++) {
		struct model_assigned *a = &m->assigned[i];

		if (a->range.size && (a->range.base != r.base || a->range.size != r.size) &&
		    pil_range_overlaps(a->range, r))
			violated(m, "a part of an assignment was assigned");
		if (a->range.base == r.base && a->range.size == r.size)
			slot = a;
		else if (!slot && !a->range.size)
			slot = a;
	}
	if (!slot)
		return pil_fail(why, PIL_R_PAS_ASSIGN, r.base, r.size);
	*slot = (struct model_assigned){ .range = r, .count = count };
	memcpy(slot->vm, vm, count * sizeof(*vm));
	return 0;
}

static int video_protect(struct pil_board *b, const struct pil_video_windows *v, struct pil_why *why)
{
	struct model *m = model_of(b);

	if (!begin(m, MODEL_VIDEO_WINDOW))
		return pil_fail(why, PIL_R_PAS_VIDEO, v->pixel.base, v->nonpixel.base);
	m->video = *v;
	m->video_set = true;
	return 0;
}

static void core_held(struct pil_board *b, unsigned int peripheral)
{
	struct model *m = model_of(b);

	(void)begin(m, MODEL_CORE_HELD);
	if (m->core[b->desc->peripherals[peripheral].core].state != PIL_CORE_HELD)
		violated(m, "a core was called held that is not");
	if (!masters_are(m, &b->desc->peripherals[peripheral], false))
		violated(m, "a core was called held whose DMA masters are not quiet");
}

static void enter(struct pil_board *b)
{
	struct model *m = model_of(b);

	pthread_mutex_lock(&m->mutex);
	m->inside = true;
}

static void leave(struct pil_board *b)
{
	struct model *m = model_of(b);

	if (!m->inside)
		violated(m, "leave without enter");
	m->inside = false;
	pthread_mutex_unlock(&m->mutex);
}

static void log_line(struct pil_board *b, const char *line)
{
	struct model *m = model_of(b);
	size_t length = strlen(line);
	char *text = NULL;

	(void)begin(m, MODEL_LOG);
	if (length > LONGEST_LINE || strchr(line, '\n'))
		violated(m, "a log line is too long or is more than one");
	text = realloc(m->log, m->log_size + length + 2);
	if (!text)
		abort();
	memcpy(text + m->log_size, line, length);
	text[m->log_size + length] = '\n';
	text[m->log_size + length + 1] = '\0';
	m->log = text;
	m->log_size += length + 1;
}

static uint64_t time_us(struct pil_board *b)
{
	struct model *m = model_of(b);

	(void)begin(m, MODEL_TIME);
	m->now += 100;
	return m->now;
}

static bool add_region(struct model *m, struct pil_range r)
{
	struct model_region *region = &m->region[m->regions];

	if (model_memory(m, r))
		return true; /* two peripherals share a carve-out */
	if (m->regions == MODEL_REGIONS)
		return false;
	region->bytes = calloc(1, (size_t)r.size);
	if (!region->bytes)
		return false;
	region->range = r;
	m->regions++;
	return true;
}

static bool add_copies(struct model *m)
{
	const struct pil_board_desc *desc = m->board.desc;
	uint64_t pa = MODEL_SHELTER_BASE;

	for (unsigned int i = 0; i < desc->peripheral_count; i++) {
		uint64_t size = desc->peripherals[i].carveout.size;

		if (model_copy(m, i))
			continue;
		m->copy[i] = (struct model_region){ { pa, size }, calloc(1, (size_t)size) };
		if (!m->copy[i].bytes)
			return false;
		pa += size;
	}
	return true;
}

struct model *model_new(const struct pil_board_desc *desc, const struct pil_device *device, enum model_lock how)
{
	struct model *m = calloc(1, sizeof(*m));
	bool ok = m != NULL;

	if (!ok)
		return NULL;
	m->device = *device;
	m->board = (struct pil_board){
		.desc = desc ? desc : &model_desc,
		.ctx = m,
		.host_map = host_map,
		.read_device = read_device,
		.counter_read = counter_read,
		.counter_advance = counter_advance,
		.lock = how & MODEL_IN_PLACE ? lock : NULL,
		.unlock = how & MODEL_IN_PLACE ? unlock : NULL,
		.shelter = how & MODEL_BY_COPY ? shelter : NULL,
		.core_start = core_start,
		.core_stop = core_stop,
		.master_start = master_start,
		.master_stop = master_stop,
		.core_state = core_state,
		.core_power = core_power,
		.assign = how & MODEL_IN_PLACE ? assign : NULL,
		.video_protect = how & MODEL_IN_PLACE ? video_protect : NULL,
		.core_held = core_held,
		.enter = enter,
		.leave = leave,
		.log = log_line,
		.time_us = time_us,
	};
	model_flash_init(&m->flash);
	m->counters.store = &m->flash.store; /* opened when it is first asked */
	pthread_mutex_init(&m->mutex, NULL);
	ok = add_region(m, (struct pil_range){ .base = MODEL_RAM_BASE, .size = MODEL_RAM_SIZE });
	for (unsigned int i = 0; ok && i < m->board.desc->peripheral_count; i++)
		ok = add_region(m, m->board.desc->peripherals[i].carveout);
	if (ok && how & MODEL_BY_COPY)
		ok = add_copies(m);
	if (!ok) {
		model_free(m);
		return NULL;
	}
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (unsigned int i = 0; i < m->regions; i++)
		free(m->region[i].bytes);
	for (unsigned int i = 0; i < PIL_MAX_PERIPHERALS; i++)
		free(m->copy[i].bytes);
	pthread_mutex_destroy(&m->mutex);
	free(m->log);
	free(m);
}

void model_fail(struct model *m, unsigned int nth)
{
	m->fallible = 0;
	m->fail_at = nth;
	m->failed = 0;
}

void model_core_ready(struct model *m, unsigned int core)
{
	m->core[core].ready = true;
}

void model_core_crash(struct model *m, unsigned int core)
{
	m->core[core].state = PIL_CORE_CRASHED;
}

const char *model_log_text(const struct model *m)
{
	return m->log ? m->log : "";
}

void model_log_clear(struct model *m)
{
	free(m->log);
	m->log = NULL;
	m->log_size = 0;
}

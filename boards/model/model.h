/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board `model`: a whole machine in one process, and deterministic. Memory, a firewall that really protects, remote cores,
 * faults at any call. It also watches: what must never happen (a core released over memory that is not locked, memory
 * given back unscrubbed, ...) is recorded as a violation.
 */
#ifndef PILOT_MODEL_H
#define PILOT_MODEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/board.h>
#include <pilot/counters.h>

#define MODEL_RAM_BASE	UINT64_C(0x80000000)
#define MODEL_RAM_SIZE	UINT64_C(0x00100000)
#define MODEL_SMEM_BASE UINT64_C(0x800f0000) /* in the host's RAM; granted to all cores */
#define MODEL_SMEM_SIZE UINT64_C(0x00010000)

/* peripherals of the default description, by index */
#define MODEL_ADSP	0u /* PAS id 1, core 0 */
#define MODEL_ADSP_DTB	1u /* PAS id 0x24, no core */
#define MODEL_CDSP	2u /* PAS id 18, core 1 */
#define MODEL_ADSP_LITE 3u /* PAS id 0x1f, core, carve-out and stream of adsp */
#define MODEL_LITE_DTB	4u /* PAS id 0x29, no core, carve-out of adsp-dtb */
#define MODEL_VIDEO	5u /* PAS id 9, core 2 */
#define MODEL_ZAP	6u /* PAS id 13, no core */
#define MODEL_SLPI	7u /* PAS id 12, core 3, boot firmware's */
#define MODEL_COUNT	8u
#define MODEL_NO_PAS_ID 19u /* nobody's */

#define MODEL_ADSP_BASE UINT64_C(0x90000000)
#define MODEL_ADSP_SIZE UINT64_C(0x00010000)

#define MODEL_SHELTER_BASE UINT64_C(0x0e000000) /* copies of carve-outs, in the order of the peripherals */

/** enum model_lock - what keeps the host from memory that was verified; bits */
enum model_lock {
	MODEL_OPEN = 0,
	MODEL_IN_PLACE = 1, /* a firewall round the carve-out */
	MODEL_BY_COPY = 2,  /* what runs is a copy that only the secure world and the core can reach */
	MODEL_BOTH = 3,
};

/** enum model_call - functions of the board, for faults and the hook */
enum model_call {
	MODEL_HOST_MAP = 0,
	MODEL_READ_DEVICE,
	MODEL_LOCK,
	MODEL_UNLOCK,
	MODEL_CORE_START,
	MODEL_CORE_STOP,
	MODEL_MASTER_START,
	MODEL_MASTER_STOP,
	MODEL_COUNTER_READ,
	MODEL_COUNTER_ADVANCE,
	MODEL_CORE_POWER,
	MODEL_ASSIGN,
	MODEL_VIDEO_WINDOW,
	MODEL_FALLIBLE, /* those above can fail */
	MODEL_CORE_STATE = MODEL_FALLIBLE,
	MODEL_CORE_HELD,
	MODEL_SHELTER,
	MODEL_LOG,
	MODEL_TIME,
	MODEL_CALLS
};

#define MODEL_REGIONS (PIL_MAX_PERIPHERALS + 1u)

/** struct model_region - memory that exists */
struct model_region {
	struct pil_range range;
	uint8_t *bytes;
};

#define MODEL_ASSIGNED 48u /* more than the service keeps */
#define MODEL_VM_ADSP  6u
#define MODEL_VM_CDSP  30u

/** struct model_assigned - memory that not only the host can reach, or not at all; all its accesses are the firewall's */
struct model_assigned {
	struct pil_range range;
	unsigned int count;
	struct pil_vm vm[PIL_MAX_VMS];
};

#define MODEL_STREAMS 4u
#define MODEL_GRANTS  16u

/** struct model_stream - what the translation unit was told of one stream when its core started; nobody can change that */
struct model_stream {
	uint32_t sid;
	uint32_t mask;
	unsigned int count;
	struct pil_grant grant[MODEL_GRANTS];
};

/** struct model_core - a remote core; @streams, @stream: its translation unit's orders, from start until stop */
struct model_core {
	enum pil_core_state state;
	bool ready;
	bool suspended;
	struct pil_core_start start;
	unsigned int streams;
	struct model_stream stream[MODEL_STREAMS];
};

#define MODEL_MASTERS	 4u
#define MODEL_MASTER_SID 0x3010u /* of adsp's */

/** struct model_master - a DMA master; @on: it may issue transactions, and some may be in flight */
struct model_master {
	uint32_t sid;
	bool on;
};

#define MODEL_SECTOR (PIL_COUNTERS_SECTOR_MIN + 2u * PIL_COUNTERS_RECORD) /* small: it is soon full */

/**
 * struct model_flash - two sectors for the rollback counters; struct pil_counter_store over it
 * @store: what lib/pas sees
 * @bytes: contents
 * @limited, @left: the power goes when so many more steps have been done. A step is half of a byte programmed, or a
 *                  quarter of a sector erased; without power every function fails and changes nothing.
 * @steps: done so far
 * @violation: a byte was programmed that was not erased; or NULL
 */
struct model_flash {
	struct pil_counter_store store;
	uint8_t bytes[2][MODEL_SECTOR];
	bool limited;
	unsigned long left;
	unsigned long steps;
	const char *violation;
};

struct model;
typedef void (*model_hook)(struct model *m, enum model_call call, void *arg);

/**
 * struct model - the machine
 * @board:   what libpilot sees
 * @device:  fuses
 * @region:  memory: the host's RAM first, then the carve-outs
 * @copy:    by peripheral: memory for a copy of its carve-out; one for peripherals that share theirs. No host sees it
 * @locked:  by peripheral: what the firewall protects; size 0: nothing
 * @core:    remote cores
 * @master:  DMA masters that were ever started
 * @assigned: what the firewall was told of memory outside carve-outs
 * @video, @video_set: windows of the video core's protected streams, and whether there are any
 * @hook, @hook_arg: called first in each of the board's functions; may act as the host does at that moment
 * @calls:   how often each function was called
 * @fallible: calls of functions that can fail, since model_fail()
 * @fail_at: the call among them that fails, from 1; 0: none
 * @failed:  calls that were made to fail
 * @flash, @counters: rollback counters
 * @violation: the first thing that must never happen, or NULL
 * @inside:  between enter and leave
 * @log, @log_size: lines so far, each with a newline
 * @now:     microseconds; every look at the clock takes some
 */
struct model {
	struct pil_board board;
	struct pil_device device;
	unsigned int regions;
	struct model_region region[MODEL_REGIONS];
	struct model_region copy[PIL_MAX_PERIPHERALS];
	struct pil_range locked[PIL_MAX_PERIPHERALS];
	struct model_core core[PIL_MAX_CORES];
	struct model_master master[MODEL_MASTERS];
	struct model_assigned assigned[MODEL_ASSIGNED];
	struct pil_video_windows video;
	bool video_set;
	model_hook hook;
	void *hook_arg;
	unsigned int calls[MODEL_CALLS];
	unsigned int fallible;
	unsigned int fail_at;
	unsigned int failed;
	struct model_flash flash;
	struct pil_counters counters;
	const char *violation;
	bool inside;
	pthread_mutex_t mutex;
	char *log;
	size_t log_size;
	uint64_t now;
};

/**
 * model_new() - build a machine
 * @desc:   its description; NULL: the default one, see above
 * @device: its fuses
 * @lock:   what it has against the host
 * Return: the machine, or NULL when there is no memory for it
 */
struct model *model_new(const struct pil_board_desc *desc, const struct pil_device *device, enum model_lock lock);

/** model_free() - throw the machine away; NULL is fine */
void model_free(struct model *m);

/** model_fail() - let the @nth call from now (from 1) of a function that can fail do so; 0: none */
void model_fail(struct model *m, unsigned int nth);

/**
 * model_host_write() - write as the host's CPUs do; the same for its DMA
 * Return: false when any byte is not there or locked: then nothing is written
 */
bool model_host_write(struct model *m, uint64_t address, const void *data, size_t size);

/** model_host_read() - read as the host does. Return: as above */
bool model_host_read(struct model *m, uint64_t address, void *data, size_t size);

/** model_memory() - memory as nobody in the machine sees it, for looking. Return: NULL when it is not all there */
uint8_t *model_memory(struct model *m, struct pil_range r);

/** model_copy() - the copy of a peripheral's carve-out, for looking. Return: NULL when the machine has none */
uint8_t *model_copy(struct model *m, unsigned int peripheral);

/** model_copy_is_zero() - is nothing left in it? Return: true also when there is none */
bool model_copy_is_zero(struct model *m, unsigned int peripheral);

/** model_core_bytes() - what a core that was started fetches from its image's first byte on. Return: NULL when it was not */
const uint8_t *model_core_bytes(struct model *m, unsigned int core);

/**
 * model_stream_reaches() - may a transaction of StreamID @sid do @access, PIL_GRANT_... bits, to all of @r?
 * By the orders of the core that owns the stream; a stream whose core does not run reaches nothing.
 */
bool model_stream_reaches(const struct model *m, uint32_t sid, struct pil_range r, unsigned int access);

/** model_master_is_on() - may the DMA master with StreamID @sid issue transactions? */
bool model_master_is_on(const struct model *m, uint32_t sid);

/** model_is_locked() - does the firewall protect any byte of a range? */
bool model_is_locked(const struct model *m, struct pil_range r);

/** model_vm_reaches() - may a virtual machine (PIL_VM_HOST, MODEL_VM_...) do @access, PIL_VM_... bits, to all of @r? */
bool model_vm_reaches(const struct model *m, uint32_t vm, struct pil_range r, uint32_t access);

/** model_video_reaches() - may a protected stream of the video core use device address @iova, for pixels or else? */
bool model_video_reaches(const struct model *m, uint64_t iova, bool pixel);

/** model_is_zero() - is memory all zero? Return: false also when it is not all there */
bool model_is_zero(struct model *m, struct pil_range r);

/** model_flash_init() - new flash, all of it erased, with power */
void model_flash_init(struct model_flash *flash);

/** model_flash_power() - power for @steps more steps, and then none */
void model_flash_power(struct model_flash *flash, unsigned long steps);

/** model_flash_restore() - the power is back, for good */
void model_flash_restore(struct model_flash *flash);

/** model_core_ready() - a core calls "ready". model_core_crash() - it is stopped by a fault of its own */
void model_core_ready(struct model *m, unsigned int core);
void model_core_crash(struct model *m, unsigned int core);

/** model_log_text() - all lines so far. model_log_clear() - forget them */
const char *model_log_text(const struct model *m);
void model_log_clear(struct model *m);

extern const struct pil_board_desc model_desc;

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of lib/pas share. Internals end in _. */
#ifndef PILOT_LIB_PAS_INTERNAL_H
#define PILOT_LIB_PAS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/pas.h>
#include <pilot/wire/trace.h>

#include "../text.h"

#define PIL_PAGE UINT64_C(4096)

/**
 * struct pil_look_ - a look at the host's memory
 * @user:   index of the peripheral whose request looks, or PIL_LOOK_NOBODYS; one look each at a time
 * @range:  physical range, any
 * @access: what is done there: PIL_GRANT_READ or PIL_GRANT_WRITE
 * @unbridged: NULL: it must be in an SHM bridge once the host has enabled them; else it need not: metadata of a driver that does
 *          not bridge its own. Set when it is in none
 * @reason: what to say when it is not ordinary RAM of the host: a reason of class -PIL_ERANGE with address and size
 */
struct pil_look_ {
	unsigned int user;
	struct pil_range range;
	unsigned int access;
	bool *unbridged;
	enum pil_reason reason;
};

/**
 * pil_host_window_() - the one way to memory of the host outside carve-outs
 * @pas:   service
 * @look:  what is wanted
 * @bytes: result: where it is, until pil_host_window_done_(); NULL on failure
 * @why:   reason of a failure
 *
 * Carve-outs are refused whoever owns them now: another request may be about to lock and verify them, and what this one
 * then wrote would be run unverified.
 *
 * Return: 0; -PIL_ERANGE: @look->reason when it is empty, wraps round or is not all RAM of the host outside carve-outs,
 * PAS_ASSIGNED when the host has given any of it away, PAS_NO_BRIDGE when bridges are enabled and none of them has all of it;
 * -PIL_EBUSY (PAS_IN_USE) when @look->user is looking already, on another CPU
 */
int pil_host_window_(struct pil_pas *pas, const struct pil_look_ *look, void **bytes, struct pil_why *why);

/** pil_host_window_done_() - the look of @user is over */
void pil_host_window_done_(struct pil_pas *pas, unsigned int user);

/** pil_host_read_() - copy all of @look->range to @to. Return: as pil_host_window_() */
int pil_host_read_(struct pil_pas *pas, const struct pil_look_ *look, void *to, struct pil_why *why);

/** pil_host_write_() - copy @size bytes, no more than it has, to the start of @look->range. Return: as above */
int pil_host_write_(struct pil_pas *pas, const struct pil_look_ *look, const void *from, size_t size,
		    struct pil_why *why);

/** pil_host_has_() - may the host name all of @r, which neither wraps nor is empty? Opens nothing */
bool pil_host_has_(const struct pil_pas *pas, struct pil_range r);

/**
 * pil_carveout_window_() - the one way to a carve-out's bytes
 * @pas:   service
 * @index: peripheral whose carve-out it is; by the memory ledger it has it now, and the secure world owns it: nobody runs there
 * @range: result: the carve-out, or the part that the ledger has
 * @why:   reason of a failure
 * Return: where it is, until the ledger gives it to somebody; NULL (PAS_LEDGER: not the secure world's; PAS_WINDOW: the board
 * does not know it)
 */
uint8_t *pil_carveout_window_(struct pil_pas *pas, unsigned int index, struct pil_range *range, struct pil_why *why);

/** pil_looked_at_() - is a running call looking at any byte of @r? Between the board's enter and leave */
bool pil_looked_at_(const struct pil_sharing *sharing, struct pil_range r);

/** pil_assigned_() - has the host given any byte of @r away? Between the board's enter and leave */
bool pil_assigned_(const struct pil_sharing *sharing, struct pil_range r);

/** pil_memory_taken_() - is any byte of @r not the host's, by the memory ledger? Between the board's enter and leave */
bool pil_memory_taken_(const struct pil_memory_ledger *ledger, struct pil_range r);

/** pil_copy_in_() - copy bytes that the host may change at any time; whoever reads the copy reads only the copy */
void pil_copy_in_(void *to, const void *from, size_t size);

/** pil_wipe_() - zero memory, whether or not anybody reads it afterwards */
void pil_wipe_(void *to, size_t size);

/**
 * struct pil_shelter_ - where what runs is copied before it is verified
 * @bytes: as the secure world sees it; NULL: the board has none for this peripheral
 * @pa:    its physical address, 0 with @bytes NULL
 */
struct pil_shelter_ {
	uint8_t *bytes;
	uint64_t pa;
};

/** pil_shelter_() - ask the board. Return: the shelter of peripheral @index */
struct pil_shelter_ pil_shelter_(const struct pil_pas *pas, unsigned int index);

/** pil_has_core_() - does a core run this peripheral? */
bool pil_has_core_(const struct pil_peripheral *p);

/**
 * pil_metadata_read_() - copy metadata from the host in three bounded steps and read the copy
 * @pas: service
 * @p:   where the copy and what it says go; @p->why on failure
 * @address: physical address in the host's memory
 * Return: 0 or a negative error class; then @p's metadata must be forgotten
 */
int pil_metadata_read_(struct pil_pas *pas, struct pil_peripheral *p, uint64_t address);

/** pil_metadata_forget_() - wipe the copy and everything that was read from it */
void pil_metadata_forget_(struct pil_peripheral *p);

/**
 * struct pil_verified_ - what an accepted image had, for the log
 * @certs:     certificates
 * @root_hash: SHA-384 of the root certificate
 * @segments:  segments verified
 * @bytes:     bytes of them
 * @manifest:  the image has a manifest
 * @ranges:    that it lists
 */
struct pil_verified_ {
	unsigned int certs;
	uint8_t root_hash[PIL_ROOT_HASH_SIZE];
	unsigned int segments;
	uint64_t bytes;
	bool manifest;
	unsigned int ranges;
};

/**
 * pil_authenticate_() - take core and memory, lock, verify, start
 * @pas: service
 * @index: peripheral, in state LOCKED
 * @verified: filled on success
 * Return: 0, the core runs; otherwise a negative error class: pil_clean_() must follow
 */
int pil_authenticate_(struct pil_pas *pas, unsigned int index, struct pil_verified_ *verified);

/**
 * pil_clean_() - the one complete shutdown: core held, streams aborting, copy and carve-out scrubbed, carve-out unlocked, core
 * given back, metadata forgotten
 * @pas: service
 * @index: peripheral, in any state
 * @scrubbed: result: bytes of memory that were scrubbed, the copy's too
 * @why: reason of a failure
 *
 * Return: 0; -PIL_EBOARD (PAS_CORE_STOP, PAS_WINDOW, PAS_UNLOCK): what could not be done holds the rest back (memory
 * is never given back before the core is held and the memory scrubbed); calling again goes on from there
 */
int pil_clean_(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why);

/**
 * pil_pas_begin_() - begin a request: is it the host's to make, does the state allow it? Looks at the core first
 * @row: result: what the state table says
 * Return: 0; -PIL_ENOENT; -PIL_EUNSUPPORTED (PAS_LOADER, PAS_OWNERSHIP); -PIL_ESTATE (PAS_STATE, PAS_NOT_PLACED)
 */
int pil_pas_begin_(struct pil_pas *pas, unsigned int index, enum pil_event event, struct pil_transition *row);

/** pil_pas_refuse_() - log the refusal in @p->why. Return: @err */
int pil_pas_refuse_(struct pil_pas *pas, struct pil_peripheral *p, enum pil_event event, int err);

/** pil_pas_undo_() - after a failure of @event in LOCKED or AUTHENTICATED: log it, then clean up. Return: @err */
int pil_pas_undo_(struct pil_pas *pas, unsigned int index, enum pil_event event, int err);

/** pil_pas_begin_query_() - begin a request that changes nothing. Return: 0, -PIL_ENOENT or -PIL_ESTATE */
int pil_pas_begin_query_(struct pil_pas *pas, unsigned int index, enum pil_event event);

/** pil_core_claim_() - against other services of this secure world. Return: 0, also when there are none; as the board's core_claim */
int pil_core_claim_(struct pil_pas *pas, struct pil_peripheral *p);

/** pil_core_take_() - claim the core, write down whose it is, hold it; nothing to do without a core. Return: 0 or the reason in p[index].why */
int pil_core_take_(struct pil_pas *pas, unsigned int index);

/** pil_core_hold_() - hold the core, and let its masters come to rest. Return: 0 or -PIL_EBUSY, -PIL_EBOARD */
int pil_core_hold_(struct pil_pas *pas, unsigned int index, struct pil_why *why);

/** pil_far_private_() - does only the core and the secure world reach this region? */
bool pil_far_private_(const struct pil_region *region);

/** pil_far_find_() - the region of a peripheral that has all of the device addresses @r. Return: NULL when none has */
const struct pil_region *pil_far_find_(const struct pil_pas *pas, unsigned int index, struct pil_range r);

/** pil_far_home_() - the region that stands for the carve-out: the first that is private and as large. Return: NULL when there is none */
const struct pil_region *pil_far_home_(const struct pil_pas *pas, unsigned int index);

/** pil_far_zero_() - overwrite @size bytes at @da, which may be none. Return: 0 or the board's error */
int pil_far_zero_(struct pil_pas *pas, unsigned int index, uint64_t da, uint64_t size, struct pil_why *why);

/** pil_far_scrub_() - overwrite all private regions of a peripheral. @scrubbed: their bytes are added. Return: as above */
int pil_far_scrub_(struct pil_pas *pas, unsigned int index, uint64_t *scrubbed, struct pil_why *why);

/**
 * pil_far_segment_() - bring a segment from the carve-out to where it runs, and compare what was brought with the hash table
 * @offset: where it is in the carve-out
 * @da:     where it goes
 * Each byte is read from the host's memory once. Return: 0; as pil_auth_segment(); the board's errors
 */
int pil_far_segment_(struct pil_pas *pas, unsigned int index, const struct pil_placement *seg, uint64_t offset,
		     uint64_t da);

/**
 * struct pil_load_ - a container that is being loaded
 * @c:       what was read of it
 * @result:  the checks
 * @plan:    where its segments go, by device addresses; offsets are those in the container
 * @table, @table_da: its resource table
 * @id:      by what it is known again
 */
struct pil_load_ {
	struct pil_bytes bytes;
	struct pil_container c;
	struct pil_container_result result;
	struct pil_plan plan;
	struct pil_range table;
	uint64_t table_da;
	uint8_t id[PIL_PAS_CONTAINER_ID];
	uint32_t least_version;
};

/** pil_load_read_() - read the container, and take its id. Return: 0 or errors of pil_container_parse() */
int pil_load_read_(struct pil_pas *pas, unsigned int index, struct pil_load_ *load);

/** pil_load_judge_() - is it genuine, for this processor, and can it be placed? Touches nothing. Return: 0 or why not */
int pil_load_judge_(struct pil_pas *pas, unsigned int index, struct pil_load_ *load);

/** pil_load_place_() - write it to where it runs; the core is held. Return: 0 or the board's error */
int pil_load_place_(struct pil_pas *pas, unsigned int index, const struct pil_load_ *load);

/** pil_load_complete_() - has a peripheral's container passed everything that it must? Return: 0 or -PIL_EAUTH (PAS_INCOMPLETE) */
int pil_load_complete_(const struct pil_pas *pas, struct pil_peripheral *p);

/** pil_trace_() - a record of the trace about peripheral @index (-1: none), where the board has one. Never a secret */
void pil_trace_(struct pil_pas *pas, int index, enum pil_trace_event event, uint64_t a, uint64_t b);

/** pil_trace_reason_() - b of an answer's record. Return: 0 for @err 0; the reason in p[index].why, or PIL_TRACE_CLASS and the class of @err */
uint64_t pil_trace_reason_(const struct pil_pas *pas, int index, int err);

/** pil_trace_names_() - records that name the peripherals. Return: nothing */
void pil_trace_names_(struct pil_pas *pas);

/** pil_state_set_() - the one way in which a state changes. Return: nothing */
void pil_state_set_(struct pil_pas *pas, struct pil_peripheral *p, enum pil_state state);

/** struct pil_line_ - a log line under construction */
struct pil_line_ {
	char buf[320];
	struct pil_text text;
};

/** pil_line_begin_() - begin a line with "<name>: <request> <verb>" */
struct pil_text *pil_line_begin_(struct pil_line_ *line, const struct pil_peripheral *p, enum pil_event event,
				 const char *verb);

/** pil_line_host_() - begin a line about the host's memory: "host: <request> <verb>" */
struct pil_text *pil_line_host_(struct pil_line_ *line, const char *request, const char *verb);

/** pil_line_range_() - append "0x80000000 (+0x1000)" */
void pil_line_range_(struct pil_text *t, struct pil_range r);

/** pil_line_number_() - append a number with text round it */
void pil_line_number_(struct pil_text *t, const char *before, uint64_t value, const char *after);

/** pil_line_send_() - log the line */
void pil_line_send_(struct pil_pas *pas, struct pil_line_ *line);

/** pil_log_refused_() - log "<name>: <request> refused: <reason>: <sentence>" from @why */
void pil_log_refused_(struct pil_pas *pas, const struct pil_peripheral *p, enum pil_event event,
		      const struct pil_why *why);

/** pil_log_host_refused_() - log "host: <request> refused: <reason>: <sentence>" from @why */
void pil_log_host_refused_(struct pil_pas *pas, const char *request, const struct pil_why *why);

#endif

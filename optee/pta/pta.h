/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pilot's pseudo TA: the only part of OP-TEE that touches the remote cores and their memory (include/pilot/wire/tee_board.h). It believes
 * its callers nothing: whatever a TA says, a core runs only what its owner may run, and memory changes only while nobody runs in it.
 *
 * One mutex, which pta.c holds around every command but PIL_TEE_BOARD_WAIT, is the lock of all that is here; events.c, which interrupts
 * reach, has a spin lock of its own.
 */
#ifndef PTA_PTA_H
#define PTA_PTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tee_api_types.h>

#include <pilot/wire/fuses.h>
#include <pilot/wire/stub.h>
#include <pilot/wire/tee_board.h>
#include <pilot/wire/trace.h>
#include <virt/tee_desc.h>
#include <virt/tee_platform.h>

/** enum pta_client - which of Pilot's TAs has a session; bits */
enum pta_client {
	PTA_REMOTEPROC = 1,
	PTA_PAS = 2,
	PTA_EVENTS = 4,
};

/**
 * struct pta_session - a TA's session
 * @client: the TA
 * @seen:   events.c: events of each processor that the session has been told of
 * @value:  events.c: number of its notification, with @waits
 * @waits:  events.c: it has one
 */
struct pta_session {
	enum pta_client client;
	struct pta_seen {
		uint32_t crashes;
		uint32_t bites;
	} seen[VIRT_TEE_CORES];
	uint32_t value;
	bool waits;
};

/*
 * processors.c: who manages which processor, and whose it is at the moment. Functions that take a session fail with TEE_ERROR_ACCESS_DENIED when
 * the processor is not claimed by it, and all with TEE_ERROR_ITEM_NOT_FOUND when there is no such processor.
 */
TEE_Result pta_info(uint32_t id, struct pil_tee_board_info *info);
TEE_Result pta_claim(const struct pta_session *s, uint32_t id);
TEE_Result pta_release(const struct pta_session *s, uint32_t id, bool leave_running);
void pta_release_all(const struct pta_session *s);
TEE_Result pta_start(const struct pta_session *s, uint32_t id, uint64_t entry, uint32_t flags);
TEE_Result pta_stop(const struct pta_session *s, uint32_t id);
TEE_Result pta_power(const struct pta_session *s, uint32_t id, uint32_t resume);
TEE_Result pta_keep(const struct pta_session *s, uint32_t id, uint32_t keep);
TEE_Result pta_supply_changed(uint32_t id);
TEE_Result pta_state(uint32_t id, uint32_t *state, uint32_t *ready);
TEE_Result pta_write(const struct pta_session *s, uint32_t id, uint64_t da, const void *data, size_t size);
TEE_Result pta_zero(const struct pta_session *s, uint32_t id, uint64_t da, uint64_t size);
TEE_Result pta_read(const struct pta_session *s, uint32_t id, uint32_t what, uint64_t at, void *data, size_t size);

/*
 * memory.c: memory of the cores, as OP-TEE sees it. memory_at(): where @size bytes from @da on are that a loader may write, NULL: not all of
 * them are. memory_host(): the same from an offset in the host's memory of a core. What is between memory_... and memory_written() is in no
 * cache any more, and no instruction of it is
 */
void *memory_at(uint32_t core, uint64_t da, uint64_t size);
void *memory_host(uint32_t core, uint64_t offset, uint64_t size);
void memory_written(void *at, size_t size);
void memory_scrub(uint32_t core);

/*
 * mailbox.c: the stub. mailbox_order(): returns when it has been obeyed; TEE_ERROR_BAD_STATE: not in the core's state;
 * TEE_ERROR_NOT_SUPPORTED: this machine cannot run cores; TEE_ERROR_TIMEOUT: the stub does not answer. mailbox_core(): NULL: there is no stub
 */
TEE_Result mailbox_order(uint32_t core, uint32_t order);
struct pil_stub_core *mailbox_core(uint32_t core);
struct pil_stub_mailbox *mailbox(void);
uint32_t mailbox_load(const uint32_t *word);
void mailbox_store(uint32_t *word, uint32_t value);

/* events.c */
TEE_Result events_open(struct pta_session *s);
void events_close(struct pta_session *s);
TEE_Result events_wait(struct pta_session *s, uint32_t id, uint32_t timeout_ms, uint32_t *event, uint32_t *count);
void events_drain_log(void);

/* trace.c: trace_write(): @writer is PIL_TRACE_PTA or the TA's. trace_command(): of a command of the PTA's about processor @id */
void trace_write(unsigned int writer, uint32_t event, uint64_t a, uint64_t b);
void trace_command(enum pil_trace_event event, uint32_t id, uint64_t a, uint64_t b);

/* flash.c: fuses and rollback counters */
TEE_Result flash_fuses(struct pil_fuses_all *fuses);
TEE_Result flash_counter_read(uint32_t sw_id, uint32_t *version);
TEE_Result flash_counter_advance(uint32_t sw_id, uint32_t version);

#endif

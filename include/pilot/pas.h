/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The peripheral authentication service: what the secure world decides. One function per request (docs/DESIGN.md);
 * the doors (lib/scm, lib/tee) only translate.
 *
 * Requests for one peripheral must be serialised by the caller, through its gate (include/pilot/gate.h). Requests for
 * different peripherals may run at once. AUTH may be suspended for any time between any two instructions and resumed on
 * another CPU, or be abandoned: then pil_pas_abandon() before the next request for that peripheral.
 */
#ifndef PILOT_PAS_H
#define PILOT_PAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/auth.h>
#include <pilot/board.h>
#include <pilot/container.h>
#include <pilot/error.h>
#include <pilot/gate.h>
#include <pilot/image.h>
#include <pilot/ledger.h>
#include <pilot/plan.h>
#include <pilot/sharing.h>
#include <pilot/state.h>

#define PIL_PAS_CONTAINER_ID 32u /* bytes by which a container is known again */

#define PIL_UNKNOWN_LOGGED 32u /* different functions not offered that get a log line */

/* CAPABILITIES bits */
#define PIL_CAP_LOCKED_CPU 0x1u	 /* after AUTH the host's CPUs cannot change what runs */
#define PIL_CAP_LOCKED_DMA 0x2u	 /* after AUTH no DMA can either */
#define PIL_CAP_CORE	   0x4u	 /* the peripheral has a core that this board can start and stop */
#define PIL_CAP_RSC_TABLE  0x8u	 /* GET_RSCTABLE answers for it */
#define PIL_CAP_ROLLBACK   0x10u /* older versions are refused once a newer one was ready */
#define PIL_CAP_FAULTS	   0x20u /* the host's CPUs fault at the carve-out from AUTH to SHUTDOWN, copy or not */

/* CAPABILITIES bits for requests that a board refuses when it cannot do what they ask for; of the whole board, but the last */
#define PIL_CAP_ASSIGN	     0x100u /* a memory assignment changes who reaches the memory */
#define PIL_CAP_VIDEO	     0x200u /* protected streams of the video core keep to their windows */
#define PIL_CAP_POWER_STATES 0x400u /* the peripheral's core can be suspended and resumed */

/**
 * struct pil_peripheral - one peripheral's state; memory is the caller's (fixed arrays in the service)
 * @desc:     from the board
 * @state:    see include/pilot/state.h
 * @gate:     who is inside a request for it
 * @metadata: secure copy of ELF header, program headers and hash segment
 * @metadata_size: bytes of it
 * @image:    what was read from @metadata
 * @plan:     where it goes
 * @placed:   memory given by MEM_SETUP
 * @narrowed: grants of its streams, as far as a manifest left them, from AUTH until SHUTDOWN: the stream ledger's
 * @version:  rollback version of the image that was accepted last
 * @counted:  the rollback counter knows it: nothing more to do when the core is ready
 * @unbridged: @metadata was in no SHM bridge, though the host has enabled them: its driver makes none
 * @table, @table_da: the resource table of the container that is loaded: physical and device address; size 0: it has none
 * @container: SHA-256 of the header, TLVs and signature of the container that is loaded
 * @placed_checks: bit per enum pil_container_check that it has passed or that the fuses let it do without
 * @accepted: what runs, or ran, was accepted by this service, and by no one before it
 * @crashed:  its core was stopped by a fault of its own since
 * @why:      reason of the last refusal
 */
struct pil_peripheral {
	const struct pil_peripheral_desc *desc;
	enum pil_state state;
	struct pil_gate gate;
	uint8_t metadata[PIL_IMAGE_METADATA_MAX];
	size_t metadata_size;
	struct pil_image image;
	struct pil_plan plan;
	struct pil_range placed;
	struct pil_grant narrowed[PIL_MANIFEST_MAX];
	uint32_t version;
	bool counted;
	bool unbridged;
	struct pil_range table;
	uint64_t table_da;
	uint8_t container[PIL_PAS_CONTAINER_ID];
	uint32_t placed_checks;
	bool accepted;
	bool crashed;
	struct pil_why why;
};

/**
 * struct pil_pas - the service
 * @board:  the board
 * @crypto: crypto back end
 * @device: what the fuses say
 * @p:      peripherals, in the order of the board's description
 * @cores:  which peripheral holds which core
 * @memory: memory ledger
 * @streams: stream ledger
 * @sharing: bridges, assignments and looks at the host's memory; between the board's enter and leave
 * @unknown, @unknown_count: functions not offered that have been logged already; between the board's enter and leave
 */
struct pil_pas {
	struct pil_board *board;
	const struct pil_crypto *crypto;
	struct pil_device device;
	struct pil_peripheral p[PIL_MAX_PERIPHERALS];
	struct pil_core_ledger cores;
	struct pil_memory_ledger memory;
	struct pil_stream_ledger streams;
	struct pil_sharing sharing;
	uint32_t unknown[PIL_UNKNOWN_LOGGED];
	unsigned int unknown_count;
};

/**
 * pil_pas_init() - start the service
 * @pas:    filled; zero it first
 * @board:  the board
 * @crypto: crypto back end
 * @why:    reason of a failure
 *
 * Checks the board's functions and description (ranges, overlaps, counts, cores) and reads the fuses. A core that is not
 * held has been started by earlier firmware: the first peripheral that names it becomes INHERITED.
 *
 * Return: 0; -PIL_EARG (BOARD_...); what the board's read_device returns; -PIL_EBOARD (PAS_LOCK)
 */
int pil_pas_init(struct pil_pas *pas, struct pil_board *board, const struct pil_crypto *crypto, struct pil_why *why);

/**
 * pil_pas_find() - index of the peripheral with @pas_id
 * Return: its index or -PIL_ENOENT
 */
int pil_pas_find(const struct pil_pas *pas, uint32_t pas_id);

/**
 * pil_pas_is_supported() - IS_SUPPORTED, in any state
 * Return: whether the host can load @pas_id on this board
 */
bool pil_pas_is_supported(const struct pil_pas *pas, uint32_t pas_id);

/**
 * pil_pas_capabilities() - CAPABILITIES, in any state
 * Return: PIL_CAP_... bits, 0 for an index out of range
 */
uint32_t pil_pas_capabilities(const struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_init_image() - INIT_IMAGE
 * @pas:      service
 * @index:    peripheral, from pil_pas_find()
 * @metadata: physical address of the metadata, in memory that the host may use
 *
 * In any state; a peripheral that is running is shut down completely first. The metadata is copied in three bounded steps
 * (ELF header, program headers, hash segment: its size is nowhere given), then only the copy is read.
 *
 * Return: 0 (state LOADED); otherwise a negative error class, the state is OFF, and the reason is logged and in p[index].why.
 * -PIL_EBOARD (PAS_CORE_STOP, PAS_WINDOW, PAS_UNLOCK) from that shutdown: as for pil_pas_shutdown()
 */
int pil_pas_init_image(struct pil_pas *pas, unsigned int index, uint64_t metadata);

/**
 * pil_pas_mem_setup() - MEM_SETUP: where a relocatable image goes
 * @pas: service
 * @index: peripheral
 * @where: inside the peripheral's carve-out, page aligned
 *
 * Return: 0 (state PLACED) or a negative error class (state unchanged)
 */
int pil_pas_mem_setup(struct pil_pas *pas, unsigned int index, struct pil_range where);

/**
 * pil_pas_auth_and_reset() - AUTH_AND_RESET: lock, verify, start
 * @pas: service
 * @index: peripheral
 *
 * Return: 0 (RUNNING, or AUTHENTICATED without a core); otherwise negative: core held, memory scrubbed and unlocked,
 * metadata forgotten, state OFF. When the board cannot do that either, that is logged too and the state stays LOCKED until
 * SHUTDOWN or INIT_IMAGE succeeds.
 */
int pil_pas_auth_and_reset(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_shutdown() - SHUTDOWN, in any state: core held, memory scrubbed, unlocked, everything forgotten
 * Return: 0; -PIL_EBOARD when the core would not stop or the memory could not be scrubbed or given back: the state is unchanged,
 * nothing that is not scrubbed is unlocked, and the call may be repeated; -PIL_ENOENT for an index out of range
 */
int pil_pas_shutdown(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_get_rsc_table() - GET_RSCTABLE, in any state: what the host must map for the peripheral's streams
 * @pas: service
 * @index: peripheral
 * @in: the host's own table, at most 2048 bytes; checked and then ignored
 * @out: buffer of the host
 * @needed: result: size of the table; 0 on errors other than -PIL_EBUFFER
 *
 * Neither buffer may touch a carve-out.
 *
 * Return: 0 and @needed bytes at @out; -PIL_EBUFFER (RSC_BUFFER) when @out is smaller than @needed, and then @out.base is
 * not looked at; -PIL_ERANGE (PAS_BUFFER_RANGE, PAS_TABLE_SIZE, RSC_32BIT); errors of pil_rsc_check()
 */
int pil_pas_get_rsc_table(struct pil_pas *pas, unsigned int index, struct pil_range in, struct pil_range out,
			  size_t *needed);

/**
 * pil_pas_set_remote_state() - SET_REMOTE_STATE: 0 suspend, 1 resume
 * @pas: service
 * @index: peripheral
 * @state: 0 or 1
 *
 * Return: 0; -PIL_EARG (PAS_REMOTE_STATE) for another @state; -PIL_EUNSUPPORTED (PAS_REMOTE_STATE_NONE): the board has no power
 * states for its cores, or the peripheral no core; -PIL_ESTATE (PAS_STATE): it is not running; -PIL_EBOARD (PAS_CORE_POWER)
 */
int pil_pas_set_remote_state(struct pil_pas *pas, unsigned int index, uint32_t state);

/**
 * struct pil_bridge_wish - an SHM bridge that the host wants
 * @range: whole pages; RAM outside carve-outs, or inside one
 * @host_access: what the host may do there, PIL_VM_... bits; only read and write can be had
 * @secure_access: what the secure world may do there: read, write or both
 */
struct pil_bridge_wish {
	struct pil_range range;
	uint32_t host_access;
	uint32_t secure_access;
};

/**
 * pil_pas_bridge_enable() - SHM_BRIDGE_ENABLE: from now on buffers must be in bridges
 * @pas: service
 *
 * There is no way back. Asked again it drops all bridges: another host has started. What a running call is looking at then
 * stays within its reach until that look ends.
 *
 * Return: nothing
 */
void pil_pas_bridge_enable(struct pil_pas *pas);

/**
 * pil_pas_bridge_create() - SHM_BRIDGE_CREATE
 * @pas: service
 * @wish: what the host wants
 * @handle: result: for pil_pas_bridge_delete(), never 0, and never given twice; 0 on failure
 *
 * Return: 0; -PIL_ESTATE (PAS_BRIDGE_OFF); -PIL_EUNSUPPORTED (PAS_BRIDGE_ACCESS); -PIL_ERANGE (PAS_BRIDGE_RANGE; PAS_LEDGER: some
 * of it is not the host's now; PAS_BRIDGE_OVERLAP); -PIL_ENOMEM (PAS_BRIDGE_FULL)
 */
int pil_pas_bridge_create(struct pil_pas *pas, const struct pil_bridge_wish *wish, uint64_t *handle);

/**
 * pil_pas_bridge_delete() - SHM_BRIDGE_DELETE
 * Return: 0: the secure world will not look there any more; -PIL_ENOENT (PAS_BRIDGE_HANDLE); -PIL_EBUSY (PAS_IN_USE): a running
 * call is looking there, the bridge stays: try again
 */
int pil_pas_bridge_delete(struct pil_pas *pas, uint64_t handle);

/**
 * struct pil_assign - a memory assignment that the host wants
 * @range: whole pages of RAM outside carve-outs
 * @from_count, @from: VMIDs of all present owners, 1 to PIL_MAX_VMS
 * @to_count, @to: owners to be, 1 to PIL_MAX_VMS
 */
struct pil_assign {
	struct pil_range range;
	unsigned int from_count;
	uint32_t from[PIL_MAX_VMS];
	unsigned int to_count;
	struct pil_vm to[PIL_MAX_VMS];
};

/**
 * pil_pas_assign() - MP_ASSIGN: let other virtual machines have memory, or take it back
 * @pas: service
 * @a:   what the host wants
 *
 * The caller is never interrupted in here. Memory that is assigned is assigned on or taken back in the pieces in which it was given.
 *
 * Return: 0; -PIL_EUNSUPPORTED (PAS_ASSIGN_NONE: the board cannot; PAS_ASSIGN_VM); -PIL_EARG (PAS_ASSIGN_COUNT); -PIL_ERANGE
 * (PAS_ASSIGN_RANGE; PAS_LEDGER: @from are not its owners, or a bridge has it); -PIL_EBUSY (PAS_IN_USE: a running call
 * looks at it, or another assignment is under way); -PIL_ENOMEM (PAS_ASSIGN_FULL); what the board's assign returns. Nothing changes on failure.
 */
int pil_pas_assign(struct pil_pas *pas, const struct pil_assign *a);

/**
 * pil_pas_video_protect() - MP_VIDEO_VAR
 * Return: 0; -PIL_EUNSUPPORTED (PAS_VIDEO_NONE: the board cannot); -PIL_ERANGE (PAS_VIDEO_RANGE); what the board's
 * video_protect returns
 */
int pil_pas_video_protect(struct pil_pas *pas, const struct pil_video_windows *v);

/*
 * The shape of remoteproc: one request brings the whole image, as a container in memory that the host cannot write any more, and
 * places it; others start and stop the core. All of them need a board with @far. They take and give PIL_OWNED_TEE processors,
 * but for GRANT and RUN, which are for PIL_OWNED_KERNEL ones (PAS_OWNERSHIP, -PIL_EUNSUPPORTED, otherwise); STOP_FW, RELEASE_FW,
 * ATTACH and DETACH are for both. A request that the state does not allow: -PIL_ESTATE (PAS_STATE). Reasons are logged and in p[index].why.
 */

/**
 * pil_pas_load() - LOAD_FW: judge a container and place its segments
 * @pas:   service
 * @index: peripheral; its index is the processor's number that the container must be signed for
 * @container: all of it, in memory of the secure world
 * @size:  its length
 *
 * Everything about the container is judged before anything is touched; then what was loaded before is cleaned up, the core held,
 * every byte of the processor's own memory written or overwritten with zeros, and the resource table found and checked: its bytes must
 * lie where the host can reach them, and no other segment may. A container that is loaded already, by header and signature, is
 * loaded: nothing is done.
 *
 * Return: 0 (AUTHENTICATED); otherwise negative. State unchanged: errors of pil_container_parse() and pil_container_check(); -PIL_EAUTH
 * (PAS_KEY_NONE: the fuses name no key; PAS_INCOMPLETE); -PIL_EFORMAT (PLAN_EMPTY, PLAN_TOO_MANY, PLAN_OVERLAP, ELF_FILESZ, ELF_SEGMENT_WRAP;
 * errors of pil_elf_find_section() and of pil_rsc_check_firmware(); PAS_TABLE_PLACE); -PIL_ERANGE (PAS_REGION, PAS_REGION_SHARED, PAS_TABLE_HIDDEN,
 * PLAN_ENTRY); errors of the board's counter_read. State OFF, or LOCKED when the board cannot clean: -PIL_EBUSY (PAS_CORE_CLAIMED), -PIL_EBOARD
 */
int pil_pas_load(struct pil_pas *pas, unsigned int index, const void *container, size_t size);

/**
 * pil_pas_start() - START_FW: release the core; nothing to do when it runs
 * Return: 0 (RUNNING); -PIL_EAUTH (PAS_INCOMPLETE), -PIL_EBOARD (PAS_CORE_START): cleaned, OFF
 */
int pil_pas_start(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_stop() - STOP_FW: hold the core; what ran stays till RELEASE_FW, for GET_COREDUMP
 * Return: 0 (STOPPED, or OFF as before); -PIL_EBUSY (PAS_CORE_CLAIMED), -PIL_EBOARD (PAS_CORE_STOP): state unchanged
 */
int pil_pas_stop(struct pil_pas *pas, unsigned int index);

/** pil_pas_release() - RELEASE_FW: clean up. Return: 0 (OFF); -PIL_EBOARD: state unchanged, and the call may be repeated */
int pil_pas_release(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_find_table() - GET_RSC_TABLE: where the resource table is
 * @table: result: physical address and size; size 0: there is none, or the core was started before this service
 * Return: 0 or -PIL_ESTATE
 */
int pil_pas_find_table(struct pil_pas *pas, unsigned int index, struct pil_range *table);

/**
 * pil_pas_coredump() - GET_COREDUMP: the memory that only core and secure world reach, after a crash
 * @to:     where its regions go, one behind the other
 * @size:   bytes there
 * @needed: result: bytes of all of them; 0 on failure, but for -PIL_EBUFFER
 * Return: 0; -PIL_EBUFFER (PAS_DUMP_SIZE); -PIL_EBINDING (PAS_DUMP_POLICY): the fuses do not allow it, the core did not crash, or
 * what ran was not accepted by this service; -PIL_EBOARD
 */
int pil_pas_coredump(struct pil_pas *pas, unsigned int index, void *to, size_t size, size_t *needed);

/**
 * pil_pas_attach() - ATTACH: a host takes up what an earlier one, or earlier firmware, left
 * Return: 0 (INHERITED becomes RUNNING, other states stay); -PIL_EBUSY (PAS_CORE_CLAIMED)
 */
int pil_pas_attach(struct pil_pas *pas, unsigned int index);

/** pil_pas_detach() - DETACH: let it run without a host. Return: 0 (INHERITED) */
int pil_pas_detach(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_grant() - GRANT: hold the core of a processor that the host manages, and leave its memory to the host
 * Return: 0 (GRANTED); -PIL_EBUSY (PAS_CORE_CLAIMED), -PIL_EBOARD (PAS_CORE_STOP): state unchanged
 */
int pil_pas_grant(struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_run() - RUN: start it
 * @entry: first instruction, as the core sees it, in a region of the host's that it may execute
 * Return: 0 (RUNNING); -PIL_ERANGE (PAS_ENTRY), -PIL_EBOARD (PAS_CORE_START): state unchanged
 */
int pil_pas_run(struct pil_pas *pas, unsigned int index, uint64_t entry);

/**
 * pil_pas_look() - what is the state now?
 * @ready: result: the core runs and has called "ready"
 * Looks at the core first. Return: the state; PIL_OFF for an index out of range
 */
enum pil_state pil_pas_look(struct pil_pas *pas, unsigned int index, bool *ready);

/** pil_pas_ownership() - who manages a peripheral. Return: what the board says */
enum pil_ownership pil_pas_ownership(const struct pil_pas *pas, unsigned int index);

/**
 * pil_pas_abandon() - the caller has thrown away a suspended request for this peripheral
 * The state stays what the request left (LOCKED, if it was AUTH); the next SHUTDOWN or INIT_IMAGE cleans up. In OFF what
 * an INIT_IMAGE had read of the metadata is wiped at once.
 * Return: nothing
 */
void pil_pas_abandon(struct pil_pas *pas, unsigned int index);

#endif

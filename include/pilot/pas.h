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
#include <pilot/error.h>
#include <pilot/gate.h>
#include <pilot/image.h>
#include <pilot/ledger.h>
#include <pilot/plan.h>
#include <pilot/sharing.h>
#include <pilot/state.h>

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

/**
 * pil_pas_abandon() - the caller has thrown away a suspended request for this peripheral
 * The state stays what the request left (LOCKED, if it was AUTH); the next SHUTDOWN or INIT_IMAGE cleans up. In OFF what
 * an INIT_IMAGE had read of the metadata is wiped at once.
 * Return: nothing
 */
void pil_pas_abandon(struct pil_pas *pas, unsigned int index);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A board: one description (data) and one struct of function pointers. libpilot reaches hardware through nothing
 * else. A NULL pointer means that the board cannot do it, and CAPABILITIES says so. boards/template explains how to
 * write one.
 */
#ifndef PILOT_BOARD_H
#define PILOT_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pilot/auth.h>
#include <pilot/error.h>
#include <pilot/plan.h>

/* a build may set fewer: the service keeps a stack, a crypto pool and metadata for each */
#ifndef PIL_MAX_PERIPHERALS
#define PIL_MAX_PERIPHERALS 16u
#endif
#define PIL_MAX_CORES 4u
#define PIL_NO_CORE   (-1)

/* what a stream may do in a range; also the IOMMU protection bits that Linux takes from a resource table */
#define PIL_GRANT_READ	0x1u
#define PIL_GRANT_WRITE 0x2u

/** enum pil_stream_purpose - what a stream carries */
enum pil_stream_purpose {
	PIL_STREAM_FIRMWARE = 0, /* the core's own instruction and data accesses */
	PIL_STREAM_DMA_MASTER,	 /* a helper device that the firmware drives */
	PIL_STREAM_BUFFERS,	 /* the core's accesses to buffers of the host's, apart from its own */
};

/** enum pil_disposition - what becomes of a stream's accesses */
enum pil_disposition {
	PIL_STREAM_ABORT = 0,	/* nobody owns it: its accesses abort */
	PIL_STREAM_INHERITED,	/* live since before the host came: keeps what it had */
	PIL_STREAM_TRANSLATING, /* its owner's table counts, within the grants */
};

/**
 * struct pil_grant - memory that a stream may reach besides the carve-out
 * @name:   for resource table, logs and people
 * @da:     address that the remote processor uses
 * @range:  physical memory
 * @access: PIL_GRANT_... bits
 * @device: these are registers of a device, not memory: the IOMMU's owner must map them so
 */
struct pil_grant {
	const char *name;
	uint64_t da;
	struct pil_range range;
	unsigned int access;
	bool device;
};

/**
 * struct pil_stream_desc - one IOMMU stream
 * @name:    for logs
 * @sid:     StreamID
 * @mask:    bits of the StreamID that do not matter
 * @purpose: what it carries
 * @grants:  the most that it may reach; the carve-out is always granted read and write
 * @grant_count: how many
 */
struct pil_stream_desc {
	const char *name;
	uint32_t sid;
	uint32_t mask;
	enum pil_stream_purpose purpose;
	const struct pil_grant *grants;
	unsigned int grant_count;
};

/**
 * struct pil_stream_entry - a stream in the ledger
 * @desc:   the board's description of it
 * @peripheral: whose it is
 * @disposition: what becomes of its accesses
 * @grants, @grant_count: what it may reach now besides the carve-out: the board's grants, or what a manifest left of them
 */
struct pil_stream_entry {
	const struct pil_stream_desc *desc;
	unsigned int peripheral;
	enum pil_disposition disposition;
	const struct pil_grant *grants;
	unsigned int grant_count;
};

/** enum pil_loader - whose requests may change a peripheral */
enum pil_loader {
	PIL_LOADER_HOST = 0,
	PIL_LOADER_BOOT, /* earlier firmware's alone: the host may ask about it, but not load, start or stop it */
};

/** enum pil_ownership - who manages a peripheral of this machine */
enum pil_ownership {
	PIL_OWNED_TEE = 0,     /* the secure world: signed images only */
	PIL_OWNED_KERNEL,      /* the host, in memory of its own */
	PIL_OWNED_SECURE_ONLY, /* the secure world, for itself */
	PIL_OWNED_NOBODY,      /* it is disabled */
};

/* of a region */
#define PIL_REGION_HOST 0x1u /* the host reaches it */
#define PIL_REGION_SHARED                                                                                              \
	0x2u /* for communication: host and core share it, and of an image only its resource table goes there */
#define PIL_REGION_CODE 0x4u /* the core may execute it */

/**
 * struct pil_region - memory of a peripheral that its core sees at another address
 * @name:  for people and the host, at most 23 characters
 * @da:    address that the core uses
 * @range: physical memory
 * @flags: PIL_REGION_... bits; with neither PIL_REGION_HOST nor PIL_REGION_SHARED it is memory that only the secure world and the
 *         core reach: what runs lies there
 */
struct pil_region {
	char name[24];
	uint64_t da;
	struct pil_range range;
	unsigned int flags;
};

struct pil_board;

/**
 * struct pil_far - memory that cores run from, on a board whose secure world does not see it
 *
 * Where a secure world judges unprivileged, as a TA of OP-TEE does, somebody else moves the bytes, by the core's addresses. A board
 * that has these has no @lock and no @shelter: what runs is a copy in memory of the secure world, always, and @host_map does not
 * know carve-outs. All return 0 or a negative error class with a reason.
 */
struct pil_far {
	/** @read: copy from memory that the core runs from, or from what host and core share */
	int (*read)(struct pil_board *b, unsigned int peripheral, uint64_t da, void *to, size_t size,
		    struct pil_why *why);
	/** @write: copy to there; the core is held */
	int (*write)(struct pil_board *b, unsigned int peripheral, uint64_t da, const void *from, size_t size,
		     struct pil_why *why);
	/** @zero: overwrite it with zeros; the core is held */
	int (*zero)(struct pil_board *b, unsigned int peripheral, uint64_t da, uint64_t size, struct pil_why *why);
	/** @fetch: copy from the peripheral's carve-out, which the host can change at any time */
	int (*fetch)(struct pil_board *b, unsigned int peripheral, uint64_t offset, void *to, size_t size,
		     struct pil_why *why);
	/**
	 * @regions: the memory of a peripheral; none of it changes while the peripheral is not OFF
	 * @count: result: how many, at most PIL_MAX_REGIONS
	 */
	const struct pil_region *(*regions)(struct pil_board *b, unsigned int peripheral, unsigned int *count);
	/** @piece, @piece_size: memory of the secure world, through which an image passes in pieces; one request uses it at a time */
	uint8_t *piece;
	size_t piece_size;
};

#define PIL_MAX_REGIONS 8u

/**
 * struct pil_peripheral_desc - what a PAS id names
 * @name:      "adsp"
 * @pas_id:    number in the calls
 * @core:      index of the core that runs it, PIL_NO_CORE when it has none; several may name one core: it runs for one at a time
 * @carveout:  memory reserved for it; several may have the same, and one uses it at a time
 * @sw_id:     software id that its images must be signed for
 * @loader:    who may load it
 * @metadata_unbridged: its driver hands metadata over in memory that it must not bridge (it does not own the IOMMU)
 * @streams:   its streams; only peripherals of the same core may name the same StreamID
 * @stream_count: how many
 */
struct pil_peripheral_desc {
	const char *name;
	uint32_t pas_id;
	int core;
	struct pil_range carveout;
	uint32_t sw_id;
	enum pil_loader loader;
	bool metadata_unbridged;
	const struct pil_stream_desc *streams;
	unsigned int stream_count;
};

/**
 * struct pil_board_desc - everything that is specific to one machine and does not change
 * @name:        "virt"
 * @peripherals: its peripherals
 * @peripheral_count: at most PIL_MAX_PERIPHERALS
 * @core_count:  remote cores, at most PIL_MAX_CORES
 */
struct pil_board_desc {
	const char *name;
	const struct pil_peripheral_desc *peripherals;
	unsigned int peripheral_count;
	unsigned int core_count;
};

#define PIL_VM_HOST    3u /* the host's VMID in memory assignments and bridges */
#define PIL_MAX_VMS    8u
#define PIL_VM_EXECUTE 0x1u
#define PIL_VM_WRITE   0x2u
#define PIL_VM_READ    0x4u

/**
 * struct pil_vm - one owner in a memory assignment
 * @id:     VMID
 * @access: PIL_VM_... bits
 */
struct pil_vm {
	uint32_t id;
	uint32_t access;
};

/**
 * struct pil_video_windows - device addresses, of 32 bits, that the protected streams of the video core may use
 * @pixel:    for pixel data
 * @nonpixel: for anything else
 */
struct pil_video_windows {
	struct pil_range pixel;
	struct pil_range nonpixel;
};

/** enum pil_core_state - what the board says of a remote core */
enum pil_core_state {
	PIL_CORE_HELD = 0, /* in reset or parked; executes nothing of an image */
	PIL_CORE_RUNNING,
	PIL_CORE_CRASHED, /* stopped by a fault of its own; must be held before anything else */
};

/**
 * struct pil_core_start - how a core is to start
 * @entry:    address of its first instruction, as the core sees it
 * @image:    memory that holds its image, as the core sees it
 * @peripheral: description of what runs on it
 * @streams, @stream_count: its streams with their present grants, which its translation unit checks against together with the
 *         carve-out; valid only during the call
 * @copy:     physical address of what runs, the copy of the whole carve-out that @shelter named; 0: the carve-out itself
 * @host_memory: what runs lies in memory of the host, which manages this core and may change it at any time
 */
struct pil_core_start {
	uint64_t entry;
	struct pil_range image;
	const struct pil_peripheral_desc *peripheral;
	const struct pil_stream_entry *streams;
	unsigned int stream_count;
	uint64_t copy;
	bool host_memory;
};

/**
 * struct pil_board - the board's functions
 *
 * Functions that fail return a negative error class and fill @why. They may be called on several CPUs at once, for
 * different peripherals, except between @enter and @leave.
 */
struct pil_board {
	/** @desc: the description */
	const struct pil_board_desc *desc;

	/** @ctx: the board's own data */
	void *ctx;

	/**
	 * @host_map: where the secure world sees memory that the host uses
	 * @r: physical range, already checked not to wrap and not to be empty
	 * Return: pointer to all of it, readable and writable, valid until reset; NULL unless every byte is ordinary RAM
	 * or a carve-out that the host may name. The host can change the bytes at any time: copy first.
	 */
	void *(*host_map)(struct pil_board *b, struct pil_range r);

	/** @read_device: read the fuses. Return: 0, or errors of pil_fuses_parse() */
	int (*read_device)(struct pil_board *b, struct pil_device *device, struct pil_why *why);

	/**
	 * @counter_read: the lowest rollback version of software @sw_id that may run (include/pilot/counters.h)
	 * @version: result; 0 when nothing was ever counted
	 * NULL, together with @counter_advance: this board has no rollback protection
	 * Return: 0, or errors of pil_counters_read(): then nothing of this software is started
	 */
	int (*counter_read)(struct pil_board *b, uint32_t sw_id, uint32_t *version, struct pil_why *why);

	/**
	 * @counter_advance: from now on refuse software @sw_id below @version; a lower number than before changes nothing
	 * Return: 0 when that holds whatever happens to the power; errors of pil_counters_advance()
	 */
	int (*counter_advance)(struct pil_board *b, uint32_t sw_id, uint32_t version, struct pil_why *why);

	/**
	 * @lock: put @r out of the reach of the host's CPUs and, unless @lock_leaves_dma, of every DMA until @unlock; what the
	 * secure world sees of it by @host_map stays readable and writable. NULL: this board cannot
	 * Return: 0 or -PIL_EBOARD (PAS_LOCK)
	 */
	int (*lock)(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why);

	/** @lock_leaves_dma: DMA passes @lock: only a copy in what @shelter names is out of its reach */
	bool lock_leaves_dma;

	/**
	 * @unlock: give @r back to the host. Only after the core is held and the memory scrubbed. Return: as @lock. A request that
	 * is given up in the middle of @lock or @unlock makes the next one unlock what may be open already.
	 */
	int (*unlock)(struct pil_board *b, unsigned int peripheral, struct pil_range r, struct pil_why *why);

	/**
	 * @shelter: memory for a copy of a peripheral's carve-out that neither the host nor any DMA can reach: the copy is what is
	 * verified, and what runs. NULL: this board has none, what runs is the carve-out itself.
	 * @pa: set to its physical address, never 0
	 * Return: where the secure world sees it, readable and writable, as large as the carve-out, for nobody else as long as
	 * the memory ledger has the carve-out; always the same for a peripheral. NULL: there is none for this one.
	 */
	void *(*shelter)(struct pil_board *b, unsigned int peripheral, uint64_t *pa);

	/** @far: how to reach memory that the secure world does not see; NULL: it sees all of it */
	const struct pil_far *far;

	/** @ownership: who manages a peripheral; it does not change till reset. NULL: the secure world manages all of them */
	enum pil_ownership (*ownership)(struct pil_board *b, unsigned int peripheral);

	/**
	 * @core_claim: other services of the same secure world may want this core: from now on it is this one's alone. NULL, together
	 * with @core_unclaim: there are none
	 * Return: 0, also when it was already; -PIL_EBUSY (PAS_CORE_CLAIMED) it is another's; -PIL_EBOARD (PAS_CORE_STOP)
	 */
	int (*core_claim)(struct pil_board *b, unsigned int core, struct pil_why *why);

	/** @core_unclaim: others may have it; it is held, and memory that it ran from is overwritten with zeros */
	void (*core_unclaim)(struct pil_board *b, unsigned int core);

	/** @core_start: release a held core. Return: 0 or -PIL_EBOARD (PAS_CORE_START) */
	int (*core_start)(struct pil_board *b, unsigned int core, const struct pil_core_start *start,
			  struct pil_why *why);

	/**
	 * @core_stop: hold a core, whatever it is doing; returns when it executes nothing any more
	 * Return: 0, also when it was held already; -PIL_EBOARD (PAS_CORE_STOP) when it would not stop
	 */
	int (*core_stop)(struct pil_board *b, unsigned int core, struct pil_why *why);

	/**
	 * @master_start: let a DMA master issue transactions from now on; its core is held and starts next. NULL, together with
	 * @master_stop: this board has no masters, and its description lists none
	 * @stream: the master's, of purpose PIL_STREAM_DMA_MASTER
	 * Return: 0 or -PIL_EBOARD (PAS_MASTER_START)
	 */
	int (*master_start)(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why);

	/**
	 * @master_stop: let a DMA master issue nothing any more, whatever it is doing; returns when nothing of it is in flight. Its
	 * core is held, so that nobody starts it again.
	 * Return: 0, also when it was quiet already; -PIL_EBOARD (PAS_MASTER_STOP) when it may not be quiet
	 */
	int (*master_stop)(struct pil_board *b, const struct pil_stream_desc *stream, struct pil_why *why);

	/**
	 * @core_state: what a core is doing
	 * @ready: set to whether the core itself has called "ready" since it was started
	 */
	enum pil_core_state (*core_state)(struct pil_board *b, unsigned int core, bool *ready);

	/**
	 * @core_power: suspend or resume a running core, at the host's wish; NULL: this board has no power states for cores
	 * Return: 0 or -PIL_EBOARD (PAS_CORE_POWER): the core is as it was
	 */
	int (*core_power)(struct pil_board *b, unsigned int core, bool resume, struct pil_why *why);

	/**
	 * @core_keep: a running core has no driver of the host's from now on (@keep) and is kept supplied all the same, or has one
	 * again that does this. NULL: cores of this board need no supply. Return: nothing: it goes on running in any case
	 */
	void (*core_keep)(struct pil_board *b, unsigned int core, bool keep);

	/**
	 * @assign: let exactly the virtual machines @vm, each with its access, reach @r from now on: CPUs and DMA; NULL: this board
	 * cannot, and assignments are refused
	 * @r: whole pages of RAM of the host outside carve-outs
	 * Return: 0; -PIL_EUNSUPPORTED (PAS_ASSIGN_VM) for a machine or an access that it cannot tell apart; -PIL_EBOARD
	 * (PAS_ASSIGN): who can reach @r is unchanged
	 */
	int (*assign)(struct pil_board *b, struct pil_range r, const struct pil_vm *vm, unsigned int count,
		      struct pil_why *why);

	/**
	 * @video_protect: keep the protected streams of the video core to these device addresses; NULL: this board cannot, and
	 * the call is refused
	 * Return: 0 or -PIL_EBOARD (PAS_VIDEO): unchanged
	 */
	int (*video_protect)(struct pil_board *b, const struct pil_video_windows *v, struct pil_why *why);

	/** @core_held: a peripheral's core has just been held, its DMA masters are quiet: put its mailboxes and interrupts back to rest; may be NULL */
	void (*core_held)(struct pil_board *b, unsigned int peripheral);

	/** @enter: begin a short critical section shared by all CPUs; @leave ends it. They do not nest */
	void (*enter)(struct pil_board *b);
	void (*leave)(struct pil_board *b);

	/** @log: one whole line, without newline */
	void (*log)(struct pil_board *b, const char *line);

	/**
	 * @trace: write a record of the trace (wire/trace.h), now; NULL: this board has none. What is in it the host sees
	 * @event: PIL_TRACE_OF(event, PAS id); @first, @second: a and b of the record
	 */
	void (*trace)(struct pil_board *b, uint32_t event, uint64_t first, uint64_t second);

	/** @time_us: microseconds since power-on, for log lines only */
	uint64_t (*time_us)(struct pil_board *b);
};

#endif

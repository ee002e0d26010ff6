/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remote processors of a TEE's remoteproc service.
 *
 * The service is a device on the TEE bus. It says which processors there are,
 * and each becomes an auxiliary device below it, which has a session of its
 * own and, unless it is disabled or for the secure world alone, a remoteproc.
 * The device tree only adds what cannot be asked for.
 */
#ifndef RPROC_TEE_H
#define RPROC_TEE_H

#include <linux/auxiliary_bus.h>
#include <linux/completion.h>
#include <linux/mailbox_client.h>
#include <linux/mutex.h>
#include <linux/remoteproc.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <pilot/wire/doorbell.h>
#include <pilot/wire/tee_rproc.h>

#define RPROC_TEE_UUID		"80a4c275-0a47-4905-8285-1486a9771a08"
#define RPROC_TEE_PROCESSORS	16
#define RPROC_TEE_REGIONS	16
#define RPROC_TEE_CHANNELS	4

struct clk_bulk_data;
struct dev_pm_domain_list;
struct device_node;
struct reset_control;
struct task_struct;
struct tee_context;
struct tee_param;

/**
 * struct rproc_tee_processor - a processor that a service offers
 * @adev:      its device
 * @ctx:       way to the TEE, the service's
 * @id:        in all commands
 * @ownership: PIL_TEE_DISABLED and so on
 * @full:      the service has Pilot's commands, too; else only 1 to 6
 * @name:      of the remoteproc
 */
struct rproc_tee_processor {
	struct auxiliary_device adev;
	struct tee_context *ctx;
	u32 id;
	u32 ownership;
	bool full;
	char name[PIL_TEE_NAME];
};

#define to_rproc_tee_processor(d) \
	container_of(d, struct rproc_tee_processor, adev.dev)

/**
 * struct rproc_tee_region - memory of a processor
 * @name:  for messages
 * @pa:    physical address
 * @da:    address that the processor sees
 * @size:  bytes
 * @flags: PIL_TEE_REGION_...
 * @va:    where it is mapped, or NULL
 */
struct rproc_tee_region {
	char name[PIL_TEE_REGION_NAME];
	phys_addr_t pa;
	u64 da;
	size_t size;
	u32 flags;
	void *va;
};

struct rproc_tee;

/**
 * struct rproc_tee_channel - a mailbox channel
 * @t:      whose it is
 * @client: the framework's
 * @chan:   NULL: the processor has no such channel
 * @acked:  something came in on it
 * @work:   tells virtio, which may sleep
 */
struct rproc_tee_channel {
	struct rproc_tee *t;
	struct mbox_client client;
	struct mbox_chan *chan;
	struct completion acked;
	struct work_struct work;
};

/**
 * struct rproc_tee - a remoteproc
 * @dev:          the processor's auxiliary device
 * @rproc:        the framework's
 * @processor:    what the service said
 * @lock:         for changes of @session
 * @session:      with the service, bound to the processor; 0: it died, and
 *                could not be opened again yet
 * @region:       its memory
 * @region_count: entries of @region
 * @clks:         of the device tree
 * @clk_count:    entries of @clks
 * @resets:       of the device tree
 * @pds:          of the device tree, where there is more than one
 * @powered:      these are on
 * @prepared:     between .prepare and .unprepare
 * @loaded:       the service has an image that has not run yet; or it has
 *                granted the processor, and nothing of Linux has run yet
 * @inherited:    it ran before this driver, and is attached or to be
 * @left_running: it was detached, and goes on without Linux
 * @channel:      by PIL_DOORBELL_...
 * @queue:        for their work
 * @wdog:         interrupt of a watchdog, or 0
 * @events:       session with the events service
 * @listener:     thread that waits in it, or NULL
 * @wake:         for @listener
 * @listening:    the processor runs, and its events are of interest
 * @deaf:         the service failed; until the next life it is not asked
 * @reported:     bit 0: the crash of this life was reported
 * @dump:         memory that only the TEE may read, or NULL
 * @dump_size:    bytes of @dump
 */
struct rproc_tee {
	struct device *dev;
	struct rproc *rproc;
	struct rproc_tee_processor *processor;
	struct mutex lock; /* for changes of @session */
	u32 session;
	struct rproc_tee_region region[RPROC_TEE_REGIONS];
	int region_count;
	struct clk_bulk_data *clks;
	int clk_count;
	struct reset_control *resets;
	struct dev_pm_domain_list *pds;
	bool powered;
	bool prepared;
	bool loaded;
	bool inherited;
	bool left_running;
	struct rproc_tee_channel channel[RPROC_TEE_CHANNELS];
	struct workqueue_struct *queue;
	int wdog;
	u32 events;
	struct task_struct *listener;
	wait_queue_head_t wake;
	bool listening;
	bool deaf;
	unsigned long reported;
	void *dump;
	size_t dump_size;
};

extern const uuid_t rproc_tee_service_uuid;

/* call.c: 0, or a negative error after a message, unless told otherwise */
int rproc_tee_open(struct device *dev, struct tee_context *ctx,
		   const uuid_t *uuid, const u32 *id, u32 *session);
int rproc_tee_open_own(struct rproc_tee *t);
int rproc_tee_invoke(struct device *dev, struct tee_context *ctx, u32 session,
		     u32 func, struct tee_param *param);
int rproc_tee_call(struct rproc_tee *t, u32 func);
int rproc_tee_load(struct rproc_tee *t, const void *data, size_t size);
int rproc_tee_run(struct rproc_tee *t, u64 entry);
int rproc_tee_get_table(struct rproc_tee *t, phys_addr_t *pa, size_t *size);
int rproc_tee_get_state(struct rproc_tee *t, u32 *state);
int rproc_tee_get_processors(struct device *dev, struct tee_context *ctx,
			     u32 session, struct pil_tee_processor *processor);
int rproc_tee_get_regions(struct rproc_tee *t);
int rproc_tee_get_dump(struct rproc_tee *t);

/* node.c */
struct device_node *rproc_tee_service_node(void);
struct device_node *rproc_tee_node(struct device_node *service, u32 id,
				   const char *name);
u32 rproc_tee_node_ownership(struct device_node *np);
int rproc_tee_node_ids(struct device *dev, struct device_node *service,
		       struct pil_tee_processor *processor);
void rproc_tee_check_nodes(struct device *dev, struct device_node *service,
			   const struct pil_tee_processor *processor,
			   int count);
const char *rproc_tee_ownership_name(u32 ownership);

/* absent.c */
int rproc_tee_absent_init(void);
void rproc_tee_absent_exit(void);
void rproc_tee_bound(bool bound);

/* processor.c */
extern struct auxiliary_driver rproc_tee_processor_driver;
extern const struct attribute_group *rproc_tee_processor_groups[];

/* ops.c, kernel_ops.c */
extern const struct rproc_ops rproc_tee_ops;
extern const struct rproc_ops rproc_tee_kernel_ops;
int rproc_tee_grant(struct rproc_tee *t);
int rproc_tee_prepare(struct rproc *rproc);
int rproc_tee_unprepare(struct rproc *rproc);
int rproc_tee_attach(struct rproc *rproc);
int rproc_tee_detach(struct rproc *rproc);
int rproc_tee_stop(struct rproc *rproc);
void rproc_tee_started(struct rproc_tee *t);

/* memory.c */
int rproc_tee_map(struct rproc_tee *t);
void rproc_tee_unmap(struct rproc_tee *t);
void *rproc_tee_da_to_va(struct rproc *rproc, u64 da, size_t len,
			 bool *is_iomem);
void *rproc_tee_pa_to_va(struct rproc_tee *t, phys_addr_t pa, size_t len);
int rproc_tee_add_carveouts(struct rproc_tee *t);

/* table.c */
int rproc_tee_check_table(struct device *dev,
			  const struct resource_table *table, size_t size);
int rproc_tee_cache_table(struct rproc_tee *t);
struct resource_table *
rproc_tee_find_loaded_table(struct rproc *rproc, const struct firmware *fw);
struct resource_table *rproc_tee_get_loaded_table(struct rproc *rproc,
						  size_t *size);

/* mailbox.c */
int rproc_tee_mailbox_get(struct rproc_tee *t);
void rproc_tee_kick(struct rproc *rproc, int vqid);
int rproc_tee_ask(struct rproc_tee *t, unsigned int channel);
void rproc_tee_mailbox_quiet(struct rproc_tee *t);

/* power.c */
int rproc_tee_power_get(struct rproc_tee *t);
int rproc_tee_power_on(struct rproc_tee *t);
void rproc_tee_power_off(struct rproc_tee *t, bool runs);

/* events.c */
int rproc_tee_events_init(struct rproc_tee *t);
void rproc_tee_listen(struct rproc_tee *t, bool on);
void rproc_tee_crashed(struct rproc_tee *t, enum rproc_crash_type type);
bool rproc_tee_has_crashed(struct rproc_tee *t);

/* dump.c */
void rproc_tee_save_dump(struct rproc_tee *t);
void rproc_tee_drop_dump(struct rproc_tee *t);
void rproc_tee_coredump(struct rproc *rproc);

#endif

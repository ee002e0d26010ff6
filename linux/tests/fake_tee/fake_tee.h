/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TEE that is none: what drivers of its clients see, in a kernel without
 * secure world, so that every answer can be made to go wrong. For tests.
 */
#ifndef FAKE_TEE_H
#define FAKE_TEE_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/tee_drv.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <pilot/wire/tee_rproc.h>

#define FAKE_PROCESSORS	2
#define FAKE_SESSIONS	32
#define FAKE_COMMANDS	0x107
#define FAKE_NO_ID	U32_MAX
#define FAKE_TABLE_SIZE	88

#define FAKE_SUCCESS		0
#define FAKE_ACCESS_DENIED	0xffff0001
#define FAKE_BAD_FORMAT		0xffff0005
#define FAKE_BAD_PARAMETERS	0xffff0006
#define FAKE_BAD_STATE		0xffff0007
#define FAKE_ITEM_NOT_FOUND	0xffff0008
#define FAKE_BUSY		0xffff000d
#define FAKE_SECURITY		0xffff000f
#define FAKE_SHORT_BUFFER	0xffff0010

enum fake_service { FAKE_NONE, FAKE_REMOTEPROC, FAKE_EVENTS };

struct fake_session {
	enum fake_service service;
	u32 id;
};

struct fake_processor {
	u32 ownership;
	u32 state;
	u32 event;
	u32 event_count;
	bool granted;
	bool silent;
	bool claimed;
	u32 entry;
	u32 seen[8];
};

/**
 * struct fake - the TEE
 * @lock:    for all but what has its own
 * @fail:    by command: times that it is to fail yet
 * @result:  by command: with this
 * @delay:   by command: ms before the answer
 * @changed: an event of a processor
 */
struct fake {
	struct mutex lock; /* see above */
	struct fake_session session[FAKE_SESSIONS];
	struct fake_processor processor[FAKE_PROCESSORS];
	u32 fail[FAKE_COMMANDS];
	u32 result[FAKE_COMMANDS];
	u32 delay[FAKE_COMMANDS];
	u32 calls[FAKE_COMMANDS];
	wait_queue_head_t changed;
	atomic_t shown;
};

extern struct fake fake;
extern bool fake_upstream, fake_single, fake_dump, fake_events;

/* service.c */
void fake_service_init(void);
u32 fake_invoke(const struct fake_session *session, u32 func,
		struct tee_param *param);
u32 fake_wait(const struct fake_session *session, struct tee_param *param);

/* remote.c */
int fake_remote_init(void);
void fake_remote_exit(void);
void fake_remote_table(void);
void fake_remote_wdog(u32 id);
u32 fake_remote_word(u32 id, u32 offset);

/* control.c */
void fake_control_init(void);
void fake_control_exit(void);

#endif

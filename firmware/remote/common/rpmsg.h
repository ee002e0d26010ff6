/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RPMsg over virtio, the remote core's side: two split virtqueues (virtio 1.2 section 2.7) that a resource table describes, a name
 * service announcement of each service, and an echo of every message to one. Pure: no call to the shim, no device, no global.
 *
 * Everything in the shared memory is the host's to write at any time, rings and table included. Each word is read once and checked
 * before it is used; whatever it says, nothing outside the shared memory is read or written, and one look at the rings takes a
 * bounded time. A host that breaks the rules of its rings is not served until it sets them up again.
 */
#ifndef REMOTE_RPMSG_H
#define REMOTE_RPMSG_H

#include <stdbool.h>
#include <stdint.h>

#define RPMSG_VIRTIO_ID	    7u	  /* virtio 1.2 section 5 */
#define RPMSG_FEATURE_NAMES 0x1u  /* VIRTIO_RPMSG_F_NS: the host has a name service */
#define RPMSG_HEADER	    16u	  /* source, destination, reserved: 32 bit each; length, flags: 16 bit each */
#define RPMSG_NAME	    32u	  /* bytes of a service's name, with its NUL */
#define RPMSG_ANNOUNCEMENT  40u	  /* name, address, flags */
#define RPMSG_NAME_SERVICE  0x35u /* the host's address for announcements */

/* what a look at the rings asks for, bits */
#define RPMSG_RING_TO_HOST   0x1u /* tell the host: there are messages for it (virtqueue 0) */
#define RPMSG_RING_FROM_HOST 0x2u /* tell the host: its messages were read (virtqueue 1) */
#define RPMSG_MORE	     0x4u /* look again soon, whether the host rings or not */

#define RPMSG_BATCH 64u /* most messages that one look reads */

/** struct rpmsg_service - what answers at an address; @name: at most RPMSG_NAME - 1 characters */
struct rpmsg_service {
	const char *name;
	uint32_t address;
};

/** struct rpmsg_setup - what the program knows by itself
 * @memory:   the memory that is shared with the host, as a pointer; aligned to 8 bytes
 * @da:	      the same as a device address
 * @size:     bytes of it
 * @vdev:     offset in it of the resource table's entry for the device, with two vrings
 * @buffers:  offset in it of the table's entry for the memory of the buffers (a carve-out), by which the host tells where it has it
 * @services, @service_count: who is announced
 */
struct rpmsg_setup {
	void *memory;
	uint32_t da;
	uint32_t size;
	uint32_t vdev;
	uint32_t buffers;
	const struct rpmsg_service *services;
	unsigned int service_count;
};

enum rpmsg_state {
	RPMSG_DOWN,   /* the host is not there, or not yet */
	RPMSG_UP,     /* served */
	RPMSG_BROKEN, /* not served until the host resets the device */
};

/* one virtqueue; places are offsets in the shared memory */
struct rpmsg_ring {
	uint32_t da; /* as the host has given it */
	uint32_t desc;
	uint32_t avail;
	uint32_t used;
	uint32_t num;
	uint16_t taken; /* entries of the available ring that were used, modulo 2^16: the used ring's index, too */
};

/** struct rpmsg - the device; only @state, @echoed and @dropped are for others to read */
struct rpmsg {
	struct rpmsg_setup setup;
	enum rpmsg_state state;
	uint64_t echoed;
	uint64_t dropped; /* messages that are malformed, or for nobody */
	struct rpmsg_ring to_host;
	struct rpmsg_ring from_host;
	uint32_t pa;		     /* of the buffers, as the host addresses them in its descriptors */
	uint32_t pa_offset, pa_size; /* where that is in the shared memory */
	unsigned int announced;
};

/**
 * rpmsg_init() - a device that the host has not found yet
 * @r:	   the device
 * @setup: copied; its offsets are the program's own and are believed
 */
void rpmsg_init(struct rpmsg *r, const struct rpmsg_setup *setup);

/**
 * rpmsg_poll() - look at what the host has done, and answer
 * @r: the device
 *
 * Return: RPMSG_... bits
 */
unsigned int rpmsg_poll(struct rpmsg *r);

/**
 * rpmsg_reset() - the host has said that it goes
 * @r: the device; it is down until a host sets up rings that nobody has used yet
 */
void rpmsg_reset(struct rpmsg *r);

#endif

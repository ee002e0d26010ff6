/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's side of a virtio RPMsg device, as Linux's remoteproc_virtio.c and virtio_rpmsg_bus.c do it: rings and buffers in shared
 * memory, and a resource table through which both sides find them. It checks what the other side puts into the rings.
 */
#ifndef TESTS_REMOTE_DRIVER_H
#define TESTS_REMOTE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <virt/tee_platform.h>

#include "../../../firmware/remote/common/rpmsg.h"
#include "../../../firmware/remote/m33/table.h"

#define DRIVER_SIZE   (VIRT_TEE_IPC_BUFFER + 0x20000u)
#define DRIVER_BUFFER 512u /* bytes of a buffer */
#define DRIVER_MOST   (DRIVER_BUFFER - RPMSG_HEADER)
#define DRIVER_PA     (VIRT_TEE_IPC + VIRT_TEE_IPC_BUFFER)
#define DRIVER_DA     (VIRT_TEE_DA_IPC + VIRT_TEE_IPC_BUFFER)
#define DRIVER_NUM    128u /* most buffers of a ring */

/* the table that the program has in its image */
extern const struct m33_table resource_table;

/** struct queue - one virtqueue: offsets of its parts, the indexes as the driver counts them, and whose the buffers are */
struct queue {
	uint32_t desc, avail, used, buffers;
	uint16_t added, seen;
	bool out[DRIVER_NUM]; /* with the device */
};

/** struct message - one that was received */
struct message {
	uint32_t source, target;
	uint16_t length;
	uint8_t data[DRIVER_MOST];
};

/** struct driver - @memory: DRIVER_SIZE bytes that both sides see, and none behind them */
struct driver {
	uint8_t *memory;
	uint32_t num;
	struct queue in, out;
	struct rpmsg device;
};

/* memory, and the device with the services 0x400 and 0x401; false: no memory */
bool driver_new(struct driver *d);
void driver_free(struct driver *d);

/* The loader's part: the table as the image has it. */
void driver_load(struct driver *d);

/* The rings are set up, empty but for all receive buffers; @features and the status are written last. */
void driver_start(struct driver *d, uint32_t features, uint8_t status);

/* Put words into the shared memory at an offset. */
void put16(struct driver *d, uint32_t offset, uint16_t value);
void put32(struct driver *d, uint32_t offset, uint32_t value);
uint16_t get16(const struct driver *d, uint32_t offset);
uint32_t get32(const struct driver *d, uint32_t offset);

/* The state of the device, as the host writes it. */
void driver_status(struct driver *d, uint8_t status);

/* Send; false: every buffer is with the device. */
bool driver_send(struct driver *d, uint32_t source, uint32_t target, const void *data, uint16_t length);

/* Take one message from the device; false: there is none. The buffer stays with the driver until driver_give_back(). */
bool driver_take(struct driver *d, struct message *m, uint32_t *head);
void driver_give_back(struct driver *d, uint32_t head);

/* Both of them. */
bool driver_receive(struct driver *d, struct message *m);

/* How many of the sent messages the device has returned since the last time. */
unsigned int driver_collect(struct driver *d);

#endif

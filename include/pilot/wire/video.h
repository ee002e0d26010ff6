/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a driver and the program of the board virt's video core say to each other: a ring of commands in memory that both reach.
 * Little-endian words; each side reads a word once and checks it before it uses it. The program answers commands in their order.
 *
 * The driver writes a slot, then PIL_VIDEO_PUT, then rings the core. The program reads the frame and the table, writes the other
 * frame, then the slot's sum and status, then PIL_VIDEO_DONE, then rings the host (PIL_REMOTE_RING). Slot of command n:
 * n % PIL_VIDEO_SLOTS; counters wrap at 32 bits, and start at 0 with the program.
 *
 * The one job there is: each line of the frame is mirrored, and each of its bytes replaced by the table's entry of that number.
 */
#ifndef PILOT_WIRE_VIDEO_H
#define PILOT_WIRE_VIDEO_H

/* the queue */
#define PIL_VIDEO_MAGIC 0x00 /* PIL_VIDEO_MAGIC_VALUE while the program serves the queue */
#define PIL_VIDEO_PUT	0x04 /* commands that the driver has put there since the program started */
#define PIL_VIDEO_DONE	0x08 /* commands that the program has answered */
#define PIL_VIDEO_SLOT0 0x40 /* first slot */

#define PIL_VIDEO_MAGIC_VALUE 0x51444956 /* "VIDQ" */
#define PIL_VIDEO_SLOTS	      8
#define PIL_VIDEO_SLOT_SIZE   0x40

/* a slot */
#define PIL_VIDEO_COMMAND 0x00 /* PIL_VIDEO_MIRROR */
#define PIL_VIDEO_STATUS  0x04 /* written by the program: below */
#define PIL_VIDEO_WIDTH	  0x08 /* of the frame, in bytes */
#define PIL_VIDEO_HEIGHT  0x0c /* of the frame, in lines */
#define PIL_VIDEO_SOURCE  0x10 /* 32 bit: address of the frame for the pixel stream */
#define PIL_VIDEO_TARGET  0x14 /* 32 bit: where the other frame goes, for the pixel stream */
#define PIL_VIDEO_TABLE	  0x18 /* 32 bit: address of the table for the non-pixel stream */
#define PIL_VIDEO_SUM	  0x1c /* written by the program: sum of the bytes it wrote, modulo 2^32 */

#define PIL_VIDEO_MIRROR     1
#define PIL_VIDEO_TABLE_SIZE 256 /* bytes */
#define PIL_VIDEO_FRAME_MAX  0x100000 /* bytes of a frame */

/* PIL_VIDEO_STATUS */
#define PIL_VIDEO_OK	      1
#define PIL_VIDEO_NO_COMMAND  2 /* there is no such command */
#define PIL_VIDEO_BAD_FRAME   3 /* an empty frame, or one that is too large */
#define PIL_VIDEO_BAD_ADDRESS 4 /* a range that goes over the end of the address space */

/* functions of the core in the device tree's iommu-map */
#define PIL_VIDEO_FN_FIRMWARE 0
#define PIL_VIDEO_FN_NONPIXEL 1
#define PIL_VIDEO_FN_PIXEL    2

#endif

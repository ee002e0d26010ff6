/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The doorbell page of one remote core: a counter for each channel and direction, in memory that host and core share. Only the sender writes
 * its counter; the receiver remembers what it has seen, so that no update needs an atomic access and none is lost. Little endian.
 */
#ifndef PILOT_WIRE_DOORBELL_H
#define PILOT_WIRE_DOORBELL_H

#define PIL_DOORBELL_CHANNELS  8
#define PIL_DOORBELL_TO_CORE   0x00 /* 32 bit for each channel, written by the host */
#define PIL_DOORBELL_FROM_CORE 0x20 /* the same, written by the core's shim */

/* channels; the core acknowledges shutdown and detach on the same channel */
#define PIL_DOORBELL_VQ0      0
#define PIL_DOORBELL_VQ1      1
#define PIL_DOORBELL_SHUTDOWN 2
#define PIL_DOORBELL_DETACH   3

#endif

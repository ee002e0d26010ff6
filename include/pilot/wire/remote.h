/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program for the board virt's remote cores knows of the machine it runs on: the calls to its shim (which stands
 * for the hardware around a DSP: mailbox, watchdog, debug port), and the control page.
 *
 * The program starts at EL1 with its MMU off, interrupts masked, x0 = address of its image as it sees it, x1 = its size, x2 =
 * address of its control page, x3 = SMEM item of the host's smp2p value for it. It has no stack. HVC #0: x0 = number, x1 and x2 = arguments; x0 = result, all other registers are kept. WFI ends
 * when the host rings, and after PIL_REMOTE_TICK_MS at the latest. Memory that the host unmapped is out of reach after as long.
 *
 * Accesses carry the core's own StreamID. Those of a core with buffer streams, to addresses from n << PIL_REMOTE_WINDOW_SHIFT on,
 * carry the n-th of these instead, counted from 1, and the address without those bits. Nothing can be executed there.
 *
 * The heartbeat can be checked by anybody who has the signed file: the symbol `heartbeat_key` of the program names 8 bytes
 * (little-endian) that the program keeps to itself, and at any moment
 *	proof == mix(count ^ key)
 * where mix is the finaliser of splitmix64, on 64-bit numbers that wrap:
 *	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
 *	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
 *	x =  x ^ (x >> 31)
 * @count is 0 while the two change. A reader must see the same count before and after @proof, and not 0, else it reads again.
 */
#ifndef PILOT_WIRE_REMOTE_H
#define PILOT_WIRE_REMOTE_H

#ifndef __ASSEMBLER__
#include <stdint.h>
#endif

/* calls */
#define PIL_REMOTE_READY    1 /* the program is up: told to the host and to the secure world */
#define PIL_REMOTE_HANDOVER 2 /* the host may withdraw what it lent for the start (clocks, power) */
#define PIL_REMOTE_STOP_ACK 3 /* the host's request to stop has been seen */
#define PIL_REMOTE_FATAL    4 /* x1: address of a text, x2: its length; does not return */
#define PIL_REMOTE_WATCHDOG 5 /* raise the watchdog's interrupt at once; does not return */
#define PIL_REMOTE_LOG	    6 /* x1: address of a line of text, x2: its length, at most PIL_REMOTE_TEXT */
#define PIL_REMOTE_PET	    7 /* x1: milliseconds until the watchdog bites unless called again; 0: never */

#define PIL_REMOTE_RING	    8 /* interrupt the host: turns bit VIRT_SMP2P_RING of the smp2p value over */

#define PIL_REMOTE_WINDOW_SHIFT	   36
#define PIL_REMOTE_WINDOW_NONPIXEL 1 /* of the video core */
#define PIL_REMOTE_WINDOW_PIXEL	   2

/* x1: address, x2: 0 to read, 1 to write: may the program's DMA master do that? If not, the secure log says why */
#define PIL_REMOTE_ASK_MASTER 9

/*
 * Ring the host on channel x1 of the doorbell page (wire/doorbell.h): the shim adds one to the core's counter of that channel, and then
 * interrupts the host. PIL_REMOTE_RANGE: there is no such channel; PIL_REMOTE_UNKNOWN: the core has no doorbell page.
 */
#define PIL_REMOTE_DOORBELL 10

#define PIL_REMOTE_TEXT	   160u /* longest text, in bytes; what is longer is cut */
#define PIL_REMOTE_TICK_MS 10u

/* results */
#define PIL_REMOTE_OK	   0
#define PIL_REMOTE_UNKNOWN (-1)
#define PIL_REMOTE_RANGE   (-2) /* the text is not in the program's own memory; the master's access would be refused; no such channel */

/* the control page: offsets of its little-endian words */
#define PIL_CTRL_MAGIC	 0x00 /* 64 bit, written by the program: PIL_CTRL_MAGIC_VALUE */
#define PIL_CTRL_COUNT	 0x08 /* 64 bit, written by the program: beats since it started */
#define PIL_CTRL_PROOF	 0x10 /* 64 bit, written by the program: see above */
#define PIL_CTRL_REQUEST 0x20 /* 32 bit, written from outside; zeroed by the program when it begins to obey */
#define PIL_CTRL_VALUE	 0x28 /* 64 bit, written by the program: 1 << 32 and what the request says; 0 until then */
#define PIL_CTRL_FROM	 0x30 /* 64 bit, written from outside before PIL_CTRL_DMA... */
#define PIL_CTRL_TO	 0x38 /* as above */
/*
 * The lite variant of the adsp lets its DMA master copy all the time, from VIRT_DMA_SOURCE to VIRT_DMA_TARGET, which it fills with the
 * complement of the source before each round. It does not know PIL_CTRL_DMA. Of the others both words are 0.
 */
#define PIL_CTRL_ROUNDS 0x40 /* 64 bit, written by the program: copies since it started, arrived or not */
#define PIL_CTRL_LOST	0x48 /* 64 bit, written by the program: of these, those that did not arrive, in whole or in part */

#define PIL_CTRL_MAGIC_VALUE 0x5441454254524148 /* "HARTBEAT" */

/* requests */
#define PIL_CTRL_READ_UNMAPPED	1 /* read PIL_CTRL_UNMAPPED */
#define PIL_CTRL_HANG		2 /* stop petting the watchdog */
#define PIL_CTRL_FATAL		3 /* report a fatal error with a text */
#define PIL_CTRL_RUN_SHARED	4 /* jump to memory that it may read and write, but that the host can write too */
#define PIL_CTRL_IGNORE_STOP	5 /* from now on do not answer the host's request to stop */
#define PIL_CTRL_WRITE_UNMAPPED 6 /* write PIL_CTRL_UNMAPPED */
#define PIL_CTRL_RUN_UNMAPPED	7 /* jump to PIL_CTRL_UNMAPPED */
#define PIL_CTRL_READ_DEVICE	8 /* read the machine's clock: PIL_CTRL_VALUE gets the seconds since 1970 */
/*
 * Let the DMA master copy PIL_CTRL_DMA_BYTES from PIL_CTRL_FROM to PIL_CTRL_TO. When it is through PIL_CTRL_VALUE gets bit 0 when
 * the read, bit 1 when the write must have been refused, by the shim's word.
 */
#define PIL_CTRL_DMA 9
/* The same, but the write begins when the host has asked to stop: it is in flight then. PIL_CTRL_VALUE: it waits for that. */
#define PIL_CTRL_DMA_AT_STOP 10

#define PIL_CTRL_DMA_BYTES 64

#define PIL_CTRL_UNMAPPED 0x50000000 /* RAM of the host, which maps it for nobody */

/*
 * The note: what a program leaves in its own writable memory, at a multiple of 8, for whoever looks at that after a crash. It begins
 * with PIL_NOTE_MAGIC_VALUE and is all there is to find it by. The lines are those of PIL_REMOTE_LOG, the newest in
 * line[(lines - 1) % PIL_NOTE_LINES]; what is longer than its place is cut, what is shorter is followed by NULs. Little endian.
 */
#define PIL_NOTE_MAGIC_VALUE 0x3145544f4e4c4950 /* "PILNOTE1" */
#define PIL_NOTE_LINES	     8u
#define PIL_NOTE_LINE	     56u
#define PIL_NOTE_X	     31u

/* cause */
#define PIL_NOTE_RUNNING 0 /* it has not said that anything is wrong: who knows why it does not run any more is the shim */
#define PIL_NOTE_FATAL	 1 /* it has given up: @text says why, and @x, @sp and @pc are where */

#ifndef __ASSEMBLER__
struct pil_note_wire {
	uint64_t magic;
	uint32_t size; /* of all of it, in bytes */
	uint32_t cause;
	uint64_t x[PIL_NOTE_X];
	uint64_t sp;
	uint64_t pc;
	uint32_t lines; /* since the program started */
	uint32_t reserved;
	char text[PIL_REMOTE_TEXT];
	char line[PIL_NOTE_LINES][PIL_NOTE_LINE];
};

_Static_assert(sizeof(struct pil_note_wire) == 896, "no padding");
#endif

#endif

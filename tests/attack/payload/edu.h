/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's PCI device "edu" as the host's: it moves memory by DMA through a buffer of its own. */
#ifndef ATTACK_EDU_H
#define ATTACK_EDU_H

#include <stdbool.h>
#include <stdint.h>

/* PCI Express of the machine: configuration space above 4 GiB, and a window for registers */
#define PCI_ECAM     UINT64_C(0x4010000000)
#define PCI_DEVICE   1u
#define PCI_WINDOW   UINT64_C(0x10000000)
#define PCI_COMMAND  0x04u
#define PCI_BAR0     0x10u
#define PCI_HEADER   0x0cu
#define PCI_BUSES    0x18u
#define PCI_MEMORY   0x20u
#define PCI_PREFETCH 0x24u
#define PCI_MASTER   0x6u /* memory space, bus master */

/* QEMU docs/specs/edu */
#define EDU_ID		0x11e81234u
#define EDU_BUFFER	UINT64_C(0x40000)
#define EDU_BUFFER_SIZE 2048u /* half of it: QEMU counts the last byte as outside */
#define EDU_TO_RAM	2u

#define NO_EDU "this machine has no PCI device \"edu\""

/** edu_open() - the device at @config answers, has its registers at @registers, and may master the bus. Return: it is there */
bool edu_open_at(uint64_t config, uint64_t registers);
bool edu_open(void);

/**
 * edu_copy() - one transfer, to its end. Return: it ended; whether it moved anything is another question
 * edu_move(): through the device's buffer, what @from holds comes to @to; edu_works(): from SCRATCH to SCRATCH2
 */
bool edu_copy(uint64_t from, uint64_t to, uint64_t size, uint32_t direction);
bool edu_move(uint64_t from, uint64_t to);
bool edu_works(void);

/** edu_fill() - as many bytes as the device's buffer has, of @value */
void edu_fill(uint64_t at, uint64_t value);

#endif

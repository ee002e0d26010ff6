/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adsp's DMA master: QEMU's PCI device "edu" (docs/specs/edu.rst) behind a port on a bus of the firmware's own. A transfer takes it 100 ms,
 * and only at its end the bytes move. Numbers of configuration space: PCI Local Bus 3.0, 6.2.
 */
#ifndef VIRT_EDU_H
#define VIRT_EDU_H

/* configuration space */
#define VIRT_PCI_ID	 0x00u
#define VIRT_PCI_COMMAND 0x04u
#define VIRT_PCI_MEMORY	 0x2u /* its registers answer */
#define VIRT_PCI_MASTER	 0x4u /* it may have the bus; without that what it transfers goes nowhere */
#define VIRT_PCI_BAR0	 0x10u

#define VIRT_EDU_ID	 0x11e81234u
#define VIRT_EDU_COMMAND 0x98u
#define VIRT_EDU_BUSY	 1u	  /* written: start; read: it is at it */
#define VIRT_EDU_US	 5000000u /* fifty times as long as a transfer takes */

#endif

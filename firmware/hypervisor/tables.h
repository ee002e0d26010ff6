/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of stage-1 tables that the SMMU walks, by the MAIR that Linux uses: a shim reads them as if Linux had made them. */
#ifndef HYPERVISOR_TABLES_H
#define HYPERVISOR_TABLES_H

#include <pilot/vmsa.h>

#define HYP_DMA_T0SZ 25u /* 512 GiB: one root page at level 1 */
#define HYP_DMA_MAIR 0xfffffffff404ff44ull

/* not privileged, as devices' transactions are; not global: each table has its ASID */
#define HYP_DMA_COMMON	 (PIL_VMSA_AP_EL0 | PIL_VMSA_NG)
#define HYP_DMA_CACHED	 (PIL_VMSA_ATTR(1) | PIL_VMSA_SH_INNER | HYP_DMA_COMMON)
#define HYP_DMA_UNCACHED (PIL_VMSA_ATTR(0) | PIL_VMSA_SH_OUTER | HYP_DMA_COMMON)
#define HYP_DMA_DEVICE	 (PIL_VMSA_ATTR(2) | PIL_VMSA_SH_OUTER | PIL_VMSA_XN | PIL_VMSA_PXN | HYP_DMA_COMMON)

#define HYP_ASID_HOST	    1u
#define HYP_ASID_PERIPHERAL 2u /* and the peripheral's index */

/** hyp_dma_root() - root of the table of the host's devices */
uint64_t hyp_dma_root(void);

#endif

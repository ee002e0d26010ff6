/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory of the host and the remote cores ("SMEM"), version 12, as Qualcomm's boot firmware leaves it. Layout: Linux,
 * drivers/soc/qcom/smem.c, smp2p.c and drivers/remoteproc/qcom_common.c. Version 12 because the older heap (11) has only 512
 * items, and the minidump table is item 602.
 *
 * The host can write every byte of it at any time: all functions read each word once and bound it before use.
 */
#ifndef VIRT_SMEM_H
#define VIRT_SMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * virt_smem_init() - prepare the whole region, as boot firmware does once per reset
 * @smem: VIRT_SMEM_SIZE bytes, 4 KiB aligned, that nobody else uses yet
 *
 * One global partition with the items that the host expects to find: for each core its smp2p value and crash reason, and the
 * minidump table.
 */
void virt_smem_init(void *smem);

/**
 * virt_smem_find() - where an item is
 * @smem:   the region
 * @item:   item number
 * @offset: set to the start of its data, multiple of 8, relative to @smem
 * @size:   set to its bytes, padding included; @offset + @size never exceeds VIRT_SMEM_SIZE
 *
 * Return: false when it does not exist, or the host has damaged the list on the way to it
 */
bool virt_smem_find(const volatile void *smem, unsigned int item, uint32_t *offset, uint32_t *size);

/**
 * virt_smem_text() - write an item as a NUL-terminated text, cut to the item's size
 * @smem: the region
 * @item: item number
 * @text: NUL-terminated
 *
 * Return: false when there is no such item, or it has no byte
 */
bool virt_smem_text(volatile void *smem, unsigned int item, const char *text);

/**
 * virt_smp2p_publish() - make a remote core's value known to the host
 * @smem: the region
 * @in:   item of the core's value
 * @out:  item of the host's value for it
 * @pid:  the core's processor number
 *
 * Writes the header of @in with the protocol version that the host uses (1 when it has said nothing yet). The value is not
 * touched.
 *
 * Return: false when the item is missing or too small
 */
bool virt_smp2p_publish(volatile void *smem, unsigned int in, unsigned int out, unsigned int pid);

/**
 * virt_smp2p_raise() - set a bit of a remote core's value; the caller rings the interrupt
 * @smem: the region
 * @in:   item of the core's value
 * @bit:  VIRT_SMP2P_...
 *
 * Return: false when the item is missing or too small
 */
bool virt_smp2p_raise(volatile void *smem, unsigned int in, unsigned int bit);

/**
 * virt_smp2p_turn() - set a bit of a remote core's value if it is clear, else clear it; the caller rings the interrupt
 * @smem: the region
 * @in:   item of the core's value
 * @bit:  VIRT_SMP2P_...
 *
 * Return: false when the item is missing or too small
 */
bool virt_smp2p_turn(volatile void *smem, unsigned int in, unsigned int bit);

/**
 * virt_smp2p_rest() - zero a remote core's value, after the core has been held; the caller rings the interrupt
 * @smem: the region
 * @in:   item of the core's value
 *
 * Without it the next start would raise "ready" on a bit that is still set, which the host does not see.
 *
 * Return: false when the item is missing or too small
 */
bool virt_smp2p_rest(volatile void *smem, unsigned int in);

/**
 * virt_smp2p_value() - what one side shows the other
 * @smem: the region
 * @item: item of the host's value, or of a remote core's
 *
 * Return: the value, 0 when that side has not made one
 */
uint32_t virt_smp2p_value(const volatile void *smem, unsigned int item);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The decision about one access of the remote: data in, data out, so that it is the same in the shim and in a test. */
#ifndef SHIM_TRANSLATE_H
#define SHIM_TRANSLATE_H

#include <stdint.h>

#include <pilot/error.h>
#include <pilot/smmu.h>
#include <pilot/vmsa.h>
#include <pilot/wire/shim.h>

/** enum access - what the remote tried */
enum access {
	ACCESS_READ = 0,
	ACCESS_WRITE,
	ACCESS_EXECUTE,
};

/**
 * struct translation - where an address of the remote leads
 * @pa:     what the host's table says
 * @target: what the shim uses instead
 * @leaf:   of the host's table
 * @grant:  index of the grant that covers it
 * @attrs:  lower and upper attributes of a stage 2 leaf
 */
struct translation {
	uint64_t pa;
	uint64_t target;
	struct pil_leaf leaf;
	unsigned int grant;
	uint64_t attrs;
};

/**
 * shim_translate() - where an address of the remote leads, if the host's table and the grants both allow it
 * @config: orders, checked; the first grant is the carve-out, the only one whose memory can be executed
 * @phys:   how to read the host's tables
 * @regs:   registers of the SMMU
 * @ipa:    address
 * @access: what is tried there
 * @t:      filled as far as it came
 * @why:    reason of a failure, or NULL
 *
 * Return: 0; -PIL_ERANGE (STREAM_RANGE, GRANT_RANGE: not granted; MMU_PERMISSION); errors of pil_smmu_stream() and pil_vmsa_walk()
 */
int shim_translate(const struct pil_shim_config *config, const struct pil_phys *phys, const struct pil_smmu_regs *regs,
		   uint64_t ipa, enum access access, struct translation *t, struct pil_why *why);

/**
 * shim_mapping_size() - how much may be mapped around @ipa at once
 * @config: orders
 * @ipa:    address
 * @t:      its translation
 * Return: 2 MiB when the host's leaf, the grant and the target's alignment allow it, else 4 KiB
 */
uint64_t shim_mapping_size(const struct pil_shim_config *config, uint64_t ipa, const struct translation *t);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of Linux's qcom_scm driver, as the stock driver issues them (docs/SPEC.md section 7). Source of the numbers:
 * facts of qcom_scm, read in drivers/firmware/qcom/qcom_scm.c, qcom_scm.h and qcom_scm-smc.c of Linux 7.2.
 *
 * Registers of a call: x0 function id; x1 argument description; x2 to x5 arguments 0 to 3. With more than four arguments x5 is
 * the physical address of a page that holds arguments 3 to 9 as seven little-endian 64-bit words. x6 and x7 are 0, or
 * belong to the resumption of an interrupted call, which is not this layer's business.
 *
 * Registers of the answer: x0 status, 0 or a negative number sign-extended to 64 bits (Linux compares EBUSY in 64 bits); x1 to
 * x3 results 0 to 2. Linux takes them also when the status is an error, so they are 0 unless they carry something.
 */
#ifndef PILOT_WIRE_SCM_H
#define PILOT_WIRE_SCM_H

#include <stdint.h>

/* function id: SMCCC fast bit, 64-bit bit, owner, then service and command */
#define PIL_SCM_FAST	       0x80000000u
#define PIL_SCM_64	       0x40000000u
#define PIL_SCM_OWNER	       0x3f000000u
#define PIL_SCM_OWNER_SIP      0x02000000u
#define PIL_SCM_RESERVED       0x00fe0000u
#define PIL_SCM_SVE_HINT       0x00010000u /* SMCCC 1.3: the caller has no live SVE state; means nothing here */
#define PIL_SCM_FUNC	       0x0000ffffu
#define PIL_SCM_CALL(svc, cmd) ((svc) << 8 | (cmd))

#define PIL_SCM_STD64(func)  (PIL_SCM_64 | PIL_SCM_OWNER_SIP | (func))
#define PIL_SCM_FAST64(func) (PIL_SCM_FAST | PIL_SCM_64 | PIL_SCM_OWNER_SIP | (func))
#define PIL_SCM_STD32(func)  (PIL_SCM_OWNER_SIP | (func))
#define PIL_SCM_FAST32(func) (PIL_SCM_FAST | PIL_SCM_OWNER_SIP | (func))

/* functions that Pilot offers: service, command */
#define PIL_SCM_PAS_INIT_IMAGE	   PIL_SCM_CALL(0x02u, 0x01u) /* PAS id, metadata; there is no size */
#define PIL_SCM_PAS_MEM_SETUP	   PIL_SCM_CALL(0x02u, 0x02u) /* PAS id, address, size */
#define PIL_SCM_PAS_AUTH_AND_RESET PIL_SCM_CALL(0x02u, 0x05u) /* PAS id */
#define PIL_SCM_PAS_SHUTDOWN	   PIL_SCM_CALL(0x02u, 0x06u) /* PAS id */
#define PIL_SCM_PAS_IS_SUPPORTED   PIL_SCM_CALL(0x02u, 0x07u) /* PAS id; result 0: 1 or 0 */
#define PIL_SCM_PAS_GET_RSCTABLE   PIL_SCM_CALL(0x02u, 0x21u) /* PAS id, in, in size, out, out size */
#define PIL_SCM_INFO_IS_CALL_AVAIL PIL_SCM_CALL(0x06u, 0x01u) /* function; result 0: 1 or 0 */

#define PIL_SCM_BOOT_SET_REMOTE_STATE PIL_SCM_CALL(0x01u, 0x0au) /* state, number of the remote processor */
#define PIL_SCM_MP_VIDEO_VAR	      PIL_SCM_CALL(0x0cu, 0x08u) /* pixel start, size, other start, size */
#define PIL_SCM_MP_ASSIGN	      PIL_SCM_CALL(0x0cu, 0x16u) /* regions, sources, destinations: each with its size; 0 */
#define PIL_SCM_MP_SHM_BRIDGE_ENABLE  PIL_SCM_CALL(0x0cu, 0x1cu) /* result 0: 0, or NOT_SUPPORTED below */
#define PIL_SCM_MP_SHM_BRIDGE_DELETE  PIL_SCM_CALL(0x0cu, 0x1du) /* handle */
#define PIL_SCM_MP_SHM_BRIDGE_CREATE  PIL_SCM_CALL(0x0cu, 0x1eu) /* see below; result 1: handle */

/* functions that the stock driver issues or asks for and that are answered as by a firmware without them */
#define PIL_SCM_WAITQ_RESUME	 PIL_SCM_CALL(0x24u, 0x02u)
#define PIL_SCM_WAITQ_GET_WQ_CTX PIL_SCM_CALL(0x24u, 0x03u)
#define PIL_SCM_WAITQ_GET_INFO	 PIL_SCM_CALL(0x24u, 0x04u)

/* argument description: count in bits 3:0, two bits of type for each argument from bit 4 */
#define PIL_SCM_VAL				0u
#define PIL_SCM_RO				1u
#define PIL_SCM_RW				2u
#define PIL_SCM_ARGS(count, t0, t1, t2, t3, t4) ((count) | (t0) << 4 | (t1) << 6 | (t2) << 8 | (t3) << 10 | (t4) << 12)
#define PIL_SCM_ARGS_VALUES(count)		PIL_SCM_ARGS(count, 0u, 0u, 0u, 0u, 0u)
#define PIL_SCM_ARGS_COUNT(info)		((info)&0xfu)

#define PIL_SCM_REGISTER_ARGS  4u /* arguments that fit registers */
#define PIL_SCM_FIRST_INDIRECT 3u /* with more, arguments from this one on are in the page */
#define PIL_SCM_INDIRECT_WORDS 7u /* words in the page, always all of them */
#define PIL_SCM_MAX_ARGS       10u

/*
 * Status in x0, and what qcom_scm makes of it. What Pilot answers (pil_scm_status()):
 *
 *   ERROR     -EIO         unknown function; the board could not do it
 *   EINVAL    -EINVAL      malformed, truncated, unknown version; not genuine; not for this device; bad argument; not in
 *                          this state; no such peripheral; buffer too small (result 1 says so)
 *   EADDR     -EINVAL      an address or length outside what is allowed
 *   ENOTSUPP  -EOPNOTSUPP  known, but not offered here
 *   ENOMEM    -ENOMEM      a fixed pool is used up
 *   EBUSY     -EBUSY       another request for the peripheral is under way; Linux waits 30 ms and issues the call again
 */
#define PIL_SCM_OK	 0
#define PIL_SCM_ERROR	 (-1)
#define PIL_SCM_EINVAL	 (-2)
#define PIL_SCM_EADDR	 (-3)
#define PIL_SCM_ENOTSUPP (-4)
#define PIL_SCM_ENOMEM	 (-5)
#define PIL_SCM_EBUSY	 (-12)

/*
 * Not an error: the call was interrupted. The host issues it again with x0 = this number and x6 = what x6 was in the
 * answer (qcom_scm-smc.c, ARM_SMCCC_QUIRK_QCOM_A6). Only yielding calls are interrupted.
 */
#define PIL_SCM_INTERRUPTED 1

/* GET_RSCTABLE, result 1: the buffer is too small; result 2 is the size needed then, as it is after success */
#define PIL_SCM_RSCTABLE_BUFFER_NOT_SUFFICIENT 20u

/*
 * SHM_BRIDGE_CREATE: address | access of the host; the same address | access of the secure world; size | machines << 9; VMIDs.
 * Access as in memory assignments: 4 read, 2 write, 1 execute. The driver asks for one machine, VMID 3, read and write.
 */
#define PIL_SCM_BRIDGE_ACCESS  0x7u
#define PIL_SCM_BRIDGE_FLAGS   0xfffu
#define PIL_SCM_BRIDGE_ONE_VM  0x200u
#define PIL_SCM_BRIDGE_HOST_VM 3u

/*
 * MP_ASSIGN: lists in memory, little-endian. Region: 64-bit address and size. Source: 32-bit VMID. Destination: 32-bit VMID and
 * access, 64-bit context, 32-bit size of the context, 32 unused bits.
 */
#define PIL_SCM_ASSIGN_REGION	   16u
#define PIL_SCM_ASSIGN_SOURCE	   4u
#define PIL_SCM_ASSIGN_DESTINATION 24u

/* SET_REMOTE_STATE numbers remote processors in its own way: 0 is the video core */
#define PIL_SCM_REMOTE_VIDEO 0u
#define PIL_SCM_VIDEO_PAS_ID 9u

_Static_assert(PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u) == 0x82u, "INIT_IMAGE's description");
_Static_assert(PIL_SCM_ARGS(5u, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RW, PIL_SCM_VAL) == 0x845u,
	       "GET_RSCTABLE's description");
_Static_assert(PIL_SCM_ARGS(7u, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO, PIL_SCM_VAL, PIL_SCM_RO) == 0x1117u,
	       "MP_ASSIGN's description");
_Static_assert(PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE) == 0x42000201u, "INIT_IMAGE's function id");
_Static_assert(PIL_SCM_FAST64(PIL_SCM_INFO_IS_CALL_AVAIL) == 0xc2000601u, "the convention probe's function id");

#endif

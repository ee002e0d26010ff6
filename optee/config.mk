# SPDX-License-Identifier: BSD-2-Clause
# How OP-TEE OS is built for arrangement tee: what differs from its defaults for QEMU's machine virt. OP-TEE's Makefile reads this
# file (CFG_OPTEE_CONFIG); the memory map is that of boards/virt/include/virt/tee_platform.h.
PLATFORM ?= vexpress
PLATFORM_FLAVOR ?= qemu_armv8a
CFG_ARM64_core ?= y
CFG_USER_TA_TARGETS ?= ta_arm64
CFG_ARM_GICV3 ?= y
CFG_TEE_CORE_NB_CORE ?= 8
# Two sessions that wait for events keep a thread each; others must find one meanwhile.
CFG_NUM_THREADS ?= 8

# The rest of the secure RAM is the remote cores'.
CFG_TZDRAM_START ?= 0x0e100000
CFG_TZDRAM_SIZE ?= 0x00900000
CFG_SHMEM_START ?= 0x42000000
CFG_SHMEM_SIZE ?= 0x00200000

# How a blocked call of Linux learns that a core had an event: SPI 216.
CFG_CORE_ASYNC_NOTIF ?= y
CFG_CORE_ASYNC_NOTIF_GIC_INTID ?= 248

# Pilot's TAs are part of OP-TEE's image. Set here, not when there is one: the first would have everything built again.
CFG_EARLY_TA ?= y

# What is worth a line in the secure log. Objects without debugging information are small enough for the cache.
CFG_TEE_CORE_LOG_LEVEL ?= 2
CFG_TEE_TA_LOG_LEVEL ?= 2
CFG_DEBUG_INFO ?= n
DEBUG ?= 0

# The revision that Linux reports is not that of the tree in which OP-TEE happens to be built.
CFG_OS_REV_REPORTS_GIT_SHA1 ?= n

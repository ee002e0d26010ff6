# SPDX-License-Identifier: BSD-2-Clause
# Pilot's pseudo TA, part of OP-TEE's core: make --eval 'core-platform-subdirs := <this directory>' PILOT_TOP=<Pilot's tree>
cflags-y += -I$(PILOT_TOP)/include -I$(PILOT_TOP)/boards/virt/include -I$(PILOT_TOP)/firmware/include
cflags-y += -I$(PILOT_TOP)/boards/virt/service -DPIL_OPTEE_CORE

subdirs-y += scmi
srcs-y += pta.c
srcs-y += processors.c
srcs-y += memory.c
srcs-y += mailbox.c
srcs-y += events.c
srcs-y += flash.c
srcs-y += tree.c
srcs-y += trace.c
srcs-y += ../../boards/virt/tee_desc.c
srcs-y += ../../boards/virt/service/flash.c
srcs-y += ../../lib/pas/counters.c
srcs-y += ../../lib/image/cursor.c
srcs-y += ../../lib/reason.c
srcs-y += ../../lib/text.c
srcs-y += ../../lib/why.c

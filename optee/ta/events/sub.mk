# SPDX-License-Identifier: BSD-2-Clause
# It judges nothing: the door, and the way to the PTA.
srcs_ext_base-y := $(PILOT_TOP)
srcs_ext-y += lib/reason.c lib/why.c lib/text.c lib/tee/events.c lib/tee/login.c optee/judge/pta.c
global-incdirs_ext-y += $(PILOT_TOP)/include
incdirs_ext-y += $(PILOT_TOP)/optee/judge
global-incdirs-y += .
cflags-y += -std=gnu11 -Wno-switch-default
srcs-y += entry.c

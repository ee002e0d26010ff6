# SPDX-License-Identifier: BSD-2-Clause
global-incdirs_ext-y += $(PILOT_TOP)/include
incdirs_ext-y += $(PILOT_TOP)/optee/judge
global-incdirs-y += .
global-cppflags-y += -DPIL_MAX_PERIPHERALS=2
cflags-y += -std=gnu11
srcs-y += entry.c

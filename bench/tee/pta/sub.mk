# SPDX-License-Identifier: BSD-2-Clause
cflags-y += -I$(PILOT_TOP)/include -I$(PILOT_TOP)/boards/virt/include -I$(PILOT_TOP)/optee/pta -DPIL_OPTEE_CORE
srcs-y += upstream.c

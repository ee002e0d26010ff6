# SPDX-License-Identifier: BSD-2-Clause
# The SCMI service: OP-TEE's own server for clocks and resets, a power domain protocol beside it, and what they control. The server's
# files are compiled here and not switched on in OP-TEE's configuration: without this directory OP-TEE would not link with it.
srcs_ext_base-y := core/drivers/scmi-msg
srcs_ext-y += base.c
srcs_ext-y += clock.c
srcs_ext-y += entry.c
srcs_ext-y += reset_domain.c
srcs_ext-y += shm_msg.c
cppflags-y += -DCFG_SCMI_MSG_CLOCK=1 -DCFG_SCMI_MSG_RESET_DOMAIN=1 -DCFG_SCMI_MSG_SHM_MSG=1

srcs-y += platform.c
srcs-y += power.c
srcs-y += service.c
srcs-y += supply.c

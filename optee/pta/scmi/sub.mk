# SPDX-License-Identifier: BSD-2-Clause
# The SCMI service: OP-TEE's own server for clocks and resets, a power domain protocol beside it, and what they control.
# Needs CFG_SCMI_MSG_DRIVERS, CFG_SCMI_MSG_CLOCK, CFG_SCMI_MSG_RESET_DOMAIN and CFG_SCMI_MSG_SHM_MSG, without CFG_SCMI_PTA.
srcs-y += platform.c
srcs-y += power.c
srcs-y += service.c
srcs-y += supply.c

# SPDX-License-Identifier: BSD-2-Clause
global-incdirs-y += .
global-incdirs_ext-y += $(OPTEE_SOURCE)/ta/remoteproc/include
incdirs_ext-y += $(OPTEE_SOURCE)/ta/remoteproc/src
srcs_ext_base-y := $(OPTEE_SOURCE)/ta/remoteproc/src
srcs_ext-y += remoteproc_core.c
srcs_ext-y += elf_parser.c

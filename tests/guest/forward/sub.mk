# SPDX-License-Identifier: BSD-2-Clause
srcs-y += forward.c

// SPDX-License-Identifier: GPL-2.0-only
#include <rpmsg/rpmsg_ctrl.c>

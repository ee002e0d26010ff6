// SPDX-License-Identifier: GPL-2.0-only
#include <rpmsg/virtio_rpmsg_bus.c>

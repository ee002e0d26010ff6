/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef QCOM_SCM_INTERNAL_H
#define QCOM_SCM_INTERNAL_H

struct device;

/* exported, but declared in drivers/firmware/qcom/qcom_scm.h only */
int qcom_scm_shm_bridge_enable(struct device *scm_dev);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The groups of the table, each in a file of its own. */
#ifndef PILOT_EXPLAIN_FAULTS_H
#define PILOT_EXPLAIN_FAULTS_H

#include "explain/explain.h"

extern const struct group faults_smmuv2;
extern const struct group faults_smmuv3;
extern const struct group faults_iommu;
extern const struct group faults_remoteproc;
extern const struct group faults_start;
extern const struct group faults_firmware;
extern const struct group faults_scm;
extern const struct group faults_clients;
extern const struct group faults_tee;
extern const struct group faults_rproc_tee;
extern const struct group faults_pilot;
extern const struct group faults_harmless;
extern const struct group faults_context;

#define GROUP(name, title, rows)                                                                                       \
	{                                                                                                              \
		name, title, rows, sizeof(rows) / sizeof((rows)[0])                                                    \
	}

#endif

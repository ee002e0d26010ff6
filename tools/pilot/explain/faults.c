/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of all messages, by group. A message belongs to the first row that fits it. */
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "explain/faults.h"

static const struct group *const groups[] = {
	&faults_smmuv2,	 &faults_smmuv3,   &faults_iommu,    &faults_remoteproc, &faults_rproc_tee,
	&faults_clients, &faults_start,	   &faults_firmware, &faults_scm,	 &faults_tee,
	&faults_pilot,	 &faults_harmless, &faults_context,
};

const struct group *fault_group(size_t index)
{
	return index < sizeof(groups) / sizeof(groups[0]) ? groups[index] : NULL;
}

const struct entry *fault_entry(const char *id)
{
	size_t g = 0;
	size_t e = 0;

	for (g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (e = 0; e < groups[g]->count; e++)
			if (!strcmp(groups[g]->entries[e].id, id))
				return &groups[g]->entries[e];
	/* a name that only the source has: tests walk all of them */
	abort();
}

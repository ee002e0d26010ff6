/* SPDX-License-Identifier: BSD-2-Clause */
/* What Pilot knows of a node by its compatible. A further device is one more row in compatibles*.c. */
#ifndef PILOT_TOOL_BOARD_COMPATIBLES_H
#define PILOT_TOOL_BOARD_COMPATIBLES_H

#include <stddef.h>
#include <stdint.h>

#include "board/tree.h"

/** enum peripheral_kind - what it is */
enum peripheral_kind {
	PERIPHERAL_REMOTEPROC = 0, /* a processor that Linux's remoteproc starts */
	PERIPHERAL_VIDEO,	   /* video core: venus, iris */
	PERIPHERAL_CAMERA,	   /* camera subsystem and its processor */
	PERIPHERAL_GPU_ZAP,	   /* what takes a GPU out of its secure mode */
	PERIPHERAL_IPA,		   /* IP accelerator of a modem */
	PERIPHERAL_WLAN,	   /* wireless network with firmware in a carve-out */
	PERIPHERAL_OTHER,
	PERIPHERAL_KINDS
};

/** enum peripheral_service - who starts it */
enum peripheral_service {
	SERVICE_UNKNOWN = 0,
	SERVICE_SCM, /* PAS calls by SMC: the node "qcom,scm" */
	SERVICE_TEE, /* a service on the TEE bus */
	SERVICE_DIRECT, /* the host itself, by registers, resets, clocks, or another firmware's own calls (SCMI, SCU, PMU) */
	SERVICE_SERVICES
};

#define COMPATIBLE_PAS 4u

/** struct compatible_pas - a PAS id; @what: "main", "dtb", "lite", "lite dtb" */
struct compatible_pas {
	uint32_t id;
	const char *what;
};

/**
 * struct compatible - a row
 * @compatible: as in the tree
 * @kind:       what it is
 * @service:    who starts it
 * @vendor:     "Qualcomm"
 * @name:       short: "adsp", "cdsp0", "video", "m4"
 * @what:       in words: "audio DSP"
 * @pas:        PAS ids that the stock driver uses, in the order of its memory regions (lite last); id 0: none
 * @assigned:   the driver hands memory-region entries @assigned_from ... of that many to the processor by MP_ASSIGN; 0: none
 */
struct compatible {
	const char *compatible;
	enum peripheral_kind kind;
	enum peripheral_service service;
	const char *vendor;
	const char *name;
	const char *what;
	struct compatible_pas pas[COMPATIBLE_PAS];
	unsigned int assigned_from;
	unsigned int assigned;
};

/** compatible_at() - row @index of the table, NULL behind the last */
const struct compatible *compatible_at(unsigned int index);

/** compatible_find() - the row of a compatible, or NULL */
const struct compatible *compatible_find(const char *compatible);

/** compatible_of() - the row of the first of a node's compatibles that has one, or NULL */
const struct compatible *compatible_of(const struct tree *t, int node);

/** peripheral_kind_name() - "remoteproc", "video", "camera", "gpu-zap", "ipa", "wlan", "other": as in JSON documents */
const char *peripheral_kind_name(enum peripheral_kind kind);

/** peripheral_service_name() - "unknown", "scm", "tee", "direct" */
const char *peripheral_service_name(enum peripheral_service service);

#endif

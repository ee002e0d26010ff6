/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that say who is who, and that something works (again). */
#include "explain/faults.h"

static const struct entry rows[] = {
	{ "rproc-up",
	  KIND_CONTEXT,
	  { "remote processor {name} is now up", "remote processor {name} is now attached" },
	  "a remote processor runs",
	  "",
	  { 0 },
	  { 0 } },
	{ "rproc-available", KIND_CONTEXT, { "{name} is available" }, "a remote processor is known", "", { 0 }, { 0 } },
	{ "rproc-powering",
	  KIND_CONTEXT,
	  { "powering up {name}", "attaching to {name}" },
	  "a remote processor is being started",
	  "",
	  { 0 },
	  { 0 } },
	{ "rproc-image",
	  KIND_CONTEXT,
	  { "Booting fw image {file}, size {count}" },
	  "the firmware that is being started",
	  "",
	  { 0 },
	  { 0 } },
};

const struct group faults_context = GROUP("context", "Context", rows);

/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is to know of a run once it is read. */
#include "report/run.h"

const char *run_log_name(enum run_log log)
{
	return log == RUN_LOG_LINUX ? "linux.log" : "secure.log";
}

const char *run_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

const json_t *run_steps(const struct run *run)
{
	const json_t *steps = json_object_get(run->result, "steps");

	return json_is_array(steps) ? steps : NULL;
}

size_t run_passed(const struct run *run)
{
	const json_t *steps = run_steps(run);
	size_t passed = 0;
	size_t i = 0;

	for (i = 0; i < json_array_size(steps); i++)
		passed += json_is_true(json_object_get(json_array_get(steps, i), "ok"));
	return passed;
}

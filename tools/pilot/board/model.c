/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and releasing a model. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board/model_read.h"

/* the TEE's remoteproc service: its node's compatible is the service's UUID */
#define TEE_SERVICE "80a4c275-0a47-4905-8285-1486a9771a08"

void model_problem(struct board_model *m, int node, const char *property, const char *format, ...)
{
	struct model_problem *p = NULL;
	char text[160] = "";
	va_list args;

	if (m->problem_count >= MODEL_PROBLEMS)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	m->problems = pool_grow(&m->pool, m->problems, m->problem_count, sizeof(*p));
	p = &m->problems[m->problem_count++];
	p->node = node;
	p->path = tree_path(m->tree, node);
	p->property = property;
	p->text = tree_text(m->tree, text, sizeof(text));
}

void model_list_problem(struct board_model *m, int node, const char *property, unsigned int index,
			enum tree_result result)
{
	if (result != TREE_END && result != TREE_OK)
		model_problem(m, node, property, "entry %u: %s", index, tree_result_text(result));
}

static int find_compatible(const struct tree *t, const char *compatible)
{
	int found = TREE_NONE;

	for (int node = 0; node < t->count; node++) {
		if (!tree_is_compatible(t, node, compatible))
			continue;
		if (t->nodes[node].enabled)
			return node;
		if (found == TREE_NONE)
			found = node;
	}
	return found;
}

static const char *first_string(const struct tree *t, int node, const char *property)
{
	const char *text = tree_string(t, node, property, 0);

	return text ? text : "";
}

bool model_read(struct board_model *m, const struct tree *t)
{
	*m = (struct board_model){ .tree = t };
	m->at_node = pool_alloc(&m->pool, (size_t)t->count * sizeof(*m->at_node));
	for (int node = 0; node < t->count; node++)
		m->at_node[node] = (struct model_node){ MODEL_NONE, MODEL_NONE, MODEL_NONE };
	m->board = first_string(t, 0, "model");
	m->board_compatible = first_string(t, 0, "compatible");
	m->scm = find_compatible(t, "qcom,scm");
	m->optee = find_compatible(t, "linaro,optee-tz");
	m->tee_service = find_compatible(t, TEE_SERVICE);
	if (t->doubled)
		model_problem(m, 0, NULL, "two nodes have the phandle 0x%x", t->doubled);
	model_read_memory(m);
	model_read_iommus(m);
	model_read_peripherals(m);
	model_read_streams(m);
	return true;
}

void model_free(struct board_model *m)
{
	pool_free(&m->pool);
	*m = (struct board_model){ 0 };
}

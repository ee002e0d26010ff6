/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the tables of docs/SPEC.md that come from the code, as Markdown: docs_tables states|errors|checks. */
#include <stdio.h>
#include <string.h>

#include <pilot/auth.h>
#include <pilot/error.h>
#include <pilot/scm.h>
#include <pilot/state.h>

/* the row for an event in a state; NULL: not allowed, or (with @count set to 2 or more) not unique */
static const struct pil_transition *find(enum pil_state from, enum pil_event event, unsigned int *count)
{
	size_t rows = 0;
	const struct pil_transition *table = pil_state_table(&rows);
	const struct pil_transition *found = NULL;

	*count = 0;
	for (size_t i = 0; i < rows; i++) {
		if (table[i].from == from && table[i].event == event) {
			found = &table[i];
			(*count)++;
		}
	}
	return *count == 1 ? found : NULL;
}

/* what pil_state_step() makes of a row decides, not the row alone: its exceptions become footnotes */
static int print_cell(enum pil_state from, enum pil_event event)
{
	static const char *const actions[] = {
		[PIL_ACT_NONE] = "", [PIL_ACT_CLEAN] = ", cleaned", [PIL_ACT_HOLD] = ", held"
	};
	unsigned int count = 0;
	const struct pil_transition *row = find(from, event, &count);
	struct pil_transition step = { 0 };
	struct pil_transition coreless = { 0 };
	bool fixed = pil_state_step(from, event, true, false, &step);
	bool relocatable = pil_state_step(from, event, true, true, &step);

	if (count > 1 || fixed != (row != NULL))
		return -1;
	if (!row) {
		printf(" - |");
		return 0;
	}
	printf(" %s%s", pil_state_name(row->to), actions[row->action]);
	if (pil_state_step(from, event, false, false, &coreless) && coreless.to != row->to)
		printf(" (without a core: %s)", pil_state_name(coreless.to));
	printf("%s |", relocatable ? "" : " (not when relocatable)");
	return 0;
}

static int print_states(void)
{
	int err = 0;

	printf("| event |");
	for (int s = 0; s < PIL_STATES; s++)
		printf(" %s |", pil_state_name((enum pil_state)s));
	printf("\n|---|");
	for (int s = 0; s < PIL_STATES; s++)
		printf("---|");
	for (int e = 0; !err && e < PIL_EVENTS; e++) {
		printf("\n| %s |", pil_event_name((enum pil_event)e));
		for (int s = 0; !err && s < PIL_STATES; s++)
			err = print_cell((enum pil_state)s, (enum pil_event)e);
	}
	printf("\n");
	return err;
}

static int print_errors(void)
{
	printf("| class | name | SCM status |\n|---|---|---|\n");
	for (int error = PIL_OK; strcmp(pil_error_name(error), "?") != 0; error++)
		printf("| %d | %s | %lld |\n", error, pil_error_name(error), (long long)pil_scm_status(-error));
	return 0;
}

static int print_checks(void)
{
	printf("| bit | check |\n|---|---|\n");
	for (int check = 0; check < PIL_CHECK_COUNT; check++)
		printf("| %d | %s |\n", check, pil_check_name((enum pil_check)check));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*print)(void);
	} tables[] = { { "states", print_states }, { "errors", print_errors }, { "checks", print_checks } };

	for (size_t i = 0; argc == 2 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(argv[1], tables[i].name) != 0)
			continue;
		if (!tables[i].print())
			return 0;
		fprintf(stderr, "docs_tables: the state table contradicts itself or pil_state_step()\n");
		return 1;
	}
	fprintf(stderr, "usage: docs_tables states|errors|checks\n");
	return 2;
}

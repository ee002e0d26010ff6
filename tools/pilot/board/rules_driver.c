/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: what Linux's drivers insist on. */
#include <string.h>

#include "board/check.h"
#include "board/rules_domains.h"

static bool starts(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static bool ends(const char *text, const char *end)
{
	const size_t length = strlen(text);

	return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* processors of Qualcomm's; each of their drivers asks for these interrupts */
static void interrupts(struct check *c, const struct peripheral *p)
{
	static const char *const names[] = { "wdog", "fatal", "ready", "handover", "stop-ack" };
	const bool old = starts(p->compatible, "qcom,pronto-") || starts(p->compatible, "qcom,riva-");
	unsigned int i = 0;

	for (i = 0; i < (old ? 2 : sizeof(names) / sizeof(names[0])); i++)
		if (!rules_reference(&p->interrupts, names[i]))
			check_found(c, RULE_PAS_INTERRUPTS, p->path, names[i], "has no interrupt %s", names[i]);
}

static void domains(struct check *c, const struct peripheral *p)
{
	const struct rules_domains *wanted = rules_domains_of(p->row->compatible);
	unsigned int i = 0;

	/* a single one is attached before the driver can ask, whatever its name is */
	if (!wanted || (!wanted->name[1] && p->power_domains.count == 1))
		return;
	for (i = 0; i < RULES_DOMAINS && wanted->name[i]; i++)
		if (!rules_reference(&p->power_domains, wanted->name[i]))
			check_found(c, RULE_PAS_POWER_DOMAINS, p->path, wanted->name[i], "has no power domain %s",
				    wanted->name[i]);
}

static void pas(struct check *c, const struct peripheral *p)
{
	if (!rules_reference(&p->clocks, "xo"))
		check_found(c, RULE_PAS_CLOCK, p->path, "xo", "has no clock xo");
	if (!rules_reference(&p->states, "stop"))
		check_found(c, RULE_PAS_STOP_STATE, p->path, "stop", "has no state stop in qcom,smem-states");
	domains(c, p);
}

/* their drivers fail without the property; all others have a name for the case */
static bool needs_name(const struct peripheral *p)
{
	static const char *const names[] = { "-r5f", "-dsp", "-m4fss", "-pru", "-rtu" };
	unsigned int i = 0;

	if (p->kind != PERIPHERAL_REMOTEPROC)
		return false;
	for (i = 0; starts(p->compatible, "ti,") && i < sizeof(names) / sizeof(names[0]); i++)
		if (ends(p->compatible, names[i]))
			return true;
	return starts(p->compatible, "fsl,imx8") && ends(p->compatible, "-hifi4");
}

static void firmware_name(struct check *c, const struct peripheral *p)
{
	if (p->firmware_count)
		return;
	if (needs_name(p))
		check_found(c, RULE_FIRMWARE_NAME_MISSING, p->path, "", "has no firmware-name");
	else if (rules_is_pas(p))
		check_found(c, RULE_FIRMWARE_NAME_DEFAULT, p->path, "", "has no firmware-name");
}

static bool has_smem(const struct tree *t)
{
	int node = 0;

	for (node = 0; node < t->count; node++)
		if (t->nodes[node].enabled && tree_is_compatible(t, node, "qcom,smem"))
			return true;
	return false;
}

static void needs_of_all(struct check *c, const struct peripheral *p, bool smem)
{
	const int scm = c->model->scm;

	if (p->service != SERVICE_SCM)
		return;
	if (scm == TREE_NONE)
		check_found(c, RULE_SCM_MISSING, p->path, "", "is started by PAS calls, and the tree has no SCM node");
	else if (!c->tree->nodes[scm].enabled)
		check_found(c, RULE_SCM_MISSING, p->path, tree_path(c->tree, scm),
			    "is started by PAS calls, and %s is disabled", tree_path(c->tree, scm));
	if (rules_is_pas(p) && !smem)
		check_found(c, RULE_SMEM_MISSING, p->path, "", "needs shared memory, and no node qcom,smem is enabled");
}

void rules_driver(struct check *c)
{
	const bool smem = has_smem(c->tree);
	unsigned int i = 0;

	for (i = 0; i < c->model->peripheral_count && !check_full(c); i++) {
		const struct peripheral *p = &c->model->peripherals[i];

		if (!p->enabled)
			continue;
		needs_of_all(c, p, smem);
		if (p->kind == PERIPHERAL_REMOTEPROC && starts(p->compatible, "qcom,") &&
		    (ends(p->compatible, "-pas") || ends(p->compatible, "-pil")))
			interrupts(c, p);
		if (rules_is_pas(p))
			pas(c, p);
		firmware_name(c, p);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks, resets and power domains of the device tree, in their frameworks.
 * All are optional: what the TEE controls by itself is not there.
 */
#include <linux/clk.h>
#include <linux/of.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/reset.h>

#include "rproc_tee.h"

/* The bus attaches a single domain by itself, not several ones. */
static int get_domains(struct rproc_tee *t)
{
	int ret;

	if (t->dev->pm_domain)
		return 0;
	ret = devm_pm_domain_attach_list(t->dev, NULL, &t->pds);
	return ret < 0 ? ret : 0;
}

int rproc_tee_power_get(struct rproc_tee *t)
{
	int ret;

	if (!t->dev->of_node)
		return devm_pm_runtime_enable(t->dev);
	ret = get_domains(t);
	if (ret)
		return dev_err_probe(t->dev, ret, "no power domains\n");
	t->clk_count = devm_clk_bulk_get_all(t->dev, &t->clks);
	if (t->clk_count < 0)
		return dev_err_probe(t->dev, t->clk_count, "no clocks\n");
	t->resets = devm_reset_control_array_get_optional_exclusive(t->dev);
	if (IS_ERR(t->resets))
		return dev_err_probe(t->dev, PTR_ERR(t->resets),
				     "no resets\n");
	return devm_pm_runtime_enable(t->dev);
}

int rproc_tee_power_on(struct rproc_tee *t)
{
	int ret;

	if (t->powered)
		return 0;
	ret = pm_runtime_resume_and_get(t->dev);
	if (ret) {
		dev_err(t->dev, "no power: %d\n", ret);
		return ret;
	}
	ret = clk_bulk_prepare_enable(t->clk_count, t->clks);
	if (ret) {
		dev_err(t->dev, "no clocks: %d\n", ret);
		goto put;
	}
	ret = reset_control_deassert(t->resets);
	if (ret) {
		dev_err(t->dev, "not out of reset: %d\n", ret);
		goto disable;
	}
	t->powered = true;
	return 0;

disable:
	clk_bulk_disable_unprepare(t->clk_count, t->clks);
put:
	pm_runtime_put(t->dev);
	return ret;
}

/* What goes on without Linux (@runs) is not reset: then the TEE keeps the rest. */
void rproc_tee_power_off(struct rproc_tee *t, bool runs)
{
	if (!t->powered)
		return;
	if (!runs && reset_control_assert(t->resets))
		dev_warn(t->dev, "not put into reset\n");
	clk_bulk_disable_unprepare(t->clk_count, t->clks);
	pm_runtime_put(t->dev);
	t->powered = false;
}

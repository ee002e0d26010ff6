#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold linux/bindings against dt-schema, and the device trees of all arrangements against linux/bindings.

Nodes that other bindings describe are not judged: these are not here.
"""

import dataclasses
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants					# noqa: E402
import machine
import options as machine_options
from options import GUEST, OWNER, TEE
from paths import BUILD, Trouble

BINDINGS = os.path.join(TOP, "linux", "bindings")
OUT = os.path.join(BUILD, "bindings")
# Debian 12's dt-schema does not know that memory-region is a list of phandles, and takes it for one entry.
VALIDATE = """
import runpy, sys
import dtschema, dtschema.lib
known = dtschema.lib.property_get_type
dtschema.property_get_type = dtschema.lib.property_get_type = (
    lambda name: ["phandle-array"] if name == "memory-region" else known(name))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(*command):
    """Run a program; what it says is a complaint."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Trouble(f"{command[0]} is missing: install the package dt-schema") from error
    told = (done.stdout + done.stderr).strip()
    if done.returncode or told:
        raise Trouble(f"{' '.join(command[:1])}: {told or done.returncode}")


# What of linux/bindings the trees are held against, by parts of names.
LIMITS = ("pilot,", "tee-rproc-service")
# How the nodes of remote processors can look in arrangement tee.
TEE_VARIANTS = ((), ("RPROC_TEE_ELSEWHERE",), ("RPROC_TEE_UPSTREAM",), ("M33_DISABLED", "M0_KERNEL"),
                ("RPROC_TEE_ELSEWHERE", "M33_SECURE_ONLY"))


def trees(platform):
    """The device trees of all arrangements; returns their paths."""
    options = machine_options.from_environment(platform["VIRT_RAM_MIN"])
    made = []
    for arrangement in (OWNER, GUEST):
        made.append(os.path.join(OUT, f"{arrangement}.dtb"))
        machine.compile_tree(dataclasses.replace(options, arrangement=arrangement), platform["VIRT_INITRD"] + 0x1000,
                             made[-1])
    for variant in TEE_VARIANTS:
        made.append(os.path.join(OUT, f"{'-'.join((TEE, *variant)).lower()}.dtb"))
        defines = machine.tree_defines(dataclasses.replace(options, arrangement=TEE),
                                       constants.tee_platform()["VIRT_TEE_INITRD"] + 0x1000, "", variant)
        machine.compile_source("virt-tee.dts", defines, made[-1])
    return made


def main():
    """Entry point."""
    os.makedirs(OUT, exist_ok=True)
    schema = os.path.join(OUT, "schema.json")
    bindings = sorted(os.path.join(where, name) for where, _, names in os.walk(BINDINGS) for name in names
                      if name.endswith(".yaml"))
    try:
        if not bindings:
            raise Trouble(f"{BINDINGS} has no binding")
        run("dt-doc-validate", "-u", BINDINGS, *bindings)
        run("dt-mk-schema", "-j", "-o", schema, BINDINGS)
        for tree in trees(constants.platform()):
            for limit in LIMITS:
                run("/usr/bin/python3", "-c", VALIDATE, "/usr/bin/dt-validate", "-s", schema, "-l", limit, tree)
            print(f"{os.path.relpath(tree, TOP)}: as the bindings have it")
    except Trouble as error:
        print(f"bindings: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

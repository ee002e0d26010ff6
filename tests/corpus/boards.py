# SPDX-License-Identifier: BSD-2-Clause
"""What "pilot board check" finds in a kernel's device trees, held against what was found when each finding was looked at.

boards.json has counts by rule for all trees, and every finding in the trees for EL2; docs/BOARDS.md explains them. They are those of one
version of the kernel: for another there is nothing to compare with, which is said.
"""

import collections
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
EXPECTED = os.path.join(HERE, "boards.json")
VERSIONS = os.path.join(TOP, "build", "parts", "versions.json")


def version():
    """The kernel whose trees are unpacked, or None."""
    try:
        with open(VERSIONS, encoding="utf-8") as file:
            return json.load(file)["trees"]["version"]
    except (OSError, ValueError, KeyError):
        return None


def summary(documents):
    """@documents, by the tree's path in the package, as boards.json has them."""
    findings, trees, el2 = collections.Counter(), collections.Counter(), {}
    for name, document in sorted(documents.items()):
        rules = [one["rule"] for one in document["findings"]]
        findings.update(rules)
        trees.update(set(rules))
        if name.endswith("-el2.dtb"):
            el2[name] = [f'{one["rule"]} {one["node"]}' for one in document["findings"]]
    return {"trees": len(documents), "rules": {rule: [findings[rule], trees[rule]] for rule in sorted(findings)}, "el2": el2}


def record(documents):
    """Write boards.json: only after every finding was looked at."""
    text = json.dumps({"version": version(), **summary(documents)}, indent=1)
    with open(EXPECTED, "w", encoding="utf-8") as file:
        file.write(re.sub(r"\[\n\s+(\d+),\n\s+(\d+)\n\s+\]", r"[\1, \2]", text) + "\n")


def compare(documents):
    """Sentences on what is different; None: nothing is known of this kernel's trees."""
    with open(EXPECTED, encoding="utf-8") as file:
        expected = json.load(file)
    if expected.pop("version") != version():
        return None
    found = summary(documents)
    wrong = [f"{part}: {found[part]} instead of {expected[part]}" for part in ("trees",) if found[part] != expected[part]]
    for part in ("rules", "el2"):
        for key in sorted(found[part].keys() | expected[part].keys()):
            got, wanted = found[part].get(key), expected[part].get(key)
            if got != wanted:
                wrong.append(f"{key}: {got} instead of {wanted}")
    return wrong

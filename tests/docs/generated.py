#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The tables of docs/SPEC.md that come from the code are what the code prints.

usage: generated.py DOCS_TABLES SPEC.md [--write]
--write puts what the code prints into the document.
"""

import difflib
import re
import subprocess
import sys

NAMES = ("states", "errors", "checks")


def printed(program, name):
    """The table @name as the program prints it."""
    return subprocess.run([program, name], capture_output=True, text=True, check=True).stdout


def main(program, path, write):
    """Exit status: 0 when all tables agree."""
    with open(path, encoding="utf-8") as document:
        text = document.read()
    bad = 0
    for name in NAMES:
        begin, end = f"<!-- begin generated: {name} -->\n", f"<!-- end generated: {name} -->\n"
        if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
            print(f"{path}: one pair of markers for the table '{name}' expected", file=sys.stderr)
            return 1
        before, rest = text.split(begin)
        old, after = rest.split(end)
        new = printed(program, name)
        if old != new:
            bad += 1
            sys.stderr.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), path, "the code"))
        text = before + begin + new + end + after
    marked = re.findall(r"<!-- begin generated: (\w+) -->", text)
    unknown = [name for name in marked if name not in NAMES]
    if unknown:
        print(f"{path}: nothing generates the table '{unknown[0]}'", file=sys.stderr)
        return 1
    if write:
        with open(path, "w", encoding="utf-8") as document:
            document.write(text)
        return 0
    if bad:
        print(f"{path}: {bad} of {len(NAMES)} tables differ; --write puts them right", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--write"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], len(sys.argv) == 4))

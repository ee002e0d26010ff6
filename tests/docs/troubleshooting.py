#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""docs/TROUBLESHOOTING.md explains every reason of include/pilot/reasons.h, under its present text, and no other.

usage: troubleshooting.py reasons.h... TROUBLESHOOTING.md
A row of the document is: | `NAME` | text of the reason | what it means and what to do |
"""

import re
import sys

REASON = re.compile(r'^X\((\w+),\s*(\w+),\s*"((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
SHORTEST = 20		# characters of an explanation; less is none


def read(path):
    """The whole text of a file."""
    with open(path, encoding="utf-8") as text:
        return text.read()


def reasons(paths):
    """Name to text of every reason."""
    text = "\n".join(read(path) for path in paths)
    found = REASON.findall(text)
    entries = len(re.findall(r"^X\(", text, re.MULTILINE))
    if not found or len(found) != entries:
        sys.exit(f"{', '.join(paths)}: {entries} entries, but this test can read {len(found)}")
    return {name: sentence for name, _, sentence in found}


def main(headers, document):
    """Exit status: 0 when the document is complete."""
    wanted, rows, bad = reasons(headers), ROW.findall(read(document)), []
    names = [name for name, _, _ in rows]
    bad += [f"{name} is not explained" for name in wanted if name not in names]
    bad += [f"{name} is explained {names.count(name)} times" for name in sorted(set(names)) if names.count(name) > 1]
    for name, sentence, meaning in rows:
        if name not in wanted:
            bad.append(f"{name} is no reason")
        elif sentence != wanted[name]:
            bad.append(f"{name} says '{wanted[name]}', not '{sentence}'")
        if len(meaning) < SHORTEST:
            bad.append(f"{name}: no explanation")
    for line in bad:
        print(f"{document}: {line}", file=sys.stderr)
    print(f"{len(wanted)} reasons, {len(rows)} rows, {len(bad)} differences")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:-1], sys.argv[-1]))

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every number that the wire headers define is in docs/SPEC.md, with its value, and none that they do not define.

usage: constants.py SOURCE_ROOT SPEC.md
A row of the document is: | `NAME` | value | what it means |
"""

import os
import re
import sys

HEADERS = (
    "include/pilot/wire/container.h", "include/pilot/wire/counters.h", "include/pilot/wire/doorbell.h", "include/pilot/wire/fuses.h", "include/pilot/wire/manifest.h",
    "include/pilot/wire/mbn.h", "include/pilot/wire/monitor.h", "include/pilot/wire/remote.h", "include/pilot/wire/rsc_table.h", "include/pilot/wire/video.h",
    "include/pilot/wire/scm.h", "include/pilot/wire/shim.h", "include/pilot/wire/stub.h", "include/pilot/wire/tee.h",
    "include/pilot/wire/tee_board.h", "include/pilot/wire/tee_pas.h", "include/pilot/wire/tee_rproc.h", "include/pilot/wire/trace.h", "firmware/include/fw/boot_info.h",
    "boards/virt/include/virt/platform.h",
)
EVENT = re.compile(r"^\tX\((0x[0-9a-f]+), (\w+), ")		# of the table in wire/trace.h
DEFINE = re.compile(r"^#define[ \t]+(\w+)[ \t]+(.*?)[ \t]*(?:/\*.*)?$")		# no macro with arguments, no guard
ROW = re.compile(r"^\| `((?:PIL|FW|VIRT)_\w+)` \| (\S+) \|")
NUMBER = r"(0x[0-9a-fA-F]+|\d+)[uUlL]*"


def value_of(text):
    """The number that a macro's text stands for, or None."""
    found = re.fullmatch(rf"\(?(-?){NUMBER}\)?", text)
    if found:
        return int(found.group(2), 0) * (-1 if found.group(1) else 1)
    found = re.fullmatch(rf"\(?{NUMBER} << {NUMBER}\)?", text)
    if found:
        return int(found.group(1), 0) << int(found.group(2), 0)
    found = re.fullmatch(rf"PIL_SCM_CALL\({NUMBER}, {NUMBER}\)", text)
    if found:
        return int(found.group(1), 0) << 8 | int(found.group(2), 0)
    return None


def defined(root):
    """All numbers of the headers: name to (value, header)."""
    numbers = {}
    for header in HEADERS:
        before = len(numbers)
        with open(os.path.join(root, header), encoding="utf-8") as lines:
            for line in lines:
                event = EVENT.match(line)
                if event:
                    numbers[f"PIL_TRACE_{event.group(2)}"] = (int(event.group(1), 16), header)
                match = DEFINE.match(line.rstrip("\n"))
                if not match or not match.group(2):
                    continue
                value = value_of(match.group(2))
                if value is None:
                    sys.exit(f"{header}: {match.group(1)} is no number that this test can read: {match.group(2)}")
                numbers[match.group(1)] = (value, header)
        if len(numbers) == before:
            sys.exit(f"{header}: no numbers found: is the test looking in the right place?")
    return numbers


def documented(path):
    """All rows of the document: (line, name, text of the value)."""
    with open(path, encoding="utf-8") as lines:
        matches = [(number, ROW.match(line)) for number, line in enumerate(lines, 1)]
    return [(number, match.group(1), match.group(2)) for number, match in matches if match]


def main(root, path):
    """Exit status: 0 when document and headers agree."""
    numbers, rows, bad = defined(root), documented(path), []
    for line, name, text in rows:
        if name not in numbers:
            bad.append(f"{path}:{line}: no header defines {name}")
        elif value_of(text.strip("`")) != numbers[name][0]:
            bad.append(f"{path}:{line}: {name} is {text} here, {numbers[name][0]:#x} in {numbers[name][1]}")
    there = {name for _, name, _ in rows}
    bad += [f"{path}: {name} of {header} ({value:#x}) is missing"
            for name, (value, header) in numbers.items() if name not in there]
    print("\n".join(bad), file=sys.stderr)
    print(f"{len(numbers)} numbers in {len(HEADERS)} headers, {len(rows)} rows, {len(bad)} differences")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))

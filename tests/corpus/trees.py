#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Run "pilot board show", "streams", "check" and "draw" on every device tree that Debian's arm64 kernel comes with.

None may crash, hang, end with a status that its manual does not name, or fail without a word that helps. What it says of a
board is only looked at for its form: a JSON document, a picture that an XML parser reads; but what check finds in all trees is held against
what was found when somebody looked at each finding (boards.py). Overlays are no boards: what is asked of them is to be refused, or read, with the same manners.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts", "setup"))

import boards as record_of_boards                       # noqa: E402  pylint: disable=wrong-import-position
from cache import write_json                            # noqa: E402  pylint: disable=wrong-import-position

TREES = os.path.join(TOP, "build", "parts", "trees")
RECORD = os.path.join(TOP, "build", "corpus", "trees", "result.json")
PILOT = os.path.join(TOP, "build", "native", "tools", "pilot", "pilot")
TIMEOUT = 60		# seconds for a command that needs hundredths of one: the machine may be busy
# what each command is run with, and the statuses with which it may end for a board
COMMANDS = {
    "show": (["--json"], (0,)),
    "streams": (["--json"], (0,)),
    "check": (["--json"], (0, 1)),
    "draw": ([], (0,)),
}
UNREADABLE = 2
FAILURES_SHOWN = 20
CHECKED = {}		# what check said, by the tree's path


def boards_and_overlays(root):
    """Paths of all device trees below @root, and of all overlays."""
    found = sorted(os.path.join(where, name) for where, _, names in os.walk(root) for name in names)
    return [path for path in found if path.endswith(".dtb")], [path for path in found if path.endswith(".dtbo")]


def manners(done, statuses, path):
    """What is wrong with how a command ended, or None."""
    said = done.stderr.decode(errors="replace")
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}: {said.strip()[-200:]}"
    if "Sanitizer" in said or "runtime error" in said:
        return f"a sanitizer's report: {said.strip()[:200]}"
    if done.returncode not in statuses:
        return f"status {done.returncode}: {said.strip()[:200]}"
    lines = said.splitlines()
    if done.returncode == UNREADABLE and not (lines and lines[0].startswith("pilot") and os.path.basename(path) in said):
        return f"refused without a word on which file: {said.strip()[:200]!r}"
    return None


def form(command, done, drawing, path):
    """What is wrong with the form of a command's result, or None."""
    try:
        if command == "draw":
            ElementTree.parse(drawing)
            return None
        document = json.loads(done.stdout)
        if command == "check":
            CHECKED[os.path.relpath(path, TREES)] = document
    except (ValueError, ElementTree.ParseError, OSError) as error:
        return f"its result: {error}"
    return None


def run(path, command, options, drawing):
    """One command on one tree: a CompletedProcess, or None when it does not end."""
    where = ["-o", drawing] if command == "draw" else []
    try:
        return subprocess.run([PILOT, "board", command, *options, *where, path], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None


def judge(path, overlay):
    """Every command on one tree: a list of sentences, empty when all is well."""
    wrong = []
    for command, (options, statuses) in COMMANDS.items():
        with tempfile.TemporaryDirectory() as directory:
            drawing = os.path.join(directory, "map.svg")
            done = run(path, command, options, drawing)
            if done is None:
                wrong.append(f"board {command}: no end within {TIMEOUT} s")
                continue
            problem = manners(done, (*statuses, UNREADABLE) if overlay else statuses, path)
            if not problem and done.returncode != UNREADABLE:
                problem = form(command, done, drawing, path)
        if problem:
            wrong.append(f"board {command}: {problem}")
    return wrong


def sweep(paths, overlay):
    """judge() of all @paths on two CPUs. How many are well; what is wrong is printed."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda path: judge(path, overlay), paths))
    bad = [(path, wrong) for path, wrong in zip(paths, results) if wrong]
    for path, wrong in bad[:FAILURES_SHOWN]:
        for sentence in wrong:
            print(f"     {os.path.relpath(path, TREES)}: {sentence}")
    if len(bad) > FAILURES_SHOWN:
        print(f"     and {len(bad) - FAILURES_SHOWN} more")
    return len(paths) - len(bad)


def findings_step(recording):
    """Whether check finds what it found when each finding was looked at, as a step of the record."""
    boards = {path: document for path, document in CHECKED.items() if path.endswith(".dtb")}
    name = "trees: check finds what was looked at"
    if recording:
        record_of_boards.record(boards)
    wrong = record_of_boards.compare(boards)
    if wrong is None:
        print(f"SKIPPED: {name}: boards.json is of another kernel than {record_of_boards.version()}", flush=True)
        return {"name": name, "ok": False, "skipped": True}
    for sentence in wrong[:FAILURES_SHOWN]:
        print(f"     {sentence}")
    print(f"{'FAILED' if wrong else 'ok'}   {name}", flush=True)
    return {"name": name, "ok": not wrong}


def main():
    """Returns the exit status; 0 also when there are no trees, which is said."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one tree of N")
    parser.add_argument("--record", action="store_true", help="write boards.json, after every finding was looked at")
    options = parser.parse_args()
    if not os.access(PILOT, os.X_OK):
        print(f"pilot: {PILOT} is missing: the tool is not built", file=sys.stderr)
        return 1
    boards, overlays = boards_and_overlays(TREES)
    steps = []
    if not boards:
        steps.append({"name": f"trees: none in {os.path.relpath(TREES, TOP)}", "ok": False, "skipped": True})
        print(f"SKIPPED: device trees: none in {os.path.relpath(TREES, TOP)}; scripts/setup/parts.py puts them there", flush=True)
    for what, paths in (("trees", boards), ("overlays", overlays)) if boards else ():
        chosen = paths[::max(options.every, 1)]
        good = sweep(chosen, what == "overlays")
        print(f"{what} {good} of {len(chosen)}")
        name = f"{what}: every command ends as its manual says"
        steps.append({"name": name, "ok": good == len(chosen) > 0})
        print(f"{'ok' if steps[-1]['ok'] else 'FAILED'}   {name}", flush=True)
    if boards and options.every <= 1:
        steps.append(findings_step(options.record))
    os.makedirs(os.path.dirname(RECORD), exist_ok=True)
    write_json(RECORD, {"steps": steps})
    return 1 if any(not step["ok"] and not step.get("skipped") for step in steps) else 0


if __name__ == "__main__":
    sys.exit(main())

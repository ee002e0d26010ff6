#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Add up the records of all tests and print the total as the last line.

Arguments: names of the steps of scripts/test.sh that ended with an error. One that left no failed test in its record
(it could not be built, it crashed before the first test) counts as one failure of its own. With --only, just those steps.
"""

import argparse
import glob
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RECORDS = {
    "tests, gcc": "build/native/meson-logs/testlog.json",
    "tests, clang": "build/clang/meson-logs/testlog.json",
    "corpus": "build/corpus/result.json",
    "device trees": "build/corpus/trees/result.json",
    "packages": "build/package.tap",
    "guest test": "build/run/result.json",
    "guest test, hypervisor": "build/run-guest/result.json",
    "guest test, OP-TEE": "build/run-tee/result.json",
}
# and one for each guest test that ran, with its own name
TAP_RECORDS = "build/guest/*.tap"
# What meson calls the outcome of a test, or of one case of it, and what it is for us.
PASSED = ("OK", "EXPECTEDFAIL")
SKIPPED = ("SKIP",)


def meson_results(path):
    """(name, outcome) of every test in a testlog.json: one JSON object per line. Cases are counted where reported."""
    results = []
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            whole = (test["name"], outcome(test["result"]))
            cases = tap_cases(test["name"] + ": ", test.get("stdout", ""))
            results += cases or [whole]
            # It may fail without a failed case: a sanitizer's complaint, a crash, a timeout.
            if cases and whole[1] == "failed" and all(end != "failed" for _, end in cases):
                results.append(whole)
    return results


def tap_cases(prefix, text):
    """(name, outcome) of the cases that a test reported in TAP on its output; a failed one's name has the comments behind it, too."""
    cases = []
    for line in text.splitlines():
        words = line.split()
        if line.startswith("#") and cases and cases[-1][1] == "failed":
            cases[-1] = (f"{cases[-1][0]}\n    {line}", "failed")
        good = words[:1] == ["ok"]
        if not good and words[:2] != ["not", "ok"]:
            continue
        skipped = "# SKIP" in line.upper()
        cases.append((prefix + line, "skipped" if skipped else "passed" if good else "failed"))
    return cases


def outcome(result):
    """passed, skipped or failed, for one of meson's words."""
    return "passed" if result in PASSED else "skipped" if result in SKIPPED else "failed"


def step_results(path):
    """(name, outcome) of every step of the guest test, or of the corpus; a failed one's name has what was observed behind it."""
    with open(path, encoding="utf-8") as record:
        steps = json.load(record)["steps"]
    results = []
    for step in steps:
        end = "skipped" if step.get("skipped") else "passed" if step["ok"] else "failed"
        seen = f"\n    # {step['observed']}" if end == "failed" and step.get("observed") else ""
        results.append((step["name"] + seen, end))
    return results


def tap_results(path):
    """(name, outcome) of every test in a record of TAP. Tests that its plan promised and that are not there failed."""
    with open(path, encoding="utf-8") as record:
        text = record.read()
    results = tap_cases("", text)
    plan = re.search(r"^1\.\.(\d+)$", text, re.MULTILINE)
    if not plan or int(plan.group(1)) != len(results):
        results.append(("ended before its tests did", "failed"))
    return results


def records(only):
    """Path of the record of every step, or of those that @only names."""
    found = {f"guest: {os.path.basename(path)[:-len('.tap')]}": path
             for path in sorted(glob.glob(os.path.join(TOP, TAP_RECORDS)))}
    every = {**{step: os.path.join(TOP, path) for step, path in RECORDS.items()}, **found}
    return {step: every.get(step, "") for step in only} if only else every


def results_of(path):
    """(name, outcome) of every test in a step's record; nothing when it left none."""
    if not os.path.exists(path):
        return []
    if path.endswith(".tap"):
        return tap_results(path)
    return step_results(path) if path.endswith("result.json") else meson_results(path)


def main():
    """Print the tests that did not pass, then the total. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="STEP", help="count the record of this step (repeatable)")
    parser.add_argument("broken", nargs="*", metavar="STEP", help="it ended with an error")
    arguments = parser.parse_args()
    broken = set(arguments.broken)
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for step, path in records(arguments.only).items():
        results = results_of(path)
        if not results or (step in broken and all(end != "failed" for _, end in results)):
            results.append((f"{step}: ended before its tests did", "failed"))
        broken.discard(step)
        for name, end in results:
            totals[end] += 1
            if end != "passed":
                print(f"{end.upper()}: {step}: {name}")
    for step in broken:
        totals["failed"] += 1
        print(f"FAILED: {step}")
    skipped = f", {totals['skipped']} skipped" if totals["skipped"] else ""
    print(f"{totals['passed']} passed, {totals['failed']} failed{skipped}")
    return 1 if totals["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())

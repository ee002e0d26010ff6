#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Add up the records of all tests and print the total as the last line.

Arguments: names of the steps of scripts/test.sh that ended with an error. One that left no failed test in its record
(it could not be built, it crashed before the first test) counts as one failure of its own.
"""

import json
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RECORDS = {
    "tests, gcc": "build/native/meson-logs/testlog.json",
    "tests, clang": "build/clang/meson-logs/testlog.json",
    "corpus": "build/corpus/result.json",
    "guest test": "build/run/result.json",
}
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
            cases = tap_cases(test)
            results += cases or [whole]
            # It may fail without a failed case: a sanitizer's complaint, a crash, a timeout.
            if cases and whole[1] == "failed" and all(end != "failed" for _, end in cases):
                results.append(whole)
    return results


def tap_cases(test):
    """(name, outcome) of the cases that a test reported in TAP on its output."""
    cases = []
    for line in test.get("stdout", "").splitlines():
        words = line.split()
        good = words[:1] == ["ok"]
        if not good and words[:2] != ["not", "ok"]:
            continue
        skipped = "# SKIP" in line.upper()
        cases.append((f"{test['name']}: {line}", "skipped" if skipped else "passed" if good else "failed"))
    return cases


def outcome(result):
    """passed, skipped or failed, for one of meson's words."""
    return "passed" if result in PASSED else "skipped" if result in SKIPPED else "failed"


def step_results(path):
    """(name, outcome) of every step of the guest test, or of the corpus."""
    with open(path, encoding="utf-8") as record:
        steps = json.load(record)["steps"]
    return [(step["name"], "skipped" if step.get("skipped") else "passed" if step["ok"] else "failed")
            for step in steps]


def results_of(step):
    """(name, outcome) of every test that a step recorded; nothing when it left no record."""
    path = os.path.join(TOP, RECORDS[step])
    if not os.path.exists(path):
        return []
    return step_results(path) if path.endswith("result.json") else meson_results(path)


def main():
    """Print the tests that did not pass, then the total. Returns the exit status."""
    broken = set(sys.argv[1:])
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for step in RECORDS:
        results = results_of(step)
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

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Verify every Qualcomm firmware image that Debian ships, with both crypto back ends, and compare with what is expected.

tests/corpus/expected.json says what each file is: size, SHA-256, header version, hash tables, signatures, verdict. Newer
packages change that: each difference is explained, and is a failure only when an image with the same bytes is judged
otherwise, or when any hash table, signature or chain is not good. --record writes the file anew.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts", "setup"))

# pylint: disable=wrong-import-position
import firmware                                         # noqa: E402
import unpack                                           # noqa: E402
from cache import Cache, default_root, sha256_of, write_json  # noqa: E402
from private_apt import AptError                        # noqa: E402

CORPUS = os.path.join(TOP, "build", "corpus")
FILES = os.path.join(CORPUS, "files")
EXPECTED = os.path.join(TOP, "tests", "corpus", "expected.json")
PILOT = os.path.join(TOP, "build", "native", "tools", "pilot", "pilot")
BACK_ENDS = ("openssl", "mbedtls")
COUNTS = ("tables", "signatures", "chains")


def provide(update):
    """The packages, unpacked. AptError, OSError or UnpackError when they cannot be had."""
    cache = Cache(default_root())
    apt = os.path.join(CORPUS, "apt")
    os.makedirs(CORPUS, exist_ok=True)
    try:
        with cache.locked():
            return firmware.provide(cache, FILES, apt, update)
    finally:
        shutil.rmtree(apt, ignore_errors=True)


def verify(back_end):
    """What "pilot image verify" says of all files, as JSON."""
    done = subprocess.run([PILOT, "image", "verify", "--json", "--crypto", back_end, "."], cwd=FILES,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    # 1: some are unsigned and refused for it, as they should be
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pilot image verify --crypto {back_end}: exit status {done.returncode}")
    return json.loads(done.stdout)


def table_facts(table):
    """A hash table in one line."""
    return f"{table['digest']} {table['entries']}" + (" bad" if table["errors"] else "")


def signature_facts(image):
    """Each signature of an image: by whom it was made, how, and how the check ended."""
    ended = {check["name"]: check["result"] for check in image["checks"]}
    facts = [f"{image['scheme']} {ended['signature']}, chain {ended['chain']}"] if image["scheme"] else []
    if image["countersignature"]:
        facts.append(f"QTI {image['countersignature']['result']}")
    return facts


def facts_of(image):
    """What expected.json says of one file."""
    path = os.path.join(FILES, image["file"])
    facts = {"size": os.path.getsize(path), "sha256": sha256_of(path), "verdict": image["verdict"]}
    if "table" in image:
        tables = [table for table in (image["wrapper"], image["table"]) if table]
        facts["version"] = image["version"]
        facts["tables"] = [table_facts(table) for table in tables]
        facts["signatures"] = signature_facts(image)
    return facts


def short(path):
    """A name for a file: without the directories that all packages share."""
    return path.removeprefix("./").replace("/usr/lib/firmware/", "/").replace("/usr/lib/qcom-firmware/", "/")


def compare(found, expected):
    """(failures, differences), both lists of sentences."""
    failures = []
    differences = []
    for name in sorted(found.keys() | expected.keys()):
        new, old = found.get(name), expected.get(name)
        if new == old:
            continue
        if new is None:
            differences.append(f"{name}: no longer there")
        elif old is None:
            differences.append(f"{name}: new, {new['verdict']}")
        elif new["sha256"] != old["sha256"]:
            what = f"{old['verdict']}, now {new['verdict']}" if new["verdict"] != old["verdict"] else new["verdict"]
            differences.append(f"{name}: other bytes ({old['size']}, now {new['size']}): {what}")
        else:
            failures.append(f"{name}: the same bytes, but {new} instead of {old}")
    return failures, differences


class Steps:
    """The tests of a run, for the record that scripts/count_tests.py reads."""

    def __init__(self):
        self.steps = []

    def add(self, name, passed, text=""):
        """One more, said at once."""
        self.steps.append({"name": name, "ok": passed})
        print(f"{'ok' if passed else 'FAILED'}   {name}{': ' + text if text else ''}", flush=True)

    def skip(self, why):
        """Nothing could be tested."""
        self.steps.append({"name": f"corpus: {why}", "ok": False, "skipped": True})
        print(f"SKIPPED: corpus of real images: {why}", flush=True)

    def finish(self):
        """Write the record; the exit status."""
        os.makedirs(CORPUS, exist_ok=True)
        write_json(os.path.join(CORPUS, "result.json"), {"steps": self.steps})
        return 1 if any(not step["ok"] and not step.get("skipped") for step in self.steps) else 0


def check(steps, record):
    """Run both back ends and judge what they say."""
    reports = {name: verify(name) for name in BACK_ENDS}
    first, second = (reports[name] for name in BACK_ENDS)
    differing = [a["file"] for a, b in zip(first["images"], second["images"]) if a != b]
    steps.add("both back ends agree on every file", first == second, ", ".join(differing))
    for what in COUNTS:
        good, all_of_them = first[what]["good"], first[what]["all"]
        print(f"{what} {good} of {all_of_them}")
        steps.add(f"{what}: all good", good == all_of_them > 0)
    found = {short(image["file"]): facts_of(image) for image in first["images"]}
    if record:
        lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(facts)}" for name, facts in sorted(found.items()))
        with open(EXPECTED, "w", encoding="utf-8") as out:
            out.write("{\n" + lines + "\n}\n")
    with open(EXPECTED, encoding="utf-8") as data:
        failures, differences = compare(found, json.load(data))
    for line in failures + differences:
        print(f"     {line}")
    steps.add("every file is judged as expected", not failures,
              f"{len(found)} files, {len(differences)} differ from those that were recorded")
    bad = [name for name, facts in found.items() if facts["verdict"] == "refused"]
    steps.add("no image is refused but for being unsigned", not bad, ", ".join(bad))


def main():
    """Returns the exit status; 0 also when the packages cannot be had, which is said."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--update", action="store_true", help="look for newer packages than those in the cache")
    parser.add_argument("--record", action="store_true", help="write what is found to tests/corpus/expected.json")
    options = parser.parse_args()
    steps = Steps()
    try:
        part = provide(options.update)
    except (AptError, OSError, unpack.UnpackError) as error:
        steps.skip(str(error).splitlines()[0].rstrip(":"))
        return steps.finish()
    print(f"pilot: verifying {part['version']}")
    check(steps, options.record)
    return steps.finish()


if __name__ == "__main__":
    sys.exit(main())

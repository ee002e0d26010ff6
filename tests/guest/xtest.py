# SPDX-License-Identifier: BSD-2-Clause
"""OP-TEE's own tests, xtest, as Debian has them: which of them still pass beside Pilot is part of Pilot's promise."""

import os
import re
import subprocess

import bench			# noqa: F401: makes the following importable
import modules
from cache import read_json
from context import NotSeen
from paths import PARTS, Trouble

PROGRAMS = os.path.join(PARTS, "tee-programs")
LIBRARIES = os.path.join(PROGRAMS, "usr", "lib", "aarch64-linux-gnu")
LINKER = "lib/ld-linux-aarch64.so.1"
STORAGE = "/var/lib/optee-client/data/tee"
RESULT = re.compile(r"^\s*(regression_\d+)(?:\.\d+)? (OK|FAILED|SKIPPED)", re.MULTILINE)


def needed(path):
    """Names of the libraries that the program or library at @path is linked to."""
    done = subprocess.run(["aarch64-linux-gnu-readelf", "-d", path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{path}: {done.stderr.strip()} (scripts/setup/tee.py)")
    return re.findall(r"\(NEEDED\).*\[(.*)\]", done.stdout)


def libraries(paths):
    """{name: path} of every library that the programs at @paths need."""
    found, left = {}, list(paths)
    while left:
        for name in needed(left.pop()):
            if name not in found:
                found[name] = os.path.join(LIBRARIES, name)
                left.append(found[name])
    return found


def files():
    """(files, programs) for tee_machine.prepare(): xtest, tee-supplicant, their libraries, and the TAs of both."""
    programs = [os.path.join(PROGRAMS, "usr", "bin", "xtest"), os.path.join(PROGRAMS, "usr", "sbin", "tee-supplicant")]
    linked = libraries(programs)
    linker = linked.pop(os.path.basename(LINKER))
    executable = [(os.path.relpath(path, PROGRAMS), modules.read_file(path)) for path in programs]
    executable.append((LINKER, modules.read_file(linker)))
    plain = [(f"lib/aarch64-linux-gnu/{name}", modules.read_file(path)) for name, path in linked.items()]
    plugins = os.path.join(PROGRAMS, "usr", "lib", "tee-supplicant", "plugins")
    plain += [(os.path.relpath(os.path.join(plugins, name), PROGRAMS), modules.read_file(os.path.join(plugins, name)))
              for name in sorted(os.listdir(plugins))]
    tas = [os.path.join(PROGRAMS, "usr", "lib", "optee_armtz"), os.path.join(PARTS, "optee", "export-ta_arm64", "ta")]
    for directory in tas:
        plain += [(f"lib/optee_armtz/{name}", modules.read_file(os.path.join(directory, name)))
                  for name in sorted(os.listdir(directory)) if name.endswith(".ta")]
    return plain, executable


def start_supplicant(c):
    """OP-TEE loads TAs and keeps files through it."""
    c.guest.run(f"mkdir -p {STORAGE}")
    c.guest.run("{ tee-supplicant </dev/null >/tmp/supplicant 2>&1 & }")


def run(c, chosen, seconds):
    """Run the tests whose names contain @chosen. Returns {name: OK, FAILED or SKIPPED} and the whole text."""
    result = c.guest.run_once(f"xtest {chosen} >/tmp/xtest 2>&1", seconds)
    if result is None:
        raise NotSeen(f"xtest {chosen} did not end within {seconds} s", "build/tee-guest/linux.log")
    text = "\n".join(c.guest.run("tr '[' '<' </tmp/xtest", 120)[1])
    return dict(RESULT.findall(text)), text


def version(part):
    """Which version of it build/parts has."""
    record = read_json(os.path.join(PARTS, "versions.json")) or {}
    if part not in record:
        raise Trouble(f"{part} is not in build/parts (scripts/setup/tee.py)")
    return record[part]["version"]

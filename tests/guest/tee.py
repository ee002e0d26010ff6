#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""OP-TEE with Pilot inside still passes its own tests. Prints TAP.

Debian's xtest runs in the guest, with Debian's tee-supplicant and TAs. tests/guest/xtest.txt has the tests that passed with OP-TEE alone,
built from the same source with the same configuration; with Pilot's PTA and TAs the same must pass. --record writes that file.

Chosen are the parts of xtest in which something of Pilot's could be in the way, and that take minutes and not an hour: 1000 (sessions,
TAs and their memory, concurrency, pseudo TAs, notifications and their time-outs) and 6000 (storage: TAs that are loaded and
kept through tee-supplicant, when early TAs come first), and 4001 (crypto's first, as a sample: its code is not Pilot's). 2000 needs a
network, 8000 is 4000 in other words, pkcs11 takes half an hour.
"""

import argparse
import os
import sys
import time

import tee_guest
import xtest
from context import NotSeen
from tap import Tap

import tee_machine
import tee_steps
from guest import Guest
from paths import BUILD, Trouble
from qemu import Qemu

DIRECTORY = os.path.join(BUILD, "guest-tee", "xtest")
BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "xtest.txt")
CHOSEN = ("regression_1", "regression_6", "regression_4001")
LIMIT = 2400.0
HEADER = """# SPDX-License-Identifier: BSD-2-Clause
# The tests of xtest {version} that pass with OP-TEE {optee} alone: tests/guest/tee.py --record writes this list.
"""


def _boot(options, fip):
    """(Qemu, context) of a machine with xtest in it."""
    os.makedirs(DIRECTORY, exist_ok=True)
    plain, programs = xtest.files()
    files = tee_machine.prepare(options, DIRECTORY, more_files=plain, programs=programs, fip=fip)
    qemu = Qemu(tee_machine.command_line(options, files), os.path.join(DIRECTORY, "linux.log"), os.path.join(DIRECTORY, "secure.log"))
    return qemu, tee_steps.context(options=options, qemu=qemu, guest=Guest(qemu.linux), deadline=time.monotonic() + LIMIT)


def _run_all(c):
    """{name: outcome} of all that are chosen."""
    xtest.start_supplicant(c)
    results = {}
    for chosen in CHOSEN:
        began = time.monotonic()
        found, text = xtest.run(c, chosen, 1500)
        with open(os.path.join(DIRECTORY, f"{chosen}.txt"), "w", encoding="utf-8") as out:
            out.write(text + "\n")
        print(f"# {chosen}: {len(found)} tests in {time.monotonic() - began:.0f} s", flush=True)
        results.update(found)
    return results


def _versions():
    return {"version": xtest.version("tee-programs"), "optee": xtest.version("optee-os")}


def record(options):
    """Write the list from OP-TEE alone. Returns the exit status."""
    qemu, c = _boot(options, tee_machine.OPTEE_FIP)
    with qemu:
        print(f"# {tee_steps.op_tee(c)}", flush=True)
        results = _run_all(c)
    with open(BASELINE, "w", encoding="ascii") as out:
        out.write(HEADER.format(**_versions()))
        out.writelines(f"{name}\n" for name, end in sorted(results.items()) if end == "OK")
    print("\n".join(f"# {name}: {end}" for name, end in sorted(results.items()) if end != "OK"))
    return 0


def _baseline():
    with open(BASELINE, encoding="ascii") as text:
        return [line.strip() for line in text if line.strip() and not line.startswith("#")]


def _passes_with_pilot(c, expected):
    results = _run_all(c)
    lost = [name for name in expected if results.get(name) != "OK"]
    if lost:
        raise NotSeen(f"passed with OP-TEE alone and not with Pilot: {', '.join(f'{name} ({results.get(name)})' for name in lost)}",
                      f"{DIRECTORY}/*.txt")
    panic = c.qemu.secure.find(r"^.*Panic.*$")
    others = len([name for name, end in results.items() if end == "OK" and name not in expected])
    return f"{len(expected)} tests of xtest pass as without Pilot, {others} more; last panic of a test's TA: {panic and panic.group(0)}"


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="run xtest with OP-TEE alone, and write the list of what passes")
    arguments = parser.parse_args()
    tap = Tap()
    try:
        options = tee_guest.options()
        print(f"# {options.text()}", flush=True)
        if arguments.record:
            return record(options)
        expected = _baseline()
        qemu, c = _boot(options, tee_machine.PILOT_FIP)
        with qemu:
            if tap.test("op_tee_with_pilot_comes_up", tee_steps.op_tee, c):
                tap.test("what_xtest_passes_without_pilot_it_passes_with_it", _passes_with_pilot, c, expected)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

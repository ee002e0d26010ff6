#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the traces of the demonstration tell, in every arrangement, and whether docs/ draws it as it is today.

Boots nothing: it reads what `make run` has left in build/run, build/run-guest and build/run-tee, which scripts/test.sh runs before. Believed are
the records, and the kernel's log of the same run for what Linux has seen. Prints TAP.
"""

import functools
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [os.path.join(TOP, "scripts"), os.path.join(TOP, "tests", "tool")]

import draw_sequence		# noqa: E402: only now is it importable
from tap import Tap		# noqa: E402
from trace_event import check_export, read_export		# noqa: E402

RUNS = {name: os.path.join(TOP, "build", f"run{end}") for name, end in (("owner", ""), ("guest", "-guest"), ("tee", "-tee"))}
SECURE_RAM = range(0x0e000000, 0x0f000000)
HOSTS_WORDS = ("CALL", "TRAP", "PSCI", "STOPPED_ACCESS")		# what the host itself passed

# A request goes on while its core does: each has an order of its own. What stands in brackets comes in either order: a crash shows when
# the TA looks, and Linux may ask it to (because of the TEE's event) before it stops the core (because of the watchdog's interrupt), or not.
START = ("INIT_IMAGE", "OFF -> LOADED", "MEM_SETUP", "LOADED -> PLACED", "AUTH_AND_RESET", "PLACED -> LOCKED", "lock", "accepted", "verify",
         "accepted", "LOCKED -> RUNNING", "accepted")
RECOVERY = ("SHUTDOWN", "RUNNING -> CRASHED", "scrub and unlock", "CRASHED -> OFF", "accepted")
STOP = ("SHUTDOWN", "scrub and unlock", "RUNNING -> OFF", "accepted")
REFUSALS = tuple(word for reason in ("HASH_SEGMENT", "CERT_ROOT", "BIND_SOC")
                 for word in ("AUTH_AND_RESET", "verify", f"refused: {reason}", "scrub and unlock", "LOCKED -> OFF"))
RELEASED, HELD, CRASHED = "core 0 is released", "core 0 is held", "core 0: the secure world hears of its end by a fault"
READY = (RELEASED, "shim starts", "program is ready", 'core 0: the secure world hears "ready"')
CORE = READY + ("read refused: ", CRASHED, HELD) + READY + (HELD,) + READY
TEE = ("LOAD_FW", "verify", "OFF -> LOCKED", "PTA: CLAIM", "PTA: WRITE", "LOCKED -> AUTHENTICATED", "START_FW", "PTA: START",
       "AUTHENTICATED -> RUNNING", ("RUNNING -> CRASHED", "STOP_FW"), "PTA: STOP", "CRASHED -> STOPPED", "LOAD_FW", "START_FW",
       "STOP_FW", "RELEASE_FW", "refused: CONTAINER_PROCESSOR", "refused: ROLLBACK")
TEE_CORE = READY + ("core 0: the secure world hears of its end by ", HELD) + READY + (HELD,)


class Wrong(Exception):
    """What the traces tell is not what it should be."""


@functools.cache
def events(run):
    """All events of a run, the kernel's lines among them."""
    return draw_sequence.read_trace(RUNS[run])


def _behind(run, texts, at, words):
    """Where the first text that begins with @words ends, from @at on."""
    found = next((i for i in range(at, len(texts)) if texts[i].startswith(words)), None)
    if found is None:
        raise Wrong(f"{run}: {words!r} is not told behind {texts[at - 1] if at else 'the beginning'!r}")
    return found + 1


def tells(run, tracks, story):
    """The records of these tracks have the parts of @story in this order, others between them."""
    texts = [e["text"] for e in events(run) if e["track"] in tracks]
    at = 0
    for part in story:
        at = max(_behind(run, texts, at, words) for words in ((part,) if isinstance(part, str) else part))
    return f"{len(story)} of {len(texts)} records, from {story[0]!r} to {story[-1]!r}"


def kernel_agrees(run, line, text, count):
    """The kernel says @line each time only after the secure world has heard it."""
    heard = [e["ns"] for e in events(run) if e["text"].startswith(text)]
    said = [e["ns"] for e in events(run) if e["writer"] == "kernel" and re.search(line, e["text"])]
    if len(heard) < count or len(said) < count:
        raise Wrong(f"{run}: heard {len(heard)} times, said {len(said)} times, and wanted are {count}")
    for first, second in list(zip(heard, said))[:count]:
        if second < first:
            raise Wrong(f"{run}: the kernel says it {first - second} ns before it was so")
    return f"{count} times; the first time {said[0] - heard[0]} ns later"


def no_secure_address(run):
    """No record has one."""
    looked = [e for e in events(run) if e["writer"] != "kernel" and e["event"] not in HOSTS_WORDS]
    found = [e for e in looked if int(e["a"], 0) in SECURE_RAM or int(e["b"], 0) in SECURE_RAM]
    if found or len(looked) < 100:
        raise Wrong(f"{run}: of {len(looked)} records these have one: {found[:3]}")
    return f"{len(looked)} records"


def exports(run):
    """What is exported keeps the rules of the format."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "trace.json")
        done = subprocess.run([draw_sequence.TOOL, "trace", "export", RUNS[run], "-o", path], capture_output=True, check=False)
        if done.returncode:
            raise Wrong(done.stderr.decode())
        try:
            names, written = check_export(*read_export(path))
        except AssertionError as error:
            raise Wrong(str(error)) from error
    if not {"host kernel", "CPUs", "remote cores", "peripherals"} <= set(names.values()):
        raise Wrong(f"{run}: it has {sorted(set(names.values()))}")
    return f"{len(written)} entries on {len(names)} tracks and groups"


def is_drawn(picture):
    """docs/ has the rows of today's run, in their order."""
    path = os.path.join(TOP, "docs", f"sequence-{picture}.svg")
    with open(path, encoding="ascii") as file:
        there = draw_sequence.lanes(file.read())
    now = draw_sequence.lanes(draw_sequence.draw(picture, events("owner" if picture == "video" else picture)))
    for lane in now:
        if now[lane] != there.get(lane):
            raise Wrong(f"docs/sequence-{picture}.svg: {lane}: today {now[lane]}, drawn {there.get(lane)}")
    return f"{sum(map(len, now.values()))} rows"


def main():
    """Entry point."""
    tap = Tap()
    for run in ("owner", "guest"):
        tap.test(f"{run}_requests_of_start_recovery_stop_and_refusals_are_told_in_order", tells, run, {"adsp"},
                 START + RECOVERY + START + STOP + REFUSALS + START)
        tap.test(f"{run}_start_crash_and_stop_of_the_core_are_told_in_order", tells, run, {"core 0"}, CORE)
    tap.test("guest_the_carve_out_is_taken_before_it_is_verified_and_given_back_after_it_was_scrubbed", tells, "guest", {"adsp"},
             ("carve-out 0xb0000000 (+0x900000) is out of", "verify", "scrub and unlock", "its streams abort", "carve-out 0xb0000000 (+0x900000) is the"))
    tap.test("tee_requests_of_load_start_recovery_and_stop_are_told_in_order", tells, "tee", {"m33"}, TEE)
    tap.test("tee_start_crash_and_stop_of_the_core_are_told_in_order", tells, "tee", {"core 0"}, TEE_CORE)
    for run, processor in (("owner", "adsp"), ("guest", "adsp"), ("tee", "m33")):
        tap.test(f"{run}_the_kernels_lines_come_after_what_they_tell", kernel_agrees, run, rf"remote processor {processor} is now up",
                 'core 0: the secure world hears "ready"', 1)
        tap.test(f"{run}_no_record_has_an_address_of_the_secure_world", no_secure_address, run)
        tap.test(f"{run}_what_is_exported_keeps_the_formats_rules", exports, run)
    for picture in draw_sequence.SUBJECTS:
        tap.test(f"{picture}_is_drawn_as_it_is", is_drawn, picture)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

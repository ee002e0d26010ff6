#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How long a remote processor takes from start to running under the stock kernel, in both arrangements.

The guest's own kernel dates the beginning and the end. QEMU runs with -icount: the guest's clock advances by a nanosecond for each
instruction, so the figures do not depend on how busy this machine is. After each start, in the same machine: the file's SHA-384 by the
guest's sha384sum, the least that somebody does who checks a file before it is used.

A start counts only when the secure world says that it authenticated the image, the driver says running and the program's heartbeat
advances: one that failed is an error. Prints figures; the exit status is 0 when all were measured. With --write docs/COSTS.md gets them.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import re
import statistics
import sys
import time

import bench
from bench import TOP

import constants
import images
import modules
import options as machine_options
import steps
from guest import CDSP, REMOTEPROC
from options import GUEST, OWNER
from paths import BUILD, Trouble, built

LIMIT = 1500			# seconds for one machine
ICOUNT = ("-icount", "shift=0,sleep=off")
NAMES = {"adsp-12k": "12 KiB", "adsp-4m": "4 MiB"}
WHATS = ("start", "outside", "read", "digest")
DOCUMENT = os.path.join(TOP, "docs", "COSTS.md")
BEGIN, END = "<!-- begin starts -->\n", "<!-- end starts -->\n"
TIME = r"^\[ *(\d+)\.(\d{6})\] "
UP = TIME + steps.UP[len(steps.STAMP):]


def directory_of(arrangement):
    """Where the files of a machine land."""
    return os.path.join(BUILD, f"starts-{arrangement}")


def sign(platform, directory):
    """The images to start. Returns their paths."""
    os.makedirs(directory, exist_ok=True)
    paths = []
    for name in NAMES:
        paths.append(os.path.join(directory, f"{name}.mbn"))
        images.sign(built(f"{name}.elf"), paths[-1], images.genuine_keys(), platform["VIRT_ADSP_SW_ID"])
    return paths


def told(c, command):
    """Run @command in the guest with its own messages alone in the kernel's log. Returns (what it printed, that log).

    The log is printed at the end: what goes to the console meanwhile would cost time.
    """
    start = c.qemu.linux.position()
    result = c.guest.run_once(f"dmesg -c >/dev/null; {command}; dmesg", 300)
    if not result:
        raise Trouble(f"the guest did not answer to: {command}")
    return result[1], c.qemu.linux.since(start)


def moment(log, pattern, what):
    """When the kernel said it, in microseconds."""
    found = re.findall(pattern, log, re.MULTILINE)
    if len(found) != 1:
        raise Trouble(f"the kernel's log says {len(found)} times, not once, {what}: {log}")
    return int(found[0][0]) * 1000000 + int(found[0][1])


def look(c):
    """A proven count of heartbeats. The machine stands still meanwhile: when it has nothing to do its clock leaps, and beats fly."""
    for _ in range(100):
        c.qemu.monitor.execute("stop")
        count = c.heart.count()
        c.qemu.monitor.execute("cont")
        if count is not None:
            return count
        time.sleep(0.01)
    raise Trouble("no heartbeat that only the program can produce")


def beats(c):
    """See that the program runs."""
    first = look(c)
    while c.by(1) > time.monotonic():
        if look(c) > first:
            return
    raise Trouble(f"the heartbeat stands still at {first}")


def start(c, name):
    """One start, and stop. Returns the times in microseconds and how many bytes were authenticated."""
    c.mark()
    _, log = told(c, f"echo begin >/dev/kmsg; echo start >{REMOTEPROC}/state")
    begin, end = moment(log, TIME + "begin$", "that the start begins"), moment(log, UP, f"that {name} is up")
    read = moment(log, TIME + rf"remoteproc remoteproc0: Booting fw image {name}\.mbn, size \d+$", f"that {name} is read")
    accepted = c.secure(r"adsp: AUTH_AND_RESET accepted: .*, (\d+) bytes, (\d+) us", 60, f"it accepted {name}")
    c.state("running", 60)
    beats(c)
    c.told("stop", 120)
    c.state("offline", 60)
    return {"start": end - begin, "outside": end - begin - int(accepted.group(2)), "read": read - begin}, int(accepted.group(1))


def digest(c, path):
    """The time of the plain digest in microseconds; it has to be right."""
    said, log = told(c, f"echo begin >/dev/kmsg; sha384sum /lib/firmware/{os.path.basename(path)}; echo end >/dev/kmsg")
    right = hashlib.sha384(modules.read_file(path)).hexdigest()
    if not any(line.startswith(right) for line in said):
        raise Trouble(f"sha384sum in the guest says of {path}: {said}")
    return moment(log, TIME + "end$", "that the digest is made") - moment(log, TIME + "begin$", "that the digest begins")


def samples(c, paths, rounds):
    """{image: {what: [microseconds]}, and bytes}. The images take turns; the first turn fills caches."""
    found = {name: {what: [] for what in WHATS} for name in NAMES}
    for turn in range(rounds + 1):
        for name, path in zip(NAMES, paths):
            if c.guest.write(f"{REMOTEPROC}/firmware", f"{name}.mbn") != 0:
                raise Trouble(f"the driver does not take the name {name}.mbn")
            times, size = start(c, name)
            times["digest"] = digest(c, path)
            found[name]["bytes"] = size
            for what in WHATS if turn else ():
                found[name][what].append(times[what])
    return found


def come_up(c):
    """Linux is up at its level, has started what it starts by itself, and stopped it again; its kernel prints nothing by itself."""
    c.qemu.linux.wait("^init: ready$", c.by(600))		# a busy machine; whether it came up is seen next
    steps.linux_runs(c)
    for remoteproc, up in ((REMOTEPROC, steps.UP), (CDSP, steps.CDSP_UP)):
        c.kernel(up, 300, f"{remoteproc} is up")
        c.guest.write(f"{remoteproc}/state", "stop", 120)
        c.state("offline", 60, remoteproc)
    c.guest.run("dmesg -n 1")


def measure(arrangement, rounds):
    """What was measured in @arrangement, and on what."""
    platform = constants.platform()
    options = machine_options.from_environment(platform["VIRT_RAM_MIN"])
    # one CPU: with -icount others take turns with it
    options = dataclasses.replace(options, arrangement=arrangement, host_cpus=1, devices=ICOUNT)
    directory = directory_of(arrangement)
    paths = sign(platform, directory)
    qemu, c = bench.boot(options, paths, LIMIT, directory=directory)
    with qemu:
        come_up(c)
        found = samples(c, paths, rounds)
        c.no_complaint(0)
    return found, f"Linux {options.kernel_version}, QEMU {options.qemu_version}, CPU {options.cpu}, {options.memory >> 20} MiB"


def summary(found):
    """Medians in microseconds, their spreads (longest less shortest, by the median), and the ratios."""
    rows = []
    for name, text in NAMES.items():
        both = {a: found[a][name] for a in (OWNER, GUEST)}
        median = {a: {what: statistics.median(both[a][what]) for what in WHATS} for a in both}
        spread = {a: {what: (max(both[a][what]) - min(both[a][what])) / median[a][what] for what in WHATS} for a in both}
        rows.append({"image": text, "bytes": both[OWNER]["bytes"], "microseconds": median, "spread": spread,
                     "guest_by_owner": {what: median[GUEST][what] / median[OWNER][what] for what in WHATS},
                     "start_by_digest": {a: median[a]["start"] / median[a]["digest"] for a in both}})
    return rows


def table(rows):
    """The document's table, and people's."""
    names = {"start": "from start to running", "outside": "of that, outside of AUTH_AND_RESET",
             "read": "of that, until the kernel has read the file", "digest": "plain digest of the file, `sha384sum` in the guest"}
    lines = ["| what | image | owner, ms | guest, ms | guest by owner | spread |", "|---|---|---|---|---|---|"]
    for row in rows:
        for what, text in names.items():
            owner, guest = (row["microseconds"][a][what] / 1000 for a in (OWNER, GUEST))
            spread = max(row["spread"][a][what] for a in (OWNER, GUEST))
            lines.append(f"| {text} | {row['image']} | {owner:.3f} | {guest:.3f} | {row['guest_by_owner'][what]:.3f} | {spread:.2%} |")
        owner, guest = (row["start_by_digest"][a] for a in (OWNER, GUEST))
        lines.append(f"| start by plain digest, ratio | {row['image']} | {owner:.2f} | {guest:.2f} | | |")
    return "\n".join(lines) + "\n"


def write_document(text):
    """Put the table into the document."""
    document = modules.read_file(DOCUMENT).decode()
    if document.count(BEGIN) != 1 or document.count(END) != 1:
        raise Trouble(f"{DOCUMENT}: one pair of markers expected")
    before, after = document.split(BEGIN)[0], document.split(END)[1]
    with open(DOCUMENT, "w", encoding="utf-8") as out:
        out.write(before + BEGIN + text + END + after)


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=7, help="starts of each image in each arrangement (default: 7)")
    parser.add_argument("--json", action="store_true", help="print a JSON document")
    parser.add_argument("--write", action="store_true", help="put the table into docs/COSTS.md")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds takes a number from 1, not {options.rounds}")
    begun = time.monotonic()
    try:
        found, machine = {}, ""
        for arrangement in (OWNER, GUEST):
            found[arrangement], machine = measure(arrangement, options.rounds)
        rows = summary(found)
        if options.write:
            write_document(f"{machine}; median of {options.rounds}:\n\n{table(rows)}")
    except (Trouble, steps.NotSeen, OSError) as error:
        print(f"pilot: starts: {error}", file=sys.stderr)
        return 1
    if options.json:
        json.dump({"machine": machine, "rounds": options.rounds, "samples": found, "rows": rows, "table": table(rows)}, sys.stdout,
                  indent=1)
    else:
        print(f"{machine}; median of {options.rounds}; took {time.monotonic() - begun:.0f} s")
        print(table(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What Pilot's remoteproc TA costs, and OP-TEE's own beside it in the same OP-TEE, in instructions. Prints JSON.

Linux's kernel calls both with the same files: programs of 1 and 4 MiB as ELF32, the only kind that OP-TEE's own takes, in a container
with one ECDSA signature. QEMU's -icount makes the clock advance by a nanosecond for each instruction of the one CPU that Linux has,
and of the remote cores, which wait; the counter ticks every 16. scripts/build_tee.sh --bench makes the OP-TEE for this.
"""

import json
import os
import statistics
import struct
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "guest"), os.path.join(TOP, "scripts", "setup")]

import tee_guest			# noqa: E402: first of them: it says where the others are
import containers			# noqa: E402
import modules				# noqa: E402
import tee_call				# noqa: E402
from context import NotSeen		# noqa: E402
from paths import BUILD, Trouble, built	# noqa: E402
from tee_call import value		# noqa: E402

UPSTREAM_UUID = "7d1c8d0a-3f2b-4f6e-9b55-6a2e0b9c4d17"	# bench/tee/ta
LOAD, START, STOP, RELEASE, STATE = 1, 2, 3, 6, 0x101
M33 = 0
SIZES = {"1 MiB": "m33-1m.elf", "4 MiB": "m33-4m.elf"}
ROUNDS = 5
FIP = os.path.join(BUILD, "tee", "bench.fip")
DIRECTORY = os.path.join(BUILD, "guest-tee", "bench-images")
COSTS = os.path.join(BUILD, "cost", "costs.json")
_SHDR64, _SHDR32 = "<IIQQQQIIQQ", "<10I"


def to_elf32(elf):
    """The 64-bit ELF file @elf with headers of 32 bits; everything else is where it was, sections' headers behind it."""
    entry, phoff, shoff, flags, _, _, phnum, _, shnum, shstrndx = struct.unpack_from("<QQQIHHHHHH", elf, 24)
    kind, machine, version = struct.unpack_from("<HHI", elf, 16)
    programs = [struct.unpack_from("<IIQQQQQQ", elf, phoff + 56 * i) for i in range(phnum)]
    sections = [struct.unpack_from(_SHDR64, elf, shoff + 64 * i) for i in range(shnum)]
    tables = b"".join(struct.pack("<8I", p_type, offset, vaddr, paddr, filesz, memsz, p_flags, align)
                      for p_type, p_flags, offset, vaddr, paddr, filesz, memsz, align in programs)
    head = elf[:4] + b"\x01" + elf[5:16] + struct.pack("<HHIIIIIHHHHHH", kind, machine, version, entry, 52, len(elf), flags, 52, 32,
                                                     phnum, 40, shnum, shstrndx) + tables
    return head + elf[len(head):] + b"".join(struct.pack(_SHDR32, *section) for section in sections)


def make_images():
    """Sign both programs. Returns the paths."""
    os.makedirs(DIRECTORY, exist_ok=True)
    paths = []
    for name in SIZES.values():
        elf, path = os.path.join(DIRECTORY, name), os.path.join(DIRECTORY, name.replace(".elf", ".bin"))
        with open(elf, "wb") as out:
            out.write(to_elf32(modules.read_file(built(name))))
        containers.sign(elf, path, containers.key(), M33)
        paths.append(path)
    return paths


def call(machine, session, command, *params):
    """Instructions of one command, which must succeed."""
    reply = machine.call.invoke(session, command, value(M33), *params, seconds=600)
    if reply.error or reply.result:
        raise Trouble(f"command {command:#x}: {reply.error}, {reply.result:#x}: {' / '.join(machine.qemu.secure.tail(4))}")
    return reply.ns


def runs(machine):
    """The core's program counts. Too fast to read a proof here: its clock does not wait for ours."""
    where = machine.tee["VIRT_TEE_M33_CTRL"] + machine.remote["PIL_CTRL_COUNT"]
    first = machine.qemu.monitor.read_words(where, 1)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if machine.qemu.monitor.read_words(where, 1) != first:
            return True
    return False


def rounds(machine, uuid, name):
    """{command: instructions}: medians of load, start and release of an image."""
    session, result = machine.call.open(uuid, value(M33), seconds=600)
    if result:
        raise Trouble(f"{uuid}: no session: {result:#x}")
    seen = {"load": [], "start": [], "stop": [], "release": []}
    for _ in range(ROUNDS):
        seen["load"].append(call(machine, session, LOAD, tee_call.file("/lib/firmware/" + name.replace(".elf", ".bin"))))
        seen["start"].append(call(machine, session, START))
        if not runs(machine):
            raise Trouble(f"{uuid}: {name} does not run")
        seen["stop"].append(call(machine, session, STOP))
        seen["release"].append(call(machine, session, RELEASE))
    machine.call.close(session)
    return {what: statistics.median(found) for what, found in seen.items()}


def null_invoke(machine):
    """Instructions of the shortest commands: Pilot's STATE, and RELEASE of nothing, which OP-TEE's own refuses at once."""
    session, _ = machine.call.open(tee_guest.REMOTEPROC_UUID, value(M33), seconds=600)
    ours = [machine.call.invoke(session, STATE, value(M33), "o").ns for _ in range(2 * ROUNDS)]
    refused = [machine.call.invoke(session, 0x1FF).ns for _ in range(2 * ROUNDS)]
    machine.call.close(session)
    return statistics.median(ours), statistics.median(refused)


def measure():
    """{what: figure}."""
    containers.make()
    images = make_images()
    chosen = tee_guest.options(host_cpus=1)
    found = {"pilot": {}, "upstream": {}, "size": {}}
    with tee_guest.machine("bench", chosen, seconds=3000, icount=("-icount", "shift=0,sleep=off"), more_images=images, fip=FIP,
                           variant=("RPROC_TEE_UNPOWERED",)) as machine:
        found["state"], found["refused"] = null_invoke(machine)
        for size, name in SIZES.items():
            found["size"][size] = os.path.getsize(os.path.join(DIRECTORY, name.replace(".elf", ".bin")))
            found["pilot"][size] = rounds(machine, tee_guest.REMOTEPROC_UUID, name)
            found["upstream"][size] = rounds(machine, UPSTREAM_UUID, name)
    return found


def rows(found):
    """(what, figure, unit, beside it) of the result."""
    table = []
    for size in SIZES:
        ours, theirs = found["pilot"][size], found["upstream"][size]
        both = ours["load"] + ours["start"], theirs["load"] + theirs["start"]
        table += [(f"load and start, {size}: Pilot's TA", both[0], "instructions", None),
                  (f"load and start, {size}: OP-TEE's own TA", both[1], "instructions", None),
                  (f"load and start, {size}: Pilot's to OP-TEE's own", both[0] / both[1], "ratio", None)]
    small, large = SIZES
    length = found["size"][large] - found["size"][small]
    for who, name in (("pilot", "Pilot's TA"), ("upstream", "OP-TEE's own TA")):
        table.append((f"load, each further byte: {name}", (found[who][large]["load"] - found[who][small]["load"]) / length,
                      "instructions", None))
    table.append(("STATE, from Linux's kernel and back", found["state"], "instructions", None))
    if os.path.exists(COSTS):
        with open(COSTS, encoding="ascii") as text:
            costs = json.load(text)
        table += [("STATE to the null call of Pilot's own service", found["state"] / costs["cost"]["null-call"], "ratio", None),
                  ("load, each further byte, to authentication by Pilot's own service",
                   (found["pilot"][large]["load"] - found["pilot"][small]["load"]) / length / costs["per_byte"]["authentication"],
                   "ratio", None)]
    return table


def main():
    """Entry point."""
    try:
        found = measure()
    except (Trouble, NotSeen) as error:
        print(f"bench/tee/cost.py: {error}", file=sys.stderr)
        return 1
    json.dump({"figures": found, "rows": rows(found)}, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())

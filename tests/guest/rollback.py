# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: rollback versions. They come last: the demonstration's own images, of version 0, do not start after them."""

import os
import struct

from bench import ACCEPTED, DIRECTORY, images
from guest import REMOTEPROC
from paths import built

import modules
import steps

OLD, NEW, DEAD = "rollback-1.mbn", "rollback-2.mbn", "rollback-3-never-ready.mbn"
BRANCH_TO_ITSELF = 0x14000000
_PT_LOAD = 1


def _never_ready(elf):
    """The program, with an endless loop where it begins."""
    data = bytearray(elf)
    entry, phoff = struct.unpack_from("<QQ", data, 24)
    phentsize, phnum = struct.unpack_from("<HH", data, 54)
    for number in range(phnum):
        kind, _, offset, vaddr, _, filesz = struct.unpack_from("<IIQQQQ", data, phoff + number * phentsize)
        if kind == _PT_LOAD and vaddr <= entry < vaddr + filesz:
            struct.pack_into("<I", data, offset + entry - vaddr, BRANCH_TO_ITSELF)
            return bytes(data)
    raise steps.NotSeen("the program's entry lies in none of its segments", "the test itself")


def make(sw_id):
    """Make the images. Returns their paths."""
    dead = os.path.join(DIRECTORY, "never-ready.elf")
    with open(dead, "wb") as out:
        out.write(_never_ready(modules.read_file(built("adsp.elf"))))
    paths = [os.path.join(DIRECTORY, name) for name in (OLD, NEW, DEAD)]
    for version, (path, elf) in enumerate(zip(paths, (built("adsp.elf"), built("adsp.elf"), dead)), 1):
        images.sign(elf, path, images.genuine_keys(), sw_id, version=version)
    return paths


def _start(c, image):
    c.mark()
    c.state("offline")
    c.guest.write(f"{REMOTEPROC}/firmware", image)
    c.told("start", 60)


def _counted(c, version):
    """Stop the program that runs; the counter has moved to @version before that."""
    c.told("stop", 60)
    c.state("offline", 30)
    c.secure(rf"adsp: rollback counter of software 0x4 advanced to {version}", 10, f"version {version} was counted")


def never_ready(c):
    """A newer image is accepted, hangs, and is given up: the older one still starts."""
    c.offline()
    _start(c, DEAD)
    c.secure(ACCEPTED + ".*", 30, "it accepted the newer image")
    c.kernel(r"start timed out", 60, "the newer image did not become ready")
    c.secure(r"adsp: SHUTDOWN accepted: was RUNNING, .*", 30, "it was given up")
    if c.secure_count("adsp: rollback counter"):
        raise steps.NotSeen("an image that never was ready was counted", "build/guest/secure.log")
    _start(c, OLD)
    beats = c.up(60)
    _counted(c, 1)
    return f"version 3 never was ready; version 1 then ran, {beats}"


def ready(c):
    """A newer image became ready: the older one is refused by name."""
    _start(c, NEW)
    beats = c.up(60)
    _counted(c, 2)
    told = steps.refused(c, OLD, "ROLLBACK", "version 1 after version 2 was ready")
    c.secure(r"adsp: AUTH_AND_RESET refused: ROLLBACK: rollback version 1 is older than 2", 5, "both versions")
    return f"version 2 ran, {beats}; {told}"


def after_reset(c):
    """The counter outlives the machine's restart."""
    c.mark()
    c.guest.type("reboot -f")
    c.secure("monitor: the host resets the system", 60, "the host asked for a reset")
    c.kernel(r"^\[ +0\.000000\] Booting Linux", 180, "it boots again")
    steps.linux_runs(c)
    c.secure(r"adsp: AUTH_AND_RESET refused: ROLLBACK: rollback version 0 is older than 2", 90,
             "the image of version 0 with which the driver begins is too old")
    told = steps.refused(c, OLD, "ROLLBACK", "version 1 after the restart")
    _start(c, NEW)
    return f"{told}; version 2 starts: {c.up(60)}"

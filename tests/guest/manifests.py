# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: what the streams of a remote core reach. The resource table of the secure world, which the stock driver maps,
and manifests, which take away from it."""

import json
import os
import re
import time

from bench import DIRECTORY, images
from guest import REMOTEPROC
from paths import built
from steps import STAMP, NotSeen

NARROW = "adsp-without-clock.mbn"
HOUR = 3600


def _entry(platform, name, size, access, sid="VIRT_ADSP_SID"):
    """One entry of a manifest; @size names a constant."""
    return {"sid": hex(platform[sid]), "access": access, "base": hex(platform[name]), "size": hex(platform[size])}


def _sign(platform, name, entries):
    """The adsp's image with a manifest. Returns its path."""
    description = os.path.join(DIRECTORY, name + ".json")
    path = os.path.join(DIRECTORY, name)
    with open(description, "w", encoding="ascii") as out:
        json.dump({"entries": entries}, out)
    images.sign(built("adsp.elf"), path, images.genuine_keys(), platform["VIRT_ADSP_SW_ID"], more=["--manifest", description])
    return path


def make(platform):
    """Make the images. Returns (path of one that starts, [(name, path, reason)] of those that do not)."""
    both = ["read", "write"]
    needed = [_entry(platform, "VIRT_SMEM", "VIRT_SMEM_SIZE", both), _entry(platform, "VIRT_CTRL", "VIRT_CTRL_SIZE", both)]
    beyond = {**needed[1], "base": hex(platform["VIRT_KERNEL"])}
    bad = (("range_that_is_not_granted", beyond, "MANIFEST_RANGE"),
           ("neighbours_control_page", {**needed[1], "base": hex(platform["VIRT_CTRL"] + platform["VIRT_CTRL_SIZE"])},
            "MANIFEST_RANGE"),
           ("stream_of_the_cdsp", _entry(platform, "VIRT_CTRL", "VIRT_CTRL_SIZE", both, "VIRT_CDSP_SID"), "MANIFEST_STREAM"),
           ("writes_to_the_clock", _entry(platform, "VIRT_RTC", "VIRT_RTC_SIZE", both), "MANIFEST_ACCESS"),
           ("purpose_of_another_stream", {**needed[1], "purpose": "dma-master", "base": needed[0]["base"]}, "MANIFEST_PURPOSE"))
    made = []
    for name, entry, reason in bad:
        made.append((f"manifest_with_{name}", _sign(platform, name + ".mbn", [needed[0], needed[1], entry]
                                                    if name != "purpose_of_another_stream" else [entry]), reason))
    return _sign(platform, NARROW, needed), made


def _clock(c):
    """What the program reads from the clock's registers: the time."""
    c.running()
    value = c.page + c.remote["PIL_CTRL_VALUE"]
    c.request("PIL_CTRL_READ_DEVICE")
    until = c.by(10)
    while not c.qemu.monitor.read_words(value, 1)[0] >> 32 and time.monotonic() < until:
        time.sleep(0.05)
    word = c.qemu.monitor.read_words(value, 1)[0]
    if not word >> 32 or abs((word & 0xffffffff) - time.time()) > HOUR:
        raise NotSeen(f"the program brought {word:#x} from the clock", "build/guest/secure.log: shim: core 0")
    return word & 0xffffffff


def device_memory(c):
    """The stock driver maps registers from the resource table, and skips what it does not know."""
    seconds = _clock(c)
    lines = len(re.findall(STAMP + r"remoteproc remoteproc0: unsupported vendor resource 336$", c.qemu.linux.since(0),
                           re.MULTILINE))
    if not lines:
        raise NotSeen("the kernel does not say that it skipped the entry for the stream", "build/guest/linux.log")
    table = " ".join(c.guest.run("cat /sys/kernel/debug/remoteproc/remoteproc0/resource_table")[1])
    if not re.search(r"Physical Address 0x9010000 +Length 0x1000 Bytes +Flags 0x11 +Reserved \S+ \S+ \S+ \S+ +Name rtc\b", table):
        raise NotSeen(f"the driver's table does not have the clock as registers to read: {table}", "lib/pas/resources.c")
    return f"the program reads {seconds} from the clock; {lines} entries skipped; {c.beats()}"


def shared_device(c):
    """The hypervisor maps the registers for the stream, and leaves them to Linux, too: the stream may only read them."""
    seconds = _clock(c)
    linux = int(c.guest.read("/sys/class/rtc/rtc0/since_epoch", r"\d+"))
    if abs(linux - seconds) > HOUR:
        raise NotSeen(f"Linux reads {linux} from the clock, the program {seconds}", "firmware/hypervisor/streams.c")
    return f"the program reads {seconds} from the clock, Linux {linux}; {c.beats()}"


def narrowed(c, why="address 0x9010000 leads to 0x9010000, which the stream ledger does not grant"):
    """An image that renounced the clock runs, and is stopped by name, and for @why, when it reads the clock all the same."""
    c.offline()
    c.guest.write(f"{REMOTEPROC}/firmware", NARROW)
    c.told("start")
    told = c.secure(r"adsp: AUTH_AND_RESET accepted: .*, manifest of 2 ranges, .*", 15, "it took the manifest")
    beats = c.up()
    c.mark()
    c.request("PIL_CTRL_READ_DEVICE")
    fault = c.secure(rf"shim: core 0: read of 0x9010000 at pc .*: {why}", 10, "the access was stopped by name")
    c.kernel(STAMP + r"remoteproc remoteproc0: crash detected in adsp: type .*$", 10, "adsp crashed")
    c.up()
    c.offline()
    return f"{told.group(0).split('] ', 1)[1]}; {beats}; then: {fault.group(0).split('] ', 1)[1]}"


def whole_again(c):
    """The next image, without a manifest, has what the board grants."""
    return device_memory(c)

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios of the stock driver over an allocator that makes SHM bridges: Debian's kernel source in another configuration.

scripts/setup/build_kernel.py has built it from tests/guest/kernel/shmbridge.config, with the modules. The driver of the video
core is put to it, too. What the scenarios saw is then held
against the secure log: bridges were in force all the time, and every buffer that was accepted can have been in one only.
"""

import dataclasses
import os
import re
import signal
import sys

import bench
import bridges
import companion
import scenarios
import video
from steps import STAMP, NotSeen
from tap import Tap

import modules
import options as machine_options
import video_core
from options import GUEST
from paths import PARTS, Trouble

KERNEL = os.path.join(PARTS, "linux-shmbridge")
LOG = os.path.join(bench.DIRECTORY, "secure.log")
RANGE = r"0x([0-9a-f]+) \(\+0x([0-9a-f]+)\)"
CREATED = re.compile(rf"host: SHM_BRIDGE_CREATE accepted: {RANGE}, handle 0x([0-9a-f]+)$")
DELETED = re.compile(rf"host: SHM_BRIDGE_DELETE accepted: {RANGE}$")
CALL = re.compile(r"(\S+): (INIT_IMAGE|GET_RSCTABLE|AUTH_AND_RESET) (accepted|refused): (.*)$")


class Ledger:
    """The bridges as the secure log tells of them, and what was asked for in their presence."""

    def __init__(self, platform):
        self._carveouts = {name: (platform[f"VIRT_{place}_MEM"], platform[f"VIRT_{place}_SIZE"])
                           for name, place in (("adsp", "ADSP"), ("cdsp", "CDSP"), ("video", "VIDEO"),
                                               ("adsp-dtb", "ADSP_DTB"))}
        self.live = {}			# handle: range
        self.answered = set()		# carve-outs whose bridge has served its purpose
        self.enabled = False
        self.counts = dict.fromkeys(("boots", "enabled", "created", "deleted", "accepted"), 0)
        self.most = 0

    def _count(self, what):
        self.counts[what] += 1

    def pools(self):
        """Bridges over the allocator's pools: {handle: range}."""
        return {handle: each for handle, each in self.live.items() if each not in self._carveouts.values()}

    def _called(self, line, name, request, answer, text):
        if not self.enabled:
            raise NotSeen(f"before bridges were enabled: {line}", LOG)
        if "BRIDGE" in text or "in no bridge" in text:
            raise NotSeen(f"not everything was in a bridge: {line}", LOG)
        if request == "AUTH_AND_RESET":
            if self._carveouts[name] not in self.live.values():
                raise NotSeen(f"the carve-out was in no bridge: {line}", LOG)
            self.answered.add(self._carveouts[name])
        if not self.pools():
            raise NotSeen(f"there was no bridge that a buffer could be in: {line}", LOG)
        if answer == "accepted":
            self._count("accepted")

    def read(self, line, calls=True):
        """One line of the log, without its stamp; what was answered is looked at only with @calls."""
        made, ended, call = CREATED.match(line), DELETED.match(line), CALL.match(line)
        if line.startswith("monitor: up on"):
            self.live, self.enabled = {}, False
            self._count("boots")
        elif line.startswith("host: SHM_BRIDGE_ENABLE accepted"):
            self.live, self.enabled = {}, True
            self._count("enabled")
        elif made:
            base, size, handle = (int(number, 16) for number in made.groups())
            self.live[handle] = (base, size)
            self.answered.discard((base, size))
            self.most = max(self.most, len(self.live))
            self._count("created")
        elif ended:
            gone = tuple(int(number, 16) for number in ended.groups())
            self.live = {handle: each for handle, each in self.live.items() if each != gone}
            self._count("deleted")
        elif call and calls:
            self._called(line, *call.groups())

    def text(self):
        """What was counted."""
        return ", ".join(f"{number} {what}" for what, number in self.counts.items()) + f", {self.most} at once at most"


    def read_all(self, text, calls=True):
        """Part of a log."""
        for line in text.splitlines():
            self.read(re.sub(f"^{STAMP}", "", line), calls)
        return self

    def left(self):
        """Bridges over carve-outs that were not deleted after AUTH_AND_RESET."""
        return sorted(f"{base:#x} (+{size:#x})" for base, size in self.answered.intersection(self.live.values()))


def outside_its_bridges(c, platform):
    """Without the bridges that it made itself the driver is refused, and with them back it is not."""
    host = bridges.Host(c, platform)
    c.offline()
    pools = Ledger(platform).read_all(c.qemu.secure.since(0)).pools()
    for handle in pools:
        host.must_delete(handle)
    told = bridges.unbridged_start(host)
    for base, size in pools.values():
        host.must_create(base, size)
    c.mark()
    c.told("start")
    return f"{len(pools)} bridges deleted behind its back: {told}; back again: {c.up()}"


def video_outside_its_bridges(v):
    """The same for the driver of the video core: it has no buffers that need none."""
    v.tell("stop")
    pools = Ledger(v.platform).read_all(v.c.qemu.secure.since(0)).pools()
    for handle in pools:
        v.host().must_delete(handle)
    v.c.mark()
    v.tell("start", 1)
    line = v.c.secure(r"scm: GET_RSCTABLE refused: PAS_NO_BRIDGE: .*", 30, "it refused the driver's call")
    v.state("offline")
    for base, size in pools.values():
        v.host().must_create(base, size)
    v.c.mark()
    v.tell("start")
    v.running()
    return f"{len(pools)} bridges deleted: {line.group(0).split('] ', 1)[1]}; back again: {v.job(0)}"


def video_without_bridges(v):
    """Under a hypervisor this kernel is told that there are no bridges, and the hypervisor makes them."""
    said = v.c.qemu.linux.find(STAMP + r".*: SHM Bridge not supported$")
    if not said:
        raise NotSeen("the kernel did not find out that it has no bridges", "firmware/hypervisor/calls.c")
    v.fresh()
    told = v.c.secure(r"video: INIT_IMAGE accepted: (.*)", 10, "the image's metadata was taken").group(1)
    if "in no bridge" in told:
        raise NotSeen(f"the hypervisor's copy was in no bridge: {told}", "firmware/hypervisor/steps.c")
    return f"{re.sub(STAMP, '', said.group(0))}; {v.job(0)}"


def _judge(platform, boots, window=()):
    """Everything that the secure log has, but what was answered in the @window in which bridges were missing on purpose."""
    text = modules.read_file(LOG).decode("utf-8", "replace").replace("\r", "")
    start, end = window or (0, 0)
    ledger = Ledger(platform).read_all(text[:start]).read_all(text[start:end], calls=False).read_all(text[end:])
    if ledger.left():
        raise NotSeen(f"bridges over carve-outs were not deleted: {', '.join(ledger.left())}", LOG)
    if ledger.counts["boots"] != boots or ledger.counts["enabled"] != boots or not ledger.counts["accepted"]:
        raise NotSeen(f"{ledger.text()}; bridges should be enabled in each of {boots} boots", LOG)
    return ledger.text()


def _options(platform):
    if not os.path.isdir(KERNEL):
        raise Trouble(f"{KERNEL} is missing: scripts/setup/build_kernel.py builds it")
    version, image = machine_options.load_kernel(KERNEL)
    return dataclasses.replace(machine_options.from_environment(platform["VIRT_RAM_MIN"]), kernel=KERNEL,
                               kernel_version=version, image=image)


def _in_window(function, window, position):
    """@function of one argument; @window gets the @position()s before and after."""
    def run(argument):
        window.append(position(argument))
        text = function(argument)
        window.append(position(argument))
        return text
    return run


def video_tests(tap, options, platform, module):
    """The video core's driver, in both arrangements: it asks nobody which kernel this is."""
    window = []
    outside = _in_window(video_outside_its_bridges, window, lambda v: v.c.qemu.secure.position())
    extra = video_core.module_files(os.path.join(KERNEL, "modules")) + [(bridges.IN_GUEST, module)]
    video.in_one_machine(tap, options, "video_owner_", [("outside_its_bridges_is_refused", outside)], extra)
    tap.test("every_buffer_of_the_video_core_was_bridged", _judge, platform, 1, window)
    options = dataclasses.replace(options, arrangement=GUEST)
    video.in_one_machine(tap, options, "video_guest_", [("kernel_makes_no_bridges", video_without_bridges)], extra)


def tests(tap, platform):
    """Everything that the stock kernel has to do, in five machines, each with a look at its log."""
    options, window = _options(platform), []
    outside = _in_window(lambda c: outside_its_bridges(c, platform), window, lambda c: c.qemu.secure.position())
    print(f"# {options.text()}", flush=True)
    module = modules.read_file(os.path.join(KERNEL, "modules", os.path.basename(bridges.MODULE)))
    scenarios.in_one_machine(tap, options, "", [("driver_outside_its_bridges_is_refused", outside)],
                             [(bridges.IN_GUEST, module)])
    tap.test("every_buffer_was_bridged", _judge, platform, 3, window)
    video_tests(tap, options, platform, module)
    for number, name in enumerate(("genuine", "forged")):
        companion.in_machine(tap, options, companion.MACHINES[number])
        tap.test(f"every_buffer_with_a_{name}_companion_was_bridged", _judge, platform, 1)


def main():
    """Entry point."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    try:
        tests(tap, bench.constants.platform())
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

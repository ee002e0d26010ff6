#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The driver of a TEE's remote processors with the real one: OP-TEE, Pilot's TAs in it, and cores that run. Prints TAP.

Believed are what the kernel says, sysfs, the secure log, and heartbeats that only the cores' own programs can produce.
Arguments: names of the tests to run, all without.
"""

import os
import re
import signal
import sys
import time
from dataclasses import dataclass

import bench
from context import STAMP, NotSeen
from tap import Tap

import constants
import containers
import modules
import options as machine_options
import tee_call
import tee_machine
import tee_steps
from guest import Guest
from heartbeat import Heartbeat
from options import TEE
from paths import BUILD, IMAGES, Trouble, built
from qemu import Qemu

DIRECTORY = os.path.join(BUILD, "tee-driver")
OURS = ("pil_mailbox/pil_mailbox", "rproc_tee/rproc_tee", "tee_call/pilot_tee_call")
SERVICE = "80a4c275-0a47-4905-8285-1486a9771a08"
LOAD, START = 1, 2
CLASS = "/sys/class/remoteproc"
PROCESSOR = "/sys/bus/auxiliary/devices/rproc_tee.processor"
NODE = "/firmware/optee/rproc-service@0"
LIMIT = 1500.0
M33, M0 = 0, 1
NAMES = ("m33", "m0")


@dataclass(kw_only=True)
class Bench(tee_steps.TeeContext):
    """A machine of arrangement tee, with both cores' heartbeats."""

    hearts: tuple
    remote: dict
    pages: tuple

    def load(self, *names):
        """insmod, in this order."""
        for name in names:
            status, lines = self.guest.run_once(f"insmod /modules/{name}.ko", 90)
            if status:
                raise NotSeen(f"{name} was not loaded: {lines}", f"{DIRECTORY}/linux.log")

    def unload(self, *names):
        """rmmod, in this order."""
        for name in names:
            status, lines = self.guest.run_once(f"rmmod {name}", 90)
            if status:
                raise NotSeen(f"{name} was not unloaded: {lines}", f"{DIRECTORY}/linux.log")

    def fresh(self):
        """The driver as after a boot: nothing runs."""
        _, lines = self.guest.run("cut -d' ' -f1 /proc/modules")
        if "rproc_tee" in lines:
            for processor in (M33, M0):
                path = self.find(processor)
                if path and self.guest.state(path) in ("running", "attached", "crashed", "detached"):
                    if self.guest.state(path) == "detached":
                        self.told(processor, "start")
                    self.told(processor, "stop")
            self.unload("rproc_tee")
        if "pil_mailbox" not in lines:
            self.load("pil_mailbox")
        self.mark()
        self.load("rproc_tee")
        for processor, name in ((M33, containers.M33), (M0, containers.M0)):
            path = self.find(processor)
            if path and self.guest.state(path) == "offline":
                self.guest.write(f"{path}/firmware", name)

    def find(self, processor):
        """Path of a processor's remoteproc, or None."""
        _, lines = self.guest.run(f"grep -lx {NAMES[processor]} {CLASS}/*/name 2>/dev/null")
        return lines[0][:-len("/name")] if len(lines) == 1 and lines[0].endswith("/name") else None

    def remoteproc(self, processor, seconds=30):
        """The same, once it is there."""
        until = self.by(seconds)
        while time.monotonic() < until:
            path = self.find(processor)
            if path:
                return path
            time.sleep(0.2)
        raise NotSeen(f"there is no remoteproc {NAMES[processor]}", f"{DIRECTORY}/linux.log: rproc_tee")

    def told(self, processor, value, seconds=90):
        """Write to a remoteproc's state; returns the exit status."""
        return self.guest.write(f"{self.remoteproc(processor)}/state", value, seconds)

    def is_state(self, processor, state, seconds=60):
        """Linux says that it is in this state."""
        self.state(state, seconds, self.remoteproc(processor))

    def must(self, processor, value, state):
        """Write to its state; it has to work."""
        if self.told(processor, value):
            raise NotSeen(f"{NAMES[processor]}: {value} failed", f"{DIRECTORY}/linux.log, secure.log")
        self.is_state(processor, state)

    def beats(self, processor):
        """Its program runs."""
        seen = self.hearts[processor].advances(20)
        if not seen:
            raise NotSeen(f"the heartbeat of {NAMES[processor]} does not advance", f"{DIRECTORY}/secure.log")
        return f"{NAMES[processor]}'s heartbeat went from {seen[0]} to {seen[1]}"

    def rests(self, processor):
        """Its program does not run."""
        count = self.hearts[processor].stands_still(0.5)
        if count is None:
            raise NotSeen(f"the heartbeat of {NAMES[processor]} goes on", f"{DIRECTORY}/secure.log")
        return f"{NAMES[processor]}'s heartbeat stands still at {count}"

    def request(self, processor, name):
        """Ask the running program for a misbehaviour."""
        where = self.pages[processor] + self.remote["PIL_CTRL_REQUEST"]
        self.guest.run_once(f"devmem {where:#x} 32 {self.remote[name]}", 20)

    def said(self, pattern, seconds=60):
        """The kernel said it since the last mark."""
        return self.kernel(STAMP + pattern, seconds, repr(pattern)).group(0).partition("] ")[2]

    def up_again(self, processor, seconds=90):
        """It was recovered."""
        self.said(rf"remoteproc remoteproc\d+: remote processor {NAMES[processor]} is now up$", seconds)
        return self.beats(processor)

    def kernel_count(self, pattern):
        """How often the kernel said it since the last mark."""
        return len(re.findall(pattern, self.qemu.linux.since(self.linux_from), re.MULTILINE))

    def healthy(self, linux, secure):
        """Neither the kernel nor OP-TEE has something to complain of itself."""
        found = self.qemu.linux.find(bench.COMPLAINT, linux) or self.qemu.secure.find(r"[Pp]anic|TA panicked", secure)
        if found:
            raise NotSeen(f"there is a complaint: {found.group(0)}", f"{DIRECTORY}/linux.log, secure.log")


def machine_of(options, variant=(), fip=tee_machine.PILOT_FIP):
    """(Qemu, Bench) of a machine with this device tree and what OP-TEE has in it."""
    directory = os.path.join(DIRECTORY, "_".join(variant).lower() or ("children" if fip == tee_machine.PILOT_FIP else "absent"))
    os.makedirs(directory, exist_ok=True)
    flash = os.path.join(directory, "flash.bin")
    if os.path.exists(flash):
        os.unlink(flash)			# no rollback counters of an earlier run
    containers.make()
    ours = [(f"modules/{os.path.basename(name)}.ko", modules.read_file(os.path.join(BUILD, "modules", f"{name}.ko"))) for name in OURS]
    ours += [(f"lib/firmware/{name}", modules.read_file(built(name))) for name in containers.PLAIN]
    files = tee_machine.prepare(options, directory, more_images=[os.path.join(IMAGES, name) for name in containers.ALL], more_files=ours,
                                variant=variant, fip=fip)
    qemu = Qemu(tee_machine.command_line(options, files), os.path.join(directory, "linux.log"), os.path.join(directory, "secure.log"))
    tee, remote = constants.tee_platform(), constants.remote()
    pages = tuple(tee[f"VIRT_TEE_{name.upper()}_CTRL"] for name in NAMES)
    hearts = tuple(Heartbeat(qemu.monitor, page, remote, modules.read_file(built(f"{name}.elf"))) for page, name in zip(pages, NAMES))
    return qemu, Bench(options=options, qemu=qemu, guest=Guest(qemu.linux), deadline=time.monotonic() + LIMIT, hearts=hearts,
                       remote=remote, pages=pages)


def discovered(c):
    """The service says which processors there are."""
    c.fresh()
    for processor in (M33, M0):
        c.remoteproc(processor)
        c.said(rf"rproc_tee \S+: processor {processor}: {NAMES[processor]}, managed by: tee$")
        c.is_state(processor, "offline")
        c.guest.read(f"{PROCESSOR}.{processor}/ownership", "tee")
    return "m33 and m0, managed by the TEE"


def both_run(c):
    """Both processors at once; one is stopped, the other goes on."""
    c.fresh()
    for processor in (M33, M0):
        c.must(processor, "start", "running")
        c.beats(processor)
    c.mark()
    c.must(M33, "stop", "offline")
    if c.kernel_count("by force|no answer"):
        raise NotSeen("it did not shut down by itself", f"{DIRECTORY}/linux.log")
    return f"{c.rests(M33)}; {c.beats(M0)}"


def forced(c):
    """A program that ignores the request to shut down."""
    c.fresh()
    c.must(M33, "start", "running")
    c.beats(M33)
    c.request(M33, "PIL_CTRL_IGNORE_STOP")
    time.sleep(0.5)
    c.mark()
    c.must(M33, "stop", "offline")
    text = c.said(r"rproc_tee.processor \S+: m33 does not shut down: stopped by force$")
    return f"{text}; {c.rests(M33)}"


def recovered(c, request, kind):
    """It crashes and is recovered, and the other does not notice."""
    c.fresh()
    for processor in (M33, M0):
        c.must(processor, "start", "running")
    before = c.hearts[M0].count()
    c.mark()
    c.request(M33, request)
    text = c.said(rf"remoteproc remoteproc\d+: crash detected in m33: type (?:{kind})$")
    again = c.up_again(M33)
    time.sleep(3)
    crashes = c.kernel_count(r"crash detected in m33")
    if crashes != 1:
        raise NotSeen(f"{crashes} crashes were reported; 1 expected", f"{DIRECTORY}/linux.log")
    c.beats(M0)
    now = c.hearts[M0].count()
    if before is None or now is None or now < before:
        raise NotSeen(f"m0 was started anew: its count went from {before} to {now}", f"{DIRECTORY}/secure.log")
    return f"{text}; {again}; m0 went on"


def refused(c, image, reason):
    """An image that OP-TEE does not take; the genuine one runs after it."""
    c.fresh()
    c.guest.write(f"{c.remoteproc(M33)}/firmware", image)
    c.mark()
    if not c.told(M33, "start"):
        raise NotSeen(f"{image} was started", f"{DIRECTORY}/secure.log")
    text = c.said(r"rproc_tee.processor \S+: LOAD failed: .*$")
    why = c.qemu.secure.wait(rf"^m33: LOAD_FW refused: {reason}: .*$", c.by(20), c.secure_from)
    if not why:
        raise NotSeen(f"the secure log has no {reason} for {image}", f"{DIRECTORY}/secure.log")
    c.is_state(M33, "offline")
    c.guest.write(f"{c.remoteproc(M33)}/firmware", containers.M33)
    c.must(M33, "start", "running")
    c.beats(M33)
    return f"{text}; {why.group(0).partition('refused: ')[2]}"


def run_by_another(c):
    """Another client of the TEE starts m33 and goes away: it runs on, nobody's."""
    c.fresh()
    c.unload("rproc_tee")
    call = tee_call.TeeCall(c.guest)
    session, result = call.open(SERVICE, tee_call.value(M33))
    for command, more in ((LOAD, (tee_call.file(f"/lib/firmware/{containers.M33}"),)), (START, ())):
        reply = call.invoke(session, command, tee_call.value(M33), *more)
        if result or reply.error or reply.result:
            raise NotSeen(f"command {command} got {reply.error}, {reply.result:#x}", f"{DIRECTORY}/secure.log")
    call.close(session)
    return c.beats(M33)


def attached(c):
    """What runs before the driver comes is attached to, goes on when it is detached or the driver is unloaded, and can be stopped."""
    run_by_another(c)
    before = c.hearts[M33].count()
    c.load("rproc_tee")
    c.is_state(M33, "attached")
    c.must(M33, "detach", "detached")
    c.beats(M33)
    c.must(M33, "start", "attached")
    c.unload("rproc_tee")
    c.beats(M33)
    c.load("rproc_tee")
    c.is_state(M33, "attached")
    now = c.hearts[M33].count()
    if before is None or now is None or now <= before:
        raise NotSeen(f"it was started anew: its count went from {before} to {now}", f"{DIRECTORY}/secure.log")
    c.must(M33, "stop", "offline")
    rests = c.rests(M33)
    c.must(M33, "start", "running")
    return f"one life from {before} to {now} beats; stopped: {rests}; started: {c.beats(M33)}"


def attached_crashes(c):
    """What was attached to is recovered with the image of the device tree."""
    run_by_another(c)
    c.mark()
    c.load("rproc_tee")
    c.is_state(M33, "attached")
    c.request(M33, "PIL_CTRL_FATAL")
    return c.up_again(M33)


def coredump(c):
    """What the fuses' policy does not allow is not in the dump."""
    c.fresh()
    path = c.remoteproc(M33)
    c.guest.write(f"{path}/coredump", "enabled")
    c.must(M33, "start", "running")
    c.mark()
    c.request(M33, "PIL_CTRL_FATAL")
    c.up_again(M33)
    denied = c.kernel_count("the TEE gives no dump of the processor's own memory")
    find = "ls -d /sys/class/devcoredump/devcd*"
    _, lines = c.guest.run(f"{find} && wc -c $({find})/data | cut -d' ' -f1", 60)
    size, tee = int(lines[-1]), constants.tee_platform()
    wanted = tee["VIRT_TEE_IPC_SIZE"] + (0 if denied else tee["VIRT_TEE_M33_MEM_SIZE"]) + 64 + 56 * (1 if denied else 2)
    c.guest.run(f"echo 1 >$({find})/data")
    if not wanted <= size < wanted + tee["VIRT_TEE_M33_MEM_SIZE"]:
        raise NotSeen(f"the dump has {size} bytes, {wanted} were expected", "linux/rproc_tee/dump.c")
    return f"{size} bytes, the processor's own memory {'locked' if denied else 'included'}"


def suspend(c):
    """Devices are suspended and resumed; the program runs all the time, and m0's crash in between is found."""
    c.fresh()
    c.must(M33, "start", "running")
    c.mark()
    status, _ = c.guest.run("echo devices >/sys/power/pm_test && echo freeze >/sys/power/state", 120)
    if status:
        raise NotSeen("the system did not suspend", f"{DIRECTORY}/linux.log")
    c.is_state(M33, "running")
    beats = c.beats(M33)
    c.must(M33, "stop", "offline")
    return beats


def many_times(c):
    """Twenty times loaded and unloaded, with lives in between: OP-TEE has sessions left after that."""
    c.fresh()
    for i in range(20):
        if i % 4 == 0:
            c.must(M33, "start", "running")
        c.unload("rproc_tee")
        c.load("rproc_tee")
        c.guest.write(f"{c.remoteproc(M33)}/firmware", containers.M33)
    c.must(M33, "start", "running")
    return c.beats(M33)


def kernel_managed(c):
    """m0 is Linux's: its plain program runs in memory that OP-TEE grants, is recovered, and m33 takes no such thing."""
    c.fresh()
    c.guest.read(f"{PROCESSOR}.1/ownership", "kernel")
    c.guest.write(f"{c.remoteproc(M0)}/firmware", "m0.elf")
    c.must(M0, "start", "running")
    beats = c.beats(M0)
    c.mark()
    c.request(M0, "PIL_CTRL_FATAL")
    again = c.up_again(M0)
    c.must(M0, "stop", "offline")
    c.rests(M0)
    c.guest.write(f"{c.remoteproc(M0)}/firmware", containers.M0)
    if not c.told(M0, "start"):
        raise NotSeen("a container was started", "the driver")
    c.guest.write(f"{c.remoteproc(M33)}/firmware", "m33.elf")
    c.mark()
    if not c.told(M33, "start"):
        raise NotSeen("a plain program was started", f"{DIRECTORY}/secure.log")
    return f"{beats}; recovered: {again}; {c.said(r'rproc_tee.processor .*: LOAD failed: .*$')}"


def late(c):
    """OP-TEE's driver is not there, and then it comes; later it goes, with processors that run."""
    c.fresh()
    c.unload("rproc_tee")
    _, lines = c.guest.run("cut -d' ' -f1 /proc/modules")
    # who has the TEE open keeps its driver
    c.unload(*(name for name in ("pilot_tee_call", "scmi_transport_optee") if name in lines), "optee")
    c.mark()
    status, lines = c.guest.run_once("insmod /modules/rproc_tee.ko patience_ms=500", 60)
    if status:
        raise NotSeen(f"rproc_tee was not loaded: {lines}", f"{DIRECTORY}/linux.log")
    text = c.said(rf"rproc_tee: {NODE}: there is no OP-TEE, or its driver is not loaded yet$")
    c.load("optee")
    c.guest.write(f"{c.remoteproc(M33)}/firmware", containers.M33)
    c.must(M33, "start", "running")
    beats = c.beats(M33)
    c.mark()
    c.unload("optee")
    c.said(r"remoteproc remoteproc\d+: stopped remote processor m33$")
    c.rests(M33)
    c.load("optee")
    c.remoteproc(M33)
    return f"{text}; then {beats}"


def elsewhere(c):
    """Processors that point to the service."""
    c.fresh()
    _, lines = c.guest.run(f"readlink -f {PROCESSOR}.0/of_node")
    if not lines or not lines[0].endswith("/remote-processors/m33"):
        raise NotSeen(f"m33 has the node {lines}", "linux/rproc_tee/node.c")
    return both_run(c)


def absent(c):
    """OP-TEE without Pilot's TAs."""
    status, lines = c.guest.run_once("insmod /modules/rproc_tee.ko patience_ms=1000", 60)
    if status:
        raise NotSeen(f"rproc_tee was not loaded: {lines}", f"{DIRECTORY}/linux.log")
    text = c.said(rf"rproc_tee: {NODE}: OP-TEE offers no such service: its processors are out of reach$")
    _, lines = c.guest.run("cat /sys/kernel/debug/devices_deferred")
    if any("rproc" in line for line in lines):
        raise NotSeen(f"something waits for ever: {lines}", "the driver")
    return text


MACHINES = (
    ((), tee_machine.PILOT_FIP, (
        ("tee_processors_are_discovered", discovered),
        ("tee_both_processors_run", both_run),
        ("tee_program_that_ignores_shutdown_is_forced", forced),
        ("tee_fatal_error_is_recovered", lambda c: recovered(c, "PIL_CTRL_FATAL", "fatal error|watchdog")),
        ("tee_watchdog_is_recovered", lambda c: recovered(c, "PIL_CTRL_HANG", "watchdog")),
        ("tee_wild_access_is_recovered", lambda c: recovered(c, "PIL_CTRL_READ_UNMAPPED", "fatal error|watchdog")),
        ("tee_image_of_the_other_processor", lambda c: refused(c, containers.OTHER_PROCESSOR, "CONTAINER_PROCESSOR")),
        ("tee_image_without_a_segment", lambda c: refused(c, containers.DROPPED_SEGMENT, "CONTAINER_PHDR")),
        ("tee_coredump", coredump),
        ("tee_suspend", suspend),
        ("tee_many_times", many_times),
    )),
    # nothing is switched off here before the driver comes, and Linux hears of no watchdog
    (("RPROC_TEE_UNPOWERED", "RPROC_TEE_NO_WDOG"), tee_machine.PILOT_FIP, (
        ("tee_running_processor_is_attached_and_detached", attached),
        ("tee_attached_processor_is_recovered", attached_crashes),
        ("tee_crash_that_only_the_tee_sees", lambda c: recovered(c, "PIL_CTRL_FATAL", "fatal error|watchdog")),
        ("tee_watchdog_that_only_the_tee_sees", lambda c: recovered(c, "PIL_CTRL_HANG", "fatal error|watchdog")),
        ("tee_driver_of_optee_comes_late_and_goes", late),
    )),
    (("M0_KERNEL",), tee_machine.PILOT_FIP, (
        ("tee_kernel_managed_processor", kernel_managed),
    )),
    (("RPROC_TEE_ELSEWHERE",), tee_machine.PILOT_FIP, (
        ("tee_processors_elsewhere", elsewhere),
    )),
    ((), tee_machine.OPTEE_FIP, (
        ("tee_without_the_service", absent),
    )),
)


def _judged(function, c):
    """One test; nobody must complain during it."""
    linux, secure = c.qemu.linux.position(), c.qemu.secure.position()
    text = function(c)
    c.healthy(linux, secure)
    return text


def in_machine(tap, options, variant, fip, tests):
    """The tests of one machine."""
    name = "_".join(variant).lower() or ("children" if fip == tee_machine.PILOT_FIP else "absent")
    qemu, c = machine_of(options, variant, fip)
    with qemu:
        if not tap.test(f"tee_driver_{name}_comes_up", tee_steps.op_tee, c):
            return
        for test, function in tests:
            tap.test(test, _judged, function, c)
        tap.test(f"tee_driver_{name}_powers_off", tee_steps.power_off, c)


def main():
    """Entry point."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    only, tap = set(sys.argv[1:]), Tap()
    try:
        os.environ["ARRANGEMENT"] = TEE
        options = machine_options.from_environment(constants.platform()["VIRT_RAM_MIN"])
        print(f"# {options.text()}", flush=True)
        for variant, fip, tests in MACHINES:
            chosen = [test for test in tests if not only or test[0] in only]
            if chosen:
                in_machine(tap, options, variant, fip, chosen)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

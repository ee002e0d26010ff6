# SPDX-License-Identifier: BSD-2-Clause
"""A booted machine with the stock kernel, and what all scenarios look at."""

import contextlib
import os
import re
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants			# noqa: E402: only now are they importable
import images
import machine
import steps
from guest import REMOTEPROC, Guest
from heartbeat import heart
from paths import BUILD
from qemu import Qemu
from steps import STAMP, UP, NotSeen

DIRECTORY = os.path.join(BUILD, "guest")
CRASHED = STAMP + r"remoteproc remoteproc0: crash detected in adsp: type "
STOPPED = STAMP + r"remoteproc remoteproc0: stopped remote processor adsp$"
SHIM_FAULT = r"shim: core \d+: (?:read of|write to|execution of|watchdog|cannot).*"
SMMU_EVENT = r".*arm-smmu-v3 .*\bevent\b.*"
WAITS = r"shim: core {core}: waits for the SMMU's owner: .*"
RESTS = r"shim: core 0: its DMA master rests: .*"
ACCEPTED = r"adsp: AUTH_AND_RESET accepted: "
COMPLAINT = r"Call trace|WARNING: |BUG: |Oops|Internal error|rcu: INFO|blocked for more than|lockup|Kernel panic"


class Bench(steps.Context):
    """The steps' context, with the moves that scenarios are made of."""

    def request(self, name):
        """Ask the running program for one of the misbehaviours of pilot/wire/remote.h."""
        where = self.page + self.remote["PIL_CTRL_REQUEST"]
        self.guest.run_once(f"devmem {where:#x} 32 {self.remote[name]}", 10)

    def told(self, value, seconds=20):
        """Write to the driver's state; its answer is not believed."""
        self.guest.write(f"{REMOTEPROC}/state", value, seconds)

    def up(self, seconds=20):
        """Linux says that the remote processor is up, after the last mark; its own heartbeat proves it."""
        self.kernel(UP, seconds, "the remote processor is up")
        self.state("running")
        return self.beats()

    def recovered(self, kind, seconds=20):
        """Linux reports a crash of @kind, and after it the remote processor is up again."""
        crash = self.kernel(CRASHED + kind + "$", seconds, f"adsp crashed ({kind})")
        self.linux_from += crash.end()
        return self.up(seconds)

    def kernel_count(self, pattern):
        """How often the kernel said it since the last mark."""
        return len(re.findall(pattern, self.qemu.linux.since(self.linux_from), re.MULTILINE))

    def secure_count(self, pattern):
        """How many whole lines of the secure log since the last mark say it."""
        return len(re.findall("^" + STAMP + pattern, self.qemu.secure.since(self.secure_from), re.MULTILINE))

    def counts(self, expected, seconds=5):
        """@expected: (count(pattern), pattern, number). Each must be reached, and none exceeded."""
        until = self.by(seconds)
        while any(count(pattern) < number for count, pattern, number in expected) and time.monotonic() < until:
            time.sleep(0.05)
        for count, pattern, number in expected:
            if count(pattern) != number:
                raise NotSeen(f"{count(pattern)} lines like {pattern!r}; {number} expected", "both logs")

    def running(self):
        """The state that most scenarios begin with: the genuine program runs."""
        self.mark()
        if self.guest.state() != "running":
            self.guest.write(f"{REMOTEPROC}/firmware", images.GENUINE)
            self.told("start")
            self.up()
        self.beats()
        self.mark()

    def offline(self):
        """The other one: the program is stopped and the genuine image is chosen."""
        self.mark()
        if self.guest.state() != "offline":
            self.told("stop")
            self.state("offline")
        self.guest.write(f"{REMOTEPROC}/firmware", images.GENUINE)
        self.still()
        self.mark()

    def online(self, cpus):
        """Wait until exactly the host's CPUs that the set @cpus names are online."""
        names = self.guest.read("/sys/devices/system/cpu/online", r"[\d,-]+")
        found = set()
        for part in names.split(","):
            first, _, last = part.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
        if found != set(cpus):
            raise NotSeen(f"CPUs {names} are online; {sorted(cpus)} expected", "build/guest/linux.log: psci, CPU")

    def nobody_faulted(self, secure, linux):
        """Since these places in the logs no core was crashed, and the SMMU refused nothing."""
        for line, pattern, start, log in ((self.qemu.secure, SHIM_FAULT, secure, "secure"), (self.qemu.linux, SMMU_EVENT, linux, "linux")):
            found = line.find(STAMP + pattern, start)
            if found:
                raise NotSeen(f"the {log} log has: {found.group(0)}", f"{log}.log")

    def no_complaint(self, start):
        """The kernel found nothing wrong with itself since @start."""
        found = self.qemu.linux.find(STAMP + r".*(?:" + COMPLAINT + r").*$", start)
        if found:
            raise NotSeen(f"the kernel complains: {found.group(0)}", "build/guest/linux.log")


def boot(options, more_images, seconds, variant=(), directory=DIRECTORY, more_files=(), fuses=()):
    """(Qemu, Bench) of a machine with the default images, and @more_images and @more_files as machine.prepare() has them.

    @fuses: more options of 'pilot fuses new', for a device with fuses of its own. The caller ends it.
    """
    platform, remote = constants.platform(), constants.remote()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(directory, "flash.bin"))		# no rollback counters of an earlier run
    files = machine.prepare(options, platform, directory, more_images=more_images, variant=variant, more_files=more_files)
    if fuses:
        path = os.path.join(directory, "fuses.bin")
        images.fuses(path, *fuses)
        machine.write_flash(platform, files["flash.bin"],
                            machine.assemble_flash(platform, path, machine.hypervisor_for(options)))
    qemu = Qemu(machine.command_line(options, platform, files, resets=True),
                os.path.join(directory, "linux.log"), os.path.join(directory, "secure.log"))
    adsp, cdsp = (heart(qemu.monitor, platform, name) for name in ("adsp", "cdsp"))
    return qemu, Bench(options=options, qemu=qemu, guest=Guest(qemu.linux), heart=adsp, cdsp_heart=cdsp, remote=remote,
                       page=platform["VIRT_CTRL"], carveout=platform["VIRT_ADSP_MEM"], deadline=time.monotonic() + seconds)


def come_up(c):
    """Secure world, Linux, adsp and cdsp come up: the first steps of the demonstration."""
    return "; ".join(step(c) for step in (steps.secure_world, steps.linux_runs, steps.adsp_authenticated, steps.adsp_running,
                                          steps.cdsp_running))

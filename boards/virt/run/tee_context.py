# SPDX-License-Identifier: BSD-2-Clause
"""What the steps of arrangement tee share: remote processors by name, their heartbeats, and the modules that Linux needs for them.

The secure log is OP-TEE's here; TF-A writes to Linux's console before Linux does.
"""

import re
import time
from dataclasses import dataclass

import constants
import modules
from context import STAMP, NotSeen, Watch
from guest import Guest
from heartbeat import Heartbeat
from paths import built

SERVICES = "/sys/bus/tee/devices"
CLASS = "/sys/class/remoteproc"
M33, M0 = "m33", "m0"
# OP-TEE's messages begin with severity and who speaks (TC: the core, TA: a TA), perhaps with a thread; Pilot's own lines do not, and
# those of the cores' stub and shims have a time.
SECURE = rf"(?:{STAMP})?(?:[EWIDF]/(?:T[AC]|LD): ?(?:\?? ?\d+ )?)?"
PANIC = r"^.*(?:[Pp]anicked|[Pp]anic |PANIC at|assertion|[Aa]bort in).*$"


@dataclass(kw_only=True)
class TeeContext(Watch):
    """A machine of arrangement tee."""

    SECURE = SECURE

    def services(self):
        """UUIDs of what Linux found on the TEE bus."""
        status, names = self.guest.run(f"ls {SERVICES}")
        if status:
            raise NotSeen(f"the guest has no {SERVICES}", "build/run/linux.log: optee, tee")
        return {name.removeprefix("optee-ta-") for name in names}

    def load(self, *names):
        """insmod, in this order."""
        for name in names:
            result = self.guest.run_once(f"insmod /modules/{name}.ko", 60)
            if not result or result[0]:
                raise NotSeen(f"Linux does not load {name}: {result and result[1]}", "build/run/linux.log")

    def heart(self, name):
        """The heartbeat of the core called @name."""
        page = constants.tee_platform()[f"VIRT_TEE_{name.upper()}_CTRL"]
        return Heartbeat(self.qemu.monitor, page, constants.remote(), modules.read_file(built(f"{name}.elf")))

    def beats(self, name):
        """Wait for two proven heartbeats, the later with a larger count."""
        seen = self.heart(name).advances(min(20.0, max(0.0, self.deadline - time.monotonic())))
        if not seen:
            raise NotSeen(f"the heartbeat that only {name}'s own code can produce does not advance", "build/run/secure.log: shim, stub")
        return f"heartbeat of {name} went from {seen[0]} to {seen[1]}"

    def still(self, name):
        """See that the heartbeat does not advance."""
        count = self.heart(name).stands_still(0.5)
        if count is None:
            raise NotSeen(f"the heartbeat of {name} goes on", "build/run/secure.log: was the core stopped?")
        return f"heartbeat of {name} stands still at {count}"

    def request(self, name, what):
        """Ask the running program for one of the misbehaviours of pilot/wire/remote.h."""
        where = constants.tee_platform()[f"VIRT_TEE_{name.upper()}_CTRL"] + constants.remote()["PIL_CTRL_REQUEST"]
        self.guest.run_once(f"devmem {where:#x} 32 {constants.remote()[what]}", 10)

    def remoteproc(self, name, seconds=20):
        """Where in sysfs the remote processor called @name is, once it is there."""
        until = self.by(seconds)
        while time.monotonic() < until:
            _, lines = self.guest.run(f"grep -lx {name} {CLASS}/*/name 2>/dev/null")
            if len(lines) == 1 and lines[0].endswith("/name"):
                return lines[0].removesuffix("/name")
            time.sleep(0.2)
        raise NotSeen(f"Linux has no remote processor {name}", "build/run/linux.log: rproc_tee")

    def told(self, name, value):
        """Write to a remote processor's state; its answer is not believed."""
        self.guest.write(f"{self.remoteproc(name)}/state", value, 60)

    def is_state(self, name, wanted, seconds=20):
        """Linux says @wanted of the remote processor called @name."""
        self.state(wanted, seconds, self.remoteproc(name))

    def firmware(self, name, image):
        """Choose the next image."""
        path = f"{self.remoteproc(name)}/firmware"
        self.guest.write(path, image)
        if self.guest.read(path) != image:
            raise NotSeen(f"the driver did not take {image} as the next firmware", "build/run/linux.log")

    def up(self, name, seconds=30):
        """The kernel says that it is up, after the last mark, and so does its heartbeat."""
        self.kernel(STAMP + rf"remoteproc remoteproc\d+: remote processor {name} is now up$", seconds, f"{name} is up")
        self.is_state(name, "running")
        return self.beats(name)

    def no_panic(self):
        """Neither OP-TEE nor a TA nor TF-A panicked so far."""
        found = re.search(PANIC, self.qemu.secure.since(0), re.MULTILINE)
        if found:
            raise NotSeen(f"the secure log has: {found.group(0)}", "build/run/secure.log")


def context(**common):
    """The steps' context from what every arrangement has."""
    return TeeContext(**common)


def of_machine(options, qemu, deadline):
    """The context of a machine that was just started."""
    return TeeContext(options=options, qemu=qemu, guest=Guest(qemu.linux), deadline=deadline)

# SPDX-License-Identifier: BSD-2-Clause
"""A machine of arrangement tee with a real OP-TEE and a real Linux, for tests, and TA calls from that Linux's kernel."""

import contextlib
import dataclasses
import os
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants			# noqa: E402: only now are they importable
import modules
import options as machine_options
import tee_call
import tee_machine
import tee_steps
from context import NotSeen
from guest import Guest
from heartbeat import Heartbeat
from paths import BUILD, built
from qemu import Qemu

REMOTEPROC_UUID = "80a4c275-0a47-4905-8285-1486a9771a08"
PAS_UUID = "cff7d191-7ca0-4784-af13-48223b9a4fbe"
SCMI_UUID = "a8cfe406-d4f5-4a2e-9f8d-a25dc754c099"
CORES = ("m33", "m0")		# by number


def options(**changes):
    """A machine as people get it by default, in arrangement tee, but for @changes. Trouble: it cannot be had."""
    os.environ["ARRANGEMENT"] = machine_options.TEE
    found = machine_options.from_environment(constants.platform()["VIRT_RAM_MIN"])
    return dataclasses.replace(found, **changes)


class Machine(tee_steps.TeeContext):
    """A booted machine: calls of TAs, hearts of the cores, and both logs."""

    def prepare(self):
        """After the shell is there."""
        self.tee = constants.tee_platform()
        self.remote = constants.remote()
        self.call = tee_call.TeeCall(self.guest)
        self.hearts = [Heartbeat(self.qemu.monitor, self.tee[f"VIRT_TEE_{name.upper()}_CTRL"], self.remote,
                                 modules.read_file(built(f"{name}.elf"))) for name in CORES]

    def error(self, pattern, what, seconds=30):
        """Wait for an error of OP-TEE's core, whose lines name a thread and a function."""
        if not self.qemu.secure.wait(rf"^E/TC:\S+ \d+ \S+ {pattern}$", self.by(seconds), self.secure_from):
            raise NotSeen(f"the secure log does not say that {what}", "secure.log")

    def decided(self, pattern, what, seconds=30):
        """Wait for a line that the TAs' decisions leave."""
        if not self.qemu.secure.wait(rf"^{pattern}$", self.by(seconds), self.secure_from):
            raise NotSeen(f"the secure log does not say that {what}", "secure.log")

    def beats(self, core, seconds=20):
        """The core's program proves itself, and goes on."""
        seen = self.hearts[core].advances(seconds)
        if not seen:
            raise NotSeen(f"no heartbeat of {CORES[core]} within {seconds} s", "secure.log: shim, stub")
        return f"{CORES[core]} beats {seen[0]} to {seen[1]}"

    def still(self, core, seconds=1):
        """Nothing of the core's heartbeat changes."""
        count = self.hearts[core].stands_still(seconds)
        if count is None:
            raise NotSeen(f"{CORES[core]} still beats", "secure.log: pta, stub")
        return f"{CORES[core]} stands still at {count}"

    def no_panic(self):
        """OP-TEE answers, and never panicked; neither did a TA."""
        found = self.qemu.secure.find(r"^.*(?:[Pp]anic|[Aa]bort|assertion).*$")
        if found:
            raise NotSeen(f"the secure log has: {found.group(0)}", "secure.log")
        _, result = self.call.open(SCMI_UUID, login="public")
        if result != tee_call.ACCESS_DENIED:
            raise NotSeen(f"OP-TEE answers {result:#x} to a session that it must refuse", "secure.log")


@contextlib.contextmanager
def machine(name, chosen, seconds=900, boots=None, icount=(), call_module=tee_call.BUILT, **prepared):
    """Boot; yields a Machine.

    @boots: a program that the first core runs from the beginning; @call_module: where the module for TA calls is, built for this
    kernel; @prepared: for tee_machine.prepare().
    """
    directory = os.path.join(BUILD, "guest-tee", name)
    os.makedirs(directory, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(directory, "flash.bin"))		# no rollback counters of an earlier run
    more_files = [(tee_call.MODULE, modules.read_file(call_module)), *prepared.pop("more_files", ())]
    files = tee_machine.prepare(chosen, directory, more_files=more_files, boots=boots, **prepared)
    with Qemu([*tee_machine.command_line(chosen, files), *icount], os.path.join(directory, "linux.log"),
              os.path.join(directory, "secure.log")) as qemu:
        found = Machine(options=chosen, qemu=qemu, guest=Guest(qemu.linux), deadline=time.monotonic() + seconds)
        found.guest.wait_for_shell(found.by(300))
        found.guest.run("dmesg -n 7")
        found.prepare()
        yield found

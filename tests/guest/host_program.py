# SPDX-License-Identifier: BSD-2-Clause
"""A program of tests/guest/payload in the host's place: its files, and a run of it to its end."""

import contextlib
import dataclasses
import os
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants					# noqa: E402
import machine						# noqa: E402
import options as machine_options			# noqa: E402
from paths import BUILD, Trouble, built			# noqa: E402
from qemu import Qemu					# noqa: E402

RESULT = "result.json"
LEAST_CPUS = 3
NATIVE = os.path.join(BUILD, "native", "tests")


def _run(command):
    """What makes the archive; says what went wrong with it."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{command[0]} failed with {done.returncode}: {(done.stdout + done.stderr).strip()}")


def _stopped(qemu, until):
    """Wait until the program has switched the machine off, which QEMU was told to survive. Returns whether it has."""
    while qemu.ended() is None and time.monotonic() < until:
        if qemu.monitor.execute("query-status")["status"] == "shutdown":
            return True
        time.sleep(0.2)
    return False


class HostProgram:
    """@name.bin with what @archiver [directory, @arguments...] makes for it; everything lands in build/@name.

    In arrangement guest the program runs under the hypervisor, and everything lands in build/@name-guest.
    """

    def __init__(self, name, archiver, arguments=(), arrangement=machine_options.OWNER):
        self.platform = constants.platform()
        self._arrangement = arrangement
        guest = arrangement == machine_options.GUEST
        self._level = 1 if guest else 2
        self.out = os.path.join(BUILD, f"{name}-{arrangement}" if guest else name)
        self._name = name
        self.options = None		# of the machine that was booted last
        os.makedirs(self.out, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self.out, RESULT))		# an old result must not pass for this run's
        _run([os.path.join(NATIVE, archiver), self.out, *arguments])
        self._files = {"flash.bin": os.path.join(self.out, "flash.bin"), "Image": built(f"{name}.bin"),
                       "initrd": os.path.join(self.out, "archive.bin"), "host.dtb": os.path.join(self.out, "host.dtb")}
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._files["flash.bin"])		# no counters of an earlier run
        machine.write_flash(self.platform, self._files["flash.bin"],
                            machine.assemble_flash(self.platform, os.path.join(self.out, "fuses.bin"), hypervisor=machine.RESIDENT if guest else None))

    def boot(self, more=(), resets=False):
        """A running Qemu, with @more arguments; a reset ends the machine unless @resets."""
        options = dataclasses.replace(machine_options.from_environment(self.platform["VIRT_RAM_MIN"]),
                                      arrangement=self._arrangement)
        if options.host_cpus < LEAST_CPUS:
            raise Trouble(f"SMP={options.host_cpus}: the tests need {LEAST_CPUS} CPUs of the host")
        machine.compile_tree(options, self.platform["VIRT_INITRD"], self._files["host.dtb"])
        self.options = options
        arguments = machine.command_line(options, self.platform, self._files, resets) + list(more)
        return Qemu(arguments, os.path.join(self.out, "host.log"), os.path.join(self.out, "secure.log"))

    def run(self, limit, more=(), resets=False, look=None):
        """Boot, with @more arguments for QEMU; a reset ends the machine unless @resets.

        Returns the host's serial text, the secure one, and what went wrong or None. @look gets QEMU's
        monitor when the program has ended and its memory is still there.
        """
        with self.boot([*more, *(["-no-shutdown"] if look else [])], resets) as qemu:
            until = time.monotonic() + limit
            if look and _stopped(qemu, until):
                look(qemu.monitor)
                qemu.monitor.execute("quit")
            status = qemu.wait(until)
            host, secure = qemu.linux.since(0), qemu.secure.since(0)
        if status is None:
            return host, secure, f"not done after {limit} s"
        if status != 0:
            return host, secure, f"QEMU ended with {status}: {qemu.errors()}"
        if f"{self._name}: done" not in host.splitlines():
            return host, secure, "it ended early"
        if f"exception level {self._level}" not in host.splitlines():
            return host, secure, f"it did not run at exception level {self._level}"
        return host, secure, None

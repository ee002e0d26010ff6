# SPDX-License-Identifier: BSD-2-Clause
"""What the steps of every arrangement share: the two logs, the guest's shell, and how long to wait.

A step believes: the guest kernel's own messages, sysfs read back, whole lines of the secure log, memory read from
outside through QEMU, QEMU's exit status. It never believes that a command of its own was carried out.
"""

import re
import time
from dataclasses import dataclass, field
from typing import ClassVar

from guest import REMOTEPROC, Guest

# Not at the start of a line: a message of the kernel may break into one that the shell prints. The secure log has
# whole lines.
STAMP = r"\[ *\d+\.\d{6}\] "


class NotSeen(Exception):
    """What should have been observed was not; the text says what, the hint where to look."""

    def __init__(self, text, hint):
        super().__init__(text)
        self.hint = hint


@dataclass(kw_only=True)
class Watch:
    """A running machine and what was seen of it. Positions in the logs move on, so that a step never believes an older line."""

    SECURE: ClassVar[str] = STAMP		# how a line of the secure log begins

    options: object
    qemu: object
    guest: Guest
    deadline: float
    linux_from: int = 0
    secure_from: int = 0
    notes: dict = field(default_factory=dict)

    def mark(self):
        """From now on only what is new counts."""
        self.linux_from = self.qemu.linux.position()
        self.secure_from = self.qemu.secure.position()

    def by(self, seconds):
        """The end of a wait: @seconds from now, but not after the run's own end."""
        return min(self.deadline, time.monotonic() + seconds)

    def kernel(self, pattern, seconds, what, hint="build/run/linux.log: what did the kernel say last?"):
        """Wait for a message of the guest's kernel."""
        found = self.qemu.linux.wait(pattern, self.by(seconds), self.linux_from)
        if not found:
            raise NotSeen(f"Linux did not say that {what}", hint)
        return found

    def secure(self, pattern, seconds, what, hint="build/run/secure.log: what did the secure world decide last?"):
        """Wait for a whole line of the secure log."""
        found = self.qemu.secure.wait(f"^{self.SECURE}(?:{pattern})$", self.by(seconds), self.secure_from)
        if not found:
            raise NotSeen(f"the secure log does not say that {what}", hint)
        return found

    def state(self, wanted, seconds=5, remoteproc=REMOTEPROC):
        """Wait until the driver says @wanted."""
        if not self.guest.wait_for_state(wanted, seconds, remoteproc):
            raise NotSeen(f"the driver says that the remote processor is {self.guest.state(remoteproc)}, not {wanted}",
                          "build/run/linux.log: lines with remoteproc or qcom_q6v5_pas")

    def linux(self, level):
        """The packed kernel runs, all its CPUs at exception level @level."""
        version, cpus = re.escape(self.options.kernel_version), self.options.host_cpus
        self.kernel(STAMP + rf"Linux version {version} \(.*$", 40, f"it is {self.options.kernel_version}")
        self.kernel(STAMP + rf"CPU: All CPU\(s\) started at EL{level}$", 60, f"all its CPUs started at EL{level}")
        self.guest.wait_for_shell(self.by(60), self.linux_from)
        online = self.guest.read("/sys/devices/system/cpu/online", r"[\d,-]+")
        if online != (f"0-{cpus - 1}" if cpus > 1 else "0"):
            raise NotSeen(f"CPUs {online} are online in Linux; {cpus} were expected", "build/run/linux.log: psci, smp")
        self.guest.run("dmesg -n 7")
        return f"Debian's Linux {self.options.kernel_version} runs, {cpus} CPUs, all at EL{level}"

# SPDX-License-Identifier: BSD-2-Clause
"""The root shell on the guest's serial console: commands are typed, results read between unique marks."""

import re
import time

from paths import Trouble

REMOTEPROC = "/sys/class/remoteproc/remoteproc0"	# adsp
CDSP = "/sys/class/remoteproc/remoteproc1"
# The kernel prints whole lines on the same console, in the middle of a line of the shell's too.
KERNEL_LINE = re.compile(r"\[ *\d+\.\d{6}\] .*\n")


class Guest:
    """Commands in the guest. What they print drives the run; it is never by itself a reason to believe a step."""

    def __init__(self, line):
        self._line = line
        self._number = 0

    def wait_for_shell(self, deadline, start=0):
        """Wait until /init, after @start, has given the console to a shell, and tell that shell not to echo."""
        if not self._line.wait(r"^init: ready\n", deadline, start, without=KERNEL_LINE):
            raise Trouble("the guest's shell did not come up")
        self._line.write("stty -echo; PS1=; PS2=\n")

    def run(self, command, seconds=10):
        """Run a command; returns (exit status, its lines). For a command that may be typed twice without harm."""
        for _ in range(2):
            result = self.run_once(command, seconds)
            if result:
                return result
        raise Trouble(f"the guest did not answer to: {command}")

    def run_once(self, command, seconds):
        """Run a command; returns (exit status, its lines), or None when no end of it was seen."""
        self._number += 1
        # The marks are put together by the guest, so that an echo of the typed line is not mistaken for them.
        begin, end = f"@{self._number}@begin", f"@{self._number}@end"
        start = self._line.position()
        self._line.write(f"echo @{self._number}@'begin'; {command}; echo @{self._number}@'end' $?\n")
        found = self._line.wait(rf"{begin}\n((?:.*\n)*?.*?){end} (\d+)\n", time.monotonic() + seconds, start,
                                without=KERNEL_LINE)
        if not found:
            return None
        return int(found.group(2)), [line for line in found.group(1).splitlines() if line]

    def read(self, path, pattern=r"\S.*", seconds=5):
        """The line in a sysfs file. Looks again when a kernel message broke into it so that @pattern does not fit."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            status, lines = self.run(f"cat {path}")
            if status == 0 and len(lines) == 1 and re.fullmatch(pattern, lines[0]):
                return lines[0]
            time.sleep(0.05)
        raise Trouble(f"{path} in the guest reads {' '.join(lines) or 'nothing'!r}")

    def state(self, remoteproc=REMOTEPROC):
        """What the driver says of the remote processor: offline, running, crashed, ..."""
        return self.read(f"{remoteproc}/state", "offline|suspended|running|crashed|attached|detached|invalid")

    def wait_for_state(self, wanted, seconds, remoteproc=REMOTEPROC):
        """True once the driver says @wanted of the remote processor at @remoteproc."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.state(remoteproc) == wanted:
                return True
            time.sleep(0.05)
        return False

    def write(self, path, value, seconds=20):
        """Write a value to a sysfs file. Returns the exit status; None when the guest did not come back."""
        result = self.run_once(f"{{ echo {value} > {path}; }} 2>/dev/null", seconds)
        return result[0] if result else None

    def type(self, command):
        """Type a command that does not come back."""
        self._line.write(command + "\n")

# SPDX-License-Identifier: BSD-2-Clause
"""As much of GDB's remote protocol as it takes to stop QEMU at an instruction (GDB manual, appendix E)."""

import re
import socket
import time

from paths import Trouble


class Gdb:
    """A connection to QEMU's stub; the machine is stopped by it, and whenever a method returns but for go()."""

    def __init__(self, path, seconds=10):
        until = time.monotonic() + seconds
        self._socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self._socket.connect(path)
                break
            except OSError as error:
                if time.monotonic() > until:
                    raise Trouble(f"no connection to QEMU's debug stub: {error}") from error
                time.sleep(0.05)
        self._buffer = b""
        self.ask("?")

    def close(self):
        """Let go; QEMU runs on."""
        self._socket.close()

    def _send(self, text):
        data = text.encode()
        self._socket.sendall(b"$" + data + b"#%02x" % (sum(data) & 0xFF))

    def _packet(self, seconds):
        """The next packet, None when there is none within @seconds."""
        until = time.monotonic() + seconds
        while True:
            found = re.search(rb"\$([^#]*)#[0-9a-fA-F]{2}", self._buffer)
            if found:
                self._buffer = self._buffer[found.end():]
                self._socket.sendall(b"+")
                return found.group(1).decode()
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536)
            except socket.timeout:
                return None
            if not data:
                raise Trouble("QEMU closed the connection to its debug stub")
            self._buffer += data

    def ask(self, text, seconds=20):
        """A command and its answer."""
        self._send(text)
        answer = self._packet(seconds)
        if answer is None or re.fullmatch(r"E[0-9a-f]{2}|", answer):
            raise Trouble(f"QEMU's debug stub answers {text!r} with {answer!r}")
        return answer

    def insert(self, address):
        """Stop before the instruction at @address, whichever CPU comes there."""
        self.ask(f"Z1,{address:x},4")

    def remove(self, address):
        """Do not stop there any more."""
        self.ask(f"z1,{address:x},4")

    def go(self):
        """Let the machine run."""
        self._send("c")

    def stopped(self, seconds):
        """Wait until it stops. Returns the number of the CPU, None when it does not."""
        answer = self._packet(seconds)
        if answer is None:
            return None
        found = re.search(r"thread:(?:p[0-9a-f]+\.)?([0-9a-f]+);", answer)
        if not found:
            raise Trouble(f"QEMU's debug stub says {answer!r} instead of where it stopped")
        return int(found.group(1), 16) - 1

    def interrupt(self):
        """Stop it now."""
        self._socket.sendall(b"\x03")
        if self.stopped(20) is None:
            raise Trouble("the machine does not stop")

    def step(self, cpu, count=1):
        """Let @cpu execute @count instructions."""
        self.ask(f"Hc{cpu + 1:x}")
        for _ in range(count):
            self._send("s")
            if self.stopped(20) is None:
                raise Trouble("the machine does not stop after one instruction")

    def pass_by(self, address, cpu, seconds):
        """From where @cpu stands at @address on, until any comes there again. Returns which, or None."""
        self.remove(address)
        self.step(cpu)
        self.insert(address)
        self.go()
        return self.stopped(seconds)

    def write64(self, cpu, address, value):
        """Write a word of memory as @cpu sees it."""
        self.ask(f"Hg{cpu + 1:x}")
        self.ask(f"M{address:x},8:{value.to_bytes(8, 'little').hex()}")

# SPDX-License-Identifier: BSD-2-Clause
"""One QEMU process: its serial lines, its monitor, its end."""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from paths import Trouble

_PR_SET_PDEATHSIG = 1


class Line:
    """A serial line: what arrived so far, kept in a file too, and a way to wait for more."""

    def __init__(self, connection, path):
        self._connection = connection
        self._file = open(path, "wb")
        self._text = ""
        self._forgotten = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            try:
                data = self._connection.recv(65536)
            except OSError:
                data = b""
            with self._changed:
                if not data:
                    self._file.close()
                    self._changed.notify_all()
                    return
                self._file.write(data)
                self._file.flush()
                self._text += data.decode("utf-8", "replace").replace("\r", "")
                self._changed.notify_all()

    def position(self):
        """Where the text ends now; text that arrives later lies behind it."""
        with self._changed:
            return self._forgotten + len(self._text)

    def forget(self, start):
        """What lies before @start is from now on in the file only: a long run would not fit the memory."""
        with self._changed:
            self._text = self._text[max(0, start - self._forgotten):]
            self._forgotten = max(start, self._forgotten)

    def since(self, start):
        """The whole lines from @start on: what is said of the end of a line must be true of the line."""
        with self._changed:
            return self._whole_lines(start)

    def _whole_lines(self, start):
        return self._text[max(0, start - self._forgotten):self._text.rfind("\n") + 1]

    def find(self, pattern, start=0):
        """The first match of @pattern in the whole lines from @start on, or None."""
        with self._changed:
            return re.compile(pattern, re.MULTILINE).search(self._whole_lines(start))

    def wait(self, pattern, deadline, start=0, without=None):
        """Like find(), but wait for it until @deadline (of time.monotonic()). None when it did not come.

        What matches @without is taken out of the text first.
        """
        compiled = re.compile(pattern, re.MULTILINE)
        with self._changed:
            while True:
                text = self._whole_lines(start)
                found = compiled.search(without.sub("", text) if without else text)
                left = deadline - time.monotonic()
                if found or left <= 0 or not self._thread.is_alive():
                    return found
                self._changed.wait(min(left, 0.5))

    def write(self, text):
        """Type @text."""
        self._connection.sendall(text.encode())

    def tail(self, count):
        """The last @count lines."""
        with self._changed:
            return self._text.splitlines()[-count:]

    def closed(self):
        """True when the other end is gone and everything was read."""
        return not self._thread.is_alive()

    def drained(self):
        """Wait until the other end is closed and everything was read."""
        self._thread.join(5)


class Monitor:
    """QEMU's machine protocol (QMP)."""

    def __init__(self, connection):
        connection.settimeout(60)		# a busy machine
        self._stream = connection.makefile("rwb")
        self._answer()			# the greeting
        self.execute("qmp_capabilities")

    def _answer(self):
        while True:
            line = self._stream.readline()
            if not line:
                raise Trouble("QEMU closed its monitor")
            message = json.loads(line)
            if "event" not in message:
                return message

    def execute(self, command, **arguments):
        """One command; returns what QEMU answers."""
        self._stream.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        self._stream.flush()
        message = self._answer()
        if "return" not in message:
            raise Trouble(f"QEMU refused {command}: {message}")
        return message["return"]

    def save(self, address, size, cpu):
        """@size bytes as the CPU of that number sees them at @address, through its translation and in its security state."""
        with tempfile.NamedTemporaryFile(prefix="pilot-") as out:
            self.execute("memsave", **{"val": address, "size": size, "filename": out.name, "cpu-index": cpu})
            return out.read()

    def save_physical(self, address, size, path):
        """@size bytes of physical memory, as QEMU sees it from outside of the guest, to the file @path."""
        self.execute("pmemsave", **{"val": address, "size": size, "filename": path})

    def read_words(self, address, count):
        """@count 64-bit words of physical memory, as QEMU sees it from outside of the guest."""
        text = self.execute("human-monitor-command", **{"command-line": f"xp /{count}gx {address:#x}"})
        words = [int(word, 16) for line in text.splitlines() for word in line.partition(":")[2].split()]
        if len(words) != count:
            raise Trouble(f"QEMU cannot read {count} words at {address:#x}: {text.strip()}")
        return words


def _die_with_parent():
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Qemu:
    """A running machine. Use as a context manager: it never outlives the block."""

    def __init__(self, arguments, linux_log, secure_log):
        self._directory = tempfile.mkdtemp(prefix="pilot-")	# socket paths must be short
        self._process = None
        self._errors = tempfile.TemporaryFile()
        try:
            ends = {name: self._listen(name) for name in ("linux", "secure", "monitor")}
            arguments = arguments + [
                *self._chardev("linux"), "-serial", "chardev:linux",
                *self._chardev("secure"), "-serial", "chardev:secure",
                *self._chardev("monitor"), "-mon", "chardev=monitor,mode=control"]
            self.arguments = arguments
            self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=self._errors,
                                             stderr=self._errors, preexec_fn=_die_with_parent)
            self.linux = Line(self._accept(ends["linux"]), linux_log)
            self.secure = Line(self._accept(ends["secure"]), secure_log)
            self.monitor = Monitor(self._accept(ends["monitor"]))
        except (Trouble, OSError) as error:
            self.kill()
            said = "; ".join(self.errors().splitlines())
            raise Trouble(f"QEMU did not start: {said or error}") from error
        except BaseException:
            self.kill()
            raise

    def _path(self, name):
        return os.path.join(self._directory, name)

    def _chardev(self, name):
        return ["-chardev", f"socket,id={name},path={self._path(name)},server=off"]

    def _listen(self, name):
        end = socket.socket(socket.AF_UNIX)
        end.bind(self._path(name))
        end.listen(1)
        return end

    def _accept(self, end):
        end.settimeout(0.2)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                connection = end.accept()[0]
                connection.settimeout(None)
                end.close()
                return connection
            except socket.timeout:
                if self._process.poll() is not None:
                    break
        raise Trouble(f"no connection from QEMU (exit status {self._process.poll()})")

    def errors(self):
        """What QEMU itself said on its standard output and error."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace").strip()

    def ended(self):
        """Exit status, or None while it runs."""
        return self._process.poll()

    def wait(self, deadline):
        """Exit status when it ends before @deadline, else None."""
        try:
            status = self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None
        self.linux.drained()
        self.secure.drained()
        return status

    def kill(self):
        """End it if it still runs, and remove the sockets."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

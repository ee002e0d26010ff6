# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what a person types: options good and bad, the shell, other machines. The runner is started as a program."""

import functools
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time

from bench import DIRECTORY, TOP
from guest import KERNEL_LINE
from options import GUEST, OWNER
from paths import PARTS
from steps import STAMP, NotSeen, steps_of

RUNNER = os.path.join(TOP, "boards", "virt", "run", "main.py")
OPTIONS = ("CPU", "SMP", "MEMORY", "KERNEL", "ARRANGEMENT")
QUICK = 10.0			# seconds in which a bad option must be refused
PROMPT = r"pilot-guest# "

# option, value, what its error must say
BAD_OPTIONS = (
    ("ARRANGEMENT", "tenant", r"ARRANGEMENT=tenant: owner .*, guest .* or tee "),
    ("KERNEL", "/nonexistent", r"KERNEL=/nonexistent: no such directory"),
    ("KERNEL", "/etc", r"KERNEL=/etc: 0 files"),
    ("SMP", "0", r"SMP=0: Linux can have 1 to 8 CPUs"),
    ("SMP", "99", r"SMP=99: Linux can have 1 to 8 CPUs"),
    ("SMP", "four", r"SMP=four: Linux can have 1 to 8 CPUs"),
    ("MEMORY", "1G", r"MEMORY=1G: at least 2048M"),
    ("MEMORY", "much", r"MEMORY=much: at least 2048M"),
    ("QEMU", "/nonexistent", r"QEMU=/nonexistent: no such program"),
    ("QEMU", "/bin/true", r"QEMU=/bin/true: --version"),
    ("CPU", "nonsense", r"nonsense"),
)
MACHINES = (("CPU", "cortex-a76"), ("SMP", "1"), ("SMP", "8"), ("MEMORY", "4G"))


def _environment(**values):
    """This program's environment, with only the given options for the machine and the same QEMU."""
    kept = {name: value for name, value in os.environ.items() if name not in OPTIONS}
    return {**kept, **values}


def bad_option(option, value, says):
    """Refused at once, with one line that names it."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, RUNNER, "run", "--directory", os.path.join(DIRECTORY, "bad-option")],
                          env=_environment(**{option: value}), capture_output=True, text=True, timeout=60, check=False)
    took, lines = time.monotonic() - began, done.stderr.splitlines()
    if done.returncode == 0:
        raise NotSeen("the runner's exit status is 0", "")
    if len(lines) != 1 or not lines[0].startswith("pilot: ") or not re.search(says, lines[0]):
        raise NotSeen(f"the error is not one line with {says!r}:\n{done.stderr}", "")
    if took > QUICK:
        raise NotSeen(f"it took {took:.1f} s", "")
    return f"status {done.returncode}: {lines[0]}"


class Terminal:
    """The runner's shell on a terminal of its own. Use as a context manager."""

    def __init__(self, directory, **values):
        self._ours, theirs = pty.openpty()
        self._before = termios.tcgetattr(self._ours)
        self._process = subprocess.Popen([sys.executable, RUNNER, "shell", "--directory", directory], stdin=theirs,
                                         stdout=theirs, stderr=theirs, env=_environment(**values),
                                         start_new_session=True)
        os.close(theirs)
        self.text = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._ours)

    def _read(self, seconds):
        """Take in what comes within @seconds. False when the other end is closed."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            return False
        self.text += data.decode("utf-8", "replace").replace("\r", "")
        return bool(data)

    def wait(self, pattern, seconds, start=0, without=None):
        """Wait for a match of @pattern in what was printed from @start on, with all that matches @without taken out."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            text = self.text[start:]
            found = re.search(pattern, without.sub("", text) if without else text, re.MULTILINE)
            if found:
                return found
            if not self._read(0.2):
                break
        raise NotSeen(f"the terminal does not show {pattern!r}; it ends with: {self.text[-300:]!r}", "")

    def type(self, text):
        """Press keys."""
        os.write(self._ours, text.encode())

    def ended(self, seconds):
        """Wait for its end, which must be a good one, with the terminal as it was before."""
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            self._read(0.2)
        if self._process.poll() != 0:
            raise NotSeen(f"exit status {self._process.poll()}; 0 expected", "")
        if termios.tcgetattr(self._ours) != self._before:
            raise NotSeen("the terminal is left in another mode than before", "")


def _other_kernel():
    """(directory, word): a copy of the kernel's directory whose kernel names another builder, by that word."""
    directory = os.path.join(DIRECTORY, "kernel")
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(os.path.join(PARTS, "kernel"), directory)
    path = next(entry.path for entry in os.scandir(directory) if entry.name.startswith("vmlinuz"))
    with open(path, "rb") as data:
        image = data.read()
    banner = re.search(rb"Linux version \S+ \((\S+)@", image)
    if not banner:
        raise NotSeen(f"{path} does not say who built it", "the test itself")
    builder = (b"elsewhere" + b"-" * len(banner.group(1)))[:len(banner.group(1))]
    with open(path, "wb") as out:
        out.write(image.replace(banner.group(1) + b"@", builder + b"@"))
    return directory, builder.decode()


def shell_with_another_kernel():
    """A prompt in the guest, whose kernel is the one of KERNEL; "poweroff -f" ends it."""
    kernel, builder = _other_kernel()
    directory = os.path.join(DIRECTORY, "shell")
    with Terminal(directory, KERNEL=kernel) as terminal:
        terminal.wait(STAMP + rf"Linux version \S+ \({re.escape(builder)}@", 60)
        terminal.wait(r"Try:$", 90, without=KERNEL_LINE)
        terminal.wait(STAMP + r"remoteproc remoteproc0: remote processor adsp is now up$", 60)
        start = len(terminal.text)
        terminal.type("\n")
        terminal.wait(PROMPT, 10, start, without=KERNEL_LINE)
        terminal.type("cat /sys/class/remoteproc/remoteproc0/state\n")
        terminal.wait(r"^running\n", 10, start, without=KERNEL_LINE)
        terminal.type("poweroff -f\n")
        terminal.ended(30)
    with open(os.path.join(directory, "secure.log"), encoding="utf-8") as log:
        if not re.search(r"adsp: AUTH_AND_RESET accepted: ", log.read()):
            raise NotSeen("the secure log has no accepted image", directory)
    shutil.rmtree(kernel)
    return f"message of the day, prompt, state \"running\", end by \"poweroff -f\"; kernel by {builder!r} from KERNEL="


def shell_ends_from_outside():
    """Ctrl-A x ends the machine at any time."""
    with Terminal(os.path.join(DIRECTORY, "shell")) as terminal:
        terminal.wait(STAMP + r"Linux version ", 60)
        terminal.type("\x01x")
        terminal.ended(10)
    return "Ctrl-A x ended it, status 0"


def machine(option, value, arrangement):
    """All steps of the demonstration on another machine."""
    directory = os.path.join(DIRECTORY, "machine")
    shutil.rmtree(directory, ignore_errors=True)
    done = subprocess.run([sys.executable, RUNNER, "run", "--timeout", "240", "--directory", directory],
                          env=_environment(**{option: value, "ARRANGEMENT": arrangement}), capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode:
        raise NotSeen(f"exit status {done.returncode}:\n{done.stdout}{done.stderr}", "")
    with open(os.path.join(directory, "result.json"), encoding="utf-8") as record:
        result = json.load(record)
    good = [step["name"] for step in result["steps"] if step["ok"]]
    if good != [name for name, _ in steps_of(arrangement)]:
        raise NotSeen(f"only these steps were observed: {good}", "")
    used = {"CPU": result["cpu"], "SMP": str(result["smp"]), "MEMORY": f"{result['memory'] >> 30}G"}[option]
    if used != value:
        raise NotSeen(f"{option} was {used}", "")
    return f"{len(good)} steps observed with {option}={value}, arrangement {arrangement}"


def tests(tap, only, everything):
    """All of them, or those whose names contain @only."""
    listed = [("shell_gives_a_prompt_with_a_kernel_from_elsewhere", shell_with_another_kernel),
              ("shell_ends_by_its_key", shell_ends_from_outside)]
    for option, value, says in BAD_OPTIONS:
        word = re.sub(r"\W+", "_", f"{option}_{value}").lower()
        listed.append((f"bad_option_{word}_is_refused", functools.partial(bad_option, option, value, says)))
    for option, value in MACHINES if everything else ():
        word = re.sub(r"\W+", "_", f"{option}_{value}").lower()
        for arrangement in (OWNER, GUEST):
            listed.append((f"all_steps_pass_with_{word}_in_arrangement_{arrangement}",
                           functools.partial(machine, option, value, arrangement)))
    for name, function in listed:
        if only in name:
            tap.test(name, function)

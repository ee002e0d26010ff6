# SPDX-License-Identifier: BSD-2-Clause
"""TAs' commands from the guest's kernel, through the module linux/tests/tee_call."""

import os
import re
from dataclasses import dataclass

from paths import BUILD, Trouble

FILE = "/sys/kernel/debug/pilot_tee_call"
MODULE = "modules/pilot_tee_call.ko"		# in the guest
BUILT = os.path.join(BUILD, "modules", "tee_call", "pilot_tee_call.ko")
# TEE Internal Core API: what services answer
SUCCESS, ACCESS_DENIED, BAD_PARAMETERS, BAD_STATE, BUSY = 0, 0xFFFF0001, 0xFFFF0006, 0xFFFF0007, 0xFFFF000D
NONE, OUT = "-", "o"


@dataclass(frozen=True)
class Reply:
    """What came back: the kernel's error (0 or negative), the TEE's result, instructions or time, values and memory in their order.

    memory: (size, bytes changed behind it, its first bytes).
    """

    error: int
    result: int
    ns: int
    values: tuple
    memory: tuple


def value(a=0, b=0):
    """A value that goes in."""
    return f"i:{a:x}:{b:x}"


def inout(a=0, b=0):
    """A value that goes in and out."""
    return f"x:{a:x}:{b:x}"


def wide(number):
    """A value of 64 bits: a is its low word."""
    return value(number & 0xFFFFFFFF, number >> 32)


def data(content):
    """Memory that goes in."""
    return "m:" + content.hex()


def file(path):
    """Memory that goes in: the contents of a file of the guest's."""
    return f"f:{path}"


def room(size):
    """Memory that comes out."""
    return f"r:{size:x}"


class TeeCall:
    """Sessions and commands. @guest: the shell."""

    def __init__(self, guest):
        self._guest = guest
        status, lines = guest.run(f"[ -e {FILE} ] || insmod /{MODULE}", 60)
        if status:
            raise Trouble(f"the guest does not load {MODULE}: {' '.join(lines)}")

    def _ask(self, command, seconds):
        found = self._guest.run_once(f"echo '{command}' > {FILE} && cat {FILE}", seconds)
        if not found:
            raise Trouble(f"the guest did not come back from: {command}")
        status, lines = found
        if status:
            raise Trouble(f"the guest refuses: {command}: {' '.join(lines)}")
        return " ".join(lines)

    @staticmethod
    def _reply(text):
        head = re.search(r"ret=(-?\d+) tee=([0-9a-f]+):[0-9a-f]+(?: ns=(\d+))?", text)
        if not head:
            raise Trouble(f"the guest's answer is none: {text}")
        values = tuple((int(a, 16), int(b, 16)) for a, b in re.findall(r"value=([0-9a-f]+):([0-9a-f]+)", text))
        memory = tuple((int(size, 16), int(behind or "0", 16), bytes.fromhex(content or ""))
                       for size, behind, content in re.findall(r" size=([0-9a-f]+)(?: behind=([0-9a-f]+))?(?: bytes=([0-9a-f]*))?", text))
        return Reply(int(head.group(1)), int(head.group(2), 16), int(head.group(3) or 0), values, memory)

    def open(self, uuid, *params, login="kernel", seconds=60):
        """(session, result) of an attempt to open a session."""
        text = self._ask(" ".join(["open", uuid, login, *params]), seconds)
        reply = self._reply(text)
        if reply.error:
            raise Trouble(f"open {uuid}: the kernel answers {reply.error}")
        return int(re.search(r"session=([0-9a-f]+)", text).group(1), 16), reply.result

    def invoke(self, session, command, *params, seconds=120):
        """One command; returns the Reply."""
        return self._reply(self._ask(" ".join(["invoke", f"{session:x}", f"{command:x}", *params]), seconds))

    def close(self, session):
        """End a session."""
        self._ask(f"close {session:x}", 60)

    def put(self, address, path, offset, length):
        """Part of a file of the guest's into memory that its Linux does not manage."""
        text = self._ask(f"put {address:x} {path} {offset:x} {length:x}", 60)
        if text != "ret=0":
            raise Trouble(f"the guest cannot write {length} bytes at {address:#x}: {text}")

# SPDX-License-Identifier: BSD-2-Clause
"""The remote program's heartbeat, read from outside of the guest and checked against the signed program's own key."""

import struct
import time

import constants
import modules
from paths import Trouble, built

_MASK = (1 << 64) - 1
_SHT_SYMTAB = 2


def symbol_bytes(elf, name, size):
    """@size bytes of initialised data at the symbol @name of the little-endian ELF64 file @elf."""
    if elf[:6] != b"\x7fELF\x02\x01":
        raise Trouble("the remote program is no little-endian ELF64 file")
    shoff, = struct.unpack_from("<Q", elf, 40)
    shentsize, shnum = struct.unpack_from("<HH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, shoff + i * shentsize) for i in range(shnum)]
    for _, kind, _, _, offset, length, link, _, _, entsize in sections:
        if kind != _SHT_SYMTAB:
            continue
        names = sections[link][4]
        for at in range(offset, offset + length, entsize):
            st_name, _, _, st_shndx, st_value, _ = struct.unpack_from("<IBBHQQ", elf, at)
            end = elf.index(b"\0", names + st_name)
            if elf[names + st_name:end] == name.encode() and 0 < st_shndx < shnum:
                _, _, _, address, where, _, _, _, _, _ = sections[st_shndx]
                return elf[where + st_value - address:][:size]
    raise Trouble(f"the remote program has no symbol {name}")


def mix(x):
    """The finaliser of splitmix64."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & _MASK
    return x ^ (x >> 31)


class Heartbeat:
    """@monitor reads memory from outside; @page is the control page; @elf is the program whose proof counts."""

    def __init__(self, monitor, page, remote, elf):
        self._monitor = monitor
        self._page = page
        self._remote = remote
        self._key, = struct.unpack("<Q", symbol_bytes(elf, "heartbeat_key", 8))

    def _word(self, name):
        return self._monitor.read_words(self._page + self._remote[name], 1)[0]

    def count(self):
        """Beats since the program started, when the proof is right; None when it is not the program's."""
        for _ in range(50):
            before = self._word("PIL_CTRL_COUNT")
            proof = self._word("PIL_CTRL_PROOF")
            still = before == self._word("PIL_CTRL_COUNT")
            if still and proof == mix(before ^ self._key):
                return before if self._word("PIL_CTRL_MAGIC") == self._remote["PIL_CTRL_MAGIC_VALUE"] else None
            time.sleep(0.002)		# count and proof are two stores, and their CPU may wait in between
        if not still:
            raise Trouble("the heartbeat never stands still long enough to be read")
        return None

    def advances(self, seconds):
        """(first, later) counts, both proven, once the later one is larger; None when @seconds pass before that."""
        until = time.monotonic() + seconds
        first = None
        while time.monotonic() < until:
            now = self.count()
            if first is None:
                first = now
            elif now is not None and now > first:
                return first, now
            elif now is not None and now < first:
                first = now		# it started again between the two looks
            time.sleep(0.02)
        return None

    def stands_still(self, seconds):
        """The count, when it does not change for @seconds; None when it does."""
        first = self._monitor.read_words(self._page + self._remote["PIL_CTRL_COUNT"], 2)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.05)
            if self._monitor.read_words(self._page + self._remote["PIL_CTRL_COUNT"], 2) != first:
                return None
        return first[0]


def heart(monitor, platform, name):
    """The heartbeat of the genuine program called @name, on its core's control page."""
    core = platform["VIRT_CORE_" + name.upper()]
    return Heartbeat(monitor, platform["VIRT_CTRL"] + core * platform["VIRT_CTRL_SIZE"], constants.remote(),
                     modules.read_file(built(f"{name}.elf")))

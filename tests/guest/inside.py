# SPDX-License-Identifier: BSD-2-Clause
"""The service's own state, read from outside through QEMU: no call of the firmware exists for the sake of tests."""

import os
import re
import struct
import subprocess

from paths import BUILD, TOP, Trouble, built

import constants
import modules

LAYOUT = os.path.join(BUILD, "native", "tests", "guest", "inside", "layout")
GATE_FREE = 0			# bits 1:0 of a gate's word
_SHT_SYMTAB = 2


def symbols(elf):
    """{name: (address, size)} of the ELF64 file @elf."""
    shoff, = struct.unpack_from("<Q", elf, 40)
    shentsize, shnum = struct.unpack_from("<HH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, shoff + i * shentsize) for i in range(shnum)]
    found = {}
    for _, kind, _, _, offset, length, link, _, _, entsize in sections:
        if kind != _SHT_SYMTAB:
            continue
        names = sections[link][4]
        for at in range(offset, offset + length, entsize):
            st_name, _, _, _, value, size = struct.unpack_from("<IBBHQQ", elf, at)
            end = elf.index(b"\0", names + st_name)
            found[elf[names + st_name:end].decode()] = (value, size)
    return found


def layout():
    """{member: (offset, size)} of the service's state, as a native program says."""
    done = subprocess.run([LAYOUT], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{LAYOUT} failed: {done.stderr}")
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: (int(offset), int(size)) for name, offset, size in rows}


def _pool_size():
    """Bytes of a request's crypto pool."""
    text = modules.read_file(os.path.join(TOP, "firmware", "service", "thread.c")).decode()
    kib, = re.search(r"#define POOL_SIZE\s+\((\d+)u \* 1024u\)", text).groups()
    return int(kib) << 10


class Inside:
    """@monitor is QEMU's; @cpu one that stands in EL3, where the service's RAM is mapped as it is."""

    def __init__(self, monitor, cpu):
        self._monitor, self._cpu = monitor, cpu
        self._symbols = symbols(modules.read_file(built("service.elf")))
        self._layout = layout()
        self._pool = _pool_size()
        offsets = constants.read_header(os.path.join(TOP, "firmware", "service", "offsets.h"))
        self._guard, self._stack = offsets["SERVICE_GUARD"], offsets["SERVICE_THREAD_STACK"]
        if self._symbols["pas"][1] != self._layout["pil_pas"][1]:
            raise Trouble(f"struct pil_pas has {self._layout['pil_pas'][1]} bytes for {LAYOUT}, "
                          f"{self._symbols['pas'][1]} in service.elf")
        self.peripherals = self._layout["pil_pas.p"][1] // self._layout["pil_peripheral"][1]

    def read(self, name):
        """The bytes of a variable of the service."""
        return self._monitor.save(*self._symbols[name], self._cpu)

    def _gates(self):
        """Offset of each peripheral's gate."""
        first = self._layout["pil_pas.p"][0] + self._layout["pil_peripheral.gate"][0]
        return [first + i * self._layout["pil_peripheral"][1] for i in range(self.peripherals)]

    def ledgers(self):
        """(everything that the service knows, without the gates' numbers, {what: its bytes}, gates that are free)."""
        pas = bytearray(self.read("pas"))
        free = True
        for gate in self._gates():
            free = free and pas[gate] & 3 == GATE_FREE
            pas[gate:gate + 4] = bytes(4)
        parts = {}
        for name in ("cores", "memory", "streams", "sharing", "unknown_count"):
            offset, size = self._layout["pil_pas." + name]
            parts[name] = bytes(pas[offset:offset + size])
        return bytes(pas), parts, free

    def stacks(self):
        """The most that was ever used of each peripheral's stack, in bytes: nobody cleans them."""
        start, end = self._symbols["service_thread_stacks"][0], self._symbols["service_stacks_end"][0]
        depths = []
        for base in range(start, end, self._guard + self._stack):
            data = self._monitor.save(base + self._guard, self._stack, self._cpu)
            depths.append(len(data.lstrip(b"\0")))
        return depths

    def pools(self):
        """(used, failed, damaged, the most ever touched) of each peripheral's crypto pool; None: no request has had it."""
        address, size = self._symbols["threads"]
        data = self.read("threads")
        each, found = size // self.peripherals, []
        for i in range(self.peripherals):
            end = (i + 1) * each
            head, memory = data[i * each:end - self._pool], data[end - self._pool:end]
            at = head.find(struct.pack("<QQ", address + end - self._pool, self._pool))
            if at < 0:
                found.append(None)
                continue
            used, _, failed, damaged = struct.unpack_from("<QQI?", head, at + 16)
            found.append((used, failed, damaged, len(memory.rstrip(b"\0"))))
        return found

    def stack_size(self):
        """Bytes of each peripheral's stack."""
        return self._stack

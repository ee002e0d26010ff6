#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the firmware takes, and what its places in secure RAM and flash leave over.

usage: sizes.py BUILD_DIRECTORY
That it fits is checked when it is linked; here it is said by how much.
"""

import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants					# noqa: E402
from paths import Trouble				# noqa: E402

CODE = (".text", ".rodata", ".data", ".rela.dyn")
# The last two pages of the service's memory are boot info and a page to spare; the last of a shim's has its orders.
RAM = {"monitor": (("VIRT_MONITOR_SIZE", 0), (".data", ".bss", ".noinit", ".stacks")),
       "service": (("VIRT_SERVICE_SIZE", 8192), (".text", ".rodata", ".data", ".bss", ".stacks")),
       "shim": (("VIRT_SHIM_STRIDE", 4096), None),
       "hypervisor": (("VIRT_HYPERVISOR_SIZE", 4096), (".text", ".rodata", ".data", ".bss", ".shared", ".stacks"))}


def sections(path):
    """{name: size} of an ELF file, and where the last of them ends."""
    done = subprocess.run(["aarch64-linux-gnu-size", "-A", path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(done.stderr.strip())
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith(".")]
    return {name: int(size) for name, size, _ in rows if not name.startswith(".debug")}


def symbol(path, name):
    """Value of a symbol."""
    done = subprocess.run(["aarch64-linux-gnu-nm", path], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        words = line.split()
        if words[-1:] == [name]:
            return int(words[0], 16)
    raise Trouble(f"{path} has no symbol {name}")


def program(build, name):
    """Path of one program."""
    return os.path.join(build, "boards", "virt", name, f"{name}.elf")


def code(build, name):
    """Bytes of code and constants of one program: what lies in flash."""
    size = sections(program(build, name))
    return sum(size.get(part, 0) for part in CODE)


def line(build, platform, name):
    """One program: code, memory, room."""
    path = program(build, name)
    size = sections(path)
    (room, kept), parts = RAM[name]
    used = sum(size.get(part, 0) for part in parts) if parts else symbol(path, "shim_stack_end")
    total = platform[room] - kept
    return (f"pilot: {name:10} {code(build, name) / 1024:7.1f} KiB of code and constants, {used / 1024:7.1f} KiB of RAM; "
            f"{(total - used) / 1024:7.1f} KiB of its {total // 1024} KiB of RAM are free")


def main(build):
    """Entry point."""
    platform = constants.platform()
    for name in RAM:
        print(line(build, platform, name))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except Trouble as error:
        sys.exit(f"pilot: {error}")

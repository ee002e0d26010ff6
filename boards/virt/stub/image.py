#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Put together what QEMU loads for the remote cores of arrangement tee: the stub, the shim, and perhaps a program.

image.py STUB SHIM [--boot PROGRAM.elf] OUTPUT: with --boot core 0 runs that program before anything orders it, as a core does that
earlier firmware has started.
"""

import argparse
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "run"))
import constants  # noqa: E402
from paths import BOARD  # noqa: E402

BOOT_MAGIC = 0x50544F42		# include/pilot/wire/stub.h
PT_LOAD = 1


class ImageError(Exception):
    """A part does not fit; the text says which."""


def place(parts, size):
    """One image of the (offset, bytes) in @parts, each of which must end before the next begins."""
    image = bytearray()
    ends = [offset for offset, _ in parts[1:]] + [size]
    for (offset, data), end in zip(parts, ends):
        if offset + len(data) > end:
            raise ImageError(f"the part at {offset:#x} has {len(data)} bytes; there are {end - offset}")
        image += bytes(offset - len(image)) + data
    return bytes(image)


def segments(elf):
    """(address, bytes) of what is to be loaded of a 64-bit program, and its entry point."""
    if elf[:6] != b"\x7fELF\x02\x01":
        raise ImageError("the program is no little-endian 64-bit ELF file")
    entry, table = struct.unpack_from("<QQ", elf, 24)
    entry_size, count = struct.unpack_from("<HH", elf, 54)
    found = []
    for index in range(count):
        kind, _, offset, _, address, size = struct.unpack_from("<IIQQQQ", elf, table + index * entry_size)
        if kind == PT_LOAD and size:
            found.append((address, elf[offset:offset + size]))
    return found, entry


def flatten(found, base, room):
    """Those of the segments in @found that begin in the @room bytes from @base on, in their places."""
    memory = bytearray()
    for address, data in sorted(found):
        if not base <= address < base + room:
            continue
        if address - base < len(memory) or len(data) > base + room - address:
            raise ImageError(f"the segment of {len(data)} bytes at {address:#x} of the program has no place of its own below {base + room:#x}")
        memory += bytes(address - base - len(memory)) + data
    return bytes(memory)


def boot_part(elf, board):
    """What the stub starts by itself: struct pil_stub_boot, the program, its resource table."""
    found, entry = segments(elf)
    places = [(board["VIRT_TEE_DA_MEM"], board["VIRT_TEE_M33_MEM_SIZE"]), (board["VIRT_TEE_DA_IPC"], board["VIRT_TEE_IPC_TABLE_SIZE"])]
    for address, data in found:
        if not any(base <= address < base + room for base, room in places):
            raise ImageError(f"the segment of {len(data)} bytes at {address:#x} of the program is where core 0 has no memory for it")
    program, table = (flatten(found, *place) for place in places)
    return struct.pack("<IIQQ", BOOT_MAGIC, len(table), len(program), entry) + program + table


def read(path):
    """A file's bytes."""
    with open(path, "rb") as file:
        return file.read()


def main():
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("stub")
    parser.add_argument("shim")
    parser.add_argument("--boot", metavar="PROGRAM")
    parser.add_argument("output")
    arguments = parser.parse_args()
    board = constants.read_header(os.path.join(BOARD, "include", "virt", "tee_platform.h"))
    parts = [(0, read(arguments.stub)), (board["VIRT_TEE_STUB_SHIM"], read(arguments.shim))]
    try:
        if arguments.boot:
            parts.append((board["VIRT_TEE_STUB_BOOT"], boot_part(read(arguments.boot), board)))
        # without a program zeros where its header would be: whoever loads this does not clear the memory behind it
        else:
            parts.append((board["VIRT_TEE_STUB_BOOT"], bytes(24)))
        image = place(parts, board["VIRT_TEE_STUB_LOADED_SIZE"])
    except ImageError as error:
        print(f"image.py: {error}", file=sys.stderr)
        return 1
    with open(arguments.output, "wb") as file:
        file.write(image)
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: BSD-2-Clause
"""ELF files to measure with: sixteen loadable segments of bytes that look random, the same every time."""

import random
import struct

SEGMENTS = 16
PAGE = 4096


def plain_elf(size, seed):
    """An ELF32 file of about @size bytes, as a linker for a remote processor would write it."""
    each = max(size // SEGMENTS // PAGE, 1) * PAGE
    base = 0x80000000
    # System V ABI: e_ident, type EXEC, machine QDSP6, version, entry, phoff, shoff, flags, six half words
    header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 164, 1, base, 52, 0, 0, 52, 32, SEGMENTS,
                                                      0, 0, 0)
    headers = b"".join(struct.pack("<8I", 1, PAGE + i * each, base + i * each, base + i * each, each, each, 7, PAGE)
                       for i in range(SEGMENTS))
    return (header + headers).ljust(PAGE, b"\0") + random.Random(seed).randbytes(SEGMENTS * each)

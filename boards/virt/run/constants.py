# SPDX-License-Identifier: BSD-2-Clause
"""Numbers that the firmware's headers define: they have one home, and the runner reads them there."""

import os
import re

from paths import BOARD, TOP, Trouble

_DEFINE = re.compile(r"^#define\s+(\w+)\s+\(?(0x[0-9a-fA-F]+|\d+)[uUlL]*\)?\s*(?:/\*.*)?$")


def read_header(path):
    """A dict of the plain numbers that the header in @path defines."""
    try:
        with open(path, encoding="utf-8") as header:
            matches = [_DEFINE.match(line.rstrip()) for line in header]
    except OSError as error:
        raise Trouble(str(error)) from error
    return {match.group(1): int(match.group(2), 0) for match in matches if match}


def platform():
    """Memory map and numbers of the board virt."""
    return read_header(os.path.join(BOARD, "include", "virt", "platform.h"))


def tee_platform():
    """The same in arrangement tee: what differs from platform()."""
    return read_header(os.path.join(BOARD, "include", "virt", "tee_platform.h"))


def remote():
    """What host and remote program agreed about: the heartbeat, and requests for misbehaviour."""
    return read_header(os.path.join(TOP, "include", "pilot", "wire", "remote.h"))

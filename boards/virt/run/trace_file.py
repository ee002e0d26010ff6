# SPDX-License-Identifier: BSD-2-Clause
"""The trace that the firmware leaves in normal memory (include/pilot/wire/trace.h): saved from outside of the machine."""

import contextlib
import os

import constants
import modules
from paths import TOP, Trouble, built

FILE = "trace.bin"
_HEADER = os.path.join(TOP, "include", "pilot", "wire", "trace.h")


def clock():
    """(path in the guest, contents) of the program that tells how the kernel's clock and the trace's belong together."""
    return "usr/bin/trace-clock", modules.read_file(built("trace-clock"))


def forget(directory):
    """An old trace must not pass for this run's."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(directory, FILE))


def save(qemu, directory):
    """Write what the machine has recorded until now to @directory. Nothing, when the machine has ended: then the last one stays."""
    new = os.path.join(directory, f"{FILE}.new")
    try:
        qemu.monitor.save_physical(constants.platform()["VIRT_TRACE"], constants.read_header(_HEADER)["PIL_TRACE_SIZE"], new)
        os.replace(new, os.path.join(directory, FILE))
    except (Trouble, OSError):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)

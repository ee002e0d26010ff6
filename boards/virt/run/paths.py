# SPDX-License-Identifier: BSD-2-Clause
"""Where things are. Importing this also makes the modules of scripts/setup and boards/virt/guest importable."""

import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BOARD = os.path.join(TOP, "boards", "virt")
BUILD = os.path.join(TOP, "build")
FIRMWARE = os.path.join(BUILD, "firmware")
IMAGES = os.path.join(BUILD, "images")
KEYS = os.path.join(BUILD, "keys")
PARTS = os.path.join(BUILD, "parts")
RUN = os.path.join(BUILD, "run")
TOOL = os.path.join(BUILD, "native", "tools", "pilot", "pilot")

for _directory in (os.path.join(TOP, "scripts", "setup"), os.path.join(BOARD, "guest")):
    if _directory not in sys.path:
        sys.path.insert(0, _directory)


class Trouble(Exception):
    """Something that the person at the keyboard can understand went wrong; the text says what."""


def built(name):
    """The one file called @name below build/firmware."""
    found = [os.path.join(where, name) for where, _, names in os.walk(FIRMWARE) if name in names]
    if len(found) != 1:
        raise Trouble(f"{len(found)} files called {name} below {FIRMWARE}; one expected (is the firmware built?)")
    return found[0]

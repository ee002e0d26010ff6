# SPDX-License-Identifier: BSD-2-Clause
"""An MBN image of m0's program, for the PAS service, and the two parts in which a driver hands one over."""

import os
import struct

import tee_guest			# first: it says where the others are
import constants
import containers
import images
from paths import BUILD, Trouble

DIRECTORY = os.path.join(BUILD, "guest-tee", "images")
M0 = "m0.mbn"
_HASH = 2 << 24					# type of the hash segment in p_flags
_TYPE = 7 << 24
_PT_LOAD = 1


def make():
    """Sign it with the keys of the other arrangements. Returns its path.

    Its version is that of the containers: both forms of one software have one rollback counter.
    """
    images.make(constants.platform())
    os.makedirs(DIRECTORY, exist_ok=True)
    path = os.path.join(DIRECTORY, M0)
    images.sign(tee_guest.built("m0.elf"), path, images.genuine_keys(), constants.tee_platform()["VIRT_TEE_M0_SW_ID"],
                version=containers.VERSION)
    return path


def _headers(image):
    if image[:5] != b"\x7fELF\x01":
        raise Trouble("the image is no ELF32 file")
    phoff, = struct.unpack_from("<I", image, 28)
    phentsize, phnum = struct.unpack_from("<HH", image, 42)
    for number in range(phnum):
        yield struct.unpack_from("<8I", image, phoff + number * phentsize)


def metadata(image):
    """What INIT_IMAGE brings: the headers, directly followed by the hash segment."""
    headers = list(_headers(image))
    found = [h for h in headers if h[6] & _TYPE == _HASH]
    return image[:headers[0][4]] + b"".join(image[h[1]:h[1] + h[4]] for h in found)


def segments(image):
    """(offset in the file, offset from the lowest address, bytes) of what is copied to the carve-out, and how long that is in all."""
    loaded = [h for h in _headers(image) if h[0] == _PT_LOAD and h[6] & _TYPE != _HASH and h[5]]
    lowest = min(h[3] for h in loaded)
    span = (max(h[3] + h[5] for h in loaded) - lowest + 0xfff) & ~0xfff
    return [(h[1], h[3] - lowest, h[4]) for h in loaded if h[4]], span

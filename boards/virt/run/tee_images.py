# SPDX-License-Identifier: BSD-2-Clause
"""MBN images of the programs of arrangement tee, for the PAS service, and the two parts in which a driver hands one over."""

import os
import struct
import subprocess

import constants
import images
from paths import IMAGES, Trouble, built

M33, M0 = "m33.mbn", "m0.mbn"

_HASH = 2 << 24					# type of the hash segment in p_flags
_TYPE = 7 << 24
_PT_LOAD = 1


def make(directory=IMAGES):
    """Both images, signed with the keys of the other arrangements; m33's without its resource table, which no carve-out holds."""
    platform, tee = constants.platform(), constants.tee_platform()
    images.make(platform)
    os.makedirs(directory, exist_ok=True)
    bare = os.path.join(directory, "m33-bare.elf")
    done = subprocess.run(["aarch64-linux-gnu-objcopy", "--remove-section=.resource_table", built("m33.elf"), bare],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"objcopy: {done.stderr.strip()}")
    for elf, name, sw_id in ((bare, M33, "VIRT_TEE_M33_SW_ID"), (built("m0.elf"), M0, "VIRT_TEE_M0_SW_ID")):
        images.sign(elf, os.path.join(directory, name), images.genuine_keys(), tee[sw_id])
    return [os.path.join(directory, name) for name in (M33, M0)]


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

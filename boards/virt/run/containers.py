# SPDX-License-Identifier: BSD-2-Clause
"""Signed containers of the programs of arrangement tee, made by the tool, and some that must be refused; and fuses that name
their key."""

import hashlib
import os
import struct

import constants
import images
from paths import IMAGES, TOOL, Trouble, built

# The genuine ones, by the names under which the drivers ask for them.
M33, M0 = "m33.bin", "m0.bin"
# Signed with the same key, and refused for what they are: for the other processor; older than what has run.
OTHER_PROCESSOR, OLDER = "m33-for-m0.bin", "m33-older.bin"
# Validly signed, and changed behind the signature: a segment less; the resource table elsewhere; one bit of a segment.
DROPPED_SEGMENT, MOVED_TABLE, FORGED = "m33-dropped-segment.bin", "m33-moved-table.bin", "m33-forged-segment.bin"
FOREIGN_KEY = "m33-foreign-key.bin"
# Of about 1 and 4 MiB, for measurements.
LARGE = ("m33-1m.bin", "m33-4m.bin")
# The programs as they are linked, for processors that the host manages.
PLAIN = ("m33.elf", "m0.elf")
ALL = (M33, M0, OTHER_PROCESSOR, OLDER, DROPPED_SEGMENT, MOVED_TABLE, FORGED, FOREIGN_KEY)
FUSES = "fuses-tee.bin"

VERSION, OLDER_VERSION = 1, 0

_HEADER = struct.Struct("<5I")
_PT_NULL, _PT_LOAD = 0, 1


def key():
    """The private key that signs containers for the machine's fuses."""
    return _key("containers", "Pilot demonstration")


def _key(name, organisation):
    return os.path.join(images.keys(name, organisation, "ec-p256"), "leaf.key")


def sign(elf, path, key_file, processor, version=VERSION):
    """Make the container @path of the program @elf."""
    images.tool("image", "sign", "--format", "container", elf, "-o", path, "--key", key_file, "--processor", str(processor),
                "--anti-rollback", str(version))


def image_offset(container):
    """Where in @container its first image begins: behind header, TLVs and signature, each padded to 8 bytes."""
    _, _, tlv_len, sign_len, _ = _HEADER.unpack_from(container)
    return _HEADER.size + (tlv_len + 7) // 8 * 8 + (sign_len + 7) // 8 * 8


def _loaded_segments(container):
    """(offset in the container of the program header, its fields) of each PT_LOAD."""
    start = image_offset(container)
    if container[start:start + 5] != b"\x7fELF\x02":
        raise Trouble("the container holds no ELF64 file")
    phoff, = struct.unpack_from("<Q", container, start + 32)
    phentsize, phnum = struct.unpack_from("<HH", container, start + 54)
    for number in range(phnum):
        at = start + phoff + number * phentsize
        fields = struct.unpack_from("<2I6Q", container, at)
        if fields[0] == _PT_LOAD:
            yield at, fields


def drop_segment(container):
    """@container with the program header of its second segment made one that loads nothing."""
    at, _ = list(_loaded_segments(container))[1]
    return container[:at] + struct.pack("<I", _PT_NULL) + container[at + 4:]


def forge_segment(container):
    """@container with one bit of its first segment changed."""
    _, fields = next(_loaded_segments(container))
    where = image_offset(container) + fields[2] + fields[5] // 2
    return container[:where] + bytes([container[where] ^ 1]) + container[where + 1:]


def move_table(container):
    """@container with its section .resource_table said to be 256 bytes behind where it is."""
    start = image_offset(container)
    shoff, = struct.unpack_from("<Q", container, start + 40)
    shentsize, shnum, shstrndx = struct.unpack_from("<3H", container, start + 58)
    names, = struct.unpack_from("<Q", container, start + shoff + shstrndx * shentsize + 24)
    for number in range(shnum):
        at = start + shoff + number * shentsize
        name, = struct.unpack_from("<I", container, at)
        if container[start + names + name:].startswith(b".resource_table\0"):
            address, = struct.unpack_from("<Q", container, at + 16)
            return container[:at + 16] + struct.pack("<Q", address + 0x100) + container[at + 24:]
    raise Trouble("the container's image has no section .resource_table")


def _write(name, data, directory):
    with open(os.path.join(directory, name), "wb") as out:
        out.write(data)


def _fingerprint(elfs):
    digest = hashlib.sha256()
    for path in (*elfs, TOOL, os.path.abspath(__file__), os.path.abspath(images.__file__)):
        with open(path, "rb") as data:
            digest.update(data.read())
    return digest.hexdigest()


def _make(tee, m33, m0, directory):
    own, foreign = key(), _key("containers-foreign", "Somebody else")
    path = {name: os.path.join(directory, name) for name in (*ALL, *LARGE)}
    sign(m33, path[M33], own, tee["VIRT_TEE_M33"])
    sign(m0, path[M0], own, tee["VIRT_TEE_M0"])
    sign(m33, path[OTHER_PROCESSOR], own, tee["VIRT_TEE_M0"])
    sign(m33, path[OLDER], own, tee["VIRT_TEE_M33"], OLDER_VERSION)
    sign(m33, path[FOREIGN_KEY], foreign, tee["VIRT_TEE_M33"])
    for name in LARGE:
        sign(built(name.replace(".bin", ".elf")), path[name], own, tee["VIRT_TEE_M33"])
    with open(path[M33], "rb") as data:
        container = data.read()
    for name, change in ((DROPPED_SEGMENT, drop_segment), (MOVED_TABLE, move_table), (FORGED, forge_segment)):
        _write(name, change(container), directory)
    root = os.path.join(images.genuine_keys(), "root.crt")
    images.tool("fuses", "new", "-o", os.path.join(directory, FUSES), "--root", root, "--soc", hex(images.SOC),
                "--oem", str(images.OEM), "--model", str(images.MODEL), "--container-key", own.replace(".key", ".crt"))


def make(directory=IMAGES):
    """Make what is missing or out of date. Returns the paths of ALL and of the programs as they are linked."""
    platform, tee = constants.platform(), constants.tee_platform()
    images.make(platform)
    plain = [built(name) for name in PLAIN]
    stamp = os.path.join(directory, "containers-made-from")
    fingerprint = _fingerprint((*plain, *(built(name.replace(".bin", ".elf")) for name in LARGE)))
    paths = [os.path.join(directory, name) for name in ALL]
    others = [os.path.join(directory, name) for name in (*LARGE, FUSES)]
    fresh = False
    if os.path.exists(stamp) and all(map(os.path.exists, paths + others)):
        with open(stamp, encoding="ascii") as text:
            fresh = text.read() == fingerprint
    if not fresh:
        os.makedirs(directory, exist_ok=True)
        _make(tee, *plain, directory)
        with open(stamp, "w", encoding="ascii") as out:
            out.write(fingerprint)
    return paths + plain

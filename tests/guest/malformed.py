# SPDX-License-Identifier: BSD-2-Clause
"""Images that Linux's loader takes and the secure world refuses, made from the genuine one by one change each."""

import os
import struct

from bench import DIRECTORY, images
from paths import IMAGES, Trouble, built

import modules

EHDR_ENTRY = 24
PHDR, PHDR_FILESZ, PHDR_MEMSZ, PHDR_FLAGS = 32, 16, 20, 24
TYPE_MASK, TYPE_HASH = 7 << 24, 2 << 24
# header of hash segment version 6
HEADER, VERSION, SIGNATURE_SIZE, CERTS_SIZE, METADATA_SIZE = 48, 4, 28, 36, 44
HASH = 48


class Image:
    """A signed image as bytes that can be changed, and where things are in it."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.phoff, = struct.unpack_from("<I", data, 28)
        self.phnum, = struct.unpack_from("<H", data, 44)
        self.hash_index = next(i for i in range(self.phnum)
                               if self.word(self.phdr(i) + PHDR_FLAGS) & TYPE_MASK == TYPE_HASH)
        self.segment = self.word(self.phdr(self.hash_index) + 4)
        self.segment_size = self.word(self.phdr(self.hash_index) + PHDR_FILESZ)
        self.table = self.segment + HEADER + self.word(self.segment + METADATA_SIZE)
        self.signature = self.table + HASH * self.phnum
        self.signature_size = self.word(self.segment + SIGNATURE_SIZE)
        self.certs = self.signature + self.signature_size
        self.certs_size = self.word(self.segment + CERTS_SIZE)

    def phdr(self, index):
        """Offset of a program header."""
        return self.phoff + PHDR * index

    def word(self, offset):
        """A 32-bit word."""
        return struct.unpack_from("<I", self.data, offset)[0]

    def put(self, offset, value):
        """Change a 32-bit word."""
        struct.pack_into("<I", self.data, offset, value)

    def replace(self, offset, data):
        """Change bytes."""
        self.data[offset:offset + len(data)] = data


def hash_segment_truncated(image):
    at = image.phdr(image.hash_index) + PHDR_FILESZ
    image.put(at, image.segment_size - 256)


def hash_segment_shorter_than_its_header(image):
    image.put(image.phdr(image.hash_index) + PHDR_FILESZ, HEADER - 8)


def two_hash_segments(image):
    at = image.phdr(image.phnum - 1) + PHDR_FLAGS
    image.put(at, image.word(at) & ~TYPE_MASK | TYPE_HASH)


def unsigned_placeholder(image):
    image.replace(image.segment, bytes(image.segment_size))


def signature_left_out(image):
    certs = bytes(image.data[image.certs:image.certs + image.certs_size])
    image.put(image.segment + SIGNATURE_SIZE, 0)
    image.replace(image.signature, certs + b"\xff" * image.signature_size)


def signature_of_another_image(image):
    other = Image(modules.read_file(os.path.join(IMAGES, images.WRONG_DEVICE)))
    image.replace(image.signature, other.data[other.signature:other.signature + other.signature_size])


def signature_all_zero(image):
    image.replace(image.signature, bytes(image.signature_size))


def hash_table_changed(image):
    image.data[image.table + HASH * (image.phnum - 1)] ^= 1


def version_not_known(image):
    image.put(image.segment + VERSION, 99)


def entry_point_moved(image):
    image.put(EHDR_ENTRY, image.word(EHDR_ENTRY) + 4)


def more_bss(image):
    at = image.phdr(image.phnum - 1) + PHDR_MEMSZ
    image.put(at, image.word(at) + 4096)


def tail_behind_certificates(image):
    image.data[image.certs + image.certs_size - 1] = 0


def leaf_of_somebody_else(image):
    """The certificate has the right names, and another authority's signature."""
    with open(os.path.join(images.keys("impostor", "Pilot demonstration"), "leaf.der"), "rb") as other, \
         open(os.path.join(images.genuine_keys(), "leaf.der"), "rb") as genuine:
        leaf, mine = other.read(), genuine.read()
    certs = bytes(image.data[image.certs:image.certs + image.certs_size])
    if not certs.startswith(mine):
        raise Trouble("the genuine image does not begin its chain with the genuine leaf")
    image.replace(image.certs, (leaf + certs[len(mine):] + b"\xff" * 64)[:image.certs_size])


# the function that makes it, and the reason for which it must be refused
CHANGES = (
    (hash_segment_truncated, "MBN_REGIONS"),
    (hash_segment_shorter_than_its_header, "MBN_SHORT"),
    (two_hash_segments, "MBN_TWO_HASH_SEGMENTS"),
    (unsigned_placeholder, "MBN_PLACEHOLDER"),
    (version_not_known, "MBN_VERSION"),
    (signature_left_out, "SIG_NONE"),
    (signature_of_another_image, "SIG_MISMATCH"),
    (signature_all_zero, "SIG_FORMAT"),
    (hash_table_changed, "SIG_MISMATCH"),
    (leaf_of_somebody_else, "CERT_SIGNATURE"),
    (tail_behind_certificates, "CERT_TRAILING"),
    (entry_point_moved, "HASH_HEADERS"),
    (more_bss, "HASH_HEADERS"),
)
# well signed, but not for this peripheral of this device: what is other, and the reason
BINDINGS = (
    ("software_id", {"sw_id": 5}, "BIND_SW_ID"),
    ("oem", {"oem": 2}, "BIND_OEM"),
    ("product", {"model": 7}, "BIND_MODEL"),
)


def make(sw_id):
    """Make all of them in build/guest. Returns [(name, path, reason)]."""
    made = []
    genuine = modules.read_file(os.path.join(IMAGES, images.GENUINE))
    for change, reason in CHANGES:
        image = Image(genuine)
        change(image)
        path = os.path.join(DIRECTORY, change.__name__ + ".mbn")
        with open(path, "wb") as out:
            out.write(image.data)
        made.append((f"image_with_{change.__name__}", path, reason))
    for name, other, reason in BINDINGS:
        path = os.path.join(DIRECTORY, f"signed_for_another_{name}.mbn")
        images.sign(built("adsp.elf"), path, images.genuine_keys(), **{"sw_id": sw_id, **other})
        made.append((f"image_signed_for_another_{name}", path, reason))
    return made

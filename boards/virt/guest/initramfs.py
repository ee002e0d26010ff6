# SPDX-License-Identifier: BSD-2-Clause
"""The guest's first file system: busybox, modules, images and /init as a cpio archive (format newc)."""

import hashlib
import os

import modules

_DIRECTORY = 0o040755
_PROGRAM = 0o100755
_FILE = 0o100644


class Cpio:
    """A cpio archive in the making, with entries in the order in which they are added; all owned by root, time 0."""

    def __init__(self):
        self._parts = []
        self._inode = 0
        self._directories = {""}

    def _entry(self, name, mode, data):
        self._inode += 1
        encoded = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
        self._parts += [header, b"\0" * (-len(header) % 4), data, b"\0" * (-len(data) % 4)]

    def directory(self, name):
        """Add a directory, and those that it is in, unless they are there."""
        if name not in self._directories:
            self.directory(os.path.dirname(name))
            self._directories.add(name)
            self._entry(name, _DIRECTORY, b"")

    def file(self, name, data, program=False):
        """Add a regular file, executable when it is a program, and the directories that it is in."""
        self.directory(os.path.dirname(name))
        self._entry(name, _PROGRAM if program else _FILE, data)

    def bytes(self):
        """The finished archive."""
        self._entry("TRAILER!!!", 0, b"")
        self._parts.append(b"\0" * (-sum(map(len, self._parts)) % 512))
        return b"".join(self._parts)


def build(busybox, module_directory, images, extra=(), need=modules.PAS, programs=()):
    """The archive: @images are paths that go to /lib/firmware, @extra and @programs (executable) pairs of path in the guest and contents."""
    here = os.path.dirname(os.path.abspath(__file__))
    archive = Cpio()
    for name in ("bin", "dev", "etc", "lib", "lib/firmware", "modules", "proc", "root", "sbin", "sys", "tmp",
                 "usr", "usr/bin", "usr/sbin"):
        archive.directory(name)
    archive.file("init", modules.read_file(os.path.join(here, "init")), program=True)
    archive.file("bin/busybox", modules.read_file(busybox), program=True)
    order = modules.directory_modules(module_directory, need)
    for name, _, elf in order:
        archive.file(f"modules/{name}.ko", elf)
    archive.file("modules/order", "".join(f"{name}\n" for name, _, _ in order).encode())
    for path in images:
        archive.file("lib/firmware/" + os.path.basename(path), modules.read_file(path))
    for name, data in extra:
        archive.file(name, data)
    for name, data in programs:
        archive.file(name, data, program=True)
    return archive.bytes()


def write_if_changed(path, data):
    """Write @data unless @path holds it already, so that its time says when it last changed."""
    try:
        if hashlib.sha256(modules.read_file(path)).digest() == hashlib.sha256(data).digest():
            return
    except OSError:
        pass
    with open(path, "wb") as out:
        out.write(data)

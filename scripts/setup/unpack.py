# SPDX-License-Identifier: BSD-2-Clause
"""Take out of Debian's packages what Pilot uses of them."""

import contextlib
import glob
import os
import shutil
import subprocess
import tarfile
import tempfile

from modules import UNPACKED, builtin_names, loading_order, module_name


class UnpackError(Exception):
    """A package does not hold what it should."""


@contextlib.contextmanager
def _contents(deb):
    """The files of a binary package as an open tar archive that can be read in any order."""
    with tempfile.TemporaryFile() as plain:
        done = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], stdout=plain, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise UnpackError(f"{deb}: {done.stderr.decode(errors='replace').strip()}")
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as archive:
            yield archive


def _write(directory, name, data, mode=0o644):
    path = os.path.join(directory, name)
    with open(path, "wb") as out:
        out.write(data)
    os.chmod(path, mode)


def _regular(archive):
    return {member.name: member for member in archive.getmembers() if member.isfile()}


def kernel(debs, directory):
    """vmlinuz, modules/ in loading order (modules.order) and modules.builtin from the packages of one kernel."""
    os.makedirs(os.path.join(directory, "modules"))
    with contextlib.ExitStack() as stack:
        files = {}
        for deb in debs:
            archive = stack.enter_context(_contents(deb))
            files.update({name: (archive, member) for name, member in _regular(archive).items()})

        def read(name):
            archive, member = files[name]
            return archive.extractfile(member).read()

        image = [name for name in files if os.path.basename(name).startswith("vmlinuz")]
        builtin = [name for name in files if os.path.basename(name) == "modules.builtin"]
        if len(image) != 1 or len(builtin) != 1:
            raise UnpackError(f"{', '.join(debs)}: {len(image)} kernel images and {len(builtin)} modules.builtin; "
                              "one of each expected")
        _write(directory, "vmlinuz", read(image[0]))
        _write(os.path.join(directory, "modules"), "modules.builtin", read(builtin[0]))
        paths = sorted(name for name in files if module_name(name))
        for name, _, elf in loading_order(paths, read, builtin_names(read(builtin[0]).decode()), UNPACKED):
            _write(os.path.join(directory, "modules"), name + ".ko", elf)


def trees(debs, directory):
    """Every device tree and overlay of a kernel, in the folders by maker that its package has. One of @debs holds them all."""
    for deb in sorted(debs):
        with _contents(deb) as archive:
            found = {name: member for name, member in _regular(archive).items() if name.endswith((".dtb", ".dtbo"))}
            if not found:
                continue
            top = os.path.commonpath([os.path.dirname(name) for name in found])
            for name, member in found.items():
                where = os.path.join(directory, os.path.relpath(os.path.dirname(name), top))
                os.makedirs(where, exist_ok=True)
                _write(where, os.path.basename(name), archive.extractfile(member).read())
            return
    raise UnpackError(f"{', '.join(debs)}: no device trees")


def busybox(debs, directory):
    """The statically linked busybox."""
    deb = debs[0]
    with _contents(deb) as archive:
        names = [name for name in _regular(archive) if name.endswith("bin/busybox")]
        if len(names) != 1:
            raise UnpackError(f"{deb}: {len(names)} files named busybox; one expected")
        os.makedirs(directory)
        _write(directory, "busybox", archive.extractfile(names[0]).read(), 0o755)


def source(files, directory):
    """A Debian source package, its .dsc first in @files, with Debian's patches applied.

    Its files were checked against the signed lists before.
    """
    dsc = files[0]
    done = subprocess.run(["dpkg-source", "--no-check", "--no-copy", "-x", dsc, directory],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnpackError(f"{dsc}: {done.stderr.strip()}")


def packages(debs, directory):
    """Everything in binary packages, in one tree. Their scripts are not run."""
    os.makedirs(directory)
    for deb in debs:
        done = subprocess.run(["dpkg-deb", "--extract", deb, directory], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise UnpackError(f"{deb}: {done.stderr.strip()}")


def qemu(debs, directory):
    """QEMU with all of its libraries, and qemu-system-aarch64 in @directory itself, which starts it with its own linker."""
    packages(debs, directory)
    linkers = glob.glob("usr/lib/*/ld-linux*", root_dir=directory)
    if len(linkers) != 1:
        raise UnpackError(f"{len(linkers)} dynamic linkers in the packages of QEMU; one expected")
    _write(directory, "qemu-system-aarch64", f"""#!/bin/sh
here=$(dirname "$0")
exec "$here/{linkers[0]}" --library-path "$here/{os.path.dirname(linkers[0])}" "$here/usr/bin/qemu-system-aarch64" "$@"
""".encode(), 0o755)


@contextlib.contextmanager
def replacing(directory):
    """A name for a new directory that takes the place of @directory once it is complete."""
    fresh = directory + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    yield fresh
    shutil.rmtree(directory, ignore_errors=True)
    os.rename(fresh, directory)

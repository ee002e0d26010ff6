#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get the sources of Linux's RPMsg drivers, without which Debian's kernel is built: a few files of the same version.

They are taken out of Debian's package of the whole source, unmodified, once; the cache has them alone, by the version of the
kernel. They become build/parts/rpmsg; linux/rpmsg has what scripts/build_modules.sh builds them with.
"""

import os
import re
import shutil
import sys
import tarfile

import built
import unpack
from cache import Cache, default_root
from parts import ARCHITECTURE, PARTS, TOP, PartError, kernel_numbers, unpack_part, update_lists
from private_apt import AptError, PrivateApt

NAME = "rpmsg"
FILES = ("drivers/rpmsg/rpmsg_char.c", "drivers/rpmsg/rpmsg_char.h", "drivers/rpmsg/rpmsg_ctrl.c",
         "drivers/rpmsg/rpmsg_internal.h", "drivers/rpmsg/rpmsg_ns.c", "drivers/rpmsg/virtio_rpmsg_bus.c",
         "samples/rpmsg/rpmsg_client_sample.c")


def _archive_of(deb, directory):
    """The one archive that the package of the source has."""
    unpack.packages([deb], directory)
    found = [os.path.join(where, name) for where, _, names in os.walk(directory) for name in names
             if re.fullmatch(r"linux-source-.*\.tar\.xz", name)]
    if len(found) != 1:
        raise PartError(f"{deb}: {len(found)} archives of source; one expected")
    return found[0]


def extract(deb, directory):
    """Put FILES of the source in the package @deb into @directory/files, without their own directories."""
    result = os.path.join(directory, "files")
    wanted = set(FILES)
    os.makedirs(result)
    with tarfile.open(_archive_of(deb, os.path.join(directory, "package")), mode="r|xz") as archive:
        for member in archive:
            name = member.name.split("/", 1)[-1]
            if name not in wanted or not member.isfile():
                continue
            with open(os.path.join(result, os.path.basename(name)), "wb") as out:
                shutil.copyfileobj(archive.extractfile(member), out)
            wanted.remove(name)
            if not wanted:
                return result
    raise PartError(f"{deb}: the source has no {', '.join(sorted(wanted))}")


def _download(version, directory):
    """The package with the source of the kernel @version."""
    apt = PrivateApt(os.path.join(TOP, "build", "apt-rpmsg"), ARCHITECTURE)
    suite = update_lists(apt)
    package = "linux-source-" + ".".join(map(str, kernel_numbers(version)))
    print(f"pilot: downloading the source of Linux {version} from Debian {suite}: about 160 MB", flush=True)
    try:
        return apt.download(package, version, directory)
    except AptError as error:
        raise PartError(f"no source of the kernel in the cache, Linux {version}: scripts/setup/parts.py --update takes the "
                        f"newest one\n{error}") from error


def setup(cache):
    """Make build/parts/rpmsg."""
    kernel, source = cache.part("kernel"), cache.part("linux-source")
    if kernel is None:
        raise PartError("there is no kernel yet (scripts/setup/parts.py)")
    version = kernel["package"]
    wanted = {"version": version, "made-from": list(FILES)}
    if not built.usable(cache, NAME, wanted):
        with cache.incoming() as directory:
            if source and source["version"] == version and not cache.damaged(source):
                deb = cache.path(source["files"][0])
            else:
                deb = _download(version, directory)
            kept = os.path.join(directory, f"linux-rpmsg_{version}.tar")
            built.pack(extract(deb, directory), kept, os.path.join(TOP, "build", "rpmsg.log"))
            cache.keep(NAME, wanted, [("tar", kept)])
    unpack_part(cache, NAME, cache.part(NAME), built.unpack_archive)


def main():
    """Entry point: 0 when they are there."""
    try:
        os.makedirs(PARTS, exist_ok=True)
        cache = Cache(default_root())
        with cache.locked():
            cache.sweep()
            setup(cache)
    except (AptError, PartError, unpack.UnpackError, OSError, tarfile.TarError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(os.path.join(TOP, "build", "apt-rpmsg"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

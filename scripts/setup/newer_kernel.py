#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get the kernel of Debian's experimental and its headers, beside the stock one: it can take the calls of PAS to a TEE.

Unpacked to build/parts/newer-kernel and newer-headers. What is in the cache is used as it is.
"""

import os
import shutil
import sys

import unpack
from cache import Cache, default_root
from parts import (ARCHITECTURE, PARTS, TOP, PartError, header_packages, host_architecture, kernel_packages, unpack_part,
                   unpacked_version)
from private_apt import AptError, PrivateApt

KERNEL, HEADERS, SUITE = "newer-kernel", "newer-headers", "experimental"
UNPACK = {KERNEL: unpack.kernel, HEADERS: unpack.packages}


def fetch(cache, root):
    """Download the packages of both. The C library that headers' programs were linked against is not there: unstable has it."""
    apt = PrivateApt(root, ARCHITECTURE)
    apt.update([("deb", SUITE)])
    release, packages = kernel_packages(apt)
    host = PrivateApt(os.path.join(root, "host"), host_architecture())
    host.update([("deb", SUITE), ("deb", "unstable")])
    print(f"pilot: downloading Linux {release} from Debian {SUITE}: about 115 MB", flush=True)
    wanted = [(which, name) for which, names in zip((apt, host), header_packages(release)) for name in names]
    found = [(which, which.candidate(name)) for which, name in wanted]
    missing = [name for (_, name), (_, fields) in zip(wanted, found) if fields is None]
    if missing:
        raise PartError(f"Debian {SUITE} of {apt.mirror} has no package {missing[0]}")
    for part, which in ((KERNEL, [(apt, fields) for fields in packages]), (HEADERS, found)):
        with cache.incoming() as directory:
            files = [("deb", one.download(fields["Package"], fields["Version"], directory)) for one, fields in which]
            cache.keep(part, {"version": release, "package": packages[0]["Version"], "suite": SUITE}, files)


def main():
    """Entry point: 0 when both are there."""
    root = os.path.join(TOP, "build", "apt-newer")
    try:
        os.makedirs(PARTS, exist_ok=True)
        cache = Cache(default_root())
        with cache.locked():
            parts = [cache.part(name) for name in UNPACK]
            if None in parts or any(unpacked_version(name) != part and cache.damaged(part) for name, part in zip(UNPACK, parts)):
                fetch(cache, root)
            for name, how in UNPACK.items():
                unpack_part(cache, name, cache.part(name), how)
    except (AptError, PartError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

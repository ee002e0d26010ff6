#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get the kernel of Debian 13 beside the newest one: the stock kernel of hosts whose driver maps nothing itself.

Unpacked to build/parts/older-kernel. What is in the cache is used as it is.
"""

import os
import shutil
import sys

import unpack
from cache import Cache, default_root
from parts import ARCHITECTURE, PARTS, TOP, PartError, kernel_packages, unpack_part, unpacked_version
from private_apt import AptError, PrivateApt

NAME, SUITE = "older-kernel", "trixie"


def fetch(cache):
    """Download its packages."""
    apt = PrivateApt(os.path.join(TOP, "build", "apt-older"), ARCHITECTURE)
    apt.update([("deb", SUITE)])
    release, packages = kernel_packages(apt)
    print(f"pilot: downloading Linux {release} from Debian {SUITE}", flush=True)
    with cache.incoming() as directory:
        files = [("deb", apt.download(p["Package"], p["Version"], directory)) for p in packages]
        cache.keep(NAME, {"version": release, "package": packages[0]["Version"], "suite": SUITE}, files)


def main():
    """Entry point: 0 when it is there."""
    try:
        os.makedirs(PARTS, exist_ok=True)
        cache = Cache(default_root())
        with cache.locked():
            part = cache.part(NAME)
            if part is None or (unpacked_version(NAME) != part and cache.damaged(part)):
                fetch(cache)
            unpack_part(cache, NAME, cache.part(NAME), unpack.kernel)
    except (AptError, PartError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(os.path.join(TOP, "build", "apt-older"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

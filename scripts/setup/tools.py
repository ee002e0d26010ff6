#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get tools that only some verbs use and that this machine's Debian lacks: unpacked below build/, never installed.

Arguments: names of tools. What is in the cache is used as it is; make update does not look for newer ones.
"""

import argparse
import os
import shutil
import sys

import unpack
from cache import Cache, default_root
from parts import PARTS, TOP, PartError, host_architecture, unpack_part, unpacked_version
from private_apt import AptError, PrivateApt

# A tool that is a program comes with the C library that it was linked against: this machine's may be older.
RUNTIME = ("libc6", "libgcc-s1", "libstdc++6")
# QEMU's own, as it is built for Debian 13; devices that need more than these are modules of other packages.
QEMU_LIBRARIES = (
    "libaio1t64", "libatomic1", "libblkid1", "libbpf1", "libcap2", "libcapstone5", "libdaxctl1", "libelf1t64", "libfdt1",
    "libffi8", "libfuse3-4", "libglib2.0-0t64", "libgmp10", "libgnutls30t64", "libhogweed6t64", "libibverbs1", "libidn2-0",
    "libjpeg62-turbo", "libkmod2", "libmount1", "libndctl6", "libnettle8t64", "libnl-3-200", "libnl-route-3-200", "libnuma1",
    "libp11-kit0", "libpcre2-8-0", "libpixman-1-0", "libpmem1", "libpng16-16t64", "librdmacm1t64", "libsasl2-2", "libseccomp2",
    "libselinux1", "libslirp0", "libssl3t64", "libtasn1-6", "libudev1", "libunistring5", "liburing2", "libuuid1",
    "libvdeplug2t64", "libzstd1", "zlib1g",
)
# name: suite, packages; the first package gives the version. Reasons: docs of the verbs that use them.
TOOLS = {
    "qemu": ("trixie", ("qemu-system-arm",) + QEMU_LIBRARIES + RUNTIME),
    "cbmc": ("trixie", ("cbmc", "cadical", "minisat", "zlib1g") + RUNTIME),
    "qtestsign": ("unstable", ("qtestsign",)),
}
UNPACK = {"qemu": unpack.qemu}	# the others are taken as they are


def fetch(apt, cache, name):
    """Download the packages of a tool."""
    suite, packages = TOOLS[name]
    apt.update([("deb", suite)])
    found = [apt.candidate(package) for package in packages]
    if None in found:
        raise PartError(f"Debian {suite} of {apt.mirror} has no package {packages[found.index(None)]} "
                        f"for {apt.architecture}")
    print(f"pilot: downloading {name} {found[0]['Version']} from Debian {suite}", flush=True)
    with cache.incoming() as directory:
        files = [("deb", apt.download(fields["Package"], fields["Version"], directory)) for fields in found]
        cache.keep(name, {"version": found[0]["Version"], "suite": suite, "architecture": apt.architecture,
                          "packages": list(packages)}, files)


def usable(cache, name, architecture):
    """Is the tool unpacked, or in the cache and whole?"""
    part = cache.part(name)
    wanted = (architecture, list(TOOLS[name][1]))
    if part is None or (part.get("architecture"), part.get("packages")) != wanted:
        return False
    return unpacked_version(name) == part or not cache.damaged(part)


def setup(cache, names):
    """Make the tools available in build/parts."""
    architecture = host_architecture()
    missing = [name for name in names if not usable(cache, name, architecture)]
    if missing:
        apt = PrivateApt(os.path.join(TOP, "build", "apt-tools"), architecture)
        for name in missing:
            fetch(apt, cache, name)
    for name in names:
        unpack_part(cache, name, cache.part(name), UNPACK.get(name, unpack.packages))


def main():
    """Entry point: 0 when every tool is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("tools", nargs="+", choices=sorted(TOOLS))
    options = parser.parse_args()
    try:
        os.makedirs(PARTS, exist_ok=True)
        cache = Cache(default_root())
        with cache.locked():
            cache.sweep()
            setup(cache, options.tools)
    except (AptError, PartError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(os.path.join(TOP, "build", "apt-tools"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

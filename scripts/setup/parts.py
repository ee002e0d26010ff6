#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get the parts that are not Pilot's own: a Debian arm64 kernel with its device trees, its headers, busybox for the guest,
Mbed TLS's source.

They come from Debian's archive through a private apt below build/, which checks signatures and hashes. Downloads are
kept in a cache outside the tree; when the cache has every part, no network is used. --update looks for newer ones.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

import unpack
from cache import Cache, default_root, read_json, write_json
from modules import UNPACKED, ModuleError
from private_apt import AptError, PrivateApt

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARTS = os.path.join(TOP, "build", "parts")
OLDEST_KERNEL = (7, 0)		# the first whose qcom_q6v5_pas serves a host that owns the IOMMU
ARCHITECTURE = "arm64"


class PartError(Exception):
    """A part cannot be had; the text says which and why."""


def kernel_numbers(version):
    """The first two numbers of a kernel's version."""
    found = re.match(r"(?:\d+:)?(\d+)\.(\d+)", version)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def dependencies(fields):
    """Names of the packages that a package depends on, without alternatives' second choices and versions."""
    return [item.split("|")[0].split("(")[0].strip() for item in fields.get("Depends", "").split(",") if item.strip()]


def kernel_packages(apt):
    """The packages that hold image and modules of the newest kernel in the lists: fields of each, and its release."""
    meta = apt.candidate("linux-image-arm64")
    if meta is None:
        raise PartError("the archive has no package linux-image-arm64")
    names = [name for name in dependencies(meta) if re.match(r"linux-image-\d", name)]
    if len(names) != 1:
        raise PartError(f"linux-image-arm64 {meta['Version']} depends on {len(names)} kernels; one expected")
    release = names[0][len("linux-image-"):]
    image = apt.candidate(names[0])
    if image is None:
        raise PartError(f"the archive has no package {names[0]}")
    parts = [name for name in dependencies(image) if re.match(r"linux-(binary|modules|base)-\d", name)]
    # Up to 6.x one package holds everything; later ones depend on a package for each.
    found = [apt.candidate(name) for name in parts] if parts else [image]
    if None in found:
        raise PartError(f"{names[0]} depends on {parts[found.index(None)]}, which the archive does not have")
    return release, found


def update_lists(apt):
    """Lists of testing, or of unstable where testing's kernel is too old. Returns the suite."""
    for suite in ("testing", "unstable"):
        apt.update([("deb", suite), ("deb-src", "trixie")])
        meta = apt.candidate("linux-image-arm64")
        if meta and kernel_numbers(meta["Version"]) >= OLDEST_KERNEL:
            return suite
    found = meta["Version"] if meta else "none"
    wanted = ".".join(str(number) for number in OLDEST_KERNEL)
    raise PartError(f"neither testing nor unstable of {apt.mirror} has a kernel of {wanted} or newer (found: {found})")


def fetch_kernel(apt, suite, cache, current):
    """Download the kernel's packages, unless @current is what the archive offers."""
    release, packages = kernel_packages(apt)
    if current and current["version"] == release and current["package"] == packages[0]["Version"]:
        return
    print(f"pilot: downloading Linux {release} from Debian {suite}", flush=True)
    with cache.incoming() as directory:
        files = [("deb", apt.download(p["Package"], p["Version"], directory)) for p in packages]
        cache.keep("kernel", {"version": release, "package": packages[0]["Version"], "suite": suite}, files)


def host_architecture():
    """Debian's name for this machine's architecture."""
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def header_packages(release):
    """Names of the packages with which modules for a kernel are built: the guest's architecture's, and this machine's.

    The programs among the latter come with the C library that they were linked against: this machine's may be older.
    """
    abi = release.removesuffix(f"-{ARCHITECTURE}")
    return [f"linux-headers-{release}", f"linux-headers-{abi}-common"], [f"linux-kbuild-{abi}", "libc6"]


def fetch_headers(apt, suite, cache, current):
    """Download the headers of the kernel in the cache. Where the archive has moved on, the kernel moves on with it."""
    if apt.candidate(header_packages(cache.part("kernel")["version"])[0][0]) is None:
        fetch_kernel(apt, suite, cache, None)
    release = cache.part("kernel")["version"]
    host = PrivateApt(os.path.join(apt.root, "host"), host_architecture())
    if current and headers_fit(current, release):
        return
    print(f"pilot: downloading the headers of Linux {release} from Debian {suite}", flush=True)
    host.update([("deb", suite)])
    wanted = [(which, name) for which, names in zip((apt, host), header_packages(release)) for name in names]
    found = [which.candidate(name) for which, name in wanted]
    if None in found:
        raise PartError(f"Debian {suite} of {apt.mirror} has no package {wanted[found.index(None)][1]}")
    with cache.incoming() as directory:
        files = [("deb", which.download(fields["Package"], fields["Version"], directory))
                 for (which, _), fields in zip(wanted, found)]
        cache.keep("headers", {"version": release, "architecture": host.architecture, "suite": suite}, files)


def headers_fit(part, release):
    """Are they those of the kernel @release, for this machine?"""
    return (part["version"], part.get("architecture")) == (release, host_architecture())


def fetch_busybox(apt, suite, cache, current):
    """Download busybox for the guest."""
    package = apt.candidate("busybox-static")
    if package is None:
        raise PartError(f"the archive's {suite} has no package busybox-static")
    if current and current["version"] == package["Version"]:
        return
    print(f"pilot: downloading busybox {package['Version']} from Debian {suite}", flush=True)
    with cache.incoming() as directory:
        path = apt.download(package["Package"], package["Version"], directory)
        cache.keep("busybox", {"version": package["Version"], "suite": suite}, [("deb", path)])


def fetch_mbedtls(apt, _suite, cache, current):
    """Download the source of Mbed TLS 3.6, the release with long-term support."""
    version = apt.source_version("mbedtls")
    if version is None or not version.startswith("3.6."):
        raise PartError(f"Debian trixie of {apt.mirror} has Mbed TLS {version}; 3.6 is needed")
    if current and current["version"] == version:
        return
    print(f"pilot: downloading the source of Mbed TLS {version} from Debian trixie", flush=True)
    with cache.incoming() as directory:
        files = [("dsc" if path.endswith(".dsc") else "source", path)
                 for path in apt.download_source("mbedtls", version, directory)]
        cache.keep("mbedtls", {"version": version, "suite": "trixie"}, files)


# in this order: the headers are the kernel's
FETCH = {"kernel": fetch_kernel, "headers": fetch_headers, "busybox": fetch_busybox, "mbedtls": fetch_mbedtls}
# what is unpacked: the downloaded part that it is in, and how
UNPACK = {
    "kernel": ("kernel", unpack.kernel),
    "trees": ("kernel", unpack.trees),
    "headers": ("headers", unpack.packages),
    "busybox": ("busybox", unpack.busybox),
    "mbedtls": ("mbedtls", unpack.source),
}


def usable(cache, name):
    """The cached part, or None when it is not there, too old or damaged (which is said)."""
    part = cache.part(name)
    if part is None:
        return None
    if name == "kernel" and kernel_numbers(part["version"]) < OLDEST_KERNEL:
        return None
    kernel = cache.part("kernel")
    if name == "headers" and kernel and not headers_fit(part, kernel["version"]):
        return None
    if all(unpacked_version(what) == part for what, (source, _) in UNPACK.items() if source == name):
        return part
    bad = cache.damaged(part)
    if bad:
        print(f"pilot: {bad} in {cache.root} is missing or damaged: downloading it again", file=sys.stderr)
        return None
    return part


def unpacked_version(name):
    """What build/parts holds of a part, as recorded when it was unpacked."""
    versions = read_json(os.path.join(PARTS, "versions.json"))
    there = os.path.isdir(os.path.join(PARTS, name))
    found = versions.get(name) if there and isinstance(versions, dict) else None
    if not found or found.get("modules") != _taken():
        return None
    return {key: value for key, value in found.items() if key != "modules"}


def _taken():
    """The modules that are taken out of a kernel's packages: what was unpacked for fewer of them is unpacked again."""
    return [*UNPACKED.wanted, *UNPACKED.optional]


def unpack_part(cache, name, part, how):
    """Unpack a part to build/parts by @how(paths, directory), and record which version that is."""
    if unpacked_version(name) == part:
        return
    print(f"pilot: unpacking {name} {part['version']}", flush=True)
    with unpack.replacing(os.path.join(PARTS, name)) as fresh:
        how([cache.path(entry) for entry in part["files"]], fresh)
    record = os.path.join(PARTS, "versions.json")
    versions = read_json(record) or {}
    versions[name] = dict(part, modules=_taken())
    write_json(record, versions)


def download(cache, missing):
    """Download the parts in @missing, a dict from name to what the cache has of it now (or None)."""
    apt = PrivateApt(os.path.join(TOP, "build", "apt"), ARCHITECTURE)
    suite = update_lists(apt)
    for name, current in missing.items():
        FETCH[name](apt, suite, cache, current)


def setup(cache, update):
    """Make every part available in build/parts."""
    parts = {name: usable(cache, name) for name in FETCH}
    wanted = parts if update else {name: None for name, part in parts.items() if part is None}
    if "kernel" in wanted:
        wanted = {name: parts[name] for name in FETCH if name in wanted or name == "headers"}
    if wanted:
        try:
            download(cache, wanted)
        except AptError as error:
            lacking = [name for name, part in parts.items() if part is None]
            if lacking:
                raise PartError(f"missing: {', '.join(lacking)} (not in {cache.root}, and cannot be downloaded)\n"
                                f"{error}") from error
            print(f"pilot: cannot look for newer parts, keeping those in {cache.root}\n{error}", file=sys.stderr)
    for name, (source, how) in UNPACK.items():
        unpack_part(cache, name, cache.part(source), how)


def main():
    """Entry point: 0 when every part is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--update", action="store_true", help="look for newer versions than those in the cache")
    options = parser.parse_args()
    try:
        os.makedirs(PARTS, exist_ok=True)
        cache = Cache(default_root())
        with cache.locked():
            cache.sweep()
            setup(cache, options.update)
    except (AptError, PartError, ModuleError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(os.path.join(TOP, "build", "apt"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: BSD-2-Clause
"""Get Debian's packages of Qualcomm firmware, which tests read and never change: download, check, unpack.

They are not free software and are not part of Pilot: downloads stay in the cache, files below build/corpus.
"""

import os
import subprocess
import sys

import unpack
from cache import read_json, write_json
from private_apt import PrivateApt

PACKAGES = ("firmware-atheros", "firmware-qcom-dragonboard845c", "firmware-qcom-dsp", "firmware-qcom-rb3gen2",
            "firmware-qcom-rb5", "firmware-qcom-soc")
SUITE = "unstable"
COMPONENT = "non-free-firmware"
PART = "firmware"


def _fetch(apt, cache, current):
    """Download what is newer than @current; returns the part."""
    found = [apt.candidate(name) for name in PACKAGES]
    if None in found:
        raise unpack.UnpackError(f"{SUITE} of {apt.mirror} has no package {PACKAGES[found.index(None)]}")
    version = " ".join(f"{package['Package']}={package['Version']}" for package in found)
    if current and current["version"] == version:
        return current
    print(f"pilot: downloading {len(found)} packages of firmware from Debian {SUITE}: about 230 MB", flush=True)
    with cache.incoming() as directory:
        files = [("deb", apt.download(package["Package"], package["Version"], directory)) for package in found]
        cache.keep(PART, {"version": version, "suite": SUITE}, files)
    return cache.part(PART)


def _usable(cache, directory):
    part = cache.part(PART)
    if part is None or read_json(os.path.join(directory, "part.json")) == part:
        return part
    bad = cache.damaged(part)
    if bad:
        print(f"pilot: {bad} in {cache.root} is missing or damaged: downloading it again", file=sys.stderr)
    return None if bad else part


def _unpack(cache, part, directory):
    """All packages, each into a directory of its name; part.json there says which versions they are."""
    with unpack.replacing(directory) as fresh:
        for entry in part["files"]:
            target = os.path.join(fresh, entry["name"].split("_")[0])
            os.makedirs(target)
            done = subprocess.run(["dpkg-deb", "-x", cache.path(entry), target], capture_output=True, text=True,
                                  check=False)
            if done.returncode != 0:
                raise unpack.UnpackError(f"{entry['name']}: {done.stderr.strip()}")
        write_json(os.path.join(fresh, "part.json"), part)


def provide(cache, directory, apt_root, update=False):
    """Have the packages unpacked in @directory. Only under the cache's lock. AptError when they cannot be had."""
    part = _usable(cache, directory)
    if part is None or update:
        apt = PrivateApt(apt_root, "arm64")
        apt.update([("deb", SUITE, COMPONENT)])
        part = _fetch(apt, cache, part)
    if read_json(os.path.join(directory, "part.json")) != part:
        print("pilot: unpacking firmware packages", flush=True)
        _unpack(cache, part, directory)
    return part

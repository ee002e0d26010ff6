#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Get what arrangement tee has beside Pilot: OP-TEE OS and TF-A from Debian's source packages, and Debian's xtest.

Both are built unmodified, once: the cache outside the tree has the results by the version of the source, the compiler and the
configuration, so that another tree, or a cleaned one, only unpacks them. Makes below build/parts

  optee-os      the source, with Debian's patches
  optee         its objects, its image without anything of Pilot, and the kit that TAs are built with (export-ta_arm64)
  tf-a          bl1.bin, bl2.bin, bl31.bin and fiptool
  tee-programs  xtest and its TAs, tee-supplicant, and the libraries that they need

and build/tee/optee, a copy of the objects in which scripts/build_tee.sh links Pilot's own.
"""

import os
import shutil
import subprocess
import sys
import time

import built
import unpack
from built import CROSS
from cache import Cache, default_root, read_json, write_json
from parts import ARCHITECTURE, PARTS, TOP, PartError, host_architecture, unpack_part, unpacked_version
from private_apt import AptError, PrivateApt

SUITES = ("unstable", "testing", "trixie")	# where sources are looked for: the newest that can be had
SOURCES = {"optee-os": "optee-os", "tf-a-source": "arm-trusted-firmware"}
# In the order in which they are linked against each other; the first gives the version.
PROGRAMS = ("optee-test-qemu", "tee-supplicant", "libteec2", "libckteec0t64", "libssl3t64", "libzstd1", "zlib1g", "libc6",
            "libgcc-s1")
CONFIG = os.path.join(TOP, "optee", "config.mk")
PYTHON = "/usr/bin/python3"			# the one that has Debian's modules
OPTEE = "../../tee/optee"			# where objects are, seen from the source: no path in them names a tree
OPTEE_MAKE = ("CFG_OPTEE_CONFIG=../../../optee/config.mk", f"O={OPTEE}", f"PYTHON3={PYTHON}", f"CROSS_COMPILE={CROSS}",
              f"CROSS_COMPILE32={CROSS}", f"CROSS_COMPILE64={CROSS}")
TFA_MAKE = ("PLAT=qemu", "DEBUG=0", "E=0", "QEMU_USE_GIC_DRIVER=QEMU_GICV3", "SPD=opteed", "BL32_RAM_LOCATION=tdram",
            "ARM_LINUX_KERNEL_AS_BL33=1", "PRELOADED_BL33_BASE=0x44000000", f"CROSS_COMPILE={CROSS}")
WORK = os.path.join(TOP, "build", "tee-work")
TREE = os.path.join(TOP, "build", "tee", "optee")
ARGUMENTS = TREE + ".arguments"		# what scripts/build_tee.sh gives to make, a word a line


def fetch_source(apt, cache, name):
    """Download a source package: the newest that the archive delivers. It may list one that it does not have."""
    package, last = SOURCES[name], None
    for version in apt.source_versions(package):
        print(f"pilot: downloading the source of {package} {version}", flush=True)
        with cache.incoming() as directory:
            try:
                files = [("dsc" if path.endswith(".dsc") else "source", path)
                         for path in apt.download_source(package, version, directory)]
            except AptError as error:
                print(f"pilot: {apt.mirror} lists {package} {version} and does not deliver it", file=sys.stderr)
                last = error
                continue
            cache.keep(name, {"version": version}, files)
            return
    raise PartError(f"no source of {package} from {apt.mirror} ({', '.join(SUITES)})" + (f"\n{last}" if last else ""))


def fetch_programs(apt, cache, name):
    """Download xtest and what runs with it."""
    found = [apt.candidate(package) for package in PROGRAMS]
    if None in found:
        raise PartError(f"Debian {SUITES[0]} of {apt.mirror} has no package {PROGRAMS[found.index(None)]}")
    print(f"pilot: downloading {PROGRAMS[0]} {found[0]['Version']} and its libraries from Debian {SUITES[0]}", flush=True)
    with cache.incoming() as directory:
        files = [("deb", apt.download(fields["Package"], fields["Version"], directory)) for fields in found]
        cache.keep(name, {"version": found[0]["Version"], "suite": SUITES[0], "packages": list(PROGRAMS)}, files)


def settle(directory, moment):
    """Give every file one time, so that make sees sources older than what was built of them, whoever unpacked them when."""
    for where, _, names in os.walk(directory):
        for name in names:
            os.utime(os.path.join(where, name), (moment, moment), follow_symlinks=False)


def unpack_optee_source(files, directory):
    """With Debian's patches; older than any object."""
    unpack.source(files, directory)
    settle(directory, 1)


def unpack_optee(files, directory):
    """The objects, newer than the source and the compiler's own headers, all of the same age."""
    built.unpack_archive(files, directory)
    settle(directory, int(time.time()))


FETCH = {"optee-os": fetch_source, "tf-a-source": fetch_source, "tee-programs": fetch_programs}


def missing_programs():
    """Which of the programs that build are not installed."""
    missing = [name for name in ("make", "dtc", "gcc", CROSS + "gcc", PYTHON) if not shutil.which(name)]
    for module in ("elftools", "cryptography") if PYTHON not in missing else ():
        if subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False).returncode:
            missing.append(f"{PYTHON}'s module {module}")
    return missing


def _epoch(source):
    """When Debian packaged this source: what the version strings tell instead of when it was built."""
    done = subprocess.run(["dpkg-parsechangelog", "-l", os.path.join(source, "debian", "changelog"), "-STimestamp"],
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _version(source):
    """The version of Debian's package."""
    with open(os.path.join(source, "debian", "changelog"), encoding="utf-8") as text:
        return text.readline().split("(")[1].split(")")[0]


def optee_arguments(source):
    """Variables for make. Without a version it would ask git, for that of the tree that it is in."""
    return [*OPTEE_MAKE, f"TEE_IMPL_VERSION={_version(source)}"]


def build_optee(files, log):
    """OP-TEE without anything of Pilot, in a tree of the same shape as Pilot's own. Returns the directory of the objects."""
    source = os.path.join(WORK, "build", "parts", "optee-os")
    os.makedirs(os.path.join(WORK, "optee"))
    os.makedirs(os.path.dirname(source))
    shutil.copy(CONFIG, os.path.join(WORK, "optee"))
    unpack.source(files, source)
    built.run(["make", "-C", source, f"-j{os.cpu_count()}", *optee_arguments(source)], log,
              env=dict(os.environ, LC_ALL="C", SOURCE_DATE_EPOCH=_epoch(source)))
    return os.path.join(WORK, "build", "tee", "optee")


def build_tf_a(files, log):
    """TF-A's images and the tool that packs them. Returns the directory of those."""
    source, out, result = (os.path.join(WORK, name) for name in ("source", "out", "result"))
    os.makedirs(result)
    unpack.source(files, source)
    built.run(["make", "-C", source, f"-j{os.cpu_count()}", *TFA_MAKE, f"BUILD_BASE={out}", f"BUILD_STRING=Debian {_version(source)}",
               f'BUILD_MESSAGE_TIMESTAMP="@{_epoch(source)}"', "bl1", "bl2", "bl31", "fiptool"], log,
              env=dict(os.environ, LC_ALL="C"))
    for name in ("bl1.bin", "bl2.bin", "bl31.bin"):
        shutil.copy(os.path.join(out, "qemu", "release", name), result)
    shutil.copy(os.path.join(source, "tools", "fiptool", "fiptool"), result)
    return result


def _wanted(cache, source, options, files):
    return {"version": cache.part(source)["version"], "compiler": built.compiler(), "made-from": built.contents(files),
            "options": list(options), "architecture": host_architecture()}


BUILD = {
    # name: source, function, options, files that it is made from beside the source, how it is unpacked
    "optee": ("optee-os", build_optee, OPTEE_MAKE, [CONFIG], unpack_optee),
    "tf-a": ("tf-a-source", build_tf_a, TFA_MAKE, [], built.unpack_archive),
}


def provide_built(cache, name):
    """Have a result in the cache. Returns its name there, one for each configuration of a version: trees may have different ones.

    Called without the cache's lock: this takes a while.
    """
    source, function, options, made_from, _ = BUILD[name]
    with cache.locked():
        wanted = _wanted(cache, source, options, made_from)
        entry = f"built-{name}-{wanted['made-from'][:8]}"
        if built.usable(cache, entry, wanted, name):
            return entry
        files = [cache.path(entry) for entry in cache.part(source)["files"]]
    missing = missing_programs()
    if missing:
        raise PartError(f"not installed: {', '.join(missing)} (scripts/setup/packages.sh tee installs them)")
    log = os.path.join(TOP, "build", f"{name}.log")
    print(f"pilot: building {name} {wanted['version']} (build/{name}.log): a minute or two, once", flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    open(log, "w", encoding="ascii").close()
    archive = os.path.join(WORK, "result.tar")
    built.pack(function(files, log), archive, log)
    with cache.locked(), cache.incoming() as directory:
        kept = os.path.join(directory, f"{name}_{wanted['version']}_{built.contents([archive])[:12]}.tar")
        shutil.copy(archive, kept)
        cache.keep(entry, wanted, [("tar", kept)])
        cache.drop(f"built-{name}-", wanted["version"])
    shutil.rmtree(WORK)
    return entry


def _usable(cache, name):
    part = cache.part(name)
    if part is None or (name == "tee-programs" and part.get("packages") != list(PROGRAMS)):
        return False
    return unpacked_version(name) == part or not cache.damaged(part)


def download(cache):
    """Have sources and programs in the cache."""
    missing = [name for name in FETCH if not _usable(cache, name)]
    if not missing:
        return
    try:
        apt = PrivateApt(os.path.join(TOP, "build", "apt-tee"), ARCHITECTURE)
        apt.update([("deb", SUITES[0]), *(("deb-src", suite) for suite in SUITES)])
        for name in missing:
            FETCH[name](apt, cache, name)
    except AptError as error:
        raise PartError(f"missing for arrangement tee: {', '.join(missing)} (not in {cache.root}, and cannot be downloaded)\n"
                        f"{error}") from error


def own_objects(part):
    """A copy of the objects that Pilot's may be linked to, made anew when they are others."""
    stamp = TREE + ".json"
    if read_json(stamp) == part and os.path.isdir(TREE):
        return
    with unpack.replacing(TREE) as fresh:
        shutil.copytree(os.path.join(PARTS, "optee"), fresh, symlinks=True)
    with open(ARGUMENTS, "w", encoding="utf-8") as out:
        out.writelines(f"{word}\n" for word in optee_arguments(os.path.join(PARTS, "optee-os")))
    write_json(stamp, part)


def setup(cache):
    """Make everything available below build."""
    with cache.locked():
        cache.sweep()
        download(cache)
    entries = {name: provide_built(cache, name) for name in BUILD}
    with cache.locked():
        unpack_part(cache, "optee-os", cache.part("optee-os"), unpack_optee_source)
        unpack_part(cache, "tee-programs", cache.part("tee-programs"), unpack.packages)
        for name, (*_, how) in BUILD.items():
            unpack_part(cache, name, cache.part(entries[name]), how)
        os.makedirs(os.path.dirname(TREE), exist_ok=True)
        own_objects(cache.part(entries["optee"]))


def main():
    """Entry point: 0 when everything is there."""
    try:
        os.makedirs(PARTS, exist_ok=True)
        setup(Cache(default_root()))
    except (AptError, PartError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(os.path.join(TOP, "build", "apt-tee"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Build a kernel of another configuration from Debian's unmodified source: once, then it comes from the cache.

Arguments: a fragment of a configuration, and directories of modules that are built with it. FRAGMENT.config becomes
build/parts/linux-FRAGMENT, with Image and modules/, as KERNEL= takes it. The cache has it by the version of the source, the
compiler, and the contents of fragment and modules. Building takes some 8 minutes of one CPU, and 3 GB below build/.
"""

import argparse
import os
import re
import shutil
import sys

import built
import unpack
from built import CROSS, contents, pack, run, unpack_archive, usable
from cache import Cache, default_root
from parts import ARCHITECTURE, PARTS, TOP, PartError, dependencies, unpack_part, update_lists
from private_apt import AptError, PrivateApt

SOURCE = "linux-source"
PROGRAMS = ("make", "flex", "bison", "bc", CROSS + "gcc")
WORK = os.path.join(TOP, "build", "linux")
ENVIRONMENT = {"LC_ALL": "C", "KBUILD_BUILD_USER": "pilot", "KBUILD_BUILD_HOST": "pilot",
               "KBUILD_BUILD_TIMESTAMP": "Thu Jan 1 00:00:00 UTC 1970"}


def compiler():
    """What the compiler says of itself, when everything that builds a kernel is there."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        raise PartError(f"not installed: {', '.join(missing)} (scripts/setup/packages.sh kernel installs them)")
    return built.compiler()


def fetch_source(cache):
    """Download the source that belongs to the newest kernel in the lists."""
    apt = PrivateApt(os.path.join(TOP, "build", "apt"), ARCHITECTURE)
    try:
        suite = update_lists(apt)
        meta = apt.candidate(SOURCE)
        names = [name for name in dependencies(meta or {}) if name.startswith(SOURCE + "-")]
        package = apt.candidate(names[0]) if len(names) == 1 else None
        if package is None:
            raise PartError(f"Debian {suite} of {apt.mirror} has no package {SOURCE} with the source of one kernel")
        print(f"pilot: downloading the source of Linux {package['Version']} from Debian {suite}: about 160 MB", flush=True)
        with cache.incoming() as directory:
            path = apt.download(package["Package"], package["Version"], directory)
            cache.keep(SOURCE, {"version": package["Version"], "suite": suite}, [("deb", path)])
    finally:
        shutil.rmtree(apt.root, ignore_errors=True)


def _unpack_source(deb, log):
    """The tree in the one archive that the package has."""
    package, tree = os.path.join(WORK, "package"), os.path.join(WORK, "source")
    unpack.packages([deb], package)
    found = [os.path.join(where, name) for where, _, names in os.walk(package) for name in names
             if re.fullmatch(r"linux-source-.*\.tar\.xz", name)]
    if len(found) != 1:
        raise PartError(f"{deb}: {len(found)} archives of source; one expected")
    os.makedirs(tree)
    run(["tar", "-x", "--strip-components=1", "-C", tree, "-f", found[0]], log)
    shutil.rmtree(package)
    return tree


def check_config(fragment, config, told):
    """Every line of the fragment must have been taken, and the compiler must be the one that was meant."""
    def lines(path):
        with open(path, encoding="utf-8") as text:
            return [line.strip() for line in text]

    have = set(lines(config))
    for line in lines(fragment):
        unset = re.fullmatch(r"# (CONFIG_\w+) is not set", line)
        if line.startswith("CONFIG_") and line not in have:
            raise PartError(f"{fragment}: the configuration has not taken {line}")
        if unset and any(other.startswith(unset.group(1) + "=") for other in have):
            raise PartError(f"{fragment}: the configuration has {unset.group(1)} all the same")
    if f'CONFIG_CC_VERSION_TEXT="{told}"' not in have:
        raise PartError(f"{config} is for another compiler than {told}")


def _collect(out, module_directories, result):
    """Image, modules and the names of those built in: what KERNEL= needs."""
    modules = os.path.join(result, "modules")
    os.makedirs(modules)
    shutil.copy(os.path.join(out, "arch", "arm64", "boot", "Image"), result)
    shutil.copy(os.path.join(out, "modules.builtin"), modules)
    orders = [out] + [os.path.join(WORK, "modules", os.path.basename(path)) for path in module_directories]
    for directory in orders:
        with open(os.path.join(directory, "modules.order"), encoding="utf-8") as order:
            for line in order:
                shutil.copy(os.path.join(directory, line.strip().removesuffix(".o") + ".ko"), modules)


def build(cache, fragment, module_directories, told):
    """Configure and compile. Returns the path of an archive with the result, in WORK."""
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    log, out, result = os.path.join(TOP, "build", "linux.log"), os.path.join(WORK, "out"), os.path.join(WORK, "result")
    open(log, "w", encoding="ascii").close()
    tree = _unpack_source(cache.path(cache.part(SOURCE)["files"][0]), log)
    environment = dict(os.environ, **ENVIRONMENT, KCONFIG_ALLCONFIG=os.path.abspath(fragment))
    make = ["make", "-C", tree, f"O={out}", "ARCH=arm64", f"CROSS_COMPILE={CROSS}"]
    run([*make, "allnoconfig"], log, env=environment)
    check_config(fragment, os.path.join(out, ".config"), told)
    run([*make, f"-j{os.cpu_count()}", "Image", "modules"], log, env=environment)
    for path in module_directories:
        target = os.path.join(WORK, "modules", os.path.basename(path))
        os.makedirs(target)
        run([*make, f"M={os.path.abspath(path)}", f"MO={target}", "modules"], log, env=environment)
    check_config(fragment, os.path.join(out, ".config"), told)
    _collect(out, module_directories, result)
    archive = result + ".tar"
    pack(result, archive, log)
    return archive


def _provide_source(cache):
    part = cache.part(SOURCE)
    if part is None or cache.damaged(part):
        fetch_source(cache)
    return cache.part(SOURCE)["version"]


def setup(cache, fragment, module_directories):
    """Make build/parts/linux-NAME, building only what the cache does not have. Holds the cache's lock only for moments."""
    name = "linux-" + os.path.splitext(os.path.basename(fragment))[0]
    told = compiler()
    with cache.locked():
        cache.sweep()
        source = cache.part(SOURCE)
        wanted = {"version": source["version"] if source else _provide_source(cache), "compiler": told,
                  "made-from": contents([fragment, *module_directories])}
        have = usable(cache, name, wanted)
        if not have:
            wanted["version"] = _provide_source(cache)
    if not have:
        print(f"pilot: building Linux {wanted['version']} as {os.path.relpath(fragment, TOP)} has it; "
              "this takes a while (build/linux.log)", flush=True)
        archive = build(cache, fragment, module_directories, told)
        with cache.locked(), cache.incoming() as directory:
            kept = os.path.join(directory, f"{name}_{wanted['version']}_{wanted['made-from'][:12]}.tar")
            shutil.copy(archive, kept)
            cache.keep(name, wanted, [("tar", kept)])
        shutil.rmtree(WORK)
    with cache.locked():
        unpack_part(cache, name, cache.part(name), unpack_archive)


def main():
    """Entry point: 0 when the kernel is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("fragment", help="file NAME.config")
    parser.add_argument("modules", nargs="*", help="directories of modules that are built with it")
    options = parser.parse_args()
    try:
        os.makedirs(PARTS, exist_ok=True)
        setup(Cache(default_root()), os.path.abspath(options.fragment),
              [os.path.abspath(path) for path in options.modules])
    except (AptError, PartError, unpack.UnpackError, OSError) as error:
        print(f"pilot: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Builds the Debian packages, unpacks them in a clean folder and uses what is in them there: the tool, manual pages, completions, and
the library from a program of somebody else's, shared and static. Also make install with DESTDIR. Prints TAP."""

import glob
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

DEB = os.path.join(TOP, "build", "deb")
ROOT = os.path.join(TOP, "build", "package-root")
WORK = os.path.join(TOP, "build", "package-work")
PROGRAM = os.path.join(TOP, "tests", "package", "program.c")
IDS = ("--soc", "0x6019", "--oem", "1", "--model", "0")


class Wrong(Exception):
    """Something is not as it should be; the text says what."""


def run(*args, status=0, **options):
    """What a program prints; it must end with @status."""
    done = subprocess.run(args, capture_output=True, text=True, check=False, timeout=900, **options)
    if done.returncode != status:
        raise Wrong(f"{' '.join(args)}: status {done.returncode}, {status} expected:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout + done.stderr


def packages():
    """{name: path} of what was built, without debugging symbols."""
    found = {os.path.basename(path).split("_")[0]: path for path in glob.glob(os.path.join(DEB, "*.deb"))}
    return {name: path for name, path in found.items() if not name.endswith("-dbgsym")}


def field(name, key):
    """A field of a package."""
    return run("dpkg-deb", "-f", packages()[name], key).strip()


def library_folder():
    """Where libraries are below ROOT."""
    found = glob.glob(os.path.join(ROOT, "usr/lib/*/libpilot.so.0"))
    if len(found) != 1:
        raise Wrong(f"libpilot.so.0 was found {len(found)} times")
    return os.path.dirname(found[0])


def tool(*args, status=0):
    """Run the installed tool."""
    return run(os.path.join(ROOT, "usr/bin/pilot"), *args, status=status, cwd=WORK)


def packages_are_built():
    """Three packages, from a copy of the tree."""
    run(os.path.join(TOP, "scripts", "deb.sh"))
    if set(packages()) != {"pilot-tool", "libpilot0", "libpilot-dev"}:
        raise Wrong(f"these packages were built: {sorted(packages())}")
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    for path in packages().values():
        run("dpkg-deb", "-x", path, ROOT)


def dependencies_are_named():
    """What the programs are linked with is what the packages depend on."""
    for name, wanted in (("pilot-tool", ("libc6", "libssl3", "libjansson4", "libfdt1")), ("libpilot0", ("libc6", "libssl3")),
                         ("libpilot-dev", (f"libpilot0 (= {field('libpilot0', 'Version')})", "libssl-dev"))):
        depends = field(name, "Depends")
        for part in wanted:
            if part not in depends:
                raise Wrong(f"{name} depends on {depends!r}, and not on {part}")


def tool_works():
    """The installed tool makes keys, signs, and verifies what it signed; its version is the package's."""
    version = tool("--version").strip()
    if version != f"pilot {field('pilot-tool', 'Version')}":
        raise Wrong(f"the tool says {version!r}")
    shutil.copy(elf(), os.path.join(WORK, "a.elf"))
    tool("keys", "new", "keys")
    tool("keys", "new", "other")
    tool("fuses", "new", "-o", "fuses.bin", "--root", "keys/root.crt", *IDS)
    tool("fuses", "new", "-o", "foreign.bin", "--root", "other/root.crt", *IDS)
    tool("image", "sign", "a.elf", "-o", "a.mbn", "--keys", "keys", *IDS, "--sw-id", "4")
    if "genuine" not in tool("image", "verify", "--fuses", "fuses.bin", "a.mbn"):
        raise Wrong("what the tool has signed is not genuine to it")
    tool("image", "verify", "--fuses", "foreign.bin", "a.mbn", status=1)


def elf():
    """A small ELF file that can be signed, with a segment of data."""
    path = os.path.join(WORK, "plain.elf")
    if not os.path.exists(path):
        sys.path.insert(0, os.path.join(TOP, "tests", "tool"))
        sys.argv[1:] = [os.path.join(ROOT, "usr/bin/pilot")]
        import harness  # pylint: disable=import-outside-toplevel  # reads the tool's path from the command line
        harness.write(path, harness.plain())
    return path


def _build(name, *args):
    """Compile the program of somebody else's against the installed headers, as the pkg-config file says."""
    folder = library_folder()
    env = {**os.environ, "PKG_CONFIG_PATH": os.path.join(folder, "pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": ROOT,
           # headers and libraries of a sysroot are named even where they are the system's own folders
           "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS": "1", "PKG_CONFIG_ALLOW_SYSTEM_LIBS": "1"}
    flags = run("pkg-config", "--cflags", "--libs", *args, "pilot", env=env).split()
    # libcrypto is the machine's own, not one below the folder
    flags = [flag for flag in flags if flag.startswith("-l") or os.path.exists(flag[2:])]
    if args:
        flags = [os.path.join(folder, "libpilot.a") if flag == "-lpilot" else flag for flag in flags]
    program = os.path.join(WORK, name)
    run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", PROGRAM, "-o", program, *flags)
    return program


def _judge(program, env):
    good = run(program, "a.mbn", "fuses.bin", cwd=WORK, env=env)
    if good.strip() != "genuine":
        raise Wrong(f"the program says {good!r}")
    foreign = run(program, "a.mbn", "foreign.bin", status=1, cwd=WORK, env=env)
    if "CERT_ROOT" not in foreign:
        raise Wrong(f"signed under another root, the program says {foreign!r}")
    with open(os.path.join(WORK, "a.mbn"), "rb") as file:
        data = bytearray(file.read())
    data[data.index(bytes(range(256)))] ^= 1
    with open(os.path.join(WORK, "bad.mbn"), "wb") as file:
        file.write(data)
    bad = run(program, "bad.mbn", "fuses.bin", status=1, cwd=WORK, env=env)
    if "HASH_SEGMENT" not in bad:
        raise Wrong(f"with a flipped bit the program says {bad!r}")


def program_links_the_shared_library():
    """It needs libpilot.so.0 by its soname, and judges images as the tool does."""
    program = _build("shared")
    needed = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", program))
    if "libpilot.so.0" not in needed:
        raise Wrong(f"the program needs {needed}")
    _judge(program, {**os.environ, "LD_LIBRARY_PATH": library_folder()})


def program_links_the_static_library():
    """With --static it carries the library in itself."""
    program = _build("static", "--static")
    needed = re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", program))
    if any("pilot" in name for name in needed):
        raise Wrong(f"the program needs {needed}")
    _judge(program, dict(os.environ))


def every_header_compiles_alone():
    """Each needs nothing that was included before it."""
    folder = os.path.join(ROOT, "usr/include")
    headers = sorted(os.path.relpath(path, folder) for path in glob.glob(f"{folder}/pilot/**/*.h", recursive=True))
    if len(headers) < 40:
        raise Wrong(f"only these headers are installed: {headers}")
    for header in headers:
        if os.path.basename(header).startswith("reasons"):
            continue			# a table, for who defines X()
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", folder, "-include", header, "-x", "c", "/dev/null")


def manual_pages_and_completions_are_there():
    """For every command; man finds and lays out each page."""
    pages = {os.path.basename(path) for path in glob.glob(os.path.join(ROOT, "usr/share/man/man*/*.gz"))}
    wanted = {f"{name}.gz" for name in os.listdir(os.path.join(TOP, "docs", "man"))}
    if pages != wanted:
        raise Wrong(f"pages are {sorted(pages)}, and {sorted(wanted)} were expected")
    for page in glob.glob(os.path.join(ROOT, "usr/share/man/man*/*.gz")):
        if shutil.which("man") and "PILOT" not in run("man", "-l", page, env={**os.environ, "MANWIDTH": "80", "MANPAGER": "cat"}):
            raise Wrong(f"{page} is empty")
    schemas = set(os.listdir(os.path.join(ROOT, "usr/share/pilot/schema")))
    if schemas != set(os.listdir(os.path.join(TOP, "docs", "schema"))):
        raise Wrong(f"schemas are {sorted(schemas)}")
    for path, shell in (("bash-completion/completions/pilot.bash", "bash"), ("zsh/vendor-completions/_pilot", "zsh")):
        with open(os.path.join(ROOT, "usr/share", path), encoding="ascii") as file:
            if file.read() != tool("completion", shell):
                raise Wrong(f"{path} is not what the tool prints")


def no_path_of_this_machine_is_inside():
    """What is built here and what is built elsewhere is the same."""
    for folder, _, names in os.walk(ROOT):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                if TOP.encode() in file.read():
                    raise Wrong(f"{path} names {TOP}")


def symbols_are_those_of_the_map():
    """The shared library shows what package/libpilot.map lists, and nothing else; nothing of the symbols file is gone."""
    listed = run("nm", "-D", "--defined-only", os.path.join(library_folder(), "libpilot.so.0"))
    shown = set(re.findall(r" [TDRB] (\S+?)(?:@@PILOT_0)?$", listed, re.MULTILINE))
    with open(os.path.join(TOP, "package", "libpilot.map"), encoding="ascii") as file:
        wanted = set(re.findall(r"^\t(pil_\w+);$", file.read(), re.MULTILINE))
    if shown != wanted:
        raise Wrong(f"missing: {sorted(wanted - shown)}; not in the map: {sorted(shown - wanted)}")


def install_puts_everything_below_its_folders():
    """make install with DESTDIR and PREFIX; the tool runs from there."""
    destination = os.path.join(WORK, "installed")
    run(os.path.join(TOP, "scripts", "install.sh"), env={**os.environ, "DESTDIR": destination, "PREFIX": "/opt/pilot"})
    below = os.path.join(destination, "opt/pilot")
    for name in ("bin/pilot", "include/pilot/auth.h", "include/pilot/wire/mbn.h", "share/man/man1/pilot.1", "share/man/man5/pilot-profile.5",
                 "share/pilot/schema/image-show.json", "share/bash-completion/completions/pilot.bash", "share/zsh/site-functions/_pilot"):
        if not os.path.isfile(os.path.join(below, name)):
            raise Wrong(f"{name} is not installed")
    for name in ("libpilot.so", "libpilot.so.0", "libpilot.a", "pkgconfig/pilot.pc"):
        if not glob.glob(os.path.join(below, "lib*", "**", name), recursive=True):
            raise Wrong(f"{name} is not installed")
    run(os.path.join(below, "bin/pilot"), "--version")
    run(os.path.join(TOP, "scripts", "install.sh"), status=2, env={**os.environ, "PREFIX": "relative"})


TESTS = (packages_are_built, dependencies_are_named, tool_works, program_links_the_shared_library,
         program_links_the_static_library, every_header_compiles_alone, manual_pages_and_completions_are_there,
         no_path_of_this_machine_is_inside, symbols_are_those_of_the_map, install_puts_everything_below_its_folders)


def main():
    """Run all of them; nothing works without the first."""
    print(f"1..{len(TESTS)}", flush=True)
    failed = 0
    missing = None if shutil.which("dh") else "no debhelper here: scripts/setup/packages.sh deb installs it"
    for number, test in enumerate(TESTS, 1):
        if missing:
            print(f"ok {number} - {test.__name__} # SKIP {missing}", flush=True)
            continue
        try:
            test()
            print(f"ok {number} - {test.__name__}", flush=True)
        except (Wrong, OSError, subprocess.SubprocessError) as error:
            failed += 1
            print(f"not ok {number} - {test.__name__}", flush=True)
            for line in str(error).splitlines():
                print(f"# {line}", flush=True)
            if test is packages_are_built:
                print("Bail out! there are no packages", flush=True)
                break
    sys.exit(1 if failed else 0)


main()

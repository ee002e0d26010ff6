# SPDX-License-Identifier: BSD-2-Clause
"""What is built from other people's unmodified source: once, then the result comes from the cache."""

import hashlib
import os
import subprocess

import unpack
from parts import TOP, PartError, unpacked_version

CROSS = "aarch64-linux-gnu-"


def compiler():
    """What the cross compiler says of itself."""
    done = subprocess.run([CROSS + "gcc", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0]


def contents(paths):
    """SHA-256 over the files named and those in directories named."""
    digest = hashlib.sha256()
    for path in paths:
        names = sorted(os.listdir(path)) if os.path.isdir(path) else [""]
        for name in names:
            with open(os.path.join(path, name) if name else path, "rb") as data:
                text = data.read()
            digest.update(f"{name} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def run(command, log, **kwargs):
    """Run a command with its output at the end of @log, which is shown when it fails."""
    with open(log, "ab") as out:
        done = subprocess.run(["nice", *command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              check=False, **kwargs)
    if done.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as text:
            end = "".join(text.readlines()[-15:])
        raise PartError(f"{' '.join(command)} failed with {done.returncode}; {os.path.relpath(log, TOP)} ends with\n{end}")


def pack(directory, archive, log):
    """Everything in @directory as an archive that is the same whenever the files are."""
    run(["tar", "-c", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-C", directory, "-f", archive, "."], log)


def unpack_archive(paths, directory):
    """What pack() has made."""
    os.makedirs(directory)
    done = subprocess.run(["tar", "-x", "-C", directory, "-f", paths[0]], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise unpack.UnpackError(f"{paths[0]}: {done.stderr.strip()}")


def usable(cache, name, wanted, directory=None):
    """Does the cache have the part, made from what is wanted now, and whole? It is not read again where @directory has it unpacked."""
    part = cache.part(name)
    if part is None or any(part.get(key) != value for key, value in wanted.items()):
        return False
    return unpacked_version(directory or name) == part or not cache.damaged(part)

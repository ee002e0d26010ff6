# SPDX-License-Identifier: BSD-2-Clause
"""Firmware that a run was given, copied beside its logs: what is in build/images may be made anew before somebody reads them."""

import hashlib
import os
import shutil

import modules

FOLDER = "firmware"


def peripheral_of(name):
    """The peripheral that an image is for: what its name says before the words for what is wrong with it, or which variant it is."""
    return os.path.splitext(name)[0].split("-")[0]


def _copy(path, directory):
    """Copy a file into the folder. Returns what there is to record of it; its path is relative to @directory."""
    name = os.path.basename(path)
    data = modules.read_file(path)
    shutil.copyfile(path, os.path.join(directory, FOLDER, name))
    return {"name": name, "path": f"{FOLDER}/{name}", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def keep(directory, paths, fuses):
    """Copy the images @paths and the fuses of the machine into @directory. Returns what result.json says of both."""
    shutil.rmtree(os.path.join(directory, FOLDER), ignore_errors=True)
    os.makedirs(os.path.join(directory, FOLDER))
    images = [{**_copy(path, directory), "peripheral": peripheral_of(os.path.basename(path))} for path in paths]
    return {"images": images, "fuses": _copy(fuses, directory)}

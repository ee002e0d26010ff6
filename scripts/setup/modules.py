# SPDX-License-Identifier: BSD-2-Clause
"""Kernel modules: find them by name, read what they depend on, put them in loading order."""

import gzip
import lzma
import os
import re
from typing import NamedTuple


class Need(NamedTuple):
    """Modules by the names that modprobe takes: wanted ones must be there or built in, optional ones are taken where they are."""

    wanted: tuple
    optional: tuple = ()


# What the driver of the remote processor needs on the board virt. qrtr has to be asked for by name: qcom_sysmon needs it at probe time
# but does not depend on it. smem is a module of some kernels and built into others.
PAS = Need(("qrtr", "qcom_hwspinlock", "smp2p", "qcom_q6v5_pas"), ("smem",))
# A secure world with OP-TEE: its driver, and the way to the SCMI server in it.
TEE = Need(("optee",), ("scmi_transport_optee",))
# Where PAS is a service of a TEE, for kernels that know that (Linux 7.3).
PAS_TEE = Need((), ("qcom_pas_tee",))
# What is unpacked of a kernel, whatever it is going to be used for.
UNPACKED = Need(PAS.wanted, PAS.optional + TEE.wanted + TEE.optional + PAS_TEE.optional)

_SUFFIXES = (".ko", ".ko.xz", ".ko.gz")


class ModuleError(Exception):
    """A module that is needed is not there, or cannot be read."""


def module_name(path):
    """The name under which the kernel knows the module in @path, or None when it is no module."""
    base = os.path.basename(path)
    for suffix in _SUFFIXES:
        if base.endswith(suffix):
            return base[:-len(suffix)].replace("-", "_")
    return None


def decompressed(path, data):
    """The ELF file in @data, the contents of the module file @path."""
    try:
        if path.endswith(".xz"):
            return lzma.decompress(data)
        if path.endswith(".gz"):
            return gzip.decompress(data)
    except (lzma.LZMAError, OSError, EOFError) as error:
        raise ModuleError(f"{path} is damaged: {error}") from error
    return data


def depends(elf):
    """Names of the modules that the module in @elf says it depends on."""
    found = re.search(rb"\0depends=([^\0]*)\0", elf)
    return [name.replace("-", "_") for name in found.group(1).decode().split(",") if name] if found else []


def loading_order(paths, read, builtin, need):
    """Modules to load, each after those that it depends on.

    @paths:    every module file there is
    @read:     function from a path to the file's contents
    @builtin:  names of modules that this kernel has built in; None when it does not say
    @need:     which ones, a Need

    Returns a list of (name, path, elf). Raises ModuleError when something wanted is neither there nor built in.
    """
    index = {module_name(path): path for path in paths if module_name(path)}
    order, seen = [], set()

    def add(name, needed_by):
        if name in seen:
            return
        seen.add(name)
        if name not in index:
            if builtin is None or name in builtin:
                return
            raise ModuleError(f"the kernel has no module {name}, and it is not built in (needed by {needed_by})")
        elf = decompressed(index[name], read(index[name]))
        for other in depends(elf):
            add(other, name)
        order.append((name, index[name], elf))

    for name in need.optional:
        if name in index:
            add(name, "Pilot")
    for name in need.wanted:
        add(name, "Pilot")
    return order


def builtin_names(text):
    """Names in a modules.builtin file."""
    return {module_name(line) for line in text.splitlines() if module_name(line)}


def read_file(path):
    """The contents of @path."""
    with open(path, "rb") as data:
        return data.read()


def directory_modules(directory, need):
    """Loading order of those modules below @directory that are needed; uses its modules.builtin when there is one."""
    paths, builtin = [], None
    for where, _, names in os.walk(directory):
        paths += [os.path.join(where, name) for name in names if module_name(name)]
        if "modules.builtin" in names:
            builtin = builtin_names(read_file(os.path.join(where, "modules.builtin")).decode("utf-8", "replace"))
    return loading_order(sorted(paths), read_file, builtin, need)

# SPDX-License-Identifier: BSD-2-Clause
"""What the person asked for by make variables, checked, with the defaults filled in."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import constants
import images
from paths import IMAGES, PARTS, TOP, Trouble

DEFAULT_CPU = "max,pauth-impdef=on"
# TF-A keeps SIMD from the secure world of a CPU with SVE or SME, and TAs are compiled to use SIMD.
DEFAULT_CPU_TEE = DEFAULT_CPU + ",sve=off,sme=off"
OWNER, GUEST, TEE = "owner", "guest", "tee"
_UNITS = {"": 1 << 20, "M": 1 << 20, "G": 1 << 30}		# as QEMU's -m has it: a bare number is MiB


@dataclass(frozen=True)
class Options:
    """One machine: qemu is a path, host_cpus are Linux's, memory is in bytes, boot_image the path of a signed image that is started
    before Linux, or empty.

    bootargs and devices (arguments of QEMU) are for tests that need more than what people ask for.
    """

    qemu: str
    qemu_version: str
    cpu: str
    host_cpus: int
    remote_cores: int
    memory: int
    kernel: str
    kernel_version: str
    image: bytes
    arrangement: str = OWNER
    boot_image: str = ""
    bootargs: str = ""
    devices: tuple = ()

    @property
    def cpus(self):
        """CPUs of the whole machine: the remote cores are the last ones."""
        return self.host_cpus + self.remote_cores

    def text(self):
        """What is used, and what is known not to work with it."""
        boot = f", {os.path.relpath(self.boot_image)} started before Linux" if self.boot_image else ""
        note = ""
        if self.arrangement == OWNER and int(self.kernel_version.split(".", maxsplit=1)[0]) < 7:
            note = "\nThis Linux is older than 7.0: its driver maps no memory for a remote processor, so none will start."
        return (f"Linux {self.kernel_version}, QEMU {self.qemu_version} ({self.qemu}), CPU {self.cpu}, "
                f"{self.host_cpus} CPUs for Linux and {self.remote_cores} remote cores, {self.memory >> 20} MiB, "
                f"arrangement {self.arrangement}{boot}{note}")


def _has_cpu(path, cpu):
    """Does this QEMU know the CPU and everything that is asked of it?"""
    quit_at_once = b'{"execute": "qmp_capabilities"}{"execute": "quit"}'
    done = subprocess.run([path, "-M", "none", "-cpu", cpu, "-nodefaults", "-display", "none", "-S", "-qmp", "stdio"],
                          input=quit_at_once, capture_output=True, check=False)
    return done.returncode == 0


def _qemu_for(cpu):
    """The machine's QEMU, or the newer one below build/ where only that has a CPU with granule protection."""
    own = "qemu-system-aarch64"
    found = shutil.which(own)
    if not re.search(r",x-rme=(on|true|yes|y)(,|$)", cpu) or (found and _has_cpu(found, cpu)):
        return own
    got = subprocess.run([os.path.join(TOP, "scripts", "setup", "tools.py"), "qemu"], stdout=sys.stderr, check=False)
    if got.returncode != 0:
        raise Trouble(f"CPU={cpu}: the machine's QEMU has no such CPU, and a newer one could not be had (above)")
    return os.path.join(PARTS, "qemu", own)


def _qemu(value, cpu):
    value = value or _qemu_for(cpu)
    path = shutil.which(value)
    if not path:
        raise Trouble(f"QEMU={value}: no such program")
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\d+)\.(\d+)\S*", done.stdout)
    if not found:
        said = (done.stdout or done.stderr).strip().split("\n")
        raise Trouble(f"QEMU={path}: --version does not answer like QEMU: {said[0][:100] or 'nothing'}")
    if (int(found.group(1)), int(found.group(2))) < (7, 2):
        raise Trouble(f"QEMU={path}: {found.group(0)} is too old; 7.2 or newer is needed")
    return path, found.group(0).split()[1]


def _smp(value):
    if not re.fullmatch(r"\d+", value) or not 1 <= int(value) <= 8:
        raise Trouble(f"SMP={value}: Linux can have 1 to 8 CPUs; the remote cores are not counted")
    return int(value)


def _memory(value, least):
    found = re.fullmatch(r"(\d+)([MG]?)", value.upper())
    size = int(found.group(1)) * _UNITS[found.group(2)] if found else 0
    if size < least:
        raise Trouble(f"MEMORY={value}: at least {least >> 20}M is needed, for example MEMORY=2G")
    return size


def _arrangement(value):
    if value not in (OWNER, GUEST, TEE):
        raise Trouble(f"ARRANGEMENT={value}: {OWNER} (Linux at EL2 owns the SMMU), {GUEST} (a hypervisor does) or "
                      f"{TEE} (OP-TEE is the secure OS)")
    return value


def load_kernel(directory):
    """(version, Image) of the kernel in @directory. The version is what the kernel will say of itself."""
    if not os.path.isdir(directory):
        raise Trouble(f"KERNEL={directory}: no such directory")
    names = sorted(os.listdir(directory))
    images = [name for name in names if name.startswith("vmlinuz") or name == "Image"]
    if len(images) != 1:
        raise Trouble(f"KERNEL={directory}: {len(images)} files called vmlinuz* or Image there; one is needed, "
                      "with its modules in the same directory or below")
    with open(os.path.join(directory, images[0]), "rb") as data:
        image = data.read()
    if image[:2] == b"\x1f\x8b":
        image = gzip.decompress(image)
    if image[56:60] != b"ARM\x64":
        raise Trouble(f"{os.path.join(directory, images[0])} is no arm64 kernel Image (no \"ARM\\x64\" at byte 56)")
    found = re.search(rb"Linux version (\d+\.\S+) \(", image)
    if not found:
        raise Trouble(f"{os.path.join(directory, images[0])} does not say which Linux it is")
    return found.group(1).decode(), image


def from_environment(least_memory):
    """Options from the environment variables that make exports; an empty one means the default."""
    value = {name: os.environ.get(name, "") for name in ("QEMU", "CPU", "SMP", "MEMORY", "KERNEL", "ARRANGEMENT",
                                                            "BOOT_IMAGE")}
    arrangement = _arrangement(value["ARRANGEMENT"] or OWNER)
    cpu = value["CPU"] or (DEFAULT_CPU_TEE if arrangement == TEE else DEFAULT_CPU)
    qemu, qemu_version = _qemu(value["QEMU"], cpu)
    kernel = os.path.abspath(value["KERNEL"] or os.path.join(PARTS, "kernel"))
    host_cpus, memory = _smp(value["SMP"] or "3"), _memory(value["MEMORY"] or "2G", least_memory)
    kernel_version, image = load_kernel(kernel)
    boot_image = os.path.join(IMAGES, images.LITE) if value["BOOT_IMAGE"] == "lite" else value["BOOT_IMAGE"]
    if arrangement == TEE and boot_image:
        raise Trouble(f"BOOT_IMAGE={boot_image}: not in arrangement {TEE}")
    cores = constants.tee_platform()["VIRT_TEE_CORES"] if arrangement == TEE else constants.platform()["VIRT_CORES"]
    return Options(qemu, qemu_version, cpu, host_cpus, cores, memory, kernel, kernel_version, image, arrangement, boot_image)

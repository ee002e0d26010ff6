# SPDX-License-Identifier: BSD-2-Clause
"""Everything that QEMU is given in arrangement tee: TF-A and OP-TEE in the flash, the remote cores' stub, Linux and its files."""

import os
import subprocess
import sys

import constants
import containers
import initramfs
import machine
import modules
import trace_file
from paths import BOARD, BUILD, IMAGES, PARTS, Trouble, built

PILOT_FIP = os.path.join(BUILD, "tee", "pilot.fip")
OPTEE_FIP = os.path.join(BUILD, "tee", "optee.fip")	# OP-TEE without anything of Pilot
BL1 = os.path.join(PARTS, "tf-a", "bl1.bin")
STUB = "tee-stub.bin"
FIP_AT = 0x40000					# where TF-A's BL1 and BL2 look for it: PLAT_QEMU_FIP_BASE
# OP-TEE's own TAs and those of xtest are in the guest's file system; Pilot's are part of OP-TEE.
BOOTARGS = "iomem=relaxed"
# In the order in which they are loaded.
RPMSG = ("rpmsg_ns", "virtio_rpmsg_bus", "rpmsg_char", "rpmsg_ctrl")
MODULES = (("rpmsg", RPMSG), ("pil_mailbox", ("pil_mailbox",)), ("rproc_tee", ("rproc_tee",)))


def _read(path):
    if not os.path.exists(path):
        raise Trouble(f"{path} is missing: scripts/build_tee.sh builds it")
    return modules.read_file(path)


def _flash(tee, fip, path):
    """BL1, the FIP and the fuses; counters that were written before stay."""
    bl1, packed, fuses = _read(BL1), _read(fip), modules.read_file(os.path.join(IMAGES, containers.FUSES))
    for what, size, room in (("BL1", len(bl1), FIP_AT), ("the FIP", len(packed), tee["VIRT_TEE_FLASH_FUSES"] - FIP_AT),
                             ("the fuses", len(fuses), tee["VIRT_TEE_FLASH_COUNTERS"] - tee["VIRT_TEE_FLASH_FUSES"])):
        if size > room:
            raise Trouble(f"{what}: {size} bytes; the place in the flash holds {room}")
    platform = constants.platform()
    machine.update_flash(path, platform["VIRT_FLASH_FILE"],
                         [(0, bl1), (FIP_AT, packed), (tee["VIRT_TEE_FLASH_FUSES"], fuses)],
                         (tee["VIRT_TEE_FLASH_COUNTERS"], 2 * platform["VIRT_FLASH_SECTOR"]))


def _check_places(options, tee, initrd):
    """Kernel, the stub as it is loaded and the first file system must not overlap in memory."""
    room = tee["VIRT_TEE_STUB_LOADED"] - tee["VIRT_TEE_KERNEL"]
    if len(options.image) > room:
        raise Trouble(f"the kernel has {len(options.image)} bytes; there is room for {room}")
    room = tee["VIRT_TEE_M33_NS"] - tee["VIRT_TEE_INITRD"]
    if len(initrd) > room:
        raise Trouble(f"the guest's file system has {len(initrd)} bytes; there is room for {room}")


def for_demonstration(interactive=False):
    """What prepare() is given for the demonstration: images, modules, and programs of user space."""
    paths = [os.path.join(BUILD, "modules", directory, f"{name}.ko") for directory, names in MODULES for name in names]
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise Trouble(f"{missing[0]} is missing: scripts/build_modules.sh builds it")
    more = [(f"modules/{os.path.basename(path)}", modules.read_file(path)) for path in paths]
    if interactive:
        more.append(("etc/motd", modules.read_file(os.path.join(BOARD, "guest", "motd-tee"))))
    programs = [("usr/bin/rpmsg", modules.read_file(built("rpmsg"))), ("usr/bin/user-tee", modules.read_file(built("user-tee")))]
    return {"more_images": containers.make(), "more_files": more, "programs": programs}


def stub_that_starts(program, directory):
    """What QEMU loads for the remote cores, with a program that the first one runs from the beginning. Returns its path."""
    path = os.path.join(directory, "stub-with-program.bin")
    tool = os.path.join(BOARD, "stub", "image.py")
    done = subprocess.run([sys.executable, tool, built("stub.bin"), built("shim.bin"), "--boot", built(program), path],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(done.stderr.strip())
    return path


def prepare(options, directory, more_images=(), more_files=(), programs=(), variant=(), fip=PILOT_FIP, boots=None):
    """Write all files to @directory. Returns a dict from what they are to their paths, and "signed" to a list of them.

    @more_images are paths that the guest finds in /lib/firmware; @more_files and @programs (which it may execute) pairs of a path in
    the guest and contents; @variant names that the device tree is to find defined; @boots a program that the first core runs from the
    beginning.
    """
    os.makedirs(directory, exist_ok=True)
    tee = constants.tee_platform()
    containers.make()
    try:
        initrd = initramfs.build(os.path.join(PARTS, "busybox", "busybox"), options.kernel, more_images, more_files, modules.TEE,
                                 [*programs, trace_file.clock()])
    except (OSError, modules.ModuleError) as error:
        raise Trouble(str(error)) from error
    _check_places(options, tee, initrd)
    files = {name: os.path.join(directory, name) for name in ("flash.bin", "Image", "initrd", "host.dtb")}
    _flash(tee, fip, files["flash.bin"])
    files["signed"] = list(more_images)
    files["stub"] = stub_that_starts(boots, directory) if boots else built(STUB)
    initramfs.write_if_changed(files["Image"], options.image)
    initramfs.write_if_changed(files["initrd"], initrd)
    machine.compile_source("virt-tee.dts", machine.tree_defines(options, tee["VIRT_TEE_INITRD"] + len(initrd), BOOTARGS, variant),
                           files["host.dtb"])
    return files


def command_line(options, files, resets=False):
    """QEMU's arguments up to the serial lines. A reset of the machine ends QEMU, unless @resets.

    QEMU itself puts the device tree where TF-A looks for it. The last CPUs begin in the stub; TF-A never learns of them.
    """
    tee = constants.tee_platform()

    def load(name, address):
        return ["-device", f"loader,file={files[name]},addr={tee[address]:#x},force-raw=on"]

    cores = [word for cpu in range(options.host_cpus, options.cpus)
             for word in ("-device", f"loader,addr={tee['VIRT_TEE_STUB_LOADED']:#x},cpu-num={cpu}")]
    return [options.qemu, "-M", "virt,secure=on,virtualization=on,gic-version=3,iommu=smmuv3",
            "-cpu", options.cpu, "-smp", str(options.cpus), "-m", f"{options.memory >> 20}M",
            "-nodefaults", "-nic", "none", "-display", "none", *([] if resets else ["-no-reboot"]),
            "-drive", f"if=pflash,unit=0,format=raw,file={files['flash.bin']}", "-dtb", files["host.dtb"], *options.devices,
            *load("Image", "VIRT_TEE_KERNEL"), *load("initrd", "VIRT_TEE_INITRD"), *load("stub", "VIRT_TEE_STUB_LOADED"), *cores]

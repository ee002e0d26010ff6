# SPDX-License-Identifier: BSD-2-Clause
"""Everything that QEMU is given: flash, device tree, first file system, command line."""

import os
import shutil
import struct
import subprocess
import tempfile

import constants
import images
import initramfs
import modules
import trace_file
from options import GUEST, OWNER
from paths import BOARD, IMAGES, PARTS, TOP, Trouble, built

# Information messages of the kernel are evidence: they have to reach the console.
BOOTARGS = "loglevel=7"
# Under a hypervisor Linux itself is to let root try to read carve-outs: it is the hypervisor that must stop that.
BOOTARGS_OF = {OWNER: "", GUEST: "iomem=relaxed"}


# What the third word of the hypervisor says in the flash: firmware/include/fw/boot_info.h.
RESIDENT, STAGE = 0, 1
_MODE_AT = 8


def assemble_flash(platform, fuses=os.path.join(IMAGES, images.FUSES), hypervisor=None):
    """Monitor, service, shim, hypervisor or none, and fuses at their places in one image of the secure flash.

    @hypervisor: RESIDENT, STAGE (it leaves EL2 to the host) or None.
    """
    size = platform["VIRT_FLASH_SIZE"]
    places = [
        (built("monitor.bin"), 0),
        (built("service.bin"), platform["VIRT_FLASH_SERVICE"]),
        (built("shim.bin"), platform["VIRT_FLASH_SHIM"]),
        *([(built("hypervisor.bin"), platform["VIRT_FLASH_HYPERVISOR"])] if hypervisor is not None else []),
        (fuses, platform["VIRT_FLASH_FUSES"]),
    ]
    flash = bytearray(size)
    ends = [start for _, start in places[1:]] + [size]
    for (path, start), end in zip(places, ends):
        data = modules.read_file(path)
        if len(data) > end - start:
            raise Trouble(f"{path} has {len(data)} bytes; its place in the flash holds {end - start}")
        flash[start:start + len(data)] = data
    if hypervisor is not None:
        struct.pack_into("<I", flash, platform["VIRT_FLASH_HYPERVISOR"] + _MODE_AT, hypervisor)
    return bytes(flash)


def hypervisor_for(options):
    """Which hypervisor the flash has, as assemble_flash() has it: in arrangement owner one that starts a boot image, or none."""
    if options.arrangement == GUEST:
        return RESIDENT
    return STAGE if options.boot_image else None


def update_flash(path, size, pieces, counters):
    """Put @pieces, pairs of offset and contents, into the flash file @path. What the firmware has written elsewhere stays.

    A new file has @size bytes, as QEMU wants it, mostly a hole, and rollback counters that nobody has used: @counters are offset and size.
    """
    fresh = not os.path.exists(path) or os.path.getsize(path) != size
    with open(path, "wb" if fresh else "r+b") as flash:
        for offset, contents in [*pieces, *([(counters[0], b"\xff" * counters[1])] if fresh else [])]:
            flash.seek(offset)
            flash.write(contents)
        flash.truncate(size)


def write_flash(platform, path, contents):
    """The same with @contents at the start of the flash, and places and sizes of arrangements owner and guest."""
    update_flash(path, platform["VIRT_FLASH_FILE"], [(0, contents)],
                 (platform["VIRT_FLASH_COUNTERS"], 2 * platform["VIRT_FLASH_SECTOR"]))


def compile_source(source, defines, output):
    """@source, a file of the board's, through the C preprocessor and dtc."""
    cpp = ["cpp", "-nostdinc", "-undef", "-P", "-x", "assembler-with-cpp", "-I", os.path.join(BOARD, "include"),
           "-I", os.path.join(TOP, "include")]
    cpp += [f"-D{name}={value}" for name, value in defines.items()] + [os.path.join(BOARD, source)]
    text = subprocess.run(cpp, capture_output=True, check=False)
    if text.returncode != 0:
        raise Trouble(f"{source}: {text.stderr.decode().strip()}")
    done = subprocess.run(["dtc", "-@", "-q", "-I", "dts", "-O", "dtb", "-o", output, "-"], input=text.stdout,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{source}: {done.stderr.decode().strip()}")


def tree_defines(options, initrd_end, bootargs="", variant=()):
    """What virt.dtsi asks for, and the names in @variant."""
    return {"HOST_CPUS": options.host_cpus, "MEMORY_SIZE": hex(options.memory), "INITRD_END": hex(initrd_end),
            "BOOTARGS_EXTRA": f"{BOOTARGS} {bootargs} {options.bootargs}".strip(), **dict.fromkeys(variant, 1)}


def compile_tree(options, initrd_end, output, variant=()):
    """The host's device tree: virt.dts and, laid over it where the host owns the SMMU, what it needs for that.

    @variant are names that both are to find defined.
    """
    defines = tree_defines(options, initrd_end, BOOTARGS_OF[options.arrangement], variant)
    with tempfile.TemporaryDirectory() as directory:
        base, overlay = os.path.join(directory, "virt.dtb"), os.path.join(directory, "virt-el2.dtbo")
        compile_source("virt.dts", defines, base)
        if options.arrangement == GUEST:
            shutil.copyfile(base, output)
            return
        compile_source("virt-el2.dtso", dict.fromkeys(variant, 1), overlay)
        done = subprocess.run(["fdtoverlay", "-i", base, "-o", output, overlay], capture_output=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"virt-el2.dtso does not fit virt.dts: {done.stderr.decode().strip()}")


def _check_places(options, platform, sizes):
    """Kernel, device tree, first file system and boot image must not overlap in memory."""
    kernel_room = platform["VIRT_DTB"] - platform["VIRT_KERNEL"]
    if len(options.image) > kernel_room:
        raise Trouble(f"the kernel has {len(options.image)} bytes; there is room for {kernel_room}")
    initrd_room = platform["VIRT_BOOT_IMAGE"] - platform["VIRT_INITRD"]
    if sizes > initrd_room:
        raise Trouble(f"the guest's file system has {sizes} bytes; there is room for {initrd_room}")
    if options.boot_image:
        size, room = len(modules.read_file(options.boot_image)), platform["VIRT_BOOT_IMAGE_SIZE"]
        if not 0 < size <= room:
            raise Trouble(f"BOOT_IMAGE={options.boot_image} has {size} bytes; there is room for {room}")


def _greeting(platform):
    """What the shell says at login."""
    remote = constants.remote()
    text = modules.read_file(os.path.join(BOARD, "guest", "motd")).decode()
    request = platform["VIRT_CTRL"] + remote["PIL_CTRL_REQUEST"]
    text = text.replace("@REQUEST@", hex(request)).replace("@READ_UNMAPPED@", str(remote["PIL_CTRL_READ_UNMAPPED"]))
    return text.encode()


def prepare(options, platform, directory, interactive=False, more_images=(), variant=(), more_files=()):
    """Write all files to @directory. Returns a dict from what they are to their paths, and "signed" to a list of them.

    @more_images are paths of images that the guest gets besides the demonstration's, @more_files pairs of a path in the guest
    and contents, @variant as in compile_tree().
    """
    os.makedirs(directory, exist_ok=True)
    signed = images.make(platform) + list(more_images)
    if options.boot_image:
        # the stock driver that stops what boot firmware has started is that of another kind of DSP, which has a companion, too
        signed.append(images.companion(platform))
        variant = (*variant, "ADSP_COMPANION")
    extra = list(more_files)
    if interactive:
        extra.append(("etc/motd", _greeting(platform)))
    try:
        initrd = initramfs.build(os.path.join(PARTS, "busybox", "busybox"), options.kernel, signed, extra,
                                 programs=[trace_file.clock()])
    except (OSError, modules.ModuleError) as error:
        raise Trouble(str(error)) from error
    _check_places(options, platform, len(initrd))
    files = {name: os.path.join(directory, name) for name in ("flash.bin", "Image", "initrd", "host.dtb")}
    write_flash(platform, files["flash.bin"], assemble_flash(platform, hypervisor=hypervisor_for(options)))
    files["signed"] = signed
    if options.boot_image:
        files["boot-image"] = options.boot_image
        files["signed"] = [*signed, options.boot_image]
    initramfs.write_if_changed(files["Image"], options.image)
    initramfs.write_if_changed(files["initrd"], initrd)
    compile_tree(options, platform["VIRT_INITRD"] + len(initrd), files["host.dtb"], variant)
    return files


def _dma_master(platform):
    """The DMA master of the adsp, on a bus of its own behind a port: an extra root bus takes only bridges.

    Behind all other devices: QEMU would put one that names no bus there, too, and refuse to start.
    """
    return ["-device", f"pxb-pcie,id=firmware,bus_nr={platform['VIRT_MASTER_BUS']},bus=pcie.0,addr=0x1e",
            "-device", f"pcie-root-port,id=master,bus=firmware,chassis=128,slot=1,addr={platform['VIRT_MASTER_PORT_SLOT']:#x}",
            "-device", "edu,bus=master,addr=0,dma_mask=0xffffffffffffffff"]


def command_line(options, platform, files, resets=False):
    """QEMU's arguments up to the serial lines, which depend on who is to read them.

    A reset of the machine ends QEMU, unless @resets.
    """
    def load(name, address):
        return ["-device", f"loader,file={files[name]},addr={platform[address]:#x},force-raw=on"]

    return [options.qemu, "-M", "virt,secure=on,virtualization=on,gic-version=3,iommu=smmuv3",
            "-cpu", options.cpu, "-smp", str(options.cpus), "-m", f"{options.memory >> 20}M",
            "-nodefaults", "-nic", "none", "-display", "none", *([] if resets else ["-no-reboot"]),
            "-drive", f"if=pflash,unit=0,format=raw,file={files['flash.bin']}", *options.devices, *_dma_master(platform),
            *load("Image", "VIRT_KERNEL"), *load("host.dtb", "VIRT_DTB"), *load("initrd", "VIRT_INITRD"),
            *(load("boot-image", "VIRT_BOOT_IMAGE") if "boot-image" in files else [])]

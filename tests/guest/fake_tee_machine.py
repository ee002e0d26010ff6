# SPDX-License-Identifier: BSD-2-Clause
"""A machine with the stock kernel and a TEE that is none, and the moves that its tests are made of."""

import os
import re
import struct
import time

import bench
from context import STAMP, NotSeen, Watch

import constants
import initramfs
import machine
import modules
from guest import Guest
from paths import BUILD, PARTS
from qemu import Qemu

DIRECTORY = os.path.join(BUILD, "fake-tee")
OURS = ("rproc_tee/rproc_tee", "pil_mailbox/pil_mailbox", "fake_tee/pilot_fake_tee")
KERNEL_TEE = modules.Need(("tee",))
CLASS = "/sys/class/remoteproc"
PROCESSOR = "/sys/bus/auxiliary/devices/rproc_tee.processor"
FAKE = "/sys/kernel/debug/pilot_fake_tee"
LIMIT = 900.0

LOAD, START, STOP, TABLE, DUMP, RELEASE = range(1, 7)
PROCESSORS, STATE, REGIONS, ATTACH, DETACH, GRANT, RUN = range(0x100, 0x107)
OFF, LOADED, RUNNING, CRASHED, INHERITED = range(5)
ACCESS_DENIED, GENERIC, TARGET_DEAD = 0xffff0001, 0xffff0000, 0xffff3024
M33, M0 = 0, 1
NAMES = ("m33", "m0")
IMAGES = ("m33.bin", "m0.bin")
ENTRY_WORD = 0x14000000				# an A64 branch to itself


def signed(processor):
    """An image that the fake TEE takes for this processor; longer than a page, so that it is not one piece of memory."""
    return b"FAKE" + struct.pack("<I", processor) + bytes(range(256)) * 40


def elf(entry=0x10000100, address=0x10000000):
    """A plain program: one segment of 4 KiB, at its entry a branch to itself."""
    code = bytearray(0x1000)
    struct.pack_into("<I", code, entry - address, ENTRY_WORD)
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHIQQQIHHHHHH", 2, 183, 1, entry, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    return (header + struct.pack("<IIQQQQQQ", 1, 5, 0x1000, address, address, 0x1000, 0x2000, 0x1000)).ljust(0x1000, b"\0") + bytes(code)


class Bench(Watch):
    """A machine whose secure world is the fake TEE, once that is loaded."""

    SECURE = ""

    def command(self, text):
        """Have the fake TEE do something."""
        status, _ = self.guest.run(f"echo {text} >{FAKE}/command")
        if status:
            raise NotSeen(f"the fake TEE did not take {text!r}", "linux/tests/fake_tee/control.c")

    def counts(self):
        """What the fake TEE counts, by name."""
        _, lines = self.guest.run(f"cat {FAKE}/state")
        return {words[0]: int(words[1]) for words in map(str.split, lines) if len(words) == 2 and words[1].isdigit()}

    def calls(self, func):
        """How often the TEE was asked for a command."""
        return self.counts().get(f"calls{func:#x}", 0)

    def load(self, module, arguments=""):
        """insmod."""
        status, lines = self.guest.run_once(f"insmod /modules/{module}.ko {arguments}", 60)
        if status:
            raise NotSeen(f"{module} {arguments} was not loaded: {lines}", "build/fake-tee/*/linux.log")

    def unload(self, module):
        """rmmod."""
        status, lines = self.guest.run_once(f"rmmod {module}", 60)
        if status:
            raise NotSeen(f"{module} was not unloaded: {lines}", "build/fake-tee/*/linux.log")

    def bring(self, arguments="", driver=""):
        """TEE, mailbox and driver, from nothing."""
        self.away()
        self.mark()
        self.load("pilot_fake_tee", arguments)
        self.load("pil_mailbox")
        self.load("rproc_tee", driver)

    def away(self):
        """Unload everything that is there. The TEE has nothing left open then."""
        _, lines = self.guest.run("cut -d' ' -f1 /proc/modules")
        if "rproc_tee" in lines:
            self.unload("rproc_tee")
        if "pil_mailbox" in lines:
            self.unload("pil_mailbox")
        if "pilot_fake_tee" in lines:
            self.nothing_open()
            self.unload("pilot_fake_tee")

    def nothing_open(self):
        """No session and no shared memory is left."""
        found = self.counts()
        if found.get("sessions", -1) or found.get("memory", -1):
            raise NotSeen(f"{found['sessions']} sessions, {found['memory']} pieces of shared memory are left", "the driver")

    def remoteproc(self, processor, seconds=20):
        """Path of a processor's remoteproc, once it is there."""
        until = self.by(seconds)
        while time.monotonic() < until:
            _, lines = self.guest.run(f"grep -lx {NAMES[processor]} {CLASS}/*/name 2>/dev/null")
            if len(lines) == 1 and lines[0].endswith("/name"):
                return lines[0][:-len("/name")]
            time.sleep(0.1)
        raise NotSeen(f"there is no remoteproc {NAMES[processor]}", "build/fake-tee/*/linux.log: rproc_tee")

    def absent(self, processor):
        """There is no remoteproc for it."""
        status, lines = self.guest.run(f"grep -lx {NAMES[processor]} {CLASS}/*/name 2>/dev/null")
        if status == 0 or lines:
            raise NotSeen(f"{NAMES[processor]} is a remoteproc: {lines}", "the driver")

    def told(self, processor, value, seconds=60):
        """Write to a remoteproc's state; returns the exit status."""
        return self.guest.write(f"{self.remoteproc(processor)}/state", value, seconds)

    def must(self, processor, value, state, in_tee):
        """The same; it has to work, for Linux and for the TEE."""
        if self.told(processor, value):
            raise NotSeen(f"{NAMES[processor]}: {value} failed", "build/fake-tee/*/linux.log")
        self.is_state(processor, state, in_tee)

    def is_state(self, processor, state, in_tee, seconds=20):
        """Both say in which state it is."""
        self.state(state, seconds, self.remoteproc(processor))
        found = self.counts()[f"state{processor}"]
        if found != in_tee:
            raise NotSeen(f"{NAMES[processor]}: the TEE has state {found}, {in_tee} expected", "the driver")

    def said(self, pattern, seconds=20, what=None):
        """The kernel said it since the last mark."""
        return self.kernel(STAMP + pattern, seconds, what or repr(pattern)).group(0).partition("] ")[2]

    def kernel_count(self, pattern):
        """How often the kernel said it since the last mark."""
        return len(re.findall(pattern, self.qemu.linux.since(self.linux_from), re.MULTILINE))

    def healthy(self, start):
        """The kernel has nothing to complain of itself."""
        found = self.qemu.linux.find(bench.COMPLAINT, start)
        if found:
            raise NotSeen(f"the kernel complains: {found.group(0)}", "build/fake-tee/*/linux.log")


def machine_of(options, variant=()):
    """(Qemu, Bench) of a machine with the tree of arrangement tee and nothing but Linux."""
    directory = os.path.join(DIRECTORY, "_".join(variant).lower() or "children")
    os.makedirs(directory, exist_ok=True)
    tee = constants.tee_platform()
    ours = [(f"modules/{os.path.basename(name)}.ko", modules.read_file(os.path.join(BUILD, "modules", f"{name}.ko"))) for name in OURS]
    files = [(f"lib/firmware/{IMAGES[i]}", signed(i)) for i in (M33, M0)]
    files += [("lib/firmware/plain.elf", elf()), ("lib/firmware/high.elf", elf(address=0x10900000, entry=0x10900000))]
    initrd = initramfs.build(os.path.join(PARTS, "busybox", "busybox"), options.kernel, (), ours + files, KERNEL_TEE)
    paths = {name: os.path.join(directory, name) for name in ("Image", "initrd", "host.dtb")}
    initramfs.write_if_changed(paths["Image"], options.image)
    initramfs.write_if_changed(paths["initrd"], initrd)
    defines = machine.tree_defines(options, tee["VIRT_TEE_INITRD"] + len(initrd), "", (*variant, "RPROC_TEE_UNPOWERED"))
    machine.compile_source("virt-tee.dts", defines,
                           paths["host.dtb"])
    qemu = Qemu([options.qemu, "-M", "virt,virtualization=on,gic-version=3,iommu=smmuv3", "-cpu", options.cpu, "-smp",
                 str(options.host_cpus), "-m", f"{options.memory >> 20}M", "-nodefaults", "-nic", "none", "-display", "none",
                 "-no-reboot", "-kernel", paths["Image"], "-initrd", paths["initrd"], "-dtb", paths["host.dtb"]],
                os.path.join(directory, "linux.log"), os.path.join(directory, "secure.log"))
    return qemu, Bench(options=options, qemu=qemu, guest=Guest(qemu.linux), deadline=time.monotonic() + LIMIT)

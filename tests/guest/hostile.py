# SPDX-License-Identifier: BSD-2-Clause
"""A root user of Linux attacks the running remote processor: by its CPUs, by a PCI device's DMA, by the interrupt controller.

QEMU's `edu` device does DMA wherever it is told; `iommu.passthrough=1` lets it, `iomem=relaxed` lets the user reach what
drivers have. All of it is seen to work on memory that is not protected, so that a test cannot pass for an attack that failed.
"""

import dataclasses
import re
import struct
import time

import bench
import masters
from steps import NotSeen
from tap import Skipped

import modules
from options import GUEST
from paths import built

SLOT = 4
EDU = f"0000:00:{SLOT:02x}.0"
ECAM_COMMAND = 0x4010000000 + (SLOT << 15) + 4		# QEMU hw/arm/virt.c, VIRT_HIGH_PCIE_ECAM
MEMORY_AND_MASTER = 6
EDU_BUFFER, EDU_BUFFER_SIZE = 0x40000, 0x1000		# QEMU docs/specs/edu.rst
EDU_SOURCE, EDU_TARGET, EDU_COUNT, EDU_COMMAND = 0x80, 0x88, 0x90, 0x98
TO_EDU, FROM_EDU = 1, 3
TEXT = 0x600			# bytes of the program's code that are attacked; it has more
PLAYGROUND = 0x800		# in the control page, behind what the program uses
BUS_ERROR = 128 + 7


def _options(options):
    return dataclasses.replace(options, bootargs="iommu.passthrough=1 iomem=relaxed",
                               devices=("-device", f"edu,addr={SLOT},dma_mask=0xffffffffffffffff"))


def _protected(c):
    """Only a copy in secure RAM makes these promises true, or a hypervisor that keeps Linux from the original."""
    if not c.notes["locked"] and c.options.arrangement != GUEST:
        raise Skipped(f"CPU {c.options.cpu} has no EL2 in the Secure state: nothing protects what runs")


def devmem(c, *words):
    """devmem in the guest: (exit status, value read or None)."""
    status, lines = c.guest.run("devmem " + " ".join(word if isinstance(word, str) else f"{word:#x}" for word in words))
    found = re.fullmatch(r"0x([0-9A-Fa-f]+)", lines[-1]) if lines else None
    return status, int(found.group(1), 16) if found else None


def poke(c, address, width, value):
    status, _ = devmem(c, address, str(width), value)
    if status:
        raise NotSeen(f"devmem cannot write {address:#x} (status {status})", "build/guest/linux.log")


def outside_bytes(c, address, size):
    """Bytes of normal memory, as QEMU sees them."""
    return struct.pack(f"<{size // 8}Q", *c.qemu.monitor.read_words(address, size // 8))


def program_bytes():
    """The first bytes of the program's code, as the signed file has them."""
    elf = modules.read_file(built("adsp.elf"))
    phoff, = struct.unpack_from("<Q", elf, 32)
    offset, = struct.unpack_from("<Q", elf, phoff + 8)
    return elf[offset:offset + TEXT]


def _unharmed(c):
    """The program that was signed goes on, and nobody reports a crash."""
    beats = c.beats()
    c.counts([(c.kernel_count, bench.CRASHED, 0), (c.secure_count, r"shim: core 0: ", 0)], 1)
    c.state("running")
    return beats


def _carveout(platform):
    return platform["VIRT_ADSP_MEM"]


def _cpu_faults(c, base):
    """With granule protection no write arrives: a user's process gets a bus error, and the secure log says where."""
    for words in ((base + 8, "64"), (base + 8, "64", 0)):
        status, value = devmem(c, *words)
        if status != BUS_ERROR or value is not None:
            raise NotSeen(f"devmem at the locked carve-out ends with status {status}, value {value}", "build/guest/linux.log")
    for what in ("read", "write"):
        c.secure(rf"monitor: CPU \d+: {what} at {base + 8:#x} \(carve-out of adsp\) refused by granule protection; fault \d+", 5,
                 f"the {what} was refused")
    if outside_bytes(c, base, TEXT) != program_bytes():
        raise NotSeen("the carve-out has changed", "the monitor's granule protection")
    return f"each access ends in a bus error, nothing was written; {_unharmed(c)}"


def cpu_writes(c, platform):
    """Linux's CPUs overwrite the program's code in the carve-out."""
    _protected(c)
    c.running()
    base = _carveout(platform)
    if outside_bytes(c, base, TEXT) != program_bytes():
        raise NotSeen("the carve-out does not hold the program that Linux loaded", "the test itself")
    if c.notes["faults"]:
        return _cpu_faults(c, base)
    c.guest.run(f"for i in $(seq {base} 8 {base + TEXT - 8}); do devmem $i 64 0; done", 60)
    if any(outside_bytes(c, base, TEXT)):
        raise NotSeen("the writes did not reach the carve-out", "the test itself")
    return f"{TEXT} bytes of code overwritten with zeros in the carve-out; {_unharmed(c)}"


class Edu:
    """The device, switched on."""

    def __init__(self, c):
        self._c = c
        c.guest.write(f"/sys/bus/pci/devices/{EDU}/enable", 1)
        poke(c, ECAM_COMMAND, 16, MEMORY_AND_MASTER)
        line = c.guest.run(f"head -n 1 /sys/bus/pci/devices/{EDU}/resource")[1][-1]
        self._bar = int(line.split()[0], 16)

    def _move(self, source, target, count, command):
        for register, value in ((EDU_SOURCE, source), (EDU_TARGET, target), (EDU_COUNT, count), (EDU_COMMAND, command)):
            poke(self._c, self._bar + register, 64, value)
        until = self._c.by(10)
        while time.monotonic() < until:
            if devmem(self._c, self._bar + EDU_COMMAND, "64")[1] & 1 == 0:
                return
            time.sleep(0.05)
        raise NotSeen("the DMA does not end", "build/guest/linux.log")

    def read(self, address, count):
        """From memory to the device."""
        self._move(address, EDU_BUFFER, count, TO_EDU)

    def write(self, address, count):
        """From the device to memory."""
        self._move(EDU_BUFFER, address, count, FROM_EDU)


def dma_writes(c, platform):
    """A PCI device does the same."""
    _protected(c)
    c.running()
    base, edu = _carveout(platform), Edu(c)
    c.told("stop")
    c.state("offline")			# zeros in the carve-out, which the device takes
    edu.read(base, TEXT)
    c.running()
    if outside_bytes(c, base, TEXT) != program_bytes():
        raise NotSeen("the carve-out does not hold the program that Linux loaded", "the test itself")
    edu.write(base, TEXT)
    if any(outside_bytes(c, base, TEXT)):
        raise NotSeen("the DMA did not reach the carve-out", "the test itself")
    return f"{TEXT} bytes of code overwritten by DMA in the carve-out; {_unharmed(c)}"


def dma_reads(c, platform):
    """The device reads the carve-out (which works: those are the host's own bytes), then where the copy is."""
    _protected(c)
    c.running()
    c.told("stop")
    c.state("offline")
    c.running()
    playground, edu, seen = c.page + PLAYGROUND, Edu(c), []
    for address in (_carveout(platform), platform["VIRT_ADSP_COPY"]):
        edu.read(address, 64)
        edu.write(playground, 64)
        seen.append(outside_bytes(c, playground, 64))
    if seen[0] != program_bytes()[:64]:
        raise NotSeen("not even the carve-out could be read", "the test itself")
    if seen[1] == seen[0] or any(seen[1]):
        raise NotSeen(f"DMA read {seen[1].hex()} in secure RAM", "the secure copy")
    return f"DMA reads the program in the carve-out, and zeros where its copy is; {_unharmed(c)}"


def secure_ram(c, platform):
    """Linux's CPUs at the monitor, the service, the shim and the copy: read and write."""
    _protected(c)
    c.running()
    for name in ("VIRT_MONITOR_RAM", "VIRT_SERVICE_RAM", "VIRT_SHIM_SECURE", "VIRT_ADSP_COPY"):
        for words in ((platform[name], "64"), (platform[name], "64", 0)):
            status, value = devmem(c, *words)
            if status != BUS_ERROR or value is not None:
                raise NotSeen(f"devmem at {name} ends with status {status}, value {value}", "build/guest/linux.log")
    return f"each access ends in a bus error; {_unharmed(c)}"


def interrupts(c, platform):
    """Linux switches off everything in the interrupt controller that could belong to the remote core."""
    _protected(c)
    c.running()
    doorbell = 32 + platform["VIRT_SPI_ADSP_DOORBELL"]
    word, bit = doorbell // 32 * 4, 1 << doorbell % 32
    gicd = platform["VIRT_GICD"]
    gicr = platform["VIRT_GICR"] + (c.options.cpus - 1) * platform["VIRT_GICR_STRIDE"] + 0x10000
    poke(c, gicd + 0x180 + word, 32, bit)		# ICENABLER
    poke(c, gicd + 0x80 + word, 32, 0xffffffff)	# IGROUPR
    poke(c, gicd + 0x6000 + doorbell * 8, 64, 0)	# IROUTER: to CPU 0
    poke(c, gicr + 0x180, 32, 0xffffffff)		# all private interrupts of the core: disabled,
    poke(c, gicr + 0x100, 32, 0xffff)			# its SGIs enabled
    poke(c, gicr + 0x200, 32, 0xffff)			# and pending
    if devmem(c, gicd + 0x80 + word, "32")[1] & bit:
        raise NotSeen("the doorbell's group is the host's to change", "the monitor's gic.c")
    beats = _unharmed(c)
    # the doorbell still rings: a graceful stop is noticed at the tick too, so look at the acknowledgement only
    c.told("stop")
    c.secure(r"shim: core 0: program: stops", 10, "the program heard the request to stop")
    c.state("offline")
    return f"doorbell and private interrupts of the core are not the host's: {beats}; it still hears the host"


SCENARIOS = (
    ("writes_to_the_carve_out_do_not_reach_the_running_core", cpu_writes),
    ("dma_into_the_carve_out_does_not_reach_the_running_core", dma_writes),
    ("dma_does_not_read_what_runs", dma_reads),
    ("secure_ram_is_out_of_the_hosts_reach", secure_ram),
    ("interrupts_of_the_remote_core_are_not_the_hosts", interrupts),
    *masters.PASSTHROUGH,
)


def tests(tap, options, only, seconds):
    """All of them in one machine of their own, or those whose names contain @only."""
    platform = bench.constants.platform()
    chosen = [(name, function) for name, function in SCENARIOS if only in name]
    if not chosen:
        return
    qemu, c = bench.boot(_options(options), [], seconds)
    with qemu:
        if not tap.test("machine_with_an_attacker_comes_up", bench.come_up, c):
            return
        for name, function in chosen:
            tap.test(name, function, c, platform)

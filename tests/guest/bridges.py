#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""SHM bridges with the stock kernel, which makes none by itself: a module calls its exported functions. Prints TAP.

Believed are what the kernel says that its own functions returned, the secure log, and heartbeats.
"""

import os
import re
import signal
import struct
import sys

import bench
from steps import STAMP, NotSeen
from tap import Skipped, Tap

import images
import modules
import options as machine_options
import steps
from paths import BUILD, PARTS, Trouble, built

MODULE = os.path.join(BUILD, "modules", "shm_bridge", "pilot_shm_bridge.ko")
IN_GUEST = "modules/pilot_shm_bridge.ko"
CALLS = "/sys/kernel/debug/pilot_shm_bridge"
ZAP, LONG = "zap.mbn", "long.bin"
LIMIT = 600.0

PAGE = 0x1000
READ, WRITE, READ_WRITE = 4, 2, 6
ONE_VM, HOST_VM = 0x200, 3
MOST = 64			# PIL_MAX_BRIDGES
HASH_MAX = 0x10000		# PIL_IMAGE_HASH_MAX
# what Linux makes of statuses -2 or -3, -5, -12, -4
EINVAL, ENOMEM, EBUSY, EOPNOTSUPP = -22, -12, -16, -95


def long_metadata():
    """Headers of an image with the longest hash segment, and that: reading it takes a while."""
    start = 52 + 2 * 32
    header = b"\x7fELF\x01\x01\x01".ljust(16, b"\0")
    header += struct.pack("<HHIIIIIHHHHHH", 2, 0, 1, 0, 52, 0, 0, 52, 32, 2, 0, 0, 0)
    headers = struct.pack("<8I", 0, 0, 0, 0, start, 0, 7 << 24, 0)
    hashes = struct.pack("<8I", 0, 0x1000, 0, 0, HASH_MAX, 0, 2 << 24, 0)
    return header + headers + hashes + b"\x5a" * HASH_MAX


class Host:
    """What the module can be asked for, seen from outside."""

    def __init__(self, c, platform):
        self.c = c
        self.platform = platform
        c.guest.run_once(f"insmod /{IN_GUEST}", 20)
        found = c.kernel(STAMP + r"pilot_shm_bridge: buffer at 0x([0-9a-f]+), 0x([0-9a-f]+) bytes$", 20,
                         "the module is loaded")
        self.buffer, self.size = (int(number, 16) for number in found.groups())

    def call(self, command, seconds=30):
        """Have the module make a call; returns what the kernel says of it: (result, the rest of the message)."""
        start = self.c.qemu.linux.position()
        self.c.guest.run_once(f"echo {command} >{CALLS}", seconds)
        found = self.c.qemu.linux.wait(STAMP + rf"pilot_shm_bridge: {command.split()[0]}[^:]*: (-?\d+|never in use|in use)(.*)$",
                                       self.c.by(5), start)
        if not found:
            raise NotSeen(f"the kernel did not say what became of {command!r}", "build/guest/linux.log")
        return found.group(1), found.group(2)

    def create(self, address, size=PAGE, secure_access=READ_WRITE, vms=HOST_VM):
        """qcom_scm_shm_bridge_create(): (result, handle)."""
        result, rest = self.call(f"create {address | READ_WRITE:x} {address | secure_access:x} {size | ONE_VM:x} {vms:x}")
        return int(result), int(rest.rsplit("0x", 1)[-1], 16) if "0x" in rest else 0

    def must_create(self, address, size=PAGE):
        """A bridge that has to be; returns its handle."""
        result, handle = self.create(address, size)
        if result or not handle:
            raise NotSeen(f"a bridge over {address:#x} (+{size:#x}) got {result}, handle {handle:#x}", "both logs")
        self.c.secure(rf"host: SHM_BRIDGE_CREATE accepted: {address:#x} .*handle {handle:#x}", 5, "it took the bridge")
        return handle

    def delete(self, handle):
        """qcom_scm_shm_bridge_delete()."""
        return int(self.call(f"delete {handle:x}")[0])

    def enable(self):
        """qcom_scm_shm_bridge_enable(): how many bridges that ended."""
        self.c.mark()
        result, _ = self.call("enable")
        line = self.c.secure(r"host: SHM_BRIDGE_ENABLE accepted: (\d+) bridges of an earlier host dropped", 5,
                             "bridges are enabled")
        if int(result):
            raise NotSeen(f"qcom_scm_shm_bridge_enable() returned {result}", "build/guest/secure.log")
        return int(line.group(1))

    def refused(self, wanted, request, reason, result):
        """@result of a call is what Linux makes of a refusal for @reason, which the secure log has."""
        line = self.c.secure(rf"\S+: {request} refused: (\w+): .*", 5, "it refused the call")
        if (result, line.group(1)) != (wanted, reason):
            raise NotSeen(f"got {result}, {line.group(1)}; {wanted}, {reason} expected", "build/guest/secure.log")
        return f"{line.group(0).split('refused: ', 1)[1]}: {result} in Linux"

    def refused_create(self, reason, wanted, address, size=PAGE, **more):
        """A bridge that must not be."""
        self.c.mark()
        return self.refused(wanted, "SHM_BRIDGE_CREATE", reason, self.create(address, size, **more)[0])

    def refused_delete(self, reason, wanted, handle):
        """A handle that must name nothing, or something in use."""
        self.c.mark()
        return self.refused(wanted, "SHM_BRIDGE_DELETE", reason, self.delete(handle))

    def must_delete(self, handle):
        """A bridge that must go."""
        self.c.mark()
        result = self.delete(handle)
        if result:
            raise NotSeen(f"deleting bridge {handle:#x} got {result}", "build/guest/secure.log")
        self.c.secure(r"host: SHM_BRIDGE_DELETE accepted: .*", 5, "it gave the bridge up")


def before_enable(host):
    """Nobody has asked for bridges."""
    return host.refused_create("PAS_BRIDGE_OFF", EINVAL, host.buffer)


def enabled(host):
    """What runs does not notice."""
    dropped = host.enable()
    if dropped:
        raise NotSeen(f"{dropped} bridges were there already", "build/guest/secure.log")
    return f"both programs go on: {host.c.beats()}, {host.c.beats(host.c.cdsp_heart)}"


def created_and_deleted(host):
    """The plain case, with every access that there is for the secure world."""
    first = host.must_create(host.buffer, 4 * PAGE)
    host.must_delete(first)
    for access in (READ, WRITE):
        result, handle = host.create(host.buffer, secure_access=access)
        if result:
            raise NotSeen(f"a bridge with access {access} got {result}", "build/guest/secure.log")
        host.must_delete(handle)
    second = host.must_create(host.buffer, 4 * PAGE)
    host.must_delete(second)
    if first == second:
        raise NotSeen(f"two bridges had the handle {first:#x}", "lib/pas/bridges.c")
    return f"handles {first:#x}, {second:#x}"


def overlap(host):
    """At its start, its end, around it, inside it; what is next to it is not refused."""
    middle = host.buffer + 4 * PAGE
    handle = host.must_create(middle, 2 * PAGE)
    told = [host.refused_create("PAS_BRIDGE_OVERLAP", EINVAL, middle + offset * PAGE, pages * PAGE)
            for offset, pages in ((-1, 2), (1, 2), (-1, 4), (0, 1))]
    neighbours = [host.must_create(middle - PAGE), host.must_create(middle + 2 * PAGE)]
    for each in (handle, *neighbours):
        host.must_delete(each)
    return told[-1]


def deleted_twice(host):
    """The handle is dead, also when its slot is taken anew."""
    old = host.must_create(host.buffer)
    host.must_delete(old)
    told = host.refused_delete("PAS_BRIDGE_HANDLE", EINVAL, old)
    new = host.must_create(host.buffer)
    host.refused_delete("PAS_BRIDGE_HANDLE", EINVAL, old)
    host.must_delete(new)
    return told


def secure_ram(host):
    """What is no memory of the host's cannot be shown."""
    return "; ".join(host.refused_create("PAS_BRIDGE_RANGE", EINVAL, host.platform[name])
                     for name in ("VIRT_SERVICE_RAM", "VIRT_FLASH", "VIRT_GICD"))


def carveout(host):
    """A running one is not the host's; a stopped one can be bridged as a whole, but not over its edge."""
    base, size = host.platform["VIRT_ADSP_MEM"], host.platform["VIRT_ADSP_SIZE"]
    told = host.refused_create("PAS_LEDGER", EINVAL, base, size)
    host.c.told("stop")
    host.c.state("offline")
    host.refused_create("PAS_BRIDGE_RANGE", EINVAL, base + size - PAGE, 2 * PAGE)
    host.must_delete(host.must_create(base, size))
    return told


def other_machine(host):
    """Bridges are for this host alone."""
    return host.refused_create("SCM_BRIDGE", EOPNOTSUPP, host.buffer, vms=4)


def too_many(host):
    """One more than there are; then all are dropped together, and their handles are dead."""
    start = host.c.qemu.linux.position()
    a, flags = host.buffer | READ_WRITE, PAGE | ONE_VM
    host.c.mark()
    host.c.guest.run_once(f"i=0; while [ $i -le {MOST} ]; do printf 'create %x %x %x 3' $(({a} + i * {PAGE})) "
                          f"$(({a} + i * {PAGE})) {flags} >{CALLS}; i=$((i + 1)); done", 60)
    told = host.refused(ENOMEM, "SHM_BRIDGE_CREATE", "PAS_BRIDGE_FULL", ENOMEM)
    host.c.qemu.linux.wait(STAMP + rf"pilot_shm_bridge: create .*: {ENOMEM}, handle 0x0$", host.c.by(10), start)
    said = re.findall(STAMP + r"pilot_shm_bridge: create .*: (-?\d+), handle (0x[0-9a-f]+)$",
                      host.c.qemu.linux.since(start), re.MULTILINE)
    good = {handle for result, handle in said if result == "0"}
    if len(said) != MOST + 1 or len(good) != MOST or said[-1][0] != str(ENOMEM):
        raise NotSeen(f"{len(good)} of {len(said)} bridges were made; {MOST} of {MOST + 1} expected", "both logs")
    if host.enable() != MOST:
        raise NotSeen("not all of them were dropped", "build/guest/secure.log")
    host.refused_delete("PAS_BRIDGE_HANDLE", EINVAL, int(said[0][1], 16))
    return f"{told}; enabling again drops {MOST}"


def in_use(host):
    """A call is interrupted while it reads from a bridge, and not resumed: the bridge stays until SHUTDOWN ends that."""
    pas_id = host.platform["VIRT_ADSP_DTB_PAS_ID"]
    host.enable()
    found, rest = host.call(f"suspend {pas_id:x} {LONG}", 120)
    if found != "in use":
        raise NotSeen(f"the bridge was {found}{rest}", "the test itself")
    handle = int(rest.rsplit("0x", 1)[-1], 16)
    repeated = host.c.secure_count(r"host: SHM_BRIDGE_DELETE refused: PAS_IN_USE: ")
    told = host.refused_delete("PAS_IN_USE", EBUSY, handle)
    if int(host.call(f"shutdown {pas_id:x}")[0]):
        raise NotSeen("the suspended call could not be ended", "build/guest/secure.log")
    host.must_delete(handle)
    return f"{told}, after {repeated} tries of Linux's own; gone after SHUTDOWN"


def unbridged_start(host):
    """The stock driver's buffers are in no bridge."""
    host.c.offline()
    host.c.told("start")
    line = host.c.secure(r"scm: GET_RSCTABLE refused: PAS_NO_BRIDGE: .*", 10, "it refused the driver's call")
    host.c.kernel(STAMP + r"remoteproc remoteproc0: Boot failed: -\d+$", 10, "adsp did not start")
    host.c.state("offline")
    host.c.counts([(host.c.secure_count, r"\S+: \w+ accepted: ", 0)])
    return f"{line.group(0).split('] ', 1)[1]}; {host.c.still()}"


def metadata(host):
    """The same function of the kernel, with the same kind of buffer: only whose metadata it is differs."""
    host.c.mark()
    result, _ = host.call(f"metadata {host.platform['VIRT_ADSP_PAS_ID']:x} {images.GENUINE}")
    told = host.refused(EINVAL, "INIT_IMAGE", "PAS_NO_BRIDGE", int(result))
    host.c.mark()
    result, _ = host.call(f"metadata {host.platform['VIRT_ZAP_PAS_ID']:x} {ZAP}")
    host.c.secure(r"zap: INIT_IMAGE accepted: .*", 5, "it took the exempt metadata")
    if int(result):
        raise NotSeen(f"INIT_IMAGE of zap returned {result}", "build/guest/secure.log")
    host.call(f"shutdown {host.platform['VIRT_ZAP_PAS_ID']:x}")
    return f"adsp: {told}; zap: accepted"


def gaps(host):
    """Linux's RAM between what is reserved."""
    p = host.platform
    taken = sorted([(p[f"VIRT_{name}_MEM"], p[f"VIRT_{name}_SIZE"])
                    for name in ("ADSP", "CDSP", "VIDEO", "ADSP_DTB", "ZAP")]
                   + [(p["VIRT_SMEM"], p["VIRT_SHIM"] + p["VIRT_SHIM_SIZE"] - p["VIRT_SMEM"])])
    start = p["VIRT_RAM"]
    for base, size in taken + [(p["VIRT_RAM"] + host.c.options.memory, 0)]:
        if base > start:
            yield start, base - start
        start = base + size


def all_bridged(host):
    """With bridges over all of Linux's memory the same driver works, and not without them."""
    host.c.offline()
    host.enable()
    for base, size in gaps(host):
        host.must_create(base, size)
    host.c.mark()
    host.c.told("start")
    beats = host.c.up()
    host.c.counts([(host.c.secure_count, r"\S+: \w+ refused: ", 0), (host.c.secure_count, bench.ACCEPTED, 1)])
    dropped = host.enable()
    unbridged_start(host)
    return f"{beats}; without the {dropped} bridges refused again"


def cdsp_untouched(host):
    """The other program ran all the time."""
    first, _, _ = host.c.notes["cdsp"]
    return f"heartbeat was {first} at the start, now: {host.c.beats(host.c.cdsp_heart)}"


TESTS = (
    ("bridge_before_enable_is_refused", before_enable),
    ("bridges_are_enabled_while_programs_run", enabled),
    ("bridge_is_created_and_deleted", created_and_deleted),
    ("bridge_over_another_is_refused", overlap),
    ("bridge_deleted_twice_is_refused", deleted_twice),
    ("bridge_over_secure_memory_is_refused", secure_ram),
    ("bridge_over_a_carve_out_is_whole_and_the_hosts", carveout),
    ("bridge_for_another_machine_is_refused", other_machine),
    ("bridges_are_64", too_many),
    ("bridge_in_use_stays", in_use),
    ("unbridged_buffers_of_the_stock_driver_are_refused", unbridged_start),
    ("metadata_is_exempt_where_the_driver_must_not_bridge_it", metadata),
    ("stock_driver_works_inside_bridges_and_not_without", all_bridged),
    ("other_program_ran_all_the_time", cdsp_untouched),
)


def _files(platform):
    """The module, and images besides the demonstration's."""
    os.makedirs(bench.DIRECTORY, exist_ok=True)
    zap = os.path.join(bench.DIRECTORY, ZAP)
    images.make(platform)
    images.sign(built("adsp-dtb.elf"), zap, images.genuine_keys(), platform["VIRT_ZAP_SW_ID"])
    return [zap], [(f"lib/firmware/{LONG}", long_metadata()), (IN_GUEST, modules.read_file(MODULE))]


def _lacks(options):
    """Why the module cannot be used with this kernel, or None."""
    if os.path.realpath(options.kernel) != os.path.realpath(os.path.join(PARTS, "kernel")):
        return f"KERNEL={options.kernel}: the module is built for Debian's kernel"
    if not os.path.exists(MODULE):
        raise Trouble(f"{MODULE} is missing: scripts/build_modules.sh builds it")
    return None


def _skipped(why):
    raise Skipped(why)


def _come_up(c, platform, hosts):
    """The machine, and the module in it: @hosts gets the Host."""
    text = bench.come_up(c)
    hosts.append(Host(c, platform))
    return f"{text}; module loaded"


def _judged(function, host):
    """One test; the kernel must not complain during it."""
    start = host.c.qemu.linux.position()
    text = function(host)
    host.c.no_complaint(start)
    return text


def in_one_machine(tap, options):
    """All tests, in their order."""
    lacks = _lacks(options)
    if lacks:
        tap.test("bridges_with_the_stock_kernel", _skipped, lacks)
        return
    platform, hosts = bench.constants.platform(), []
    more_images, more_files = _files(platform)
    qemu, c = bench.boot(options, more_images, LIMIT, more_files=more_files)
    with qemu:
        if not tap.test("bridges_machine_comes_up", _come_up, c, platform, hosts):
            return
        for name, function in TESTS:
            tap.test(name, _judged, function, hosts[0])
        tap.test("bridges_machine_powers_off", steps.power_off, c)


def main():
    """Entry point."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    try:
        options = machine_options.from_environment(bench.constants.platform()["VIRT_RAM_MIN"])
        print(f"# {options.text()}", flush=True)
        in_one_machine(tap, options)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

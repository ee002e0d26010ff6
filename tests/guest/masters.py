# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: the DMA master of the adsp, QEMU's `edu` behind the SMMU, which the remote program drives.

What it moved is read from outside. A refusal counts when the memory is as it was and the secure log names stream and address;
what is granted is seen to work in the same way, so that a test cannot pass because the device does nothing.
"""

import functools
import random
import time

import bench
from bench import STOPPED
from steps import STAMP, UP, NotSeen

import steps
from options import GUEST

BYTES = 64			# PIL_CTRL_DMA_BYTES
WORDS = BYTES // 8
BEHIND_THE_IMAGE = 0x10000	# in the carve-out, where the program has nothing
BUSY = r"service: the DMA master of adsp was stopped in the middle of a transfer"
TRANSFER = 0.1			# seconds, QEMU's hw/misc/edu.c
TRIES = 6
QUIET = 6			# seconds after which Linux, which prints ten events in five, prints one again
READ, WRITE = 1, 2		# what the program says was refused
VARIANT = "MASTER_UNOWNED"
LIMIT = 300.0


def _words():
    return [random.getrandbits(64) for _ in range(WORDS)]


def _look(c, address):
    return c.qemu.monitor.read_words(address, WORDS)


def _places(c):
    """(source, target, StreamID)"""
    platform = bench.constants.platform()
    if c.remote["PIL_CTRL_DMA_BYTES"] != BYTES:
        raise NotSeen("the program copies another number of bytes", "pilot/wire/remote.h")
    return platform["VIRT_DMA_SOURCE"], platform["VIRT_DMA_TARGET"], platform["VIRT_ADSP_MASTER_SID"]


def _works(c):
    """A copy from one buffer to the other arrives."""
    source, target, _ = _places(c)
    words = _words()
    c.fill(source, words)
    c.fill(target, [0] * WORDS)
    refused = c.copied(source, target)
    if refused or _look(c, target) != words:
        raise NotSeen(f"the granted copy did not arrive (refused: {refused})", "build/guest/linux.log: event")
    return words


def _named(c, sid, what, address):
    line = c.secure(rf"shim: core 0: DMA master with stream {sid:#x}, {what} {address:#x}: .*", 5,
                    f"the {what} {address:#x} had to be refused")
    return line.group(0).rsplit(": ", 1)[1]


def _enter_the_hypervisor(c):
    """By a call of the host's, as CPUs make them that go off and on."""
    for online in (0, 1):
        c.guest.write("/sys/devices/system/cpu/cpu1/online", online)


def _reported(c, move, sid, address):
    """Whoever owns the SMMU tells of what it refused during @move, with stream and address."""
    if c.options.arrangement == GUEST:
        _enter_the_hypervisor(c)		# it tells of all that was before
        c.mark()
        move()
        _enter_the_hypervisor(c)
        line = c.secure(rf"hypervisor: SMMU: stream {sid:#x} \(adsp-dma\): event 0x10 at {address:#x}, .*", 10,
                        "the hypervisor reported it")
    else:
        time.sleep(QUIET)
        c.mark()
        move()
        line = c.kernel(STAMP + rf"arm-smmu-v3 .*F_TRANSLATION.* sid: {sid:#x} .*iova: {address:#x}\b.*$", 5, "the SMMU refused it")
    return line.group(0).split("] ", 1)[1].strip()


def nothing_else(c):
    """Memory of the host, of another core and of the secure world: neither read nor written."""
    c.running()
    platform = bench.constants.platform()
    source, target, sid = _places(c)
    _works(c)
    seen = set()
    for name in ("VIRT_KERNEL", "VIRT_CDSP_MEM", "VIRT_ADSP_COPY"):
        address = platform[name]
        # secure RAM is out of QEMU's sight from here, too: there the program that goes on speaks for itself
        look = functools.partial(_look, c, address) if name != "VIRT_ADSP_COPY" else lambda: None
        before = look()
        c.mark()
        if c.copied(source, address) != WRITE or look() != before:
            raise NotSeen(f"the master wrote {name}", "build/guest/linux.log: event")
        seen.add(_named(c, sid, "write to", address))
        c.mark()
        if c.copied(address, target) != READ or _look(c, target) == before:
            raise NotSeen(f"the master read {name}", "build/guest/linux.log: event")
        seen.add(_named(c, sid, "read of", address))
    event = _reported(c, lambda: c.copied(source, platform["VIRT_KERNEL"]), sid, platform["VIRT_KERNEL"])
    _works(c)
    return f"three places, each read and written in vain: {len(seen)} reasons; {event}; {c.beats()}"


def _stop_in_flight(c, source, to):
    """Stop the core just behind the beginning of a transfer to @to. True when the master was seen to be in it."""
    c.mark()
    if c.copied(source, to, "PIL_CTRL_DMA_AT_STOP"):
        raise NotSeen("the first half of the copy was refused", "build/guest/secure.log")
    c.told("stop")
    c.kernel(STOPPED, 15, "adsp is stopped")
    c.secure(r"adsp: SHUTDOWN accepted: was RUNNING, .*", 5, "it held the core")
    return c.secure_count(BUSY) == 1


def _never_lands(c, to):
    """What was at @to when SHUTDOWN returned is there when the transfer would have ended long ago, and after the next start."""
    after = _look(c, to)
    time.sleep(10 * TRANSFER)
    c.counts([(c.kernel_count, r"arm-smmu-v3 .*(?:F_|C_|event 0x)", 0)], 0)
    later = _look(c, to)
    c.told("start")
    c.up()
    time.sleep(2 * TRANSFER)
    return after == later and (any(after) or not any(_look(c, to)))


def _reaches_the_carve_out(c, platform):
    """Where Linux owns the SMMU, core and master have one table; the hypervisor leaves the carve-out out of the master's."""
    place, words = platform["VIRT_ADSP_MEM"] + BEHIND_THE_IMAGE, _works(c)
    refused = c.copied(platform["VIRT_DMA_SOURCE"], place)
    allowed = c.options.arrangement != GUEST
    if (refused == 0) != allowed or (_look(c, place) == words) != allowed:
        raise NotSeen(f"the master at the carve-out of its own peripheral: refused: {refused}", "build/guest/secure.log")
    c.fill(platform["VIRT_DMA_TARGET"], [0] * WORDS)
    return allowed


def in_flight(c, platform):
    """A transfer that begins just before SHUTDOWN, to the shared buffer and, where it leads there, to the carve-out."""
    told = []
    for name, to in (("the buffer", platform["VIRT_DMA_TARGET"]), ("the carve-out", platform["VIRT_ADSP_MEM"] + BEHIND_THE_IMAGE)):
        for attempt in range(1, TRIES + 1):
            c.running()
            if not _reaches_the_carve_out(c, platform) and told:
                break
            caught = _stop_in_flight(c, platform["VIRT_DMA_SOURCE"], to)
            if caught and any(_look(c, to)):
                raise NotSeen(f"the transfer to {name} landed", "boards/virt/service/master.c")
            if not _never_lands(c, to):
                raise NotSeen(f"{name} changed after SHUTDOWN", "boards/virt/service/master.c")
            if caught:
                told.append(f"{name} (try {attempt})")
                break
        else:
            raise NotSeen(f"in {TRIES} tries the transfer to {name} was never in flight at SHUTDOWN", "the load of the machine")
    _works(c)
    return f"stopped in the middle of a transfer to {' and to '.join(told)}: it never landed, and the SMMU saw nothing of it"


def meddled(c, platform):
    """The host moves the master's bus and its registers while nothing runs; the firmware sets them up anew."""
    c.running()
    _works(c)
    c.offline()
    for address, value in ((platform["VIRT_MASTER_CONFIG"] + 0x10, 0x3ff00000), (platform["VIRT_MASTER_PORT"] + 0x18, 0x00222280),
                           (platform["VIRT_MASTER_PORT"] + 0x20, 0x10001000)):
        c.guest.run(f"devmem {address:#x} 32 {value:#x}")
    line = c.guest.run(f"devmem {platform['VIRT_MASTER_PORT'] + 0x18:#x} 32")[1]
    if int(line[-1], 16) & 0xffffff != 0x222280:
        raise NotSeen(f"the host could not move the bus: {line}", "the test itself")
    c.running()
    _works(c)
    return f"its place on the bus is the firmware's again with the next start; {c.beats()}"


def hidden(c, stopped):
    """Under a hypervisor: @stopped(c, address) sees that Linux does not reach the master's place on the bus, nor its registers."""
    platform = bench.constants.platform()
    places = [platform[name] for name in ("VIRT_MASTER_PORT", "VIRT_MASTER_CONFIG", "VIRT_MASTER_REGS")]
    c.running()
    for place in places:
        stopped(c, place)
    _works(c)
    beats = c.beats()
    c.told("stop")
    c.state("offline")
    for place in places:
        stopped(c, place)
    return f"bus errors at the port, the configuration space and the registers, with the core up and down; {beats}"


def in_flight_here(c):
    """in_flight() on the machine of the stock settings."""
    return in_flight(c, bench.constants.platform())


def unowned(c):
    """A device tree that does not give the master's stream to the remote processor: nobody translates for it."""
    bench.come_up(c)
    source, target, sid = _places(c)
    words = _words()
    c.fill(source, words)
    c.fill(target, [0] * WORDS)
    c.mark()
    refused = c.copied(source, target)
    if refused != READ | WRITE or any(_look(c, target)):
        raise NotSeen(f"the master of nobody wrote (refused: {refused})", "build/guest/linux.log")
    reason = _named(c, sid, "write to", target)
    event = c.kernel(STAMP + rf"arm-smmu-v3 .*C_BAD_.* sid: {sid:#x} .*$", 10, "the SMMU refused it")
    if c.qemu.linux.find(UP, c.linux_from):
        raise NotSeen("the core was started again", "build/guest/linux.log")
    return f"{reason}; {event.group(0).split('] ', 1)[1].strip()}; the core goes on: {c.beats()}"


# in the machine of the stock settings, and (with the board's constants) in one whose SMMU lets everything through that has no domain
SCENARIOS = (
    ("dma_master_reaches_what_was_granted_as_it_was_granted", lambda c: (c.running(), steps.dma_master(c))[1]),
    ("dma_master_reaches_nothing_else", nothing_else),
    ("dma_master_in_flight_at_stop_never_lands", in_flight_here),
)
PASSTHROUGH = (
    ("dma_master_in_flight_at_stop_never_lands_where_dma_is_not_translated", in_flight),
    ("dma_master_moved_by_the_host_is_put_back", meddled),
)
UNOWNED = "dma_master_that_nobody_owns_is_refused_by_name"


def tests(tap, options, only):
    """The one that needs another device tree."""
    if only not in UNOWNED:
        return
    qemu, c = bench.boot(options, [], LIMIT, variant=(VARIANT,))
    with qemu:
        tap.test(UNOWNED, unowned, c)

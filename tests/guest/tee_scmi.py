#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Clocks, resets and power domains that OP-TEE serves, on the stock kernel and its own drivers for SCMI. Prints TAP.

With a directory of a kernel that has these drivers built in (tests/guest/kernel/teeearly.config) as argument: the sweep of unused
clocks on that one, instead.
"""

import os
import re
import struct
import sys
import time

import tee_guest			# first: it says where the others are
import containers
import modules
import options as machine_options
import tee_call
from context import STAMP, NotSeen
from paths import BUILD, IMAGES, Trouble
from tap import Tap
from tee_call import BAD_PARAMETERS, SUCCESS, data, room, value

M33, M0 = 0, 1
LOAD, START, STOP, RELEASE, ATTACH, DETACH = 1, 2, 3, 6, 0x103, 0x104		# include/pilot/wire/tee_rproc.h
CAPABILITIES, CHANNEL, MESSAGE = 0, 3, 4					# OP-TEE's pta_scmi_client.h
# Arm DEN 0056: protocols, messages, status codes
BASE, POWER, CLOCK, RESET = 0x10, 0x11, 0x14, 0x16
PROTOCOL_VERSION, ATTRIBUTES, MESSAGE_ATTRIBUTES = 0, 1, 2
DOMAIN_ATTRIBUTES, POWER_SET, POWER_GET = 3, 4, 5
CLOCK_ATTRIBUTES, CLOCK_RATES, CLOCK_RATE_SET, CLOCK_RATE_GET, CLOCK_CONFIG_SET = 3, 4, 5, 6, 7
RESET_REQUEST = 4
OK, NOT_SUPPORTED, INVALID, DENIED, NOT_FOUND, OUT_OF_RANGE, PROTOCOL_ERROR = 0, -1, -2, -3, -4, -5, -10
POWER_OFF = 1 << 30
EXPLICIT, AUTONOMOUS = 2, 1
LONGEST = 92			# parameters of a message
LINUX_ROOM = 104		# what Linux's driver gives an answer
TABLE = "/sys/kernel/debug/clk/clk_summary"
DOMAINS = "/sys/kernel/debug/pm_genpd/pm_genpd_summary"
# what a wrong message may be answered with by the door itself
REFUSED = (BAD_PARAMETERS,)
# a device tree in which nobody refers to clocks, resets and power domains: Linux keeps on what a driver may come for
UNSUPPLIED = ("RPROC_TEE_UNSUPPLIED",)
DRIVERS = ("pil_mailbox", "rproc_tee")


def header(protocol, message, kind=0):
    """A message's first word."""
    return message | kind << 8 | protocol << 10


class Scmi:
    """A session of our own with the SCMI service, beside that of Linux's driver."""

    def __init__(self, machine):
        self._call = machine.call
        self.session, result = machine.call.open(tee_guest.SCMI_UUID)
        if result:
            raise Trouble(f"OP-TEE has no SCMI service: {result:#x}")

    def raw(self, message, space=LINUX_ROOM, channel=0):
        """(TEE's result, bytes of the answer, bytes changed behind the room for it)."""
        reply = self._call.invoke(self.session, MESSAGE, value(channel), data(message), room(space))
        if reply.error:
            raise Trouble(f"the kernel refuses a message: {reply.error}")
        (_, behind, _), (size, behind_answer, content) = reply.memory
        return reply.result, content[:size], behind + behind_answer

    def ask(self, protocol, message, *words):
        """(status, words of the answer)."""
        result, answer, _ = self.raw(struct.pack(f"<{len(words) + 1}I", header(protocol, message), *words))
        if result or len(answer) < 8 or len(answer) % 4:
            raise NotSeen(f"protocol {protocol:#x}, message {message}: result {result:#x}, {len(answer)} bytes", "secure.log")
        echoed, status, *rest = struct.unpack(f"<Ii{len(answer) // 4 - 2}I", answer)
        if echoed != header(protocol, message):
            raise NotSeen(f"the answer's header is {echoed:#x}", "secure.log")
        return status, rest

    def want(self, expected, protocol, message, *words):
        """The answer's words; its status must be @expected."""
        status, rest = self.ask(protocol, message, *words)
        if status != expected:
            raise NotSeen(f"protocol {protocol:#x}, message {message}, {words}: status {status}, not {expected}", "secure.log")
        return rest

    def clock(self, core, on, expected=OK):
        """Have a core's clock run or not."""
        self.want(expected, CLOCK, CLOCK_CONFIG_SET, core, int(on))

    def reset(self, core, asserted, expected=OK):
        """Have a core's reset asserted or not."""
        self.want(expected, RESET, RESET_REQUEST, core, EXPLICIT if asserted else 0, 0)

    def power(self, core, on, expected=OK):
        """Have a core's power domain on or off."""
        self.want(expected, POWER, POWER_SET, 0, core, 0 if on else POWER_OFF)

    def clock_is_on(self, core):
        """What the service says of a core's clock."""
        return bool(self.want(OK, CLOCK, CLOCK_ATTRIBUTES, core)[0] & 1)

    def power_is_on(self, core):
        """What the service says of a core's power domain."""
        return self.want(OK, POWER, POWER_GET, core)[0] == 0

    def all_on(self, core):
        """What a start needs."""
        self.power(core, True)
        self.reset(core, False)
        self.clock(core, True)


class Processor:
    """A session with the remoteproc service for one processor."""

    def __init__(self, machine, core):
        self._machine, self.core = machine, core
        self.session, result = machine.call.open(tee_guest.REMOTEPROC_UUID, value(core))
        if result:
            raise Trouble(f"no session for {tee_guest.CORES[core]}: {result:#x}")

    def do(self, command, *params, expected=SUCCESS):
        """One command; its result must be @expected."""
        reply = self._machine.call.invoke(self.session, command, value(self.core), *params)
        if reply.error or reply.result != expected:
            raise NotSeen(f"command {command:#x} of {tee_guest.CORES[self.core]}: {reply.error}, {reply.result:#x}; {expected:#x} "
                          "expected", "secure.log")

    def load(self):
        """Its genuine program."""
        self.do(LOAD, tee_call.file(f"/lib/firmware/{containers.M33 if self.core == M33 else containers.M0}"))

    def close(self):
        """End the session."""
        self._machine.call.close(self.session)


def clocks_resets_and_power_domains_are_found(m):
    """Linux's own drivers list them, by name, with the one rate that the cores' counter has."""
    table = "\n".join(m.guest.run(f"cat {TABLE}")[1])
    rates = {name: int(rate) for name, rate in re.findall(r"^ *(m33-clock|m0-clock) +\d+ +\d+ +\d+ +(\d+) ", table, re.MULTILINE)}
    domains = re.findall(r"^(m33-power|m0-power) ", "\n".join(m.guest.run(f"cat {DOMAINS}")[1]), re.MULTILINE)
    if len(rates) != 2 or len(set(rates.values())) != 1 or not 0 < rates["m0-clock"] < 1 << 40 or sorted(domains) != ["m0-power", "m33-power"]:
        raise NotSeen(f"clocks {rates}, domains {domains}", "linux.log: scmi")
    m.kernel(STAMP + r"arm-scmi \S+: SCMI Protocol v\d+\.\d+ 'pilot:virt'", 5, "its provider is this one")
    return f"clocks {rates} Hz, domains {domains}"


def unused_power_domains_are_switched_off(m):
    """Linux switches off at boot what no driver uses, and the service says so."""
    states = dict(re.findall(r"^(m33-power|m0-power) +(on|off-0) ", "\n".join(m.guest.run(f"cat {DOMAINS}")[1]), re.MULTILINE))
    if states != {"m33-power": "off-0", "m0-power": "off-0"}:
        raise NotSeen(f"Linux says {states}", "linux.log: genpd")
    told = [m.scmi.power_is_on(core) for core in (M33, M0)]
    if any(told):
        raise NotSeen(f"the service says {told}", "secure.log: scmi")
    return "both off, by Linux's word and the service's"


def a_start_without_supply_is_refused_by_name(m):
    """Power off, reset asserted, clock stopped: each keeps the core from starting, and the log names it."""
    p = Processor(m, M0)
    seen = []
    for away, back, text in ((lambda: m.scmi.power(M0, False), lambda: m.scmi.power(M0, True), "its power domain is off"),
                             (lambda: m.scmi.reset(M0, True), lambda: m.scmi.reset(M0, False), "its reset is asserted"),
                             (lambda: m.scmi.clock(M0, False), lambda: m.scmi.clock(M0, True), "its clock is off")):
        m.scmi.all_on(M0)
        p.load()
        away()
        m.mark()
        reply = m.call.invoke(p.session, START, value(M0))
        if reply.error or reply.result == SUCCESS:
            raise NotSeen(f"START answers {reply.result:#x} while {text}", "secure.log")
        m.error(rf"m0 cannot start: {text}", f"it is refused because {text}")
        back()
        seen.append(text)
    p.load()
    p.do(START)
    beats = m.beats(M0)
    p.do(STOP)
    p.close()
    return f"refused: {', '.join(seen)}; then {beats}"


def a_stopped_clock_stops_the_core(m):
    """Suspended while its clock is off, where it was when it is back."""
    p = Processor(m, M0)
    m.scmi.all_on(M0)
    p.load()
    p.do(START)
    first = m.beats(M0)
    before = m.hearts[M0].count()
    m.scmi.clock(M0, False)
    if m.scmi.clock_is_on(M0):
        raise NotSeen("the service says that the clock is on", "secure.log: scmi")
    still = m.still(M0)
    m.scmi.clock(M0, True)
    again = m.beats(M0)
    if not m.scmi.clock_is_on(M0) or m.hearts[M0].count() < before:
        raise NotSeen("the program began again", "secure.log: shim")
    m.notes["m0"] = p
    return f"{first}; {still}; {again}"


def the_host_cannot_end_the_tees_program(m):
    """Reset and power are denied while it runs, and nothing happens to it."""
    p = m.notes["m0"]
    m.scmi.reset(M0, True, expected=DENIED)
    m.scmi.power(M0, False, expected=DENIED)
    m.scmi.want(DENIED, RESET, RESET_REQUEST, M0, AUTONOMOUS, 0)
    if not m.scmi.power_is_on(M0):
        raise NotSeen("the service says that its power is off", "secure.log: scmi")
    beats = m.beats(M0)
    p.do(STOP)
    m.scmi.reset(M0, True)
    m.scmi.power(M0, False)
    p.close()
    return f"denied three times, {beats}; not denied once it is stopped"


def a_detached_program_is_kept_supplied(m):
    """After DETACH the host may switch off what it likes; after ATTACH its clock counts again."""
    p = Processor(m, M0)
    m.scmi.all_on(M0)
    p.load()
    p.do(START)
    m.beats(M0)
    p.do(DETACH)
    m.mark()
    m.scmi.clock(M0, False)
    m.scmi.reset(M0, True)
    m.scmi.power(M0, False)
    m.secure(r"scmi: m0-clock stays for the TEE: .*", 10, "the TEE keeps its clock")
    if not m.scmi.clock_is_on(M0) or not m.scmi.power_is_on(M0):
        raise NotSeen("the service says that clock or power is off", "secure.log: scmi")
    beats = m.beats(M0)
    m.scmi.all_on(M0)
    p.do(ATTACH)
    m.scmi.clock(M0, False)
    still = m.still(M0)
    m.scmi.clock(M0, True)
    again = m.beats(M0)
    p.do(STOP)
    p.close()
    return f"detached, everything switched off: {beats}; attached, clock off: {still}; on: {again}"


def wrong_messages():
    """(name, message's bytes, room for the answer, channel, what may come back: results of the door, or statuses)."""
    def words(*numbers):
        return struct.pack(f"<{len(numbers)}I", *numbers)

    yield "nothing", b"", LINUX_ROOM, 0, REFUSED
    for size in (1, 2, 3, 5, 7):
        yield f"{size} bytes", bytes(size), LINUX_ROOM, 0, REFUSED
    yield "too long", words(header(CLOCK, CLOCK_ATTRIBUTES)) + bytes(LONGEST + 4), LINUX_ROOM, 0, REFUSED
    yield "far too long", words(header(CLOCK, CLOCK_ATTRIBUTES)) + bytes(512), LINUX_ROOM, 0, REFUSED
    for space in (0, 1, 4, 7, 8, 12, 31):
        yield f"room for {space} bytes", words(header(BASE, 6), 0), space, 0, REFUSED
    for channel in (1, 2, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"channel {channel:#x}", words(header(BASE, 0)), LINUX_ROOM, channel, REFUSED
    for kind in (1, 2, 3):
        yield f"type {kind}", words(header(BASE, 0, kind)), LINUX_ROOM, 0, REFUSED
    for protocol in (0, 0x12, 0x13, 0x15, 0x17, 0x18, 0x7F, 0xFF):
        yield f"protocol {protocol:#x}", words(header(protocol, 0)), LINUX_ROOM, 0, (NOT_SUPPORTED,)
    for protocol in (BASE, POWER, CLOCK, RESET):
        for message in (0x20, 0x7F, 0xFF):
            yield f"message {message:#x} of {protocol:#x}", words(header(protocol, message)), LINUX_ROOM, 0, (NOT_SUPPORTED,)
        for count in (1, 5, LONGEST // 4):
            yield (f"version of {protocol:#x} with {count} words", words(header(protocol, 0), *[0] * count), LINUX_ROOM, 0,
                   (PROTOCOL_ERROR,))
    for core in (2, 3, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        for protocol, message, more in ((POWER, DOMAIN_ATTRIBUTES, ()), (POWER, POWER_GET, ()), (CLOCK, CLOCK_ATTRIBUTES, ()),
                                        (CLOCK, CLOCK_RATES, (0,)), (CLOCK, CLOCK_RATE_GET, ()), (CLOCK, CLOCK_CONFIG_SET, (0,)),
                                        (RESET, DOMAIN_ATTRIBUTES, ()), (RESET, RESET_REQUEST, (EXPLICIT, 0))):
            yield (f"{protocol:#x}/{message} of {core:#x}", words(header(protocol, message), core, *more), LINUX_ROOM, 0,
                   (INVALID, NOT_FOUND))
        yield f"power of {core:#x}", words(header(POWER, POWER_SET), 0, core, POWER_OFF), LINUX_ROOM, 0, (NOT_FOUND,)
        yield f"rate of {core:#x}", words(header(CLOCK, CLOCK_RATE_SET), 0, core, 1, 0), LINUX_ROOM, 0, (INVALID, NOT_FOUND)
    for flags, core, state, status in ((1, 0, 0, NOT_SUPPORTED), (2, 0, 0, INVALID), (0, 0, 1, INVALID), (0, 0, 0xFFFFFFFF, INVALID)):
        yield f"power {flags:#x} {state:#x}", words(header(POWER, POWER_SET), flags, core, state), LINUX_ROOM, 0, (status,)
    yield "another rate", words(header(CLOCK, CLOCK_RATE_SET), 0, 0, 1, 0), LINUX_ROOM, 0, (OUT_OF_RANGE,)
    yield "reset with a state", words(header(RESET, RESET_REQUEST), 0, AUTONOMOUS, 1), LINUX_ROOM, 0, (NOT_SUPPORTED,)
    yield "protocols from far away", words(header(BASE, 6), 0xFFFFFFFF), LINUX_ROOM, 0, (OK,)
    yield "rates from far away", words(header(CLOCK, CLOCK_RATES), 0, 0xFFFFFFFF), LINUX_ROOM, 0, (OK, OUT_OF_RANGE)


def wrong_messages_do_no_harm(m):
    """Wrong sizes, ids, channels and rooms: refused, nothing behind an answer written, nothing switched, OP-TEE lives."""
    states = [(m.scmi.clock_is_on(core), m.scmi.power_is_on(core)) for core in (M33, M0)]
    count = 0
    for name, message, space, channel, allowed in wrong_messages():
        result, answer, behind = m.scmi.raw(message, space, channel)
        got = struct.unpack_from("<i", answer, 4)[0] if not result and len(answer) >= 8 else result
        if got not in allowed or behind:
            raise NotSeen(f"{name}: {got:#x}, {behind} bytes written behind; {allowed} expected", "secure.log")
        count += 1
    if states != [(m.scmi.clock_is_on(core), m.scmi.power_is_on(core)) for core in (M33, M0)]:
        raise NotSeen("something was switched", "secure.log")
    m.no_panic()
    return f"{count} messages refused"


def only_the_kernel_gets_in(m):
    """User space's kind of session is refused, and so are parameters where there are none, and the wrong ones of commands."""
    for login, params in (("public", ()), ("kernel", (value(),))):
        _, result = m.call.open(tee_guest.SCMI_UUID, *params, login=login)
        if result == SUCCESS:
            raise NotSeen(f"a session of login {login} with {len(params)} parameters is opened", "secure.log")
    for command, params in ((CAPABILITIES, (value(),)), (CHANNEL, (value(),)), (CHANNEL, (tee_call.inout(1, 2),)),
                            (CHANNEL, (tee_call.inout(0, 4),)), (CHANNEL, (tee_call.inout(0, 1),)), (MESSAGE, (value(),)),
                            (MESSAGE, (value(), data(bytes(4)))), (MESSAGE, (value(), room(4), data(bytes(4)))),
                            (MESSAGE, (value(), data(bytes(4)), f"z:{LINUX_ROOM:x}")), (1, (value(),)), (2, (value(),)), (5, ())):
        reply = m.call.invoke(m.scmi.session, command, *params)
        if reply.result == SUCCESS:
            raise NotSeen(f"command {command} with {params} succeeds", "secure.log")
    m.no_panic()
    return "2 sessions and 12 commands refused"


STOCK = (clocks_resets_and_power_domains_are_found, unused_power_domains_are_switched_off, a_start_without_supply_is_refused_by_name,
         a_stopped_clock_stops_the_core, the_host_cannot_end_the_tees_program, a_detached_program_is_kept_supplied,
         wrong_messages_do_no_harm, only_the_kernel_gets_in)


def sweeps_leave_what_firmware_started(m):
    """A core that runs since before Linux: Linux switches off what it sees no use for, and the core goes on."""
    m.secure(r"scmi: m33-power stays for the TEE: .*", 60, "Linux wanted its power domain off")
    if not m.scmi.power_is_on(M33) or not m.scmi.clock_is_on(M33):
        raise NotSeen("the service says that its power or clock is off", "secure.log: scmi")
    return m.beats(M33)


def unused_clocks_are_switched_off(m):
    """Linux's sweep finds the clocks: m0's is off after it, that of the running m33 is asked for in vain."""
    m.secure(r"scmi: m33-clock stays for the TEE: .*", 60, "Linux wanted the clock of m33 off")
    if m.scmi.clock_is_on(M0):
        raise NotSeen("the clock of m0 is on: there was no sweep", "linux.log: clk")
    if not m.scmi.clock_is_on(M33):
        raise NotSeen("the clock of m33 is off", "secure.log: scmi")
    return f"the clock of m0 is off, that of m33 on; {m.beats(M33)}"


def the_driver_takes_and_gives_back(m):
    """With rproc_tee a running m0 has its clock and power domain in use, in Linux's books and the service's; a stopped one has not."""
    for name in DRIVERS:
        status, lines = m.guest.run_once(f"insmod /modules/{name}.ko", 90)
        if status:
            raise NotSeen(f"Linux does not load {name}: {' '.join(lines)}", "linux.log")
    where = None
    until = m.by(60)
    while not where and time.monotonic() < until:
        _, lines = m.guest.run("grep -lx m0 /sys/class/remoteproc/*/name")
        where = os.path.dirname(lines[0]) if lines else None
    if not where:
        raise NotSeen("there is no remoteproc m0", "linux.log: rproc_tee")
    seen = []
    for order, state, count, on in (("start", "running", "1", True), ("stop", "offline", "0", False), ("start", "running", "1", True),
                                    ("stop", "offline", "0", False)):
        m.guest.write(f"{where}/state", order, 120)
        m.state(state, 60, where)
        table = "\n".join(m.guest.run(f"cat {TABLE}")[1])
        used = re.search(r"^ *m0-clock +\d+ +(\d+) ", table, re.MULTILINE).group(1)
        if used != count or m.scmi.clock_is_on(M0) != on or m.scmi.power_is_on(M0) != on:
            raise NotSeen(f"{state}: prepared {used} times, the service says clock {m.scmi.clock_is_on(M0)}, power "
                          f"{m.scmi.power_is_on(M0)}", "linux.log, secure.log")
        seen.append(m.beats(M0) if on else m.still(M0))
    return "; ".join(seen)


def run(tap, name, chosen, tests, **more):
    """One machine and its tests."""
    with tee_guest.machine(name, chosen, more_images=[os.path.join(IMAGES, one) for one in (containers.M33, containers.M0)],
                           **more) as found:
        found.scmi = Scmi(found)
        for test in tests:
            tap.test(test.__name__, test, found)


def main():
    """Entry point."""
    tap = Tap()
    try:
        containers.make()
        if len(sys.argv) > 1:
            version, image = machine_options.load_kernel(os.path.abspath(sys.argv[1]))
            early = tee_guest.options(kernel=os.path.abspath(sys.argv[1]), kernel_version=version, image=image)
            run(tap, "scmi-early", early, (unused_clocks_are_switched_off, sweeps_leave_what_firmware_started), boots="m33.elf",
                variant=UNSUPPLIED, call_module=os.path.join(sys.argv[1], "modules", "pilot_tee_call.ko"))
        else:
            run(tap, "scmi", tee_guest.options(), STOCK, variant=UNSUPPLIED)
            run(tap, "scmi-attached", tee_guest.options(), (sweeps_leave_what_firmware_started,), boots="m33.elf", variant=UNSUPPLIED)
            drivers = [(f"modules/{name}.ko", modules.read_file(os.path.join(BUILD, "modules", name, f"{name}.ko"))) for name in DRIVERS]
            run(tap, "scmi-driver", tee_guest.options(), (the_driver_takes_and_gives_back,), more_files=drivers)
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""RPMsg with a remote core in arrangement tee: Linux's own drivers against the program of m33. Prints TAP.

Believed are the kernel's messages, the core's heartbeat, and a program in the guest that compares every byte that comes back with
what it sent. --messages is how many of every size the longest exchange has.
"""

import argparse
import os
import signal
import sys
import time

import tee_guest			# first: it says where the others are
import bench
import containers
import modules
import tee_scmi
from context import STAMP, NotSeen
from paths import BUILD, IMAGES, Trouble, built
from tap import Tap
from tee_call import SUCCESS, file, value

RPMSG = ("rpmsg_ns", "virtio_rpmsg_bus", "rpmsg_char", "rpmsg_ctrl")
SAMPLE = "rpmsg_client_sample"
BUSES = ("pil_mailbox", "rproc_tee")
SERVICES = {"rpmsg-client-sample": 0x400, "rpmsg-raw": 0x401}		# as firmware/remote/m33 announces them
ECHO = SERVICES["rpmsg-raw"]
CONTROL = "/dev/rpmsg_ctrl0"
SIZES = 497			# a message has 0 to 496 bytes
FEW, MANY = 3, 20		# of every size; the first are more than 1,000 in all
PER_MESSAGE = 0.05		# seconds at most, on a busy machine
LOAD, START = 1, 2		# include/pilot/wire/tee_rproc.h
M33 = 0
LIMIT = 3600.0		# seconds, beside the longest exchange


class Talk:
    """A machine whose Linux talks to m33."""

    def __init__(self, machine, messages):
        self.m = machine
        self.messages = messages
        self.where = None

    def shell(self, command, seconds=60):
        """A command that must work; returns its lines."""
        found = self.m.guest.run_once(command, seconds)
        if not found or found[0]:
            raise NotSeen(f"{command}: {' '.join(found[1]) if found else 'no end of it was seen'}", "linux.log, secure.log")
        return found[1]

    def load(self, *names):
        """insmod, in this order."""
        for name in names:
            self.shell(f"insmod /modules/{name}.ko", 120)

    def find(self):
        """Where sysfs has m33."""
        until = self.m.by(60)
        while time.monotonic() < until:
            _, lines = self.m.guest.run("grep -lx m33 /sys/class/remoteproc/*/name")
            if len(lines) == 1:
                self.where = os.path.dirname(lines[0])
                return
            time.sleep(0.2)
        raise NotSeen("Linux has no remoteproc m33", "linux.log: rproc_tee")

    def tell(self, word, state):
        """Write to the driver's state, and wait for what comes of it."""
        if self.m.guest.write(f"{self.where}/state", word, 120):
            raise NotSeen(f"m33 was told to {word}, and refused", "linux.log, secure.log")
        self.m.state(state, 60, self.where)

    def announced(self):
        """Since the mark Linux has heard of every service, and of each once."""
        for name, address in SERVICES.items():
            self.m.kernel(STAMP + rf"virtio_rpmsg_bus virtio\d+: creating channel {name} addr {address:#x}$", 60,
                          f"it heard of {name}")
        count = len([line for line in self.m.qemu.linux.since(self.m.linux_from).splitlines() if ": creating channel " in line])
        if count != len(SERVICES):
            raise NotSeen(f"{count} channels; {len(SERVICES)} services", "linux.log: creating channel")
        return f"{' and '.join(SERVICES)} were announced"

    def device(self, name):
        """The device of the endpoint called @name."""
        until = self.m.by(30)
        while time.monotonic() < until:
            _, lines = self.m.guest.run(f"grep -lx {name} /sys/class/rpmsg/*/name")
            if len(lines) == 1:
                return "/dev/" + lines[0].split("/")[-2]
            time.sleep(0.2)
        raise NotSeen(f"there is no endpoint {name}", "linux.log: rpmsg")

    def echo(self, device, count):
        """@count messages of every size through @device."""
        self.shell(f"rpmsg echo {device} {count}", 60 + SIZES * count * PER_MESSAGE)
        return f"{SIZES * count} messages of 0 to {SIZES - 1} bytes came back as they were"

    def talk(self, count=FEW):
        """Through an endpoint that is made for it, and through the one that Linux makes for the announced channel."""
        self.shell(f"rpmsg create {CONTROL} pilot-test {ECHO}")
        device = self.device("pilot-test")
        text = self.echo(device, count)
        self.shell(f"rpmsg destroy {device}")
        return f"{text}; {self.echo(self.device('rpmsg-raw'), 1)} on the channel"

    def stopped(self):
        """The program says that it does what it was asked for: it was not ended by force."""
        if not self.m.qemu.secure.wait("^" + STAMP + "shim: core 0: program: stops$", self.m.by(60), self.m.secure_from):
            raise NotSeen("the program does not say that it stops", "secure.log")

    def gone(self):
        """Linux has no endpoint left."""
        lines = self.shell("ls /sys/bus/rpmsg/devices")
        if lines:
            raise NotSeen(f"channels are left: {' '.join(lines)}", "linux.log")


def modules_load_in_the_stock_kernel(t):
    """Linux's own, which Debian's kernel is built without; and those of the processors."""
    t.load(*RPMSG, *BUSES)
    t.find()
    return f"{', '.join(RPMSG)}; m33 is {t.where}"


def services_are_announced(t):
    """Linux starts the core, and hears from it."""
    t.m.mark()
    t.tell("start", "running")
    return f"{t.announced()}; {t.m.beats(M33)}"


def sample_client_is_answered(t):
    """Linux's sample sends a hundred messages, each after the answer to the one before."""
    t.m.mark()
    t.load(SAMPLE)
    channel = rf"{SAMPLE} virtio\d+\.rpmsg-client-sample\.-1\.{SERVICES['rpmsg-client-sample']}: "
    t.m.kernel(STAMP + channel + r"incoming msg 100 \(src: 0x400\)$", 120, "the sample client got its last answer")
    t.m.kernel(STAMP + channel + "goodbye!$", 30, "the sample client is through")
    t.shell(f"rmmod {SAMPLE}")
    return "100 messages, one after the other"


def every_size_comes_back(t):
    """The longest exchange."""
    return t.talk(t.messages)


def _after_crash(t, request):
    t.m.mark()
    page = t.m.tee["VIRT_TEE_M33_CTRL"] + t.m.remote["PIL_CTRL_REQUEST"]
    t.shell(f"devmem {page:#x} 32 {t.m.remote[request]}")
    t.m.kernel(STAMP + r"remoteproc remoteproc\d+: crash detected in m33: type \w+", 60, "m33 crashed")
    t.m.kernel(STAMP + r"remoteproc remoteproc\d+: recovering m33$", 60, "m33 is recovered")
    t.m.state("running", 120, t.where)
    return f"{t.announced()}; {t.m.beats(M33)}; {t.talk()}"


def works_again_after_a_crash(t):
    """The program dies with messages behind it; its successor is found by the drivers again."""
    return _after_crash(t, "PIL_CTRL_FATAL")


def works_again_after_the_watchdog_bit(t):
    """The same for a program that hangs."""
    return _after_crash(t, "PIL_CTRL_HANG")


def works_again_after_a_stop(t):
    """Linux takes its rings away, and sets up new ones."""
    t.m.mark()
    t.tell("stop", "offline")
    t.stopped()
    t.gone()
    t.m.mark()
    t.tell("start", "running")
    return f"{t.announced()}; {t.talk()}"


def attaches_to_what_runs(t):
    """Somebody else in the kernel has had it supplied, loaded and started, and is gone; the driver finds it running."""
    tee_scmi.Scmi(t.m).all_on(M33)
    session, result = t.m.call.open(tee_guest.REMOTEPROC_UUID, value(M33))
    loaded = t.m.call.invoke(session, LOAD, value(M33), file(f"/lib/firmware/{containers.M33}"))
    started = t.m.call.invoke(session, START, value(M33))
    t.m.call.close(session)
    if (result, loaded.result, started.result) != (SUCCESS,) * 3:
        raise NotSeen(f"results {result:#x}, {loaded.result:#x}, {started.result:#x}", "secure.log: m33")
    t.m.beats(M33)
    t.m.mark()
    t.load(*RPMSG, *BUSES)
    t.find()
    t.m.state("attached", 60, t.where)
    return f"{t.announced()}; {t.talk()}"


def works_again_after_a_detach(t):
    """The program goes on without a host, and the next one finds every service again."""
    for _ in range(3):
        t.m.mark()
        t.tell("detach", "detached")
        t.gone()
        before = t.m.beats(M33)
        t.tell("start", "attached")
        t.announced()
        text = t.talk()
    return f"three times; {before} meanwhile; {text}"


def stops_when_told(t):
    """What was attached to can be stopped."""
    t.m.mark()
    t.tell("stop", "offline")
    t.stopped()
    return t.m.still(M33)


MACHINES = (
    ("rpmsg", (modules_load_in_the_stock_kernel, services_are_announced, sample_client_is_answered, every_size_comes_back,
               works_again_after_a_crash, works_again_after_the_watchdog_bit, works_again_after_a_stop, stops_when_told)),
    ("rpmsg-attached", (attaches_to_what_runs, works_again_after_a_detach, stops_when_told)),
)


def _judged(function, t):
    """One test; meanwhile neither the kernel nor OP-TEE complained."""
    start = t.m.qemu.linux.position()
    text = function(t)
    found = t.m.qemu.linux.find(STAMP + rf".*(?:{bench.COMPLAINT}).*$", start)
    if found:
        raise NotSeen(f"the kernel complains: {found.group(0)}", "linux.log")
    t.m.no_panic()
    return text


def _files():
    """Modules as the guest finds them."""
    ours = [(f"modules/{name}.ko", os.path.join(BUILD, "modules", "rpmsg", name + ".ko")) for name in (*RPMSG, SAMPLE)]
    ours += [(f"modules/{name}.ko", os.path.join(BUILD, "modules", name, name + ".ko")) for name in BUSES]
    return [(path, modules.read_file(found)) for path, found in ours]


def run(tap, name, tests, messages):
    """All @tests in one machine; what follows a failed one would fail by it."""
    program = ("bin/rpmsg", modules.read_file(built("rpmsg")))
    limit = LIMIT + SIZES * messages * PER_MESSAGE
    with tee_guest.machine(name, tee_guest.options(), limit, more_images=[os.path.join(IMAGES, containers.M33)],
                           more_files=_files(), programs=[program]) as machine:
        talk = Talk(machine, messages)
        for function in tests:
            if not tap.test(f"{name}_{function.__name__}".replace("-", "_"), _judged, function, talk):
                return


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--messages", type=int, default=MANY, metavar="N", help="of every size (default: %(default)d)")
    messages = parser.parse_args().messages
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    try:
        containers.make()
        for name, tests in MACHINES:
            run(tap, name, tests, messages)
    except (Trouble, OSError) as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

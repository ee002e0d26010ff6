#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A remote core and its DMA master run before Linux does, started by Pilot's firmware; Linux then takes them over. Prints TAP.

The lite variant of the adsp beats and lets its DMA master copy all the time. It says how many copies did not arrive; beats and copies
are counted from outside, through QEMU's monitor. In arrangement guest nothing may stop while Linux boots, because the SMMU does not
change hands. In arrangement owner it does: there core and master may pause, but must not be faulted.
"""

import argparse
import dataclasses
import os
import re
import signal
import sys
import time

import bench
import host_dies as host_kinds
from bench import ACCEPTED
from options import GUEST, OWNER
from steps import STAMP, NotSeen
from tap import Tap

import images
import modules
import options as machine_options
import steps
from heartbeat import Heartbeat
from paths import BUILD, Trouble, built
from qemu import Qemu

DIRECTORY = os.path.join(BUILD, "handover")
LIMIT = 900.0			# seconds for everything in one machine
# Seconds that the heartbeat (one each 10 ms) and copying (a round takes 0.2 s) may stand still, generous because the machine may be busy.
# On the core's own clock the bound is its watchdog's, 500 ms: that it has not bitten is looked for, too.
BEATS_WITHIN = 10.0
ROUNDS_WITHIN = 20.0
DEAD_SECONDS = 3
ROUNDS = 5			# least number to be seen
TAKEN = r"adsp-lite: SHUTDOWN accepted: was (\w+), .*"
STARTED = r"hypervisor: adsp-lite: runs before the host does, from the image at 0xa0000000"
UNKNOWN_MODE = "hypervisor_of_a_mode_that_is_none_is_not_started"
NOT_STARTED = r"hypervisor: adsp-lite: the image at 0xa0000000 is not started: "
UP_AT = {GUEST: r"hypervisor: up: .* starting the host at EL1", OWNER: r"monitor: the boot stage is done; starting the host at EL2"}
# Linux asks for calls that this board does not have: that is no fault.
FAULTS = r".*(?:\bCRASH\b|\brefused: (?!SCM_UNKNOWN)|shim: core \d+: (?:read of|write to|execution of|DMA master|watchdog|cannot)|hypervisor: SMMU|" \
         r"unexpected|stopped \(syndrome).*"
SMMU_EVENTS = STAMP + r".*arm-smmu-v3 .*event.* received"


class Pulse:
    """What a program shows from outside, and the longest that it stood still; looked at again and again."""

    def __init__(self, heart, c, counted):
        self._heart, self._c, self._counted = heart, c, counted
        self.first, self.last, self._since = {}, {}, {}
        self.longest = {}
        self.lost = 0

    def _saw(self, name, count):
        now = time.monotonic()
        if name not in self.first:
            self.first[name], self.longest[name] = count, 0.0
        elif count == self.last[name]:
            self.longest[name] = max(self.longest[name], now - self._since[name])
            return
        elif count < self.last[name]:
            raise NotSeen(f"{name} fell from {self.last[name]} to {count}: the program has started anew", "secure.log")
        else:
            self.longest[name] = max(self.longest[name], now - self._since[name])
        self.last[name], self._since[name] = count, now

    def look(self):
        """Return: whether the program's own heartbeat was there."""
        count = self._heart.count()
        if count is None:
            return False
        rounds, lost = self._c.qemu.monitor.read_words(self._c.page + self._c.remote["PIL_CTRL_ROUNDS"], 2)
        if self._heart.count() is None:
            return False		# what was read in between may be another program's
        self._saw("beats", count)
        if self._counted:
            self._saw("rounds", rounds)
            self.lost = max(self.lost, lost)
        return True

    def text(self):
        """What was seen, in words."""
        return "; ".join(f"{name} from {self.first[name]} to {self.last[name]}, never still for longer than {self.longest[name]:.2f} s"
                         for name in self.first)

    def check(self, bounds):
        """Neither count stood still for longer than its bound; nothing was lost."""
        if self.lost:
            raise NotSeen(f"{self.lost} copies of the DMA master did not arrive", "secure.log")
        for name, bound in bounds.items():
            if self.longest.get(name, bound + 1) > bound:
                raise NotSeen(f"{self.text() or 'no heartbeat'}; the bound for {name} is {bound:g} s", "secure.log")


def _heart(c, name):
    return Heartbeat(c.qemu.monitor, c.page, c.remote, modules.read_file(built(f"{name}.elf")))


def _watch(c, pulse, until, seconds, what):
    """Look at @pulse until the secure log has a line like @until. Returns its match."""
    end = c.by(seconds)
    while time.monotonic() < end:
        trouble = None
        try:
            alive = pulse.look()
        except NotSeen as error:
            alive, trouble = False, error		# it has started anew: was it after the end?
        line = c.qemu.secure.find(f"^{STAMP}(?:{until})$", c.secure_from)
        if line:
            return line
        if trouble:
            raise trouble
        if not alive and pulse.first:
            # the end may have come between the two looks
            line = c.qemu.secure.wait(f"^{STAMP}(?:{until})$", time.monotonic() + 5, c.secure_from)
            if line:
                return line
            raise NotSeen(f"the program's heartbeat went away before {what}", "secure.log")
        time.sleep(0.02)
    raise NotSeen(f"not within {seconds:g} s: {what}", "both logs")


def _no_fault(c):
    """No part of the firmware has seen a fault since the last mark, and Linux neither."""
    told = c.qemu.secure.find(f"^{STAMP}{FAULTS}$", c.secure_from)
    if told:
        raise NotSeen(f"the secure log has: {told.group(0)}", "secure.log")
    told = c.qemu.linux.find(SMMU_EVENTS, c.linux_from)
    if told:
        raise NotSeen(f"the kernel log has: {told.group(0)}", "linux.log")
    c.no_complaint(c.linux_from)


def _started(c):
    """Before Linux: the secure world accepted the image, and its own heartbeat is there."""
    steps.secure_world(c)
    c.secure(r"adsp-lite: AUTH_AND_RESET accepted: .*", 40, "it accepted the lite variant")
    runs = c.secure(STARTED, 20, "the program runs before the host does")
    host = c.secure(UP_AT[c.options.arrangement], 20, "the host starts")
    if host.start() < runs.start():
        raise NotSeen("the host was started first", "secure.log")


def _judge(c, pulse, line):
    """In arrangement guest nothing has changed hands; in arrangement owner the SMMU has, and the program could only pause."""
    if c.options.arrangement == GUEST:
        pulse.check({"beats": BEATS_WITHIN, "rounds": ROUNDS_WITHIN})
    else:
        pulse.check({})
        _paused(c)
    least = ROUNDS if c.options.arrangement == GUEST else 1
    if pulse.last["rounds"] < least:
        raise NotSeen(f"{pulse.text()}: too few rounds to say anything", "secure.log")
    if line.group(1) != "RUNNING":
        raise NotSeen(f"when the driver shut it down the lite variant was {line.group(1)}", "secure.log")


def _paused(c):
    """The DMA master was at work before the host came, rested when it began, and the program waited for it."""
    host = c.secure(UP_AT[OWNER], 5, "the host starts")
    for line in (bench.RESTS, bench.WAITS.format(core=0)):
        if c.secure(line, 5, "core and DMA master wait for the SMMU's new owner").start() < host.start():
            raise NotSeen("it waited before there was a host", "secure.log")


def lite_runs_while_linux_boots(c):
    """From its start to the driver's SHUTDOWN: heartbeat and DMA master."""
    _started(c)
    pulse = Pulse(_heart(c, "adsp-lite"), c, True)
    line = _watch(c, pulse, TAKEN, 300, "the stock driver shuts the lite variant down")
    booted = steps.linux_runs(c)
    _judge(c, pulse, line)
    _no_fault(c)
    return f"{pulse.text()}; all copies arrived; {booted}"


def driver_takes_the_core_over(c):
    """Lite stopped, then full started, by the stock driver alone."""
    taken = c.secure(TAKEN, 5, "the driver shut the lite variant down")
    accepted = c.secure(ACCEPTED + r".*", 120, "it accepted adsp")
    if accepted.start() < taken.start():
        raise NotSeen("adsp was started before its lite variant was stopped", "secure.log")
    c.kernel(steps.UP, 60, "the remote processor is up")
    c.state("running")
    told = c.beats()
    if c.qemu.monitor.read_words(c.page + c.remote["PIL_CTRL_ROUNDS"], 2) != [0, 0]:
        raise NotSeen("the lite variant goes on copying", "secure.log")
    _no_fault(c)
    master = steps.dma_master(c)
    return f"{re.sub(STAMP, '', taken.group(0))}; then adsp: {told}; its DMA master: {master}"


def _second_host(options, platform):
    """What the guest needs to start another Linux that has the same device tree."""
    files = bench.machine.prepare(options, platform, os.path.join(DIRECTORY, "second"))
    paths = {f"root/{name}": files[name] for name in host_kinds.FILES}
    return [(name, modules.read_file(path)) for name, path in {**paths, host_kinds.GO[1:]: built("kexec")}.items()]


def _kexec(c):
    """The second Linux boots. Returns where the logs were before it."""
    status, said = c.guest.run(host_kinds.LOAD, 120)
    if status:
        raise NotSeen(f"the second kernel was not loaded: {said}", "tests/guest/kexec")
    c.mark()
    secure = c.qemu.secure.position()
    c.guest.type(host_kinds.GO)
    c.kernel(STAMP + r"kexec_core: Starting new kernel$", 60, "it starts another kernel")
    c.secure_from = secure
    return secure


def core_outlives_its_host(c):
    """kexec while the full core runs: in arrangement guest it goes on until the driver of the second Linux shuts it down."""
    c.running()
    pulse = Pulse(_heart(c, "adsp"), c, False)
    secure = _kexec(c)
    line = _watch(c, pulse, r"adsp: (?:SHUTDOWN|INIT_IMAGE) accepted: .*\bwas (\w+), .*", 300,
                  "the second Linux shuts adsp down")
    if c.qemu.secure.find("monitor: up on ", secure):
        raise NotSeen("the firmware started anew: that was a reset and no kexec", "secure.log")
    pulse.check({"beats": BEATS_WITHIN} if c.options.arrangement == GUEST else {})
    if line.group(1) != "RUNNING":
        raise NotSeen(f"when the second Linux shut it down adsp was {line.group(1)}", "secure.log")
    _no_fault(c)
    c.secure(ACCEPTED + r".*", 120, "it accepted adsp again")
    found = c.kernel(host_kinds.BOOTS, 5, "the second Linux boots")
    c.linux_from += found.start()
    c.guest.wait_for_shell(c.by(120), c.linux_from)
    c.kernel(steps.UP, 60, "the remote processor is up again")
    return f"{pulse.text()}; then started anew by the second Linux: {c.beats()}"


def host_dies(c):
    """Linux panics and stays there: the core goes on."""
    c.running()
    c.guest.write("/proc/sys/kernel/panic", 0)
    # the driver asks for a stop when Linux panics; a host that has no time for that is what this is about
    c.request("PIL_CTRL_IGNORE_STOP")
    c.secure(r"shim: core 0: program: will ignore the request to stop", 20, "the program heard")
    c.mark()
    c.guest.type(host_kinds.PANIC)
    c.kernel(r".*end Kernel panic.*", 60, "Linux is dead")
    secure, linux = c.qemu.secure.position(), c.qemu.linux.position()
    told = c.beats()
    time.sleep(DEAD_SECONDS)
    later = c.beats()
    c.nobody_faulted(secure, linux)
    return f"of a dead Linux: {told}, {DEAD_SECONDS} s later {later}"


def mapped_early(c):
    """Linux maps the core's memory from the first moment: then it waits while the SMMU is reset, and no longer."""
    _started(c)
    pulse = Pulse(_heart(c, "adsp"), c, False)
    line = _watch(c, pulse, TAKEN, 300, "the stock driver shuts the lite variant down")
    if line.group(1) != "RUNNING":
        raise NotSeen(f"when the driver shut it down the lite variant was {line.group(1)}", "secure.log")
    pulse.check({"beats": BEATS_WITHIN})
    waited = c.secure(r"shim: core 0: goes on after (\d+) ms", 5, "the core went on")
    booted = steps.linux_runs(c)
    _no_fault(c)
    c.kernel(steps.UP, 60, "the remote processor is up")
    return f"{pulse.text()}; it waited {waited.group(1)} ms for the SMMU's reset; {booted}; then adsp: {c.beats()}"


def reset_starts_it_again(c):
    """The machine's reset button: firmware, lite core and Linux start anew, and Linux takes the core over as before."""
    c.mark()
    c.qemu.monitor.execute("system_reset")
    return f"{lite_runs_while_linux_boots(c)}; {driver_takes_the_core_over(c)}"


def _spoiled(platform):
    """(what, contents) of images that must not start, and by whose word they do not."""
    directory = os.path.join(DIRECTORY, "spoiled")
    good = modules.read_file(images.lite(platform, directory))
    forged, _ = images.flip_one_bit(good)
    other = os.path.join(directory, "other.mbn")
    images.sign(built("adsp-lite.elf"), other, images.genuine_keys(), platform["VIRT_ADSP_SW_ID"])
    return (("forged", forged, r"AUTH_AND_RESET was answered 0x[0-9a-f]+", r"adsp-lite: AUTH_AND_RESET refused: HASH_SEGMENT: .*"),
            ("another peripheral's", modules.read_file(other), r"(?:INIT_IMAGE|AUTH_AND_RESET) was answered 0x[0-9a-f]+",
             r"adsp-lite: (?:INIT_IMAGE|AUTH_AND_RESET) refused: BIND_SW_ID: .*"),
            ("cut off", good[:good.index(b"ELF") + 40], r"ELF_\w+: .*", None))


def refused(options, platform, spoiled):
    """An image that is not what it should be: said in the log, and the host starts all the same."""
    what, contents, answer, verdict = spoiled
    path = os.path.join(DIRECTORY, "spoiled", "spoiled.mbn")
    with open(path, "wb") as out:
        out.write(contents)
    qemu, c = bench.boot(dataclasses.replace(options, boot_image=path), [], LIMIT, directory=os.path.join(DIRECTORY, "refused"))
    with qemu:
        line = c.secure(NOT_STARTED + answer, 60, f"the image that is {what} is not started")
        reason = c.secure(verdict, 5, "the secure world refused it").group(0) if verdict else line.group(0)
        c.secure(UP_AT[options.arrangement], 20, "the host starts")
        told = steps.linux_runs(c)
        if c.qemu.secure.find(r"shim: core 0: starts", 0) and not c.qemu.secure.find(ACCEPTED, 0):
            raise NotSeen("the core was released", "secure.log")
        c.secure(ACCEPTED + r".*", 120, "it accepted adsp")
        c.kernel(steps.UP, 60, "the remote processor is up")
        heart = c.beats()
    return f"{re.sub(STAMP, '', reason)}; {told}; adsp's {heart}"


def unknown_mode(options, platform):
    """A hypervisor in the flash that says neither that it stays nor that it leaves: nothing is started that might be either."""
    directory = os.path.join(DIRECTORY, "refused")
    files = bench.machine.prepare(options, platform, directory)
    bench.machine.write_flash(platform, files["flash.bin"], bench.machine.assemble_flash(platform, hypervisor=2))
    # it ends so early that nobody might be there yet to see it: it starts when somebody is
    with Qemu([*bench.machine.command_line(options, platform, files), "-S"], os.path.join(directory, "linux.log"),
              os.path.join(directory, "secure.log")) as qemu:
        qemu.monitor.execute("cont")
        status = qemu.wait(time.monotonic() + 60)
        line = qemu.secure.find(r"monitor: cannot start: the hypervisor in the flash says neither .*", 0)
        if not line or status != 0 or qemu.secure.find("starting the", 0):
            raise NotSeen(f"QEMU's status is {status}; the monitor says: {line and line.group(0)}", "secure.log")
    return line.group(0)


SCENARIOS = (
    ("lite_core_and_its_dma_master_run_while_linux_boots", lite_runs_while_linux_boots),
    ("stock_driver_stops_the_lite_core_and_starts_the_full_one", driver_takes_the_core_over),
    ("full_core_outlives_its_host_until_the_next_takes_it_over", core_outlives_its_host),
    ("core_runs_on_under_a_dead_host", host_dies),
    ("reset_of_the_machine_starts_the_lite_core_again", reset_starts_it_again),
)
MAPPED_EARLY = "lite_core_runs_on_through_the_boot_of_a_linux_that_maps_it_early"


def run_mapped_early(tap, options, platform):
    """A machine whose device tree has its memory mapped, and a lite variant without a DMA master to wait for."""
    directory = os.path.join(DIRECTORY, "early")
    image = os.path.join(directory, "adsp-lite.mbn")
    os.makedirs(directory, exist_ok=True)
    images.sign(built("adsp.elf"), image, images.genuine_keys(), platform["VIRT_ADSP_LITE_SW_ID"])
    qemu, c = bench.boot(dataclasses.replace(options, boot_image=image), [], LIMIT, variant=("CORE_MAPPED_EARLY",),
                         directory=directory)
    with qemu:
        tap.test(MAPPED_EARLY, mapped_early, c)


def run(tap, options, chosen):
    """One machine for all that begins with a good image, one for each spoiled one."""
    platform = bench.constants.platform()
    images.make(platform)
    good = dataclasses.replace(options, boot_image=images.lite(platform, DIRECTORY))
    if any(chosen in name for name, _ in SCENARIOS):
        qemu, c = bench.boot(good, [], LIMIT, directory=DIRECTORY, more_files=_second_host(good, platform))
        with qemu:
            for name, function in SCENARIOS:
                first = name == SCENARIOS[0][0]
                if (first or chosen in name) and not tap.test(name, function, c) and first:
                    break
    if options.arrangement == OWNER and chosen in MAPPED_EARLY:
        run_mapped_early(tap, options, platform)
    for spoiled in _spoiled(platform):
        name = f"boot_image_that_is_{re.sub(r'[^a-z]+', '_', spoiled[0])}_is_refused_and_the_host_starts"
        if chosen in name:
            tap.test(name, refused, options, platform, spoiled)
    if chosen in UNKNOWN_MODE:
        tap.test(UNKNOWN_MODE, unknown_mode, options, platform)


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only tests whose names contain it")
    parser.add_argument("--arrangement", choices=(OWNER, GUEST), default=GUEST)
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    began = time.monotonic()
    try:
        options = dataclasses.replace(machine_options.from_environment(bench.constants.platform()["VIRT_RAM_MIN"]),
                                      arrangement=arguments.arrangement, boot_image="")
        print(f"# {options.text()}", flush=True)
        run(tap, options, arguments.only)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    print(f"# {time.monotonic() - began:.0f} s")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

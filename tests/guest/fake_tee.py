#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The driver of a TEE's remote processors against a TEE that is none, in the stock kernel: every answer can be made to go wrong.

Believed are what the kernel says, sysfs, and what the fake TEE counts. Prints TAP. Arguments: names of the tests to run, all without.
"""

import os
import signal
import sys
import time

from fake_tee_machine import (
	ACCESS_DENIED, ATTACH, CRASHED, ENTRY_WORD, GENERIC, GRANT, IMAGES, INHERITED, LOAD, LOADED, M0, M33, NAMES, OFF,
	PROCESSOR, REGIONS, RELEASE, RUN, RUNNING, START, STATE, STOP, TABLE, TARGET_DEAD, machine_of,
)
from context import NotSeen
from tap import Tap

import constants
import options as machine_options
from options import TEE
from paths import Trouble


def comes_up(c):
    """Linux alone."""
    return c.linux(2)


def discovered(c):
    """Late: the driver is there before the TEE. Both processors come from the service."""
    c.mark()
    c.load("pil_mailbox")
    c.load("rproc_tee")
    c.absent(M33)
    c.load("pilot_fake_tee")
    for processor in (M33, M0):
        c.remoteproc(processor)
        c.said(rf"rproc_tee \S+: processor {processor}: {NAMES[processor]}, managed by: tee$")
        c.is_state(processor, "offline", OFF)
        c.guest.read(f"{PROCESSOR}.{processor}/ownership", "tee")
    return c.guest.read(f"{PROCESSOR}.0/processor", "0 m33")


def life(c):
    """Start, graceful stop, release; virtio gets its memory at the addresses that the processor sees."""
    c.bring()
    c.mark()
    c.must(M33, "start", "running", RUNNING)
    loads = c.calls(LOAD)
    _, lines = c.guest.run("cat /sys/kernel/debug/remoteproc/*/carveout_memories")
    text = " ".join(lines)
    for word in ("vdev0vring0", "0x20008000", "vdev0vring1", "0x20010000", "vdev0buffer", "0x20040000"):
        if word not in text:
            raise NotSeen(f"{word} is not among the carve-outs: {text}", "linux/rproc_tee/memory.c")
    c.must(M33, "stop", "offline", OFF)
    if c.kernel_count("no answer|by force"):
        raise NotSeen("it did not shut down by itself", "linux/rproc_tee/mailbox.c")
    if loads != 1 or c.calls(RELEASE) != 1:
        raise NotSeen(f"{loads} times LOAD, {c.calls(RELEASE)} times RELEASE", "linux/rproc_tee/ops.c")
    return "LOAD once, RELEASE once, three carve-outs by name"


def forced(c):
    """A processor that does not answer is stopped all the same, and that is said."""
    c.bring(driver="ack_ms=300")
    c.must(M33, "start", "running", RUNNING)
    c.command(f"silent {M33:x} 1")
    c.mark()
    c.must(M33, "stop", "offline", OFF)
    return c.said(r"rproc_tee.processor \S+: m33 does not shut down: stopped by force$")


def both(c):
    """Two sessions at once; what happens to one is nothing to the other."""
    c.bring()
    c.must(M33, "start", "running", RUNNING)
    c.must(M0, "start", "running", RUNNING)
    c.must(M33, "stop", "offline", OFF)
    c.is_state(M0, "running", RUNNING)
    c.must(M0, "stop", "offline", OFF)
    return "m33 was stopped while m0 ran on"


def wrong_image(c):
    """The image of the other processor."""
    c.bring()
    c.guest.write(f"{c.remoteproc(M33)}/firmware", IMAGES[M0])
    c.mark()
    if not c.told(M33, "start"):
        raise NotSeen("it was started", "the driver")
    text = c.said(r"rproc_tee.processor \S+: LOAD failed: -129 \(TEE result 0xffff000f authentication failed\)$")
    c.is_state(M33, "offline", OFF)
    c.guest.write(f"{c.remoteproc(M33)}/firmware", IMAGES[M33])
    c.must(M33, "start", "running", RUNNING)
    return text


def plain_image(c):
    """A plain ELF for a processor that the TEE manages."""
    c.bring()
    c.guest.write(f"{c.remoteproc(M0)}/firmware", "plain.elf")
    c.mark()
    if not c.told(M0, "start"):
        raise NotSeen("it was started", "the driver")
    c.is_state(M0, "offline", OFF)
    return c.said(r"rproc_tee.processor \S+: LOAD failed: -8 \(TEE result 0xffff0005 bad format\)$")


def every_failure(c):
    """Each command of a start fails once; the next start works, and nothing is left open."""
    c.bring(driver="ack_ms=300")
    for func in (LOAD, START, TABLE, REGIONS):
        c.mark()
        c.command(f"fail {func:x} {GENERIC:x} 1")
        if not c.told(M33, "start"):
            raise NotSeen(f"command {func:#x} failed, and the start did not", "the driver")
        c.said(r"rproc_tee.processor \S+: \w+ failed: -5 \(TEE result 0xffff0000 \)$")
        c.is_state(M33, "offline", OFF)
        c.must(M33, "start", "running", RUNNING)
        c.must(M33, "stop", "offline", OFF)
    c.command(f"fail {STOP:x} {GENERIC:x} 1")
    c.must(M33, "start", "running", RUNNING)
    if not c.told(M33, "stop"):
        raise NotSeen("STOP failed, and the stop did not", "the driver")
    return "after each of them it works again"


def dead_service(c):
    """The service dies during a command: the next one finds it alive again."""
    c.bring()
    sessions = c.counts()["sessions"]
    c.mark()
    c.command(f"fail {START:x} {TARGET_DEAD:x} 1")
    if not c.told(M33, "start"):
        raise NotSeen("it was started", "the driver")
    text = c.said(r"rproc_tee.processor \S+: the service was started anew$")
    c.is_state(M33, "offline", OFF)
    c.must(M33, "start", "running", RUNNING)
    if c.counts()["sessions"] != sessions:
        raise NotSeen(f"{c.counts()['sessions']} sessions, {sessions} before", "linux/rproc_tee/call.c")
    return text


def slow(c):
    """Two seconds for each answer; m0 does not wait for m33."""
    c.bring()
    for func in (LOAD, START, STATE):
        c.command(f"delay {func:x} {1000:x}")
    c.guest.run(f"{{ echo start >{c.remoteproc(M33)}/state & }}")
    c.must(M0, "start", "running", RUNNING)
    c.is_state(M33, "running", RUNNING, 60)
    return "both run"


def recovered_by_watchdog(c):
    """The interrupt of Linux's watchdog: recovery, and m0 does not notice."""
    c.bring()
    c.must(M33, "start", "running", RUNNING)
    c.must(M0, "start", "running", RUNNING)
    c.mark()
    c.command(f"crash {M33:x}")
    c.command(f"wdog {M33:x}")
    text = c.said(r"remoteproc remoteproc\d+: crash detected in m33: type watchdog$")
    c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
    c.is_state(M33, "running", RUNNING)
    c.is_state(M0, "running", RUNNING)
    if c.calls(LOAD) != 3:
        raise NotSeen(f"{c.calls(LOAD)} times LOAD; 3 expected", "the driver")
    return text


def recovered_by_event(c):
    """What only the TEE can see comes through its service; one crash is one recovery, also when both tell."""
    c.bring()
    c.must(M33, "start", "running", RUNNING)
    for kind, name in ((1, "fatal error"), (2, "watchdog")):
        c.mark()
        c.command(f"event {M33:x} {kind:x}")
        c.said(rf"remoteproc remoteproc\d+: crash detected in m33: type {name}$")
        c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
        c.is_state(M33, "running", RUNNING)
    c.mark()
    c.command(f"both {M33:x}")
    c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
    time.sleep(3)
    crashes = c.kernel_count(r"remoteproc remoteproc\d+: crash detected in m33")
    if crashes != 1:
        raise NotSeen(f"{crashes} crashes; 1 expected", "linux/rproc_tee/events.c")
    c.is_state(M33, "running", RUNNING)
    return "fatal error, watchdog, and both at once: one recovery each"


def no_events(c):
    """A TEE without that service: the driver works, and says what it has not."""
    c.bring("events=0")
    c.said(r"rproc_tee.processor \S+: the TEE reports no events$")
    c.must(M33, "start", "running", RUNNING)
    c.must(M33, "stop", "offline", OFF)
    return "it runs without"


def coredump(c, allowed):
    """Only shared memory is in the dump, unless the TEE gives the rest."""
    c.bring("dump=1" if allowed else "dump=0")
    path = c.remoteproc(M33)
    c.guest.write(f"{path}/coredump", "enabled")
    c.must(M33, "start", "running", RUNNING)
    c.mark()
    c.command(f"event {M33:x} 1")
    if not allowed:
        c.said(r"rproc_tee.processor \S+: the TEE gives no dump of the processor's own memory.*$")
    c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
    find = "ls -d /sys/class/devcoredump/devcd*"
    _, lines = c.guest.run(f"{find} && wc -c $({find})/data | cut -d' ' -f1", 60)
    size = int(lines[-1])
    tee = constants.tee_platform()
    wanted = tee["VIRT_TEE_IPC_SIZE"] + (tee["VIRT_TEE_M33_MEM_SIZE"] if allowed else 0)
    segments = 2 if allowed else 1
    c.guest.run(f"echo 1 >$({find})/data")
    if size != wanted + 64 + 56 * segments:
        raise NotSeen(f"the dump has {size} bytes, {wanted} of memory were expected", "linux/rproc_tee/dump.c")
    return f"{size} bytes, {segments} segments"


def attached(c):
    """A processor that runs already is attached to, detached, attached again."""
    c.bring(f"state={INHERITED},0")
    c.is_state(M33, "attached", RUNNING)
    c.must(M33, "detach", "detached", INHERITED)
    c.must(M33, "start", "attached", RUNNING)
    if c.calls(LOAD) or c.calls(STOP):
        raise NotSeen("it was loaded or stopped", "the driver")
    c.unload("rproc_tee")
    if c.counts()["state0"] != INHERITED:
        raise NotSeen("unloading the driver did not leave it running", "the driver")
    c.nothing_open()
    c.load("rproc_tee")
    c.is_state(M33, "attached", RUNNING)
    c.must(M33, "stop", "offline", OFF)
    c.must(M33, "start", "running", RUNNING)
    return "attached, detached, attached, driver unloaded and loaded, attached, stopped, started"


def attached_crashes(c):
    """Recovery of one that Linux did not start."""
    c.bring(f"state={INHERITED},0")
    c.is_state(M33, "attached", RUNNING)
    c.mark()
    c.command(f"event {M33:x} 1")
    c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
    c.is_state(M33, "running", RUNNING)
    return "recovered with the image of the device tree"


def attach_refused(c):
    """The TEE refuses; what runs goes on, and the next try works."""
    c.away()
    c.load("pilot_fake_tee", f"state={INHERITED},0")
    c.command(f"fail {ATTACH:x} {ACCESS_DENIED:x} 1")
    c.mark()
    c.load("pil_mailbox")
    c.load("rproc_tee")
    c.said(r"rproc_tee.processor \S+: ATTACH failed: -13 .*$")
    c.is_state(M33, "detached", INHERITED)
    c.must(M33, "start", "attached", RUNNING)
    return "refused once, then attached"


def leftovers(c):
    """Loaded or crashed and nobody's: cleared before anything else."""
    c.bring(f"state={CRASHED},{LOADED}")
    text = c.said(r"rproc_tee.processor \S+: m33 was left crashed: cleared$")
    c.is_state(M33, "offline", OFF)
    c.is_state(M0, "offline", OFF)
    return text


def unloaded_while_running(c):
    """What Linux started is stopped, with every start that was counted."""
    c.bring()
    for _ in range(3):
        c.told(M33, "start")
    c.must(M0, "start", "running", RUNNING)
    c.unload("rproc_tee")
    found = c.counts()
    if found["state0"] != OFF or found["state1"] != OFF:
        raise NotSeen(f"states {found['state0']}, {found['state1']} after unloading", "the driver")
    c.nothing_open()
    return "both are off"


def tee_goes_away(c):
    """The service's device is removed while processors run: they are stopped before it is gone."""
    c.bring()
    c.must(M33, "start", "running", RUNNING)
    c.mark()
    c.unload("pilot_fake_tee")
    c.said(r"remoteproc remoteproc\d+: stopped remote processor m33$")
    c.absent(M33)
    c.load("pilot_fake_tee")
    c.must(M33, "start", "running", RUNNING)
    return "and they are back with it"


def many_times(c):
    """Twenty times loaded and unloaded, with a life in between: no session, no shared memory is left."""
    c.bring()
    for _ in range(20):
        c.must(M33, "start", "running", RUNNING)
        c.unload("rproc_tee")
        c.nothing_open()
        c.load("rproc_tee")
    opened = c.counts()
    if opened["sessions"] != 4 or opened["memory"]:
        raise NotSeen(f"{opened} after 20 times", "the driver")
    return f"{opened['sessions']} sessions are open with the driver loaded, none without"


def suspend(c):
    """Devices are suspended and resumed around a running processor; a crash in between is seen after it."""
    c.bring()
    c.must(M33, "start", "running", RUNNING)
    status, _ = c.guest.run("echo devices >/sys/power/pm_test && echo freeze >/sys/power/state", 60)
    if status:
        raise NotSeen("the system did not suspend", "build/fake-tee/*/linux.log")
    c.is_state(M33, "running", RUNNING)
    c.mark()
    c.command(f"crash {M33:x}")
    c.guest.run("echo freeze >/sys/power/state", 60)
    c.said(r"remoteproc remoteproc\d+: crash detected in m33: type fatal error$")
    c.said(r"remoteproc remoteproc\d+: remote processor m33 is now up$", 60)
    return "runs on; the crash was found at resume"


def service_absent(c):
    """There is a TEE, and no such service in it."""
    c.away()
    c.mark()
    c.load("rproc_tee", "patience_ms=500")
    text = c.said(r"rproc_tee: /firmware/optee/rproc-service@0: there is no OP-TEE, or its driver is not loaded yet$")
    c.load("pilot_fake_tee", "service=0")
    never = c.said(r"rproc_tee: /firmware/optee/rproc-service@0: OP-TEE offers no such service: its processors are out of reach$")
    _, lines = c.guest.run("cat /sys/kernel/debug/devices_deferred")
    if any("rproc" in line or "optee-ta" in line for line in lines):
        raise NotSeen(f"something waits for ever: {lines}", "the driver")
    c.unload("pilot_fake_tee")
    c.load("pilot_fake_tee")
    c.load("pil_mailbox")
    c.remoteproc(M33)
    return f"{text}; {never}; then it came"


def processor_absent(c):
    """The tree has a processor that the service has not."""
    c.bring("processors=1")
    c.remoteproc(M33)
    text = c.said(r"rproc_tee \S+: /firmware/optee/rproc-service@0/m0: the service has no such processor$")
    c.absent(M0)
    return text


def ownership_differs(c):
    """Service and tree do not agree: the driver keeps off."""
    c.bring("ownership=1,2")
    c.remoteproc(M33)
    c.absent(M0)
    return c.said(r"rproc_tee \S+: m0: managed by \"kernel\" as the service has it, by \"tee\" as \S+ has it: left alone$")


def mailbox_late(c):
    """The processors wait for their mailboxes, and are there when these are."""
    c.away()
    c.load("pilot_fake_tee")
    c.load("rproc_tee")
    c.absent(M33)
    c.load("pil_mailbox")
    c.remoteproc(M33)
    c.remoteproc(M0)
    return "both came after it"


def upstream_service(c):
    """Commands 1 to 6 only: processors from the tree need ids there; these have none."""
    c.bring("upstream=1")
    c.said(r"rproc_tee \S+: the service cannot be asked for its processors: they are taken from \S+$")
    text = c.said(r"rproc_tee \S+: \S+/m33 has no reg, and the service cannot be asked for its id$")
    c.absent(M33)
    return text


def kernel_managed(c):
    """m0 is Linux's: a plain ELF is copied to memory that the TEE grants, and runs at its entry."""
    c.bring("ownership=1,2")
    c.guest.read(f"{PROCESSOR}.1/ownership", "kernel")
    c.guest.write(f"{c.remoteproc(M0)}/firmware", "plain.elf")
    c.mark()
    c.must(M0, "start", "running", RUNNING)
    text = c.said(rf"pilot_fake_tee: processor 1 runs {ENTRY_WORD:#x}$")
    c.must(M0, "stop", "offline", OFF)
    if c.calls(GRANT) != 1 or c.calls(RUN) != 1 or c.calls(LOAD):
        raise NotSeen("not one GRANT, one RUN and no LOAD", "linux/rproc_tee/kernel_ops.c")
    return text


def kernel_managed_recovery(c):
    """After a crash it is granted and loaded again."""
    c.must(M0, "start", "running", RUNNING)
    c.mark()
    c.command(f"event {M0:x} 1")
    c.said(r"remoteproc remoteproc\d+: remote processor m0 is now up$", 60)
    c.is_state(M0, "running", RUNNING)
    text = c.said(rf"pilot_fake_tee: processor 1 runs {ENTRY_WORD:#x}$")
    c.must(M0, "stop", "offline", OFF)
    return text


def kernel_managed_refusals(c):
    """A container is no ELF; an ELF for memory that was not granted is not loaded; a failing GRANT or RUN is survived."""
    for image in (IMAGES[M0], "high.elf"):
        c.guest.write(f"{c.remoteproc(M0)}/firmware", image)
        if not c.told(M0, "start"):
            raise NotSeen(f"{image} was started", "the driver")
        c.is_state(M0, "offline", OFF)
    c.guest.write(f"{c.remoteproc(M0)}/firmware", "plain.elf")
    for func in (GRANT, RUN):
        c.command(f"fail {func:x} {ACCESS_DENIED:x} 1")
        if not c.told(M0, "start"):
            raise NotSeen(f"it was started without command {func:#x}", "the driver")
        c.is_state(M0, "offline", OFF)
    c.must(M0, "start", "running", RUNNING)
    return "four refusals, then it runs"


def not_linuxs(c):
    """m33 is disabled, m0 the secure world's: both are shown, neither is a remoteproc."""
    c.bring("ownership=0,3")
    c.guest.read(f"{PROCESSOR}.0/ownership", "disabled")
    c.guest.read(f"{PROCESSOR}.1/ownership", "secure-only")
    c.absent(M33)
    c.absent(M0)
    if c.counts()["sessions"]:
        raise NotSeen("a session was opened", "the driver")
    return "disabled, secure-only"


def elsewhere(c):
    """Processors that point to the service: found by their ids, with all that their nodes have."""
    c.bring()
    text = life(c)
    _, lines = c.guest.run(f"readlink -f {PROCESSOR}.0/of_node")
    if not lines or not lines[0].endswith("/remote-processors/m33"):
        raise NotSeen(f"m33 has the node {lines}", "linux/rproc_tee/node.c")
    return text


def upstream_works(c):
    """Commands 1 to 6 suffice when the tree has the ids, and the memory."""
    c.bring("upstream=1")
    c.must(M33, "start", "running", RUNNING)
    c.must(M0, "start", "running", RUNNING)
    c.must(M33, "stop", "offline", OFF)
    c.must(M0, "stop", "offline", OFF)
    return "both processors, two sessions"


def upstream_busy(c):
    """A service with one session only: the second processor says so, the first works."""
    c.bring("upstream=1 single=1")
    text = c.said(r"rproc_tee.processor \S+: the service serves one session at a time, and another processor has it$")
    c.must(M33, "start", "running", RUNNING)
    c.absent(M0)
    return text


def elsewhere_absent(c):
    """A node for a processor that the service has not."""
    c.bring("processors=1")
    c.remoteproc(M33)
    return c.said(r"rproc_tee \S+: /remote-processors/m0: the service has no processor 1$")


# device tree, and what is tried with it
MACHINES = (
    ((), (
        ("service_and_processors_are_discovered_late", discovered),
        ("processor_lives_and_shuts_down", life),
        ("silent_processor_is_stopped_by_force", forced),
        ("two_processors_do_not_disturb_each_other", both),
        ("image_of_another_processor_is_refused", wrong_image),
        ("plain_elf_is_refused_by_the_tee", plain_image),
        ("every_failing_command_is_survived", every_failure),
        ("dead_service_is_opened_anew", dead_service),
        ("slow_answers_are_waited_for", slow),
        ("watchdog_of_linux_leads_to_recovery", recovered_by_watchdog),
        ("event_of_the_tee_leads_to_one_recovery", recovered_by_event),
        ("tee_without_events_is_enough", no_events),
        ("coredump_has_no_locked_memory", lambda c: coredump(c, False)),
        ("coredump_has_what_the_tee_gives", lambda c: coredump(c, True)),
        ("running_processor_is_attached_and_detached", attached),
        ("attached_processor_is_recovered", attached_crashes),
        ("refused_attach_leaves_it_running", attach_refused),
        ("leftovers_are_cleared", leftovers),
        ("unloading_stops_what_runs", unloaded_while_running),
        ("tee_that_goes_away_takes_its_processors_along", tee_goes_away),
        ("sessions_do_not_leak", many_times),
        ("suspend_with_a_running_processor", suspend),
        ("absent_service_is_reported", service_absent),
        ("absent_processor_is_reported", processor_absent),
        ("ownership_that_differs_is_reported", ownership_differs),
        ("late_mailbox_is_waited_for", mailbox_late),
        ("service_without_ids_is_reported", upstream_service),
    )),
    (("M0_KERNEL",), (
        ("kernel_managed_processor_runs_a_plain_elf", kernel_managed),
        ("kernel_managed_processor_is_recovered", kernel_managed_recovery),
        ("kernel_managed_processor_refusals", kernel_managed_refusals),
    )),
    (("M33_DISABLED", "M0_SECURE_ONLY"), (
        ("processors_that_are_not_linuxs_are_left_alone", not_linuxs),
    )),
    (("RPROC_TEE_ELSEWHERE",), (
        ("processors_elsewhere_in_the_tree", elsewhere),
        ("processor_elsewhere_that_is_absent", elsewhere_absent),
    )),
    (("RPROC_TEE_UPSTREAM",), (
        ("service_that_cannot_be_asked_works", upstream_works),
        ("service_with_one_session_is_reported", upstream_busy),
    )),
    (("RPROC_TEE_UPSTREAM", "RPROC_TEE_ELSEWHERE"), (
        ("service_that_cannot_be_asked_works_elsewhere", upstream_works),
    )),
)


def _judged(function, c):
    """One test; the kernel must not complain during it."""
    start = c.qemu.linux.position()
    text = function(c)
    c.healthy(start)
    return text


def _power_off(c):
    c.away()
    c.guest.type("poweroff -f")
    if c.qemu.wait(c.by(60)) != 0:
        raise NotSeen("the machine did not power off", "build/fake-tee/*/linux.log")
    return "nothing is left open"


def in_machine(tap, options, variant, tests):
    """The tests of one device tree."""
    name = "_".join(variant).lower() or "children"
    qemu, c = machine_of(options, variant)
    with qemu:
        if not tap.test(f"fake_tee_{name}_comes_up", comes_up, c):
            return
        for test, function in tests:
            tap.test(test, _judged, function, c)
        tap.test(f"fake_tee_{name}_powers_off", _power_off, c)


def main():
    """Entry point."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    only, tap = set(sys.argv[1:]), Tap()
    try:
        os.environ["ARRANGEMENT"] = TEE
        options = machine_options.from_environment(constants.platform()["VIRT_RAM_MIN"])
        print(f"# {options.text()}", flush=True)
        for variant, tests in MACHINES:
            chosen = [test for test in tests if not only or test[0] in only]
            if chosen:
                in_machine(tap, options, variant, chosen)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

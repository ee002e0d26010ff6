# SPDX-License-Identifier: BSD-2-Clause
"""The steps of the demonstration in arrangement tee. Each returns one sentence on what was observed, or raises NotSeen.

What they believe is said in context.py. Two of them start a machine of their own beside the first.
"""

import contextlib
import os
import re

import containers
import tee_machine
from context import STAMP, NotSeen
from qemu import Qemu
from tee_context import M0, M33, TeeContext, context, of_machine	# noqa: F401: context is main.py's

UUID = "80a4c275-0a47-4905-8285-1486a9771a08"
PAS_UUID = "cff7d191-7ca0-4784-af13-48223b9a4fbe"
NODE = "/firmware/optee/rproc-service@0"
LOGIN_PUBLIC, LOGIN_KERNEL = 0, 0x80000000
EPERM, ACCESS_DENIED = -1, 0xffff0001
EACH_SIZE = 2			# messages of each of 497 sizes


def op_tee(c):
    """TF-A and OP-TEE are Debian's, Linux runs on them, and its driver has found what OP-TEE offers."""
    bl31 = c.qemu.linux.wait(r"^NOTICE:  BL31: (v\S+\(release\):.*)$", c.by(40))
    if not bl31:
        raise NotSeen("TF-A does not say that its BL31 runs", "build/run/linux.log: BL1, BL2")
    version = c.secure(r"OP-TEE version: (\S+) .*", 40, "OP-TEE starts").group(1)
    linux = c.linux(2)
    c.kernel(STAMP + r"optee: revision (\d+\.\d+)", 60, "it has found OP-TEE")
    c.kernel(STAMP + r"optee: initialized driver", 60, "its OP-TEE driver works")
    found = c.services()
    if not found:
        raise NotSeen("nothing is on the TEE bus", "build/run/linux.log: optee")
    return f"TF-A {bl31.group(1)}, OP-TEE {version}; {linux}; {len(found)} service{'' if len(found) == 1 else 's'} on the TEE bus"


def _drivers(c):
    """Load what stands between Linux's frameworks and the service."""
    c.load(*tee_machine.RPMSG, "pil_mailbox", "rproc_tee")


def service_discovered(c):
    """The driver is probed on the TEE bus, and the service says which processors there are."""
    missing = {UUID, PAS_UUID} - c.services()
    if missing:
        raise NotSeen(f"not on the TEE bus: {', '.join(sorted(missing))}", "build/run/secure.log")
    c.mark()
    _drivers(c)
    device = rf"rproc_tee optee-ta-{UUID}"
    for number, name in enumerate((M33, M0)):
        c.kernel(STAMP + rf"{device}: processor {number}: {name}, managed by: tee$", 20, f"the service has {name}")
        c.kernel(STAMP + rf"remoteproc remoteproc\d+: {name} is available$", 20, f"{name} is there")
        c.is_state(name, "offline")
    _, lines = c.guest.run(f"readlink /sys/bus/tee/devices/optee-ta-{UUID}/driver")
    if not lines or os.path.basename(lines[0]) != "rproc_tee":
        raise NotSeen(f"the driver of the service on the TEE bus is {lines}", "build/run/linux.log")
    return "rproc_tee was probed on the TEE bus; the service says that there are m33 and m0, and that the TEE manages them"


def _authenticated(c, name, seconds=30):
    """The secure log has the acceptance of a container."""
    found = c.secure(rf"{name}: LOAD_FW (?:refused: (.*)|accepted: (\d+) segments, key (\w+), version (\d+)(?:, resource table at .*)?, "
                     r"(\d+) bytes, (\d+) us)", seconds, f"it judged the image of {name}")
    if found.group(1):
        raise NotSeen(f"the image of {name} was refused: {found.group(1)}", "docs/TROUBLESHOOTING.md: the word before the colon")
    segments, key, version, count, micros = found.groups()[1:]
    if int(segments) < 1 or int(count) < 1:
        raise NotSeen(f"nothing was checked: {found.group(0)}", "build/run/secure.log")
    return f"{segments} segments, {count} bytes, signed with the key {key}, version {version}: good, in {int(micros) / 1000:.0f} ms"


def m33_authenticated(c):
    """A container that is signed, for this processor, goes through the service into secure memory."""
    c.mark()
    c.told(M33, "start")
    return _authenticated(c, M33)


def m33_running(c):
    """Linux's word, the secure world's, and the heartbeat."""
    where = c.secure(r"shim: core 0: starts at \S+, (\w+), in memory at (\S+)", 20, "the core starts")
    if where.group(1) != "Secure":
        raise NotSeen(f"m33 is {where.group(1)}", "build/run/secure.log")
    return f"m33 is up, in the Secure state, in memory at {where.group(2)}; {c.up(M33)}"


def _echo(c):
    """Every size of message, to the core and back, through Linux's own RPMsg; returns a sentence."""
    c.kernel(STAMP + r"virtio_rpmsg_bus virtio\d+: creating channel rpmsg-raw addr 0x[0-9a-f]+$", 30, "m33 announced its service")
    _, devices = c.guest.run("for i in 1 2 3 4 5 6 7 8 9 10; do ls /dev/rpmsg[0-9]* 2>/dev/null && break; sleep 0.5; done")
    if len(devices) != 1:
        raise NotSeen(f"the devices of RPMsg endpoints are {devices}; one expected", "build/run/linux.log: rpmsg")
    result = c.guest.run_once(f"rpmsg echo {devices[0]} {EACH_SIZE}", 150)
    if not result or result[0] or "rpmsg: every message of every size came back as it was" not in result[1]:
        raise NotSeen(f"the exchange ended with {result}", "build/run/secure.log: core 0")
    return f"{497 * EACH_SIZE} messages of 0 to 496 bytes went to m33 and came back as they were"


def rpmsg_echo(c):
    """The program announces an endpoint, and Linux's own drivers reach it."""
    return f"{_echo(c)}, through the kernel's virtio_rpmsg_bus and rpmsg_char"


def m0_running(c):
    """The second processor, another session of the same service."""
    c.mark()
    c.told(M0, "start")
    told = _authenticated(c, M0)
    c.secure(r"shim: core 1: starts at \S+, Secure, in memory at .*", 20, "the core starts")
    return f"m0 is up on another core: {told}; {c.up(M0)}"


def both_at_once(c):
    """Neither is in the other's way."""
    for name in (M33, M0):
        c.is_state(name, "running")
    return f"{c.beats(M33)}, {c.beats(M0)}, {c.beats(M33)}"


def _undisturbed(c, count):
    """m0 has beaten on since @count, and nobody spoke of it since the last mark."""
    for line, start, pattern in ((c.qemu.linux, c.linux_from, STAMP + r".*remoteproc1: .*$"),
                                 (c.qemu.secure, c.secure_from, r"^.*(?:m0: |shim: core 1: ).*$")):
        found = line.find(pattern, start)
        if found:
            raise NotSeen(f"m0 did not stay as it was: {found.group(0)}", "both logs")
    c.beats(M0)
    now = c.heart(M0).count()
    if now is None or now <= count:
        raise NotSeen(f"the count of m0 was {count} before m33 crashed and is {now} now", "build/run/secure.log")
    return f"m0 counted on from {count} to {now}"


def m33_crash_recovered(c):
    """The program reports a fatal error; Linux's own recovery has it authenticated and started again."""
    before = c.heart(M0).count()
    linux, secure = c.qemu.linux.position(), c.qemu.secure.position()
    c.linux_from, c.secure_from = linux, secure
    c.request(M33, "PIL_CTRL_FATAL")
    crash = c.kernel(STAMP + r"remoteproc remoteproc\d+: crash detected in m33: type (.*)$", 20, "m33 crashed")
    c.secure(r"shim: core 0: fatal error: .*", 10, "the program reported a fatal error")
    c.linux_from = linux + crash.end() - crash.start()
    _authenticated(c, M33)
    told = c.up(M33)
    again = _echo(c)
    c.linux_from, c.secure_from = linux, secure
    return f"reported as a {crash.group(1)}; authenticated and started again; {told}; {again}; {_undisturbed(c, before)}"


@contextlib.contextmanager
def _another_machine(c, name, **how):
    """A machine beside the first, with its own files. @how as tee_machine.prepare() has it, and @boots: a program of the first core."""
    directory = os.path.join(c.notes["directory"], name)
    files = tee_machine.prepare(c.options, directory, **how)
    with Qemu(tee_machine.command_line(c.options, files), os.path.join(directory, "linux.log"),
              os.path.join(directory, "secure.log")) as qemu:
        other = of_machine(c.options, qemu, c.deadline)
        op_tee(other)
        other.mark()
        yield other
        power_off(other)


def m33_attached(c):
    """A machine where earlier firmware has started m33: Linux takes part in what runs, leaves it, and comes back."""
    with _another_machine(c, "attached", boots="m33.elf", **tee_machine.for_demonstration()) as other:
        first = other.beats(M33)
        before = other.heart(M33).count()
        _drivers(other)
        other.is_state(M33, "attached")
        for value, wanted in (("detach", "detached"), ("start", "attached")):
            other.mark()
            other.told(M33, value)
            other.is_state(M33, wanted)
            other.beats(M33)
        now = other.heart(M33).count()
        starts = re.findall(r"shim: core 0: starts at", other.qemu.secure.since(0))
        if before is None or now is None or now <= before or len(starts) > 1:
            raise NotSeen(f"the count of m33 was {before} and is {now}; it was started {len(starts)} times",
                          "build/run/attached/secure.log")
    return (f"in a machine where m33 ran before Linux did ({first}), the driver attached to it, detached and attached again, and it went "
            f"on to {now}")


def _stopped(c):
    """m33 ends gracefully."""
    c.mark()
    c.told(M33, "stop")
    c.kernel(STAMP + r"remoteproc remoteproc\d+: stopped remote processor m33$", 30, "m33 is stopped")
    if c.qemu.linux.find(r"stopped by force", c.linux_from):
        raise NotSeen("the program did not answer the request to stop", "build/run/linux.log")
    c.is_state(M33, "offline")


def _refused(c, image, reason, words):
    """@image is refused for @reason when Linux is told to start it, and nothing of it runs."""
    if c.guest.state(c.remoteproc(M33)) == "running":
        _stopped(c)
    c.firmware(M33, image)
    c.mark()
    c.told(M33, "start")
    line = c.secure(r"m33: LOAD_FW refused: (\w+): .*", 20, f"it refused {image}")
    if line.group(1) != reason:
        raise NotSeen(f"{image} was refused, but for {line.group(1)}, not {reason}", "build/run/secure.log")
    c.kernel(STAMP + r"remoteproc remoteproc\d+: Boot failed: -\d+$", 20, f"{image} did not start")
    c.is_state(M33, "offline")
    c.still(M33)
    return f"{words}: refused and offline ({line.group(0).split('refused: ', 1)[1]}); {c.beats(M0)}"


def image_for_other_processor_refused(c):
    """Signed with the right key, for m0."""
    return _refused(c, containers.OTHER_PROCESSOR, "CONTAINER_PROCESSOR", "signed for m0, given to m33")


def dropped_segment_refused(c):
    """One program header was turned off behind the signature."""
    return _refused(c, containers.DROPPED_SEGMENT, "CONTAINER_PHDR", "a segment taken out")


def moved_resource_table_refused(c):
    """The section with the resource table was moved behind the signature."""
    return _refused(c, containers.MOVED_TABLE, "CONTAINER_ELF_DIGEST", "the resource table moved")


def _user_space(c, uuid, login):
    """What a program gets that asks for a session: (what the system call returned, the TEE's result)."""
    status, lines = c.guest.run(f"user-tee {uuid} {login:x} 0")
    found = re.fullmatch(r"call ([0-9a-f]{16}) result ([0-9a-f]{16})", lines[0]) if status == 0 and len(lines) == 1 else None
    if not found:
        raise NotSeen(f"user-tee ended with {status}: {lines}", "build/run/linux.log")
    returned = int(found.group(1), 16)
    return returned - (returned >> 63 << 64), int(found.group(2), 16)


def user_space_refused(c):
    """Root's programs may open /dev/tee0, and no session of Pilot's services."""
    for uuid in (UUID, PAS_UUID):
        returned, result = _user_space(c, uuid, LOGIN_PUBLIC)
        if (returned, result) != (0, ACCESS_DENIED):
            raise NotSeen(f"user space asked for a session of {uuid} and got {returned}, {result:#x}", "build/run/secure.log")
        returned, _ = _user_space(c, uuid, LOGIN_KERNEL)
        if returned != EPERM:
            raise NotSeen(f"user space posed as the kernel and got {returned}", "build/run/linux.log")
    return "a program of root's asked for sessions of both services: ACCESS_DENIED from each; posing as the kernel: EPERM from Linux"


def rollback_refused(c):
    """Genuine, but older than one that was ready once."""
    c.firmware(M33, containers.M33)
    c.mark()
    c.told(M33, "start")
    _authenticated(c, M33)
    c.up(M33)
    _stopped(c)
    told = _refused(c, containers.OLDER, "ROLLBACK", "an older version, signed with the right key")
    c.firmware(M33, containers.M33)
    c.mark()
    c.told(M33, "start")
    return f"{told}; the genuine one starts after all that: {c.up(M33)}"


def service_absent_reported(c):
    """A machine whose OP-TEE has nothing of Pilot: the driver says so, and nothing waits for it for ever."""
    with _another_machine(c, "absent", fip=tee_machine.OPTEE_FIP, **tee_machine.for_demonstration()) as other:
        result = other.guest.run_once("insmod /modules/rproc_tee.ko patience_ms=1000", 60)
        if not result or result[0]:
            raise NotSeen(f"Linux does not load rproc_tee: {result}", "build/run/absent/linux.log")
        said = other.kernel(STAMP + rf"rproc_tee: {NODE}: (OP-TEE offers no such service: its processors are out of reach)$", 30,
                            "the service is absent")
        _, waiting = other.guest.run("cat /sys/kernel/debug/devices_deferred")
        if any("rproc" in line for line in waiting):
            raise NotSeen(f"something waits for ever: {waiting}", "build/run/absent/linux.log")
        status, _ = other.guest.run("rmmod rproc_tee")
        if status:
            raise NotSeen("rproc_tee cannot be unloaded", "build/run/absent/linux.log")
    return f"in a machine with OP-TEE alone Linux says: {said.group(1)}; no device is left waiting"


def power_off(c):
    """Linux asks TF-A to switch the machine off."""
    c.no_panic()
    c.mark()
    c.guest.type("poweroff -f")
    status = c.qemu.wait(c.by(40))
    if status != 0:
        told = "still runs" if status is None else f"ended with status {status}"
        raise NotSeen(f"QEMU {told}", "build/run/linux.log: reboot")
    return "Linux asked TF-A to power the machine off; QEMU's exit status is 0; nothing in the secure world had panicked"


STEPS = (
    ("op-tee", op_tee),
    ("service-discovered", service_discovered),
    ("m33-authenticated", m33_authenticated),
    ("m33-running", m33_running),
    ("rpmsg-echo", rpmsg_echo),
    ("m0-running", m0_running),
    ("both-at-once", both_at_once),
    ("m33-crash-recovered", m33_crash_recovered),
    ("m33-attached", m33_attached),
    ("image-for-other-processor-refused", image_for_other_processor_refused),
    ("dropped-segment-refused", dropped_segment_refused),
    ("moved-resource-table-refused", moved_resource_table_refused),
    ("user-space-refused", user_space_refused),
    ("rollback-refused", rollback_refused),
    ("service-absent-reported", service_absent_reported),
    ("power-off", power_off),
)

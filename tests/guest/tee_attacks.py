#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A hostile kernel, and a hostile program, against Pilot's TAs in a real OP-TEE. Prints TAP.

Letters M1 to M7 and R1 to R5 are the weaknesses of OP-TEE's own remoteproc TA (docs/THREATS.md). Believed are the TEE's results, heartbeats
that only the cores' own programs can produce, and that OP-TEE answers at the end and has never panicked.
"""

import os
import sys

import tee_guest			# first: it says where the others are
from context import NotSeen
from tap import Tap
from tee_call import ACCESS_DENIED, BAD_STATE, BUSY, NONE, OUT, SUCCESS, data, file, room, value, wide
from tee_scmi import Scmi

import containers
import modules
import tee_images
from paths import IMAGES, Trouble

M33, M0 = 0, 1
LOAD, START, STOP, TABLE, DUMP, RELEASE = range(1, 7)
PROCESSORS, STATE, REGIONS, ATTACH, DETACH, GRANT, RUN = range(0x100, 0x107)
SUPPORTED, CAPABILITIES, INIT, SETUP, RESOURCES, AUTH, REMOTE_STATE, SHUTDOWN = range(1, 9)
BAD_FORMAT, NOT_FOUND, NOT_SUPPORTED, SHORT_BUFFER = 0xFFFF0005, 0xFFFF0008, 0xFFFF000A, 0xFFFF0010
SECURITY, SIGNATURE = 0xFFFF000F, 0xFFFF3072
OFF, LOADED, RUNNING, CRASHED, INHERITED = range(5)
FIRMWARE = "/lib/firmware/"
EVENTS_UUID = "5c1f0c5e-96f1-4d5b-9d0b-31f4a1c6a7de"
PTA_UUID = "2f1cb9ce-6b34-4d0e-8d7f-6a0d6e0f3a51"
METADATA = "m0.meta"


def want(reply, *expected):
    """The command's result must be one of these."""
    if reply.error or reply.result not in expected:
        raise NotSeen(f"{reply.error}, {reply.result:#x}; {' or '.join(f'{one:#x}' for one in expected)} expected", "secure.log")
    return reply


class Session:
    """A session with the remoteproc service."""

    def __init__(self, m, core):
        self._call, self.core = m.call, core
        self.number, result = m.call.open(tee_guest.REMOTEPROC_UUID, value(core))
        if result:
            raise NotSeen(f"no session for processor {core}: {result:#x}", "secure.log")

    def do(self, command, *params, core=None):
        """One command."""
        return self._call.invoke(self.number, command, value(self.core if core is None else core), *params)

    def load(self, name):
        """LOAD_FW of a file of the guest's."""
        return self.do(LOAD, file(FIRMWARE + name))

    def state(self):
        """STATE."""
        return want(self.do(STATE, OUT), SUCCESS).values[-1][0]

    def rest(self):
        """Nothing runs and nothing is loaded."""
        self.do(ATTACH)
        self.do(STOP)
        want(self.do(RELEASE), SUCCESS)

    def close(self):
        """End it."""
        self._call.close(self.number)


def m1_r4_both_processors_run_at_once(m):
    """Sessions for both, and both run."""
    one, two = Session(m, M33), Session(m, M0)
    for session, name in ((one, containers.M33), (two, containers.M0)):
        m.scmi.all_on(session.core)
        want(session.load(name), SUCCESS)
        want(session.do(START), SUCCESS)
    seen = f"{m.beats(M33)}; {m.beats(M0)}"
    want(one.do(STOP), SUCCESS)
    m.still(M33)
    m.beats(M0)
    for session in (one, two):
        session.rest()
        session.close()
    return seen


def refused(m, name, *results):
    """A container is refused, nothing runs, and the genuine one still does."""
    session = Session(m, M33)
    reply = want(session.load(name), *results)
    want(session.do(START), BAD_STATE)
    if session.state() != OFF:
        raise NotSeen(f"its state is {session.state()}", "secure.log")
    m.still(M33)
    want(session.load(containers.M33), SUCCESS)
    session.rest()
    session.close()
    return f"{reply.result:#x}"


def m5_a_session_cannot_command_another_processor(m):
    """Every command with the other one's number."""
    session = Session(m, M33)
    for command in (START, STOP, RELEASE, ATTACH, DETACH, GRANT):
        want(session.do(command, core=M0), ACCESS_DENIED)
    want(session.do(LOAD, file(FIRMWARE + containers.M0), core=M0), ACCESS_DENIED)
    want(session.do(STATE, OUT, core=M0), ACCESS_DENIED)
    session.close()
    return "eight commands denied"


def m6_no_session_for_a_processor_that_is_not_there(m):
    """While another session is open."""
    session = Session(m, M33)
    for core in (2, 7, 0xffffffff):
        _, result = m.call.open(tee_guest.REMOTEPROC_UUID, value(core))
        if result != NOT_FOUND:
            raise NotSeen(f"processor {core}: {result:#x}", "secure.log")
    session.close()
    return "2, 7 and 0xffffffff are not there"


def m7_user_space_is_not_served(m):
    """The login that any program gets; the PTA does not even know the kernel."""
    for uuid, params in ((tee_guest.REMOTEPROC_UUID, [value(M33)]), (tee_guest.REMOTEPROC_UUID, []), (tee_guest.PAS_UUID, []),
                         (EVENTS_UUID, [])):
        _, result = m.call.open(uuid, *params, login="public")
        if result != ACCESS_DENIED:
            raise NotSeen(f"{uuid}: {result:#x}", "secure.log")
    for login in ("public", "kernel"):
        _, result = m.call.open(PTA_UUID, login=login)
        if result == SUCCESS:
            raise NotSeen(f"the PTA opens for {login}", "secure.log")
    return "three TAs and the PTA refuse"


def a_second_session_waits_and_may_take_over(m):
    """As a host that follows one that died."""
    dead, new = Session(m, M0), Session(m, M0)
    m.scmi.all_on(M0)
    want(dead.load(containers.M0), SUCCESS)
    want(dead.do(START), SUCCESS)
    want(new.do(STOP), BUSY)
    want(new.load(containers.M0), BUSY)
    states = (dead.state(), new.state())
    if states != (RUNNING, INHERITED):
        raise NotSeen(f"their states are {states}", "secure.log")
    want(new.do(ATTACH), SUCCESS)
    want(dead.do(STOP), BUSY)
    dead.close()
    seen = m.beats(M0)
    want(new.do(STOP), SUCCESS)
    want(new.do(RELEASE), SUCCESS)
    m.still(M0)
    new.close()
    return seen


def tee_managed_processors_run_nothing_unsigned(m):
    """GRANT and RUN are for others; a plain ELF file is no container."""
    session = Session(m, M33)
    want(session.do(GRANT), NOT_SUPPORTED)
    want(session.do(RUN, wide(0x10000000)), NOT_SUPPORTED)
    want(session.load(containers.PLAIN[0]), BAD_FORMAT)
    want(session.do(DUMP, room(16)), BAD_STATE)
    session.close()
    return "GRANT and RUN are not supported, m33.elf is no container"


def parameters_of_any_form_do_no_harm(m):
    """Each command of both doors with types, sizes and memory that are wrong."""
    session = Session(m, M33)
    pas, _ = m.call.open(tee_guest.PAS_UUID)
    forms = ([], [NONE] * 4, [OUT] * 4, [value(1, 2)] * 4, [data(b"x")] * 2, [room(0)] * 4, [room(64), value(M33)], [value(M33), data(b"\0" * 64)],
             [value(M33), "z:1000"], [value(M33), room(1)], [value(M33), value(), data(b"\xff" * 300)])
    tried = 0
    for number in (*range(0, 10), *range(0xff, 0x109), 0x80000000, 0xffffffff):
        for form in forms:
            for where in (session.number, pas):
                reply = m.call.invoke(where, number, *form)
                if reply.result and reply.result >> 16 != 0xFFFF:
                    raise NotSeen(f"command {number:#x} with {form}: {reply.result:#x}", "secure.log")
                tried += 1
    session.rest()
    session.close()
    m.call.close(pas)
    return f"{tried} calls"


class Pas:
    """The PAS service, and m0's image for it."""

    def __init__(self, m):
        self._m, self.id = m, m.tee["VIRT_TEE_M0_PAS_ID"]
        self.base = m.tee["VIRT_TEE_M0_NS"]
        self.image = modules.read_file(os.path.join(tee_images.DIRECTORY, tee_images.M0))
        self.number, result = m.call.open(tee_guest.PAS_UUID)
        if result:
            raise NotSeen(f"no session: {result:#x}", "secure.log")

    def do(self, command, *params, b=0):
        """One command."""
        return self._m.call.invoke(self.number, command, value(self.id, b), *params)

    def load(self):
        """Everything up to AUTH_AND_RESET."""
        parts, span = tee_images.segments(self.image)
        want(self.do(INIT, file(FIRMWARE + METADATA)), SUCCESS)
        want(self.do(SETUP, wide(self.base), b=span), SUCCESS)
        for offset, where, size in parts:
            self._m.call.put(self.base + where, FIRMWARE + tee_images.M0, offset, size)

    def auth(self):
        """AUTH_AND_RESET as Linux calls it."""
        return self.do(AUTH, wide(self.base), data(b"\0"))

    def close(self):
        """End it."""
        self._m.call.close(self.number)


def pas_runs_the_same_core(m):
    """An MBN image, and the other service waits."""
    pas, session = Pas(m), Session(m, M0)
    want(pas.do(SUPPORTED), SUCCESS)
    caps = want(pas.do(CAPABILITIES, OUT), SUCCESS).values[-1][0]
    pas.load()
    want(pas.auth(), SUCCESS)
    seen = m.beats(M0)
    want(session.load(containers.M0), BUSY, BAD_STATE)
    # the host's carve-out is not what runs
    m.call.put(pas.base, FIRMWARE + containers.M33, 0, 0x4000)
    m.beats(M0)
    want(pas.do(SHUTDOWN), SUCCESS)
    m.still(M0)
    m.scmi.all_on(M0)
    want(session.load(containers.M0), SUCCESS)
    want(session.do(START), SUCCESS)
    m.beats(M0)
    pas.load()
    want(pas.auth(), BUSY)
    m.beats(M0)
    session.rest()
    session.close()
    pas.close()
    return f"capabilities {caps:#x}; {seen}"


def pas_refuses_a_changed_segment(m):
    """One byte of the carve-out."""
    pas = Pas(m)
    pas.load()
    parts, _ = tee_images.segments(pas.image)
    m.call.put(pas.base + parts[0][1] + 0x40, FIRMWARE + containers.M33, 0, 1)
    want(pas.auth(), SECURITY)
    m.still(M0)
    pas.load()
    want(pas.auth(), SUCCESS)
    seen = m.beats(M0)
    want(pas.do(SHUTDOWN), SUCCESS)
    pas.close()
    return seen


def r2_an_older_image_is_refused(m):
    """Once the newer one was ready: whatever ran before here, this does."""
    session = Session(m, M33)
    m.scmi.all_on(M33)
    want(session.load(containers.M33), SUCCESS)
    want(session.do(START), SUCCESS)
    m.beats(M33)
    want(session.do(STOP), SUCCESS)
    want(session.load(containers.OLDER), ACCESS_DENIED)
    want(session.load(containers.M33), SUCCESS)
    session.rest()
    session.close()
    return "refused"


def run(tap, m):
    """All tests on one machine."""
    for test in (m1_r4_both_processors_run_at_once, m5_a_session_cannot_command_another_processor,
                 m6_no_session_for_a_processor_that_is_not_there, m7_user_space_is_not_served, a_second_session_waits_and_may_take_over,
                 tee_managed_processors_run_nothing_unsigned):
        tap.test(test.__name__, test, m)
    for name, container, results in (("m2_a_segment_cannot_be_dropped", containers.DROPPED_SEGMENT, (SECURITY, BAD_FORMAT)),
                                     ("m3_the_resource_table_cannot_be_moved", containers.MOVED_TABLE, (SECURITY,)),
                                     ("r2_an_image_is_for_one_processor", containers.OTHER_PROCESSOR, (ACCESS_DENIED,)),
                                     ("a_forged_segment_is_refused", containers.FORGED, (SECURITY,)),
                                     ("a_foreign_key_is_refused", containers.FOREIGN_KEY, (SECURITY, SIGNATURE))):
        tap.test(name, refused, m, container, *results)
    for test in (pas_runs_the_same_core, pas_refuses_a_changed_segment, parameters_of_any_form_do_no_harm,
                 r2_an_older_image_is_refused):
        tap.test(test.__name__, test, m)
    tap.test("op_tee_never_panicked", lambda: m.no_panic() or "it answers")


def main():
    """Entry point."""
    tap = Tap()
    try:
        names = [os.path.join(IMAGES, name) for name in containers.ALL]
        containers.make()
        image = modules.read_file(tee_images.make())
        files = [(f"lib/firmware/{METADATA}", tee_images.metadata(image)), (f"lib/firmware/{tee_images.M0}", image),
                 (f"lib/firmware/{containers.PLAIN[0]}", modules.read_file(tee_guest.built(containers.PLAIN[0])))]
        with tee_guest.machine("attacks", tee_guest.options(), more_images=names, more_files=files) as m:
            m.scmi = Scmi(m)
            run(tap, m)
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

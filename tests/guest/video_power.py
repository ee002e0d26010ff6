# SPDX-License-Identifier: BSD-2-Clause
"""Runtime power management of the video core: what is idle collapses, and the next job restores it."""

import re
import time

from steps import STAMP, NotSeen
from video_bench import AWAKE

import video_core
from video_core import DEVICE, NODE, make_job

ROUNDS = 20
COLLAPSES = 3			# of 60 at least: how many there are is the scheduler's choice
SUSPENDED = r"video: SET_REMOTE_STATE accepted: suspend$"
RESUMED = r"video: SET_REMOTE_STATE accepted: resume$"


def idle(v):
    """After the delay it stands still, and its queue with it: a command is answered once it is up again."""
    v.fresh()
    v.c.mark()
    v.delay(200)
    v.runtime("suspended")
    told = v.still()
    v.by_hand()
    time.sleep(0.5)
    done = v.platform["VIRT_VIDEO_QUEUE"] + v.wire["PIL_VIDEO_DONE"]
    if v.shell(f"devmem {done:#x} 32") != ["0x00000000"]:
        raise NotSeen("a core that is suspended answered a command", "build/guest/secure.log")
    v.delay(AWAKE)
    v.tell("resume")
    v.shell(f"until [ $(devmem {done:#x} 32) = 0x00000001 ]; do sleep 0.02; done", 60)
    v.runtime("active")
    v.fresh()
    return f"{told}; a command waited for the resume"


def woken(v):
    """A job wakes it up, with all that it had; then it is idle again."""
    v.c.mark()
    v.delay(200)
    v.runtime("suspended")
    before = v.heart.count()
    text = v.job(2)
    after = v.heart.count()
    v.c.secure(r"video: SET_REMOTE_STATE accepted: resume", 10, "it was resumed for the job")
    if before is not None and after is not None and after < before:
        raise NotSeen(f"the heartbeat began anew: {before}, then {after}", "linux/pil_client/pil_video_power.c")
    v.c.mark()
    v.runtime("suspended")
    v.delay(AWAKE)
    v.c.counts([(v.c.secure_count, r"video: AUTH_AND_RESET", 0), (v.c.kernel_count, r"pilot-video .*crashed", 0)])
    return f"count {before} before the job, {after} after it; {text}; suspended again"


def forbidden(v):
    """power/control is obeyed: "on" wakes it up and keeps it up, whatever the delay."""
    v.delay(0)
    v.state("suspended")
    v.c.mark()
    v.shell(f"echo on >{DEVICE}/power/control")
    v.runtime("active")
    v.tell("suspend", 1)
    v.job(0)
    told = v.c.beats(v.heart)
    v.c.counts([(v.c.secure_count, SUSPENDED, 0)])
    v.c.mark()
    v.shell(f"echo auto >{DEVICE}/power/control")
    v.runtime("suspended")
    v.delay(AWAKE)
    return f"with control on: {told}; with auto: {v.still()}"


def _race(number):
    """Shell commands: jobs one after the other, each answer a line of a file."""
    job = video_core.run_job(f"/lib/firmware/job{number}")
    return f"(i=0; while [ $i -lt {ROUNDS} ]; do {job} || echo lost; i=$((i+1)); done >/race{number}) & p=\"$p $!\"; "


def races(v):
    """Jobs of three users, while the core collapses after each of them and whenever somebody else asks for it."""
    v.c.mark()
    before = v.crashes()
    v.delay(0)
    v.shell("rm -f /race*; p=; " + "".join(_race(number) for number in range(3)) +
            f"(while [ ! -e /race ]; do echo suspend >{DEVICE}/state; done) 2>/dev/null & q=$!; "
            "wait $p; >/race; wait $q; true", 600)
    v.runtime("suspended")
    for number in range(3):
        wanted = video_core.digest(make_job(number)[1])
        found = v.shell(f"sort /race{number} | uniq -c")
        if [line.split()[:2] for line in found] != [[str(ROUNDS), wanted]]:
            raise NotSeen(f"job {number}: {found}; {ROUNDS} times {wanted} expected", "linux/pil_client/pil_video_power.c")
    times = v.c.secure_count(SUSPENDED), v.c.secure_count(RESUMED)
    if times[0] < COLLAPSES or abs(times[0] - times[1]) > 1:
        raise NotSeen(f"{times[0]} times suspended, {times[1]} times resumed", "build/guest/secure.log")
    v.c.counts([(v.c.secure_count, r"video: (?!SET_REMOTE_STATE accepted)", 0), (v.c.kernel_count, STAMP + "pilot-video ", 0)])
    if v.crashes() != before:
        raise NotSeen("the core crashed", "build/guest/linux.log")
    v.delay(AWAKE)
    return f"{3 * ROUNDS} jobs right, while it was suspended {times[0]} and resumed {times[1]} times; {v.job(1)}"


def _shut_down(v):
    """The core is stopped behind the driver's back: what the driver asks for next is refused."""
    if int(v.host().call(f"shutdown {v.platform['VIRT_VIDEO_PAS_ID']:x}")[0]):
        raise NotSeen("the core could not be shut down behind the driver's back", "build/guest/secure.log")


def _recovered(v, before, word):
    """The driver notices by a refused @word, and starts the core again."""
    line = v.c.secure(r"video: SET_REMOTE_STATE refused: PAS_STATE: .*", 30, f"{word} was refused")
    v.c.kernel(STAMP + rf"pilot-video video-codec: was not {word}: -\d+$", 30, "the driver was refused")
    v.c.kernel(STAMP + r"pilot-video video-codec: crashed, without a reason$", 30, "it was lost, and did not crash")
    v.c.kernel(STAMP + r"pilot-video video-codec: is up$", 120, "it was recovered")
    if v.crashes() != before + 1:
        raise NotSeen(f"{v.crashes()} crashes; {before + 1} expected", "linux/pil_client/pil_video.c")
    return re.sub(STAMP, "", line.group(0))


def refused_resume(v):
    """A core that cannot be resumed is recovered: the job fails at once, the next one works."""
    v.tell("suspend")
    before = v.crashes()
    _shut_down(v)
    v.c.mark()
    v.shell(f"dd if=/lib/firmware/job0 of={NODE} bs=1M 2>/dev/null", 60, 1)
    told = _recovered(v, before, "resumed")
    v.running()
    return f"{told}; {v.job(1)}"


def refused_suspend(v):
    """So is one that cannot be suspended, when nobody waits for it."""
    before = v.crashes()
    _shut_down(v)
    v.c.mark()
    v.delay(0)
    told = _recovered(v, before, "suspended")
    v.runtime("suspended")
    v.delay(AWAKE)
    text = v.job(2)
    v.running()
    return f"{told}; {text}"


TESTS = (
    ("idle_core_is_suspended", idle),
    ("job_wakes_a_suspended_core", woken),
    ("core_that_must_stay_up_stays_up", forbidden),
    ("jobs_that_race_with_suspend_are_not_lost", races),
    ("refused_resume_is_recovered", refused_resume),
    ("refused_suspend_is_recovered", refused_suspend),
)

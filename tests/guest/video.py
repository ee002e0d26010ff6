#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The video core, whose driver is no remoteproc: linux/pil_client with the stock kernel, in either arrangement. Prints TAP.

Believed are the secure log, heartbeats, frames that this program computed itself, and memory as QEMU sees it.
"""

import argparse
import dataclasses
import os
import signal
import sys

import bench
import bridges
import video_bridges
import video_power
from steps import STAMP, NotSeen
from tap import Skipped, Tap
from video_bench import Video

import constants
import images
import modules
import options as machine_options
import steps
import video_core
from options import GUEST, OWNER
from paths import IMAGES, Trouble
from video_core import DEVICE, NODE, make_job

FORGED = "video-forged.mbn"
LIMIT = 900.0


def loads(v):
    """The stock kernel takes the modules."""
    return v.load()


def starts(v):
    """The driver starts the core."""
    v.c.mark()
    v.tell("start")
    return v.running()


def jobs(v):
    """Frames are what was computed here."""
    return "; ".join(v.job(number) for number in range(3))


def restarts(v):
    """Stopped, gone from memory, and started again; jobs work as before."""
    v.c.mark()
    v.tell("stop")
    v.state("offline")
    v.c.secure(r"video: SHUTDOWN accepted: was RUNNING, .*", 10, "the core was stopped")
    told = v.still()
    v.scrubbed()
    v.shell(f"dd if=/lib/firmware/job0 of={NODE} bs=1M 2>/dev/null", 60, 1)
    v.c.mark()
    v.tell("start")
    v.running()
    return f"{told}; {v.job(1)}"


def power(v):
    """Suspended it does nothing and forgets nothing; resumed it goes on."""
    v.c.mark()
    v.tell("suspend")
    v.state("suspended")
    v.c.secure(r"video: SET_REMOTE_STATE accepted: suspend", 10, "it is suspended")
    told = v.still()
    before = v.heart.count()
    v.tell("resume")
    v.c.secure(r"video: SET_REMOTE_STATE accepted: resume", 10, "it is resumed")
    v.c.beats(v.heart)
    after = v.heart.count()
    if before is not None and after is not None and after < before:
        raise NotSeen(f"the heartbeat began anew: {before}, then {after}", "firmware/monitor/remote.c")
    v.tell("suspend")
    v.still()
    text = v.job(2)		# the driver resumes the core for it
    v.c.counts([(v.c.secure_count, r"video: AUTH_AND_RESET", 0), (v.c.kernel_count, r"pilot-video .*crashed", 0)])
    return f"{told}; {text}"


def stops_suspended(v):
    """SHUTDOWN needs no resume."""
    v.tell("suspend")
    v.c.mark()
    v.tell("stop")
    v.c.secure(r"video: SHUTDOWN accepted: was RUNNING, .*", 10, "the core was stopped")
    v.scrubbed()
    v.tell("start")
    return v.running()


def recovers(v):
    """From each kind of crash, with its reason; other cores go on."""
    told = []
    for request, reason in (("PIL_CTRL_FATAL", "asked to fail"), ("PIL_CTRL_READ_UNMAPPED", "read of 0x50000000"),
                            ("PIL_CTRL_HANG", "watchdog")):
        v.c.mark()
        before = v.crashes()
        v.request(request)
        line = v.c.kernel(STAMP + rf"pilot-video video-codec: crashed: (.*{reason}.*)$", 60, f"it crashed: {reason}")
        v.c.kernel(STAMP + r"pilot-video video-codec: is up$", 90, "it was recovered")
        v.running()
        if v.crashes() != before + 1:
            raise NotSeen(f"{v.crashes()} crashes; {before + 1} expected", "linux/pil_client/pil_video.c")
        told.append(line.group(1))
    v.job(0)
    v.c.beats()
    v.c.beats(v.c.cdsp_heart)
    return "; ".join(told)


def bad_commands(v):
    """What makes no sense is answered as such, and nothing happens."""
    told = []
    status = v.platform["VIRT_VIDEO_QUEUE"] + v.wire["PIL_VIDEO_SLOT0"] + v.wire["PIL_VIDEO_STATUS"]
    done = v.platform["VIRT_VIDEO_QUEUE"] + v.wire["PIL_VIDEO_DONE"]
    for fields, wanted in (({"COMMAND": 7}, "PIL_VIDEO_NO_COMMAND"), ({"WIDTH": 0}, "PIL_VIDEO_BAD_FRAME"),
                           ({"WIDTH": 0xffffffff, "HEIGHT": 0xffffffff}, "PIL_VIDEO_BAD_FRAME"),
                           ({"HEIGHT": v.wire["PIL_VIDEO_FRAME_MAX"]}, "PIL_VIDEO_BAD_FRAME"),
                           ({"SOURCE": 0xffffff80}, "PIL_VIDEO_BAD_ADDRESS"),
                           ({"TARGET": 0xffffff80}, "PIL_VIDEO_BAD_ADDRESS"),
                           ({"TABLE": 0xffffff80}, "PIL_VIDEO_BAD_ADDRESS")):
        v.fresh()
        before = v.crashes()
        v.by_hand(**fields)
        v.shell(f"until [ $(devmem {done:#x} 32) = 0x00000001 ]; do sleep 0.02; done", 30)
        found = int(v.shell(f"devmem {status:#x} 32")[0], 16)
        if found != v.wire[wanted] or v.crashes() != before:
            raise NotSeen(f"{fields}: status {found}; {v.wire[wanted]} expected", "firmware/remote/video/main.c")
        told.append(str(found))
    v.fresh()
    return "statuses " + ", ".join(told)


def streams_apart(v):
    """A stream reaches its own memory alone: not that of the others, the carve-out, or the host's."""
    p, own = v.platform, v.addresses()
    pixel = 1 << v.c.remote["PIL_REMOTE_WINDOW_SHIFT"]
    told = []
    v.fresh()
    for field, address, what in (("SOURCE", own["TABLE"], "read of"), ("SOURCE", p["VIRT_VIDEO_QUEUE"], "read of"),
                                 ("SOURCE", p["VIRT_VIDEO_MEM"], "read of"), ("SOURCE", p["VIRT_ADSP_MEM"], "read of"),
                                 ("TARGET", 0x50000000, "write to"), ("TABLE", own["SOURCE"], "read of")):
        v.c.mark()
        v.by_hand(**{field: address})
        number = v.c.remote["PIL_REMOTE_WINDOW_NONPIXEL" if field == "TABLE" else "PIL_REMOTE_WINDOW_PIXEL"]
        where = number * pixel + address
        at = f"{where >> 8:x}"		# the program begins anywhere in a line, or in the table
        line = v.c.kernel(STAMP + rf"pilot-video video-codec: crashed: (core 2: {what} 0x{at}[0-9a-f]{{2}} .*)$", 60,
                          f"{what} {where:#x} ended the program")
        v.c.kernel(STAMP + r"pilot-video video-codec: is up$", 90, "it was recovered")
        told.append(line.group(1))
    return f"{len(told)} crashes, the first: {told[0]}; {v.job(0)}"


def forged(v):
    """A changed image never runs; the genuine one does after it."""
    v.tell("stop")
    v.c.mark()
    v.shell(f"mv /lib/firmware/{images.VIDEO} /lib/firmware/genuine; cp /lib/firmware/{FORGED} /lib/firmware/{images.VIDEO}")
    v.tell("start", 1)
    line = v.c.secure(r"video: AUTH_AND_RESET refused: .*", 30, "it refused the image")
    v.state("offline")
    v.still()
    v.scrubbed()
    v.c.mark()
    v.shell(f"mv /lib/firmware/genuine /lib/firmware/{images.VIDEO}")
    v.tell("start")
    v.running()
    return f"{line.group(0).split('] ', 1)[1]}; {v.job(1)}"


def streams(v):
    """Where Linux maps, each stream is in an IOMMU group of its own; where it does not, there are no streams."""
    found = v.shell(f"ls -d {DEVICE}/video-codec.*/iommu_group 2>/dev/null | wc -l")[0]
    groups = v.shell(f"for s in {DEVICE}/video-codec.*/iommu_group; do readlink $s; done 2>/dev/null | sort -u | wc -l")[0]
    wanted = "0" if v.c.options.arrangement == GUEST else "3"
    if (found, groups) != (wanted, wanted):
        raise NotSeen(f"{found} streams in {groups} groups; {wanted} expected", "linux/pil_client/pil_client.c")
    return f"{groups} groups"


def unloads(v):
    """Modules go while the core runs: it is stopped; they come again, and it works."""
    v.c.mark()
    v.shell("rmmod pilot_video && rmmod pil_client")
    v.c.secure(r"video: SHUTDOWN accepted: was RUNNING, .*", 10, "the core was stopped")
    v.scrubbed()
    v.shell(f"test ! -e {NODE} && ! ls -d {DEVICE}/video-codec.* 2>/dev/null")
    v.load()
    v.c.mark()
    v.tell("start")
    v.running()
    text = v.job(2)
    v.shell("rmmod pilot_video && rmmod pil_client")
    return text


TESTS = (
    ("modules_load", loads),
    ("core_starts", starts),
    ("each_stream_has_a_group", streams),
    ("frames_are_what_was_computed", jobs),
    ("core_is_stopped_and_started_again", restarts),
    ("power_collapse_and_restore", power),
    ("suspended_core_is_stopped", stops_suspended),
    ("crashes_are_recovered", recovers),
    *video_power.TESTS,
    ("commands_that_make_no_sense_are_answered", bad_commands),
    ("streams_reach_their_own_memory_alone", streams_apart),
    ("forged_image_is_refused", forged),
    ("modules_go_and_come_again", unloads),
)


def _files(platform, extra):
    """Images and jobs; @extra are the modules."""
    os.makedirs(bench.DIRECTORY, exist_ok=True)
    images.make(platform)
    genuine, forged_image = os.path.join(IMAGES, images.VIDEO), os.path.join(bench.DIRECTORY, FORGED)
    with open(forged_image, "wb") as out:
        out.write(images.flip_one_bit(modules.read_file(genuine))[0])
    return [genuine, forged_image], extra + [(f"lib/firmware/job{number}", make_job(number)[0]) for number in range(3)]


def _skipped(why):
    raise Skipped(why)


def _judged(function, v):
    """One test; the kernel must not complain during it."""
    start = v.c.qemu.linux.position()
    text = function(v)
    v.c.no_complaint(start)
    return text


def in_one_machine(tap, options, prefix, more, extra):
    """All tests, in their order, and before the last one @more. @extra are the modules for this kernel: (path, contents)."""
    platform = constants.platform()
    more_images, more_files = _files(platform, extra)
    qemu, c = bench.boot(options, more_images, LIMIT, more_files=more_files)
    with qemu:
        if not tap.test(prefix + "machine_comes_up", bench.come_up, c):
            return
        v = Video(c, platform)
        for name, function in (*TESTS[:-1], *more, TESTS[-1]):
            if not tap.test(prefix + name, _judged, function, v):
                return
        tap.test(prefix + "machine_powers_off", steps.power_off, c)


def stock_kernel(tap, options):
    """In the packed kernel, which makes no bridges."""
    prefix = f"video_{options.arrangement}_"
    if video_core.lacks(options):
        tap.test(prefix + "stock_kernel", _skipped, video_core.lacks(options))
        return
    extra = video_core.module_files() + [(bridges.IN_GUEST, modules.read_file(bridges.MODULE))]
    in_one_machine(tap, options, prefix, video_bridges.TESTS, extra)


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arrangement", choices=(OWNER, GUEST), default=OWNER)
    arrangement = parser.parse_args().arrangement
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    try:
        options = machine_options.from_environment(constants.platform()["VIRT_RAM_MIN"])
        options = dataclasses.replace(options, arrangement=arrangement)
        print(f"# {options.text()}", flush=True)
        stock_kernel(tap, options)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

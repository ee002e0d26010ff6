# SPDX-License-Identifier: BSD-2-Clause
"""The video core and its driver in the guest: what the tests of it share."""

import os
import time

import bridges
from steps import STAMP, NotSeen

import constants
import video_core
from heartbeat import heart
from options import GUEST
from paths import TOP
from video_core import DEVICE, HEIGHT, NAMES, WIDTH, make_job

AWAKE = 600000			# ms of idleness that no test waits for
IOVA_TABLES, IOVA_FRAMES = 0x10000000, 0x20000000	# pil_video.c


class Video:
    """The driver in the guest, and what is seen of the core from outside."""

    def __init__(self, c, platform):
        self.c = c
        self.platform = platform
        self.wire = constants.read_header(os.path.join(TOP, "include", "pilot", "wire", "video.h"))
        self.heart = heart(c.qemu.monitor, platform, "video")
        self._host = None

    def host(self):
        """The module that makes calls in the kernel's name, loaded when it is first needed."""
        if not self._host:
            self.c.mark()
            self._host = bridges.Host(self.c, self.platform)
        return self._host

    def shell(self, command, seconds=60, status=0):
        """Run a command that has to end with @status; returns its lines."""
        result = self.c.guest.run_once(command, seconds)
        if not result or result[0] != status:
            raise NotSeen(f"{command!r} ended with {result}, not {status}", "build/guest/linux.log")
        return result[1]

    def load(self):
        """Both modules; the driver says who maps."""
        self.c.mark()
        for name in NAMES:
            self.shell(f"insmod /modules/{name}.ko")
        self.delay(AWAKE)
        who = "a hypervisor" if self.c.options.arrangement == GUEST else "Linux"
        self.c.kernel(STAMP + rf"pilot-video video-codec: {who} maps its streams$", 30, "the driver is there")
        return f"{who} maps"

    def tell(self, word, status=0):
        """Write to the driver's state."""
        self.shell(f"{{ echo {word} >{DEVICE}/state; }} 2>/dev/null", 120, status)

    def delay(self, milliseconds):
        """How long the core may be idle before its power collapses: runtime PM's own setting."""
        self.shell(f"echo {milliseconds} >{DEVICE}/power/autosuspend_delay_ms")

    def runtime(self, wanted, seconds=60):
        """Wait until runtime PM and the driver say @wanted, and with them the secure log since the last mark."""
        path, told = f"{DEVICE}/power/runtime_status", ""
        until = self.c.by(seconds)
        while told != wanted and time.monotonic() < until:
            told = self.c.guest.read(path, "active|suspended|suspending|resuming|error")
            time.sleep(0.05)
        if told != wanted:
            raise NotSeen(f"runtime PM says {told}, not {wanted}", "build/guest/linux.log")
        self.state("suspended" if wanted == "suspended" else "running")
        word = "suspend" if wanted == "suspended" else "resume"
        self.c.secure(rf"video: SET_REMOTE_STATE accepted: {word}", 10, f"{word} was accepted")

    def state(self, wanted, seconds=60):
        """Wait for the driver's word."""
        if not self.c.guest.wait_for_state(wanted, seconds, DEVICE):
            raise NotSeen(f"the driver does not say {wanted}", "build/guest/linux.log")

    def running(self):
        """Both worlds and the core itself say so."""
        self.state("running")
        self.c.secure(r"video: AUTH_AND_RESET accepted: .*", 10, "the image was taken")
        return self.c.beats(self.heart)

    def job(self, number):
        """One job, its result read in the guest and by QEMU."""
        frame = make_job(number)[1]
        wanted = video_core.digest(frame)
        found = self.shell(video_core.run_job(f"/lib/firmware/job{number}"), 180)[0].split()[0]
        if found != wanted:
            raise NotSeen(f"job {number}: the frame has {found}; {wanted} expected", "firmware/remote/video/main.c")
        if video_core.read_frame(self.c.qemu.monitor, self.platform) != frame:
            raise NotSeen(f"job {number} is not in memory where it has to be", "boards/virt/shim/translate.c")
        return f"job {number}: {WIDTH}x{HEIGHT}, sha256 {found[:16]}..."

    def request(self, name):
        """Ask the program for a misbehaviour, on its control page."""
        page = self.platform["VIRT_CTRL"] + self.platform["VIRT_CORE_VIDEO"] * self.platform["VIRT_CTRL_SIZE"]
        where = page + self.c.remote["PIL_CTRL_REQUEST"]
        self.shell(f"devmem {where:#x} 32 {self.c.remote[name]}")

    def still(self):
        """The core does nothing."""
        count = self.heart.stands_still(0.5)
        if count is None:
            raise NotSeen("the heartbeat goes on", "build/guest/secure.log")
        return f"heartbeat stands still at {count}"

    def by_hand(self, **fields):
        """Put a command into the first slot of a queue that is empty, as root can: the core has to mind what it says."""
        base = self.platform["VIRT_VIDEO_QUEUE"]
        slot = base + self.wire["PIL_VIDEO_SLOT0"]
        words = {"COMMAND": self.wire["PIL_VIDEO_MIRROR"], "WIDTH": 64, "HEIGHT": 4, **self.addresses(), **fields}
        writes = [f"devmem {slot + self.wire['PIL_VIDEO_' + name]:#x} 32 {value:#x}" for name, value in words.items()]
        self.shell(" && ".join(writes + [f"devmem {base + self.wire['PIL_VIDEO_PUT']:#x} 32 1"]))

    def addresses(self):
        """What the driver would write: IOVAs of its own where Linux maps, physical addresses under a hypervisor."""
        guest = self.c.options.arrangement == GUEST
        frames = self.platform["VIRT_VIDEO_FRAMES"] if guest else IOVA_FRAMES
        return {"SOURCE": frames, "TARGET": frames + self.wire["PIL_VIDEO_FRAME_MAX"],
                "TABLE": self.platform["VIRT_VIDEO_TABLES"] if guest else IOVA_TABLES}

    def fresh(self):
        """Stop and start, for an empty queue."""
        self.tell("stop")
        self.c.mark()
        self.tell("start")
        self.running()

    def crashes(self):
        """How often the driver recovered it."""
        return int(self.c.guest.read(f"{DEVICE}/crashes", r"\d+"))

    def scrubbed(self):
        """Nothing of the image is left in the carve-out."""
        if any(self.c.qemu.monitor.read_words(self.platform["VIRT_VIDEO_MEM"], 512)):
            raise NotSeen("the carve-out is not zero", "lib/pas/clean.c")

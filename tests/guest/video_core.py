# SPDX-License-Identifier: BSD-2-Clause
"""The video core and its driver in the guest: what the tests of it share."""

import hashlib
import os
import random
import struct
import time

import bridges
from steps import STAMP, NotSeen

import constants
from heartbeat import heart
from options import GUEST
from paths import TOP

NAMES = ("pil_client", "pilot_video")
IMAGE = "video.mbn"
DEVICE, NODE = "/sys/devices/platform/video-codec", "/dev/pilot-video"
AWAKE = 600000			# ms of idleness that no test waits for
IOVA_TABLES, IOVA_FRAMES = 0x10000000, 0x20000000	# pil_video.c
WIDTH, HEIGHT = 317, 61		# no power of two, and lines that lie across pages


def make_job(number):
    """A job as the driver takes it, and the frame that has to come back."""
    source = random.Random(number)
    table = bytes(source.sample(range(256), 256))
    frame = source.randbytes(WIDTH * HEIGHT)
    lines = [frame[at:at + WIDTH] for at in range(0, len(frame), WIDTH)]
    wanted = b"".join(bytes(table[byte] for byte in reversed(line)) for line in lines)
    return struct.pack("<II", WIDTH, HEIGHT) + table + frame, wanted


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
        wanted = hashlib.sha256(make_job(number)[1]).hexdigest()
        found = self.shell(f"(exec 3<>{NODE}; dd if=/lib/firmware/job{number} bs=1M >&3 2>/dev/null && sha256sum <&3)", 180)
        found = found[0].split()[0]
        if found != wanted:
            raise NotSeen(f"job {number}: the frame has {found}; {wanted} expected", "firmware/remote/video/main.c")
        self.outside(number)
        return f"job {number}: {WIDTH}x{HEIGHT}, sha256 {found[:16]}..."

    def outside(self, number):
        """The first words of the other frame, where it has to be in memory."""
        at = self.platform["VIRT_VIDEO_FRAMES"] + self.platform["VIRT_VIDEO_FRAMES_SIZE"] // 2
        found = self.c.qemu.monitor.read_words(at, 32)
        wanted = struct.unpack("<32Q", make_job(number)[1][:256])
        if list(found) != list(wanted):
            raise NotSeen(f"{at:#x} does not have the frame", "boards/virt/shim/translate.c")

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

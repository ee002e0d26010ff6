# SPDX-License-Identifier: BSD-2-Clause
"""The video core, whose driver is no remoteproc: its modules, and jobs computed here.

The modules are built for Debian's packed kernel; with another one there is no video core to be seen.
"""

import hashlib
import os
import random
import struct

import images
import modules
from paths import BUILD, IMAGES, PARTS, Trouble

NAMES = ("pil_client", "pilot_video")
DEVICE, NODE = "/sys/devices/platform/video-codec", "/dev/pilot-video"
WIDTH, HEIGHT = 317, 61		# no power of two, and lines that lie across pages


def make_job(seed=None):
    """A job as the driver takes it, and the frame that has to come back; @seed as random.Random() has it."""
    source = random.Random(seed)
    table = bytes(source.sample(range(256), 256))
    frame = source.randbytes(WIDTH * HEIGHT)
    lines = [frame[at:at + WIDTH] for at in range(0, len(frame), WIDTH)]
    wanted = b"".join(bytes(table[byte] for byte in reversed(line)) for line in lines)
    return struct.pack("<II", WIDTH, HEIGHT) + table + frame, wanted


def run_job(path):
    """The command that has the guest run the job in the file @path, and prints the SHA-256 of what came back."""
    return f"(exec 3<>{NODE}; dd if={path} bs=1M >&3 2>/dev/null && sha256sum <&3)"


def digest(frame):
    """As the guest prints it."""
    return hashlib.sha256(frame).hexdigest()


def read_frame(monitor, platform):
    """What is in memory where the core writes frames, as QEMU sees it."""
    at = platform["VIRT_VIDEO_FRAMES"] + platform["VIRT_VIDEO_FRAMES_SIZE"] // 2
    size = WIDTH * HEIGHT
    words = monitor.read_words(at, -(-size // 8))
    return struct.pack(f"<{len(words)}Q", *words)[:size]


def lacks(options):
    """Why the modules cannot be used with this kernel, or None."""
    if os.path.realpath(options.kernel) == os.path.realpath(os.path.join(PARTS, "kernel")):
        return None
    return f"KERNEL={options.kernel}: the video core's modules are built for Debian's packed kernel"


def module_files(directory=os.path.join(BUILD, "modules", "pil_client")):
    """[(path in the guest, contents)] of the modules below @directory."""
    paths = [os.path.join(directory, f"{name}.ko") for name in NAMES]
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise Trouble(f"{missing[0]} is missing: scripts/build_modules.sh builds it")
    return [(f"modules/{os.path.basename(path)}", modules.read_file(path)) for path in paths]


def for_demonstration(options):
    """(images, files, frame) for machine.prepare(), and the frame that has to come back; nothing where they are no use."""
    if lacks(options):
        return [], [], None
    job, wanted = make_job()
    return [os.path.join(IMAGES, images.VIDEO)], module_files() + [("lib/firmware/frame", job)], wanted

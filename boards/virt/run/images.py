# SPDX-License-Identifier: BSD-2-Clause
"""Keys, fuses and signed images of the demonstration, made by the tool: a genuine one for each peripheral that a driver
starts, and three for the adsp that must fail."""

import hashlib
import json
import os
import struct
import subprocess

from paths import IMAGES, KEYS, TOOL, Trouble, built

SOC, OTHER_SOC, OEM, MODEL = 0x6019, 0x601A, 1, 0
GENUINE = "adsp.mbn"
FORGED_SEGMENT = "adsp-forged-segment.mbn"
FOREIGN_ROOT = "adsp-foreign-root.mbn"
WRONG_DEVICE = "adsp-wrong-device.mbn"
CDSP = "cdsp.mbn"
VIDEO = "video.mbn"
ALL = (GENUINE, CDSP, FORGED_SEGMENT, FOREIGN_ROOT, WRONG_DEVICE)
FUSES = "fuses.bin"
LITE = "adsp-lite.mbn"		# to be started before Linux
COMPANION = "adsp-dtb.mbn"	# what the driver loads that knows of a lite variant

_PT_LOAD = 1
_SEGMENT_TYPE_SHIFT, _SEGMENT_TYPE_MASK, _SEGMENT_TYPE_HASH = 24, 7, 2


def tool(*args):
    """Run the command-line tool; it has to succeed. Returns what it printed."""
    done = subprocess.run([TOOL, *args], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"pilot {' '.join(args)} failed with {done.returncode}:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def keys(name, organisation, kind="ec-p384"):
    """The directory of keys called @name, of type @kind; they are made when they are missing."""
    directory = os.path.join(KEYS, name)
    if not os.path.exists(os.path.join(directory, "leaf.key")):
        os.makedirs(KEYS, exist_ok=True)
        tool("keys", "new", "--force", "--type", kind, "--name", organisation, directory)
    return directory


def genuine_keys():
    """The keys whose root the machine's fuses name."""
    return keys("genuine", "Pilot demonstration")



def fuses(path, *more):
    """Write fuses that trust the genuine keys; @more: further options of 'pilot fuses new'."""
    tool("fuses", "new", "-o", path, "--root", os.path.join(genuine_keys(), "root.crt"), "--soc", hex(SOC), "--oem", str(OEM),
         "--model", str(MODEL), *more)

def sign(elf, path, key_directory, sw_id, soc=SOC, oem=OEM, model=MODEL, version=0, more=()):
    """Make the signed image @path of the program @elf; @more options for the tool."""
    tool("image", "sign", elf, "--elf32", "-o", path, "--keys", key_directory, "--soc", hex(soc),
         "--oem", str(oem), "--model", str(model), "--sw-id", hex(sw_id), "--anti-rollback", str(version), *more)


def lite(platform, directory=IMAGES):
    """Make the image of the adsp's lite variant in @directory. Returns its path."""
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, LITE)
    sign(built("adsp-lite.elf"), path, genuine_keys(), platform["VIRT_ADSP_LITE_SW_ID"])
    return path


def companion(platform, directory=IMAGES):
    """Make the adsp's companion in @directory. Returns its path, which has the one name under which the driver asks for it."""
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, COMPANION)
    sign(built("adsp-dtb.elf"), path, genuine_keys(), platform["VIRT_ADSP_DTB_SW_ID"])
    return path


def flip_one_bit(image):
    """@image with one bit changed in the middle of its largest loaded segment, and (segment number, file offset)."""
    if image[:5] != b"\x7fELF\x01":
        raise Trouble("the signed image is no ELF32 file")
    phoff, = struct.unpack_from("<I", image, 28)
    phentsize, phnum = struct.unpack_from("<HH", image, 42)
    best = None
    for number in range(phnum):
        kind, offset, _, _, filesz, _, flags, _ = struct.unpack_from("<8I", image, phoff + number * phentsize)
        hashes = (flags >> _SEGMENT_TYPE_SHIFT) & _SEGMENT_TYPE_MASK == _SEGMENT_TYPE_HASH
        if kind == _PT_LOAD and not hashes and filesz > 0 and (best is None or filesz > best[2]):
            best = (number, offset, filesz)
    if best is None:
        raise Trouble("the signed image has no loaded segment to forge")
    number, offset, filesz = best
    where = offset + filesz // 2
    return image[:where] + bytes([image[where] ^ 1]) + image[where + 1:], (number, where)


def _fingerprint(elfs, sw_ids):
    digest = hashlib.sha256(json.dumps([SOC, OTHER_SOC, OEM, MODEL, sw_ids]).encode())
    for path in (*elfs, TOOL, os.path.abspath(__file__)):
        with open(path, "rb") as data:
            digest.update(data.read())
    return digest.hexdigest()


def make(platform):
    """Make what is missing or out of date. Returns the paths of ALL; the others are for who has a use for them."""
    elf, cdsp, video = built("adsp.elf"), built("cdsp.elf"), built("video.elf")
    sw_id, cdsp_sw_id, video_sw_id = (platform[f"VIRT_{name}_SW_ID"] for name in ("ADSP", "CDSP", "VIDEO"))
    if not os.path.exists(TOOL):
        raise Trouble(f"{TOOL} is missing: the tool is not built")
    paths = [os.path.join(IMAGES, name) for name in ALL]
    others = [os.path.join(IMAGES, name) for name in (FUSES, VIDEO, LITE, COMPANION)]
    elfs = (elf, cdsp, video, built("adsp-lite.elf"), built("adsp-dtb.elf"))
    sw_ids = (sw_id, cdsp_sw_id, video_sw_id, platform["VIRT_ADSP_LITE_SW_ID"], platform["VIRT_ADSP_DTB_SW_ID"])
    stamp, fingerprint = os.path.join(IMAGES, "made-from"), _fingerprint(elfs, sw_ids)
    if os.path.exists(stamp) and all(map(os.path.exists, paths + others)):
        with open(stamp, encoding="ascii") as text:
            if text.read() == fingerprint:
                return paths
    os.makedirs(IMAGES, exist_ok=True)
    genuine, foreign = genuine_keys(), keys("foreign", "Somebody else")
    fuses(os.path.join(IMAGES, FUSES))
    sign(elf, os.path.join(IMAGES, GENUINE), genuine, sw_id)
    sign(cdsp, os.path.join(IMAGES, CDSP), genuine, cdsp_sw_id)
    sign(video, os.path.join(IMAGES, VIDEO), genuine, video_sw_id)
    sign(elf, os.path.join(IMAGES, FOREIGN_ROOT), foreign, sw_id)
    sign(elf, os.path.join(IMAGES, WRONG_DEVICE), genuine, sw_id, soc=OTHER_SOC)
    lite(platform)
    companion(platform)
    with open(paths[0], "rb") as data:
        forged, _ = flip_one_bit(data.read())
    with open(os.path.join(IMAGES, FORGED_SEGMENT), "wb") as out:
        out.write(forged)
    with open(stamp, "w", encoding="ascii") as out:
        out.write(fingerprint)
    return paths

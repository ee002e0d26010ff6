# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: the remote program crashes, hangs, refuses to stop; the driver stops, starts, dumps and leaves it."""

import base64
import gzip
import json
import os
import struct
import subprocess
import time

import images
from bench import ACCEPTED, CRASHED, DIRECTORY, STOPPED
from guest import REMOTEPROC
from steps import STAMP, UP, NotSeen

CYCLES = 20
RUNS = r"shim: core 0: program: runs$"
DRIVER = "/sys/bus/platform/drivers/qcom_q6v5_pas"
CORE = os.path.join(DIRECTORY, "adsp.core")
FETCH = 6000			# bytes of a file of the guest at a time
MARK = 1 << 40			# beats that no program reaches


def hung_program(c):
    """A program that stops petting its watchdog is reset by it."""
    c.running()
    c.request("PIL_CTRL_HANG")
    bite = c.secure(r"shim: core 0: (watchdog: .*)", 10, "the watchdog bit")
    beats = c.recovered("watchdog")
    c.counts([(c.secure_count, ACCEPTED, 1), (c.kernel_count, CRASHED, 0)])
    return f"{bite.group(1)}; the driver reports a watchdog crash and recovers: {beats}"


def fatal_error(c):
    """The program's last words are in the kernel's log."""
    c.running()
    c.request("PIL_CTRL_FATAL")
    words = c.kernel(STAMP + r"qcom_q6v5_pas \S+: fatal error received: (.*asked to fail)$", 10, "why adsp crashed")
    beats = c.recovered("fatal error")
    return f"the driver says {words.group(1)!r}; recovered: {beats}"


def ignored_stop(c):
    """Who does not answer the request to stop is stopped all the same."""
    c.running()
    c.request("PIL_CTRL_IGNORE_STOP")
    c.secure(r"shim: core 0: program: will ignore the request to stop", 5, "the program heard")
    began = time.monotonic()
    c.told("stop", 30)
    c.kernel(r"timed out on wait$", 5, "the program did not answer in time")
    waited = time.monotonic() - began
    c.secure(r"adsp: SHUTDOWN accepted: was RUNNING, \d+ bytes scrubbed", 5, "a running core was held")
    c.kernel(STOPPED, 5, "adsp is stopped")
    c.state("offline")
    still = c.still()
    c.mark()
    c.told("start")
    return f"held by force after {waited:.1f} s, {still}; started again, {c.up()}"


def _stop(c):
    """One graceful stop. Then the count that the program left behind is overwritten, so that it cannot pass for new."""
    c.told("stop")
    c.state("offline")
    c.still()
    where = c.page + c.remote["PIL_CTRL_COUNT"]
    c.guest.run(f"devmem {where:#x} 64 {MARK}")
    if c.qemu.monitor.read_words(where, 1) != [MARK]:
        raise NotSeen("the heartbeat of the stopped program could not be overwritten", "the test itself")


def _drift(times):
    """How long the first and the last cycles took."""
    part = len(times) // 4
    first, last = sum(times[:part]) / part, sum(times[-part:]) / part
    return f"{first:.2f} s each at first, {last:.2f} s at last"


def stop_and_start(c):
    """Every cycle is a complete one, the last like the first."""
    c.running()
    times = []
    for cycle in range(CYCLES):
        began = time.monotonic()
        _stop(c)
        c.told("start")
        c.state("running")
        seen = c.heart.advances(10)
        if not seen or seen[1] >= MARK:
            raise NotSeen(f"no heartbeat of a new program in cycle {cycle + 1}", "build/guest/secure.log")
        times.append(time.monotonic() - began)
    c.counts([(c.kernel_count, UP, CYCLES), (c.kernel_count, STOPPED, CYCLES), (c.kernel_count, "timed out", 0),
              (c.kernel_count, CRASHED, 0), (c.secure_count, RUNS, CYCLES), (c.secure_count, ACCEPTED, CYCLES),
              (c.secure_count, r"adsp: INIT_IMAGE accepted: ", CYCLES), (c.secure_count, r".* refused: ", 0),
              (c.secure_count, r"adsp: SHUTDOWN accepted: was RUNNING, ", CYCLES)])
    return f"{CYCLES} stops and starts, each counted once by kernel, service and program; {_drift(times)}"


def crash_and_recover(c):
    """The driver's own recovery, again and again."""
    c.running()
    linux, secure = c.linux_from, c.secure_from
    times = []
    for _ in range(CYCLES):
        began = time.monotonic()
        c.mark()
        c.request("PIL_CTRL_FATAL")
        c.recovered("fatal error")
        times.append(time.monotonic() - began)
    c.linux_from, c.secure_from = linux, secure
    c.counts([(c.kernel_count, CRASHED + "fatal error$", CYCLES), (c.kernel_count, CRASHED, CYCLES),
              (c.kernel_count, UP, CYCLES), (c.secure_count, RUNS, CYCLES), (c.secure_count, ACCEPTED, CYCLES),
              (c.secure_count, r"adsp: SHUTDOWN accepted: was CRASHED, ", CYCLES),
              (c.secure_count, r"adsp: SHUTDOWN accepted: ", CYCLES), (c.secure_count, r".* refused: ", 0)])
    return f"{CYCLES} crashes, each counted once by kernel, service and program; {_drift(times)}"


def _guest_bytes(c, path, offset, count):
    """@count bytes of a file in the guest."""
    for _ in range(5):
        _, lines = c.guest.run(f"tail -c +{offset + 1} {path} | head -c {count} | base64 -w 0")
        try:
            data = base64.b64decode("".join(lines), validate=True)
        except ValueError:
            continue			# a message of the kernel broke in
        if len(data) == count:
            return data
    raise NotSeen(f"{path} has no {count} bytes at {offset}", "build/guest/linux.log")


def _sections(c, path):
    """{name: size} of the sections of an ELF32 file in the guest."""
    header = _guest_bytes(c, path, 0, 52)
    if header[:6] != b"\x7fELF\x01\x01" or struct.unpack_from("<H", header, 16) != (4,):
        raise NotSeen(f"{path} is no ELF32 core file: {header[:20].hex()}", "build/guest/linux.log")
    shoff, = struct.unpack_from("<I", header, 32)
    shentsize, shnum, shstrndx = struct.unpack_from("<HHH", header, 46)
    table = _guest_bytes(c, path, shoff, shentsize * shnum)
    rows = [struct.unpack_from("<10I", table, i * shentsize) for i in range(shnum)]
    names = _guest_bytes(c, path, rows[shstrndx][4], rows[shstrndx][5])
    return {names[row[0]:names.index(b"\0", row[0])].decode(): row[5] for row in rows}


def _fetch(c, path):
    """The contents of a large file of the guest that holds little: compressed on the way."""
    c.guest.run(f"gzip -c {path} >{path}.gz", 60)
    _, lines = c.guest.run(f"wc -c <{path}.gz")
    size = int(lines[-1])
    parts = [_guest_bytes(c, f"{path}.gz", at, min(FETCH, size - at)) for at in range(0, size, FETCH)]
    return gzip.decompress(b"".join(parts))


def _shown(core):
    """What 'pilot dump show' says of a core file: (document, text)."""
    with open(CORE, "wb") as file:
        file.write(core)
    logs = os.path.join(DIRECTORY, "secure.log")
    args = ("dump", "show", CORE, "--board", os.path.join(DIRECTORY, "host.dtb"), "--secure-log", logs)
    return json.loads(images.tool(*args, "--json")), images.tool(*args)


def _explained(core, carveout_size, allowed):
    """The tool names the carve-out, and what is in it is what the fuses' debug policy says."""
    shown, text = _shown(core)
    region = next(r for r in shown["regions"] if r["size"] == carveout_size)
    if (region["name"], region["peripheral"], shown["kind"], shown["missing"]) != ("adsp", "adsp", "sections", 0):
        raise NotSeen(f"the dump's region is not adsp's carve-out: {region}", CORE)
    if not any("fatal error: asked to fail" in line for line in shown["secure_log"]):
        raise NotSeen("the secure log's words are not beside the dump", CORE)
    notes = {note["id"] for note in shown["notes"]}
    if not allowed:
        if region["contents"] != "zero" or "cleared" not in notes or shown["note"]:
            raise NotSeen(f"the carve-out should be all zero, and the tool should say why: {text}", CORE)
        return "all zero, as the debug policy wants it"
    words = [(word["source"], word["text"]) for word in shown["last_words"]]
    note = shown["note"]
    if region["contents"] != "data" or ("note", "asked to fail") not in words or "locked" not in notes:
        raise NotSeen(f"the program's note is not in the dump: {text}", CORE)
    pc, base = int(note["registers"]["pc"], 16), int(region["address"], 16)
    if not note["fatal"] or "runs" not in note["lines"] or not base <= pc < base + carveout_size:
        raise NotSeen(f"the note does not say what happened: {note}", CORE)
    cut = _half(core[:len(core) // 2])
    return f"its last words {words[0][1]!r} at pc {pc:#x}, after {note['lines']}; {cut}"


def _half(core):
    """What the tool says of a dump that is cut off; its exit status is 1."""
    path = CORE + ".cut"
    with open(path, "wb") as file:
        file.write(core)
    done = subprocess.run([images.TOOL, "dump", "show", "--json", path], capture_output=True, text=True, check=False)
    shown = json.loads(done.stdout)
    if done.returncode != 1 or not shown["missing"] or not shown["note"]:
        raise NotSeen(f"half of the dump is not shown as such: {done.stderr}", path)
    return f"of half of the file {shown['missing']} bytes are missing, and the note is found"


def coredump(c, carveout_size, allowed):
    """The driver finds the minidump table in SMEM and makes a core file of what it lists; pilot dump show explains it.

    @allowed: the fuses' debug policy lets the host see what ran.
    """
    c.running()
    c.guest.write(f"{REMOTEPROC}/coredump", "enabled")
    if c.guest.read(f"{REMOTEPROC}/coredump") != "enabled":
        raise NotSeen("coredump could not be enabled", "build/guest/linux.log")
    try:
        c.request("PIL_CTRL_FATAL")
        beats = c.recovered("fatal error")
        for bad in ("Minidump TOC not found", "Failed with error", "invalid copy request", "Minidump not enabled"):
            c.counts([(c.kernel_count, bad, 0)])
        _, entries = c.guest.run("ls -1 /sys/class/devcoredump")
        dumps = [entry for entry in entries if entry.startswith("devcd")]
        if len(dumps) != 1:
            raise NotSeen(f"{len(dumps)} dumps in /sys/class/devcoredump; 1 expected", "build/guest/linux.log")
        data = f"/sys/class/devcoredump/{dumps[0]}/data"
        c.guest.run(f"cat {data} >/tmp/core", 30)
        sections = _sections(c, "/tmp/core")
        core = _fetch(c, "/tmp/core")
    finally:
        c.guest.write(f"{REMOTEPROC}/coredump", "disabled")
        c.guest.run("for d in /sys/class/devcoredump/devcd*/data; do echo 0 >$d; done; rm -f /tmp/core /tmp/core.gz")
    if carveout_size not in sections.values():
        raise NotSeen(f"no section of {carveout_size} bytes in the dump: {sections}", "build/guest/linux.log")
    told = _explained(core, carveout_size, allowed)
    return f"{dumps[0]} is an ELF core file with sections {sections}: {told}; the program runs again, {beats}"


def _unplugged(c, leave, come):
    """The driver goes while the program runs; then it comes back and starts it again."""
    c.running()
    c.guest.run_once(leave, 30)
    c.secure(r"adsp: SHUTDOWN accepted: was RUNNING, .*", 10, "the core was held")
    c.kernel(STAMP + r"remoteproc remoteproc0: releasing adsp$", 10, "the driver let go of adsp")
    still = c.still()
    if c.guest.run(f"test -e {REMOTEPROC}")[0] == 0:
        raise NotSeen("the remote processor is still in sysfs", "build/guest/linux.log")
    c.mark()
    c.guest.run_once(come, 30)
    return f"{still}; back again: {c.up()}"


def unbound_driver(c):
    """Unbinding the device holds the core."""
    return _unplugged(c, f"echo remoteproc-adsp >{DRIVER}/unbind", f"echo remoteproc-adsp >{DRIVER}/bind")


def removed_driver(c):
    """Removing the module holds the core."""
    return _unplugged(c, "rmmod qcom_q6v5_pas", "insmod /modules/qcom_q6v5_pas.ko")

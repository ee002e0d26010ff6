# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: CPUs of the host go and come, call at once, and are interrupted while they call."""

import time

from bench import ACCEPTED, CRASHED, STOPPED
from guest import REMOTEPROC
from steps import STAMP, UP, NotSeen
from tap import Skipped

CALLERS_CYCLES = 5
LARGE = "adsp-large.mbn"
LARGE_BYTES = 8 << 20
INTERRUPTED = r"service: adsp: request was interrupted (\d+) times?$"


def _cpu(c, number, value):
    c.guest.write(f"/sys/devices/system/cpu/cpu{number}/online", value)


def _several(c):
    """The numbers of the host's CPUs, of which one can be spared."""
    if c.options.host_cpus < 2:
        raise Skipped("the host has one CPU only")
    return set(range(c.options.host_cpus))


def off(c, number, left):
    """Switch one of the host's CPUs off; @left are the numbers of those that stay."""
    c.mark()
    _cpu(c, number, 0)
    c.kernel(STAMP + rf"psci: CPU{number} killed", 10, f"CPU {number} is off")
    c.online(left)


def on(c, number, then):
    """Switch one of the host's CPUs on; @then are the numbers of those that are online with it."""
    c.mark()
    _cpu(c, number, 1)
    c.kernel(STAMP + rf"CPU{number}: Booted secondary processor", 10, f"CPU {number} is on")
    c.online(then)


def hotplug(c):
    """Each CPU of the host goes off and on; the remote core, which is no CPU of the host, runs on."""
    every = _several(c)
    c.running()
    seen = []
    for number in sorted(every):
        off(c, number, every - {number})
        seen.append(c.beats())
        on(c, number, every)
    c.state("running")
    return f"CPUs {sorted(every)} went off and came on; while each was off: {', '.join(seen)}"


def start_from_the_last_cpu(c):
    """With all others off, the one that is left stops and starts the remote processor."""
    every = _several(c)
    c.running()
    last = max(every)
    for number in sorted(every - {last}):
        off(c, number, every - set(range(number + 1)))
    c.online({last})
    try:
        c.mark()
        c.told("stop")
        c.secure(r"adsp: SHUTDOWN accepted: was RUNNING, .*", 10, "it held the core")
        c.state("offline")
        c.still()
        c.mark()
        c.told("start")
        c.secure(ACCEPTED + ".*", 15, "it accepted the image")
        seen = c.up()
    finally:
        for number in sorted(every - {last}):
            _cpu(c, number, 1)
    c.online(every)
    return f"only CPU {last} was online, and its calls stopped and started adsp: {seen}"


def calls_at_once(c):
    """A shell on each CPU starts and stops, another reports crashes, another asks for the state."""
    c.offline()
    cycle = f"echo start >{REMOTEPROC}/state; echo stop >{REMOTEPROC}/state"
    others = [f"while :; do cat {REMOTEPROC}/state; done >/dev/null",
              "while sleep 0.3; do echo 2 >/sys/kernel/debug/remoteproc/remoteproc0/crash; done"]
    shells = [f"taskset -c {cpu} sh -c 'for i in $(seq {CALLERS_CYCLES}); do {cycle}; done'"
              for cpu in range(c.options.host_cpus)]
    typed = "O=; P=; " + "".join(f"({other}) 2>/dev/null & O=\"$O $!\"; " for other in others)
    typed += "".join(f"({shell}) 2>/dev/null & P=\"$P $!\"; " for shell in shells)
    if c.guest.run_once(f"{typed} wait $P; kill $O", 90) is None:
        raise NotSeen("the calls did not come back within 90 s", "build/guest/linux.log: hung task?")
    c.state("offline", 20)
    still = c.still()
    ups, crashes = c.kernel_count(UP), c.kernel_count(CRASHED)
    if ups < 1:
        raise NotSeen("no start came through", "build/guest/linux.log")
    accepted = c.secure_count(ACCEPTED)
    held = c.secure_count(r"adsp: SHUTDOWN accepted: was (?:RUNNING|CRASHED), ")
    if accepted != held:
        raise NotSeen(f"{accepted} starts accepted, but {held} cores held", "build/guest/secure.log")
    stops = c.kernel_count(STOPPED)
    c.mark()
    c.told("start")
    return (f"{accepted} starts and as many stops in the secure world, {stops} stops and {crashes} crashes in Linux; "
            f"offline at last, {still}; then {c.up()}")


def _watch(c, pattern, word, seconds):
    """Look at a word of memory until the secure log has @pattern. Returns (match, time of the end, [(time, value)])."""
    looks = []
    until = c.by(seconds)
    while time.monotonic() < until:
        value = c.qemu.monitor.read_words(word, 1)[0]
        now = time.monotonic()
        found = c.qemu.secure.find("^" + STAMP + pattern + "$", c.secure_from)
        if found:
            return found, now, looks
        looks.append((now, value))
        time.sleep(0.01)
    raise NotSeen("the large image was not accepted", "build/guest/secure.log")


def large_image(c):
    """While the secure world hashes 8 MiB, interrupts come through and the host goes on."""
    c.offline()
    c.guest.write(f"{REMOTEPROC}/firmware", LARGE)
    counter = c.page + 0x800		# behind everything that the remote program uses
    work = [f"taskset -c {cpu} sh -c 'while :; do :; done'" for cpu in range(c.options.host_cpus)]
    work.append(f"(i=0; while :; do i=$((i+1)); devmem {counter:#x} 64 $i; done)")
    c.guest.run("P=; " + "".join(f"{command} & P=\"$P $!\"; " for command in work) +
                f"taskset -c {c.options.host_cpus - 1} sh -c 'echo start >{REMOTEPROC}/state' & W=$!")
    try:
        found, end, looks = _watch(c, ACCEPTED + r".*, (\d+) segments, (\d+) bytes, (\d+) us", counter, 60)
    finally:
        c.guest.run("kill $P; wait $W", 60)
    size, seconds = int(found.group(2)), int(found.group(3)) / 1e6
    if size < LARGE_BYTES:
        raise NotSeen(f"only {size} bytes were checked", "build/guest/secure.log")
    counts = {value for when, value in looks if when > end - seconds}
    if len(counts) < 3:
        raise NotSeen(f"nothing else went on during the {seconds:.1f} s: counts {sorted(counts)}",
                      "build/guest/linux.log")
    seen = c.up()
    # the first such line behind the decision is about the same request
    line = c.qemu.secure.find(f"^{STAMP}{ACCEPTED}.*\n(?:.*\n)*?{STAMP}{INTERRUPTED}", c.secure_from)
    times = int(line.group(1)) if line else 0
    if times < 2:
        raise NotSeen(f"the authentication was interrupted {times} times", "build/guest/secure.log")
    return (f"{size} bytes in {seconds:.1f} s, interrupted {times} times; meanwhile another program counted from "
            f"{min(counts)} to {max(counts)}; {seen}")

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Soak: adsp and cdsp are started, crash, recover and are stopped by the stock driver, thousands of times; prints TAP.

A shell in the guest goes round for each of them, both at once. What it does is counted line by line in the kernel's and in the
secure log. Between two batches, with everything stopped, the service's state is read from outside and must be what it was
before the first batch, to the last byte; what the stacks and pools needed must not grow, nor what Linux keeps in memory.
"""

import argparse
import os
import re
import signal
import statistics
import sys

import bench
from guest import CDSP, REMOTEPROC
from inside import Inside
from paths import BUILD, Trouble
from steps import STAMP, NotSeen
from tap import Tap

import options as machine_options

DIRECTORY = os.path.join(BUILD, "soak")
BATCH = 20
WINDOW = 200			# cycles at the beginning and at the end whose times are compared
DRIFT = 2.0			# what would be gross; the figure itself is printed
CYCLE_LIMIT = 60.0		# seconds that nobody waits longer for one cycle
LEAST_STACK_LEFT = 1024
LEAK = 512			# bytes per cycle that Linux may keep: less than any object of a start
LOOP = 20000			# turns of a loop that does nothing: how fast the machine is just now

# $1: the driver's directory in sysfs, $2: in debugfs, $3: the program's control page, $4: cycles. A program that starts writes its
# magic number. Every other crash is one that only Linux knows of.
WORKER = """soak() {{
i=0; while [ $i -lt $4 ]; do i=$((i+1))
echo start >$1/state || echo soak: start failed
devmem $3 64 0
if [ $((i%2)) = 0 ]; then devmem $(($3+{request})) 32 {fatal}; else echo 2 >$2/crash; fi
n=0; until [ $(devmem $3 64) = 0x{magic:016X} ] && [ $(cat $1/state) = running ]; do
n=$((n+1)); [ $n -lt 2000 ] || {{ echo soak: no recovery; break; }}; done
echo stop >$1/state || echo soak: stop failed
done; }}"""

COMES = {"INIT_IMAGE accepted: ": 2, "AUTH_AND_RESET accepted: ": 2, "SHUTDOWN accepted: was CRASHED, ": 0.5,
         "SHUTDOWN accepted: was RUNNING, ": 1.5, "SHUTDOWN accepted: ": 2}
LINUX = {r"crash detected in {0}: type fatal error$": 1, r"crash detected in {0}: ": 1,
         r"remote processor {0} is now up$": 2, r"stopped remote processor {0}$": 2}


def _most(look):
    """Of any peripheral's crypto pool, in a look."""
    return max(pool[3] for pool in look[2] if pool)


def _range(lines, which):
    """The least and the most of one kind of lines in a batch; the last batch may be a short one."""
    counts = [pair[which] for pair in lines[:-1] or lines]
    return f"{min(counts)} to {max(counts)}"


class Soak:
    """@c is the bench; both remote processors are stopped between batches."""

    def __init__(self, c, platform):
        self.c = c
        self._pages = {name: platform["VIRT_CTRL"] + platform["VIRT_CORE_" + name.upper()] * platform["VIRT_CTRL_SIZE"]
                       for name in ("adsp", "cdsp")}
        self._inside = Inside(c.qemu.monitor, c.options.cpus - 1)
        self._first = None
        self.cycles = 0
        self.looks = []		# (cycles, stacks, pools, kernel's memory in KiB)
        self.times = {"adsp": [], "cdsp": []}
        self.speeds = []	# seconds of the loop, per batch
        self.lines = []		# (lines of the kernel, of the secure world) per batch

    def prepare(self):
        """Define the worker in the guest's shell; stop both."""
        text = WORKER.format(request=self.c.remote["PIL_CTRL_REQUEST"], fatal=self.c.remote["PIL_CTRL_FATAL"],
                             magic=self.c.remote["PIL_CTRL_MAGIC_VALUE"])
        for line in text.splitlines():
            self.c.guest.type(line)
        for remoteproc in (REMOTEPROC, CDSP):
            if self.c.guest.state(remoteproc) != "offline":
                self.c.guest.write(f"{remoteproc}/state", "stop")
            self.c.state("offline", 20, remoteproc)
        self._look()

    def _speed(self):
        """Seconds, by the guest's clock, that it takes to do nothing LOOP times."""
        _, lines = self.c.guest.run(f"read a b </proc/uptime; i=0; while [ $i -lt {LOOP} ]; do i=$((i+1)); done; "
                                    "read c d </proc/uptime; echo $a $c", 120)
        before, after = map(float, lines[-1].split())
        return after - before

    def _counts(self, cycles):
        """Every line that must be there is, and as often as it must."""
        c = self.c
        expected = [(c.secure_count, r".* refused: ", 0), (c.kernel_count, "timed out", 0)]
        for core, name in enumerate(("adsp", "cdsp")):
            expected += [(c.secure_count, f"{name}: {text}", int(times * cycles)) for text, times in COMES.items()]
            expected += [(c.secure_count, rf"shim: core {core}: program: runs$", 2 * cycles)]
            expected += [(c.kernel_count, STAMP + rf"remoteproc remoteproc{core}: " + text.format(name),
                          int(times * cycles)) for text, times in LINUX.items()]
        c.counts(expected, 30)

    def _note_times(self):
        """When each cycle ended: its SHUTDOWN is every second one."""
        secure = self.c.qemu.secure.since(self.c.secure_from)
        for name, times in self.times.items():
            found = re.findall(rf"^\[ *(\d+\.\d+)\] {name}: (INIT_IMAGE|SHUTDOWN) accepted: ", secure, re.MULTILINE)
            stamps = [float(stamp) for stamp, _ in found]
            times += [stamps[i + 3] - stamps[i] for i in range(0, len(stamps) - 3, 4)]

    def batch(self, cycles):
        """@cycles on each remote processor, an even number."""
        c = self.c
        c.qemu.linux.forget(c.qemu.linux.position())
        c.qemu.secure.forget(c.qemu.secure.position())
        c.mark()
        debug = "/sys/kernel/debug/remoteproc/remoteproc"
        done = c.guest.run_once(f"soak {REMOTEPROC} {debug}0 {self._pages['adsp']:#x} {cycles} & P=$!; "
                                f"soak {CDSP} {debug}1 {self._pages['cdsp']:#x} {cycles}; wait $P", CYCLE_LIMIT * cycles)
        if done is None:
            raise NotSeen(f"{cycles} cycles did not end", "build/soak/linux.log")
        said = [line for line in done[1] if line.startswith("soak: ")]
        if said:
            raise NotSeen(f"in the guest: {said}", "build/soak/linux.log")
        for remoteproc in (REMOTEPROC, CDSP):
            c.state("offline", 20, remoteproc)
        self._counts(cycles)
        self._note_times()
        self.lines.append((c.qemu.linux.since(c.linux_from).count("\n"), c.qemu.secure.since(c.secure_from).count("\n")))
        c.no_complaint(c.linux_from)
        self.cycles += 2 * cycles
        self.speeds.append(self._speed())
        self._look()

    def _look(self):
        """The service's state is what it was before the first batch."""
        everything, parts, free = self._inside.ledgers()
        if not free:
            raise NotSeen(f"after {self.cycles} cycles a gate is not free", "a request that never ended")
        if self._first is None:
            self._first = everything, parts
        for name, now in parts.items():
            if now != self._first[1][name]:
                raise NotSeen(f"after {self.cycles} cycles the ledger {name!r} is not what it was:\n"
                              f"{self._first[1][name].hex()}\n{now.hex()}", "a leak in the service")
        if everything != self._first[0]:
            where = next(i for i, pair in enumerate(zip(everything, self._first[0])) if pair[0] != pair[1])
            raise NotSeen(f"after {self.cycles} cycles the service's state differs, at byte {where}", "a leak in the service")
        self.looks.append((self.cycles, self._inside.stacks(), self._inside.pools(), self._linux_keeps()))

    def _linux_keeps(self):
        """KiB that Linux cannot give back: slabs that are in use, stacks, page tables, and what is lost to all."""
        self.c.guest.run("sync; echo 3 >/proc/sys/vm/drop_caches")
        _, lines = self.c.guest.run("cat /proc/meminfo")
        found = dict(re.match(r"(\w+\)?(?:\(\w+\))?): +(\d+)", line).groups() for line in lines if re.match(r"\w+: ", line))
        return {name: int(found[name]) for name in ("MemFree", "MemAvailable", "Slab", "SUnreclaim", "VmallocUsed", "Percpu")}

    def ledgers(self):
        """What batch() has compared."""
        return (f"{self.cycles} cycles, half of them of adsp and half of cdsp, looked at {len(self.looks)} times with both "
                f"stopped: {len(self._first[0])} bytes of the service's state never changed")

    def needs(self):
        """Stacks and pools have not grown since the first batch; nothing is left in a pool."""
        size = self._inside.stack_size()
        first, last = self.looks[0], self.looks[-1]
        for index, (before, after) in enumerate(zip(first[1], last[1])):
            if size - after < LEAST_STACK_LEFT:
                raise NotSeen(f"request stack {index}: {after} of {size} bytes used", "firmware/service/offsets.h")
        for cycles, _, pools, _ in self.looks:
            for index, pool in enumerate(pools):
                if pool and pool[:3] != (0, 0, False):
                    raise NotSeen(f"after {cycles} cycles crypto pool {index} (used, failed, damaged) is {pool[:3]}",
                                  "crypto/mbedtls/pool.c")
        return (f"most stack used after {first[0]} cycles {max(first[1])} bytes, after {last[0]} {max(last[1])}, of {size}; "
                f"crypto pools empty every time, most ever used of one after {first[0]} cycles {_most(first)} bytes, "
                f"after {last[0]} {_most(last)}")

    def linux(self):
        """What Linux keeps does not grow by an object for each cycle."""
        begin = self.looks[len(self.looks) // 4]
        end = self.looks[-1]
        cycles = end[0] - begin[0] or 1
        slab = (end[3]["SUnreclaim"] - begin[3]["SUnreclaim"]) * 1024 / cycles
        free = (begin[3]["MemFree"] - end[3]["MemFree"]) * 1024 / cycles
        if cycles > WINDOW and max(slab, free) > LEAK:
            raise NotSeen(f"Linux keeps {slab:.0f} bytes of slabs, {free:.0f} of all memory more after each cycle: "
                          f"{begin}, {end}", "a leak in the driver, or the secure world makes it leak")
        return (f"from cycle {begin[0]} to {end[0]}: {slab:+.0f} bytes of slabs and {free:+.0f} of all memory per cycle; "
                f"{end[3]}; lines of a whole batch: kernel {_range(self.lines, 0)}, secure world {_range(self.lines, 1)}")

    def drift(self):
        """The last cycles take as long as the first, as the machine is fast."""
        told = []
        for name, times in self.times.items():
            window = min(WINDOW, len(times) // 4)
            first, last = statistics.median(times[:window]), statistics.median(times[-window:])
            batches = max(1, round(len(self.speeds) * window / len(times)))
            speed = statistics.median(self.speeds[-batches:]) / statistics.median(self.speeds[:batches])
            ratio = last / first / speed
            told.append(f"{name}: median of the first {window} cycles {first * 1000:.0f} ms, of the last {last * 1000:.0f} ms; "
                        f"the machine itself took {speed:.2f} times as long, so {ratio:.2f}")
            if ratio > DRIFT:
                raise NotSeen("; ".join(told), "what takes longer and longer?")
        return "; ".join(told)


def _run(soak, cycles):
    """All batches."""
    soak.prepare()
    while soak.cycles < cycles:
        soak.batch(min(BATCH, (cycles - soak.cycles) // 2))
        print(f"# {soak.cycles} cycles", flush=True)
    return soak.ledgers()


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=2000, metavar="N",
                        help="in all, half of them on each remote processor; a multiple of 4 (2000)")
    cycles = parser.parse_args().cycles
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    try:
        if cycles < 8 or cycles % 4:
            raise Trouble(f"--cycles {cycles}: a multiple of 4 from 8 on is needed")
        platform = bench.constants.platform()
        options = machine_options.from_environment(platform["VIRT_RAM_MIN"])
        print(f"# {options.text()}", flush=True)
        qemu, c = bench.boot(options, [], 300 + CYCLE_LIMIT * cycles, directory=DIRECTORY)
        with qemu:
            if not tap.test("machine_comes_up", bench.come_up, c):
                raise Trouble("the machine did not come up")
            soak = Soak(c, platform)
            if tap.test("cycles_leave_no_trace_in_any_ledger", _run, soak, cycles):
                tap.test("stacks_and_pools_do_not_grow", soak.needs)
                tap.test("linux_keeps_nothing_of_a_cycle", soak.linux)
                tap.test("cycles_take_no_longer", soak.drift)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

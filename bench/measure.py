# SPDX-License-Identifier: BSD-2-Clause
"""Time and memory of programs."""

import os
import statistics
import subprocess
import time


class MeasureError(Exception):
    """A program could not be measured; the text says which and why."""


def ratio(ours, other):
    """Ours by the other's; more than 1 is worse."""
    if not other:
        raise MeasureError("a program that took nothing cannot be compared with")
    return ours / other


def _start(args, env, cpus):
    """Start a program, held to @cpus."""
    environment = dict(os.environ, **env) if env else None
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus)		# inherited: what taskset does
    try:
        return subprocess.Popen(args, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
    finally:
        os.sched_setaffinity(0, before)


def _finish(process, args):
    """Wait for a program that must succeed. Returns the CPU time that it took in seconds."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise MeasureError(f"{' '.join(args[:8])}: status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def alternate(commands, rounds, cpus):
    """Median times of @commands (name: (arguments, environment)), which take turns so that load hits them alike."""
    samples = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, (args, env) in commands.items():
            start = time.perf_counter()
            cpu = _finish(_start(args, env, cpus), args)
            if turn:		# the first turn fills the page cache
                samples[name].append((time.perf_counter() - start, cpu))
    return {name: {"clock": statistics.median(clock for clock, _ in times),
                   "cpu": statistics.median(cpu for _, cpu in times)} for name, times in samples.items()}


def _status(pid):
    """Own memory (RssAnon) and the peak of everything resident (VmHWM) in bytes, or None when the program has ended.

    The peak in its rusage is of no use: it includes that of the program that started it.
    """
    values = {}
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(("RssAnon:", "VmHWM:")):
                    values[line.split(":")[0]] = int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        return None
    return (values["RssAnon"], values["VmHWM"]) if len(values) == 2 else None


def memory(args, rounds):
    """Median over runs of the highest sample of a program's memory while it ran."""
    cpus = os.sched_getaffinity(0)
    peaks = []
    for _ in range(rounds):
        process = _start(args, None, cpus)
        samples = []
        while process.poll() is None:
            sample = _status(process.pid)
            if sample:
                samples.append(sample)
        if process.returncode != 0 or not samples:
            raise MeasureError(f"{' '.join(args[:8])}: status {process.returncode}, {len(samples)} samples of its memory")
        peaks.append((max(own for own, _ in samples), max(resident for _, resident in samples)))
    return {"own": statistics.median(own for own, _ in peaks),
            "resident": statistics.median(resident for _, resident in peaks)}

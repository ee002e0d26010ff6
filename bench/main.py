#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measure pilot image as ratios to other programs that run in turn with it, on images made for the purpose; and the firmware.

Every figure is a median of several runs after one to warm up, of time by the clock and of time on the CPU. Nothing here
is a test: no figure is compared with a limit. What cannot be measured on this machine is listed as skipped, with why.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

from images import plain_elf
from measure import MeasureError, alternate, memory, ratio

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PILOT = os.path.join(TOP, "build", "native", "tools", "pilot", "pilot")
COST = os.path.join(TOP, "tests", "guest", "cost.py")
TEE = os.path.join(TOP, "bench", "tee", "cost.py")
BUILD_TEE = os.path.join(TOP, "scripts", "build_tee.sh")
STARTS = os.path.join(TOP, "tests", "guest", "starts.py")
CORPUS = os.path.join(TOP, "build", "corpus", "files")
QTESTSIGN = os.path.join(TOP, "build", "parts", "qtestsign")
MIB = 1 << 20
LARGE = 22 * MIB		# the largest of the real images
MANY = (200, 128 << 10)		# how many images in the directory, and their size
MEMORY = (MIB, 64 * MIB)
SIGN = ("--soc", "0x6019", "--oem", "1", "--model", "0", "--sw-id", "4")


class Bench:
    """The images, the programs and what was measured."""

    def __init__(self, pilot, rounds, directory):
        self.pilot = pilot
        self.rounds = rounds
        self.directory = directory
        self.keys = os.path.join(directory, "keys")
        self.cpus = sorted(os.sched_getaffinity(0))
        self.results = []
        self.firmware = {}
        self.firmware_rows = []
        self.tee, self.tee_rows = {}, []
        self.starts = {}
        self.skipped = []
        self._run(pilot, "keys", "new", self.keys)
        usage = subprocess.run([pilot, "image", "verify", "--help"], stdout=subprocess.PIPE, text=True, check=False)
        self.has_jobs = "--jobs" in usage.stdout

    @staticmethod
    def _run(*args):
        done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise MeasureError(f"{' '.join(args)}: status {done.returncode}: {done.stdout.strip()}")

    def path(self, name):
        """A file of this run."""
        return os.path.join(self.directory, name)

    def sign_command(self, elf, out):
        """How pilot makes @out from @elf."""
        return [self.pilot, "image", "sign", elf, "-o", out, "--keys", self.keys, *SIGN]

    def image(self, name, size, seed=1):
        """A signed image of about @size bytes; the plain ELF file stays beside it."""
        elf, out = self.path(name + ".elf"), self.path(name + ".mbn")
        with open(elf, "wb") as file:
            file.write(plain_elf(size, seed))
        self._run(*self.sign_command(elf, out))
        return elf, out

    def verify_command(self, files, jobs=1):
        """How pilot verifies @files."""
        root = ["--root", os.path.join(self.keys, "root.crt")]
        return [self.pilot, "image", "verify", *root, *(["--jobs", str(jobs)] if self.has_jobs else []), *files]

    def compare(self, what, commands, cpus=1):
        """Time @commands, a dict from name to (arguments, environment); the first is compared with each other one."""
        times = alternate(commands, self.rounds, self.cpus[:cpus])
        ours, *others = times
        for other in others:
            self.results.append({
                "what": what, "program": ours, "compared_with": other,
                "seconds": times[ours], "compared_seconds": times[other],
                "ratio_clock": ratio(times[ours]["clock"], times[other]["clock"]),
                "ratio_cpu": ratio(times[ours]["cpu"], times[other]["cpu"])})

    def skip(self, what, why):
        """Something that was not measured."""
        self.skipped.append({"what": what, "why": why})


def digests(files):
    """The floor: the bare SHA-384 of the same bytes, by every program for it that this machine has."""
    programs = {"openssl dgst": ["openssl", "dgst", "-sha384"], "sha384sum": ["sha384sum"]}
    return {name: (args + files, None) for name, args in programs.items() if shutil.which(args[0])}


def bench_verify(bench):
    """One large image, and a directory of small ones, against the floor; one thread against two."""
    _, large = bench.image("large", LARGE)
    many = [bench.image(f"small{i}", MANY[1], i)[1] for i in range(MANY[0])]
    for what, files in ((f"verify one image, {LARGE // MIB} MiB", [large]),
                        (f"verify {MANY[0]} images of {MANY[1] >> 10} KiB", many)):
        floor = digests(files)
        if floor:
            bench.compare(what, {"pilot": (bench.verify_command(files), None)} | floor)
        else:
            bench.skip(what, "this machine has neither openssl nor sha384sum")
    what = f"verify {MANY[0]} images, two threads"
    if not bench.has_jobs:
        bench.skip(what, "pilot image verify has no option --jobs")
    elif len(bench.cpus) < 2:
        bench.skip(what, "one CPU")
    else:
        bench.compare(what, {"pilot --jobs 2": (bench.verify_command(many, 2), None),
                             "pilot --jobs 1": (bench.verify_command(many, 1), None)}, 2)


def bench_corpus(bench):
    """Every real image, and the largest one: what "make corpus" has unpacked."""
    done = subprocess.run([bench.pilot, "image", "verify", "--json", CORPUS], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False) if os.path.isdir(CORPUS) else None
    if not done or done.returncode not in (0, 1):
        bench.skip("verify the real images", "they are not there (make corpus)")
        return
    images = [image["file"] for image in json.loads(done.stdout)["images"] if "table" in image]
    good = sorted((file for file in images if genuine(bench.pilot, file)), key=os.path.getsize)
    for files in (good, good[-1:]):
        what = f"verify {len(files)} real images, {sum(map(os.path.getsize, files)) // MIB} MiB"
        command = [bench.pilot, "image", "verify", "--jobs"]
        bench.compare(what, {"pilot": ([*command, "1", *files], None)} | digests(files))
        if len(files) > 1 and len(bench.cpus) > 1:
            bench.compare(what, {"pilot --jobs 2": ([*command, "2", *files], None),
                                 "pilot --jobs 1": ([*command, "1", *files], None)}, 2)


def genuine(pilot, file):
    """Can @file be verified? The unsigned ones end a command with status 1, which is not measured."""
    return not subprocess.run([pilot, "image", "verify", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode


def bench_sign(bench):
    """Hash table and hash segment from a plain ELF file. qtestsign fills the signature with 0xff; pilot makes it."""
    what = "sign, version 6, 4 MiB"
    program = os.path.join(QTESTSIGN, "usr", "bin", "qtestsign")
    python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    env = {"PYTHONPATH": os.path.join(QTESTSIGN, "usr", "lib", "python3", "dist-packages")}
    if not os.path.exists(program):
        bench.skip(what, "qtestsign is not unpacked (scripts/setup/tools.py qtestsign)")
        return
    if subprocess.run([python, "-c", "import cryptography"], stderr=subprocess.DEVNULL, check=False).returncode:
        bench.skip(what, f"qtestsign needs the module cryptography of {python} (package python3-cryptography)")
        return
    elf, _ = bench.image("plain", 4 * MIB)
    bench.compare(what, {"pilot": (bench.sign_command(elf, bench.path("ours.mbn")), None),
                         "qtestsign": ([python, program, "adsp", elf, "-v", "6", "-o", bench.path("theirs.mbn")], env)})


def bench_memory(bench):
    """Peak memory of verifying a small and a large image."""
    peaks = [memory(bench.verify_command([bench.image(f"mem{size}", size)[1]]), bench.rounds) for size in MEMORY]
    small, large = peaks
    bench.results.append({
        "what": f"memory of verify, {MEMORY[1] // MIB} MiB against {MEMORY[0] // MIB} MiB", "program": "pilot",
        "compared_with": "pilot", "bytes": large, "compared_bytes": small,
        "ratio_own": ratio(large["own"], small["own"]), "ratio_resident": ratio(large["resident"], small["resident"])})


def bench_firmware(bench):
    """Calls, authentication, waits, sizes and stacks of the firmware, in instructions and bytes: tests/guest/cost.py."""
    done = subprocess.run([COST, "--json"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        bench.skip("the firmware, in instructions", done.stdout.strip())
        return
    measured = json.loads(done.stdout)
    bench.firmware, bench.firmware_rows = measured["figures"], measured["rows"]


def bench_tee(bench):
    """Pilot's remoteproc TA and OP-TEE's own in one OP-TEE, in instructions: bench/tee/cost.py."""
    for command in ([BUILD_TEE, "--bench"], [TEE]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            bench.skip("arrangement tee, in instructions", done.stderr.strip())
            return
    measured = json.loads(done.stdout)
    bench.tee, bench.tee_rows = measured["figures"], measured["rows"]


def bench_starts(bench):
    """From start to running under the stock kernel, arrangement owner against guest and against the digest: tests/guest/starts.py."""
    done = subprocess.run([STARTS, "--json", "--rounds", str(bench.rounds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode != 0:		# a start that failed, or no machine at all: never a figure
        raise MeasureError(f"from start to running: {done.stderr.strip()}")
    bench.starts = json.loads(done.stdout)


def machine():
    """What the figures were measured on."""
    model = ""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"cpu": model or platform.machine(), "cpus": os.cpu_count(), "load": os.getloadavg()[0]}


def print_table(report):
    """The report for people."""
    host = report["machine"]
    print(f"{host['cpu']}, {host['cpus']} CPUs, load {host['load']:.1f} before; median of {report['rounds']} runs")
    print(f"{'what':42} {'program':15} {'compared with':15} {'ms':>8} {'ms':>8} {'clock':>7} {'CPU':>7}")
    for row in report["results"]:
        if "seconds" not in row:
            continue
        ours, other = row["seconds"]["clock"] * 1000, row["compared_seconds"]["clock"] * 1000
        print(f"{row['what']:42} {row['program']:15} {row['compared_with']:15} {ours:8.1f} {other:8.1f} "
              f"{row['ratio_clock']:7.2f} {row['ratio_cpu']:7.2f}")
    for row in report["results"]:
        if "bytes" not in row:
            continue
        for key, name in (("own", "own memory"), ("resident", "with mapped file")):
            print(f"{row['what']}, {name}: {row['bytes'][key] >> 10} KiB against {row['compared_bytes'][key] >> 10} KiB, "
                  f"ratio {row['ratio_' + key]:.2f}")
    for row in report["skipped"]:
        print(f"skipped: {row['what']}: {row['why']}")


def print_firmware(bench):
    """The firmware's figures, and the one ratio: authentication against the plain digest."""
    for what, figure, unit, most in bench.firmware_rows:
        number = f"{figure:.2f}" if isinstance(figure, float) else str(figure)
        print(f"firmware: {what:88} {number:>12} {unit}" + (f", at most {most}" if most else ""))
    if bench.firmware:
        per_byte = bench.firmware["per_byte"]
        print(f"firmware: a byte of authentication against a byte of the plain digest, ratio "
              f"{ratio(per_byte['authentication'], per_byte['plain-sha384']):.2f}")
        for kind, unit in (("build", "instructions"), ("entries", "entries")):
            found = bench.firmware[kind]
            for way in (name for name in found if name.endswith("-blocks")):
                place = way.removesuffix("-blocks")
                print(f"firmware: translation table of 256 MiB, {place}, {unit}: a call for each page against one call, ratio "
                      f"{ratio(found[place + '-pages'], found[way]):.1f}")


def print_tee(rows):
    """Pilot's remoteproc TA and OP-TEE's own."""
    for what, figure, unit, _ in rows:
        print(f"tee: {what:88} {figure:14.2f} {unit}")


def print_starts(starts):
    """Starts under Linux: the same images on two machines."""
    print(f"starts: {starts['machine']}; median of {starts['rounds']}")
    for line in starts["table"].splitlines():
        print(f"starts: {line}")


def main():
    """Entry point: 0 when everything that can be measured here was."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pilot", default=PILOT, help="the program to measure (default: the one in build/native)")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each command (default: 7)")
    parser.add_argument("--json", action="store_true", help="print a JSON document")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds takes a number from 1, not {options.rounds}")
    try:
        with tempfile.TemporaryDirectory(prefix="pilot-bench-") as directory:
            report = {"machine": machine(), "rounds": options.rounds}
            bench = Bench(os.path.abspath(options.pilot), options.rounds, directory)
            for part in (bench_verify, bench_corpus, bench_sign, bench_memory, bench_firmware, bench_tee, bench_starts):
                part(bench)
    except (MeasureError, OSError) as error:
        print(f"pilot: bench: {error}", file=sys.stderr)
        return 1
    report |= {"results": bench.results, "skipped": bench.skipped, "firmware": bench.firmware,
               "tee": bench.tee, "starts": bench.starts}
    if options.json:
        json.dump(report, sys.stdout, indent=1)
        print()
    else:
        print_table(report)
        print_firmware(bench)
        print_tee(bench.tee_rows)
        print_starts(report["starts"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

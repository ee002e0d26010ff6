#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Malformed and genuine images through the SCM door of the real firmware, and calls that are interrupted.

A program that boots in the host's place issues the calls (tests/guest/door). An image counts as refused only if the
call that had to refuse it got the right negative status, the secure log has exactly one refusal, with the right
reason, between this image and the one before, and the secure world answers afterwards. Prints TAP; the exit status is
0 only when all passed.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "boards", "virt", "run"))

import constants					# noqa: E402
import machine						# noqa: E402
import options as machine_options			# noqa: E402
from paths import BUILD, Trouble, built			# noqa: E402
from qemu import Qemu					# noqa: E402

OUT = os.path.join(BUILD, "door")
ARCHIVER = os.path.join(BUILD, "native", "tests", "guest", "door", "door_archive")
RESULT = "result.json"
LIMIT = 600			# seconds, for all of it
LEAST_MALFORMED = 60
LEAST_CPUS = 4
TESTS = (
    "large_genuine_image_is_accepted_across_interruptions",
    "large_forged_image_is_refused_across_interruptions",
    "pending_interrupt_interrupts_every_time_under_a_new_number",
    "wrong_number_resumes_nothing",
    "interrupted_call_resumes_only_once",
    "without_an_interrupted_call_nothing_resumes",
    "second_request_for_a_suspended_peripheral_gets_ebusy",
    "shutdown_ends_a_suspended_auth",
    "init_image_ends_a_suspended_auth",
    "interrupted_shutdown_is_ended_by_another_one",
    "auth_that_is_never_resumed_costs_nothing",
    "request_as_fast_call_is_refused",
    "interrupted_call_resumes_on_another_cpu",
    "call_may_move_to_another_cpu_at_every_interruption",
    "of_two_cpus_that_resume_the_same_call_one_wins",
    "several_cpus_may_call_at_once",
    "several_cpus_may_call_at_once_and_be_interrupted",
    "metadata_must_be_in_the_hosts_memory",
    "metadata_need_not_be_aligned",
    "buffers_of_the_resource_table_must_be_in_the_hosts_memory",
    "psci_knows_no_remote_core",
    "psci_starts_no_cpu_outside_of_ram",
    "calls_of_service_and_shim_are_not_the_hosts",
)
# No test before this one shuts the peripheral down more than once.
FORGED, FORGED_LOG = TESTS[1], [("AUTH_AND_RESET", "HASH_SEGMENT")]
CALLS = ("INIT_IMAGE", "MEM_SETUP", "AUTH_AND_RESET", "SHUTDOWN")
REFUSED = re.compile(r"adsp: (\w+) refused: (\w+): ")
IMAGE_ENDS = "adsp: SHUTDOWN accepted: "


@dataclass(frozen=True)
class Expected:
    """What must become of one image."""

    name: str
    call: str		# the call that must refuse it, or "-"
    status: int
    reason: str


def read_expected(path):
    """All images of the archive, in its order."""
    images = []
    with open(path, encoding="ascii") as text:
        for line in text:
            name, call, status, reason = line.split()
            images.append(Expected(name, call, int(status), reason))
    malformed = sum(image.call != "-" for image in images)
    if malformed < LEAST_MALFORMED:
        raise Trouble(f"the archive has {malformed} malformed images; {LEAST_MALFORMED} are promised")
    return images


def make_files(platform):
    """Archive and flash. Returns a dict from what machine.command_line() wants to paths."""
    os.makedirs(OUT, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(OUT, RESULT))		# an old result must not pass for this run's
    done = subprocess.run([ARCHIVER, OUT], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{ARCHIVER} failed with {done.returncode}: {(done.stdout + done.stderr).strip()}")
    files = {"flash.bin": os.path.join(OUT, "flash.bin"), "Image": built("door.bin"),
             "initrd": os.path.join(OUT, "archive.bin"), "host.dtb": os.path.join(OUT, "host.dtb")}
    with open(files["flash.bin"], "wb") as flash:
        flash.write(machine.assemble_flash(platform, os.path.join(OUT, "fuses.bin")))
    return files


def boot(platform, files, options):
    """Run the program to its end. Returns the host's serial text, the secure one, and what went wrong or None."""
    arguments = machine.command_line(options, platform, files)
    with Qemu(arguments, os.path.join(OUT, "host.log"), os.path.join(OUT, "secure.log")) as qemu:
        status = qemu.wait(time.monotonic() + LIMIT)
        host, secure = qemu.linux.since(0), qemu.secure.since(0)
    if status is None:
        return host, secure, f"not done after {LIMIT} s"
    if status != 0:
        return host, secure, f"QEMU ended with {status}: {qemu.errors()}"
    if "door: done" not in host.splitlines():
        return host, secure, "it ended early"
    return host, secure, None


def parse_image(line):
    """(status by call, does the door answer) from a line of the program."""
    words = line.split()
    statuses = {call: int(words[words.index(call) + 1]) for call in CALLS if call in words}
    return statuses, words[-2:] == ["answers", "yes"]


def judge(image, line, log):
    """What is wrong with the line and the part of the secure log that belong to @image, or None."""
    statuses, answers = parse_image(line)
    refusals = REFUSED.findall("\n".join(log))
    wanted = []
    if image.call == "-":
        if set(statuses.values()) != {0} or "AUTH_AND_RESET" not in statuses:
            return f"not accepted: {line}"
    else:
        wanted = [(image.call, image.reason)]
        earlier = [statuses[call] for call in CALLS[:CALLS.index(image.call)] if call in statuses]
        later = [call for call in CALLS[CALLS.index(image.call) + 1:-1] if call in statuses]
        if image.status >= 0 or statuses.get(image.call) != image.status or any(earlier) or later:
            return f"{image.call} should have answered {image.status}: {line}"
    if refusals != wanted:
        return f"the secure log has {refusals} instead of {wanted}"
    if statuses["SHUTDOWN"] != 0 or not answers:
        return f"the secure world does not answer afterwards: {line}"
    return None


def split_log(secure):
    """Lines of the secure log, one list for each image: its SHUTDOWN is the end."""
    parts = [[]]
    for line in secure.splitlines():
        parts[-1].append(line)
        if IMAGE_ENDS in line:
            parts.append([])
    return parts


def judge_all(images, host, secure):
    """(name, what is wrong or None) for each image and each test."""
    lines = host.splitlines()
    said = [line for line in lines if line.startswith("image ")]
    parts = split_log(secure)
    results = []
    for number, image in enumerate(images):
        if number >= len(said) or said[number].split()[1] != image.name:
            wrong = "the program did not come to it"
        else:
            wrong = judge(image, said[number], parts[number])
        end = "is_accepted" if image.call == "-" else f"is_refused_as_{image.reason}"
        results.append((f"{image.name} {end}", wrong))
    return results + judge_tests(lines, parts[len(images):])


def judge_tests(lines, parts):
    """(name, what is wrong or None) for each test; @parts of the secure log, each up to a SHUTDOWN."""
    results = []
    for name in TESTS:
        passed = lines.count(f"test {name}") == 1
        wrong = None if passed else "see the lines before it in build/door/host.log"
        if passed and name == FORGED and REFUSED.findall("\n".join(parts[TESTS.index(FORGED)])) != FORGED_LOG:
            wrong = f"the secure log does not have {FORGED_LOG}"
        results.append((name, wrong))
    run = {line.split()[-1] for line in lines if line.startswith("test ")}
    return results + [(name, "not on the list of tests/guest/door.py") for name in sorted(run - set(TESTS))]


def report(results, host, trouble):
    """Print TAP, keep the same in result.json. Returns the exit status."""
    results = results + [("program_ends_by_system_off", trouble)]
    print(f"1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}" + (f" # {wrong}" if wrong else ""))
    with open(os.path.join(OUT, RESULT), "w", encoding="ascii") as record:
        json.dump({"steps": [{"name": name, "ok": not wrong} for name, wrong in results]}, record, indent=1)
    for line in host.splitlines():
        if line.startswith("# ") or line.startswith("payload: unexpected"):
            print(f"# {line.removeprefix('# ')}")
    return 1 if any(wrong for _, wrong in results) else 0


def main():
    """Build the files, boot, judge. Returns the exit status."""
    platform = constants.platform()
    try:
        files = make_files(platform)
        options = machine_options.from_environment(platform["VIRT_RAM_MIN"])
        if options.smp < LEAST_CPUS:
            raise Trouble(f"SMP={options.smp}: the tests need {LEAST_CPUS} CPUs, one of them the remote core")
        machine.compile_tree(options, platform["VIRT_INITRD"], files["host.dtb"])
        images = read_expected(os.path.join(OUT, "expected.txt"))
        host, secure, trouble = boot(platform, files, options)
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return report(judge_all(images, host, secure), host, trouble)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Malformed and genuine images through the SCM door of the real firmware, and calls that are interrupted.

A program that boots in the host's place issues the calls (tests/guest/door). An image counts as refused only if the
call that had to refuse it got the right negative status, the secure log has exactly one refusal, with the right
reason, between this image and the one before, and the secure world answers afterwards. Prints TAP; the exit status is
0 only when all passed.
"""

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass

from host_program import RESULT, HostProgram, Trouble

LIMIT = 600			# seconds, for all of it
LEAST_MALFORMED = 60
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
    "get_rsctable_ends_a_suspended_auth",
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
    "every_peripheral_takes_its_own_image_and_no_other",
    "all_that_share_nothing_are_there_at_once",
    "full_and_lite_image_of_a_core_take_turns",
    "two_companions_of_one_carve_out_take_turns",
)
# Under a hypervisor these, too; each with lines of the secure log, and how many of them there are in all.
GUEST_TESTS = {
    "host_at_el1_reaches_no_memory_of_others": (r"hypervisor: CPU 0: access to 0xba000000 stopped", 2),
    "host_at_el1_is_locked_out_of_a_live_carve_out": (r"hypervisor: adsp: carve-out 0xb0000000 is out of the host's reach", None),
    "init_image_gives_a_live_carve_out_back_first": (r"hypervisor: adsp: streams abort, carve-out is the host's again", None),
    "init_image_that_is_refused_gives_it_back_too": (r"hypervisor: adsp: INIT_IMAGE refused: metadata is not in", None),
    "host_at_el1_is_locked_out_while_an_image_is_verified": (r"access to 0xb0000000 stopped", None),
    "refused_image_gives_the_carve_out_back": (r"adsp: AUTH_AND_RESET refused: HASH_SEGMENT", None),
    "abandoned_auth_gives_the_carve_out_back": (r"adsp: SHUTDOWN accepted", None),
    "calls_of_the_hypervisor_are_not_the_hosts": (r"host: SHM_BRIDGE_ENABLE accepted", 1),
    "image_is_placed_in_its_own_carve_out_only": (r"adsp: MEM_SETUP refused: PAS_MEM_RANGE", None),
    "host_at_el1_has_no_hypercalls": (r"hypervisor: up: ", 1),
    "its_gets_no_table_outside_of_the_hosts_memory": (r"hypervisor: CPU 0: ITS: command (?:0x8|0x29) refused", 5),
}
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


def judge_guest(lines, secure):
    """(name, what is wrong or None) for each test that is run under a hypervisor only."""
    results = []
    for name, (pattern, count) in GUEST_TESTS.items():
        seen = len(re.findall(pattern, secure))
        wrong = None if lines.count(f"test {name}") == 1 else "see the lines before it in host.log"
        if not wrong and (seen != count if count is not None else not seen):
            wrong = f"{seen} lines of the secure log have {pattern!r}"
        results.append((name, wrong))
    return results


def judge_all(images, host, secure, guest):
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
    return results + judge_tests(lines, parts[len(images):], GUEST_TESTS if guest else ()) + \
        (judge_guest(lines, secure) if guest else [])


def judge_tests(lines, parts, others):
    """(name, what is wrong or None) for each test but @others; @parts of the secure log, each up to a SHUTDOWN."""
    results = []
    for name in TESTS:
        passed = lines.count(f"test {name}") == 1
        wrong = None if passed else "see the lines before it in host.log"
        if passed and name == FORGED and REFUSED.findall("\n".join(parts[TESTS.index(FORGED)])) != FORGED_LOG:
            wrong = f"the secure log does not have {FORGED_LOG}"
        results.append((name, wrong))
    run = {line.split()[-1] for line in lines if line.startswith("test ")}
    return results + [(name, "not on the list of tests/guest/door.py") for name in sorted(run - set(TESTS) - set(others))]


def report(results, host, trouble, out):
    """Print TAP, keep the same in @out/result.json. Returns the exit status."""
    results = results + [("program_ends_by_system_off", trouble)]
    print(f"1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}" + (f" # {wrong}" if wrong else ""))
    with open(os.path.join(out, RESULT), "w", encoding="ascii") as record:
        json.dump({"steps": [{"name": name, "ok": not wrong} for name, wrong in results]}, record, indent=1)
    for line in host.splitlines():
        if line.startswith("# ") or line.startswith("payload: unexpected"):
            print(f"# {line.removeprefix('# ')}")
    return 1 if any(wrong for _, wrong in results) else 0


def main():
    """Build the files, boot, judge. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arrangement", default="owner", choices=("owner", "guest"), help="guest: under the hypervisor, at EL1")
    arguments = parser.parse_args()
    try:
        program = HostProgram("door", "guest/door/door_archive", arrangement=arguments.arrangement)
        images = read_expected(os.path.join(program.out, "expected.txt"))
        host, secure, trouble = program.run(LIMIT)
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return report(judge_all(images, host, secure, arguments.arrangement == "guest"), host, trouble, program.out)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A hostile host at EL2, or at EL1 under the hypervisor, on all of the host's CPUs, against the real firmware: every attack by its name.

The program of tests/attack/payload carries the attacks out and looks at what it can see: answers, registers, memory. What only
the secure log shows is looked for here: what the attack announced, no fault of monitor or service, and not one image
accepted more often than the attacker was told. An attack that needs what this board lacks is skipped, with the reason. One that
this host has not the means for, because of the arrangement, is left out: it is named with the reason, and is no test. Prints TAP; the
exit status is 0 only when nothing failed.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass, field

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "guest"))

from host_program import HostProgram, Trouble, built, constants	# noqa: E402: only now is it importable

FAMILIES = ("pointers", "lengths", "races", "sessions", "states", "images", "secrets", "power", "interrupts", "dma", "streams",
            "sysregs", "exhaustion", "peripherals", "el1", "memory", "granules", "units", "confined", "handover", "bridges", "counters",
            "trace", "guest", "hidden", "guest-gic")

LIMIT = 1800			# seconds, for all attacks
MARK = 0xa77ac00000000000
MARK_HOLE = 0x0c000000		# of a host that has no GET_RSCTABLE: the address of an access that a hypervisor stops
MARKED_THERE = re.compile(r"\[ *\d+\.\d+\] hypervisor: CPU 0: access to (0xc00[0-9a-f]{4}) stopped")
MARKED = re.compile(r"\[ *\d+\.\d+\] scm: GET_RSCTABLE refused: (?:SCM_INDIRECT|PAS_NO_BRIDGE): .*(0xa77ac[0-9a-f]{11})\b")
BROKEN = r"service: fault|unexpected exception|halting|cannot start|cannot go on"
ACCEPTED = r"\w+: AUTH_AND_RESET accepted: "
# What an attack may need: bits of pilot/pas.h, and why it is skipped without them.
NEEDS = {
    "LOCK": (0x3, "the board cannot lock a carve-out (CAPABILITIES on the secure log)"),
    "FAULTS": (0x20, "the CPU has no granule protection (CAPABILITIES on the secure log); CPU=max,x-rme=on has"),
    "SECURE": (0x3, "remote cores are not in the Secure state (CAPABILITIES on the secure log)"),
}
BY_STAGE_2 = ("LOCK", "FAULTS")		# what a hypervisor does whatever the board can
CAPABILITIES = re.compile(r"service: adsp: CAPABILITIES (0x[0-9a-f]+)")
DEVICES = ("-device", "edu,bus=pcie.0,addr=1,dma_mask=0xffffffffffffffff",
           "-device", "pcie-root-port,id=hostport,bus=pcie.0,chassis=9,slot=9,addr=2",
           "-device", "edu,bus=hostport,addr=0,dma_mask=0xffffffffffffffff")


@dataclass
class Attack:
    """What the host's line said of one attack."""

    family: str
    name: str
    must: str = ""
    end: str = ""
    reason: str = ""
    accepted: int = 0
    needs: list = field(default_factory=list)
    log: list = field(default_factory=list)
    said: list = field(default_factory=list)


def parse(host):
    """All attacks that began, in their order."""
    attacks = []
    for line in host.splitlines():
        word, _, rest = line.partition(" ")
        if word == "attack" and " " in rest:
            attacks.append(Attack(*rest.split(" ", 1)))
        elif attacks and word in ("must", "end", "reason"):
            setattr(attacks[-1], word, rest)
        elif attacks and word == "accepted":
            attacks[-1].accepted += int(rest)		# before a reset of the machine, and after it
        elif attacks and word == "needs":
            attacks[-1].needs.append(rest)
        elif attacks and word == "log":
            least, most, expression = rest.split(" ", 2)
            attacks[-1].log.append((expression, int(least), int(most)))
        elif attacks and word in ("#", "payload:"):
            attacks[-1].said.append(line)
    return attacks


def split_log(secure):
    """The lines of the secure log that belong to each attack, by its number: between the marks that the attacker made."""
    parts, current = {}, []
    for line in secure.splitlines():
        mark, there = MARKED.match(line), MARKED_THERE.match(line)
        if not mark and not there:
            current.append(line)
            continue
        number = (int(mark.group(1), 16) - MARK if mark else int(there.group(1), 16) - MARK_HOLE) // 8
        if number % 2:
            parts[number // 2] = current
        current = []
    return parts


def judge(attack, log):
    """What is wrong, or None. @log: None when the attack did not come to its end."""
    if attack.end not in ("passed", "skipped"):
        return "; ".join(attack.said) or "it did not end"
    if log is None:
        return "its marks are not on the secure log"
    wrong = []
    for expression, least, most in attack.log + [(BROKEN, 0, 0)]:
        lines = sum(bool(re.search(expression, line)) for line in log)
        if not least <= lines <= most:
            wrong.append(f"{lines} lines of the secure log have {expression!r}; at least {least}, at most {most} are right")
    accepted = sum(bool(re.search(ACCEPTED, line)) for line in log)
    if accepted != attack.accepted:
        wrong.append(f"{accepted} images were accepted; the attacker was told of {attack.accepted}")
    return "; ".join(wrong) or None


def results(host, secure, guest):
    """(name, what is wrong or None, why it is skipped or None, sentence) for each attack. @guest: under the hypervisor."""
    found = CAPABILITIES.search(secure)
    has = int(found.group(1), 16) if found else 0
    parts, judged = split_log(secure), []
    attacks = parse(host)
    for number, attack in enumerate(attacks):
        wrong = judge(attack, parts.get(number))
        skipped = attack.reason if attack.end == "skipped" else None
        for bits, reason in (NEEDS[need] for need in attack.needs if not guest or need not in BY_STAGE_2):
            if has & bits != bits:
                wrong, skipped = None, reason
        judged.append((f"{attack.family}: {attack.name}", wrong, skipped, attack.must))
    begun = {attack.name for attack in attacks}
    listed = [line.split(" ", 1)[1] for line in host.splitlines() if line.startswith("list ")]
    return judged + [(name, "the program did not come to it", None, "") for name in listed if name not in begun]


def left_out(host):
    """(family, name, reason) of the attacks that this host has not the means for."""
    return [tuple(line.split(" ", 3)[1:]) for line in host.splitlines() if line.startswith("left ")]


def report(judged, left, trouble):
    """Print TAP, what was left out, and the total. Returns the exit status."""
    judged = judged + [("the program ends by SYSTEM_OFF", trouble, None, "it comes to its end")]
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for number, (name, wrong, skipped, must) in enumerate(judged, 1):
        end = "failed" if wrong else "skipped" if skipped else "passed"
        count[end] += 1
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}" + (f" # SKIP {skipped}" if end == "skipped" else ""))
        print(f"# must: {must}" + (f"\n# but: {wrong}" if wrong else ""))
    print(f"1..{len(judged)}")
    for family, name, reason in left:
        print(f"# left out: {family}: {name}: {reason}")
    print("# attacks: " + ", ".join(f"{n} {end}" for end, n in count.items()) + f"; {len(left)} left out", flush=True)
    return 1 if count["failed"] or not count["passed"] else 0


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", action="append", default=[], choices=FAMILIES, help="only this one (repeatable)")
    parser.add_argument("--arrangement", default="owner", choices=("owner", "guest"), help="guest: under the hypervisor, at EL1")
    arguments = parser.parse_args()
    chosen, guest = sum(1 << FAMILIES.index(name) for name in arguments.family), arguments.arrangement == "guest"
    try:
        program = HostProgram("attack", "attack/attack_archive", [built("program.bin")], arguments.arrangement)
        where = constants.read_header(os.path.join(TOP, "tests", "attack", "protocol.h"))["ATTACK_FAMILIES"]
        host, secure, trouble = program.run(LIMIT, [*DEVICES, "-device", f"loader,addr={where:#x},data={chosen},data-len=4"],
                                            resets=True)
        if re.findall(r"^family ([\w-]+)$", host, re.MULTILINE) != list(FAMILIES):
            trouble = trouble or "its families are not those of tests/attack/attack.py"
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return report(results(host, secure, guest), left_out(host), trouble)


if __name__ == "__main__":
    sys.exit(main())

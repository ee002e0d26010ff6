#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the secure world costs: instructions of calls, waits of the host's interrupts, code, memory, stacks.

A program in the host's place (tests/guest/cost) measures with QEMU's -icount: its clock advances by a nanosecond for each
instruction, so the figures do not depend on how busy this machine is. Prints TAP; the exit status is 0 only when all passed.
build/cost/costs.json gets all figures; with --write docs/COSTS.md gets them, too. With --json they are printed, and nothing is judged.
"""

import json
import os
import re
import sys

from host_program import TOP, HostProgram, Trouble
from paths import BUILD

sys.path.insert(0, os.path.join(TOP, "scripts"))

import sizes					# noqa: E402
import stacks					# noqa: E402

LIMIT = 1500			# seconds
ICOUNT = ("-icount", "shift=0,sleep=off")
DOCUMENT = os.path.join(TOP, "docs", "COSTS.md")
BEGIN, END = "<!-- begin measured -->\n", "<!-- end measured -->\n"
PORTABLE = 15			# instructions per byte: portable code takes more, the processor's instructions a third
TOLERANCE = 0.1			# of the document: compilers differ

MAX_WAIT = 10_000		# instructions
MAX_CODE = {"monitor": 24 << 10, "service": 160 << 10}
MAX_STACK = 0.75		# of a stack
# where the carve-out lies whose table is built: after tests/guest/cost/tables.c
TABLES = {"aligned": "aligned to 2 MiB", "page-further": "a page further", "seen-page-further": "seen by its core a page further"}
WAYS = {"blocks": "one call", "pages": "a call for each page"}
WAITS = ("init-small", "mem-setup-small", "auth-small", "shutdown-small", "init-large", "mem-setup-large", "auth-large",
         "shutdown-large", "auth-end", "auth-no-core", "init-takes-over", "shutdown-takes-over", "bridge-create", "bridge-delete")
# other processors: without the long vectors; without SHA-512 in hardware
OTHER_CPUS = {"without_long_vectors": ("max,pauth-impdef=on,sve=off,sme=off", True),
              "without_instructions_for_sha512": ("cortex-a76", False)}


def figures(host):
    """{kind: {what: number}} of the program's lines."""
    found = {}
    for kind, what, number in re.findall(r"^(cost|wait|size|kernels|build|pages|entries) (\S+) (\d+)$", host, re.MULTILINE):
        found.setdefault(kind, {})[what] = int(number)
    return found


def measure():
    """Everything, as one dict, from one run."""
    program = HostProgram("cost", "guest/cost/cost_archive")
    depths = {}
    host, _, trouble = program.run(LIMIT, ICOUNT, look=lambda monitor: depths.update(stacks.measure(monitor)))
    if trouble:
        said = [line for line in host.splitlines() if line.startswith("#")]
        raise Trouble("; ".join([trouble, *said]))
    found = figures(host)
    cost, size = found["cost"], found["size"]
    length = size["large"] - size["small"]
    plain = cost.get("plain-sha384-instructions", cost["plain-sha384-portable"])
    found["per_byte"] = {"authentication": (cost["auth-large"] - cost["auth-small"]) / length,
                         "plain-sha384": plain / size["large"],
                         "plain-sha384-portable": cost["plain-sha384-portable"] / size["large"]}
    found["stack"] = {kind: {"used": used, "size": there} for kind, (used, there) in depths.items()}
    found["code"] = {name: sizes.code(os.path.join(BUILD, "firmware"), name) for name in MAX_CODE}
    return found


def keep(found):
    """Leave the figures where other programs find them."""
    with open(os.path.join(BUILD, "cost", "costs.json"), "w", encoding="ascii") as record:
        json.dump(found, record, indent=1)


def on_other_cpu(name, cpu, instructions):
    """What is wrong with authentication on @cpu, or None; @instructions: they are what digests must be made by there."""
    os.environ["CPU"] = cpu
    host, _, trouble = HostProgram("cost", "guest/cost/cost_archive", ["quick"]).run(LIMIT, ICOUNT)
    if trouble:
        return f"{name}: {trouble}"
    found = figures(host)
    length = found["size"]["large"] - found["size"]["small"]
    fast = found["cost"]["auth-large"] - found["cost"]["auth-small"] < PORTABLE * length
    return None if fast == instructions else f"digests were {'' if fast else 'not '}made by the processor's instructions"


def rows(found):
    """(what, figure, unit, aim) of the document's table."""
    cost, per_byte = found["cost"], found["per_byte"]
    longest = max(found["wait"], key=found["wait"].get)
    table = [(f"{name}: code and constants", found["code"][name], "bytes", MAX_CODE[name]) for name in MAX_CODE]
    names = {"monitor": "monitor: stack of a CPU", "service-cpu": "service: stack of a CPU",
             "service-request": "service: stack of a request"}
    table += [(names[kind], stack["used"], "bytes", int(MAX_STACK * stack["size"])) for kind, stack in found["stack"].items()]
    table += [("call that the monitor answers", cost["monitor-call"], "instructions", None),
              ("the same with a record of the trace", cost["monitor-call-traced"], "instructions", None),
              ("null call: availability query, answered by the service", cost["null-call"], "instructions", None),
              ("query with two records by the service: IS_SUPPORTED", cost["query-traced"], "instructions", None),
              ("AUTH_AND_RESET, 8 MiB, P-384, chain of three", cost["auth-large"], "instructions", None),
              ("of that, whatever the size: four verifications, start of the core", cost["auth-small"], "instructions", None),
              ("AUTH_AND_RESET, each further byte", per_byte["authentication"], "instructions", None),
              ("plain SHA-384, same code, each byte", per_byte["plain-sha384"], "instructions", None),
              ("plain SHA-384, portable code, each byte", per_byte["plain-sha384-portable"], "instructions", None),
              (f"longest wait of an interrupt ({longest})", found["wait"][longest], "instructions", MAX_WAIT)]
    table += [(f"longest wait in {name}", found["wait"][name], "instructions", MAX_WAIT)
              for name in ("init-large", "mem-setup-large", "auth-large", "auth-end", "shutdown-large")]
    for place, where in TABLES.items():
        for way, how in WAYS.items():
            name = f"translation table of 256 MiB, {where}, {how}"
            table += [(name, found["build"][f"{place}-{way}"], "instructions", None),
                      (f"{name}: written", found["entries"][f"{place}-{way}"], "entries", None)]
    return table


def text_of(number):
    """A figure as the document has it."""
    return f"{number:.2f}" if isinstance(number, float) else str(number)


def render(found):
    """The document's table."""
    lines = ["| what | figure | unit | at most |", "|---|---|---|---|"]
    lines += [f"| {what} | {text_of(number)} | {unit} | {aim or ''} |" for what, number, unit, aim in rows(found)]
    return "\n".join(lines) + "\n"


def parts_of_document():
    """What is before the table, the table, and what is behind it."""
    with open(DOCUMENT, encoding="utf-8") as document:
        text = document.read()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise Trouble(f"{DOCUMENT}: one pair of markers expected")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before, table, after


def write_document(found):
    """Put the figures into the document."""
    before, _, after = parts_of_document()
    with open(DOCUMENT, "w", encoding="utf-8") as document:
        document.write(before + BEGIN + render(found) + END + after)


def stale(found):
    """What the document says that was not measured, or None."""
    said = re.findall(r"^\| ([^|]+) \| ([\d.]+) \| \w+ \| \d* \|$", parts_of_document()[1], re.MULTILINE)
    now = {what.partition(" (")[0]: number for what, number, _, _ in rows(found)}
    then = {what.partition(" (")[0]: float(number) for what, number in said}
    if set(now) != set(then):
        return f"other rows: {sorted(set(now) ^ set(then))}; tests/guest/cost.py --write"
    for what, number in now.items():
        # every change of the code moves the moments at which a timer strikes: of waits only the bound is promised
        if not what.startswith("longest wait") and abs(then[what] - number) > TOLERANCE * number:
            return f"{what}: {then[what]:g} there, {text_of(number)} measured; tests/guest/cost.py --write"
    return None


def judge(found):
    """(name, what is wrong or None) for each promise."""
    results = []
    for name in WAITS:
        wait = found["wait"].get(name)
        bad = None if wait is not None and wait < MAX_WAIT else f"{wait} instructions"
        results.append((f"no_interrupt_waits_{MAX_WAIT}_instructions_in_{name.replace('-', '_')}", bad))
    for name, most in MAX_CODE.items():
        bad = None if found["code"][name] <= most else f"{found['code'][name]} bytes"
        results.append((f"{name}_takes_at_most_{most >> 10}_KiB", bad))
    for kind, stack in found["stack"].items():
        bad = None if 0 < stack["used"] <= MAX_STACK * stack["size"] else f"{stack['used']} of {stack['size']} bytes"
        results.append((f"a_quarter_of_the_stack_is_never_used_{kind.replace('-', '_')}", bad))
    results.append(("figures_of_the_document_are_these", stale(found)))
    return results


def main():
    """Entry point."""
    try:
        found = measure()
        if "--write" in sys.argv[1:]:
            write_document(found)
        keep(found)
        if "--json" in sys.argv[1:]:
            json.dump({"figures": found, "rows": rows(found)}, sys.stdout)
            return 0
        results = judge(found) + [(f"authenticates_{name}", on_other_cpu(name, *how)) for name, how in OTHER_CPUS.items()]
    except (Trouble, KeyError) as error:
        print(f"Bail out! {error}")
        return 1
    print(f"1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}" + (f" # {wrong}" if wrong else ""))
    for line in render(found).splitlines():
        print(f"# {line}")
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())

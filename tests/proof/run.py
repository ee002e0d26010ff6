#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prove that the parsers stay in bounds for every input up to a size, with CBMC (scripts/setup/tools.py cbmc).

Three runs for each proof. In the first no claim may fail: ours, and CBMC's own on pointers, bounds, overflows,
conversions, shifts and the completeness of unrolled loops. In the second the end of the good path is claimed to be out
of reach, which must fail: a proof of nothing would pass the first. In the third a check is taken out of a copy of the
code, or a length made wrong, which must fail, too. Arguments: names of proofs; none: all.
"""

import argparse
import dataclasses
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
TOOL = os.path.join(TOP, "build", "parts", "cbmc")
WORK = os.path.join(TOP, "build", "proof")
LIMIT = 900		# seconds for one run of CBMC; each takes a fraction of that on a machine of its own
CHECKS = ["--bounds-check", "--pointer-check", "--pointer-overflow-check", "--pointer-primitive-check",
          "--signed-overflow-check", "--conversion-check", "--div-by-zero-check", "--undefined-shift-check",
          "--unwinding-assertions"]
UNSIGNED = ["--unsigned-overflow-check"]	# where no sum is meant to wrap


@dataclasses.dataclass
class Proof:
    """One proof: what is linked, how the code is cut up for it, and the mistake that must be noticed.

    A change is (file, text that occurs once in it, what replaces it) and is made in a copy below build/proof. Changes
    of code that the proof does not look into are models: another proof covers what is left out. Changes of loops make a
    loop one turn long: for (any_x(...); condition; next_x(...)), where the harness's any_x() claims the loop's
    invariant, gives everything that the loop writes any value and assumes the invariant, and next_x() claims it again and
    ends the run. That is proof by induction: it holds for any number of turns.
    """
    name: str
    harness: str
    sources: list
    broken: tuple
    title: str		# {NAME}: a number that the harness defines
    changes: list = dataclasses.field(default_factory=list)
    unwind: list = dataclasses.field(default_factory=lambda: ["--unwind", "9"])
    checks: list = dataclasses.field(default_factory=lambda: CHECKS + UNSIGNED)
    defines: list = dataclasses.field(default_factory=list)
    solver: str = "cadical"	# or "minisat", which is built in: the faster one where bytes are read for real


def mbn(version, broken, more=(), changes=()):
    """The proof of one header version's reader, over models that the proofs "cursor" and "zeros" stand for."""
    sources = ["tests/proof/cursor_model.c", "lib/image/mbn.c", "lib/image/mbn_regions.c",
               f"lib/image/mbn_v{version}.c", *more, "lib/auth/hash.c", "lib/reason.c"]
    return Proof(f"mbn-v{version}", "mbn.c", sources, broken, "every segment of 0 to {SIZE} bytes for 0 to {PHNUM} "
                 "program headers", [ZEROS, *changes], ["--unwind", "20"], defines=[f"-DPROOF_VERSION={version}"])


def container(part, text, instead):
    """The proof of one part of the container's reader, over models that the proofs "cursor" and "elf" stand for."""
    path = "lib/image/container.c"
    changes = [
        (path, "for (; count && !pil_cursor_failed(cursor); count--) {",
         "for (any_padding(cursor, &count); count && !pil_cursor_failed(cursor); next_padding(cursor), count--) {"),
        (path, "while (!ret && pil_cursor_left(&cursor)) {",
         "for (any_tlvs(r, &cursor); !ret && pil_cursor_left(&cursor); next_tlvs(r, &cursor, ret)) {"),
        (path, "for (i = 0; !ret && i < r->c->images; i++) {", "for (any_image(r, &cursor, &i, &table); "
         "!ret && i < r->c->images; i++, next_image(r, &cursor, i, table, ret)) {"),
        (path, "for (i = 0; i < elf->phnum; i++) {", "for (i = nondet_uint(); i < elf->phnum; i++, ASSUME(false)) {"),
    ]
    return Proof(f"container-{part}", "container.c", [CURSOR, ELF, "lib/reason.c"], (path, text, instead), BYTES, changes,
                 ["--unwind", "11", "--unwindset", "read_tlvs.0:2,read_images.0:2"],
                 defines=[f"-DPROOF_PART=prove_{part}"])


def manifest(part, sources, mistake, title, change, turns):
    """The proof of one part of the manifest's reader, over models that the proofs "cursor" and "elf" stand for."""
    path = "lib/image/manifest.c"
    turn = (path, "for (i = 1; i < elf->phnum; i++) {",
            "for (any_header(elf, &i, index, phdr); i < elf->phnum; next_header(elf, i, *index, phdr), i++) {")
    return Proof(f"manifest-{part}", "manifest.c", [*sources, "lib/reason.c"], (path, *mistake), title, [turn, *change],
                 ["--unwind", str(turns), *SHIFTS], defines=[f"-DPROOF_PART=prove_{part}"])


LOOP = """	while (bytes.size && !*bytes.data) {
		bytes.data++;
		bytes.size--;
	}
	return !bytes.size;
"""
ZEROS = ("lib/image/mbn.c", LOOP, """	CLAIM(!bytes.size || __CPROVER_r_ok(bytes.data, bytes.size), "what is compared with zero can be read");
	return nondet_u16() & 1;
""")
BY_LENGTH = ("lib/image/mbn_regions.c", "if (size != (uint64_t)phnum * pil_hash_size(digests[i]))",
             "if (size > (uint64_t)phnum * pil_hash_size(digests[i]))")
BY_NAME = ("lib/image/mbn_v7.c", "mbn->hashes.size != (uint64_t)phnum", "mbn->hashes.size > (uint64_t)phnum")
ROOT_HASH = ("lib/image/mbn_v7.c", "memcpy(b->oem_root_hash,", "any_copy(b->oem_root_hash,")
SHIFTS = ["--unwindset", "any_size.0:7"]	# the harness's own loop, where --unwind is less
COMPARISON = ("lib/image/manifest.c", "if (same_stream(&m->entry[i], e) && pil_range_overlaps(m->entry[i].range, e->range))",
              'CLAIM(i < PIL_MANIFEST_MAX, "there is an entry to compare with");\n\t\tif (nondet_u16() & 1)')
FEW = ("include/pilot/manifest.h", "#define PIL_MANIFEST_MAX 16u", "#define PIL_MANIFEST_MAX 6u")
CURSOR = "tests/proof/cursor_model.c"
ELF = "tests/proof/elf_model.c"
BYTES = "every input of 0 to {SIZE} bytes"
PROOFS = [
    Proof("cursor", "cursor.c", ["lib/image/cursor.c", "lib/reason.c"],
          ("lib/image/cursor.c", "if (size > c->size - c->pos)", "if (size > c->size)"), BYTES),
    Proof("zeros", "zeros.c", [], ("lib/image/mbn.c", "bytes.size && !*bytes.data", "!*bytes.data"), BYTES,
          [("lib/image/mbn.c", "while (bytes.size && !*bytes.data) {",
            "for (any_zeros(&bytes); bytes.size && !*bytes.data; next_zeros(bytes)) {")]),
    Proof("elf", "elf.c", [CURSOR, "lib/image/elf.c", "lib/reason.c"],
          ("lib/image/elf.c", "if (!ret && headers_end(elf) > size)", "if (!ret && headers_end(elf) > size + 1)"), BYTES),
    mbn(3, BY_LENGTH),
    mbn(5, BY_LENGTH),
    mbn(6, BY_LENGTH),
    mbn(7, BY_NAME, changes=[ROOT_HASH]),
    mbn(8, BY_NAME, ["lib/image/mbn_v7.c"], [ROOT_HASH]),
    container("regions", "header + r->tlvs.size }", "header + r->tlvs.size + PIL_CONTAINER_ALIGN }"),
    container("tlvs", "value.size % known[i].unit || ", ""),
    container("statement", "r->tlv[i].size != images * known[i].unit", "r->tlv[i].size > images * known[i].unit"),
    container("images", "c->table.size != table", "c->table.size > table"),
    Proof("rsc_table", "rsc_table.c", [CURSOR, "lib/reason.c"],
          ("lib/image/rsc_table.c", "if (size < sizeof(struct pil_rsc_header_wire))", "if (!size)"), BYTES,
          [("lib/image/rsc_table.c", "for (i = 0; !ret && i < num; i++) {",
            "for (any_entry(&c, &i); !ret && i < num; next_entry(&c, ret), i++) {")],
          ["--unwind", "2", *SHIFTS]),
    Proof("rsc_read", "rsc_read.c", [CURSOR, "lib/image/rsc_read.c", "lib/reason.c"],
          ("lib/image/rsc_read.c", "if (!pil_cursor_failed(&c))\n\t\treturn 0;\n\t*item", "if (true)\n\t\treturn 0;\n\t*item"),
          BYTES, checks=CHECKS),
    manifest("find", [ELF], ("if (candidate.filesz > PIL_MANIFEST_SIZE_MAX)", "if (false)"), "any number of program headers", [], 2),
    manifest("parse", [CURSOR, "lib/image/plan.c"], ("if (count > PIL_MANIFEST_MAX)", "if (count > PIL_MANIFEST_MAX + 1)"), BYTES,
             [COMPARISON], 18),
    manifest("overlap", [CURSOR, "lib/image/plan.c"], ("return a->sid == b->sid && ", "return a->sid == b->sid && a->sid && "),
             "every manifest of 0 to {FEW} entries", [FEW], 8),
]


class ProofError(Exception):
    """A run of CBMC did not end as it must; the text says how."""


def command(program):
    """A program of the tool with its own dynamic linker and libraries."""
    linkers = []
    for where, _, names in os.walk(os.path.join(TOOL, "usr", "lib")):
        linkers += [os.path.join(where, name) for name in names if name.startswith("ld-linux")]
    if len(linkers) != 1:
        raise ProofError(f"{TOOL} has {len(linkers)} dynamic linkers; one expected (make proof unpacks it)")
    libraries = f"{os.path.dirname(linkers[0])}:{os.path.join(TOOL, 'usr', 'lib')}"
    return [linkers[0], "--library-path", libraries, os.path.join(TOOL, "usr", "bin", program)]


def solver(proof):
    """Options for the proof's solver; CaDiCaL comes as one file that CBMC can call."""
    if proof.solver == "minisat":
        return []
    path = os.path.join(WORK, "solver")
    with open(path, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\nexec {shlex.join(command("cadical"))} -q "$@"\n')
    os.chmod(path, 0o755)
    return ["--external-sat-solver", path]


def cbmc(run, proof, changes, options):
    """One run; returns what it said. A run that neither verified nor refuted anything is an error."""
    copies = os.path.join(WORK, f"{proof.name}-{run}")
    changed = substitute(proof, changes, copies)
    sources = [os.path.join(copies, path) if path in changed else path for path in proof.sources]
    args = ["nice", "-n", "10", *command("cbmc"), *solver(proof), "--object-bits", "12", "--drop-unused-functions",
            "--slice-formula", *proof.unwind, *options, *proof.defines, "-I", copies, "-I", os.path.join(copies, "include"),
            "-I", ".", "-I", "include",
            "-I", "lib/image", "-I", "tests/proof", os.path.join("tests", "proof", proof.harness), *sources]
    path = f"{copies}.log"
    with open(path, "w", encoding="utf-8") as out, \
         subprocess.Popen(args, cwd=TOP, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                          env={**os.environ, "TMPDIR": copies}) as done:
        try:
            done.wait(LIMIT)
        except subprocess.TimeoutExpired as error:
            raise ProofError(f"not decided in {LIMIT} s ({path})") from error
        finally:
            if done.poll() is None:
                os.killpg(done.pid, signal.SIGKILL)		# with the solver, which is a process of its own
    with open(path, encoding="utf-8", errors="replace") as out:
        text = out.read()
    if done.returncode not in (0, 10) or "\nVERIFICATION " not in text:
        raise ProofError(f"CBMC ended with {done.returncode} ({path}): {text.strip().splitlines()[-1:]}")
    return text


def failed_claims(text):
    """The claims that failed, as CBMC prints them."""
    return [line for line in text.splitlines() if line.endswith(": FAILURE")]


def substitute(proof, changes, directory):
    """Write a copy of every file that is changed, under its own path below @directory. Returns the files' paths."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    texts = {}
    for path, old, new in changes:
        if path not in texts:
            with open(os.path.join(TOP, path), encoding="utf-8") as source:
                texts[path] = source.read()
        if texts[path].count(old) != 1:
            raise ProofError(f"{path} has {texts[path].count(old)} places to change; one expected: {old.strip()}")
        texts[path] = texts[path].replace(old, new)
    for path, text in texts.items():
        copy = os.path.join(directory, path)
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with open(copy, "w", encoding="utf-8") as out:
            out.write('#include "proof.h"\n' + text)
    return texts


def prove(proof):
    """Nothing fails. Returns the number of claims."""
    text = cbmc("proof", proof, proof.changes, proof.checks)
    if "VERIFICATION SUCCESSFUL" not in text:
        raise ProofError("; ".join(failed_claims(text)[:3]) or "refuted")
    return int(re.search(r"\*\* 0 of (\d+) failed", text).group(1))


def check_reach(proof):
    """Every place that the harness calls reached is."""
    text = cbmc("reach", proof, proof.changes, ["--no-standard-checks", "-DPROOF_REACH"])
    places = [line for line in text.splitlines() if "reached: " in line]
    missed = [line for line in places if not line.endswith(": FAILURE")]
    if missed or not places:
        raise ProofError(f"no input gets to {missed[:3]}: the proof is empty there")


def check_broken(proof):
    """A copy without one check is refuted."""
    text = cbmc("broken", proof, proof.changes + [proof.broken], proof.checks + ["--stop-on-fail"])
    if "VERIFICATION FAILED" not in text:
        raise ProofError(f"{proof.broken[0]} with a mistake passes as well: {proof.broken[1]}")


def title_of(proof):
    """Name and size, with the numbers that the harness defines."""
    with open(os.path.join(HERE, proof.harness), encoding="utf-8") as source:
        numbers = dict(re.findall(r"^#define (\w+) +(?:UINT64_C\()?(\d+)", source.read(), re.MULTILINE))
    return f"{proof.name}: {proof.title.format(**numbers)}"


def run(proof):
    """All runs of one proof; prints a line. Returns whether it passed."""
    title = title_of(proof)
    start = time.monotonic()
    try:
        claims = prove(proof)
        check_reach(proof)
        check_broken(proof)
    except ProofError as error:
        print(f"failed  {title}: {error}", flush=True)
        return False
    print(f"passed  {title}: {claims} claims hold; good input is accepted, a mistake is noticed "
          f"({time.monotonic() - start:.0f} s)", flush=True)
    return True


def main():
    """Entry point: 0 when every proof passed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("proofs", nargs="*", metavar="PROOF", help="names; default: all")
    options = parser.parse_args()
    unknown = set(options.proofs) - {proof.name for proof in PROOFS}
    if unknown:
        parser.error(f"no proof is called {', '.join(sorted(unknown))}")
    # an end by a signal is an end like any: the solver, in a session of its own, goes with it
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    os.makedirs(WORK, exist_ok=True)
    steps = [{"name": proof.name, "ok": run(proof)} for proof in PROOFS
             if not options.proofs or proof.name in options.proofs]
    with open(os.path.join(WORK, "result.json"), "w", encoding="utf-8") as record:
        json.dump({"steps": steps}, record, indent=1)
    failed = sum(not step["ok"] for step in steps)
    print(f"{len(steps) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

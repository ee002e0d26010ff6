#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the secure log says of one start and one stop, as docs/SEQUENCE.md has it: of adsp in arrangements owner and guest side by side, of
m33 in arrangement tee.

usage: sequence.py OWNER_LOG GUEST_LOG TEE_LOG
The logs are secure.log of `make run`, and of the same with ARRANGEMENT=guest and ARRANGEMENT=tee. Prints Markdown.
"""

import difflib
import re
import sys

STAMP = re.compile(r"^\[ *\d+\.\d+\] ")
START = (r"adsp: (?:GET_RSCTABLE|INIT_IMAGE) accepted|host: SHM_BRIDGE_CREATE accepted", r"shim: core 0: program: runs")
STOP = (r"shim: core 0: program: stops", r"hypervisor: adsp: streams abort|adsp: (?:GET_RSCTABLE|INIT_IMAGE) accepted")
TEE_START = (r"m33: LOAD_FW accepted", r"shim: core 0: program: serves the host's rings")
TEE_STOP = (r"shim: core 0: program: stops", r"m33: RELEASE_FW accepted")
TEE_OTHERS = re.compile(r"^(?!m33: |shim: core 0: )")
OTHERS = re.compile(r"cdsp|core 1|was interrupted|CPU \d|scm: ")
BRIDGE = re.compile(r"host: SHM_BRIDGE_\w+ accepted: (0x[0-9a-f]+)")
CARVEOUT = "0xb0000000"
# what differs from run to run
VARIES = ((r", \d+ us$", ""), (r"root [0-9a-f]+, ", ""), (r", handle 0x[0-9a-f]+", ""), (r" at pc 0x[0-9a-f]+", ""), (r"key [0-9a-f]+, ", ""))
HEAD = """<!-- SPDX-License-Identifier: BSD-2-Clause -->
# One start and one stop, in every arrangement

## As the traces have them

Drawn by `scripts/draw_sequence.py build/run build/run-guest build/run-tee` from the traces of real runs (`make run` in each arrangement; `pilot trace show`
prints all of them): each row is a record that the firmware wrote, or a line of the kernel's log, dated by the kernel's own word. Times are those of the run that was drawn, in
an emulator, from the first row of each part on; what lasts has its duration behind it. An arrow past the monitor is a call that it
passes on; interruptions by the host's timer are left out. `tests/guest/traces.py` draws today's run and compares.

### Owner: the host owns the IOMMU

![One start and one stop of adsp, arrangement owner](sequence-owner.svg)

### Guest: a hypervisor owns it

![One start and one stop of adsp, arrangement guest](sequence-guest.svg)

### TEE: the service is OP-TEE's

![One start and one stop of m33, arrangement tee](sequence-tee.svg)

### Video: a core that is no remoteproc

Its own driver asks for the same, and gives it a job before it stops it (arrangement owner).

![One start and one stop of the video core, arrangement owner](sequence-video.svg)

## As the secure log has them

Lines of the secure log of two real runs, `make run` and `make run ARRANGEMENT=guest`, put side by side by `scripts/sequence.py`: the
same secure world, the same signed file, the same stock driver. "host" is whoever calls from the normal world: in arrangement guest
all bridges are the hypervisor's. Why the order is so is in [DESIGN.md](DESIGN.md), sections 5 and 9.
"""


TEE_HEAD = """### Arrangement tee

The secure log of `make run ARRANGEMENT=tee`: m33's container is judged in a TA, the PTA places it, and the stub starts the shim. The shim's
lines reach OP-TEE through the stub's mailbox, and OP-TEE prints them when it next has a CPU: they may stand behind lines that came later.

"""


def lines(path, others=OTHERS):
    """Lines of a secure log that belong to adsp, or those that @others does not fit, without what varies."""
    with open(path, encoding="utf-8") as log:
        texts = [STAMP.sub("", line.strip()) for line in log]
    for pattern, other in VARIES:
        texts = [re.sub(pattern, other, text) for text in texts]
    return [text for text in texts if not others.search(text)]


def part(texts, begin, end, guest):
    """From the first line that @begin fits to the first one behind it that @end fits; with the stop's last line in @guest only."""
    first = next((i for i, text in enumerate(texts) if re.match(begin, text)), None)
    last = next((i for i in range((first or 0) + 1, len(texts)) if re.match(end, texts[i])), None)
    if first is None or last is None:
        sys.exit(f"the log of arrangement {'guest' if guest else 'owner'} has no part from {begin!r} to {end!r}")
    keep = guest or end == START[1]
    found = texts[first:last + 1 if keep else last]
    # bridges of the next peripheral may come between: adsp's are over its carve-out and over the first buffer
    bridges = [text for text in found if BRIDGE.match(text)]
    own = {CARVEOUT} | {BRIDGE.match(text).group(1) for text in bridges[:1]}
    return [text for text in found if not BRIDGE.match(text) or BRIDGE.match(text).group(1) in own]


def table(owner, guest):
    """Markdown rows; equal lines stand beside each other."""
    rows = ["| owner: Linux at EL2 | guest: Linux at EL1, hypervisor at EL2 |", "|---|---|"]
    for kind, i, j, k, m in difflib.SequenceMatcher(None, owner, guest, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [f"| {a} | {b} |" for a, b in zip(owner[i:j], guest[k:m])]
        else:
            rows += [f"| {a} | |" for a in owner[i:j]] + [f"| | {b} |" for b in guest[k:m]]
    return "\n".join(rows)


def column(title, texts):
    """A Markdown table of one column."""
    return "\n".join([f"| {title} |", "|---|", *(f"| {text} |" for text in texts)])


def main(owner, guest, tee):
    """Print the document."""
    tee = lines(tee, TEE_OTHERS)
    owner, guest = lines(owner), lines(guest)
    print(HEAD)
    for name, (begin, end) in (("Start", START), ("Stop", STOP)):
        print(f"### {name}\n\n{table(part(owner, begin, end, False), part(guest, begin, end, True))}\n")
    start, stop = part(tee, *TEE_START, True), part(tee, *TEE_STOP, True)
    print(f"{TEE_HEAD}{column('start', start)}\n\n{column('stop', stop)}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])

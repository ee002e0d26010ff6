#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Draw one start and one stop as their traces have them: docs/sequence-owner.svg, -guest.svg, -tee.svg and -video.svg.

usage: draw_sequence.py OWNER_RUN GUEST_RUN TEE_RUN [DIRECTORY]
The runs are directories of `make run`, with trace.bin and linux.log; the pictures go to DIRECTORY (docs). The video core's is drawn from the
run of arrangement owner. Every row is a record of the trace or a line of the kernel's log; nothing is drawn that was not recorded.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(TOP, "build", "native", "tools", "pilot", "pilot")
INTERRUPTED = 1
RINGS_BEFORE = 200 * 10 ** 6		# nanoseconds

LINUX, HYPERVISOR, MONITOR, SERVICE, PTA, STUB, CORE = "linux", "hypervisor", "monitor", "service", "pta", "stub", "core"
TITLES = {
    "owner": {LINUX: "Linux at EL2", MONITOR: "monitor, EL3", SERVICE: "service, S-EL1", CORE: "core 0: shim, program"},
    "guest": {LINUX: "Linux at EL1", HYPERVISOR: "hypervisor, EL2", MONITOR: "monitor, EL3", SERVICE: "service, S-EL1",
              CORE: "core 0: shim, program"},
    "tee": {LINUX: "Linux", SERVICE: "TA, S-EL0", PTA: "PTA, S-EL1", STUB: "stub, EL3 of the core", CORE: "core 0: shim, program"},
    "video": {LINUX: "Linux at EL2", MONITOR: "monitor, EL3", SERVICE: "service, S-EL1", CORE: "core 2: shim, program"},
}


class Missing(Exception):
    """A run or a trace has not what is to be drawn; the text says what."""


@dataclass
class Subject:
    """Whose start and stop: @begin names the request that a start begins with, @end the one that a stop does."""

    picture: str
    title: str
    peripheral: str
    core: int
    begin: str
    end: str
    kernel: str		# which lines of the kernel are about it


SUBJECTS = {
    "owner": Subject("owner", "adsp, arrangement owner", "adsp", 0, "GET_RSCTABLE", "SHUTDOWN", r"remoteproc0: (?!.*vendor resource)"),
    "guest": Subject("guest", "adsp, arrangement guest", "adsp", 0, "INIT_IMAGE", "SHUTDOWN", r"remoteproc0: (?!.*vendor resource)"),
    "tee": Subject("tee", "m33, arrangement tee", "m33", 0, "REGIONS", "RELEASE_FW", r"remoteproc0: (?!.*vendor resource)"),
    "video": Subject("video", "the video core, arrangement owner", "video", 2, "GET_RSCTABLE", "SHUTDOWN", r"pilot-video video-codec: "),
}


@dataclass
class Step:
    """A row of the picture: an arrow, or with @to the same as @who a note; @lasts in nanoseconds or None."""

    ns: int
    who: str
    to: str
    text: str
    back: bool = False
    lasts: int = None
    lane: str = ""		# what it is in order with: calls, core, kernel; rings: nothing, it comes when it comes

    def key(self):
        """What another run has, too: no time, no counts."""
        return f"{self.who} > {self.to}: {self.text}" if self.to != self.who else f"{self.who}: {self.text}"


def read_trace(run):
    """The events of a run, those of the kernel among them."""
    log = os.path.join(run, "linux.log")
    done = subprocess.run([TOOL, "trace", "show", "--json", *(["--log", log] if os.path.exists(log) else []), run],
                          capture_output=True, check=False)
    if done.returncode:
        raise Missing(done.stderr.decode().strip() or f"{run}: its trace cannot be read")
    return json.loads(done.stdout)["events"]


class Reader:
    """Turns events into steps of one subject."""

    def __init__(self, subject, events):
        self.subject = subject
        self.caller = HYPERVISOR if subject.picture == "guest" else LINUX
        self.keeper = STUB if subject.picture == "tee" else MONITOR	# of the core
        ids = [e["pas_id"] for e in events if e.get("peripheral") == subject.peripheral]
        if not ids:
            raise Missing(f"{subject.title}: the trace does not know {subject.peripheral}")
        self.pas_id = ids[0]
        self.owner = {}		# of what runs on a CPU: the PAS id that it is about
        self.steps = []

    def add(self, event, who, to, text, lane, **more):
        """One more row."""
        self.steps.append(Step(event["ns"], who, to, text, lane=lane, **more))

    def _call(self, event, name):
        """What the hypervisor is asked, and asks in its turn; arguments name the peripheral, or what is called on its behalf has none."""
        kind, cpu, first = event["event"], event["core"], int(event["a"], 0)
        if kind == "TRAP":
            self.owner[cpu] = int(event["b"], 0)
            if first != INTERRUPTED and self.owner[cpu] == self.pas_id:
                self.add(event, LINUX, HYPERVISOR, name.replace("hypervisor: ", "").split(" (")[0], "calls")
        elif kind == "TRAPPED":
            if first != INTERRUPTED and self.owner.get(cpu) == self.pas_id:
                self.add(event, HYPERVISOR, LINUX, name, "calls", back=True)
            self.owner.pop(cpu, None)

    def _request(self, event):
        mine = event["pas_id"] == self.pas_id or (event["pas_id"] is None and self.owner.get(event["core"]) == self.pas_id)
        if not mine:
            return
        if event["event"] == "REQUEST":
            self.add(event, self.caller, SERVICE, event["text"], "calls", lasts=event["duration_ns"])
        else:
            self.add(event, SERVICE, self.caller, event["text"], "calls", back=True)

    def _of_peripheral(self, event):
        kind = event["event"]
        if kind in ("STATE", "COUNTED"):
            self.add(event, SERVICE, SERVICE, re.sub(r" is \d+$", " advances", event["text"]), "calls")
        elif kind in ("LOCK", "VERIFY", "UNLOCK"):
            self.add(event, SERVICE, SERVICE, event["text"], "calls", lasts=event["duration_ns"])
        elif kind in ("TAKEN", "GIVEN", "MAPPED", "ABORTS"):
            self.add(event, HYPERVISOR, HYPERVISOR, re.sub(r"^carve-out \S+ \(\S+\)", "carve-out", event["text"]), "calls")
        elif kind == "COMMAND":
            self._command(event, event["text"].replace("PTA: ", ""))

    def _command(self, event, name):
        """An image goes in pieces: one row for all that follow each other."""
        last = self.steps[-1] if self.steps else None
        if name in ("WRITE", "ZERO") and last and last.to == PTA and last.text.startswith("WRITE"):
            last.text = "WRITE and ZERO"
            last.lasts = event["ns"] + (event["duration_ns"] or 0) - last.ns
            return
        self.add(event, SERVICE, PTA, name, "calls", lasts=event["duration_ns"])

    def _of_core(self, event):
        kind, number = event["event"], int(event["a"], 0)
        if kind in ("RELEASED", "HELD"):
            self.add(event, self.keeper, CORE, event["text"].split(" is ")[1], "core")
        elif kind == "ORDER":
            self.add(event, STUB, PTA, event["text"].split(": ")[1], "core", back=True)
        elif kind == "HEARD_READY":
            self.add(event, CORE, self.keeper, "ready", "core")
        elif kind == "SHIM_STARTS":
            self.add(event, CORE, CORE, event["text"].split(",")[0], "core")
        elif kind == "MASTER_GOES":
            self.add(event, CORE, CORE, event["text"], "rings")
        elif kind == "PAGES" and number == 1:
            self.add(event, CORE, CORE, "the program's first page is mapped", "core")
        elif kind == "RING_IN":
            self.add(event, LINUX, CORE, "rings", "rings")
        elif kind == "RING_OUT":
            self.add(event, CORE, LINUX, "rings", "rings")

    def read(self, event):
        """One event."""
        if event["writer"] == "kernel":
            if re.search(self.subject.kernel, event["text"]):
                text = re.sub(r", size \d+$", "", event["text"])
                self.add(event, LINUX, LINUX, text.split(": ", 1)[1], "kernel")
        elif event["event"] in ("TRAP", "TRAPPED"):
            self._call(event, event["text"])
        elif event["event"] in ("REQUEST", "ANSWER"):
            self._request(event)
        elif event["track"] == self.subject.peripheral:
            self._of_peripheral(event)
        elif event["track"] == f"core {self.subject.core}":
            self._of_core(event)


def _first(steps, since, fits):
    return next((i for i in range(since, len(steps)) if fits(steps[i])), None)


def _cut(steps, begin, end):
    """The rows from @begin to @end, both included, with rings as the first one in each direction only."""
    seen, kept = set(), []
    for step in steps[begin:end + 1]:
        if step.lane == "rings" and step.key() in seen:
            continue
        seen.add(step.key())
        kept.append(step)
    return kept


def _answered(steps, begin, end):
    """@end, or where what was asked between @begin and @end has its answer: a core may be up before."""
    asked = 0
    for i in range(begin, len(steps)):
        step = steps[i]
        if step.lane == "calls" and step.back:
            asked -= 1
        elif step.lane == "calls" and step.who in (LINUX, HYPERVISOR) and step.to != step.who:
            asked += 1
        if i >= end and asked <= 0:
            return i
    return end


def parts(subject, events):
    """(start, stop): the first start that got ready, and the first stop that no crash came before."""
    reader = Reader(subject, events)
    crashes = [e["ns"] for e in events if e["track"] == f"core {subject.core}" and e["event"] == "HEARD_CRASH"]
    for event in events:
        reader.read(event)
    steps = reader.steps
    begin = _first(steps, 0, lambda s: s.lane == "calls" and s.text == subject.begin)
    power = _first(steps, 0, lambda s: s.lane == "kernel" and ("powering up" in s.text))
    begin = min((i for i in (begin, power) if i is not None), default=None)
    ready = None if begin is None else _first(steps, begin, lambda s: s.text == "ready")
    up = None if ready is None else _first(steps, ready, lambda s: s.lane == "kernel" and re.search(r"is (now )?up$", s.text))
    if up is None:
        raise Missing(f"{subject.title}: the trace, or the kernel's log beside it, has no start that ends well")
    up = _answered(steps, begin, up)
    stop, answer = None, up
    while stop is None:
        asked = _first(steps, answer, lambda s: s.lane == "calls" and s.text == subject.end and s.to == SERVICE)
        if asked is None:
            raise Missing(f"{subject.title}: the trace has no stop without a crash before it")
        came_up = max(s.ns for s in steps[:asked] if s.text == "ready")
        answer = _first(steps, asked + 1, lambda s: s.back and s.who == SERVICE)
        stop = asked if not any(came_up < ns < steps[asked].ns for ns in crashes) else None
    # the host asks the program to stop, and it acknowledges that, shortly before
    asked = [i for i in range(up + 1, stop) if steps[i].ns > came_up
             and (steps[i].text in ("SHUTDOWN", "STOP_FW")
                  or (steps[i].lane == "rings" and steps[stop].ns - steps[i].ns < RINGS_BEFORE))]
    first, last = min(asked + [stop]), answer
    if subject.picture == "guest":
        last = _first(steps, answer, lambda s: s.who == HYPERVISOR and s.to == LINUX)
    stopped = _first(steps, last, lambda s: s.lane == "kernel")
    if stopped is not None and steps[stopped].text.startswith("stopped"):
        last = stopped
    return _cut(steps, begin, up), _cut(steps, first, last)


# --- the picture ---

LEFT, COLUMN, ROW, TOP_ROWS = 110, 200, 26, 70
STYLE = ("text{font-family:sans-serif;font-size:12px;fill:#222;stroke:#fff;stroke-width:3px;paint-order:stroke;stroke-linejoin:round}"
         "rect~text{stroke:none}.t{fill:#777;text-anchor:end}.h{font-weight:bold;text-anchor:middle}"
         ".m{text-anchor:middle}.d{fill:#777}.l{stroke:#bbb}.a{stroke:#24507a;stroke-width:1.4}.b{stroke:#24507a;stroke-dasharray:5 3}"
         ".n{fill:#f4f0dc;stroke:#c9bd85}.k{fill:#e8eef4;stroke:#a9bccd}.p{font-size:14px;font-weight:bold}")


def _ms(ns):
    return f"{ns / 1e6:.3f} ms"


class Drawing:
    """Rows of text in SVG, from the top down."""

    def __init__(self, titles):
        self.actors = list(titles)
        self.titles = titles
        self.width = LEFT + COLUMN * len(self.actors) + 20
        self.y = TOP_ROWS
        self.rows = []

    def x(self, actor):
        """The middle of an actor's column."""
        return LEFT + COLUMN * self.actors.index(actor) + COLUMN // 2

    def part(self, title, steps):
        """A heading, then the rows; times count from the first of them."""
        self.y += 34 if self.rows else 14
        self.rows.append(f'<text class="p" x="12" y="{self.y}">{escape(title)}</text>')
        self.y += 4
        for step in steps:
            self._row(step, step.ns - steps[0].ns)

    def _row(self, step, since):
        self.y += ROW
        drawn = self._note(step) if step.who == step.to else self._arrow(step)
        self.rows.append(f'<g data-lane="{step.lane}" data-step={quoteattr(step.key())}>'
                         f'<text class="t" x="{LEFT - 14}" y="{self.y}">{_ms(since)}</text>{drawn}</g>')

    def _note(self, step):
        lasts = f" ({_ms(step.lasts)})" if step.lasts else ""
        text = step.text + lasts
        width = max(90, (7.6 if text.isupper() else 6.4) * len(text) + 16)
        left = max(LEFT, min(self.x(step.who) - width / 2, self.width - width - 6))
        kind = "k" if step.lane == "kernel" else "n"
        return (f'<rect class="{kind}" x="{left:.0f}" y="{self.y - 14}" width="{width:.0f}" height="19" rx="3"/>'
                f'<text class="m" x="{left + width / 2:.0f}" y="{self.y}">{escape(text)}</text>')

    def _arrow(self, step):
        begin, end = self.x(step.who), self.x(step.to)
        tip = -7 if end > begin else 7
        lasts = f' <tspan class="d">{_ms(step.lasts)}</tspan>' if step.lasts else ""
        kind = "b" if step.back else "a"
        return (f'<line class="{kind}" x1="{begin}" y1="{self.y + 4}" x2="{end}" y2="{self.y + 4}"/>'
                f'<path fill="#24507a" d="M{end} {self.y + 4}l{tip} -4v8z"/>'
                f'<text class="m" x="{(begin + end) // 2}" y="{self.y}">{escape(step.text)}{lasts}</text>')

    def svg(self, title):
        """The file."""
        height = self.y + 24
        head = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}">',
                "<!-- SPDX-License-Identifier: BSD-2-Clause -->", "<!-- drawn by scripts/draw_sequence.py -->",
                f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", f'<rect width="{self.width}" height="{height}" fill="#fff"/>']
        for actor in self.actors:
            x = self.x(actor)
            head.append(f'<line class="l" x1="{x}" y1="44" x2="{x}" y2="{height - 10}"/>'
                        f'<rect class="k" x="{x - COLUMN // 2 + 8}" y="14" width="{COLUMN - 16}" height="28" rx="4"/>'
                        f'<text class="h" x="{x}" y="33">{escape(self.titles[actor])}</text>')
        return "\n".join(head + self.rows + ["</svg>", ""])


def draw(name, events):
    """The picture called @name."""
    subject = SUBJECTS[name]
    start, stop = parts(subject, events)
    drawing = Drawing(TITLES[name])
    drawing.part("start", start)
    drawing.part("stop", stop)
    return drawing.svg(f"One start and one stop: {subject.title}")


def lanes(svg):
    """What a picture has, in order: {lane: [step]}, without what comes when it comes."""
    found = {}
    for lane, step in re.findall(r'<g data-lane="(\w+)" data-step="([^"]*)"', svg):
        if lane != "rings":
            found.setdefault(lane, []).append(step)
    return found


def main(owner, guest, tee, directory=os.path.join(TOP, "docs")):
    """Write all pictures."""
    runs = {"owner": read_trace(owner), "guest": read_trace(guest), "tee": read_trace(tee)}
    runs["video"] = runs["owner"]
    for name, events in runs.items():
        with open(os.path.join(directory, f"sequence-{name}.svg"), "w", encoding="ascii") as out:
            out.write(draw(name, events))


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Missing as missing:
        sys.exit(str(missing))

# SPDX-License-Identifier: BSD-2-Clause
"""What the person sees, and build/run/result.json for those who cannot see."""

import json
import os
import re
import sys

_COLOURS = {"good": "32", "bad": "31", "dim": "2"}


def paint(kind, text):
    """@text in a colour, on a terminal whose owner wants colours."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{_COLOURS[kind]}m{text}\033[0m"


class Report:
    """The steps, one line each as they happen."""

    def __init__(self, names, options, directory):
        self._names = names
        self._directory = directory
        self._options = options
        self._results = []
        self._given = {}
        self._width = max(map(len, names))

    def _line(self, mark, number, name, seconds, text):
        print(f"{mark} {number:2} {name:{self._width}} {seconds:5.1f} s  {text}", flush=True)

    def step(self, name, ok, seconds, text):
        """One step ended."""
        mark = paint("good", "ok  ") if ok else paint("bad", "FAIL")
        self._line(mark, len(self._results) + 1, name, seconds, text)
        self._results.append({"name": name, "ok": ok, "seconds": round(seconds, 3), "observed": text})

    def given(self, files):
        """Which firmware the run is given: kept.keep()."""
        self._given = files

    def write(self):
        """Write result.json. Steps that were not reached are in it as failed."""
        steps = list(self._results)
        for name in self._names[len(steps):]:
            steps.append({"name": name, "ok": False, "seconds": 0.0, "observed": "not reached"})
        record = {
            "steps": steps,
            "kernel": self._options.kernel_version,
            "qemu": self._options.qemu_version,
            "cpu": self._options.cpu,
            "smp": self._options.host_cpus,
            "remote_cores": self._options.remote_cores,
            "memory": self._options.memory,
            "arrangement": self._options.arrangement,
            **self._given,
        }
        with open(os.path.join(self._directory, "result.json"), "w", encoding="utf-8") as out:
            json.dump(record, out, indent=1)
            out.write("\n")
        return sum(not step["ok"] for step in steps)


def show_tail(title, lines):
    """The end of a log, set off from the rest."""
    print(f"\n{title}")
    for line in [line for line in lines if not re.match(r"@\d+@", line)] or ["(nothing)"]:
        print(paint("dim", "  | " + line))

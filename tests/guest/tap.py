# SPDX-License-Identifier: BSD-2-Clause
"""Results in the Test Anything Protocol, one line per named test."""

import time
import traceback


class Skipped(Exception):
    """A test needs something that is not there; the text says what."""


class Tap:
    """Prints one result per test as it ends, a comment with its time and what was seen, and at last the plan."""

    def __init__(self):
        self._count = 0
        self._failed = 0

    def test(self, name, function, *args):
        """Run a test: @function returns one sentence on what it saw, or raises. True when it passed."""
        began = time.monotonic()
        try:
            return self._result(name, True, began, function(*args))
        except Skipped as why:
            return self._result(f"{name} # SKIP {why}", True, began, "not run")
        except Exception as error:			# a defect of the test counts as a failure of it too
            told = str(error) if type(error).__module__ != "builtins" else traceback.format_exc()
            return self._result(name, False, began, told)

    def _result(self, name, ok, began, text):
        self._count += 1
        self._failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self._count} - {name}")
        print(f"# {time.monotonic() - began:.1f} s: " + text.strip().replace("\n", "\n#   "), flush=True)
        return ok

    def end(self):
        """Print the plan. Returns the exit status."""
        print(f"1..{self._count}", flush=True)
        return 1 if self._failed or not self._count else 0

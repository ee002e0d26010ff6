#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The cache of downloads: what was altered in it is not used, and an index that somebody broke is no index."""

import os
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts", "setup"))

import cache				# noqa: E402
import modules				# noqa: E402
import parts				# noqa: E402
from cache import Cache			# noqa: E402


class CacheTest(unittest.TestCase):
    """One part of two files in a fresh cache."""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.cache = Cache(os.path.join(self._directory.name, "cache"))
        self._keep("7.2.0-1", [("deb", "a.deb", b"first"), ("deb", "b.deb", b"second")])

    def _keep(self, version, files, name="kernel", **more):
        with self.cache.incoming() as incoming:
            paths = []
            for role, base, data in files:
                path = os.path.join(incoming, base)
                with open(path, "wb") as out:
                    out.write(data)
                paths.append((role, path))
            self.cache.keep(name, {"version": version, **more}, paths)

    def _path(self, number):
        return self.cache.path(self.cache.part("kernel")["files"][number])

    def test_complete_part_is_used(self):
        """The base of the others: nothing is wrong yet."""
        self.assertIsNone(self.cache.damaged(self.cache.part("kernel")))
        self.assertEqual(parts.usable(self.cache, "kernel")["version"], "7.2.0-1")

    def test_altered_file_is_not_used(self):
        """One bit, the same length."""
        with open(self._path(1), "r+b") as data:
            data.write(b"t")
        self.assertEqual(self.cache.damaged(self.cache.part("kernel")), "b.deb")
        self.assertIsNone(parts.usable(self.cache, "kernel"))

    def test_missing_file_is_noticed(self):
        """A file that somebody removed."""
        os.unlink(self._path(0))
        self.assertEqual(self.cache.damaged(self.cache.part("kernel")), "a.deb")
        self.assertIsNone(parts.usable(self.cache, "kernel"))

    def test_broken_index_is_no_index(self):
        """Cut off in the middle, as by a full disk."""
        with open(os.path.join(self.cache.root, "index.json"), "w", encoding="utf-8") as out:
            out.write('{"kernel": {"version"')
        self.assertIsNone(self.cache.part("kernel"))

    def test_newer_part_replaces_the_older_one(self):
        """Files of the older one that the newer one does not have are gone."""
        old = self._path(0)
        self._keep("7.3.0-1", [("deb", "b.deb", b"third")])
        self.assertFalse(os.path.exists(old))
        self.assertIsNone(self.cache.damaged(self.cache.part("kernel")))

    def test_file_of_two_parts_stays_until_neither_has_it(self):
        """Two parts may bring the same version of a library along."""
        self._keep("1", [("deb", "a.deb", b"first")], name="tool")
        self._keep("7.3.0-1", [("deb", "b.deb", b"third")])
        self.assertIsNone(self.cache.damaged(self.cache.part("tool")))
        path = self.cache.path(self.cache.part("tool")["files"][0])
        self._keep("2", [("deb", "c.deb", b"other")], name="tool")
        self.assertFalse(os.path.exists(path))

    def test_headers_of_another_kernel_are_not_used(self):
        """Nor are those for another machine than this."""
        here = parts.host_architecture()
        self._keep("7.2.0-1", [("deb", "h.deb", b"headers")], name="headers", architecture=here)
        self.assertIsNotNone(parts.usable(self.cache, "headers"))
        self._keep("7.2.0-1", [("deb", "h.deb", b"headers")], name="headers", architecture="elsewhere")
        self.assertIsNone(parts.usable(self.cache, "headers"))
        self._keep("7.1.0-1", [("deb", "h.deb", b"headers")], name="headers", architecture=here)
        self.assertIsNone(parts.usable(self.cache, "headers"))

    def test_kernel_that_is_too_old_is_not_used(self):
        """Its driver cannot start a remote processor."""
        self._keep("6.18.0-1", [("deb", "a.deb", b"old")])
        self.assertIsNone(parts.usable(self.cache, "kernel"))


def module(needs):
    """As much of a kernel module as is looked at."""
    return b"\x7fELF\0license=GPL\0depends=" + needs.encode() + b"\0"


class OrderTest(unittest.TestCase):
    """Modules in loading order."""

    FILES = {"m/a-top.ko": module("b,c_low"), "m/b.ko": module("c-low"), "m/c-low.ko": module(""),
             "m/unasked.ko": module("")}

    def test_dependencies_come_first(self):
        """Each module after those that it needs, and nothing else."""
        order = modules.loading_order(sorted(self.FILES), self.FILES.get, set(), modules.Need(("a_top",)))
        self.assertEqual([name for name, _, _ in order], ["c_low", "b", "a_top"])

    def test_missing_module_is_named(self):
        """Neither there nor built in."""
        files = {"m/a.ko": module("gone")}
        with self.assertRaisesRegex(modules.ModuleError, "no module gone.*needed by a"):
            modules.loading_order(sorted(files), files.get, set(), modules.Need(("a",)))
        self.assertEqual(len(modules.loading_order(sorted(files), files.get, {"gone"}, modules.Need(("a",)))), 1)

    def test_damaged_module_is_an_error(self):
        """Compressed, and cut off."""
        with self.assertRaisesRegex(modules.ModuleError, "m/a.ko.xz is damaged"):
            modules.loading_order(["m/a.ko.xz"], lambda _: b"\xfd7zXZ\0", set(), modules.Need(("a",)))


class TapResult(unittest.TextTestResult):
    """One line of TAP for each test, which is how the totals of all tests are counted."""

    number = 0

    def _line(self, test, good):
        TapResult.number += 1
        print(f"{'ok' if good else 'not ok'} {TapResult.number} - {test.id().split('.')[-1]}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, False)

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, False)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stderr, resultclass=TapResult, verbosity=0))

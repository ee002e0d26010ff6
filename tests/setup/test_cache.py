#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The cache of downloads: what was altered in it is not used, and an index that somebody broke is no index. What is put into it."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts", "setup"))

import cache				# noqa: E402
import modules				# noqa: E402
import parts				# noqa: E402
import tee				# noqa: E402
from cache import Cache			# noqa: E402
from private_apt import AptError	# noqa: E402


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

    def test_other_versions_are_dropped(self):
        """Of what was built, one part for each configuration: those of another version go, with their files; other parts stay."""
        for name, version in (("built-a-1", "1"), ("built-a-2", "2"), ("built-a-3", "2"), ("built-b-1", "1")):
            self._keep(version, [("tar", f"{name}.tar", name.encode())], name=name)
        old = self.cache.path(self.cache.part("built-a-1")["files"][0])
        self.cache.drop("built-a-", "2")
        self.assertIsNone(self.cache.part("built-a-1"))
        self.assertFalse(os.path.exists(old))
        for name in ("built-a-2", "built-a-3", "built-b-1", "kernel"):
            self.assertIsNone(self.cache.damaged(self.cache.part(name)), name)

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


class SourceTest(unittest.TestCase):
    """Sources of arrangement tee, from an archive that lists more than it has."""

    class Archive:
        """It has the versions in @has, and lists those in @lists, the newest first."""

        mirror = "an archive"

        def __init__(self, lists, has):
            self._lists, self._has = lists, has

        def source_versions(self, _package):
            """What the lists say."""
            return self._lists

        def download_source(self, package, version, directory):
            """A .dsc, or what apt says when there is none."""
            if version not in self._has:
                raise AptError(f"{package} {version}: 404")
            path = os.path.join(directory, f"{package}.dsc")
            with open(path, "w", encoding="ascii") as out:
                out.write(version)
            return [path]

    def _fetch(self, *archive):
        with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stderr(io.StringIO()) as said, \
                contextlib.redirect_stdout(io.StringIO()):
            kept = Cache(directory)
            tee.fetch_source(self.Archive(*archive), kept, "tf-a-source")
            return kept.part("tf-a-source")["version"], said.getvalue()

    def test_newest_that_is_delivered_is_taken(self):
        """And that a newer one is listed is said."""
        version, said = self._fetch(["3", "2", "1"], {"2", "1"})
        self.assertEqual(version, "2")
        self.assertIn("lists arm-trusted-firmware 3 and does not deliver it", said)

    def test_none_that_is_delivered_is_an_error(self):
        """With apt's own word for the last."""
        with self.assertRaisesRegex(parts.PartError, "no source of arm-trusted-firmware.*\n.*1: 404"):
            self._fetch(["2", "1"], set())

    def test_sources_become_older_than_objects(self):
        """Whoever unpacked them, and when."""
        with tempfile.TemporaryDirectory() as directory:
            paths = [os.path.join(directory, name) for name in ("a.c", "below/b.h")]
            os.mkdir(os.path.dirname(paths[1]))
            for path in paths:
                open(path, "w", encoding="ascii").close()
            tee.settle(directory, 1)
            self.assertEqual({os.stat(path).st_mtime for path in paths}, {1.0})


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

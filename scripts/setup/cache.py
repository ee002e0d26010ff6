# SPDX-License-Identifier: BSD-2-Clause
"""The cache of downloads outside the tree: files, and an index of the parts that they belong to, with their SHA-256."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile


def default_root():
    """PILOT_CACHE, or pilot/ in the user's cache folder."""
    chosen = os.environ.get("PILOT_CACHE")
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "pilot")


def sha256_of(path):
    """The SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as data:
        for block in iter(lambda: data.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def write_json(path, value):
    """Write @value so that a reader sees the old file or the new one, never half of one."""
    directory = os.path.dirname(path)
    with tempfile.NamedTemporaryFile("w", dir=directory, delete=False, encoding="utf-8") as out:
        json.dump(value, out, indent=1, sort_keys=True)
        out.write("\n")
    os.chmod(out.name, 0o644)
    os.replace(out.name, path)


def read_json(path):
    """The value in @path, or None when there is no such file or it is damaged."""
    try:
        with open(path, encoding="utf-8") as data:
            return json.load(data)
    except (OSError, ValueError):
        return None


class Cache:
    """Parts by name. A part is {"version": ..., "files": [{"name", "role", "sha256"}], ...}."""

    def __init__(self, root):
        self.root = root
        os.makedirs(os.path.join(root, "files"), exist_ok=True)
        self._index = os.path.join(root, "index.json")

    @contextlib.contextmanager
    def locked(self):
        """Keep other runs out while parts are looked up, downloaded and unpacked."""
        with open(os.path.join(self.root, "lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def sweep(self):
        """Remove what interrupted downloads left behind. Only under the lock."""
        for name in os.listdir(self.root):
            if name.startswith("incoming-"):
                shutil.rmtree(os.path.join(self.root, name), ignore_errors=True)

    def path(self, entry):
        """Where the file of an index entry lies."""
        return os.path.join(self.root, "files", entry["name"])

    def part(self, name):
        """What the index says of a part, or None. Says nothing about the files: see damaged()."""
        part = (read_json(self._index) or {}).get(name)
        well_formed = isinstance(part, dict) and isinstance(part.get("version"), str) and part.get("files")
        return part if well_formed else None

    def damaged(self, part):
        """The first of the part's files that is missing or differs from its recorded SHA-256, or None."""
        for entry in part["files"]:
            path = self.path(entry)
            if not os.path.isfile(path) or sha256_of(path) != entry["sha256"]:
                return entry["name"]
        return None

    @contextlib.contextmanager
    def incoming(self):
        """A fresh directory to download into, in the cache itself so that files move into place by rename."""
        directory = tempfile.mkdtemp(prefix="incoming-", dir=self.root)
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def keep(self, name, part, downloaded):
        """Take files (pairs of role and path) into the cache as part @name, replacing what it was before."""
        old = self.part(name)
        part["files"] = []
        for role, path in downloaded:
            entry = {"name": os.path.basename(path), "role": role, "sha256": sha256_of(path)}
            os.replace(path, self.path(entry))
            part["files"].append(entry)
        index = read_json(self._index) or {}
        index[name] = part
        write_json(self._index, index)
        self._drop_unused(old, index)

    def drop(self, prefix, version):
        """Remove the parts whose names begin with @prefix and that are not of @version."""
        index = read_json(self._index) or {}
        old = [name for name, part in index.items() if name.startswith(prefix) and part.get("version") != version]
        removed = [index.pop(name) for name in old]
        write_json(self._index, index)
        for part in removed:
            self._drop_unused(part, index)

    def _drop_unused(self, old, index):
        kept = {entry["name"] for part in index.values() for entry in part["files"]}
        for entry in old["files"] if old else []:
            if entry["name"] not in kept:
                with contextlib.suppress(OSError):
                    os.unlink(self.path(entry))

    def last_good(self):
        """The kernel version of the last run that passed on this machine, or None."""
        return (read_json(os.path.join(self.root, "last-good.json")) or {}).get("kernel")

    def set_last_good(self, kernel):
        """Remember the kernel version of a run that passed."""
        if self.last_good() != kernel:
            write_json(os.path.join(self.root, "last-good.json"), {"kernel": kernel})

# SPDX-License-Identifier: BSD-2-Clause
"""A private apt: Debian's own downloader and signature checks, with every file that it writes below one directory."""

import functools
import os
import subprocess
import sys

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class AptError(Exception):
    """apt could not do it; the text says what was tried and what apt said."""


def _output(args, **kwargs):
    return subprocess.run(args, capture_output=True, text=True, check=False, **kwargs)


def machine_mirror():
    """The Debian archive that this machine's own apt uses, or the one named by PILOT_MIRROR."""
    chosen = os.environ.get("PILOT_MIRROR")
    if chosen:
        return chosen
    listing = _output(["apt-get", "indextargets", "--format",
                       "$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(LABEL)", "Created-By: Packages"]).stdout
    fallback = None
    for line in listing.splitlines():
        uri, release, origin, label = line.split("|")
        if (origin, label) == ("Debian", "Debian") and not uri.startswith("cdrom:"):
            return uri
        # Origin and label are known only after the machine's first "apt-get update".
        if origin == "" and "-" not in release and uri.rstrip("/").endswith("/debian"):
            fallback = fallback or uri
    if fallback:
        return fallback
    raise AptError("this machine's apt names no Debian archive; set PILOT_MIRROR to the address of one")


def _machine_transport():
    """Proxies and the like of the machine's apt, so that a private apt reaches the network the same way."""
    dump = _output(["apt-config", "dump"]).stdout.splitlines()
    wanted = ("Acquire::http::", "Acquire::https::", "Acquire::ForceIPv", "Acquire::Retries")
    return [line for line in dump if line.startswith(wanted)]


class PrivateApt:
    """apt with its own configuration, package lists and status below @root."""

    def __init__(self, root, architecture):
        self.root = os.path.abspath(root)
        self.architecture = architecture
        self.mirror = machine_mirror()
        for name in ("lists/partial", "cache/archives/partial", "etc/none.d"):
            os.makedirs(os.path.join(self.root, name), exist_ok=True)
        open(os.path.join(self.root, "status"), "a", encoding="ascii").close()
        if not os.path.exists(KEYRING):
            raise AptError(f"{KEYRING} is missing: install the package debian-archive-keyring")
        self._configure()

    def _configure(self):
        etc = os.path.join(self.root, "etc")
        none = os.path.join(etc, "none.d")
        lines = _machine_transport() + [
            f'Dir::State "{self.root}";',
            f'Dir::State::lists "{self.root}/lists";',
            f'Dir::State::status "{self.root}/status";',
            f'Dir::Cache "{self.root}/cache";',
            f'Dir::Log "{self.root}";',
            f'Dir::Etc "{etc}";',
            f'Dir::Etc::main "{etc}/none";',
            f'Dir::Etc::parts "{none}";',
            f'Dir::Etc::preferencesparts "{none}";',
            f'Dir::Etc::sourcelist "{etc}/sources.list";',
            f'Dir::Etc::sourceparts "{none}";',
            f'Dir::Etc::trustedparts "{none}";',
            f'APT::Architecture "{self.architecture}";',
            f'APT::Architectures {{ "{self.architecture}"; }};',
            'APT::Sandbox::User "root";',
            'APT::Get::List-Cleanup "false";',
            'Acquire::Languages "none";',
        ]
        with open(os.path.join(etc, "apt.conf"), "w", encoding="utf-8") as conf:
            conf.write("\n".join(lines) + "\n")

    def _run(self, *args, cwd=None):
        env = dict(os.environ, APT_CONFIG=os.path.join(self.root, "etc", "apt.conf"), LC_ALL="C")
        return _output(list(args), env=env, cwd=cwd, stdin=subprocess.DEVNULL)

    def update(self, sources):
        """Fetch the package lists of @sources and check their signatures.

        A source is a pair of ("deb" or "deb-src", suite) or a triple with a component; otherwise that is main.

        A mirror that serves a snapshot has Release files past their date. The signature is checked all the same; only
        "is this the newest?" cannot be answered then, which is said.
        """
        lines = [f"{kind} [signed-by={KEYRING}] {self.mirror} {suite} {component[0] if component else 'main'}"
                 for kind, suite, *component in sources]
        with open(os.path.join(self.root, "etc", "sources.list"), "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        strict = self._run("apt-get", "update", "-q", "--error-on=any")
        if strict.returncode == 0:
            return
        if "is not valid anymore" not in strict.stderr and "is expired" not in strict.stderr:
            raise AptError(f"no package lists of {self._suites(sources)} from {self.mirror}:\n{strict.stderr.strip()}")
        late = self._run("apt-get", "update", "-q", "--error-on=any", "-o", "Acquire::Check-Valid-Until=false")
        if late.returncode != 0:
            raise AptError(f"no package lists of {self._suites(sources)} from {self.mirror}:\n{late.stderr.strip()}")
        print(f"pilot: the archive's lists of {self._suites(sources)} are past their date (a snapshot?): "
              "signatures are good, but newer ones may exist", file=sys.stderr)

    @staticmethod
    def _suites(sources):
        return ", ".join(source[1] for source in sources)

    def candidate(self, package):
        """The newest version of @package as its fields: a dict, or None when the lists have no such package."""
        shown = self._run("apt-cache", "show", "--no-all-versions", package)
        if shown.returncode != 0 or not shown.stdout.strip():
            return None
        fields = {}
        for line in shown.stdout.split("\n\n")[0].splitlines():
            key, colon, value = line.partition(": ")
            if colon and not key.startswith(" "):
                fields[key] = value
        return fields

    def download(self, package, version, directory):
        """Download one binary package; apt checks its hash. Returns the path."""
        return self._fetch(["apt-get", "download", "-q", f"{package}={version}"], directory)[0]

    def source_versions(self, package):
        """The versions of the source package @package in the lists, the newest first."""
        shown = self._run("apt-cache", "showsrc", "--only-source", package).stdout
        versions = {line.split(": ")[1] for line in shown.splitlines() if line.startswith("Version: ")}

        def compare(one, other):
            return 1 if _output(["dpkg", "--compare-versions", one, "gt", other]).returncode == 0 else -1

        return sorted(versions, key=functools.cmp_to_key(compare), reverse=True)

    def source_version(self, package):
        """The newest version of the source package @package in the lists, or None."""
        return next(iter(self.source_versions(package)), None)

    def download_source(self, package, version, directory):
        """Download one source package: the .dsc first, then the files that it names. apt checks their hashes."""
        return self._fetch(["apt-get", "source", "-q", "--download-only", f"{package}={version}"], directory)

    def _fetch(self, command, directory):
        before = set(os.listdir(directory))
        done = self._run(*command, cwd=directory)
        if done.returncode != 0:
            raise AptError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
        new = sorted(set(os.listdir(directory)) - before, key=lambda name: (not name.endswith(".dsc"), name))
        if not new:
            raise AptError(f"{' '.join(command)} left no file")
        return [os.path.join(directory, name) for name in new]

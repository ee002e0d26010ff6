#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sections of docs/SPEC.md and docs/DESIGN.md that comments of the code name exist.

usage: sections.py SOURCE_ROOT
"""

import os
import re
import sys

DOCUMENTS = ("SPEC.md", "DESIGN.md")
FOLDERS = ("include", "lib", "crypto", "firmware", "boards", "tools", "tests")
SUFFIXES = (".c", ".h", ".S", ".py", ".sh", ".ld", ".build", ".dts")
# a comment may break the line inside of the reference
REFERENCE = re.compile(r"docs/(SPEC|DESIGN)\.md[\s*]+sections?[\s*]+(\d+(?:\.\d+)?)")


def headings(path):
    """The section numbers that a document has."""
    with open(path, encoding="utf-8") as document:
        return set(re.findall(r"^##+ (\d+(?:\.\d+)?)[. ]", document.read(), re.MULTILINE))


def references(root):
    """All references: (file, document, section)."""
    for folder in FOLDERS:
        for where, _, names in os.walk(os.path.join(root, folder)):
            for name in sorted(names):
                if not name.endswith(SUFFIXES):
                    continue
                path = os.path.join(where, name)
                with open(path, encoding="utf-8") as source:
                    for document, section in REFERENCE.findall(source.read()):
                        yield os.path.relpath(path, root), document + ".md", section


def main(root):
    """Exit status: 0 when every section that is named exists."""
    known = {name: headings(os.path.join(root, "docs", name)) for name in DOCUMENTS}
    found = list(references(root))
    bad = [f"{path}: docs/{document} has no section {section}"
           for path, document, section in found if section not in known[document]]
    print("\n".join(bad), file=sys.stderr)
    print(f"{len(found)} references, {len(bad)} of them to nothing")
    return 1 if bad or not found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

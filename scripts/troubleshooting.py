#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes docs/TROUBLESHOOTING.md from docs/troubleshooting.in.md and what `pilot explain --list --json` knows.

usage: troubleshooting.py [--check] [TOOL]
TOOL is the tool, build/native/tools/pilot/pilot if not given. --check writes nothing: exit status 1 when the document is not what
would be written.

In the input, <!-- messages: GROUP... --> stands for the messages of these groups, <!-- harmless --> for the table of those that
mean nothing, <!-- reasons --> for the tables of reasons.
"""
import difflib
import json
import pathlib
import re
import subprocess
import sys
import textwrap

TOP = pathlib.Path(__file__).resolve().parent.parent
INPUT = TOP / "docs/troubleshooting.in.md"
OUTPUT = TOP / "docs/TROUBLESHOOTING.md"
TOOL = TOP / "build/native/tools/pilot/pilot"
WIDTH = 120
FIELD = re.compile(r"\{[a-z0-9]+\}")
SILENT = ("context", "more")
NOTICE = ("<!-- made by scripts/troubleshooting.py from docs/troubleshooting.in.md and the tables of tools/pilot/explain/: "
          "change those -->\n")


def known(tool):
    """All that the tool can explain."""
    return json.loads(subprocess.run([tool, "explain", "--list", "--json"], stdout=subprocess.PIPE, check=True).stdout)


def sentence(text):
    """With a capital letter and a full stop, as part of a document."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else text + "."


def paragraph(text, first="", rest=""):
    """Lines that fit."""
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False,
                         break_on_hyphens=False) + "\n"


def cell(text):
    """Text that a table can hold."""
    return text.replace("|", "\\|")


def shown(pattern):
    """A message as a person would look for it."""
    return "`" + FIELD.sub("...", pattern) + "`"


def listed(one, many, items):
    """A list, or a paragraph where there is only one item."""
    if len(items) < 2:
        return "".join(paragraph(f"{one}: {sentence(item)}") + "\n" for item in items)
    lines = "".join(paragraph(sentence(item), f"{n}. ", "   ") for n, item in enumerate(items, 1))
    return f"{many}:\n\n{lines}\n"


def message(entry):
    """The section of one message."""
    title = ", ".join(shown(p) for p in entry["patterns"]) or sentence(entry["title"])[:-1]
    text = f"#### {title}\n\n"
    if entry["patterns"]:
        text += paragraph(sentence(entry["title"]) + " " + entry["meaning"]) + "\n"
    else:
        text += paragraph(entry["meaning"]) + "\n"
    text += listed("Cause", "Causes, most likely first", entry["causes"])
    text += listed("Try", "Try", entry["try"])
    return text


def messages(groups, names):
    """The sections of some groups."""
    text = ""
    for name in names:
        group = next(g for g in groups if g["name"] == name)
        entries = [e for e in group["entries"] if e["kind"] not in SILENT + ("harmless",)]
        text += f"### {group['title']}\n\n" + "".join(message(e) for e in entries)
    return text


def harmless(groups):
    """The table of messages that look bad and are not."""
    text = "### Lines that look bad and are not\n\n| message | why it is harmless |\n|---|---|\n"
    for entry in (e for g in groups for e in g["entries"] if e["kind"] == "harmless"):
        what = ", ".join(shown(p) for p in entry["patterns"]) or sentence(entry["title"])
        text += f"| {cell(what)} | {cell(entry['meaning'])} |\n"
    return text + "\n"


def reasons(rows):
    """The tables of reasons, by section."""
    text, section = "", None
    for row in rows:
        if row["section"] != section:
            section = row["section"]
            text += f"\n### {section}\n\n| reason | text | what it means, what to do |\n|---|---|---|\n"
        text += f"| `{row['name']}` | {row['sentence']} | {row['meaning']} |\n"
    return text.lstrip("\n")


def document(tool):
    """The whole document."""
    everything = known(tool)
    groups = everything["groups"]
    text = INPUT.read_text(encoding="utf-8")
    used = " ".join(re.findall(r"<!-- messages: (.*?) -->", text)).split()
    for group in groups:
        if group["name"] not in used and any(e["kind"] not in SILENT + ("harmless",) for e in group["entries"]):
            sys.exit(f"{INPUT.name} has no place for the messages of group '{group['name']}'")
    text = re.sub(r"<!-- messages: (.*?) -->\n+", lambda m: messages(groups, m[1].split()), text)
    text = re.sub(r"<!-- harmless -->\n+", lambda _: harmless(groups), text)
    text = re.sub(r"<!-- reasons -->\n", lambda _: reasons(everything["reasons"]), text)
    first, rest = text.split("\n", 1)
    return first + "\n" + NOTICE + rest


def main(arguments):
    """Exit status: 0 written, or as it should be; 1 with --check when it is not."""
    check = "--check" in arguments
    rest = [a for a in arguments if a != "--check"]
    if len(rest) > 1 or any(a.startswith("-") for a in rest):
        sys.exit(__doc__)
    tool = pathlib.Path(rest[0]) if rest else TOOL
    if not tool.is_file():
        sys.exit(f"{tool}: no such program; 'make build' makes it")
    wanted = document(tool)
    if not check:
        OUTPUT.write_text(wanted, encoding="utf-8")
        return 0
    found = OUTPUT.read_text(encoding="utf-8")
    if found == wanted:
        return 0
    sys.stdout.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), str(OUTPUT.name),
                                               "what the tables say", n=1))
    print(f"{OUTPUT.relative_to(TOP)} is not what the tables say: run scripts/troubleshooting.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

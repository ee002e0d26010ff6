#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Look at the report and at the pictures of boards with a real browser: they ask nothing of the network, log no error, and no text
meets another or is cut, at the width of a screen and of a telephone.

Arguments: the tool, and "runs" for the runs below build/ instead of a small one that is made here. Reports in TAP.
"""

import os
import sys
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if len(sys.argv) < 2:
    sys.exit(f"usage: {sys.argv[0]} TOOL [runs]")
sys.path[:0] = [os.path.join(TOP, "tests", "tool"), os.path.dirname(os.path.abspath(__file__))]

# pylint: disable=wrong-import-position
import a_run                                            # noqa: E402
import chromium                                         # noqa: E402
from harness import Place, contains, equal, pilot       # noqa: E402

RUNS = ("run", "run-guest", "run-tee")
TREES = os.path.join(TOP, "build", "parts", "trees")
# of each kind one: many streams, few, no IOMMU, other makers' processors, hardly anything
BOARDS = ("qcom/lemans-evk-el2.dtb", "qcom/x1e80100-crd-el2.dtb", "qcom/sm8450-samsung-r0q.dtb", "ti/k3-j784s4-evm.dtb",
          "freescale/imx8mp-evk.dtb", "mediatek/mt6755-evb.dtb")
WIDTHS = (1280, 400)

# Where every piece of text is that can be seen: [left, top, right, bottom, text, is it cut].
# A line of text is less high than the box around it. What scrolls in a box of its own is seen only within that.
BOXES = """(() => {
  const found = [], root = document.body || document.documentElement;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('title, desc, style, defs')) continue;
    if (parent.closest('details:not([open])') && !parent.closest('summary')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const svg = parent.ownerSVGElement, frame = svg && svg.getBoundingClientRect();
    const scroller = parent.closest('.picture, pre'), seen = scroller && scroller.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const cut = svg && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
      const part = [box.left, box.top + box.height * 0.2, box.right, box.bottom - box.height * 0.2];
      if (seen) {
        part[0] = Math.max(part[0], seen.left), part[1] = Math.max(part[1], seen.top);
        part[2] = Math.min(part[2], seen.right), part[3] = Math.min(part[3], seen.bottom);
      }
      if (part[0] < part[2] && part[1] < part[3] || cut)
        found.push([...part, node.data.trim().slice(0, 60), Boolean(cut)]);
    }
  }
  return found;
})()"""


def meetings(boxes):
    """Pairs of texts that lie over each other."""
    pairs, above = [], []
    for box in sorted(boxes, key=lambda box: box[1]):
        above = [other for other in above if other[3] > box[1]]
        pairs += [(other[4], box[4]) for other in above if other[0] + 1 < box[2] and box[0] + 1 < other[2]]
        above.append(box)
    return pairs


def look(browser, path, width, dark=False):
    """Everything that must hold of any page. Returns its texts."""
    browser.open(path, width, dark)
    equal(browser.complaints(), [], f"console at {width}")
    equal(browser.requests(), ["file://" + os.path.abspath(path)], "requests")
    boxes = browser.evaluate(BOXES)
    equal(bool(boxes), True, "texts")
    equal(meetings(boxes)[:5], [], f"texts that meet at {width}")
    equal([box[4] for box in boxes if box[5]], [], f"texts that are cut at {width}")
    return boxes


def look_at_page(browser, path, names):
    """A report at all widths, in light and in dark."""
    for width in WIDTHS:
        for dark in (False, True):
            boxes = look(browser, path, width, dark)
            equal([box[4] for box in boxes if box[2] > width + 1], [], f"texts beyond {width}")
            equal(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, f"fits {width}")
    for name in names:
        contains([box[4] for box in boxes], name)
    # the timeline, the legend, addresses, streams
    equal(browser.evaluate("document.querySelectorAll('main svg').length"), 4, "pictures")
    browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    equal(meetings(browser.evaluate(BOXES))[:5], [], "texts that meet with open logs")
    equal(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, "fits with open logs")


def eyes(browser):
    """what is looked for is found where it is"""
    with open("bad.html", "w", encoding="utf-8") as page:
        page.write("<p style='height:6px;margin:0'>one line</p><p style='margin:0'>another</p><svg width=60 height=30>"
                   "<text x=0 y=20>longer than its picture</text></svg><p style='width:3000px'>wide<script>console.error('x')</script>")
    browser.open("bad.html", 1280)
    boxes = browser.evaluate(BOXES)
    equal(meetings(boxes), [("one line", "another")], "texts that meet")
    equal([box[4] for box in boxes if box[5]], ["longer than its picture"], "texts that are cut")
    equal(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), False, "fits")
    equal(len(browser.complaints()), 1, "console")


def small_run(browser):
    """a report of a small run"""
    a_run.make()
    equal(pilot("report", "run", "-o", "report.html").status, 0)
    look_at_page(browser, "report.html", [step["name"] for step in a_run.STEPS] + ["HASH_SEGMENT", "dsp-mem", "0x1234"])


def incomplete_run(browser):
    """a report of a run that left nothing but its logs"""
    a_run.make()
    for name in ("result.json", "host.dtb", "trace.bin"):
        os.unlink(f"run/{name}")
    equal(pilot("report", "run", "-o", "report.html").status, 1)
    for width in WIDTHS:
        contains([box[4] for box in look(browser, "report.html", width)], "This page is not complete.")


def policy_holds(browser):
    """a browser is forbidden what a page would do if something had got into it"""
    a_run.make()
    pilot("report", "run", "-o", "report.html")
    with open("report.html", encoding="utf-8") as page:
        text = page.read()
    evil = "<script>document.title = 'changed'</script><img src='https://localhost/x.png'>"
    with open("changed.html", "w", encoding="utf-8") as page:
        page.write(text.replace("</main>", f"{evil}</main>"))
    browser.open("changed.html", 1280)
    equal(browser.evaluate("document.title"), "Pilot: run", "title")
    equal(len(browser.complaints()) >= 2, True, f"complaints: {browser.complaints()}")


def board(name):
    """A test of one board's picture."""
    def test(browser):
        equal(pilot("board", "draw", os.path.join(TREES, name), "-o", "map.svg").status, 0)
        for dark in (False, True):
            look(browser, "map.svg", 1600, dark)
    test.__doc__ = f"the picture of {name}"
    return test


def run(name):
    """A test of the report of a run below build/."""
    def test(browser):
        directory = os.path.join(TOP, "build", name)
        result = pilot("report", directory, "--json", "-o", "report.html")
        equal((result.status, result.err), (0, ""))
        document = result.json()
        equal([entry["verdict"] for entry in document["images"] if entry["name"] in ("adsp.mbn", "cdsp.mbn", "m33.bin", "m0.bin")],
              ["genuine"] * 2)
        contains([entry["reason"] for entry in document["refusals"]], "CONTAINER_PHDR" if name == "run-tee" else "HASH_SEGMENT")
        look_at_page(browser, "report.html", [step["name"] for step in document["steps"]])
    test.__doc__ = f"the report of build/{name}"
    return test


def perform(tests, browser):
    """Run them all, one after the other, and say how each ended. Returns how many failed."""
    failed = 0
    for number, test in enumerate(tests, 1):
        if test.__doc__.startswith("the picture") and not os.path.isdir(TREES):
            print(f"ok {number} - {test.__doc__} # SKIP no device trees: scripts/setup/parts.py unpacks them", flush=True)
            continue
        try:
            with Place():
                test(browser)
            print(f"ok {number} - {test.__doc__}", flush=True)
        except Exception:  # pylint: disable=broad-except		# a broken test is a failed test
            failed += 1
            print(f"not ok {number} - {test.__doc__}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
    return failed


def main():
    """The exit status."""
    if sys.argv[2:] == ["runs"]:
        tests = [run(name) for name in RUNS]
    else:
        tests = [eyes, small_run, incomplete_run, policy_holds] + [board(name) for name in BOARDS]
    program = chromium.find()
    print(f"1..{len(tests)}")
    if not program:
        for number, test in enumerate(tests, 1):
            print(f"ok {number} - {test.__doc__} # SKIP no Chromium here: apt-get install chromium", flush=True)
        return 0
    with chromium.Chromium(program) as browser:
        return 1 if perform(tests, browser) else 0


if __name__ == "__main__":
    sys.exit(main())

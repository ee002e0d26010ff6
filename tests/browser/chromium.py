# SPDX-License-Identifier: BSD-2-Clause
"""Chromium without a screen, driven by its DevTools protocol through a pair of pipes: messages of JSON, each ended by a NUL."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--mute-audio",
         "--hide-scrollbars", "--disable-dev-shm-usage", "--remote-debugging-pipe")
TIMEOUT = 120		# seconds for what takes one: the machine may be busy


def find():
    """The path of a browser, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class BrowserError(Exception):
    """It does not start, does not answer, or says no."""


class Chromium:
    """A browser with one page. Everything that the page logs and asks the network for is kept in @events."""

    def __init__(self, program):
        self._profile = tempfile.TemporaryDirectory()
        self._next = 0
        self._pending = b""
        self.events = []
        read_end, self._out = os.pipe()
        self._in, write_end = os.pipe()
        # the browser reads from 3 and writes to 4
        self._process = subprocess.Popen(		# pylint: disable=consider-using-with
            ["bash", "-c", f'exec "$0" "$@" 3<&{read_end} 4>&{write_end}', program, *FLAGS,
             f"--user-data-dir={self._profile.name}", "about:blank"],
            pass_fds=(read_end, write_end), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_end)
        os.close(write_end)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for descriptor in (self._out, self._in):
            os.close(descriptor)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        try:
            self._profile.cleanup()
        except OSError:
            shutil.rmtree(self._profile.name, ignore_errors=True)

    def _message(self, deadline):
        """The next message of the browser's."""
        while b"\0" not in self._pending:
            ready, _, _ = select.select([self._in], [], [], max(deadline - time.monotonic(), 0))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise BrowserError("the browser ended" if ready else f"the browser says nothing for {TIMEOUT} s")
            self._pending += data
        text, _, self._pending = self._pending.partition(b"\0")
        return json.loads(text)

    def call(self, method, **parameters):
        """The result of one command."""
        self._next += 1
        command = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data):]
        deadline = time.monotonic() + TIMEOUT
        while True:
            message = self._message(deadline)
            if message.get("id") == self._next:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        """Wait for an event that has not come since open() began."""
        deadline = time.monotonic() + TIMEOUT
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._message(deadline))

    def open(self, path, width, dark=False):
        """Load a file as a window of @width pixels shows it."""
        self.events.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        found = self.call("Page.navigate", url="file://" + os.path.abspath(path))
        if found.get("errorText"):
            raise BrowserError(f"{path}: {found['errorText']}")
        self.wait("Page.loadEventFired")

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def complaints(self):
        """What the page wrote to the console: errors, and what its policy forbade."""
        texts = []
        for event in self.events:
            parameters = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                texts.append(parameters["entry"]["text"])
            elif event.get("method") == "Runtime.consoleAPICalled":
                texts.append(str(parameters["args"]))
            elif event.get("method") == "Runtime.exceptionThrown":
                texts.append(parameters["exceptionDetails"]["text"])
        return texts

    def requests(self):
        """Addresses that were asked for."""
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]

    def screenshot(self, path, clip=None):
        """A PNG of the whole page, or of a (x, y, width, height) of it."""
        options = {"captureBeyondViewport": True}
        if clip:
            options["clip"] = dict(zip(("x", "y", "width", "height"), clip), scale=1)
        else:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            options["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", **options)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

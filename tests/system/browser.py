"""A real Chromium for tests of pages, driven through chromedriver's WebDriver protocol."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.patience import patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="chromium and chromedriver are not installed"
)
"""Marks tests that open a page."""

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


class Browser:
    """A browser window."""

    def __init__(self, session: str) -> None:
        self._session = session

    def open(self, path: Path) -> None:
        """Load a file."""
        self.visit(path.as_uri())

    def visit(self, url: str) -> None:
        """Load a page."""
        _call("POST", f"{self._session}/url", {"url": url})

    def tab(self) -> str:
        """Return the tab that is in front."""
        return str(_call("GET", f"{self._session}/window"))

    def open_tab(self) -> str:
        """Open a tab in front of the others, which are hidden then, and return it."""
        tab = str(_call("POST", f"{self._session}/window/new", {"type": "tab"})["handle"])
        self.turn_to(tab)
        return tab

    def turn_to(self, tab: str) -> None:
        """Bring a tab to the front."""
        _call("POST", f"{self._session}/window", {"handle": tab})

    def close_tab(self) -> None:
        """Close the tab in front; another has to be turned to."""
        _call("DELETE", f"{self._session}/window")

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page, and return its result."""
        return _call("POST", f"{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def errors(self) -> list[str]:
        """Return the errors in the console."""
        return [entry["message"] for entry in _call("POST", f"{self._session}/se/log", {"type": "browser"})]

    def point(self, selector: str, x: float, y: float) -> None:
        """Move the mouse over an element, to a share of its width and height."""
        at = "const r = document.querySelector(arguments[0]); r.scrollIntoView({block: 'center'});"
        box = self.run(at + "const b = r.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]", selector)
        where = {"x": round(box[0] + box[2] * x), "y": round(box[1] + box[3] * y)}
        move = {"type": "pointerMove", "duration": 0, "origin": "viewport", **where}
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move]}
        _call("POST", f"{self._session}/actions", {"actions": [mouse]})

    def touch(self, selector: str, x: float, y: float) -> None:
        """Put a finger on an element, at a share of its width and height, and move it a little."""
        at = "const r = document.querySelector(arguments[0]); r.scrollIntoView({block: 'center'});"
        box = self.run(at + "const b = r.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]", selector)
        point = {"x": box[0] + box[2] * x, "y": box[1] + box[3] * y}
        self.command("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        self.command("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point | {"x": point["x"] + 5}]})

    def press(self, selector: str, key: str) -> None:
        """Focus an element and press a key."""
        self.run(
            "const e = document.querySelector(arguments[0]); e.focus();"
            "e.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[1], bubbles: true, cancelable: true}))",
            selector, key,
        )  # fmt: skip

    def photograph(self) -> bytes:
        """Return a picture of the whole page, beyond what the screen shows, as PNG."""
        size = self.run("const e = document.documentElement; return [e.scrollWidth, e.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
        whole = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        return base64.b64decode(self.command("Page.captureScreenshot", whole)["data"])

    def emulate(self, *, dark: bool, width: int, height: int, medium: str = "") -> None:
        """Choose a colour scheme, the size of the screen, and a medium such as "print"."""
        media = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
        self.command("Emulation.setEmulatedMedia", media | {"media": medium})
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.command("Emulation.setDeviceMetricsOverride", metrics)

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """Give the browser a command of its DevTools protocol."""
        return _call("POST", f"{self._session}/goog/cdp/execute", {"cmd": name, "params": parameters})


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and with more flags."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="worstsort-browser-", ignore_cleanup_errors=True) as profile:
        driver = subprocess.Popen([str(DRIVER), f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            session = _session(f"http://127.0.0.1:{port}", profile, flags)
            yield Browser(session)
            _call("DELETE", session)
        finally:
            driver.terminate()
            driver.wait(20)


def _session(driver: str, profile: str, flags: tuple[str, ...]) -> str:
    options = {"binary": CHROMIUM, "args": [*_FLAGS, *flags, f"--user-data-dir={profile}"]}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
    end = time.monotonic() + patience(30)
    while True:
        try:
            answer = _call("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})
        except OSError:  # the driver is not listening yet
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return f"{driver}/session/{answer['sessionId']}"


def _call(method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=patience(60)) as answer:
        return json.loads(answer.read())["value"]

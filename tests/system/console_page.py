"""A console's page in a real Chromium."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.support.patience import patience

if TYPE_CHECKING:
    from tests.system.browser import Browser
    from worstsort_cli.console.server import Address


class Page:
    """A console's page in a browser.

    Args:
        window: The browser.
        address: Where the console is.
    """

    def __init__(self, window: Browser, address: Address) -> None:
        self.window, self.address = window, address
        window.emulate(dark=False, width=1280, height=900)
        window.visit(address.url)
        window.errors()  # those of the page before

    def show(self, path: str) -> None:
        """Open an address of the console."""
        self.window.visit(self.address.base + path)

    def until(self, condition: str, *arguments: Any) -> Any:
        """Wait until an expression in the page is true, and return it."""
        end = time.monotonic() + patience(60)
        while not (found := self.window.run(f"return {condition}", *arguments)):
            assert time.monotonic() < end, f"{condition}: {self.text()[:2000]}"
            time.sleep(0.1)
        return found

    def shows(self, text: str) -> None:
        """Wait until the page shows some text."""
        self.until("document.body.innerText.includes(arguments[0])", text)

    def text(self) -> str:
        """Return what the page shows."""
        return str(self.window.run("return document.body.innerText"))

    def click(self, selector: str) -> None:
        """Click on an element as soon as it is there and can be clicked on."""
        find = "document.querySelector(arguments[0])"
        self.until(f"(e => e && !e.disabled && !e.hidden)({find})", selector)
        event = "new MouseEvent('click', {bubbles: true, cancelable: true})"
        self.window.run(f"{find}.dispatchEvent({event})", selector)

    def press_button(self, label: str) -> None:
        """Click on a button by what is on it."""
        usable = "e.textContent === arguments[0] && !e.hidden && !e.disabled"
        find = f"[...document.querySelectorAll('button')].find(e => {usable})"
        self.until(f"Boolean({find})", label)
        self.window.run(f"window.confirm = () => true; {find}.click()", label)

    def enter(self, name: str, value: str) -> None:
        """Fill in a field of the form."""
        self.until("document.querySelector(`[name='${arguments[0]}']`)", name)
        self.window.run(
            "const e = document.querySelector(`[name='${arguments[0]}']`); e.value = arguments[1];"
            "e.dispatchEvent(new Event('input', {bubbles: true}))", name, value,
        )  # fmt: skip

"""A real browser without a window, spoken to through pipes: it opens pages as a reader does.

with browser() as chromium:
    page = chromium.open(path)
    assert page.run("document.title") == "…"
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    *("--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",  # a container's shared memory may be too small for it
)

PATIENCE = 120
"""Seconds to wait for the next word of a browser on a machine that is busy."""

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "/": 191}
"""The codes of keys that are pressed."""


def found() -> str | None:
    """Give the command of the browser; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Page:
    """A page in a tab of its own."""

    browser: Browser
    session: str
    scripts: bool
    """Whether its scripts may run."""
    asked: dict[str, str] = field(default_factory=dict)
    """The addresses that were asked for, by the ids of the requests."""
    console: list[str] = field(default_factory=list)
    """Errors and warnings, those of scripts and of the policy among them."""

    @property
    def requests(self) -> list[str]:
        """All addresses that were asked for, less those that a policy did not let out."""
        return list(self.asked.values())

    def ask(self, method: str, **given: Any) -> Any:
        """Send a command of the DevTools protocol, and give its result."""
        return self.browser.ask(method, session=self.session, **given)

    def run(self, expression: str) -> Any:
        """Give the value of JavaScript; a promise is waited for."""
        done = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        text = {"Enter": "\r", "Tab": ""}.get(key, key if len(key) == 1 else "")
        about = {"key": key, "windowsVirtualKeyCode": KEYS[key]}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.ask("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click in the middle of an element, with the mouse."""
        place = self._place(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def point(self, selector: str) -> None:
        """Move the mouse over an element."""
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", **self._place(selector))

    def settle(self) -> None:
        """Wait until what was done is drawn."""
        if self.scripts:
            self.run("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")

    def emulate(self, *, width: int, height: int, dark: bool = False, media: str = "") -> None:
        """Show the page in another size, in dark colours, or as it is printed."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def screenshot(self, path: Path) -> None:
        """Write what is seen into a PNG file."""
        path.write_bytes(b64decode(self.ask("Page.captureScreenshot")["data"]))

    def printed(self) -> bytes:
        """Give the page as a PDF."""
        return b64decode(self.ask("Page.printToPDF")["data"])

    def _place(self, selector: str) -> dict[str, float]:
        """Bring an element into view and give its middle."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{element}.scrollIntoView({{block: 'center'}})")
        self.settle()
        x, y = self.run(
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])({element}.getBoundingClientRect())"
        )
        return {"x": x, "y": y}


class Browser:
    """A browser that runs; made by `browser`."""

    def __init__(self, write: int, read: int) -> None:
        """Speak through two pipes."""
        self._write = write
        self._read = read
        self._heard = b""
        self._last = 0
        self._pages: dict[str, Page] = {}
        self._loaded: set[str] = set()

    def open(self, path: Path, *, scripts: bool = True) -> Page:
        """Open a file, with or without its scripts, and wait until it is loaded."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)
        session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = self._pages[session["sessionId"]] = Page(self, session["sessionId"], scripts)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.ask(f"{domain}.enable")
        page.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        page.ask("Page.navigate", url=path.as_uri())
        while page.session not in self._loaded:
            self._hear()
        return page

    def ask(self, method: str, *, session: str | None = None, **given: Any) -> Any:
        """Send a command and wait for its result."""
        self._last += 1
        order = {"id": self._last, "method": method, "params": given}
        if session:
            order["sessionId"] = session
        told = json.dumps(order).encode() + b"\0"
        while told:
            told = told[os.write(self._write, told) :]
        while (answer := self._hear()).get("id") != order["id"]:
            pass
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _hear(self) -> dict[str, Any]:
        """Take the next message; an event is noted with its page."""
        while b"\0" not in self._heard:
            assert select([self._read], [], [], PATIENCE)[0], "the browser says nothing any more"
            piece = os.read(self._read, 1 << 16)
            assert piece, "the browser has ended"
            self._heard += piece
        said, _, self._heard = self._heard.partition(b"\0")
        message: dict[str, Any] = json.loads(said)
        page = self._pages.get(message.get("sessionId", ""))
        if page and "method" in message:
            self._note(page, message["method"], message["params"])
        return message

    def _note(self, page: Page, event: str, about: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            page.asked[about["requestId"]] = about["request"]["url"]
        elif event == "Network.loadingFailed" and about.get("blockedReason") == "csp":
            del page.asked[about["requestId"]]
        elif event == "Runtime.exceptionThrown":
            page.console.append(str(about["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled":
            page.console.append(f"{about['type']}: {about['args']}")
        elif event == "Log.entryAdded":
            page.console.append(about["entry"]["text"])
        elif event == "Page.loadEventFired":
            self._loaded.add(page.session)


@contextmanager
def browser() -> Iterator[Browser]:
    """Run the browser for as long as the block lasts."""
    command = found()
    assert command, "there is no browser"
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # it refuses its sandbox to root
    with TemporaryDirectory() as profile, open(os.devnull, "wb") as nothing:

        def wire() -> None:  # the browser reads its file 3 and writes its file 4
            low, high = os.dup(to_read), os.dup(from_write)
            os.dup2(low, 3)
            os.dup2(high, 4)

        process = subprocess.Popen(
            [command, *FLAGS, *root, f"--user-data-dir={profile}"],
            preexec_fn=wire,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=nothing,
            stderr=nothing,
        )
        os.close(to_read)
        os.close(from_write)
        try:
            chromium = Browser(to_write, from_read)
            yield chromium
            chromium.ask("Browser.close")
        finally:
            os.close(to_write)
            os.close(from_read)
            process.terminate()
            process.wait(timeout=PATIENCE)

"""The web page as a reader has it: a real browser, in which nothing may go wrong unseen.

with chromium() as browser, visiting(browser, url) as page:
    ask(page, "How does SOAP work?")
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

from tests.chromium import found
from tests.conftest import started

NO_BROWSER = "there is no chromium here"
PATIENCE = 20_000
"""Milliseconds, on a machine that has much else to do."""
expect.set_options(timeout=PATIENCE)

HOSTILE = {
    "title": "<b onmouseover=alert(1)>Giraffe networks</b>: graphs with long necks",
    "abstract": (
        "<img src=x onerror=\"document.title='got in'\"> Giraffe networks are graphs whose nodes "
        "have long necks. <script>document.title='got in'</script> Giraffe networks halve the "
        "error of zebra detection on savannas. Training giraffe networks takes nine days."
    ),
    "authors": ["<svg onload=document.title='got in'>"],
    "url": 'https://evil.example/?"onmouseover="document.title=1',
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser of the system for as long as the block lasts."""
    with sync_playwright() as playwright:
        yield _launched(playwright)


def _launched(playwright: Playwright) -> Browser:
    command = found()
    assert command, NO_BROWSER
    return playwright.chromium.launch(executable_path=shutil.which(command), args=["--no-sandbox"])


@contextmanager
def visiting(browser: Browser, url: str, **context: Any) -> Iterator[Page]:
    """Open the page as somebody who has never been there; in the end nothing was complained of."""
    opened = browser.new_context(**context)
    page = opened.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(f"{told.type}: {told.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(url) else outside(asked.url))

    def outside(address: str) -> None:
        complaints.append(f"asked for {address}")

    page.goto(url)
    expect(page.locator("#question")).to_be_visible(timeout=PATIENCE)
    try:
        yield page
        assert complaints == []
    finally:
        opened.close()


def ask(page: Page, question: str) -> Locator:
    """Ask in the chat and wait for the end of the answer; give the turn."""
    before = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    turn = page.locator(".turn").nth(before)
    expect(page.locator(".turn[data-answer]")).to_have_count(before + 1)
    return turn


def show(page: Page, tab: str) -> Locator:
    """Open a tab; give its part of the page."""
    page.click(f"#tab-{tab}-button")
    panel = page.locator(f"[data-panel={tab}]")
    expect(panel).to_be_visible()
    return panel


def open_footnote(turn: Locator, place: int = 0) -> Locator:
    """Press a number; give the card that opens."""
    turn.locator(".number").nth(place).click()
    card = turn.page.locator("#card")
    expect(card).to_be_visible()
    return card


def make_web_home(home: Path, *, listed: Path) -> None:
    """Copy a home with lists, add a paper that means harm, and the report of an evaluation."""
    shutil.copytree(listed, home)
    source = home.with_name("hostile.jsonl")
    source.write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    process = started("ingest", source, home=home)
    _, talk = process.communicate(timeout=120)
    assert process.returncode == 0, talk.decode()

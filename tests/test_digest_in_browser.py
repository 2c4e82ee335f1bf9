"""The page of a digest in a real browser: it asks for nothing, its links lead, and it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import Browser, Page, browser, found
from tests.test_digest_forms import EVIL, PLAIN, written

pytestmark = pytest.mark.skipif(found() is None, reason="there is no chromium here")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page of a hostile digest; in the end nothing was asked for or complained of."""
    path = tmp_path / "digest.html"
    path.write_text(written("html", EVIL, PLAIN), encoding="utf-8")
    page = chromium.open(path)
    yield page
    page.run("0")  # whatever was under way has been told by now
    assert page.requests == [path.as_uri()]
    assert page.console == []


def test_its_own_style_is_applied_and_no_script_runs(page: Page) -> None:
    assert page.run("getComputedStyle(document.querySelector('h1')).fontWeight") == "400"
    assert page.run("document.scripts.length") == 0


def test_a_number_leads_to_its_paper(page: Page) -> None:
    page.run("document.querySelector('sup a[href=\"#p2\"]').click()")
    assert page.run("document.querySelector(':target h3').textContent") == "Kites"


def test_nothing_sticks_out_on_a_narrow_screen(page: Page) -> None:
    page.ask(
        "Emulation.setDeviceMetricsOverride",
        width=320,
        height=640,
        deviceScaleFactor=1,
        mobile=True,
    )
    assert page.run("document.documentElement.scrollWidth <= 320")


def test_on_paper_it_is_black_on_white_and_without_its_contents(page: Page) -> None:
    page.ask("Emulation.setEmulatedMedia", media="print")
    style = "getComputedStyle(document.body)"
    assert page.run(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.run(f"{style}.color") == "rgb(0, 0, 0)"
    assert page.run("document.querySelector('nav')?.checkVisibility() ?? false") is False
    assert page.ask("Page.printToPDF")["data"]

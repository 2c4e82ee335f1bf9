"""Whether everybody can use the web page: axe-core in each tab, the keyboard, a phone's width."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.chromium import found
from tests.web_page import NO_BROWSER, ask, open_footnote, show, visiting

pytestmark = pytest.mark.skipif(found() is None, reason=NO_BROWSER)

TABS = ("chat", "today", "search", "corpus", "quality")
PHONE = {"width": 390, "height": 844}
TALL = {"width": 1280, "height": 3000}
"""Nothing lies under what stays in its place while the rest is scrolled."""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}


def violations(page: Page, *, within: str = "body") -> list[str]:
    page.evaluate("scrollTo(0, 0)")
    told = Axe().run(page, within, RULES).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in told
        for node in each["nodes"]
    ]


def fill(page: Page, tab: str) -> None:
    """Open a tab and bring into it what it can show."""
    panel = show(page, tab)
    if tab == "chat":
        ask(page, "Who won the football world cup in 2018?")
        turn = ask(page, "Compare ways to merge fine-tuned models")
        turn.locator(".others summary").click()
        turn.get_by_role("button", name="Papers like this").first.click()
        expect(turn.locator(".similar li").first).to_be_visible()
        turn.get_by_role("button", name="Good answer").click()
        page.locator(".options summary").click()
    elif tab == "today":
        expect(panel.locator(".topic").first).to_be_visible()
    elif tab == "search":
        panel.get_by_label("Search").fill("merging models")
        expect(panel.locator(".paper").first).to_be_visible()
    elif tab == "corpus":
        panel.locator("#all-papers summary").first.click()
    else:
        expect(panel.locator("h2")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_tab(web_browser: Any, web_url: str, scheme: Any) -> None:
    with visiting(web_browser, web_url, color_scheme=scheme, viewport=TALL) as page:
        told = {"welcome": violations(page)}
        for tab in TABS:
            fill(page, tab)
            told[tab] = violations(page)
        show(page, "chat")
        open_footnote(page.locator(".turn").last)
        told["footnote"] = violations(page, within="#card")
        assert [f"{tab}: {each}" for tab, found in told.items() for each in found] == []


def test_nothing_sticks_out_on_a_phone(web_browser: Any, web_url: str) -> None:
    with visiting(web_browser, web_url, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        for tab in TABS:
            expect(page.locator(f"#tab-{tab}-button")).to_be_visible()
            fill(page, tab)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], tab
            if tab == "chat":
                open_footnote(page.locator(".turn").last)
                box = page.locator("#card").bounding_box()
                assert box is not None
                assert (box["x"], box["width"]) == (0, PHONE["width"])
                assert abs(box["y"] + box["height"] - PHONE["height"]) < 1
                page.keyboard.press("Escape")
        assert violations(page) == []


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    keyboard = page.keyboard
    page.locator("#tab-chat-button").focus()
    keyboard.press("ArrowRight")
    expect(page.locator("#tab-today-button")).to_be_focused()
    expect(page.locator("[data-panel=today]")).to_be_visible()
    keyboard.press("ArrowLeft")
    keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    keyboard.type("How does SOAP")
    keyboard.press("Shift+Enter")
    keyboard.type("work?")
    keyboard.press("Enter")
    number = page.locator(".turn[data-answer] .number").first
    expect(number).to_be_visible()
    number.focus()
    keyboard.press("Enter")
    expect(page.locator("#card mark")).to_be_visible()
    expect(number).to_have_attribute("aria-expanded", "true")
    keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(number).to_be_focused()


def test_a_screen_reader_is_told_what_happens(page: Page) -> None:
    status = page.locator("#chat-status")
    turn = ask(page, "How does SOAP work?")
    expect(status).to_have_text("The answer is complete")
    name = "Footnote 1: SOAP: Improving and Stabilizing Shampoo using Adam"
    expect(turn.locator(".number").first).to_have_accessible_name(name)
    ask(page, "Who won the football world cup in 2018?")
    expect(status).to_have_text("These papers hold no answer")

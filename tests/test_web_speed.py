"""How the web page's answers come: at once, piece by piece, without moving what is being read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.chat_server import ChatServer, Refusal, Step
from tests.chromium import found
from tests.served import served
from tests.web_page import NO_BROWSER, ask, visiting

pytestmark = pytest.mark.skipif(found() is None, reason=NO_BROWSER)

QUESTIONS = (
    "What makes SOAP better than Adam and Shampoo?",
    "How does Cut Cross-Entropy save memory?",
    "Compare ways to merge fine-tuned models",
    "How are pointer networks trained?",
    "What is G_stack?",
)
SHORT = "What does SOAP do?"
"""One line in the narrowest window: the field does not shrink when it is sent."""
LITTLE = 0.02
"""Layout shift; up to 0.1 counts as good (web.dev/cls)."""
WANTED = 300
"""Milliseconds from Enter to the first word, warm, on a machine that has nothing else to do."""
BUSY = 10
"""How many times as long it may take where tests run beside other programs."""

SAID = (
    "SOAP limits this loss because it keeps updating the second moment's running average, like "
    "Adam, but in the current coordinate basis, which changes slowly. [1] ",
    "Compared with Adam, SOAP adds a single hyperparameter, the preconditioning frequency. [1] ",
)

WATCH = """() => {
  window.watched = {};
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    watched.pressed = performance.now();
    watched.before = document.querySelectorAll(".sentence .words").length;
    watched.seen = false;
    delete document.body.dataset.drawn;
    watched.shift = 0;
  }, true);
  new MutationObserver(() => {
    const now = document.querySelectorAll(".sentence .words").length;
    if (watched.seen || now <= watched.before) return;
    watched.seen = true;
    requestAnimationFrame(() => setTimeout(() => {
      document.body.dataset.drawn = performance.now() - watched.pressed;
    }));
  }).observe(document.getElementById("thread"), { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) {
      if (each.startTime < watched.pressed) continue;
      watched.shift += each.value;
      watched.moved = each.sources.map((moved) => [moved.node?.textContent, moved.previousRect,
        moved.currentRect]);
    }
  }).observe({ type: "layout-shift" });
}"""


DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def in_two_pieces(go_on: Event) -> Iterator[Step]:
    """Write a sentence, and the rest when it is time to."""
    yield f"{SAID[0]}{SAID[1][:30]}"
    go_on.wait(60)
    yield SAID[1][30:]


def first_word(page: Page, question: str) -> float:
    """Ask; give the milliseconds from Enter until the first sentence is drawn."""
    ask(page, question)
    expect(page.locator("body[data-drawn]")).to_have_count(1)
    return float(page.evaluate("document.body.dataset.drawn"))


@pytest.fixture(scope="module")
def slow_server() -> Iterator[ChatServer]:
    """A language model that writes what it is told to."""
    with ChatServer() as server:
        yield server


@pytest.fixture(scope="module")
def slow_url(slow_server: ChatServer, sample_home: Path) -> Iterator[str]:
    """A page whose answers it writes."""
    with served(sample_home, env={"FOOTNOTE_MODEL_URL": slow_server.url}) as url:
        yield url


def test_the_first_word_comes_at_once(page: Page) -> None:
    page.evaluate(WATCH)
    first_word(page, QUESTIONS[0])  # warms what is used the first time
    times = [first_word(page, question) for question in QUESTIONS]
    told = ", ".join(f"{time:.0f}" for time in sorted(times))
    print(f"from Enter to the first visible word: median {median(times):.0f} ms of {told} ms")
    assert median(times) < BUSY * WANTED


def test_little_moves_when_an_answer_comes(page: Page) -> None:
    page.evaluate(WATCH)
    for question in QUESTIONS[:3]:
        ask(page, question)
        page.evaluate(DRAWN)
        shift = page.evaluate("watched.shift")
        print(f"layout shift: {shift:.4f}")
        assert shift < LITTLE, page.evaluate("watched.moved")


@pytest.mark.parametrize("width", [390, 1280])
def test_sentences_come_one_by_one_and_little_moves(
    web_browser: Any, slow_url: str, slow_server: ChatServer, width: int
) -> None:
    go_on = Event()

    slow_server.say("".join(SAID))
    with visiting(web_browser, slow_url) as page:
        ask(page, SHORT)  # warms what is used the first time
    slow_server.script(lambda _: in_two_pieces(go_on))
    window = {"width": width, "height": 800}
    with visiting(web_browser, slow_url, viewport=window) as page:
        page.evaluate(WATCH)
        page.fill("#question", SHORT)
        page.press("#question", "Enter")
        expect(page.locator(".turn[aria-busy=true] .sentence")).to_have_count(1)
        page.locator(".turn").last.locator(".number").first.click()
        expect(page.locator("#card mark")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#card")).to_be_hidden()
        go_on.set()
        expect(page.locator(".turn[data-answer] .sentence")).to_have_count(2)
        marks = page.locator(".turn .sentence .mark").all_inner_texts()
        assert set(marks) == {"Quoted word for word"}
        page.evaluate(DRAWN)
        shift = page.evaluate("watched.shift")
        print(f"layout shift at {width} pixels, a model writing: {shift:.4f}")
        assert shift < LITTLE, page.evaluate("watched.moved")


def test_an_answer_is_stopped_and_not_kept(
    web_browser: Any, slow_url: str, slow_server: ChatServer
) -> None:
    go_on = Event()
    slow_server.script(lambda _: in_two_pieces(go_on))
    with visiting(web_browser, slow_url) as page:
        page.fill("#question", QUESTIONS[0])
        page.press("#question", "Enter")
        expect(page.locator(".sentence").first).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".turn .remark")).to_contain_text("Stopped")
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        expect(page.locator("#question")).to_have_value(QUESTIONS[0])
        go_on.set()
        page.reload()
        expect(page.locator(".turn")).to_have_count(0)


def test_a_model_that_fails_is_told_with_the_cure(
    web_browser: Any, slow_url: str, slow_server: ChatServer
) -> None:
    slow_server.steps([Refusal(400, "too hot")])
    with visiting(web_browser, slow_url) as page:
        page.fill("#question", QUESTIONS[0])
        page.press("#question", "Enter")
        problem = page.locator(".turn").get_by_role("alert")
        expect(problem).to_contain_text("too hot")
        expect(problem.locator("p")).to_have_count(2)
        expect(page.locator("#question")).to_have_value(QUESTIONS[0])
        slow_server.say("".join(SAID))
        page.press("#question", "Enter")
        expect(page.locator(".turn[data-answer] .sentence")).to_have_count(2)

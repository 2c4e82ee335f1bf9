"""The chat of the web page in a real browser: what a reader does, and sees of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.chromium import found
from tests.web_page import NO_BROWSER, ask, open_footnote, visiting

pytestmark = pytest.mark.skipif(found() is None, reason=NO_BROWSER)

QUESTION = "What makes SOAP better than Adam and Shampoo?"
SEVERAL = "Compare ways to merge fine-tuned models"
UNKNOWN = "Who won the football world cup in 2018?"


def paper_of(url: str, name: str) -> Any:
    return httpx2.get(f"{url}/api/papers/{name}").json()


def test_a_footnote_marks_exactly_the_words_that_say_so(page: Page, web_url: str) -> None:
    turn = ask(page, QUESTION)
    sentences = turn.locator(".sentence")
    assert sentences.count() >= 2
    for place in range(turn.locator(".number").count()):
        card = open_footnote(turn, place)
        abstract = card.locator(".abstract")
        paper = paper_of(web_url, str(abstract.get_attribute("data-paper")))
        spans = re.findall(r"(\d+)-(\d+)", str(abstract.get_attribute("data-spans")))
        quotes = [paper["abstract"][int(start) : int(end)] for start, end in spans]
        assert card.locator("mark").all_inner_texts() == quotes
        assert abstract.inner_text() == paper["abstract"]
        assert quotes == [sentences.nth(place).locator(".words").inner_text()]
        expect(card).to_contain_text(paper["title"])
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()


def test_pointing_at_a_number_and_tabbing_to_it_show_the_abstract(page: Page) -> None:
    turn = ask(page, QUESTION)
    card = page.locator("#card")
    turn.locator(".number").first.hover()
    expect(card.locator("mark")).to_be_visible()
    expect(turn.locator(".sentence.read")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()
    turn.get_by_role("button", name="Ask this question again").focus()
    page.keyboard.press("Tab")
    expect(card.locator("mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_every_sentence_is_marked_and_only_cited_papers_stand_beside(page: Page) -> None:
    turn = ask(page, SEVERAL)
    marks = turn.locator(".sentence .mark")
    assert marks.count() == turn.locator(".sentence").count()
    assert set(marks.all_inner_texts()) == {"Quoted word for word"}
    cited = [int(n) for n in turn.locator(".number").all_inner_texts()]
    beside = [int(n) for n in turn.locator(".source h4 .at").all_inner_texts()]
    assert beside == sorted(set(cited))
    others = turn.locator(".others li")
    assert others.count() > 0
    expect(others.first).to_be_hidden()
    turn.locator(".others summary").click()
    expect(others.first).to_be_visible()


def test_a_follow_up_is_understood_and_kept_over_a_reload(page: Page) -> None:
    ask(page, QUESTION)
    turn = ask(page, "How many hyperparameters does it add?")
    expect(turn.locator(".understood")).to_contain_text("SOAP")
    said = page.locator("#thread").inner_text()
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    assert page.locator("#thread").inner_text() == said
    expect(open_footnote(page.locator(".turn").last).locator("mark")).to_be_visible()


def test_a_question_is_edited_and_what_followed_is_gone(page: Page) -> None:
    first = ask(page, QUESTION)
    ask(page, SEVERAL)
    first.get_by_role("button", name="Edit this question").click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    page.fill("#question", UNKNOWN)
    page.press("#question", "Enter")
    expect(page.locator(".turn.declined")).to_have_count(1)
    page.get_by_role("button", name="Ask this question again").click()
    expect(page.locator(".turn.declined[data-answer]")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn h2")).to_have_text([UNKNOWN])


def test_a_declined_answer_looks_different_and_helps_on(page: Page) -> None:
    turn = ask(page, UNKNOWN)
    expect(turn.locator(".no-answer h3")).to_have_text("No answer in these papers")
    expect(turn.locator(".said")).to_have_count(0)
    assert turn.locator(".no-answer li").count() == 3
    expect(turn).to_contain_text("footnote ingest hf:today")
    turn.get_by_role("button", name="Ask about it").first.click()
    expect(page.locator(".turn[data-answer] .number").first).to_be_visible()


def test_suggestions_are_asked_with_one_click_and_answered(page: Page) -> None:
    page.locator(".examples button").first.click()
    expect(page.locator(".turn[data-answer] .sentence").first).to_be_visible()
    page.locator(".follow-ups button").first.click()
    expect(page.locator(".turn[data-answer]")).to_have_count(2)
    assert page.locator(".turn").last.locator(".sentence").count() > 0


def test_a_thumb_is_kept_with_its_reason(page: Page, web_url: str) -> None:
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Bad answer").click()
    reason = "It says nothing of memory <b>"
    turn.locator("textarea").fill(reason)
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".reason")).to_have_text("Thank you, it is kept.")
    kept = httpx2.get(f"{web_url}/api/feedback", params={"limit": 200}).json()["feedback"][-1]
    answer = httpx2.post(f"{web_url}/api/ask", json={"question": QUESTION}).json()
    assert kept["rating"] == "down"
    assert (kept["reason"], kept["question"]) == (reason, QUESTION)
    assert kept["answer"] == answer["text"]
    assert kept["papers"] == [each["paper"]["id"] for each in answer["citations"]]


def test_bibtex_is_copied_and_papers_like_one_are_named(web_browser: Any, web_url: str) -> None:
    granted = ["clipboard-read", "clipboard-write"]
    with visiting(web_browser, web_url, permissions=granted) as page:
        source = ask(page, QUESTION).locator(".source").first
        expect(source.locator(".label")).to_have_text("sample")
        expect(source.locator(".votes")).to_be_visible()
        source.get_by_role("button", name="BibTeX").click()
        expect(source.locator("[data-done]")).to_be_visible()
        name = source.get_attribute("data-paper")
        told = httpx2.get(f"{web_url}/api/papers/{name}", params={"format": "bibtex"}).text
        assert page.evaluate("navigator.clipboard.readText()") == told
        source.get_by_role("button", name="Papers like this").click()
        expect(source.locator(".similar li")).to_have_count(5)


def test_a_conversation_is_exported_with_its_references(page: Page, tmp_path: Path) -> None:
    ask(page, QUESTION)
    ask(page, SEVERAL)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "said.md")
    written = (tmp_path / "said.md").read_text(encoding="utf-8")
    marks = set(re.findall(r"\[\^\d+\]", written))
    assert f"**{QUESTION}**" in written
    assert "## References" in written
    assert {mark for mark in marks if f"\n{mark}: " in written} == marks


def test_a_deleted_conversation_is_gone_and_another_stays(page: Page, web_url: str) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#welcome")).to_be_visible()
    ask(page, SEVERAL)
    chat = page.evaluate("JSON.parse(localStorage['footnote.chats']).open")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".turn")).to_have_count(0)
    assert httpx2.get(f"{web_url}/page/chats/{chat}").text == ""
    page.get_by_label("Conversation").select_option(QUESTION)
    expect(page.locator(".turn h2")).to_have_text([QUESTION])

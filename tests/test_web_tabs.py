"""The other tabs of the web page in a real browser: today, search, corpus, quality."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eval.page import report_page
from tests.chromium import found
from tests.listed_papers import AFTER, BEFORE, DAY
from tests.run_reports import report_of
from tests.served import served
from tests.test_page import GOOD
from tests.web_page import NO_BROWSER, ask, open_footnote, show, visiting

pytestmark = pytest.mark.skipif(found() is None, reason=NO_BROWSER)

WOMBATS = {
    "title": "WombatNet: cubes from soft tissue",
    "abstract": (
        "Cubes are rare in biology. WombatNet learns why the intestine of wombats shapes cubes. "
        "It predicts their edges within two millimetres."
    ),
}


def upload(page: Page, path: Path) -> Any:
    panel = show(page, "corpus")
    panel.locator("input[type=file]").set_input_files(path)
    return panel.locator(".upload").first


def test_today_shows_the_latest_list_by_topic_and_any_other_day(page: Page) -> None:
    panel = show(page, "today")
    expect(panel.locator("#digest h2")).to_contain_text(f"{AFTER.day} October")
    panel.get_by_label("Day", exact=True).fill(DAY.isoformat())
    expect(panel.locator("#digest h2")).to_contain_text(f"{DAY.day} October")
    assert panel.locator(".topic").count() > 1
    expect(panel.locator(".entries > li")).to_have_count(40)
    panel.locator(".topics a").last.click()
    expect(panel.locator(".topic h3").last).to_be_focused()
    for _ in range(2):
        panel.get_by_role("button", name="The one before").click()
    expect(panel.get_by_label("Day", exact=True)).to_have_value("2025-10-28")
    panel.get_by_role("button", name="The one after").click()
    expect(panel.locator("#digest h2")).to_contain_text(f"{BEFORE.day} October")
    panel.get_by_label("Papers of").select_option("week")
    expect(panel.locator(".entries > li")).to_have_count(60)


def test_a_footnote_of_the_digest_marks_the_words(page: Page) -> None:
    panel = show(page, "today")
    said = panel.locator(".sentence").first
    card = open_footnote(panel)
    assert card.locator("mark").inner_text() in said.locator(".words").inner_text()


def test_a_search_follows_what_is_typed(page: Page) -> None:
    panel = show(page, "search")
    panel.get_by_label("Search").press_sequentially("SOAP optimizer", delay=20)
    expect(panel.locator(".paper h3").first).to_contain_text("SOAP")
    panel.get_by_label("Search").fill("pruning")
    expect(panel.locator(".paper h3").first).not_to_contain_text("SOAP")
    panel.get_by_label("From").fill(AFTER.isoformat())
    expect(panel.locator(".paper")).to_have_count(8)
    panel.get_by_label("to", exact=True).fill("2025-10-01")
    expect(panel.get_by_role("status")).to_contain_text("No paper")


def test_a_page_is_uploaded_and_asked_about(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "wombats.jsonl"
    path.write_text(json.dumps(WOMBATS) + "\n", encoding="utf-8")
    row = upload(page, path)
    expect(row).to_contain_text("1 read: 1 new", timeout=120_000)
    panel = show(page, "corpus")
    for shown in (30, 60):
        expect(panel.locator("#all-papers .paper")).to_have_count(shown)
        panel.locator(".more button").click()
    expect(panel.locator("#all-papers")).to_contain_text(WOMBATS["title"])
    show(page, "chat")
    turn = ask(page, "How well does WombatNet predict the edges of cubes?")
    expect(turn.locator(".source")).to_contain_text("WombatNet")
    assert open_footnote(turn).locator("mark").count() == 1


def test_what_cannot_be_read_says_why(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(256)) * 20)
    row = upload(page, path)
    expect(row).to_contain_text("0 new", timeout=120_000)
    assert row.locator("li").count() > 0


def test_without_lists_today_says_how_to_get_one(web_browser: Any, served_url: str) -> None:
    with visiting(web_browser, served_url) as page:
        panel = show(page, "today")
        expect(panel).to_contain_text("footnote ingest hf:today")
        panel.get_by_label("Day", exact=True).fill("2024-05-15")
        expect(panel.locator("#digest")).not_to_contain_text("No list yet")


def test_a_search_for_nothing_says_what_to_type(page: Page) -> None:
    search = show(page, "search")
    search.get_by_label("Search").fill("the of")
    expect(search.get_by_role("alert")).to_contain_text("ask a whole question")


def test_quality_shows_the_report_that_was_written(web_browser: Any, tmp_path: Path) -> None:
    with served(tmp_path / "new") as url, visiting(web_browser, url) as page:
        expect(page.locator("#welcome")).to_contain_text("footnote ingest sample:")
        panel = show(page, "quality")
        expect(panel).to_contain_text("No evaluation yet")
        folder = tmp_path / "new" / "evaluation"
        folder.mkdir()
        metric = {"mean": 0.5, "low": 0.25, "high": 0.75, "scored": 7, "attempted": 9}
        report = {
            "suite": "<i>bees</i>",
            "cases": 9,
            "metrics": {"recall@10": metric},
            "outcomes": {"answered": 7, "declined": 2},
            "settings": {"model": "<i>none</i>"},
        }
        (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
        page.reload()
        panel = show(page, "quality")
        expect(panel.locator("h2")).to_have_text("<i>bees</i>")
        cells = panel.locator(".figures tbody tr > *")
        expect(cells).to_have_text(["recall@10", "0.500", "0.250 to 0.750", "7 of 9"])
        expect(panel.get_by_role("link")).to_have_count(0)


def test_quality_leads_to_every_answer_that_was_judged(web_browser: Any, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "evaluation"
    folder.mkdir(parents=True)
    report = report_of(GOOD)
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / "report.html").write_text(report_page(report), encoding="utf-8")
    with served(tmp_path / "home") as url, visiting(web_browser, url) as page:
        show(page, "quality").get_by_role("link", name="Every question").click()
        expect(page.locator("h1")).to_have_text(report["suite"])
        assert page.evaluate("self.origin") == "null"
        (folder / "report.html").write_text("<h1>Hello</h1><script>1</script>", encoding="utf-8")
        page.reload()
        expect(page.locator("body")).to_contain_text("is no report")

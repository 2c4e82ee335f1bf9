"""`footnote ingest`, `watch` and `complete` with what is fetched: what scripts rely on."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.corpus import Corpus
from index.home import Home
from index.papers import Paper, Reading
from tests.arxiv_answers import Article
from tests.paper_server import NONE, PaperServer, Status, hub_row

TODAY = date(2025, 10, 30)
HEMP = "Felt of hemp lowers the noise of rain on metal roofs by 14 decibels."
CORK = "Cork on the walls of schools keeps the heat of the sun out for 7 hours."
CORK_QUESTION = "For how long does cork on the walls of schools keep the heat out?"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one paper, of which the title is known, for all commands of the test."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    with Corpus.open(Home.open(tmp_path / "home")) as corpus:
        paper = Paper(title="Hemp under roofs", abstract=HEMP, source="text")
        corpus.add([Reading(paper=paper, listing=None, origin="page", line=1)])
    return tmp_path / "home"


@pytest.fixture
def server(paper_server: PaperServer, monkeypatch: pytest.MonkeyPatch) -> PaperServer:
    """The stand-in, which commands ask; its clock is the computer's."""
    paper_server.clock.moment = datetime.now(UTC)
    paper_server.lists[TODAY] = [hub_row(1, day=TODAY, title="Cork walls", summary=CORK)]
    for name, url in paper_server.settings.items():
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("FOOTNOTE_NOW", str(TODAY))
    return paper_server


def data(ended: Any) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def check_error(ended: Any, message: str) -> None:
    assert ended.code == 1
    assert ended.out == ""
    assert re.fullmatch(r"error: [^\n]+\n\nhint: [^\n]+\n", ended.err), ended.err
    assert message in ended.err


def test_what_is_fetched_can_be_asked(home: Path, server: PaperServer, footnote: Any) -> None:
    report = data(footnote("ingest", "hf:today", "--json"))
    counts = {name: report[name] for name in ("read", "added", "updated", "unchanged", "rejected")}
    assert counts == {"read": 1, "added": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert report["papers"] == 2
    assert "7 hours" in footnote("ask", CORK_QUESTION).out
    assert data(footnote("papers", "--date", str(TODAY), "--json"))[0]["id"] == "2510.00001"


def test_files_and_what_is_fetched_may_be_mixed(
    home: Path, server: PaperServer, tmp_path: Path, footnote: Any
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"title": "Cork", "abstract": "Cork keeps heat."}), encoding="utf-8")
    report = data(footnote("ingest", file, "hf:2025-10-30", "--json"))
    assert report["added"] == 2


def test_being_offline_is_two_lines_and_what_is_stored_still_answers(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    monkeypatch.setenv("FOOTNOTE_HF_URL", url)
    for words in (("ingest", "hf:today"), ("watch", "--once"), ("complete",)):
        check_error(footnote(*words), f"`{url}` cannot be reached")
    assert data(footnote("status", "--json"))["papers"] == 1


def test_a_misspelt_name_stores_nothing_of_the_others(
    home: Path, server: PaperServer, footnote: Any
) -> None:
    ended = footnote("ingest", "hf:2025-10-30", "hf:yesteryear")
    check_error(ended, "`hf:yesteryear` is no source that Footnote knows")
    check_error(footnote("watch", "rows.jsonl"), "`rows.jsonl` is no source that Footnote knows")
    assert server.asked == []


def test_a_wrong_address_names_its_setting(
    home: Path, footnote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_ARXIV_RSS_URL", "example")
    check_error(footnote("ingest", "arxiv-rss:cs.CL"), "FOOTNOTE_ARXIV_RSS_URL is `example`")


def test_one_round_of_watching_reads_the_last_week(
    home: Path, server: PaperServer, footnote: Any
) -> None:
    ended = footnote("watch", "--once")
    assert ended.code == 0, ended.err
    assert re.fullmatch(r"\S+ \S+ hf:today: 1 added, 0 updated, 0 rejected\.\n", ended.out)
    days = {asked.query["date"] for asked in server.asked}
    assert days == {str(TODAY - timedelta(days=back)) for back in range(7)}


def test_a_round_is_one_line_of_json_for_each_source_and_fails_for_those_that_fail(
    home: Path, server: PaperServer, footnote: Any
) -> None:
    server.announced = [(Article("2510.00007", "Cork", TODAY), "new")]
    server.faults = lambda asked: Status(404) if "daily" in asked.path else NONE
    ended = footnote("watch", "--once", "--json", "hf:today", "arxiv-rss:cs.CL")
    assert ended.code == 1
    assert "HTTP 404" in ended.err
    (line,) = ended.out.splitlines()
    round_ = json.loads(line)
    assert (round_["source"], round_["added"], round_["papers"]) == ("arxiv-rss:cs.CL", 1, 2)
    assert datetime.fromisoformat(round_["at"]).tzinfo


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_watching_ends_cleanly(
    end: signal.Signals, home: Path, server: PaperServer, started: Any
) -> None:
    env = {**server.settings, "FOOTNOTE_NOW": str(TODAY)}
    process = started("watch", "hf:2025-10-30", home=home, env=env)
    first = process.stderr.readline()
    assert b"The next round is at" in first, first + process.stderr.read()
    process.send_signal(end)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"1 added" in out
    assert err.decode() == "Ended; what was stored stays stored\n"


def test_complete_finds_papers_by_their_titles_and_cards_say_what_is_unknown_until_then(
    home: Path, server: PaperServer, footnote: Any
) -> None:
    shown = footnote("show", "Hemp under roofs").out
    assert "unknown: authors and year and arXiv id" in shown
    entry = footnote("show", "Hemp under roofs", "--bibtex").out
    assert "note = {authors, year, arXiv id unknown to Footnote}" in entry
    ended = footnote("complete")
    assert ended.out == "Found 0 of 1 papers by their titles.\nOf 1 only the title is known.\n"

    server.lists[TODAY].append(hub_row(2, title="Hemp Under Roofs"))
    with Corpus.open(Home(home)) as corpus:
        corpus.connection.execute("DELETE FROM cursors")  # as if a week had passed
    report = data(footnote("complete", "--json"))
    assert (report["completed"], report["without_id"], report["papers"]) == (1, 0, 1)
    shown = footnote("show", "Hemp under roofs").out
    assert "2510.00002" in shown
    assert "Ada Owl, Bo Bee" in shown
    assert "unknown" not in shown
    entry = footnote("show", "Hemp under roofs", "--bibtex").out
    assert "author = {Ada Owl and Bo Bee}" in entry


def test_complete_without_a_corpus_is_an_error(home: Path, tmp_path: Path, footnote: Any) -> None:
    check_error(footnote("complete", "--home", tmp_path / "none"), "holds no corpus")
